"""Waits keep their length when the clock is set, in every database."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.domain.due import Due
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.reasons import Reason
from bot.store.editions import FilledEdition
from bot.store.feeds import NewFeed
from bot.store.tables import edition, feed, host_pause, part, schedule
from tests.fakes.clock import START
from tests.fakes.rooms import open_room
from tests.store.test_schedules import MORNING, TOMORROW

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEASE = timedelta(seconds=90)


async def queue(store, chat, *, at=START, reason=None, due_at=None, key="1"):
    room = await open_room(store, chat)
    edition_id = await store.editions.open(
        room.id, EditionKind.SCHEDULED, key, now=at, due_at=due_at
    )
    messages = [] if reason else [Message(html="x", plain="x")]
    filled = FilledEdition(messages=messages, reason=reason)
    await store.editions.fill(edition_id, filled, now=at)
    return room


async def column(store, *columns):
    async with store.database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(*columns))]


async def test_parts_that_wait_are_not_held_by_a_step_back(store):
    await queue(store, 1)
    now = START - 3 * HOUR
    assert await store.outbox.claim_parts(now=now, limit=9, lease=LEASE) == []
    await store.waits.shift(-3 * HOUR, now=now)
    (claimed,) = await store.outbox.claim_parts(now=now, limit=9, lease=LEASE)
    assert claimed.created_at == now
    # A lease that was given after the step is not over with it.
    assert await store.outbox.next_part_at() == now + LEASE


async def test_a_wait_stays_as_long_as_it_was(store):
    await queue(store, 1)
    (claimed,) = await store.outbox.claim_parts(now=START, limit=1, lease=LEASE)
    wait = timedelta(minutes=7, microseconds=123456)
    await store.outbox.retry_part(claimed.id, not_before=START + wait, error=Reason("too-old"))
    for by in (-3 * HOUR, 26 * HOUR, -timedelta(seconds=2)):
        before = await store.outbox.next_part_at()
        await store.waits.shift(by, now=before - wait + by)
        after = await store.outbox.next_part_at()
        assert abs(after - before - by) < timedelta(milliseconds=2)


async def test_what_waited_is_older_by_no_step_forward(store):
    await queue(store, 1)
    await store.waits.shift(26 * HOUR, now=START + 26 * HOUR + MINUTE)
    (claimed,) = await store.outbox.claim_parts(now=START + 27 * HOUR, limit=1, lease=LEASE)
    assert claimed.created_at == START + 26 * HOUR


async def test_what_has_ended_and_what_is_due_stay(store):
    room = await queue(store, 1)
    (claimed,) = await store.outbox.claim_parts(now=START, limit=1, lease=LEASE)
    await store.outbox.mark_sent(claimed.id, message_id=1, now=START)
    await store.schedules.put(room.id, MORNING, TOMORROW)
    await store.waits.shift(-3 * HOUR, now=START - 3 * HOUR)
    assert await column(store, part.c.created_at) == [(START,)]
    assert await column(store, schedule.c.next_due_at) == [(TOMORROW.at,)]


async def test_polls_hosts_and_failed_editions_wait_no_longer(store):
    await store.feeds.add([NewFeed(url="https://quay.example/feed")], ["*"], now=START)
    await store.pauses.save("quay.example", START + MINUTE)
    room = await open_room(store, 1)
    await store.schedules.put(room.id, MORNING, Due(START, TOMORROW.local_date))
    async with store.database.write() as connection:
        await connection.execute(update(feed).values(next_poll_at=START + HOUR))
        await connection.execute(update(schedule).values(lease_until=START + 5 * MINUTE))
    await store.waits.shift(-24 * HOUR, now=START - 24 * HOUR)
    assert await column(store, feed.c.next_poll_at) == [(START - 23 * HOUR,)]
    assert await column(store, host_pause.c.until) == [(START - 24 * HOUR + MINUTE,)]
    assert await column(store, schedule.c.lease_until) == [(START - 24 * HOUR + 5 * MINUTE,)]


async def test_slots_that_were_not_missed_after_all_are_forgotten(store):
    missed = Reason("missed-in-outage")
    for n, (due_at, reason) in enumerate(
        [(START + HOUR, missed), (START - HOUR, missed), (START + HOUR, Reason("too-old"))]
    ):
        await queue(store, 1, key=str(n), reason=reason, due_at=due_at)
    await store.waits.forget_misses(now=START)
    assert [key for (key,) in await column(store, edition.c.key)] == ["1", "2"]


async def test_a_schedule_that_was_changed_meanwhile_is_not_brought_forward(store):
    room = await open_room(store, 1)
    await store.schedules.put(room.id, MORNING, Due(START + 60 * HOUR, TOMORROW.local_date))
    ((stored, zone),) = await store.waits.schedules_ahead(now=START, after=0, limit=5)
    assert (stored.room_id, zone) == (room.id, room.chat.zone)
    await store.schedules.put(room.id, MORNING, None)
    await store.waits.bring_forward([(stored, TOMORROW)])
    assert await column(store, schedule.c.next_due_at) == [(None,)]
    await store.schedules.put(room.id, MORNING, Due(stored.next_due_at, TOMORROW.local_date))
    await store.waits.bring_forward([(stored, TOMORROW)])
    assert await column(store, schedule.c.next_due_at) == [(TOMORROW.at,)]
