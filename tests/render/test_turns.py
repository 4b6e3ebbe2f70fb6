"""Room is dealt in turns: what any ordinary morning shows before a tap, and in its quotes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.render import GOAL_UNITS, fit_briefing, render_edition
from bot.render.limits import TELEGRAM_LIMITS, utf16_units
from bot.render.story import passages_of
from bot.texts import texts_for
from tests.fakes import briefings
from tests.fakes.briefings import ordinary_briefings
from tests.fakes.tdlib import parse_html

ENGLISH = texts_for("en")
# As a room of the usual length has it.
USUAL = {"goal_units": TELEGRAM_LIMITS.units, "max_seen_units": GOAL_UNITS}
ordinary = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
QUOTE = "textEntityTypeExpandableBlockQuote"


def fit(edition):
    return fit_briefing(edition, ENGLISH, **USUAL)


def said(story):
    return (*story.sentences, *story.more)


def seen_units(message):
    text, entities = parse_html(message.html)
    folded = sum(one["length"] for one in entities if one["type"]["@type"] == QUOTE)
    return utf16_units(text) - folded


@ordinary
@given(edition=ordinary_briefings())
def test_a_morning_is_one_message_and_two_thousand_units_are_seen_at_once(edition):
    rendered = render_edition(edition, ENGLISH, **USUAL)
    (message,) = rendered.messages
    assert seen_units(message) <= GOAL_UNITS
    assert len(rendered.briefing.also) <= 6
    assert all(story.sentences for story in rendered.briefing.stories)


@ordinary
@given(edition=ordinary_briefings())
def test_every_story_has_its_second_sentence_before_any_has_its_fourth(edition):
    given_ = {story.story_id: story for story in edition.stories}
    fitted = fit(edition)
    # A passage that leans is dealt whole: a story's second may reach beyond the third sentence.
    opens = {n: sum(map(len, [*passages_of(said(story))][:2])) for n, story in given_.items()}
    if any(len(said(story)) > max(3, opens[story.story_id]) for story in fitted.stories):
        for story in fitted.stories:
            assert len(said(story)) >= min(2, len(said(given_[story.story_id])))


@ordinary
@given(edition=ordinary_briefings(max_stories=10), goal=st.none() | st.integers(300, 4096))
def test_what_leans_on_another_sentence_is_told_with_it_and_where_it_stood(edition, goal):
    fitted = fit_briefing(edition, ENGLISH, goal_units=goal, max_seen_units=goal)
    given_ = {story.story_id: [*passages_of(said(story))] for story in edition.stories}
    for story in fitted.stories:
        passages = [*passages_of(story.sentences), *passages_of(story.more)]
        opening, *others = passages or [()]
        # Of one that is longer than the briefing may be stands the beginning.
        whole = next((p for p in given_[story.story_id] if p[: len(opening)] == opening), None)
        assert whole is not None
        passages = [whole, *others]
        assert all(passage in given_[story.story_id] for passage in passages)
        for outlet in {quotation.url for quotation in said(story)}:
            places = [given_[story.story_id].index(p) for p in passages if p[0].url == outlet]
            assert places == sorted(places)  # as the article has them
        shown = [*passages_of(story.sentences)]
        seen = [given_[story.story_id].index(p) for p in (whole, *shown[1:])]
        assert seen == sorted(seen)


@ordinary
@given(edition=ordinary_briefings())
def test_every_sentence_is_followed_by_its_source_before_another_speaks(edition):
    (message,) = render_edition(edition, ENGLISH, **USUAL).messages
    text, entities = parse_html(message.html)
    raw = text.encode("utf-16-le")
    links = [
        (one["offset"], raw[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode(
            "utf-16-le"), one["type"]["url"])
        for one in entities
        if "url" in one["type"]
    ]  # fmt: skip
    for story in fit(edition).stories:
        for quotation in said(story):
            end = raw.find(quotation.text.encode("utf-16-le")) // 2 + utf16_units(quotation.text)
            _, label, url = next(link for link in links if link[0] >= end)
            assert url.split("#")[0] == quotation.url
            assert label in (quotation.source, "↗")


@ordinary
@given(edition=ordinary_briefings())
def test_nothing_is_lost_but_what_the_list_has_no_place_for(edition):
    fitted = fit(edition)
    listed = [title.story_id for title in fitted.also]
    told = [story.story_id for story in fitted.stories]
    assert len(set(told + listed)) == len(told + listed)
    lost = {story.story_id for story in edition.stories} - {*told, *listed}
    assert not lost or len(listed) == 6


@ordinary
@given(edition=ordinary_briefings())
def test_the_story_that_most_outlets_report_opens_the_briefing(edition):
    told = fit(edition).stories
    assert told[0].outlets == max(story.outlets for story in told)


@ordinary
@given(edition=ordinary_briefings(max_stories=12))
def test_a_deep_briefing_leaves_no_sentence_out_and_splits_between_stories(edition):
    rendered = render_edition(edition, ENGLISH, goal_units=None)
    told = {story.story_id: set(said(story)) for story in rendered.briefing.stories}
    assert told == {story.story_id: set(said(story)) for story in edition.stories}
    for message in rendered.messages:
        text, entities = parse_html(message.html)
        assert utf16_units(text) <= 4096
        assert len(entities) <= 100


@pytest.mark.parametrize("count", [8, 14])
def test_more_stories_than_seven_are_all_told(count):
    @settings(ordinary, max_examples=10)
    @given(edition=ordinary_briefings(max_stories=count))
    def check(edition):
        if len(edition.stories) > 7:
            assert len(fit(edition).stories) == len(edition.stories)

    check()


def test_a_passage_longer_than_a_briefing_is_told_as_far_as_it_fits():
    said = [briefings.quote(f"It goes on {n} " + "x" * 300 + ".", joins=n > 0) for n in range(8)]
    lone = briefings.briefing(briefings.story("A title", *said[:3], more=tuple(said[3:])))
    (message,) = render_edition(lone, ENGLISH, **USUAL).messages
    assert seen_units(message) <= GOAL_UNITS
    (told,) = fit(lone).stories
    assert told.sentences == tuple(said[:6])
    assert not told.more
