"""Whatever a briefing holds, it ends in messages that Telegram takes."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.briefing import Briefing, BriefingStory, Quotation, Section
from bot.render import fit_briefing, render_briefing
from bot.render.limits import utf16_units
from bot.render.parts import split
from bot.texts import texts_for
from tests.fakes.briefings import briefings
from tests.fakes.tdlib import parse_html

HOSTILE = Path(__file__).parents[2] / ".." / "shared" / "data" / "hostile" / "briefings.jsonl"
languages = st.sampled_from(["en", "de", "en-US"])

any_briefing = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def parsed(messages):
    """Return what Telegram reads in ``messages``; fails on what it would refuse."""
    result = [parse_html(message.html) for message in messages]
    for text, entities in result:
        assert 0 < utf16_units(text.strip()) <= 4096
        assert len(entities) <= 100
        assert sum(map(len, links(entities))) + 12 * len(entities) <= 8000
    for message in messages:
        assert 0 < utf16_units(message.plain) <= 4096
        message.plain.encode()
    return result


def links(entities):
    return [one["type"]["url"] for one in entities if "url" in one["type"]]


every_option = given(
    briefing=briefings,
    language=languages,
    options=st.fixed_dictionaries({"goal_units": st.integers(0, 5000)}),
)


@any_briefing
@every_option
def test_every_message_is_taken_by_telegram(briefing, language, options):
    is_taken(briefing, texts_for(language), options)


@pytest.mark.slow
@settings(any_briefing, max_examples=1000)
@every_option
def test_every_message_of_a_thousand_briefings_is_taken(briefing, language, options):
    is_taken(briefing, texts_for(language), options)


def is_taken(briefing, texts, options):
    messages = render_briefing(briefing, texts, **options)
    for message, (text, entities) in zip(messages, parsed(messages), strict=True):
        assert all(re.match("https?://", url) for url in links(entities))
        assert len(links(entities)) == message.html.count("<a href=")
        assert not re.search("[\u202a-\u202e\ud800-\udfff\0]", text)
    if briefing.sample:
        assert all("SAMPLE" in "".join(text.split("\n")[:3]) for text, _ in parsed(messages))


@any_briefing
@given(briefing=briefings, language=languages)
def test_what_is_counted_is_what_telegram_counts(briefing, language):
    texts = texts_for(language)
    messages = render_briefing(briefing, texts)
    fitted = fit_briefing(briefing, texts)
    for message, part in zip(messages, split(fitted, texts), strict=True):
        text, entities = parse_html(message.html)
        assert utf16_units(text) <= part.size.units
        spared = 5 * len(fitted.stories)  # links of outlets that are not quoted, up to five each
        assert len(entities) <= min(100, part.size.entities + spared)
        assert part.size.entity_bytes <= 8000


@any_briefing
@given(briefing=briefings, goal=st.integers(0, 5000))
def test_every_sentence_shown_is_verbatim_and_whole(briefing, goal):
    texts = texts_for("en")
    shown = "\n".join(text for text, _ in parsed(render_briefing(briefing, texts, goal_units=goal)))
    fitted = fit_briefing(briefing, texts, goal_units=goal)
    given_ = {id_of(quotation) for story in briefing.stories for quotation in said(story)}
    for story in fitted.stories:
        for quotation in said(story):
            assert id_of(quotation) in given_
            assert as_read(quotation.text) in as_read(shown)


@any_briefing
@given(briefing=briefings, goal=st.none() | st.integers(0, 5000))
def test_fitting_twice_changes_nothing(briefing, goal):
    texts = texts_for("en")
    fitted = fit_briefing(briefing, texts, goal_units=goal)
    assert fit_briefing(fitted, texts, goal_units=goal) == fitted


def said(story):
    return (*story.sentences, *story.more)


def id_of(quotation):
    return quotation.text, quotation.url, quotation.source


def as_read(text):
    """Return ``text`` as compared: no white space, and nothing that cannot be seen."""
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return "".join(one for one in text if one.isprintable() and one != " ")


def hostile_cases():
    if not HOSTILE.exists():
        return []
    lines = HOSTILE.read_text("utf-8").splitlines()
    return [pytest.param(json.loads(line), id=json.loads(line)["name"]) for line in lines]


@pytest.mark.skipif(not HOSTILE.exists(), reason="the hostile briefings are not on this machine")
@pytest.mark.parametrize("case", hostile_cases())
def test_known_attacks_are_shown_as_text(case):
    messages = render_briefing(told(case["articles"]), texts_for("en"))
    read = parsed(messages)
    everything = "\n".join([text for text, _ in read] + [u for _, es in read for u in links(es)])
    for part in case["must_appear"]:
        assert part in everything
        assert any(part in message.plain for message in messages)
    for part in case["must_not_appear"]:
        assert part not in everything
        assert all(part not in message.plain for message in messages)


def told(articles):
    day = date(2025, 6, 5)
    stories = tuple(
        BriefingStory(
            story_id=n,
            title=article["title"],
            url=article["url"],
            sentences=tuple(
                Quotation(text=text, url=article["url"], source=article["source"], dated_at=day)
                for text in article["summary"]
            ),
        )
        for n, article in enumerate(articles)
    )
    sections = (Section(name="Topic", stories=stories),)
    return Briefing(local_date=day, zone="Europe/Berlin", sections=sections)
