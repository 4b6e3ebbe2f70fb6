"""Times and days as readers type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.times import parse_plan, parse_schedules, parse_time
from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND
from bot.errors import ReaderError
from bot.texts import explain, texts_for

ENGLISH = texts_for("en")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7", time(7)),
        ("07:30", time(7, 30)),
        ("7.30", time(7, 30)),
        ("7h30", time(7, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("7:30 pm", time(19, 30)),
        ("7:30PM", time(19, 30)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("06:05:04", time(6, 5, 4)),
    ],
)
def test_a_time_is_understood(typed, meant):
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "24:00", "25:00", "-1:00", "7:60", "13pm", "0am", "7:3", "07:30:61", "٧:٣٠x"],
)
def test_what_is_no_time_is_refused(typed):
    assert parse_time(typed) is None


@given(st.times())
def test_every_time_is_read_back(at):
    assert parse_time(at.isoformat("seconds")) == at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("typed", "times", "days"),
    [
        ("07:30", [time(7, 30)], EVERY_DAY),
        ("7:30 18:00", [time(7, 30), time(18)], EVERY_DAY),
        ("8:00 weekdays", [time(8)], WEEKDAYS),
        ("weekend 10", [time(10)], WEEKEND),
        ("7:30 pm sat", [time(19, 30)], {5}),
        ("8 mon-fri, sun", [time(8)], WEEKDAYS | {6}),
        ("8 fri-mon", [time(8)], {4, 5, 6, 0}),
        ("8 and 8", [time(8)], EVERY_DAY),
        ("7 pm; 8 p.m.;9", [time(19), time(20), time(9)], EVERY_DAY),
    ],
)
def test_a_schedule_is_understood(typed, times, days):
    schedules = parse_schedules(typed)
    assert [one.local_time for one in schedules] == times
    assert all(one.days == days for one in schedules)


@pytest.mark.parametrize(
    "typed", ["25:00", "weekdays", "07:30 someday", "1 2 3 4 5 6 7", "mon-x 8"]
)
def test_a_wrong_schedule_gets_one_helpful_sentence(typed):
    with pytest.raises(ReaderError) as caught:
        parse_schedules(typed)
    said = explain(caught.value.reason, ENGLISH)
    assert "Try" in said or "please" in said
    assert "\n" not in said


@given(st.text())
def test_whatever_is_typed_is_a_schedule_or_a_sentence(typed):
    try:
        schedules = parse_schedules(typed)
    except ReaderError:
        return
    plan = parse_plan(typed)
    assert schedules or plan.is_off or plan.dropped


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1am", time(1)),
        ("11:59pm", time(23, 59)),
        ("12:30 a.m.", time(0, 30)),
        ("12.30p", time(12, 30)),
        (" 7 ", time(7)),
        ("23", time(23)),
        ("24", None),
        ("7:59", time(7, 59)),
        ("7:60", None),
        ("7:30:59", time(7, 30, 59)),
        ("7:30:60", None),
        ("123", time(1, 23)),
        ("173", None),
        ("+3", None),
        ("07h30", time(7, 30)),
        ("7 : 30", time(7, 30)),
    ],
)
def test_times_end_where_the_clock_does(typed, meant):
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("8 daily", EVERY_DAY),
        ("8 everyday", EVERY_DAY),
        ("8 workdays", WEEKDAYS),
        ("8 weekends", WEEKEND),
        ("8 weekdays weekend", EVERY_DAY),
        ("8 Tues and Thurs", {1, 3}),
        ("8 monday,sunday", {0, 6}),
        ("8 sun-mon", {6, 0}),
        ("8 wed-wed", {2}),
        ("8 tue-thu; sat", {1, 2, 3, 5}),
    ],
)
def test_days_may_be_named_in_any_way(typed, days):
    (schedule,) = parse_schedules(typed)
    assert schedule.days == days


@pytest.mark.parametrize(
    ("typed", "code", "values"),
    [
        ("", "time-missing", {}),
        ("mon", "time-missing", {}),
        ("8 moon", "no-time", {"word": "moon"}),
        ("mon-x 8", "no-time", {"word": "mon-x"}),
        ("8 " + "y" * 41, "no-time", {"word": "y" * 40}),
        ("1 2 3 4 5 6 7", "too-many-times", {"n": 6}),
    ],
)
def test_what_is_wrong_is_named(typed, code, values):
    with pytest.raises(ReaderError) as caught:
        parse_schedules(typed)
    assert (caught.value.reason.code, dict(caught.value.reason.values)) == (code, values)


def test_six_times_are_taken_in_the_order_typed_and_doubles_once():
    times = [schedule.local_time for schedule in parse_schedules("6 5 4 3 2 1")]
    assert times == [time(n) for n in (6, 5, 4, 3, 2, 1)]
    assert [schedule.local_time for schedule in parse_schedules("8 7 8am")] == [time(8), time(7)]
