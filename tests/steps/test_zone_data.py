"""Newer data on time zones: every due instant follows, and no date is told twice or lost."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.due import Due, next_due
from bot.domain.schedule import Schedule
from bot.steps.zone_data import follow_zone_data, replanned, zone_data_version
from bot.store.schedules import PlannedSchedule
from tests.fakes.rooms import open_room

MORNING = Schedule(local_time=time(7, 30))
NIGHT = Schedule(local_time=time(0, 10))
# A Thursday.
NOON = datetime(2025, 6, 5, 12, tzinfo=UTC)


def planned(due, zone="Europe/Berlin", schedule=MORNING):
    return PlannedSchedule(id=1, schedule=schedule, zone=zone, due=due)


def test_what_is_due_as_the_data_says_stays():
    due = next_due(MORNING, "Europe/Berlin", NOON)
    assert list(replanned([planned(due)])) == []


@pytest.mark.parametrize("hours", [-14, -1, 1, 3])
def test_what_older_data_said_is_mended_on_its_own_date(hours):
    due = next_due(MORNING, "Europe/Berlin", NOON)
    older = Due(due.at + timedelta(hours=hours), due.local_date)
    assert list(replanned([planned(older)])) == [(1, due)]


def test_a_time_that_is_past_by_the_new_data_is_due_at_once_and_not_lost():
    # At noon in UTC older data held 07:30 of the same day to be an hour ahead still.
    older = Due(NOON + timedelta(hours=1), date(2025, 6, 5))
    ((_, due),) = replanned([planned(older)])
    assert due == Due(datetime(2025, 6, 5, 5, 30, tzinfo=UTC), date(2025, 6, 5))
    assert due.at < NOON


def test_a_date_that_was_told_is_not_due_again():
    # Told at 00:10 on the 5th; by the new data the clock there shows the 4th again.
    older = Due(datetime(2025, 6, 5, 22, 10, tzinfo=UTC), date(2025, 6, 6))
    ((_, due),) = replanned([planned(older, "America/New_York", NIGHT)])
    assert due.local_date == date(2025, 6, 6)


def test_a_zone_that_is_no_more_changes_nothing():
    older = Due(NOON, date(2025, 6, 5))
    assert list(replanned([planned(older, "Europe/Atlantis")])) == []


async def test_a_start_with_newer_data_mends_every_room_once(store):
    await store.chats.set_zone((await open_room(store, 1)).chat.id, "Europe/Berlin", known=True)
    right = next_due(MORNING, "Europe/Berlin", NOON)
    for number in range(1, 4):
        room = await open_room(store, number)
        await store.chats.set_zone(room.chat.id, "Europe/Berlin", known=True)
        wrong = Due(right.at + timedelta(hours=1), right.local_date)
        await store.schedules.put(room.id, MORNING, wrong if number != 3 else None)
    assert await follow_zone_data(store, "2025a") == 0  # the first start knows of no older data
    assert await follow_zone_data(store, "2025a") == 0
    assert await follow_zone_data(store, "2025b") == 2
    assert await follow_zone_data(store, "2025b") == 0
    for number, due in ((1, right.at), (2, right.at), (3, None)):
        room = await open_room(store, number)
        (stored,) = await store.schedules.of_room(room.id)
        assert stored.next_due_at == due


def test_the_version_is_that_of_the_first_data_found(tmp_path):
    (tmp_path / "tzdata.zi").write_text("# version 2031c\n# ddeps\n")
    assert zone_data_version(["/nowhere", str(tmp_path)]) == "2031c"
    assert zone_data_version(["/nowhere"])[:2] == "20"  # of the package
