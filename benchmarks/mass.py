"""A mass of readers who are due at once, for benchmarks that run the bot as a process."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Table, text

from bot.domain.due import Due
from bot.domain.message import Message
from bot.domain.schedule import Schedule
from bot.domain.subscription import SubscriptionKind
from bot.errors import StoreUnavailable
from bot.store import Database, Store
from bot.store.schema import upgrade
from bot.store.tables import chat, edition, part, room, schedule, subscription
from tests.fakes.bot_api import BotApi
from tests.fakes.editions import send_edition
from tests.fakes.rooms import add_readers_due, open_room

__all__ = ["TROUBLE", "Fate", "all_ended", "count", "fate", "fill", "fill_due", "fill_outbox"]

# Rows a transaction: a log that is written back now and then stays small.
_AT_ONCE = 20_000
# Telegram's kinds of trouble, ten in a hundred messages: half of them leave the bot in doubt.
TROUBLE = {
    "flood": 0.0125,
    "error-500": 0.0125,
    "page-502": 0.0125,
    "page-504": 0.0125,
    "reset-before": 0.0125,
    "reset-after": 0.0125,
    "half": 0.0125,
    "garbage": 0.0125,
}


async def fill(url: str, rooms: int) -> None:
    """Make a database at ``url`` in which ``rooms`` rooms, chats 1 to ``rooms``, are due."""
    async with Database(url) as database:
        await upgrade(database)
        await add_readers_due(Store(database), rooms)


async def fill_outbox(url: str, rooms: int, html: str) -> None:
    """Make a database in which a message waits for each of ``rooms`` chats, 1 to ``rooms``."""
    async with Database(url) as database:
        await upgrade(database)
        store = Store(database)
        message = Message(html=html, plain=html)
        first = await open_room(store, 1)
        await send_edition(store, first, now=datetime.now(UTC), messages=[message])
        ids = {
            chat: ("id", "telegram_id"),
            room: ("id", "chat_id"),
            edition: ("id", "room_id"),
            part: ("id", "edition_id", "chat_id"),
        }
        await _multiply(database, ids, rooms)


async def fill_due(url: str, rooms: int, at: datetime) -> None:
    """Make a database in which ``rooms`` readers of one topic are due at one instant."""
    async with Database(url) as database:
        await upgrade(database)
        store = Store(database)
        first = await open_room(store, 1)
        await store.chats.set_zone(first.chat.id, "UTC", known=True)
        await store.subscriptions.add(
            first.id, SubscriptionKind.TOPIC, "north-korea", "North Korea", now=at
        )
        local = Schedule(local_time=at.time().replace(microsecond=0))
        await store.schedules.put(first.id, local, Due(at, at.date()))
        ids = {
            chat: ("id", "telegram_id"),
            room: ("id", "chat_id"),
            schedule: ("id", "room_id"),
            subscription: ("id", "room_id"),
        }
        await _multiply(database, ids, rooms)


async def _multiply(database: Database, ids: Mapping[Table, Collection[str]], times: int) -> None:
    """Copy row 1 of each table until there are ``times``, each with its number in ``ids``."""
    for table, numbered in ids.items():
        names = [column.name for column in table.columns]
        values = ", ".join("i" if name in numbered else f"{table.name}.{name}" for name in names)
        for first in range(2, times + 1, _AT_ONCE):
            last = min(first + _AT_ONCE - 1, times)
            statement = (
                f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL"
                f" SELECT i + 1 FROM n WHERE i < {last})"
                f" INSERT INTO {table.name} ({', '.join(names)})"
                f" SELECT {values} FROM {table.name}, n WHERE {table.name}.id = 1"
            )
            async with database.write() as connection:
                await connection.execute(text(statement))


async def count(url: str) -> dict[str, int]:
    """Return how many parts there are in each state."""
    async with Database(url) as database:
        return await Store(database).outbox.counts()


async def all_ended(url: str, rooms: int, *, within_s: float) -> bool:
    """Wait until ``rooms`` parts have ended; return False if they do not in time."""
    async with Database(url) as database:
        for _ in range(max(1, round(within_s / 0.25))):
            try:
                states = await Store(database).outbox.counts()
            except StoreUnavailable:
                states = {}
            waiting = states.get("queued", 0) + states.get("sending", 0)
            if not waiting and sum(states.values()) >= rooms:
                return True
            await asyncio.sleep(0.25)
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of ``rooms`` editions.

    ``lost`` chats got nothing, ``repeats`` are deliveries beyond the first, of which ``ambiguous``
    may have followed answers that said nothing; ``stuck`` parts have not ended, ``dead`` were
    given up. ``is_sound`` is the database's own check.
    """

    rooms: int
    lost: int
    repeats: int
    ambiguous: int
    stuck: int
    dead: int
    is_sound: bool


async def fate(url: str, api: BotApi, rooms: int) -> Fate:
    """Return what became of the editions of chats 1 to ``rooms``, from the API's journal."""
    states = await count(url)
    got = [api.taken[chat] for chat in range(1, rooms + 1)]
    async with Database(url) as database, database.read() as connection:
        sound = True
        if database.is_sqlite:
            sound = await connection.scalar(text("PRAGMA integrity_check")) == "ok"
    return Fate(
        rooms=rooms,
        lost=got.count(0),
        repeats=sum(max(times - 1, 0) for times in got),
        ambiguous=api.ambiguous.total(),
        stuck=states.get("queued", 0) + states.get("sending", 0),
        dead=states.get("dead", 0) + states.get("expired", 0),
        is_sound=sound,
    )
