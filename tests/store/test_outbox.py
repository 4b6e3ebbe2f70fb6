"""The outbox of the store keeps the contract of every outbox."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.domain.room import RoomSettings
from bot.reasons import load_reason
from bot.send import telegram_address
from bot.store import Store
from bot.store.editions import FilledEdition
from bot.store.tables import part
from tests.fakes.clock import START
from tests.fakes.outbox_contract import *  # noqa: F403 - the tests of the contract run here

LEASE = timedelta(minutes=1)
_keys = itertools.count()


class SqlWorld:
    """Rooms and editions around the outbox under test."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.store = store.outbox

    async def add(self, telegram_id, parts=1, *, reply=False, thread=0):
        room = await self._store.chats.open_room(
            telegram_address(telegram_id, thread),
            kind="private" if telegram_id > 0 else "group",
            language="en",
            settings=RoomSettings(),
            now=START,
        )
        edition = await self._store.editions.open(
            room.id, EditionKind.BRIEF, str(next(_keys)), now=START
        )
        messages = [Message(html=f"<b>{n}</b>", plain=str(n)) for n in range(parts)]
        filled = FilledEdition(messages=messages, reply=reply)
        assert await self._store.editions.fill(edition, filled, now=START)
        rows = select(part.c.id).where(part.c.edition_id == edition).order_by(part.c.n)
        async with self._store.database.read() as connection:
            return list((await connection.execute(rows)).scalars())

    async def fate(self, part_id):
        row = select(part.c.state, part.c.error).where(part.c.id == part_id)
        async with self._store.database.read() as connection:
            state, error = (await connection.execute(row)).one()
        return state, load_reason(error)


@pytest.fixture
def world(store):
    return SqlWorld(store)


async def test_a_thread_that_moves_with_its_group_waits_for_the_chat_it_joins(world, store):
    """One part a chat, also for parts that were queued while there were two chats."""
    (there,) = await world.add(-1007)
    (here,) = await world.add(-7, thread=5)
    await store.outbox.migrate_chat(telegram_address(-7), telegram_address(-1007), now=START)
    (first,) = await store.outbox.claim_parts(now=START, limit=8, lease=LEASE)
    assert first.id == there
    await store.outbox.mark_sent(there, message_id=9, now=START)
    (second,) = await store.outbox.claim_parts(now=START, limit=8, lease=LEASE)
    assert (second.id, second.address) == (here, telegram_address(-1007, 5))


async def test_of_what_waits_and_what_was_left_no_more_than_asked_for_are_claimed(world, store):
    (left,) = await world.add(1)
    await store.outbox.claim_parts(now=START, limit=8, lease=LEASE)
    await world.add(2)
    fresh = {"now": START + LEASE, "limit": 1, "lease": LEASE}
    first = await store.outbox.claim_parts(**fresh)
    second = await store.outbox.claim_parts(**fresh)
    assert [len(first), len(second)] == [1, 1]
    assert left in {first[0].id, second[0].id}
    assert await store.outbox.claim_parts(**fresh) == []
