"""The command line: run, preview, doctor, db, feeds."""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import threading
import tomllib
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App, build
from bot.assembly import DEFAULT_DATABASE
from bot.clock.system import SystemClock
from bot.doctor import Mark, described, examine, require_network
from bot.errors import ReaderError, SetupError, StoreUnavailable
from bot.feed_commands import add_feed_commands
from bot.gather.catalogue.outlets import outlet_id
from bot.logs import set_up_logging
from bot.memory import settle
from bot.send import telegram_address
from bot.settings import Settings, load_settings, unknown_names
from bot.store import Database
from bot.store.database import why
from bot.store.feeds import NewFeed
from bot.store.files import file_of, only_bot
from bot.store.schema import backup, check, existing, upgrade
from bot.texts import explain, texts_for
from bot.tryout import ShiftableClock, Tryout
from bot.tryout.newsroom import FIRST_DAY, load_newsroom

__all__ = ["main"]

# The exit code for a set-up that cannot work, as argparse uses it for bad usage.
_BAD_SETUP = 2
# SIGTERM ends the program within 10 s.
_END_S = 9.0
# Between two requests to an outlet of the sample newsroom, which is of this very process.
_SAMPLE_GAP_S = 0.05


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    0, 1 for a failed check or a preview of what cannot be read about, 2 for a set-up that cannot
    work or a database that does not answer, 130 after Ctrl+C. ``argv`` are the words after the
    program's name, by default the process's. Blocks until the command has ended: ``run`` until
    SIGINT or SIGTERM, which end it with 0 once it serves. Sets up logging for the process, and
    prints to stdout and stderr. To be called in the main thread. Raises SystemExit, as argparse
    does for --help, --version and bad usage, RuntimeError within an event loop, and what nobody
    foresaw.
    """
    options = _parser().parse_args(argv)
    try:
        settings = _settings(options)
        set_up_logging(settings.log_level, secrets=[settings.token.get_secret_value()])
        command: Coroutine[Any, Any, int] = options.command(settings, options)
        return asyncio.run(command)
    except SetupError as error:
        print(f"daybrief: {error}", file=sys.stderr)
        return _BAD_SETUP
    except (StoreUnavailable, ExceptionGroup) as error:
        lost: Exception = error
        while isinstance(lost, ExceptionGroup):  # a refresh raises it in groups
            lost = lost.exceptions[0]
        if not isinstance(lost, StoreUnavailable):
            raise
        print(f"daybrief: The database does not answer: {why(lost)}.", file=sys.stderr)
        return _BAD_SETUP
    except KeyboardInterrupt:
        return 130


def _settings(options: argparse.Namespace) -> Settings:
    """Return the settings for a command; raise SetupError if a name can only be a typo.

    Other unknown names are passed over with a warning: Kubernetes puts DAYBRIEF_PORT and its
    like beside a service called daybrief. The doctor says it of all of them.
    """
    unknown = [] if options.command is _doctor else unknown_names(options.env_file)
    for found in unknown:
        if found.is_typo:
            raise SetupError(f"{found.name} is no setting: did you mean {found.meant}?")
    if unknown:
        names = ", ".join(
            f"{found.name} (did you mean {found.meant}?)" if found.meant else found.name
            for found in unknown
        )
        print(f"daybrief: passed over, since no settings: {names}", file=sys.stderr)
    overrides = {}
    if options.data is not None:
        path = str(options.data.absolute() / "daybrief.db")
        quoted = path.replace("%", "%25").replace("?", "%3F")
        overrides["database_url"] = f"sqlite+aiosqlite:///{quoted}"
    return load_settings(options.env_file, **overrides)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="daybrief",
        description="One short news briefing in your chat, at the time you choose.",
        epilog="Settings are environment variables and lines of .env; .env.example tells of each.",
        parents=[_common_options()],
    )
    parser.set_defaults(env_file=None, data=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = _common_options()
    add = partial(commands.add_parser, parents=[common])
    run = add("run", help="start the bot; without a token, a local chat")
    run.add_argument("--live", action="store_true", help="local chat with real feeds")
    run.set_defaults(command=_run)
    preview = add("preview", help="print a briefing on topics in the terminal")
    preview.add_argument("topics", nargs="+", metavar="TOPIC")
    preview.add_argument("--live", action="store_true", help="from real feeds")
    preview.set_defaults(command=_preview)
    doctor = add("doctor", help="check settings, feeds, disk, database, network, token")
    doctor.set_defaults(command=_doctor)
    database = add("db", help="upgrade, check or back up the database")
    database.set_defaults(command=_database)
    actions = database.add_subparsers(required=True, metavar="ACTION", dest="action")
    add_action = partial(actions.add_parser, parents=[common])
    add_action("upgrade", help="make it, or bring it to the newest schema")
    add_action("check", help="look for damage")
    copy = add_action("backup", help="copy it while the bot runs")
    copy.add_argument("target", type=Path, metavar="FILE", help="a new file, for you alone")
    add_feed_commands(add("feeds", help="check feeds, or read what is new"), common)
    return parser


def _common_options() -> argparse.ArgumentParser:
    """Return the options that may stand before a command and behind it."""
    try:
        version = metadata.version("daybrief")
    except metadata.PackageNotFoundError:  # we run from a checkout
        project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
        version = str(project["project"]["version"])
    # Without defaults: those of a command would hide what stood before it.
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--env-file", type=Path, metavar="FILE", help="read settings from FILE, not from .env"
    )
    common.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="keep memory in DIR/daybrief.db, whatever DAYBRIEF_DATABASE_URL says",
    )
    common.add_argument(
        "--version",
        action="version",
        version=f"daybrief {version}",
        help="say which daybrief this is",
    )
    return common


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    """Run the bot, alone on its SQLite database: two would send all things twice."""
    token = settings.token.get_secret_value()
    url = settings.database_url or (DEFAULT_DATABASE if token else "")
    path = file_of(url) if url else None
    with only_bot(path) if path else nullcontext():
        if token:
            async with build(settings) as app:
                name = app.application.bot.username
                print(f"daybrief runs as @{name}. Stop with Ctrl+C.", flush=True)
                await _serve(app)
        else:
            async with _tryout(settings, live=options.live) as (tryout, app):
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
        clock = ShiftableClock(SystemClock(), first_day=None if live else FIRST_DAY)
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
        # A memory that was kept is not told earlier than what it tells of.
        if not live and (newest_at := await app.store.editions.newest_at()) is not None:
            clock.jump_to(newest_at)
            tryout.mornings[0] = clock.now()
        # The page's reader tells the bot the zone, and moves the bot's morning.
        tryout.hooks.on_hello = app.dispatcher.hello
        tryout.hooks.next_due = app.dispatcher.next_due
        tryout.hooks.locale_of = app.dispatcher.locale_of
        tryout.hooks.after_jump = app.catch_up
        yield tryout, app


async def _preview(settings: Settings, options: argparse.Namespace) -> int:
    nowhere = settings.model_copy(update={"database_url": ""})  # the owner's readers are not ours
    async with _tryout(nowhere, live=options.live) as (tryout, app):
        chat = tryout.chats.new_person("en")
        try:
            for line in await app.dispatcher.preview(telegram_address(chat.id), options.topics):
                print(line)
        except ReaderError as error:
            print(explain(error.reason, texts_for("en")), file=sys.stderr)
            return 1
    return 0


async def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    is_well = True
    async for finding in examine(settings, unknown_names(options.env_file)):
        print(f"{finding.mark.value} {finding.said}", flush=True)
        is_well = is_well and finding.mark is not Mark.ILL
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


async def _serve(app: App) -> None:
    """Let the bot run until SIGINT or SIGTERM; raise SetupError if another took its place."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(*_: object) -> None:
        # It ends in time, whatever is under way by then (a thread, a name looked up): it may be
        # killed at any line. Nothing is lost, and one message may be repeated.
        timer = threading.Timer(_END_S, os._exit, (0,))
        timer.daemon = True
        timer.start()
        loop.call_soon_threadsafe(stop.set)

    # Not the loop's own handlers: those wait for what blocks the loop.
    replaced = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        await app.start()
        settle()
        ends = [asyncio.create_task(end.wait()) for end in (stop, app.overtaken)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for waiting in ends:
            waiting.cancel()
        if app.overtaken.is_set():
            name = app.store.database.name
            raise SetupError(f"Another daybrief runs on {name}: this one has ended.")
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)


async def _database(settings: Settings, options: argparse.Namespace) -> int:
    """Upgrade, check or back up the database; 1 if the check finds a fault."""
    url = settings.database_url or DEFAULT_DATABASE
    if options.action == "upgrade":
        async with Database(url) as database:
            await upgrade(database, languages=settings.languages, outlet_of=outlet_id)
            print(f"{database.shown_url} is up to date.")
        return 0
    async with existing(url) as database:
        if options.action == "backup":
            await backup(database, options.target)
            print(f"Backed up to {options.target}.")
            return 0
        faults = await check(database)
        print("\n".join(map(described, faults)) or f"{database.shown_url} is sound.")
        return 1 if faults else 0
