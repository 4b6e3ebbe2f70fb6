"""What an edition said, as it is stored: nothing is lost, and publishers' words are not in it."""

import json
import zlib
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.article import Article
from bot.domain.briefing import (
    Briefing,
    BriefingStory,
    ListedStory,
    OtherReport,
    Quiet,
    Quotation,
    Section,
)
from bot.domain.content import dump_content, load_content, plain_content, text_ids, with_words
from bot.reasons import Reason
from tests.fakes.briefings import TODAY, briefings

DAM = "The Orun dam is full. Its gates were opened on Thursday. Boats may pass from Monday."
GONE = "This sentence is no longer stored."
DAY = date(2025, 6, 4)
AT = datetime(2025, 6, 6, 5, 30, tzinfo=UTC)


def article(text=DAM, **values):
    usual = {
        "url": "https://orun.test/dam",
        "title": "Orun dam is full",
        "source": "Orun Courier",
        "language": "en",
        "published_at": datetime(2025, 6, 4, 23, 30, tzinfo=UTC),
        "seen_at": datetime(2025, 6, 5, 1, 0, tzinfo=UTC),
    }
    return Article(**(usual | {"text": text} | values))


def place(number, start, end, source=None, **values):
    """Return a quotation of ``source``, whose text has an id."""
    source = source or article()
    return Quotation(
        text=source.text[start:end],
        url=source.url,
        source=source.source,
        dated_at=date(2025, 6, 5),  # in Berlin
        text_id=number,
        start=start,
        end=end,
        **values,
    )


# Each field of each value has something else than its default.
FULL = Briefing(
    local_date=date(2025, 6, 5),
    zone="Europe/Berlin",
    sections=(
        Section(
            name="Nordkorea",
            stories=(
                BriefingStory(
                    story_id=5,
                    title="Orun dam is full",
                    url="https://orun.test/dam",
                    sentences=(place(7, 0, 21),),
                    more=(place(7, 22, 57),),
                    outlets=3,
                    countries=2,
                    state_run=("Lorvia State Radio",),
                    updated_since=DAY,
                    source="Orun Courier",
                    dated_at=DAY,
                    kind="live",
                    also_in=(
                        OtherReport(
                            source="Harbour Post",
                            url="https://harbour.test/dam",
                            is_state_run=True,
                            is_paywalled=True,
                            text_id=11,
                        ),
                    ),
                    is_paywalled=True,
                    told_before=place(7, 58, 84, joins=True, is_state_run=True, is_paywalled=True),
                    weight=1.5,
                    text_id=7,
                    coverage=(1, 4, 9),
                    match=0.75,
                ),
            ),
            own_words=True,
            sign="🌍",
            see=(3,),
            key="q:dam",
            held_back=2,
        ),
    ),
    quiet=(
        Quiet(
            name="Energy",
            held_back=1,
            failed_sources=("Harbour Post",),
            reason=Reason("no-sources", {"names": ("a", "b"), "n": 2}),
            see=(4,),
            key="energy",
        ),
    ),
    next_at=AT,
    late_since=AT,
    catch_up_since=DAY,
    sample=True,
    notices=(Reason("retired-method", {"value": "x"}),),
    left_out=(Reason("story-broken", {"story": 1, "why": Reason("late")}),),
    also=(
        ListedStory(
            story_id=6,
            title="Trams of Pellworth",
            url="https://meridian.test/trams",
            kind="opinion",
            outlets=2,
            text_id=8,
        ),
    ),
    top_titles=(("Ferry of Corrin returns", "https://public.test/ferry"),),
)
ARTICLES = {
    7: article(),
    8: article("", title="Trams of Pellworth", url="https://meridian.test/trams"),
    11: article("", url="https://harbour.test/dam", source="Harbour Post"),
}


def again(briefing, articles=ARTICLES):
    return with_words(load_content(dump_content(briefing)), articles, gone=GONE)


def values_in(value):
    """Yield every value with fields in a briefing."""
    if isinstance(value, tuple):
        for item in value:
            yield from values_in(item)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from values_in(getattr(value, field.name))


def test_nothing_that_an_edition_said_is_lost():
    assert again(FULL) == FULL


def test_the_test_above_knows_every_field_that_there_is():
    unset = {
        f"{type(value).__name__}.{field.name}"
        for value in values_in(FULL)
        if not isinstance(value, Reason)
        for field in fields(value)
        if field.default is not MISSING and getattr(value, field.name) == field.default
    }
    # Of a sentence at the beginning of its text, that nothing marks.
    marks = ("start", "joins", "is_state_run", "is_paywalled")
    assert unset == {f"Quotation.{name}" for name in marks}
    marked = FULL.stories[0].told_before
    assert all((marked.start, marked.joins, marked.is_state_run, marked.is_paywalled))


@given(briefings)
def test_what_names_no_text_is_stored_as_it_is_whatever_it_holds(briefing):
    assert load_content(dump_content(briefing)) == briefing


@given(
    places=st.lists(
        st.tuples(st.sampled_from([7, 9]), st.integers(0, len(DAM)), st.integers(0, 40)),
        max_size=8,
    )
)
def test_places_come_back_as_the_words_that_stood_there(places):
    quotations = tuple(place(number, start, start + chars) for number, start, chars in places)
    (section,) = FULL.sections
    story = replace(section.stories[0], sentences=quotations[:3], more=quotations[3:])
    briefing = replace(FULL, sections=(replace(section, stories=(story,)),))
    assert again(briefing, ARTICLES | {9: article()}) == briefing
    assert text_ids(briefing) == {7, 8, 11, *(number for number, _, _ in places)}


def test_no_word_of_a_publisher_is_stored():
    stored = json.dumps(plain_content(FULL))
    for words in ("Orun", "gates", "Courier", "Trams", "https://harbour"):
        assert words not in stored
    # But for the titles of the day, of a briefing without stories.
    assert stored.count("https://") == 1
    assert "Nordkorea" in stored
    assert zlib.decompress(dump_content(FULL)).decode() == f"[1,{compact(plain_content(FULL))}]"


def compact(plain):
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def test_where_a_text_is_gone_its_sentences_say_so_and_its_titles_are_empty():
    found = again(FULL, {})
    (story,) = found.stories
    assert [one.text for one in (*story.sentences, *story.more)] == [GONE, GONE]
    assert {(one.url, one.source, one.dated_at) for one in story.sentences} == {
        ("", "", FULL.local_date)
    }
    assert (story.title, story.url, story.source, story.also_in) == ("", "", "", ())
    assert story.told_before.text == GONE
    assert [(one.title, one.url) for one in found.also] == [("", "")]
    # Our own words are there still.
    assert (found.sections[0].name, found.quiet, found.next_at) == ("Nordkorea", FULL.quiet, AT)


def test_what_the_first_version_wrote_is_read_for_ever():
    written = """[1,{"local_date":"2025-06-05","zone":"Europe/Berlin","sections":[{"name":"Energy",
        "stories":[{"story_id":5,"sentences":[[7,0,21]],"more":[[7,22,35]],"outlets":3,
        "updated_since":"2025-06-04","text_id":7,"coverage":[1,4,9],"match":0.75,"weight":1.5}],
        "key":"energy","held_back":2}],
        "quiet":[{"name":"Space","reason":["no-sources",{"names":["a","b"]}]}],
        "next_at":"2025-06-06T05:30:00+00:00","also":[{"story_id":6,"kind":"opinion","text_id":8}],
        "of_a_later_version":{"x":[1]}}]"""
    found = load_content(zlib.compress(written.encode()))
    (story,) = found.stories
    assert with_words(found, ARTICLES, gone=GONE).stories == (
        BriefingStory(
            story_id=5,
            title="Orun dam is full",
            url="https://orun.test/dam",
            source="Orun Courier",
            sentences=(place(7, 0, 21),),
            more=(place(7, 22, 57),),
            outlets=3,
            updated_since=DAY,
            text_id=7,
            coverage=(1, 4, 9),
            match=0.75,
            weight=1.5,
        ),
    )
    assert (story.text_id, story.sentences[0].dated_at) == (7, TODAY)
    assert found.quiet == (Quiet(name="Space", reason=Reason("no-sources", {"names": ("a", "b")})),)
    assert (found.next_at, found.sample, found.sections[0].held_back) == (AT, False, 2)
    assert found.also == (ListedStory(story_id=6, title="", url="", kind="opinion", text_id=8),)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zlib",
        zlib.compress(b"\xff"),
        *(
            zlib.compress(text.encode())
            for text in (
                *("", "null", "[1]", "[1, null]", "[1, {}]", "[1, []]", "{}", "[" * 100_000),
                '[2, {"local_date": "2025-06-05", "zone": "UTC", "sections": []}]',
                '[1, {"local_date": "today", "zone": "UTC", "sections": []}]',
                '[1, {"local_date": 5, "zone": "UTC", "sections": []}]',
                '[1, {"local_date": "2025-06-05", "zone": "UTC", "sections": 5}]',
                '[1, {"local_date": "2025-06-05", "zone": "UTC", "sections": [[7, 0]]}]',
                '[1, {"local_date": "2025-06-05", "zone": "UTC", "sections": [],'
                ' "notices": [["x"]]}]',
            )
        ),
    ],
)
def test_what_is_no_content_is_said_to_be_none(data):
    with pytest.raises(ValueError, match=r"."):
        load_content(data)


def test_a_value_that_no_briefing_has_is_refused():
    with pytest.raises(TypeError):
        dump_content(replace(FULL, next_at=frozenset()))


def test_seven_stories_of_three_sentences_take_less_than_a_kilobyte_and_a_half():
    random = Random(13)
    names = ("Artificial intelligence", "North Korea", "Climate", "rare earths of the north")

    def near(number):
        return number + random.randrange(3_000)

    def told():
        article_id = random.randrange(1_000_000, 2_000_000)  # as those of a year
        starts = [(near(article_id), random.randrange(4_000)) for _ in range(3)]
        places = [place(number, at, at + random.randrange(60, 250)) for number, at in starts]
        return BriefingStory(
            story_id=random.randrange(1_000_000),
            title="Orun dam is full",
            url="https://orun.test/dam",
            sentences=tuple(places[:2]),
            more=tuple(places[2:]),
            outlets=20,
            countries=5,
            state_run=("Lorvia State Radio",),
            also_in=tuple(
                OtherReport(source="x", url="x", text_id=near(article_id)) for _ in range(8)
            ),
            updated_since=DAY,
            told_before=place(near(article_id), 0, 120),
            source="Orun Courier",
            dated_at=TODAY,
            text_id=places[0].text_id,
            coverage=tuple(near(article_id) for _ in range(12)),
            match=round(random.random(), 3),
            weight=round(random.random(), 3),
        )

    stories = tuple(told() for _ in range(7))
    also = tuple(
        ListedStory(story_id=random.randrange(10**6), title="x", url="x", text_id=near(10**6))
        for _ in range(6)
    )
    sections = tuple(
        Section(name=name, key=name.lower(), stories=stories[2 * n : 2 * n + 2])
        for n, name in enumerate(names)
    )
    size = len(dump_content(replace(FULL, sections=sections, also=also, top_titles=())))
    assert 1_000 < size <= 1_500, size
