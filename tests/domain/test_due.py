"""next_due is right across every clock change of every zone.

The oracle knows nothing of gaps and folds: it walks through real instants, whose local
time is never in doubt, and looks at what a wall clock would show.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.due import Due, next_due
from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND, Schedule

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
YEAR_DAYS = 365
# Where clocks have done something to daily schedules: at midnight (Cairo, Beirut, Santiago,
# Havana, Asunción), over it (Nuuk), by half an hour (Lord Howe) or two (Troll), in Ramadan
# (Casablanca), by a whole day (Apia, Kwajalein), or nothing at all (UTC, Kathmandu).
ODD_ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kwajalein",
    "UTC",
)
AWKWARD_TIMES = (time(0), time(1, 30), time(2, 30), time(7, 30), time(23, 15))
ALL_ZONES = sorted(available_timezones() - {"localtime"})


def daily(at, days=EVERY_DAY):
    return Schedule(local_time=at, days=days)


def firings(schedule, zone, start, end):
    """Return every Due in [start, end), as the product walks from one to the next."""
    due = next_due(schedule, zone, start - timedelta(microseconds=1))
    found = []
    while due.at < end:
        found.append(due)
        due = next_due(schedule, zone, due.at)
    return found


def expected(day, at, tz):
    """Return when a wall clock in ``tz`` first shows ``at`` on ``day``, or would have.

    In steps of a minute from 30 h before; None if it never shows ``day`` at all.
    """
    wanted = datetime.combine(day, at)
    instant = wanted.replace(tzinfo=UTC) - 30 * HOUR
    shown = instant.astimezone(tz).replace(tzinfo=None)
    assert shown < wanted
    saw_day = jumped_at = None
    while shown.date() <= day or jumped_at is None:
        before, instant = shown, instant + MINUTE
        shown = instant.astimezone(tz).replace(tzinfo=None)
        saw_day = saw_day or shown.date() == day
        if shown == wanted:
            return instant
        if shown > wanted and jumped_at is None:
            # The clock jumped over the time: read it as if it had not jumped yet.
            jumped_at = instant - MINUTE + (wanted - before)
    return jumped_at if saw_day else None


def changes(tz, start=NEW_YEAR, days=YEAR_DAYS):
    """Return the hours in which the zone's offset changes."""
    hours = [start + n * HOUR for n in range(days * 24)]
    offsets = [hour.astimezone(tz).utcoffset() for hour in hours]
    return [
        hour
        for hour, (before, after) in zip(hours[1:], pairwise(offsets), strict=True)
        if before != after
    ]


def check_a_year(name):
    """Check one zone over 2026: every date once, and right around each change."""
    tz = ZoneInfo(name)
    around = {
        (change.astimezone(tz) + shift).date()
        for change in changes(tz)
        for shift in (-DAY, timedelta(0), DAY)
    }
    for at in AWKWARD_TIMES:
        found = firings(daily(at), tz, NEW_YEAR, NEW_YEAR + YEAR_DAYS * DAY)
        dates = [due.local_date for due in found]
        assert dates == [dates[0] + n * DAY for n in range(len(dates))], (name, at)
        assert YEAR_DAYS - 1 <= len(dates) <= YEAR_DAYS + 1
        gaps = [later.at - earlier.at for earlier, later in pairwise(found)]
        assert 22 * HOUR <= min(gaps) <= max(gaps) <= 26 * HOUR, (name, at)
        for due in found:
            if due.local_date in around:
                assert due.at == expected(due.local_date, at, tz), (name, due)


@pytest.mark.parametrize("name", ODD_ZONES)
def test_each_date_of_a_year_is_due_once_at_the_time_the_clock_shows(name):
    check_a_year(name)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_each_date_of_a_year_is_due_once_in_every_zone():
    assert len(ALL_ZONES) > 400
    for name in ALL_ZONES:
        check_a_year(name)


def test_a_time_inside_a_gap_is_shifted_by_its_length():
    due = next_due(daily(time(2, 30)), "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert due == Due(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), date(2026, 3, 29))
    assert due.at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_a_time_that_happens_twice_counts_the_first_time_only():
    half_past_two = daily(time(2, 30))
    first = next_due(half_past_two, "Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == Due(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25))
    assert next_due(half_past_two, "Europe/Berlin", first.at).local_date == date(2026, 10, 26)


def test_in_nuuk_the_slot_of_one_date_fires_on_the_next():
    due = next_due(daily(time(23, 15)), "America/Nuuk", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert due.local_date == date(2026, 3, 28)
    assert due.at.astimezone(ZoneInfo("America/Nuuk")) == datetime(
        2026, 3, 29, 0, 15, tzinfo=ZoneInfo("America/Nuuk")
    )


@pytest.mark.parametrize(
    ("zone", "before", "skipped"),
    [
        ("Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC), date(2011, 12, 30)),
        ("Pacific/Kwajalein", datetime(1993, 8, 20, tzinfo=UTC), date(1993, 8, 21)),
    ],
)
@pytest.mark.parametrize("at", AWKWARD_TIMES)
def test_a_day_that_a_zone_skipped_has_no_edition(zone, before, skipped, at):
    dates = [due.local_date for due in firings(daily(at), zone, before, before + 4 * DAY)]
    assert skipped not in dates
    assert {skipped - DAY, skipped + DAY} <= set(dates)
    assert len(dates) == len(set(dates))


def test_a_weekly_schedule_survives_its_skipped_day():
    fridays = daily(time(7, 30), frozenset({4}))
    found = firings(fridays, "Pacific/Apia", *(datetime(2011, 12, d, tzinfo=UTC) for d in (20, 31)))
    assert [due.local_date for due in found] == [date(2011, 12, 23)]
    assert next_due(fridays, "Pacific/Apia", found[0].at).local_date == date(2012, 1, 6)


@pytest.mark.parametrize("days", [WEEKDAYS, WEEKEND, frozenset({2}), EVERY_DAY])
def test_only_the_days_of_the_schedule_are_due(days):
    found = firings(daily(time(23, 15), days), "America/Nuuk", NEW_YEAR, NEW_YEAR + 364 * DAY)
    assert {due.local_date.weekday() for due in found} == days
    assert len(found) == 52 * len(days)


def test_the_very_instant_is_already_over():
    schedule = daily(time(7, 30))
    at = datetime(2026, 6, 5, 7, 30, tzinfo=UTC)
    assert next_due(schedule, "UTC", at).at == at + DAY
    assert next_due(schedule, "UTC", at - timedelta(microseconds=1)).at == at


def test_after_may_be_in_any_zone_but_must_have_one():
    schedule = daily(time(7, 30))
    utc = datetime(2026, 6, 5, 12, tzinfo=UTC)
    elsewhere = utc.astimezone(timezone(timedelta(hours=-9)))
    assert next_due(schedule, "Asia/Tokyo", elsewhere) == next_due(schedule, "Asia/Tokyo", utc)
    with pytest.raises(ValueError, match="aware"):
        next_due(schedule, "UTC", datetime(2026, 6, 5))  # noqa: DTZ001


def test_a_time_with_fold_set_means_the_same():
    folded = daily(time(2, 30, fold=1))
    after = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert next_due(folded, "Europe/Berlin", after) == next_due(
        daily(time(2, 30)), "Europe/Berlin", after
    )


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(ALL_ZONES),
    after=st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_the_next_due_is_the_first_that_a_wall_clock_would_show(name, after, at, days):
    due = next_due(daily(at, days), name, after)
    tz = ZoneInfo(name)
    assert due.at > after
    assert due.local_date.weekday() in days
    # Zones moved by odd seconds before about 1972, and one in 1972: the oracle takes minutes.
    if due.at.astimezone(tz).utcoffset() % MINUTE == timedelta(0):
        assert due.at == expected(due.local_date, at, tz)
    # Nothing was passed over: each earlier matching date is over, or never was.
    day = after.astimezone(tz).date() - DAY
    while day < due.local_date:
        if day.weekday() in days:
            earlier = expected(day, at, tz)
            assert earlier is None or earlier <= after
        day += DAY
    halfway = after + (due.at - after) / 2
    assert next_due(daily(at, days), name, halfway) == due
