"""Checks of an installation: what works, what does not, and what to do about it."""

import asyncio
import enum
import math
import os
import shutil
import stat
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.assembly import DEFAULT_DATABASE, open_feed_reader
from bot.clock.system import SystemClock
from bot.errors import DaybriefError, NoDatabase, SetupError, StoreUnavailable, TooLarge
from bot.gather.catalogue.sources import load_sources
from bot.gather.http.fetch import Fetcher
from bot.gather.polling.policy import FeedState
from bot.gather.values import Listing
from bot.reasons import Reason
from bot.send.telegram import AiohttpRequest
from bot.settings import Settings, UnknownName
from bot.store.files import file_of, files_of, is_run
from bot.store.schema import Fault, FaultKind, check, existing
from bot.texts import explain, texts_for

__all__ = ["Finding", "Mark", "described", "examine", "require_network"]

# A database of some thousand readers takes hundreds of megabytes.
_MIN_FREE_BYTES = 500_000_000
# Outlets asked for any answer: where one answers, there is a network.
_SIGNS = 3
# This program is younger than any sound clock.
_BUILT_AT = datetime(2025, 6, 1, tzinfo=UTC)
# How long another process may take to ask again after we interrupted it: python-telegram-bot
# waits a second, others up to three.
_PROBE_S = 5.0
_PROBE_PAUSE_S = 0.5
# What python-telegram-bot raises where a Bot API answers unlike Telegram's.
_NOT_TELEGRAM = (AttributeError, KeyError, TypeError, ValueError)

_SENTENCES = {
    FaultKind.MISSING: "The database holds no tables: daybrief db upgrade makes them.",
    FaultKind.OLDER: "The schema is {0}, of an older daybrief: the next run upgrades it.",
    FaultKind.NEWER: "The schema is {0}, of a newer daybrief: update daybrief.",
    FaultKind.DIFFERS: "The schema is not as it should be ({0}): restore a backup.",
    FaultKind.DAMAGED: "The database is damaged ({0}): restore a backup.",
    FaultKind.DANGLING: "A row of {0} points to a missing row of {1}: restore a backup.",
}


class Mark(enum.Enum):
    """The result of a check; the value is printed before the finding."""

    WELL = "✓"
    OPEN = "?"  # well or not: only the operator can know
    ILL = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; ``said`` is one line, with what to do if the mark is ILL."""

    mark: Mark
    said: str


def described(fault: Fault) -> str:
    """Return one line on a fault of the database, with what to do.

    Raises IndexError for a fault without the ``details`` of its kind.
    """
    details = (" ".join(detail.split()) for detail in fault.details)  # SQLite's may have lines
    return _SENTENCES[fault.kind].format(*details)


async def examine(
    settings: Settings, unknown: Sequence[UnknownName] = (), *, probe_s: float = _PROBE_S
) -> AsyncIterator[Finding]:
    """Yield one finding after the other: settings, feeds, disk, clock, database, network, token.

    ``unknown`` are names that set nothing. Nothing is changed: no database is made, and no
    update is taken from the bot. Reads the operator's feeds, in workers of its own, three
    outlets (not without ``builtin_feeds``) and the Bot API;
    where no bot runs on the database, Telegram is asked for ``probe_s`` seconds whether another
    process polls it, not at all for 0; a long poll of such a process ends with 409, and it asks
    again. Reads all of a SQLite file, which takes minutes if it is
    large. Raises, after what was found before, SetupError for an entry of ``allow_local`` that is
    none, StoreUnavailable where the database is locked or out of reach, and OSError where its
    folder cannot be looked into, or its file system has no locks.
    """
    for name in unknown:
        yield _unknown(name)
    yield Finding(Mark.WELL, "The settings can be read.")
    async for finding in _feeds(settings):
        yield finding
    url = settings.database_url or DEFAULT_DATABASE
    path = file_of(url)
    if path is not None:
        for finding in _storage(path):
            yield finding
    yield _clock()
    yield await _database(url)
    if settings.builtin_feeds:  # without, the catalogue's outlets are not read
        yield await _network(settings)
    is_running = await _has_bot(url) if path is None else is_run(path)
    if is_running:
        yield Finding(Mark.WELL, "The bot runs on this database.")
    async for finding in _telegram(settings, probe_s=0.0 if is_running else probe_s):
        yield finding


async def require_network(settings: Settings) -> None:
    """Raise SetupError, one line, if none of three outlets of the catalogue answers.

    They are asked at once, for up to 30 seconds each; whatever ``Fetcher.fetch`` returns will do,
    and what is too large for it. Raises it for an entry of ``allow_local`` that is none, too.
    """
    found = await _network(settings)
    if found.mark is Mark.ILL:
        raise SetupError(f"{found.said} The sample newsroom needs none: run without --live.")


def _unknown(found: UnknownName) -> Finding:
    advice = f"did you mean {found.meant}?" if found.meant else "take it out."
    return Finding(Mark.ILL, f"{found.name} in {found.place} is no setting: {advice}")


async def _feeds(settings: Settings) -> AsyncIterator[Finding]:
    """Read the operator's feeds once; yield a finding on each, and on languages without a feed."""
    spoken = set(load_sources().languages)
    if settings.feeds:
        async with open_feed_reader(settings) as reader:
            asked = (reader.ask(FeedState(url=url)) for url in settings.feeds)
            answers = await asyncio.gather(*asked)
        for url, (outcome, listing) in zip(settings.feeds, answers, strict=True):
            yield _feed(url, listing, outcome.error)
        spoken |= {listing.language for _, listing in answers if listing}
    if "" in spoken:  # a feed that doesn't name its language may be in any
        return
    for language in settings.languages:
        if language not in spoken:
            yield Finding(
                Mark.ILL,
                f"No outlet of the catalogue writes in {language}: take it out of "
                "DAYBRIEF_LANGUAGES, or add feeds in it to DAYBRIEF_FEEDS.",
            )


def _feed(url: str, listing: Listing | None, error: Reason | None) -> Finding:
    shown, query, _ = url.partition("?")  # a query may hold a key
    shown += query and "?…"
    if listing is None:
        why = explain(error, texts_for("en")) if error else "it lists nothing"
        return Finding(Mark.ILL, f"{shown}: {why}; mend it in DAYBRIEF_FEEDS, or take it out.")
    if not listing.entries:
        return Finding(Mark.ILL, f"{shown} lists no entries: take it out of DAYBRIEF_FEEDS.")
    return Finding(Mark.WELL, f"{shown}: {listing.title}, {len(listing.entries)} entries.")


def _storage(path: Path) -> list[Finding]:
    """Return how much disk is free where the database lies, and who may write and read there."""
    # While the database's folder is missing, the one it will be made in.
    folder = next(folder for folder in path.parents if folder.is_dir())
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB of disk are free in {folder}"
    disk = Finding(Mark.WELL, f"{said}.")
    if free < _MIN_FREE_BYTES:
        disk = Finding(Mark.ILL, f"{said}: make room, or move the database.")
    faults = []
    if not os.access(folder, os.W_OK | os.X_OK):
        faults.append(f"{folder} cannot be written: give it to the user who runs daybrief.")
    elif path.exists() and not os.access(path, os.R_OK | os.W_OK):
        faults.append(f"{path} cannot be written: give it to the user who runs daybrief.")
    if os.name == "posix":  # elsewhere a mode says nothing of other people
        open_files = [file for file in files_of(path) if _mode(file) & 0o077]
        faults += [f"Others may read {file}: chmod 600 {file}" for file in open_files]
        if _mode(folder) & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH:
            faults.append(f"Anybody may put files into {folder}: chmod o-w {folder}")
    if faults:
        return [disk, *(Finding(Mark.ILL, fault) for fault in faults)]
    private = f"{folder} can be written, and nobody else reads the database."
    return [disk, Finding(Mark.WELL, private)]


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _clock() -> Finding:
    now = SystemClock().now()
    said = f"The clock shows {now:%Y-%m-%d %H:%M} UTC"
    if now <= _BUILT_AT:
        return Finding(Mark.ILL, f"{said}: set it.")
    return Finding(Mark.WELL, f"{said}.")


async def _database(url: str) -> Finding:
    try:
        async with existing(url) as database:
            faults = await check(database)
            sound = f"The database {database.shown_url} is sound."
    except NoDatabase:
        return Finding(Mark.WELL, "There is no database yet: the first run makes it.")
    except SetupError as error:
        return Finding(Mark.ILL, str(error))
    if not faults:
        return Finding(Mark.WELL, sound)
    # A run brings an older schema up by itself.
    mark = Mark.WELL if {fault.kind for fault in faults} == {FaultKind.OLDER} else Mark.ILL
    more = f" And {len(faults) - 1} more: daybrief db check." if len(faults) > 1 else ""
    return Finding(mark, described(faults[0]) + more)


async def _has_bot(url: str) -> bool:
    """Return whether a bot runs on a PostgreSQL database, as far as that can be asked."""
    try:
        async with existing(url) as database:
            return await database.has_bot()
    except (SetupError, StoreUnavailable):
        return False


async def _network(settings: Settings) -> Finding:
    outlets = load_sources().for_topic("world")[:_SIGNS]
    async with Fetcher(
        clock=SystemClock(), allow=settings.allow_local, user_agent=settings.user_agent
    ) as fetcher:
        asked = [_answers(fetcher, outlet.homepage or outlet.feed_url) for outlet in outlets]
        answered = sum(await asyncio.gather(*asked))
    if not answered:
        return Finding(Mark.ILL, "No outlet can be reached: check the network.")
    return Finding(Mark.WELL, f"{answered} of {len(outlets)} outlets asked answer.")


async def _answers(fetcher: Fetcher, url: str) -> bool:
    try:
        await fetcher.fetch(url)
    except TooLarge:
        return True
    except DaybriefError:
        return False
    return True


async def _telegram(settings: Settings, *, probe_s: float) -> AsyncIterator[Finding]:
    token = settings.token.get_secret_value()
    if not token:
        yield Finding(Mark.WELL, "No token is set: the local chat will run.")
        return
    request = AiohttpRequest(proxy=settings.proxy)
    bot = Bot(token, base_url=settings.api_url, request=request, get_updates_request=request)
    try:
        async with bot:
            yield Finding(Mark.WELL, f"Telegram knows the token: @{bot.username}.")
            try:
                webhook = (await bot.get_webhook_info()).url
            except _NOT_TELEGRAM:
                webhook = ""
            if webhook:  # no whole URL is shown: it may hold a key
                host = urlsplit(webhook).hostname or webhook
                yield Finding(
                    Mark.ILL,
                    f"A webhook is set, and {host} gets the bot's messages: end what set it; "
                    "the next run takes the webhook away.",
                )
            elif probe_s:
                yield await _poller(settings, bot, probe_s)
    except InvalidToken:
        yield Finding(
            Mark.ILL, "Telegram rejects the token: copy it again from @BotFather to DAYBRIEF_TOKEN."
        )
    except TelegramError as error:
        yield Finding(
            Mark.ILL,
            f"Telegram cannot be reached ({error.message}): check the network, "
            "DAYBRIEF_API_URL and DAYBRIEF_PROXY.",
        )
    except _NOT_TELEGRAM:
        server = urlsplit(settings.api_url).hostname
        yield Finding(
            Mark.ILL, f"{server} does not answer as Telegram does: check DAYBRIEF_API_URL."
        )


async def _poller(settings: Settings, bot: Bot, probe_s: float) -> Finding:
    """Find out within ``probe_s`` whether another process asks Telegram for the bot's updates.

    Telegram ends the older of two long polls with 409; whoever had it asks again, and so
    ends ours. Without an offset we confirm no update: the other process still gets each.
    """
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + probe_s
    is_polled = False
    try:
        while (left_s := ends_at - loop.time()) > 0:
            await bot.get_updates(limit=1, timeout=math.ceil(left_s))
            await asyncio.sleep(_PROBE_PAUSE_S)  # it answers at once while an update waits
    except Conflict:
        is_polled = True
    except _NOT_TELEGRAM:
        pass
    if not is_polled:
        return Finding(Mark.WELL, "Nobody else asks Telegram for the bot's messages.")
    said = "Another process asks Telegram for the bot's messages"
    if file_of(settings.database_url or DEFAULT_DATABASE):
        advice = "stop it, or get it a token of its own from @BotFather."
        return Finding(Mark.ILL, f"{said}: {advice}")
    # On PostgreSQL no lock shows whether that is our own bot, perhaps on another machine.
    return Finding(Mark.OPEN, f"{said}: stop it, unless it is daybrief on this database.")
