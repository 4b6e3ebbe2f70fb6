"""How the bot copes with hostile documents: outcome, time, memory, and delay of other readers.

    python -m benchmarks.hostile [--data DIR] [--json]

``--data`` is a folder with ``hostile/``: documents.jsonl gives the expected outcome of each
document, thirdparty.jsonl lists documents of other projects' test suites, which may end in any way
but do no harm. A separate process serves them all on loopback. Each is processed as in the
product: fetched, parsed in a worker, and, if it is a page, summarized. The real bot runs around
this and answers /help all the time. The outcome ``accept`` means that the expected content was
read, ``error`` that one of our errors was raised, ``capped`` either. ``bot_mb`` is the memory of
the bot's process, ``tree_mb`` includes its workers, with shared pages counted once; ``stall_ms`` is
the longest time that the event loop's thread worked without a pause.
"""

import argparse
import asyncio
import json
import multiprocessing
import runpy
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
from aiohttp import web
from pydantic import SecretStr
from telegram import Update
from telegram.request import BaseRequest, RequestData

from benchmarks import lean
from benchmarks.floors import unmet
from bot.app import WORKER_IMPORTS, App, build
from bot.chat import Throttle
from bot.clock.system import SystemClock
from bot.errors import DaybriefError, GiveUp
from bot.gather.feeds.formats import parse_feed
from bot.gather.feeds.listing import read_listing
from bot.gather.feeds.opml import read_opml
from bot.gather.http.fetch import Fetcher
from bot.gather.pages.extract import extract_article
from bot.memory import settle
from bot.send import UNPACED
from bot.settings import Settings
from bot.workers import Workers
from summarizers import Budget, Document, summarize

__all__ = ["main"]

_MAX_S = 5.0
_HELP_EVERY_S = 0.2
_TICK_S = 0.005
_USER = {"id": 1, "is_bot": False, "first_name": "Reader", "language_code": "en"}
_TYPES = {"feed": "application/rss+xml", "html": "text/html", "opml": "text/x-opml"}


@dataclass(frozen=True, slots=True)
class Case:
    """A document and its expected outcome ``expect``: accept, error, capped, or any."""

    name: str
    kind: str
    path: Path
    expect: str
    min_entries: int = 0
    contains: str = ""
    must_not_contain: str = ""


@dataclass(slots=True)
class Watched:
    """The measurements while the documents were read: peaks, and the time of each /help."""

    bot_mb: float = 0.0
    tree_mb: float = 0.0
    stall_ms: float = 0.0
    help_ms: list[float] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(argv)
    figures: dict[str, Any] = {"benchmark": "hostile"}
    if options.data:
        with tempfile.TemporaryDirectory() as folder:
            cases = _cases(options.data / "hostile", Path(folder))
            with _published(cases) as port:
                figures |= asyncio.run(_measured(cases, port, Path(folder)))
    if not options.json:
        for name, found in figures.items():
            print(f"{name:12} {found}")
    print(json.dumps(figures))
    missed = unmet("hostile", figures)
    print("".join(f"{line}\n" for line in missed), end="", file=sys.stderr)
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.hostile", description=__doc__)
    parser.add_argument("--data", type=Path, help="where the documents are")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _cases(source: Path, folder: Path) -> list[Case]:
    """Return all documents; those too large for the data set are generated in ``folder`` first."""
    copy = folder / "hostile"
    shutil.copytree(source, copy, copy_function=shutil.copyfile)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)
    runpy.run_path(str(copy / "make_large.py"))
    cases = []
    for row in _rows(copy / "documents.jsonl"):
        keys = {
            key: row[key] for key in ("min_entries", "contains", "must_not_contain") if key in row
        }
        expect = "any" if row.get("optional") else row["expect"]
        cases.append(Case(row["name"], row["kind"], copy / row["file"], expect, **keys))
    for row in _rows(copy / "thirdparty.jsonl"):
        path = copy / row["file"]
        cases.append(Case(path.stem, "feed", path, "any"))
    return cases


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# ------------------------------------------------------------------ the server


@contextmanager
def _published(cases: Sequence[Case]) -> Iterator[int]:
    """Run a process that serves each document at ``/`` and its number; yield the port."""
    context = multiprocessing.get_context("spawn")
    parent_end, child_end = context.Pipe()
    process = context.Process(target=_publish, args=(child_end, list(cases)), name="publishers")
    process.start()
    try:
        yield parent_end.recv()
    finally:
        parent_end.send(None)
        process.join(10)


def _publish(pipe: Connection, cases: Sequence[Case]) -> None:
    asyncio.run(_serve(pipe, cases))


async def _serve(pipe: Connection, cases: Sequence[Case]) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        case = cases[int(request.path.rsplit("/", 1)[1])]
        return web.Response(body=case.path.read_bytes(), content_type=_TYPES[case.kind])

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send(runner.addresses[0][1])
    await asyncio.to_thread(pipe.recv)
    await runner.cleanup()


# ------------------------------------------------------------------ the bot


class _Wire(BaseRequest):
    """A fake Bot API at the request layer, with what /help needs."""

    @property
    def read_timeout(self) -> float:
        """How long to wait for an answer, in seconds."""
        return 5.0

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: object,
        **more_timeouts: object,
    ) -> tuple[int, bytes]:
        """Return the HTTP status and JSON that Telegram would."""
        del method, timeouts, more_timeouts
        parameters = request_data.parameters if request_data else {}
        result: object = True
        if url.endswith("/getMe"):
            result = {
                "id": 123456789,
                "is_bot": True,
                "first_name": "daybrief",
                "username": "daybrief_bot",
            }
        elif url.endswith("/sendMessage"):
            chat = {"id": parameters["chat_id"], "type": "private"}
            result = {"message_id": 1, "date": 1, "chat": chat, "text": parameters["text"]}
        return 200, json.dumps({"ok": True, "result": result}).encode()


async def _measured(cases: Sequence[Case], port: int, folder: Path) -> dict[str, Any]:
    workers = Workers(imports=WORKER_IMPORTS)
    app = build(
        Settings(
            _env_file=None,  # type: ignore[call-arg] # of pydantic-settings
            token=SecretStr("123456789:" + "A" * 35),
            database_url=f"sqlite+aiosqlite:///{folder}/hostile.db",
            builtin_feeds=False,
        ),
        request=_Wire(),
        workers=workers,
        throttle=Throttle(max_requests=1_000_000),
        limits=UNPACED,
    )
    fetcher = Fetcher(
        clock=SystemClock(), user_agent="daybrief", allow=[f"127.0.0.1:{port}"], min_gap_s=0.0
    )
    async with app, fetcher:
        settle()  # as the bot does
        before = _memory()[1]
        async with _watch(app) as seen:
            ended = [
                await _ended(case, f"http://127.0.0.1:{port}/{number}", fetcher, workers)
                for number, case in enumerate(cases)
            ]
    wrong = [f"{case.name}: {how}" for case, (how, _) in zip(cases, ended, strict=True) if how]
    slowest = max(zip(cases, ended, strict=True), key=lambda pair: pair[1][1])
    return {
        "documents": len(cases),
        "expected": dict(Counter(case.expect for case in cases)),
        "wrong": len(wrong),
        "which": wrong,
        "slowest_s": round(slowest[1][1], 2),
        "slowest": slowest[0].name,
        "bot_mb": round(seen.bot_mb),
        "tree_mb": round(seen.tree_mb),
        "before_mb": round(before),
        "stall_ms": round(seen.stall_ms),
        "help_ms": round(max(seen.help_ms)),
        "helps": len(seen.help_ms),
    }


async def _ended(case: Case, url: str, fetcher: Fetcher, workers: Workers) -> tuple[str, float]:
    """Return the fault in a document's outcome, "" for none, and the seconds it took."""
    began = time.perf_counter()
    try:
        count, text = await _read(case, url, fetcher, workers)
    except DaybriefError as error:
        fault = _of_error(case, error)
    else:
        fault = _of_reading(case, count, text)
    took = time.perf_counter() - began
    return fault or (f"took {took:.1f} s" if took > _MAX_S else ""), took


def _of_error(case: Case, error: DaybriefError) -> str:
    if not isinstance(error, GiveUp):
        return f"ended as {error!r}"
    return f"was refused: {error}" if case.expect == "accept" else ""


def _of_reading(case: Case, count: int, text: str) -> str:
    if case.expect == "error":
        return "was accepted"
    if case.must_not_contain and case.must_not_contain in text:
        return "gave away what it must not"
    if case.expect == "accept" and (count < case.min_entries or case.contains not in text):
        return f"lost something: {count} entries"
    return ""


async def _read(case: Case, url: str, fetcher: Fetcher, workers: Workers) -> tuple[int, str]:
    """Return the number of entries (1 for a page) and the text of a document."""
    if case.kind == "opml":
        fetched = await fetcher.fetch(url, max_bytes=8_000_000)
        listed = await workers.run(read_opml, fetched.body)
        return len(listed.feeds), " ".join(feed.title for feed in listed.feeds)
    fetched = await fetcher.fetch(url)
    if case.kind == "feed":
        await workers.run(read_listing, fetched.body, url)
        # A briefing needs URLs to link to; parsing a feed does not.
        feed = await workers.run(parse_feed, fetched.body, url=url)
        return len(feed.entries), " ".join(f"{entry.title} {entry.html}" for entry in feed.entries)
    article = await workers.run(extract_article, fetched.body, url=url)
    # As for a briefing. Not a function of this module, which a worker would have to import.
    documents = [Document(article.text)]
    await workers.run(summarize, documents, budget=Budget(words=100), language="en")
    return 1, article.text


@asynccontextmanager
async def _watch(app: App) -> AsyncIterator[Watched]:
    seen = Watched()
    tasks = [asyncio.create_task(watch) for watch in (_tick(seen), _weigh(seen), _ask(app, seen))]
    try:
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tick(seen: Watched) -> None:
    """Record the longest CPU time of this thread during one short sleep."""
    while True:
        cpu = time.thread_time()
        await asyncio.sleep(_TICK_S)
        seen.stall_ms = max(seen.stall_ms, 1_000 * (time.thread_time() - cpu))


async def _weigh(seen: Watched) -> None:
    while True:
        bot_mb, tree_mb = await asyncio.to_thread(_memory)
        seen.bot_mb, seen.tree_mb = max(seen.bot_mb, bot_mb), max(seen.tree_mb, tree_mb)
        await asyncio.sleep(0.1)


async def _ask(app: App, seen: Watched) -> None:
    """Send /help from a reader repeatedly, and record the times of the answers."""
    for number in range(1, sys.maxsize):
        began = time.perf_counter()
        message = {
            "message_id": number,
            "date": 1,
            "chat": {"id": 1, "type": "private", "first_name": "Reader"},
            "from": _USER,
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        }
        update = Update.de_json({"update_id": number, "message": message}, app.application.bot)
        await app.application.process_update(update)
        await app.flow.deliver()
        seen.help_ms.append(1_000 * (time.perf_counter() - began))
        await asyncio.sleep(_HELP_EVERY_S)


def _memory() -> tuple[float, float]:
    """Return the memory of the bot, and of the bot with its workers, in MB."""
    publishers = {
        child.pid for child in multiprocessing.active_children() if child.name == "publishers"
    }
    me = psutil.Process()
    taken = [_taken(child) for child in me.children(recursive=True) if child.pid not in publishers]
    return _taken(me), _taken(me) + sum(taken)


def _taken(process: psutil.Process) -> float:
    try:
        memory = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0.0
    return float(getattr(memory, "pss", memory.rss)) / 1e6


if __name__ == "__main__":
    sys.exit(lean.run("benchmarks.hostile"))
