"""Looks over an installation: what works, what does not, and what to do about it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import DEFAULT_DATABASE
from bot.clock.system import SystemClock
from bot.errors import DaybriefError, SetupError
from bot.gather.fetch import Fetcher
from bot.gather.sources import load_sources
from bot.send.telegram import AiohttpRequest
from bot.settings import Settings
from bot.store import Database
from bot.store.schema import check

__all__ = ["Finding", "examine", "require_network"]

# A database of some thousand readers takes hundreds of megabytes.
_MIN_FREE_BYTES = 500_000_000
# Outlets asked for a sign of life: one that answers is a network.
_SIGNS = 3
# This program is younger than any sound clock.
_BUILT_AT = datetime(2025, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``said`` is one line."""

    is_well: bool
    said: str


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Give one finding after the other: disk, clock, database, network, token."""
    yield Finding(is_well=True, said="The settings can be read.")
    yield _disk()
    yield _clock()
    yield await _database(settings)
    yield await _network(settings)
    yield await _token(settings)


async def require_network(settings: Settings) -> None:
    """Raise SetupError, one line, if no outlet of the catalogue can be reached."""
    found = await _network(settings)
    if not found.is_well:
        raise SetupError(f"{found.said} The sample newsroom needs none: run without --live.")


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    said = f"{free / 1e9:.1f} GB of disk are free."
    return Finding(is_well=free >= _MIN_FREE_BYTES, said=said)


def _clock() -> Finding:
    now = SystemClock().now()
    said = f"The clock shows {now:%Y-%m-%d %H:%M} UTC."
    return Finding(is_well=now > _BUILT_AT, said=said)


async def _database(settings: Settings) -> Finding:
    url = settings.database_url or DEFAULT_DATABASE
    try:
        async with Database(url) as database:
            faults = await check(database)
            said = " ".join(faults) or f"The database {database.shown_url} is sound."
    except SetupError as error:
        return Finding(is_well=False, said=str(error))
    if faults == ["The schema is missing, not 0001."]:
        return Finding(is_well=True, said="The database is new: the first run makes it.")
    return Finding(is_well=not faults, said=said)


async def _network(settings: Settings) -> Finding:
    outlets = load_sources().for_topic("world")[:_SIGNS]
    async with Fetcher(
        clock=SystemClock(), allow=settings.allow_local, user_agent=settings.user_agent
    ) as fetcher:
        asked = [_is_there(fetcher, one.homepage or one.feed_url) for one in outlets]
        answered = sum(await asyncio.gather(*asked))
    if not answered:
        return Finding(is_well=False, said="No outlet can be reached: check the network.")
    return Finding(is_well=True, said=f"{answered} of {len(outlets)} outlets asked answer.")


async def _is_there(fetcher: Fetcher, url: str) -> bool:
    with suppress(DaybriefError):
        await fetcher.fetch(url)
        return True
    return False


async def _token(settings: Settings) -> Finding:
    token = settings.token.get_secret_value()
    if not token:
        return Finding(is_well=True, said="No token is set: the local chat will run.")
    request = AiohttpRequest(proxy=settings.proxy)
    bot = Bot(token, base_url=settings.api_url, request=request, get_updates_request=request)
    try:
        async with bot:
            return Finding(is_well=True, said=f"Telegram knows the token: @{bot.username}.")
    except InvalidToken:
        return Finding(is_well=False, said="Telegram rejects the token: copy it again.")
    except TelegramError as error:
        return Finding(is_well=False, said=f"Telegram cannot be reached: {error.message}.")
