"""What is too long goes: sentence by sentence, never in part, in turns."""

import pytest

from bot.domain.briefing import ListedStory, Quiet, Section
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


def test_every_story_has_its_second_sentence_before_one_has_its_third():
    fitted = fit_briefing(briefing(*[wide()] * 4), ENGLISH)
    assert shape(fitted) == [(2, 1)] * 4
    fitted = fit_briefing(briefing(*[wide()] * 4), ENGLISH, goal_units=1900)
    assert shape(fitted) == [(2, 1)] * 3 + [(2, 0)]
    fitted = fit_briefing(briefing(*[wide()] * 7), ENGLISH)
    assert shape(fitted) == [(2, 0)] * 5 + [(1, 0)] * 2
    assert fitted.stories[6].sentences[0].text.startswith("0!")


def test_what_is_not_seen_for_want_of_room_stands_first_in_the_quote():
    long = {"goal_units": TELEGRAM_LIMITS.units, "max_seen_units": 1000}
    fitted = fit_briefing(briefing(*[wide(1, 3)] * 3), ENGLISH, **long)
    assert shape(fitted) == [(2, 2), (2, 2), (1, 3)]
    for told in fitted.stories:
        assert [one.text[:2] for one in told.sentences + told.more] == ["0!", "1!", "2!", "0."]


def test_a_story_whose_opening_takes_more_than_its_share_is_listed():
    leaning = story(
        "Long", "A. " * 150, quote("B. " * 150, joins=True), story_id=7, kind="analysis", outlets=3
    )
    fitted = fit_briefing(briefing(wide(), leaning, *[wide()] * 5), ENGLISH)
    assert len(fitted.stories) == 6
    assert fitted.also == (
        ListedStory(story_id=7, title="Long", url=leaning.url, kind="analysis", outlets=3),
    )
    alone = fit_briefing(briefing(leaning), ENGLISH)
    assert shape(alone) == [(2, 0)]


@pytest.mark.parametrize("count", [1, 9])
def test_what_reports_nothing_is_listed_beside_reports(count):
    offer = story("Rent a boat", story_id=7, kind="offer", outlets=9, weight=9.0)
    listed = ListedStory(story_id=3, title="C", url="https://c.test/c")
    fitted = fit_briefing(briefing(offer, *[wide()] * count, also=(listed,)), ENGLISH)
    assert [one.kind for one in fitted.stories] == ["news"] * count
    assert [one.title for one in fitted.also] == ["Rent a boat", "C"]
    assert fit_briefing(fitted, ENGLISH) == fitted
    (first, *_) = render_briefing(fitted, ENGLISH)
    assert "Rent a boat</a> (offer)" in "".join(
        message.html for message in render_briefing(fitted, ENGLISH)
    )
    assert "Rent a boat" not in first.html.partition("\n")[0]


def test_alone_what_reports_nothing_is_told_by_its_title():
    offer = story("Rent a boat", story_id=7, kind="offer")
    fitted = fit_briefing(briefing(offer), ENGLISH)
    assert [one.title for one in fitted.stories] == ["Rent a boat"]
    assert "Rent a boat" in render_briefing(fitted, ENGLISH)[0].html


def test_where_seven_do_not_fit_those_are_listed_that_stand_last_in_their_sections():
    def told(n):
        return story(f"{n} ".ljust(200, "t"), "S" * 180, story_id=n)

    sections = (
        Section(name="A", stories=tuple(map(told, range(4)))),
        Section(name="B", stories=tuple(map(told, range(4, 7)))),
    )
    others = tuple(
        ListedStory(story_id=n, title="Other", url="https://a.test/") for n in range(10, 16)
    )
    fitted = fit_briefing(briefing(sections=sections, also=others), ENGLISH)
    assert [one.story_id for one in fitted.stories] == [0, 1, 4]
    # Of those that were listed before, all but three had yielded already.
    assert [one.story_id for one in fitted.also] == [2, 3, 5, 6]


def test_titles_that_were_listed_before_yield_down_to_three():
    others = tuple(
        ListedStory(story_id=n, title="x" * 150, url="https://a.test/") for n in range(6)
    )
    edition = briefing(*[story("T", "S" * 180)] * 6, also=others)
    for goal_units, listed in ((3000, 6), (2000, 4), (1800, 3)):
        fitted = fit_briefing(edition, ENGLISH, goal_units=goal_units)
        assert (len(fitted.stories), len(fitted.also)) == (6, listed)


def test_the_story_that_matters_most_opens_and_its_section_comes_first():
    sections = (
        Section(name="A", stories=(story("A1", "A."), story("A2", "A.", outlets=3))),
        Section(name="B", stories=()),
        Section(name="C", stories=(story("C1", "C.", outlets=2), story("C2", "C.", outlets=3))),
    )
    fitted = fit_briefing(briefing(sections=sections), ENGLISH)
    assert [one.title for one in fitted.stories] == ["A2", "A1", "C1", "C2"]
    heavy = (*sections[:2], Section(name="C", stories=(story("C1", "C.", weight=0.1),)))
    fitted = fit_briefing(briefing(sections=heavy), ENGLISH)
    assert [one.name for one in fitted.sections] == ["C", "A", "B"]


def test_an_article_that_the_fold_leaves_whole_comes_first_in_the_quote():
    long, short = quote("L" * 130 + "."), quote("S" * 90 + ".", url="https://s.test/", source="S")
    fitted = fit_briefing(briefing(story("T", "One.", more=(long, short))), ENGLISH)
    assert fitted.stories[0].more == (short, long)
    same = quote("S" * 90 + ".")
    kept = fit_briefing(briefing(story("T", "One.", more=(long, same))), ENGLISH)
    assert kept.stories[0].more == (long, same)


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("quiet", [0, 5])
def test_up_to_seven_stories_are_one_message_under_the_goal(count, quiet):
    edition = briefing(*[wide()] * count, quiet=(Quiet(name="AI", held_back=2),) * quiet)
    (units,) = visible_units(edition)
    assert units <= GOAL_UNITS
    everything = visible_units(edition, goal_units=None)
    assert len(everything) == 1 + (sum(everything) > 4096)


def test_nothing_is_left_out_in_vain_where_the_goal_is_just_met():
    edition = briefing(*[wide()] * 3)
    (units,) = visible_units(edition, goal_units=4000)
    # What the line below the title may grow by is reckoned, and an arrow as a name.
    spare = 60
    assert fit_briefing(edition, ENGLISH, goal_units=units + spare) == edition
    assert fit_briefing(edition, ENGLISH, goal_units=units - 1) != edition


def test_a_deep_briefing_tells_all_it_has():
    edition = briefing(*[wide(4, 3)] * 7)
    assert shape(fit_briefing(edition, ENGLISH, goal_units=None)) == [(3, 4)] * 7
    assert len(visible_units(edition, goal_units=None)) == 3


def test_more_than_seven_stories_were_asked_for_and_are_all_told():
    edition = briefing(*[wide()] * 8)
    fitted = fit_briefing(edition, ENGLISH, max_seen_units=GOAL_UNITS)
    assert shape(fitted) == [(2, 2)] * 5 + [(1, 3)] * 3
    long = briefing(*[wide(2, 3)] * 14)
    fitted = fit_briefing(long, ENGLISH, max_seen_units=GOAL_UNITS)
    assert {len(told.sentences) + len(told.more) for told in fitted.stories} == {5}
    seen = sum(len(one.text) for told in fitted.stories for one in told.sentences)
    assert 3000 < seen < 4000


def test_a_sentence_no_message_can_hold_is_left_to_the_link():
    edition = briefing(story("T", "word " * 1000 + ".", "Short one.", more=(quote("x" * 4000),)))
    (fitted,) = fit_briefing(edition, ENGLISH).stories
    assert [one.text for one in fitted.sentences] == ["Short one."]
    assert fitted.more == ()
    alone = render_briefing(briefing(story("T", "word " * 1000 + ".")), ENGLISH)
    assert ">euronews.test</a>" in alone[0].html
    more = (quote("w " * 1900 + "."), quote("Last."))
    edition = briefing(story("T", "One.", "Two.", more=more))
    (fitted,) = fit_briefing(edition, ENGLISH).stories
    assert [one.text for one in fitted.more] == ["Last."]


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
        (message,) = render_briefing(edition, ENGLISH, goal_units=None)
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
    assert [(one.name, len(one.stories)) for one in fitted.sections] == [
        ("A", 2),
        ("C", 3),
        ("B", 0),
    ]
    assert "\nB\n" not in render_briefing(fitted, ENGLISH)[0].html


def test_many_notices_leave_the_stories_their_share_and_go_to_a_message_of_their_own():
    notices = (Reason("retired-setting", {"value": "wide " * 60}),) * 12
    edition = briefing(*[wide()] * 3, notices=notices)
    assert shape(fit_briefing(edition, ENGLISH)) == [(1, 0)] * 3
    units = visible_units(edition, goal_units=TELEGRAM_LIMITS.units)
    assert len(units) == 2
    assert max(units) <= TELEGRAM_LIMITS.units
