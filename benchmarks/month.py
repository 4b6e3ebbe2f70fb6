"""A month of mornings: a labelled stream read by the real app, briefed to simulated readers.

    python -m benchmarks.month [--data DIR] [--days 30] [--readers 1000] [--short] [--json]

DIR has ``stories/allsides30d_semisynth.jsonl.gz``; without it the sample newsroom's week is
published, labelled by its events. Outlets on loopback serve feeds and pages up to a fake clock's
now; the app polls them every hour, reads, groups, and briefs each reader at their own times in
their own zone; a fake Bot API takes the messages. What they say is held against the labels.
``--short`` takes 3 days and 50 readers. ``--out`` writes each distinct repeat and update beside
what was told before, a line of JSON each. Everything runs in this process, one call at a time, so
that CPU time and memory count all of it, this benchmark's own part too.
"""

import argparse
import asyncio
import json
import logging
import resource
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from pydantic import SecretStr

from benchmarks.floors import unmet
from benchmarks.month_press import MissingStream, Sites, Stream, load_stream
from benchmarks.month_readers import Reader, draw_readers, slots, zone_clock
from benchmarks.month_told import Diary, ages, arrivals, examples, repeats, stored_stories
from bot.app import App, build
from bot.chat import Throttle
from bot.domain.due import next_due
from bot.domain.room import RoomSettings
from bot.domain.schedule import Schedule
from bot.domain.subscription import EVERYTHING, SubscriptionKey, SubscriptionKind
from bot.send import UNPACED, telegram_address
from bot.settings import Settings
from bot.store.feeds import NewFeed
from bot.topics import load_topics, parse_query, query_key
from bot.workers import InlineWorkers
from tests.fakes.clock import FakeClock
from tests.fakes.wire import TOKEN, FakeWire

__all__ = ["main"]

# "from a title": told as a sentence of a text, and published as its headline alone.
_SENTENCES = ("sentences", "from a title", "not verbatim", "not shown", "without an article")
_SHORT_DAYS = 3
_SHORT_READERS = 50
_HANG_S = 100.0
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# An edition that is prepared so often at one instant would be so for ever.
_MOST_TURNS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, 2 without data, else 0."""
    options = _parser().parse_args(arguments)
    if options.short:
        options.days, options.readers = _SHORT_DAYS, _SHORT_READERS
    try:
        stream = load_stream(options.data, seed=options.seed)
    except MissingStream as error:
        print(error, file=sys.stderr)
        return 2
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_Month(stream, Path(folder), options).run())
    name = ("allsides" if options.data else "sample") + (" short" if options.short else "")
    if not options.json:
        for part, figures in found.items():
            print(f"{part}:", ", ".join(f"{key} {value}" for key, value in figures.items()))
    figures = {"benchmark": "month", name: found}
    print(json.dumps(figures))
    lines = unmet("month", figures)
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.month", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, help="folder with stories/")
    parser.add_argument("--days", type=int, default=30, help="as many as the stream has, at most")
    parser.add_argument("--readers", type=int, default=1_000)
    parser.add_argument("--short", action="store_true", help="3 days and 50 readers")
    parser.add_argument("--out", type=Path, help="file for repeats and updates, to be judged")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


class _PatientWorkers(InlineWorkers):
    """Workers whose calls may take 100 s, so that a busy machine fails none."""

    async def run(self, function: Any, /, *args: Any, timeout_s: float = 0.0, **kwargs: Any) -> Any:
        """Return ``function(*args, **kwargs)``, computed in a thread."""
        return await super().run(function, *args, timeout_s=max(timeout_s, _HANG_S), **kwargs)


class _Month:
    """A run of the app over the days of a stream."""

    def __init__(self, stream: Stream, folder: Path, options: argparse.Namespace) -> None:
        self._stream = stream
        self._folder = folder
        self._path = folder / "month.db"
        # On its last day a stream has news still.
        last = (stream.items[-1].at - stream.begins_at) // _DAY + 1
        self._ends_at = stream.begins_at + _DAY * min(options.days, last)
        self._readers = draw_readers(
            stream, load_topics(), count=options.readers, seed=options.seed
        )
        self._out: Path | None = options.out
        self._clock = FakeClock(stream.begins_at)
        self._wire = FakeWire()
        self._cpu_s: defaultdict[str, float] = defaultdict(float)

    async def run(self) -> dict[str, dict[str, Any]]:
        """Return the figures of the month, by what they are about."""
        # One thread: what is measured depends on no turn of several, and the summaries that
        # readers share are for one thread at a time.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        memory_before = _resident_mb()
        started = time.perf_counter()
        async with AsyncExitStack() as stack:
            sites = await stack.enter_async_context(Sites(self._stream, self._clock))
            app = await stack.enter_async_context(self._app(sites))
            diary = Diary(self._path, sites.items)
            with self._timed("subscribing"):
                for reader in self._readers:
                    await _subscribe(app, reader, self._clock.now())
            empty_bytes = _compact_bytes(self._path, self._folder / "before.db")
            await self._live(app, diary)
        if self._out:
            rows = (json.dumps(row, ensure_ascii=False) for row in examples(diary.tellings))
            self._out.write_text("".join(f"{row}\n" for row in rows), "utf-8")
        memory = {"MB at the start": memory_before, "MB at most": _peak_mb()}
        return self._figures(diary, sites) | {
            "memory": memory,
            "database": self._growth(diary, empty_bytes),
            "time": {"seconds": round(time.perf_counter() - started)},
        }

    def _app(self, sites: Sites) -> App:
        return build(
            Settings(
                _env_file=None,  # type: ignore[call-arg] # of pydantic-settings
                token=SecretStr(TOKEN),
                database_url=f"sqlite+aiosqlite:///{self._path}",
                allow_local=sites.allow,
                builtin_feeds=False,
            ),
            clock=self._clock,
            request=self._wire,
            workers=_PatientWorkers(),
            feeds=tuple(
                NewFeed(url=url, source=name, language=language, public=True)
                for url, name, language in sites.feeds
            ),
            fetch_gap_s=0.0,
            throttle=Throttle(max_requests=1_000_000),
            limits=UNPACED,
        )

    async def _live(self, app: App, diary: Diary) -> None:
        """Let time go by: news every hour, editions when they are due, a cleaning every night."""
        flow, clock = app.flow, self._clock
        poll_at, clean_at, turns = clock.now(), clock.now() + _DAY, 0
        while True:
            with self._timed("preparing"):
                edition_at = await flow.next_edition_at() or self._ends_at + _HOUR
            now = max(min(poll_at, edition_at), clock.now())
            if now > self._ends_at:
                break
            turns = turns + 1 if now == clock.now() else 0
            if turns > _MOST_TURNS:
                raise RuntimeError(f"an edition that is due at {edition_at} is never made")
            clock.move_to(now)
            if now >= poll_at:
                with self._timed("gathering"):
                    await app.store.feeds.poll_now([EVERYTHING], now=now)
                    await flow.refresh()
                poll_at += _HOUR
            if now >= clean_at:
                with self._timed("watching"):
                    diary.look_at_stories()
                with self._timed("cleaning"):
                    await flow.clean()
                clean_at += _DAY
            if edition_at <= now:
                with self._timed("preparing"):
                    await flow.prepare()
                with self._timed("sending"):
                    await flow.deliver()
                with self._timed("watching"):
                    calls = self._wire.calls("sendMessage")
                    diary.take([(int(c["chat_id"]), str(c["text"])) for c in calls], now)
                    self._wire.log.clear()
                    self._wire.messages.clear()
        diary.look_at_stories()

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        started = time.process_time()
        yield
        self._cpu_s[name] += time.process_time() - started

    def _figures(self, diary: Diary, sites: Sites) -> dict[str, dict[str, Any]]:
        counts, told = diary.counts, diary.tellings
        editions, links = max(counts["editions"], 1), max(counts["links"], 1)
        stored = stored_stories(diary.story_of, sites.items)
        clocks = {
            zone: zone_clock(zone, self._stream.begins_at, self._ends_at)
            for zone in {reader.zone for reader in self._readers}
        }
        expected = {
            reader.number: [
                at
                for local_time in reader.times
                for at, _ in slots(
                    clocks[reader.zone],
                    local_time,
                    reader.days,
                    self._stream.begins_at,
                    self._ends_at,
                )
            ]
            for reader in self._readers
        }
        cpu_s = self._cpu_s
        return {
            "stories": stored,
            "told": repeats(told),
            "sentences": {name: counts[name] for name in _SENTENCES},
            "editions": {
                "readers": len(self._readers),
                "editions": counts["editions"],
                "messages": counts["messages"],
                "without messages": counts["without messages"],
                "without a story": counts["without a story"],
                "without a story share": round(counts["without a story"] / editions, 4),
                **arrivals(diary.arrivals, expected),
            },
            "days old": ages(told),
            "walls": {
                "links": counts["links"],
                "walled links": counts["walled links"],
                "walled links share": round(counts["walled links"] / links, 4),
                "walled leads": counts["walled leads"],
                "not said": counts["walled leads, not said"],
                "beside a free report": counts["walled leads beside a free report"],
            },
            "cpu": {
                "ms an edition": round(1e3 * (cpu_s["preparing"] + cpu_s["sending"]) / editions, 1),
                "ms an article": round(1e3 * cpu_s["gathering"] / max(stored["articles"], 1), 1),
                **{f"s {name}": round(seconds, 1) for name, seconds in cpu_s.items()},
            },
        }

    def _growth(self, diary: Diary, empty_bytes: int) -> dict[str, float]:
        """Return how the database grew, apart for what was published and what was said."""
        whole, press = (self._folder / name for name in ("whole.db", "press.db"))
        whole_bytes = _compact_bytes(self._path, whole)
        with closing(sqlite3.connect(whole)) as connection:
            for table in ("told", "quote", "content", "part", "edition"):
                connection.execute(f"DELETE FROM {table}")
            connection.commit()
        press_bytes = _compact_bytes(whole, press)
        articles, editions = len(diary.story_of), diary.counts["editions"]
        return {
            "MB": round(self._path.stat().st_size / 1e6, 1),
            "MB per 1,000 articles": round(
                1e-3 * (press_bytes - empty_bytes) / max(articles, 1), 2
            ),
            "MB per 1,000 editions": round(
                1e-3 * (whole_bytes - press_bytes) / max(editions, 1), 2
            ),
        }


async def _subscribe(app: App, reader: Reader, now: datetime) -> None:
    """Store what a reader has chosen, as their commands would."""
    store, matching = app.store, app.flow.gathering.matching
    room = await store.chats.open_room(
        telegram_address(reader.number),
        kind="private",
        language=reader.language,
        settings=RoomSettings(),
        now=now,
    )
    await store.chats.set_zone(room.chat.id, reader.zone, known=True)
    wanted = [(SubscriptionKind.TOPIC, SubscriptionKey(slug), slug) for slug in reader.topics]
    wanted += [
        (SubscriptionKind.QUERY, query_key(parse_query(words)), words) for words in reader.words
    ]
    for kind, key, label in wanted:
        async with matching.holding([key]):
            await matching.learn(key)
            await store.subscriptions.add(room.id, kind, key, label, now=now)
    for local_time in reader.times:
        schedule = Schedule(local_time=local_time, days=reader.days)
        await store.schedules.put(room.id, schedule, next_due(schedule, reader.zone, now))


def _compact_bytes(path: Path, copy: Path) -> int:
    """Return the size of the SQLite database at ``path`` without free pages; write ``copy``."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    return copy.stat().st_size


def _resident_mb() -> int:
    return round(psutil.Process().memory_info().rss / 1e6)


def _peak_mb() -> int:
    """Return the most memory that this process ever had, by the system's account."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)


if __name__ == "__main__":
    sys.exit(main())
