"""What is too long goes: sentence by sentence, never in part, the last stories first."""

import pytest

from bot.domain.briefing import Quiet, Section
from bot.reasons import Reason
from bot.render import GOAL_UNITS, fit_briefing, render_briefing
from bot.render.limits import TELEGRAM_LIMITS, utf16_units
from bot.texts import texts_for
from tests.fakes.briefings import briefing, quote, story
from tests.fakes.tdlib import parse_html

ENGLISH = texts_for("en")
SENTENCE = "The harbour was closed for " + "a long while and " * 6 + "then opened again."


def wide(more=2, told=2):
    quotations = tuple(quote(f"{n}. {SENTENCE}") for n in range(more))
    return story("T", *(f"{n}! {SENTENCE}" for n in range(told)), more=quotations)


def shape(fitted):
    return [(len(one.sentences), len(one.more)) for one in fitted.stories]


def visible_units(edition, **options):
    messages = render_briefing(edition, ENGLISH, **options)
    return [utf16_units(parse_html(message.html)[0]) for message in messages]


def test_a_short_briefing_stays_as_it_is():
    edition = briefing(wide(), wide())
    assert fit_briefing(edition, ENGLISH) == edition


def test_the_quotes_of_the_last_stories_go_first():
    fitted = fit_briefing(briefing(*[wide()] * 4), ENGLISH)
    assert shape(fitted) == [(2, 2), (2, 1), (2, 0), (2, 0)]
    assert fitted.stories[1].more[0].text.startswith("0.")


def test_then_all_but_one_sentence_of_the_last_stories():
    fitted = fit_briefing(briefing(*[wide()] * 7), ENGLISH)
    assert shape(fitted) == [(2, 0)] * 4 + [(1, 0)] * 3
    assert fitted.stories[6].sentences[0].text.startswith("0!")


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("quiet", [0, 5])
def test_up_to_seven_stories_are_one_message_under_the_goal(count, quiet):
    edition = briefing(*[wide()] * count, quiet=(Quiet(name="AI", held_back=2),) * quiet)
    (units,) = visible_units(edition)
    assert units <= GOAL_UNITS
    everything = visible_units(edition, goal_units=10**6)
    assert len(everything) == 1 + (sum(everything) > 4096)


def test_nothing_is_left_out_in_vain_where_the_goal_is_just_met():
    edition = briefing(*[wide()] * 3)
    (units,) = visible_units(edition, goal_units=4000)
    # The head is reckoned at its longest, 35 units; this one has 33.
    assert fit_briefing(edition, ENGLISH, goal_units=units + 2) == edition
    assert fit_briefing(edition, ENGLISH, goal_units=units + 1) != edition


def test_a_deep_briefing_may_fill_its_message():
    edition = briefing(*[wide()] * 5)
    assert shape(fit_briefing(edition, ENGLISH, goal_units=TELEGRAM_LIMITS.units)) == [(2, 2)] * 5
    (units,) = visible_units(briefing(*[wide(4, 3)] * 7), goal_units=TELEGRAM_LIMITS.units)
    assert 3800 < units <= 4096


def test_more_than_seven_stories_were_asked_for_and_stay_whole():
    edition = briefing(*[wide()] * 8)
    assert fit_briefing(edition, ENGLISH) == edition
    assert sum(visible_units(edition)) > GOAL_UNITS


def test_a_sentence_no_message_can_hold_is_left_to_the_link():
    edition = briefing(story("T", "word " * 1000 + ".", "Short one.", more=(quote("x" * 4000),)))
    (fitted,) = fit_briefing(edition, ENGLISH).stories
    assert [one.text for one in fitted.sentences] == ["Short one."]
    assert fitted.more == ()
    alone = render_briefing(briefing(story("T", "word " * 1000 + ".")), ENGLISH)
    assert ">euronews.test</a>" in alone[0].html


def test_a_sentence_that_fills_a_message_is_shown_whole():
    sentence = "x" * 3600
    (message,) = render_briefing(briefing(story("T", sentence)), ENGLISH)
    assert sentence in message.html


def test_a_sentence_of_nothing_visible_is_left_out():
    edition = briefing(story("T", "\u202e \0", "Seen.", more=(quote(" "),)))
    assert shape(fit_briefing(edition, ENGLISH)) == [(1, 0)]


def test_a_story_of_hundreds_of_links_stays_within_the_entities():
    edition = briefing(story("T", *(quote("Ha.", url=f"http://a.test/{n}") for n in range(300))))
    (message,) = render_briefing(edition, ENGLISH, goal_units=4096)
    assert 95 < len(parse_html(message.html)[1]) <= 100


def test_the_addresses_of_links_are_limited_in_all():
    url = "http://news.test/" + "a" * 1900
    edition = briefing(story("T", *(quote("Ha.", url=url + str(n)) for n in range(9))))
    (message,) = render_briefing(edition, ENGLISH)
    assert message.html.count("http://news.test/") == 4


def test_links_point_to_sentences_as_long_as_there_is_room():
    def pointing(count):
        url = "http://news.test/" + "a" * 600
        quotes = tuple(quote(f"{n}. {SENTENCE}", url=url) for n in range(count))
        edition = briefing(story("T", f"0! {SENTENCE}", more=quotes))
        (message,) = render_briefing(edition, ENGLISH, goal_units=4000)
        told, more = message.html.split("<blockquote expandable>")
        return [(one.count(":~:text="), one.count("href=")) for one in (told, more)]

    assert pointing(8) == [(1, 1), (8, 8)]
    assert pointing(11) == [(1, 1), (0, 11)]


def test_links_without_room_to_point_lead_to_the_page():
    sentences = [quote(SENTENCE, url=f"http://a.test/{n}/".ljust(1930, "a")) for n in range(4)]
    (message,) = render_briefing(briefing(story("T", *sentences)), ENGLISH)
    assert message.html.count("href=") == 4
    assert ":~:text=" not in message.html


def test_sections_keep_their_stories_and_empty_ones_stay():
    sections = (
        Section(name="A", stories=(wide(),) * 2),
        Section(name="B", stories=()),
        Section(name="C", stories=(wide(),) * 3),
    )
    fitted = fit_briefing(briefing(sections=sections), ENGLISH)
    assert [len(section.stories) for section in fitted.sections] == [2, 0, 3]
    assert "<b>B</b>" not in render_briefing(fitted, ENGLISH)[0].html


def test_a_story_leaves_room_for_all_the_notices_above_it():
    notices = (Reason("retired-setting", {"value": "wide " * 60}),) * 6
    long = story("T", *[f"{n}. {SENTENCE}" for n in range(40)])
    edition = briefing(long, *[story("T")] * 7, notices=notices)
    units = visible_units(edition, goal_units=TELEGRAM_LIMITS.units)
    assert max(units) <= TELEGRAM_LIMITS.units
