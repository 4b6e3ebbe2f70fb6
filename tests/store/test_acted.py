"""An update is acted on once, in every database, and forgotten when it cannot come again."""

import asyncio
from datetime import timedelta

from bot.domain.subscription import SubscriptionKind
from bot.store.acted import is_first
from tests.fakes.clock import START
from tests.fakes.rooms import open_room

TOPIC = SubscriptionKind.TOPIC


async def first(store, number):
    async with store.database.write() as connection:
        return await is_first(connection, number, START)


async def test_an_update_is_the_first_once_however_many_ask(store):
    assert sorted(await asyncio.gather(*[first(store, 5) for _ in range(6)])) == [False] * 5 + [
        True
    ]
    assert await first(store, 6)
    assert [await first(store, 0) for _ in range(3)] == [True] * 3


async def test_what_is_rolled_back_was_not_acted_on(store):
    async def fail():
        async with store.database.write() as connection:
            assert await is_first(connection, 5, START)
            raise ValueError("one of ours")

    await asyncio.gather(fail(), return_exceptions=True)
    assert await first(store, 5)


async def test_an_update_adds_or_removes_once(store):
    room = await open_room(store)
    rows = store.subscriptions
    assert await rows.add(room.id, TOPIC, "energy", "", now=START, update_id=1)
    assert await rows.remove(room.id, "energy", update_id=2, now=START)
    assert not await rows.add(room.id, TOPIC, "energy", "", now=START, update_id=1)
    assert await rows.add(room.id, TOPIC, "energy", "", now=START, update_id=3)
    assert not await rows.remove(room.id, "energy", update_id=2, now=START)
    assert [s.key for s in await rows.of_room(room.id)] == ["energy"]


async def test_updates_are_forgotten_after_their_time(store):
    await first(store, 5)
    await store.acted.purge(START)
    assert not await first(store, 5)
    await store.acted.purge(START + timedelta(seconds=1))
    assert await first(store, 5)
