"""A mass of readers who are due at once, for benchmarks that run the bot as a process."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text

from bot.errors import StoreUnavailable
from bot.store import Database, Store
from bot.store.schema import upgrade
from tests.fakes.bot_api import BotApi
from tests.fakes.rooms import add_readers_due

__all__ = ["TROUBLE", "Fate", "all_ended", "count", "fate", "fill"]

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
