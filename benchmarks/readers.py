"""The cost of commands and messages with many readers, compared with few readers.

    python -m benchmarks.readers [--few 200] [--many 50000] [--times 40] [--json]

Two SQLite databases contain ``--few`` and ``--many`` readers, each with a schedule, two topics, ten
old editions and one that waits to be sent; every third reader also has a query. The operations of
the bot that touch readers' rows are timed in both, in alternation; the median is reported. A
ratio of 1 means that the cost does not depend on the number of readers. ``--data`` is accepted
and not used.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.floors import unmet
from bot.clock.system import SystemClock
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.steps.matching import Matching
from bot.store import Database, Store
from bot.store.schema import upgrade
from bot.topics import load_topics

__all__ = ["fill_readers", "main"]

_NOW = datetime.now(UTC).replace(microsecond=0)
_EDITIONS = 11  # of each reader; the last one waits to be sent
_TOLD = 3  # stories an edition
_LEASE = timedelta(minutes=1)
_TOPICS = ("climate", "north-korea", "germany", "space", "health", "energy")

Row = tuple[object, ...]
Step = Callable[[int], Awaitable[object]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_measure(Path(folder), options.few, options.many, options.times))
    steps = {name: _compared(*both) for name, both in found.items()}
    if not options.json:
        print(f"{'ms':14} {options.few:>10,} {options.many:>10,} readers   ratio")
        for name, (few_ms, many_ms, ratio) in steps.items():
            print(f"{name:14} {few_ms:10.2f} {many_ms:10.2f} {ratio:15.2f}")
    figures = {name: {"ms": round(ms, 2), "ratio": ratio} for name, (_, ms, ratio) in steps.items()}
    print(json.dumps({"benchmark": "readers", "readers": options.many, "steps": figures}))
    lines = unmet("readers", {"steps": figures})
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.readers", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=40, help="runs of each step")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _compared(few: list[float], many: list[float]) -> tuple[float, float, float]:
    few_ms, many_ms = (statistics.median(times) * 1e3 for times in (few, many))
    return few_ms, many_ms, round(many_ms / few_ms, 2)


async def _measure(
    folder: Path, few: int, many: int, times: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Return the seconds of each run by step: with few and with many readers."""
    async with AsyncExitStack() as stack:
        both = [
            await stack.enter_async_context(_steps(folder / f"{n}.db", readers))
            for n, readers in enumerate((few, many))
        ]
        found: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
        for name in both[0]:
            for n in range(times):
                for steps, taken in zip(both, found[name], strict=True):
                    started = time.perf_counter()
                    await steps[name](n)
                    taken.append(time.perf_counter() - started)
        return dict(found)


@asynccontextmanager
async def _steps(path: Path, readers: int) -> AsyncIterator[dict[str, Step]]:
    """Yield the steps to time, on a new database with ``readers`` readers."""
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database)
        await asyncio.to_thread(fill_readers, path, readers)
        store = Store(database)
        matching = Matching(store, load_topics(), SystemClock())
        await matching.load()

        async def subscribe(n: int) -> None:
            key, kind = SubscriptionKey.of_query(f"word{n}"), SubscriptionKind.QUERY
            async with matching.holding([key]):
                await matching.learn(key)
                await store.subscriptions.add(1, kind, key, key, now=_NOW)

        async def unsubscribe(n: int) -> None:
            key = f"q:word{n}"
            async with matching.holding([key]):
                await store.subscriptions.remove(1, key)
                await matching.unlearn([key])

        async def message(_: int) -> None:
            (part,) = await store.outbox.claim_parts(now=_NOW, limit=1, lease=_LEASE)
            await store.outbox.mark_sent(part.id, message_id=1, now=_NOW)

        async def schedule(_: int) -> None:
            (due,) = await store.schedules.claim_due(now=_NOW, limit=1, lease=_LEASE)
            await store.schedules.set_all([(due.id, None)])

        async def look_ahead(_: int) -> None:
            await store.schedules.next_due_at()
            await store.outbox.next_part_at()

        async def status(n: int) -> None:
            await store.editions.recent(n + 1)
            await store.editions.told(n + 1)

        async def forget(n: int) -> None:
            await matching.unlearn(await store.forget(readers - n))

        steps = (subscribe, unsubscribe, message, schedule, look_ahead, status, forget)
        yield {step.__name__.replace("_", " "): step for step in steps}


def fill_readers(path: Path, readers: int) -> None:
    """Store ``readers`` readers as above in the SQLite database at ``path``, which is empty.

    Their rooms and chats have the numbers 1 to ``readers``.
    """
    connection = sqlite3.connect(path)
    now = _NOW.strftime("%Y-%m-%d %H:%M:%S.000000")
    everyone = range(1, readers + 1)
    editions = range(1, readers * _EDITIONS + 1)
    waiting = readers * (_EDITIONS - 1)  # the editions after this number wait to be sent
    tables: dict[str, Iterator[Row]] = {
        "chat (id, telegram_id, created_at)": ((n, n, now) for n in everyone),
        "room (id, chat_id, created_at)": ((n, n, now) for n in everyone),
        "schedule (room_id, local_time, days, next_due_at)": (
            (n, "07:30:00", 127, now) for n in everyone
        ),
        "subscription (room_id, kind, key, label, created_at)": _subscriptions(everyone, now),
        "edition (id, room_id, kind, key, created_at, filled_at)": (
            (n, (n - 1) % readers + 1, "scheduled", str(n), now, now) for n in editions
        ),
        "part (edition_id, chat_id, n, html, plain, state, created_at, not_before)": (
            (n, (n - 1) % readers + 1, 0, "", "", _state(n > waiting), now, now) for n in editions
        ),
        "told (room_id, story_id, edition_id, at)": (
            ((n - 1) % readers + 1, n + story, n, now) for n in editions for story in range(_TOLD)
        ),
    }
    for table, rows in tables.items():
        places = ", ".join("?" * (table.count(",") + 1))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    connection.commit()
    connection.close()


def _subscriptions(readers: Sequence[int], now: str) -> Iterator[Row]:
    rng = random.Random(7)
    for n in readers:
        for topic in rng.sample(_TOPICS, 2):
            yield n, "topic", topic, topic, now
        if n % 3 == 0:
            yield n, "query", f"q:thing{n}", f"thing{n}", now


def _state(waits: bool) -> str:
    return "queued" if waits else "sent"


if __name__ == "__main__":
    sys.exit(main())
