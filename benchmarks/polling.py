"""The cost of polling thousands of feeds: our pipeline compared with httpx and feedparser.

    python -m benchmarks.polling [--json] [--feeds 4000] [--rounds 3] [--memory-feeds 20000]

First, memory is measured while many feeds are polled for several rounds, and the request pattern
while a few feeds that share a host are polled. Then speed is measured: each feed is a host of its
own on loopback, all served by a separate process that first closes each connection and then keeps
it (each measured round then follows a round that opened the connections). In each round a tenth
of the feeds has changed, by two of twenty entries; the others answer 304. Results are stored in
SQLite. CPU seconds are those of the bot's process and its parsing worker together; ``alone`` is
without the worker. The peer polls the same feeds, claimed from and saved to a store of the same
kind, with httpx and feedparser. ``--data`` is accepted and not used.
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import feedparser
import httpx
import psutil
from aiohttp.abc import AbstractResolver, ResolveResult

from benchmarks import lean
from benchmarks.floors import unmet
from bot.clock.system import SystemClock
from bot.domain.feed_entry import FeedEntry
from bot.gather.http.fetch import Fetcher
from bot.memory import settle
from bot.steps.matching import Matching
from bot.steps.polling import Polling
from bot.store import Database, Store
from bot.store.feeds import FeedRow, NewFeed, PolledFeed
from bot.store.schema import upgrade
from bot.topics import load_topics
from bot.workers import Workers

__all__ = ["main"]

_ENTRIES = 20
_NEW = 2
# A tenth of the feeds has new entries, a different tenth in each round.
_EVERY = 10
_AT_ONCE = 64
_MEMORY_ROUNDS = 10
_SHARED = 5
_SLOW_S = 0.05
_WORDS = (
    "The ferry line between the two banks opens again on Monday, the harbour office said, after "
    "eleven weeks in which everybody had to cross by the railway bridge. "
)


# ------------------------------------------------------------------ the server


def body_of(feed: int, edition: int) -> bytes:
    """Return a feed as RSS: twenty entries, of which two are new in each edition."""
    newest = _ENTRIES + _NEW * edition
    items = "".join(
        f"<item><title>Pier {feed}: notice {n} of the harbour office</title>"
        f"<link>http://f{feed}.example/{n}</link><guid>f{feed}-{n}</guid>"
        f"<pubDate>Mon, 01 Jun 2026 {n // 60 % 24:02}:{n % 60:02}:00 GMT</pubDate>"
        f"<description>{_WORDS * 2}Notice {n}.</description></item>"
        for n in range(newest, newest - _ENTRIES, -1)
    )
    head = f"<title>Pier {feed}</title><link>http://f{feed}.example/</link>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}'
        f"<language>en</language>{items}</channel></rss>"
    ).encode()


@dataclass(slots=True)
class _Stage:
    """What the server serves now: the edition, and whether it keeps connections open."""

    edition: int = 0
    keeps: bool = False


class _Publisher(asyncio.Protocol):
    """The HTTP server protocol; it answers requests for "/slow/…" after ``_SLOW_S``."""

    def __init__(self, log: "_Log", stage: _Stage) -> None:
        self._log = log
        self._stage = stage
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        lines = data.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
        }
        path = lines[0].split(" ")[1]
        self._log.begin(headers["host"])
        wait_s = _SLOW_S if path.startswith("/slow/") else 0.0
        feed, asked = int(path.rsplit("/", 1)[1]), headers.get("if-none-match", "")
        if wait_s:
            loop = asyncio.get_running_loop()
            loop.call_later(wait_s, self._answer, headers["host"], feed, asked)
        else:
            self._answer(headers["host"], feed, asked)

    def _answer(self, host: str, feed: int, asked: str) -> None:
        assert self._transport is not None
        edition = (self._stage.edition + feed % _EVERY) // _EVERY
        etag = f'"{feed}-{edition}"'
        head, body, status = f"ETag: {etag}\r\n", b"", "304 Not Modified"
        if asked != etag:
            status, body = "200 OK", body_of(feed, edition)
            head += f"Content-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
        if not self._stage.keeps:
            head += "Connection: close\r\n"
        self._log.end(host)
        self._transport.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)
        if not self._stage.keeps:
            self._transport.close()


class _Log:
    """The times of the requests and the numbers of open requests, by host."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.open: dict[str, int] = defaultdict(int)
        self.most_open = 0

    def begin(self, host: str) -> None:
        self.asked[host].append(time.monotonic())
        self.open[host] += 1
        self.most_open = max(self.most_open, self.open[host])

    def end(self, host: str) -> None:
        self.open[host] -= 1

    def figures(self) -> dict[str, float]:
        gaps = [b - a for times in self.asked.values() for a, b in pairwise(times)]
        return {"most at a time": self.most_open, "least gap s": round(min(gaps, default=0.0), 3)}


def _publish(pipe: Connection) -> None:
    """Serve until None is received.

    A received ``_Stage`` is applied and sent back; "log" is answered with the figures since the
    last "log".
    """
    asyncio.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    log, stage = _Log(), _Stage()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Publisher(log, stage), "127.0.0.1", 0, backlog=1_024)
    pipe.send(server.sockets[0].getsockname()[1])
    while (order := await asyncio.to_thread(pipe.recv)) is not None:
        if order == "log":
            pipe.send(log.figures())
            log.clear()
        else:
            stage.edition, stage.keeps = order.edition, order.keeps
            pipe.send(order)
    server.close()


@contextmanager
def _publishers() -> Iterator[tuple[int, Callable[[Any], Any]]]:
    """Run a process that serves feeds; yield its port, and a function that sends it an order."""
    context = multiprocessing.get_context("spawn")
    parent_end, child_end = context.Pipe()
    process = context.Process(target=_publish, args=(child_end,), name="publishers")
    process.start()

    def tell(order: Any) -> Any:
        parent_end.send(order)
        return parent_end.recv()

    try:
        yield parent_end.recv(), tell
    finally:
        parent_end.send(None)
        process.join(10)


class _Loopback(AbstractResolver):
    """A resolver that resolves every name to 127.0.0.1."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return 127.0.0.1."""
        assert family in {socket.AF_INET, socket.AF_UNSPEC}
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=port,
                family=socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


# ------------------------------------------------------------------ the clients

Round = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class _Bot:
    store: Store
    fetcher: Fetcher
    workers: Workers
    clock: "_Later"


class _Later(SystemClock):
    """The real clock plus ``ahead``, which makes every feed due again."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return datetime.now(UTC) + self.ahead


def _ours(bot: _Bot) -> Round:
    matching = Matching(bot.store, load_topics(), bot.clock)
    polling = Polling(bot.store, bot.fetcher, bot.workers, matching, bot.clock)

    async def poll() -> int:
        report = await polling.poll()
        assert report.failed == 0, report
        return report.entries

    return poll


def _peer(bot: _Bot, client: httpx.AsyncClient) -> Round:
    """Return a function that claims, fetches, parses and saves by httpx and feedparser."""

    async def poll() -> int:
        new = 0
        while feeds := await bot.store.feeds.claim_due(
            now=bot.clock.now(), limit=2 * _AT_ONCE, lease=timedelta(minutes=10)
        ):
            polls = await asyncio.gather(*(poll_feed(feed) for feed in feeds))
            new += await bot.store.feeds.save_polls(polls, now=bot.clock.now())
        return new

    async def poll_feed(feed: FeedRow) -> PolledFeed:
        known = json.loads(feed.state).get("etag")
        answer = await client.get(feed.url, headers={"If-None-Match": known} if known else {})
        entries: list[FeedEntry] = []
        if answer.status_code == 200:
            parsed = await asyncio.to_thread(feedparser.parse, answer.content)
            entries = [_feed_entry(entry) for entry in parsed.entries]
        return PolledFeed(
            feed_id=feed.id,
            state=json.dumps({"etag": answer.headers.get("ETag", known)}),
            error=None,
            next_poll_at=bot.clock.now() + timedelta(minutes=30),
            entries=entries,
            source=feed.source or "Pier",
        )

    return poll


class _Routed(httpx.AsyncHTTPTransport):
    """httpx's own transport, which connects to the server on loopback for every host."""

    def __init__(self, port: int) -> None:
        limits = httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
        super().__init__(limits=limits)
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the server; the Host header keeps the original host."""
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


def _feed_entry(entry: Any) -> FeedEntry:
    return FeedEntry(
        guid=entry.get("id", ""),
        url=entry.get("link", ""),
        title=entry.get("title", ""),
        text=entry.get("summary", ""),
        language="en",
        complete=False,
        published_at=None,
    )


# ------------------------------------------------------------------ measuring


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(argv)
    figures: dict[str, Any] = {"benchmark": "polling"}
    with _publishers() as (port, tell):
        if options.memory_feeds:  # first, so that memory left by a peer does not count
            figures["memory"] = asyncio.run(_memory(port, tell, options.memory_feeds))
        figures["one host"] = asyncio.run(_one_host(port, tell))
        for keeps in (False, True):
            kind = "kept connections" if keeps else "new connections"
            figures[kind] = asyncio.run(_throughput(port, tell, options, keeps=keeps))
    if not options.json:
        for name, found in figures.items():
            print(f"{name:12} {found}")
    print(json.dumps(figures))
    missed = unmet("polling", figures)
    print("".join(f"{line}\n" for line in missed), end="", file=sys.stderr)
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.polling", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--feeds", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory-feeds", type=int, default=20_000, help="0 leaves that out")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


async def _throughput(
    port: int, tell: Callable[[Any], Any], options: argparse.Namespace, *, keeps: bool
) -> dict[str, Any]:
    """Return the rates of ours and the peer in the median round, and the median of their ratios.

    A first round, in which every entry is new, is not measured. The two alternate, so that a
    slowdown of the machine affects both.
    """
    urls = [f"http://f{n}.example:{port}/{n}" for n in range(options.feeds)]
    found: dict[str, list[dict[str, float]]] = {"ours": [], "peer": []}
    async with AsyncExitStack() as stack:
        bots = {}
        for name in found:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            bots[name] = await stack.enter_async_context(_house(folder, urls, port))
        client = httpx.AsyncClient(transport=_Routed(port), timeout=30)
        await stack.enter_async_context(client)
        polls = {"ours": _ours(bots["ours"]), "peer": _peer(bots["peer"], client)}
        tell(_Stage(0, keeps))
        for poll in polls.values():
            await poll()
        in_a_row = 2 if keeps else 1
        for first in range(1, in_a_row * options.rounds + 1, in_a_row):
            for name, poll in polls.items():
                for number in range(first, first + in_a_row):
                    tell(_Stage(number, keeps))
                    bots[name].clock.ahead += timedelta(hours=7)
                    cost = await _round(poll, len(urls))
                found[name].append(cost)
    ratios = [
        a["polls per CPU s"] / b["polls per CPU s"]
        for a, b in zip(found["ours"], found["peer"], strict=True)
    ]
    medians = {
        name: {key: round(statistics.median(costs[key] for costs in rounds)) for key in rounds[0]}
        for name, rounds in found.items()
    }
    return medians | {"ratio": round(statistics.median(ratios), 2)}


async def _round(poll: Round, feeds: int) -> dict[str, float]:
    """Run one round, and return its rates."""
    before, began = _cpu(), time.perf_counter()
    new = await poll()
    took, after = time.perf_counter() - began, _cpu()
    assert new == _NEW * feeds // _EVERY, new
    cpu_s = [b - a for a, b in zip(before, after, strict=True)]
    return {
        "polls per CPU s": feeds / sum(cpu_s),
        "alone": feeds / cpu_s[0],
        "polls per s": feeds / took,
    }


async def _one_host(port: int, tell: Callable[[Any], Any]) -> dict[str, Any]:
    """Return the request pattern on a host with several feeds."""
    urls = [f"http://shared.example:{port}/slow/{n}" for n in range(_SHARED)]
    with tempfile.TemporaryDirectory() as folder:
        async with _house(folder, urls, port) as bot:
            tell("log")
            await _ours(bot)()
    return dict(tell("log"))


async def _memory(port: int, tell: Callable[[Any], Any], feeds: int) -> dict[str, Any]:
    """Return the bot's memory (USS, in MB) over rounds in which every feed is polled."""
    urls = [f"http://f{n}.example:{port}/{n}" for n in range(feeds)]
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        async with _house(folder, urls, port) as bot:
            poll = _ours(bot)
            for number in range(_MEMORY_ROUNDS):
                tell(_Stage(number))
                bot.clock.ahead += timedelta(hours=7)
                await poll()
                taken.append(psutil.Process().memory_full_info().uss / 1e6)
                children = psutil.Process().children(recursive=True)
                worker = max(child.memory_full_info().uss / 1e6 for child in children)
    return {
        "feeds": feeds,
        "MB": round(max(taken)),
        "worker MB": round(worker),
        "growth": round(max(taken[-3:]) / max(taken[1:4]) - 1, 3),
        "rounds": [round(size) for size in taken],
    }


class _house:  # noqa: N801 - used like a function, as a context manager
    """A store, a fetcher and workers, with ``urls`` as feeds that are due."""

    def __init__(self, folder: str, urls: Sequence[str], port: int) -> None:
        self._database = Database(f"sqlite+aiosqlite:///{folder}/polling.db")
        self._urls = urls
        self._clock = _Later()
        hosts = {url.split("/")[2] for url in urls}
        self._fetcher = Fetcher(
            clock=self._clock,
            user_agent="daybrief-benchmark",
            allow=[*hosts, f"127.0.0.1:{port}"],
            resolver=_Loopback(),
        )
        self._workers = Workers(imports=("bot.gather.preload",))

    async def __aenter__(self) -> _Bot:
        await self._database.__aenter__()
        await upgrade(self._database)
        store = Store(self._database)
        new = [NewFeed(url=url, source="Pier", public=True) for url in self._urls]
        await store.feeds.add(new, ["*"], now=self._clock.now())
        await self._fetcher.__aenter__()
        await self._workers.__aenter__()
        await self._workers.warm()
        settle()  # as the bot does
        return _Bot(store, self._fetcher, self._workers, self._clock)

    async def __aexit__(self, *_: object) -> None:
        await self._workers.__aexit__(None, None, None)
        await self._fetcher.__aexit__(None, None, None)
        await self._database.__aexit__(None, None, None)


def _cpu() -> tuple[float, float]:
    """Return the CPU seconds of this process, and of all processes below it but the server."""
    children = psutil.Process().children(recursive=True)
    # cpu_times also contains the times of children that have ended.
    theirs = sum(sum(child.cpu_times()[:4]) for child in children if child.pid != _publisher())
    return time.process_time(), theirs


def _publisher() -> int:
    """Return the process id of the server, whose CPU time does not count."""
    named = multiprocessing.active_children()
    return next((child.pid or 0 for child in named if child.name == "publishers"), 0)


if __name__ == "__main__":
    sys.exit(lean.run("benchmarks.polling"))
