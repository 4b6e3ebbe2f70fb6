"""When rooms are due, in every database: a due row goes to one worker only."""

import asyncio
from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from bot.domain.due import Due
from bot.domain.schedule import EVERY_DAY, WEEKDAYS, Schedule
from bot.reasons import Reason
from bot.store.tables import schedule
from tests.fakes.clock import START
from tests.fakes.rooms import open_room

LEASE = timedelta(minutes=5)
MORNING = Schedule(local_time=time(7, 30))
TODAY = Due(START, date(2025, 6, 5))
TOMORROW = Due(START + timedelta(days=1), date(2025, 6, 6))


async def put(store, telegram_id=1, due=TODAY, schedule=MORNING):
    room = await open_room(store, telegram_id)
    await store.schedules.put(room.id, schedule, due)
    return room


async def claim(store, now=START, limit=100):
    return await store.schedules.claim_due(now=now, limit=limit, lease=LEASE)


async def test_a_schedule_comes_back_as_it_was_put(store):
    room = await put(store, schedule=Schedule(local_time=time(18, 5, 7), days=WEEKDAYS))
    (stored,) = await store.schedules.of_room(room.id)
    assert stored.schedule == Schedule(local_time=time(18, 5, 7), days=WEEKDAYS)
    assert stored.next_due_at == START


async def test_the_same_time_again_changes_its_days(store):
    room = await put(store, schedule=Schedule(local_time=time(7, 30), days=WEEKDAYS))
    await put(store, schedule=Schedule(local_time=time(9)))
    await put(store, due=TOMORROW)
    schedules = await store.schedules.of_room(room.id)
    assert [one.schedule.local_time for one in schedules] == [time(7, 30), time(9)]
    assert schedules[0].schedule.days == EVERY_DAY
    assert schedules[0].next_due_at == TOMORROW.at


async def test_what_is_due_is_claimed_once_and_earliest_first(store):
    await put(store, 1, Due(START - timedelta(hours=1), date(2025, 6, 5)))
    await put(store, 2, Due(START - timedelta(hours=2), date(2025, 6, 5)))
    await put(store, 3, TOMORROW)
    await put(store, 4, None)
    claimed = await claim(store)
    assert [START - one.due_at for one in claimed] == [timedelta(hours=2), timedelta(hours=1)]
    assert claimed[0].local_date == date(2025, 6, 5)
    assert await claim(store) == []


async def test_the_order_of_a_rush_is_another_each_date(store):
    rooms = [(await put(store, number)).id for number in range(1, 41)]
    orders = []
    for _ in range(8):
        claimed = [one for _ in range(8) for one in await claim(store, limit=5)]
        orders.append([one.room_id for one in claimed])
        day = claimed[0].local_date + timedelta(days=1)
        dues = [(one.id, Due(START, day)) for one in claimed]
        await store.schedules.set_all(dues)
    assert all(sorted(order) == rooms for order in orders)
    assert len({tuple(order) for order in (rooms, *orders)}) == 9
    # Nobody is always among the last ten, or the first.
    assert not set.intersection(*(set(order[-10:]) for order in orders))
    assert not set.intersection(*(set(order[:10]) for order in orders))


async def test_who_is_due_earlier_goes_first_whatever_was_drawn(store):
    for number in range(1, 11):
        await put(store, number, Due(START - timedelta(seconds=number), TODAY.local_date))
    claimed = await claim(store)
    assert [one.due_at for one in claimed] == sorted(one.due_at for one in claimed)


async def test_a_claim_whose_answer_was_lost_is_freed_and_no_other(store):
    await put(store, 1)
    (lost,) = await claim(store)
    await put(store, 2)
    (held,) = await claim(store, START + timedelta(seconds=1))
    await store.schedules.unclaim(START + LEASE)
    (again,) = await claim(store)
    assert again.id == lost.id != held.id


async def test_how_many_are_due_together_is_counted(store):
    for number in (1, 2):
        await put(store, number)
    await put(store, 3, TOMORROW)
    assert await store.schedules.count_due(START) == 2
    assert await store.schedules.count_due(START + timedelta(seconds=1)) == 0


async def test_a_limit_leaves_the_rest_for_the_next_claim(store):
    for telegram_id in range(1, 6):
        await put(store, telegram_id)
    sizes = [len(await claim(store, limit=2)) for _ in range(4)]
    assert sizes == [2, 2, 1, 0]


async def test_claimers_at_the_same_moment_never_get_the_same_row(store):
    for telegram_id in range(1, 41):
        await put(store, telegram_id)
    claims = await asyncio.gather(*(claim(store, limit=7) for _ in range(10)))
    ids = [one.id for some in claims for one in some]
    # A claimer that finds rows locked passes them over, so that the sum may lie below 40.
    ids += [one.id for one in await claim(store)]
    assert len(ids) == len(set(ids)) == 40


async def test_what_a_killed_worker_held_comes_back_when_its_lease_ends(store):
    await put(store)
    (held,) = await claim(store)
    assert await claim(store, START + LEASE - timedelta(seconds=1)) == []
    assert await claim(store, START + LEASE) == [held]


async def test_a_new_turn_frees_the_lease(store):
    await put(store)
    (held,) = await claim(store)
    await store.schedules.set_all([(held.id, TOMORROW)])
    assert await claim(store, TOMORROW.at - timedelta(seconds=1)) == []
    (again,) = await claim(store, TOMORROW.at)
    assert again.local_date == TOMORROW.local_date


async def test_a_start_frees_what_a_former_process_held(store):
    await put(store)
    held = await claim(store)
    await store.release_leases(START)
    assert await claim(store) == held


async def test_the_next_instant_is_the_first_due_or_the_end_of_a_lease(store):
    assert await store.schedules.next_due_at() is None
    await put(store, 1)
    await put(store, 2, TOMORROW)
    assert await store.schedules.next_due_at() == START
    await claim(store)
    assert await store.schedules.next_due_at() == START + LEASE


async def test_a_removed_schedule_is_never_due(store):
    room = await put(store)
    (stored,) = await store.schedules.of_room(room.id)
    await store.schedules.remove(stored.id)
    assert await claim(store) == []
    assert await store.schedules.next_due_at() is None


async def test_a_naive_instant_never_reaches_the_database(store):
    room = await open_room(store)
    naive = Due(START.replace(tzinfo=None), date(2025, 6, 5))
    with pytest.raises(Exception, match="naive datetime"):
        await store.schedules.put(room.id, MORNING, naive)


async def test_a_failure_counts_and_is_kept_until_the_next_turn(store):
    room = await put(store)
    (held,) = await claim(store)
    again_at, why = START + timedelta(seconds=10), Reason("unforeseen", {"kind": "KeyError"})
    await store.schedules.fail(held.id, error=why, again_at=again_at)
    (stored,) = await store.schedules.of_room(room.id)
    assert (stored.attempts, stored.error, stored.again_at) == (1, why, again_at)
    assert await claim(store, again_at - timedelta(seconds=1)) == []
    (again,) = await claim(store, again_at)
    assert again.attempts == 1
    await store.schedules.set_all([(held.id, TOMORROW)])
    (stored,) = await store.schedules.of_room(room.id)
    assert (stored.attempts, stored.error, stored.again_at) == (0, None, None)


async def test_only_what_is_claimed_is_held(store):
    first, second = await put(store, 1), await put(store, 2)
    (held,) = await claim(store, limit=1)
    (other,) = {room.id for room in (first, second)} - {held.room_id}
    (waiting,) = await store.schedules.of_room(other)
    until = START + timedelta(hours=1)
    await store.schedules.hold([held.id, waiting.id], until=until, error=Reason("too-slow"))
    assert [one.id for one in await claim(store)] == [waiting.id]
    (stored,) = await store.schedules.of_room(held.room_id)
    assert (stored.attempts, stored.error, stored.again_at) == (0, Reason("too-slow"), until)
    assert held.id in {one.id for one in await claim(store, until)}


async def test_a_schedule_that_waits_for_no_fault_says_none(store):
    room = await put(store)
    (held,) = await claim(store)
    await store.schedules.hold([held.id], until=START + LEASE)
    (stored,) = await store.schedules.of_room(room.id)
    assert (stored.error, stored.again_at, stored.attempts) == (None, None, 0)


async def test_a_row_that_cannot_be_read_means_every_day_at_half_past_seven(store):
    room = await put(store, schedule=Schedule(local_time=time(9), days=WEEKDAYS))
    broken = update(schedule).values(local_time="noon", days=0, next_local_date=None)
    async with store.database.write() as connection:
        await connection.execute(broken)
    (stored,) = await store.schedules.of_room(room.id)
    assert stored.schedule == Schedule(local_time=time(7, 30), days=EVERY_DAY)
    (held,) = await claim(store)
    assert held.local_date == START.date()


async def test_a_zone_in_a_row_does_not_count(store):
    room = await put(store)
    async with store.database.write() as connection:
        await connection.execute(update(schedule).values(local_time="18:05:07+02:00"))
    (stored,) = await store.schedules.of_room(room.id)
    assert stored.schedule == Schedule(local_time=time(18, 5, 7))


async def test_a_schedule_is_due_at_its_very_instant(store):
    await put(store)
    assert await claim(store, START - timedelta(seconds=1)) == []
    assert len(await claim(store, START)) == 1


async def test_a_start_leaves_alone_what_is_over_already(store):
    await put(store)
    await claim(store)
    await store.schedules.release(START + LEASE)
    assert await store.schedules.next_due_at() == START + LEASE


async def test_some_turns_are_set_and_others_ended_at_once(store):
    rooms = [await put(store, telegram_id) for telegram_id in (1, 2, 3)]
    held = {one.room_id: one.id for one in await claim(store)}
    ids = [held[room.id] for room in rooms]
    await store.schedules.set_all([(ids[2], TOMORROW), (ids[0], None), (ids[1], TOMORROW)])
    due = [(await store.schedules.of_room(room.id))[0].next_due_at for room in rooms]
    assert due == [None, TOMORROW.at, TOMORROW.at]
