"""What requests changed: stored with its dates, for a day, and gone with its room."""

from datetime import time, timedelta

from bot.domain.due import Due
from bot.domain.schedule import Schedule
from tests.fakes.clock import START
from tests.fakes.rooms import open_room

LATER = START + timedelta(hours=2)


async def changed(store):
    """Store a change of a room's times by request 7; return the room and both snapshots."""
    room = await open_room(store)
    before = await store.snapshots.take(room.id)
    due = Due(at=LATER, local_date=LATER.date())
    await store.schedules.put(room.id, Schedule(local_time=time(7, 30)), due)
    both = before, await store.snapshots.take(room.id)
    await store.changes.add(room.id, 7, both, now=START)
    return room, both


async def test_a_change_is_read_as_it_was_stored_until_it_is_old(store):
    room, both = await changed(store)
    assert await store.changes.get(room.id, 7, since=START) == both
    assert await store.changes.get(room.id, 7, since=LATER) is None
    assert await store.changes.get(room.id, 8, since=START) is None
    assert await store.changes.get(room.id + 1, 7, since=START) is None


async def test_a_change_goes_when_it_is_taken_back_old_or_its_chat_is_forgotten(store):
    room, both = await changed(store)
    await store.changes.remove(room.id, 7)
    assert await store.changes.get(room.id, 7, since=START) is None
    await store.changes.add(room.id, 8, both, now=START)
    await store.changes.purge(before=START)
    assert await store.changes.get(room.id, 8, since=START) == both
    await store.changes.purge(before=LATER)
    assert await store.changes.get(room.id, 8, since=START) is None
    await store.changes.add(room.id, 9, both, now=START)
    await store.forget(room.chat.id)
    assert await store.changes.get(room.id, 9, since=START) is None
