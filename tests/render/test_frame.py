"""What stands around the stories: notices, topics without news, what was left out, the end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.briefing import Quiet, Section
from bot.reasons import Reason
from bot.render import render_briefing
from bot.render.frame import section_line
from bot.render.limits import Size
from bot.texts import texts_for
from tests.fakes.briefings import TODAY, briefing, story

ENGLISH = texts_for("en")
MORNING = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)


def lines(*stories, **fields):
    """Return the lines of the one message of a briefing, blank ones left out."""
    (message,) = render_briefing(briefing(*stories, **fields), ENGLISH)
    return [line for line in message.plain.split("\n") if line]


def html(*stories, **fields):
    (message,) = render_briefing(briefing(*stories, **fields), ENGLISH)
    return message.html


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Dams: nothing new"),
        ({"held_back": 1}, "Dams: nothing new (1 repeat held back)"),
        ({"held_back": 2}, "Dams: nothing new (2 repeats held back)"),
        ({"failed_sources": ("A",)}, "Dams: nothing new (could not reach A)"),
        ({"failed_sources": tuple("ABC")}, "Dams: nothing new (could not reach A, B and C)"),
        (
            {"failed_sources": tuple("ABCD")},
            "Dams: nothing new (could not reach A, B, C and 1 more)",
        ),
        (
            {"failed_sources": tuple("ABCDE"), "held_back": 3},
            "Dams: nothing new (3 repeats held back; could not reach A, B, C and 2 more)",
        ),
        ({"reason": Reason("retired-topic"), "held_back": 3}, None),
    ],
)
def test_a_quiet_topic_is_a_line_with_what_kept_it_so(fields, line):
    said = lines(quiet=(Quiet(name="Dams", **fields),))[1]
    assert said == (line or "Dams: no topic any more. /topics shows what there is")


def test_a_topics_name_has_a_hundred_units_at_most_and_a_notice_three_hundred():
    (_, quiet, _) = lines(quiet=(Quiet(name="x" * 101),))
    assert quiet == f"{'x' * 99}…: nothing new"
    (_, quiet, _) = lines(quiet=(Quiet(name="x" * 100),))
    assert quiet == f"{'x' * 100}: nothing new"
    setup = Reason("setup", {"text": "y" * 301})
    (_, quiet, _) = lines(quiet=(Quiet(name="x", reason=setup),))
    assert quiet == f"x: {'y' * 299}…"
    notices = (Reason("setup", {"text": "y" * 300}), setup)
    assert lines(notices=notices)[1:3] == ["y" * 300, f"{'y' * 299}…"]


def test_a_section_of_own_words_says_so():
    sections = (Section(name="dam river", stories=(story("T", "One."),), own_words=True),)
    assert "Your words: “dam river”" in lines(sections=sections)


def test_a_day_without_anything_says_so():
    assert lines() == ["☀️ Thu 5 June · nothing new", "Nothing new in your topics.", "That's all."]
    assert "Nothing new in your topics." not in lines(story("T", "One."))
    assert "Nothing new in your topics." not in lines(quiet=(Quiet(name="A"),))


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (1, "1 story could not be told: a fault on our side, noted."),
        (2, "2 stories could not be told: a fault on our side, noted."),
    ],
)
def test_what_broke_is_counted(count, line):
    said = lines(story("T", "One."), left_out=(Reason("story-broken"),) * count)
    assert said[-2] == line
    assert "Nothing new in your topics." not in lines(left_out=(Reason("story-broken"),) * count)


@pytest.mark.parametrize(
    ("zone", "next_at", "said", "form"),
    [
        ("UTC", MORNING + timedelta(days=1), "Fri 05:30", "wt"),
        ("Europe/Berlin", MORNING + timedelta(days=1), "Fri 07:30", "wt"),
        ("UTC", MORNING + timedelta(days=6, hours=18), "Wed 23:30", "wt"),
        ("UTC", MORNING + timedelta(days=7), "Thu 12 Jun 05:30", "wdt"),
        ("Asia/Tokyo", MORNING + timedelta(days=6, hours=10), "Thu 12 Jun 00:30", "wdt"),
    ],
)
def test_the_end_says_when_the_next_comes_with_its_day_where_a_weekday_is_not_clear(
    zone, next_at, said, form
):
    assert lines(zone=zone, next_at=next_at)[-1] == f"That's all. Next: {said}"
    marked = f'<tg-time unix="{int(next_at.timestamp())}" format="{form}">{said}</tg-time>'
    assert html(zone=zone, next_at=next_at).endswith(marked)


@pytest.mark.parametrize(
    ("late_since", "time"),
    [
        (MORNING, "07:30"),
        (MORNING - timedelta(days=1), "Wed 4 Jun 07:30"),
        (datetime(2025, 6, 4, 22, 30, tzinfo=UTC), "00:30"),
    ],
)
def test_a_late_briefing_says_when_it_was_due_by_the_readers_clock(late_since, time):
    said = lines(zone="Europe/Berlin", late_since=late_since)
    assert said[1] == f"Due {time}, late: it could not be sent in time."


def test_a_catch_up_says_since_when():
    said = lines(catch_up_since=date(2025, 6, 2))
    assert said[1] == "Catching up: the best since Mon 2 June."


@pytest.mark.parametrize(
    ("title", "minutes"),
    [
        ("word " * 10, 1),
        ("word " * 290, 1),
        ("word " * 320, 2),
        ("word " * 490, 2),
        ("word " * 510, 3),
        ("港" * 500, 1),
        ("港" * 700, 2),
    ],
)
def test_two_hundred_words_are_read_in_a_minute(title, minutes):
    told = story("T", title.strip())
    assert lines(told)[0] == f"☀️ Thu 5 June · 1 story · {minutes} min"


def test_sizes_add_up_in_each_measure():
    assert Size(1, 2, 3) + Size(10, 20, 30) == Size(11, 22, 33)
    assert Size() == Size(0, 0, 0)
    assert date(2025, 6, 5) == TODAY


def test_a_section_without_a_name_has_no_heading_even_as_a_readers_own_words():
    assert section_line(Section(name=" ", stories=(), own_words=True), ENGLISH) == ()
