"""The command line: run, preview, doctor, db, feeds."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import DEFAULT_DATABASE, App, build
from bot.clock.system import SystemClock
from bot.collector import settle
from bot.doctor import examine, require_network
from bot.errors import ReaderError, SetupError
from bot.feed_commands import add_feed_commands
from bot.logs import set_up_logging
from bot.settings import Settings, load_settings
from bot.store import Database
from bot.store.feeds import NewFeed
from bot.store.schema import backup, check, upgrade
from bot.tryout import ShiftableClock, Tryout
from bot.tryout.newsroom import load_newsroom

__all__ = ["main"]

# The exit code for a set-up that cannot work, as argparse uses it for bad usage.
_BAD_SETUP = 2
# Between two requests to an outlet of the sample newsroom, which is of this very process.
_SAMPLE_GAP_S = 0.05


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0, 1 for a failed check, 2 for bad set-up."""
    options = _parser().parse_args(argv)
    try:
        settings = load_settings()
        set_up_logging(settings.log_level, secrets=[settings.token.get_secret_value()])
        command: Coroutine[Any, Any, int] = options.command(settings, options)
        return asyncio.run(command)
    except SetupError as error:
        print(f"daybrief: {error}", file=sys.stderr)
        return _BAD_SETUP
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="daybrief", description="One short news briefing in your chat, at the time you choose."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the bot; without a token, a local chat")
    run.add_argument("--live", action="store_true", help="local chat with real feeds")
    run.set_defaults(command=_run)
    preview = commands.add_parser("preview", help="print a briefing on topics in the terminal")
    preview.add_argument("topics", nargs="+", metavar="TOPIC")
    preview.add_argument("--live", action="store_true", help="from real feeds")
    preview.set_defaults(command=_preview)
    doctor = commands.add_parser("doctor", help="check settings, disk, database, network, token")
    doctor.set_defaults(command=_doctor)
    _add_database(commands.add_parser("db", help="upgrade, check or back up the database"))
    add_feed_commands(commands.add_parser("feeds", help="check feeds, or read what is new"))
    return parser


def _add_database(database: argparse.ArgumentParser) -> None:
    actions = database.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="bring it to the newest schema").set_defaults(
        command=_upgrade_database
    )
    actions.add_parser("check", help="look for damage").set_defaults(command=_check_database)
    copy = actions.add_parser("backup", help="copy it while the bot runs")
    copy.add_argument("target", type=Path)
    copy.set_defaults(command=_back_up_database)


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    if settings.token.get_secret_value():
        async with build(settings) as app:
            print(
                f"daybrief runs as @{app.application.bot.username}. Stop with Ctrl+C.", flush=True
            )
            await _serve(app)
        return 0
    return await _run_tryout(settings, live=options.live)


async def _run_tryout(settings: Settings, *, live: bool) -> int:
    async with _tryout(settings, live=live) as (tryout, app):
        print(f"Chat with the bot: {tryout.page_url}", flush=True)
        print("Stop with Ctrl+C.", flush=True)
        await _serve(app)
    return 0


@asynccontextmanager
async def _tryout(settings: Settings, *, live: bool) -> AsyncIterator[tuple[Tryout, App]]:
    """Give the real bot over a Bot API on loopback, with a sample newsroom unless live."""
    if live:
        await require_network(settings)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="daybrief-"))
        clock = ShiftableClock(SystemClock())
        newsroom = None if live else load_newsroom()
        tryout = await stack.enter_async_context(
            Tryout(port=settings.tryout_port, clock=clock, newsroom=newsroom)
        )
        changes = {
            "token": SecretStr(tryout.token),
            "api_url": tryout.base_url,
            "proxy": "",
            "database_url": settings.database_url or f"sqlite+aiosqlite:///{folder}/daybrief.db",
            "allow_local": (*settings.allow_local, *tryout.allow),
            "builtin_feeds": live and settings.builtin_feeds,
        }
        feeds = tuple(_sample_feed(outlet, url) for outlet, url in tryout.feeds)
        app = await stack.enter_async_context(
            build(
                settings.model_copy(update=changes),
                clock=clock,
                feeds=feeds,
                sample=not live,
                fetch_gap_s=1.0 if live else _SAMPLE_GAP_S,
            )
        )
        _join(tryout, app)
        yield tryout, app


async def _preview(settings: Settings, options: argparse.Namespace) -> int:
    async with _tryout(settings, live=options.live) as (tryout, app):
        chat = tryout.chats.new_person("en")
        try:
            for line in await app.desk.preview(chat.id, options.topics):
                print(line)
        except ReaderError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


async def _doctor(settings: Settings, _options: argparse.Namespace) -> int:
    is_well = True
    async for finding in examine(settings):
        print(f"{'✓' if finding.is_well else '✗'} {finding.said}", flush=True)
        is_well = is_well and finding.is_well
    return 0 if is_well else 1


def _sample_feed(outlet: Any, url: str) -> NewFeed:
    return NewFeed(
        url=url,
        source=outlet.name,
        language=outlet.language,
        country=outlet.country,
        state_run=outlet.state_run,
        public=True,
    )


def _join(tryout: Tryout, app: App) -> None:
    """Let the page's reader tell the bot the zone, and move the bot's morning."""
    tryout.hooks.on_hello = app.desk.hello
    tryout.hooks.next_due = app.desk.next_due
    tryout.hooks.after_jump = app.catch_up


async def _serve(app: App) -> None:
    """Let the bot run until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await app.start()
    settle()
    await stop.wait()


async def _upgrade_database(settings: Settings, _options: argparse.Namespace) -> int:
    async with Database(settings.database_url or DEFAULT_DATABASE) as database:
        await upgrade(database)
        print(f"{database.shown_url} is up to date.")
    return 0


async def _check_database(settings: Settings, _options: argparse.Namespace) -> int:
    async with Database(settings.database_url or DEFAULT_DATABASE) as database:
        faults = await check(database)
        print("\n".join(faults) or f"{database.shown_url} is sound.")
    return 1 if faults else 0


async def _back_up_database(settings: Settings, options: argparse.Namespace) -> int:
    async with Database(settings.database_url or DEFAULT_DATABASE) as database:
        await backup(database, options.target)
        print(f"Backed up to {options.target}.")
    return 0
