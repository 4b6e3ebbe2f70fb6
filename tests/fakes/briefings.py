"""Briefings to render: built by hand (``briefing``), and any that Hypothesis can think of."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from bot.domain.briefing import Briefing, BriefingStory, Quiet, Quotation, Section

TODAY = date(2025, 6, 5)

# What a hostile publisher writes: markup, entities, control and direction characters,
# lone surrogates, emoji that are several code points, and letters of many scripts.
_NASTY = st.sampled_from(
    [
        "<b>", "</b>", '<a href="http://evil.test">', "</blockquote>", "<", ">", "&", "&amp;",
        "&#0;", "&#xd800;", '"', "'", "\0", "\x1b", "\n", "\r\n", "\u2028", "\u202e", "\u202c",
        "\u2066", "\u2067", "\u2068", "\u2069", "\u200f", "\ufeff", "\ud83d", "\udc00", "👨‍👩‍👧",
        "👍🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u0301", "한국", "朝鮮、", "كو", "http://x.test/", "@someone", " ", "word",
    ]
)  # fmt: skip
hostile_text = st.one_of(
    st.text(max_size=60),
    st.lists(_NASTY, max_size=40).map("".join),
    st.tuples(_NASTY, st.integers(1, 6000)).map(lambda pair: (pair[0] * pair[1])[:6000]),
)
hostile_url = st.one_of(
    st.sampled_from(
        [
            "http://news.test/1", "https://news.test/ü?a=1&b=2#here", "javascript:alert(1)", "",
            "http://news.test/" + "a" * 1900, "http://[::1", "tg://resolve?domain=evil",
            "http://a:b@c.test/", 'http://news.test/"><b>', "http://news.test/\ud800",
        ]
    ),
    st.text(max_size=40).map("http://news.test/".__add__),
    hostile_text,
)  # fmt: skip
_days = st.dates(date(1970, 1, 2), date(9998, 1, 1))
_instants = st.builds(datetime.fromtimestamp, st.integers(200_000, 253_000_000_000), st.just(UTC))
quotations = st.builds(
    Quotation, text=hostile_text, url=hostile_url, source=hostile_text, dated_at=_days
)
_few = st.lists(quotations, max_size=4).map(tuple)
stories = st.builds(
    BriefingStory,
    story_id=st.integers(0),
    title=hostile_text,
    url=hostile_url,
    sentences=_few,
    more=_few,
    outlets=st.integers(0, 10**9),
    countries=st.integers(0, 200),
    state_run=st.lists(hostile_text, max_size=5).map(tuple),
    updated_since=st.none() | _days,
)
sections = st.builds(
    Section,
    name=hostile_text,
    stories=st.lists(stories, max_size=4).map(tuple),
    own_words=st.booleans(),
)
quiet_topics = st.builds(
    Quiet,
    name=hostile_text,
    held_back=st.integers(0, 10**6),
    failed_sources=st.lists(hostile_text, max_size=5).map(tuple),
)
briefings = st.builds(
    Briefing,
    local_date=_days,
    zone=st.timezone_keys(),
    sections=st.lists(sections, max_size=5).map(tuple),
    quiet=st.lists(quiet_topics, max_size=4).map(tuple),
    next_at=st.none() | _instants,
    late_since=st.none() | _instants,
    catch_up_since=st.none() | _days,
    sample=st.booleans(),
)


def quote(text, url="https://euronews.test/kim", source="Euronews", dated_at=TODAY):
    return Quotation(text=text, url=url, source=source, dated_at=dated_at)


def story(title="A title", *sentences, **fields):
    told = tuple(
        quote(sentence) if isinstance(sentence, str) else sentence for sentence in sentences
    )
    values = {"story_id": 1, "url": "https://euronews.test/kim", "sentences": told} | fields
    return BriefingStory(title=title, **values)


def briefing(*stories, **fields):
    values = {"local_date": TODAY, "zone": "Europe/Berlin"} | fields
    if stories:
        values["sections"] = (Section(name="North Korea", stories=stories),)
    return Briefing(**{"sections": ()} | values)
