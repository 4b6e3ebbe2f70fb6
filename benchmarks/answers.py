"""The time from an update to its answer, with 10,000 chats and 100,000 articles stored.

    python -m benchmarks.answers [--chats 10000] [--articles 100000] [--updates 400] [--json]

The whole Application takes what readers send, one update after another, in the proportions below;
Telegram is a fake in the same process, which answers at once. Three runs on one SQLite database;
reported are the median and the 95th percentile of the best, and the slowest kinds of updates.
``--data`` is accepted and not used.
"""

import argparse
import asyncio
import json
import logging
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from benchmarks.floors import unmet
from benchmarks.readers import fill_readers
from bot.clock.system import SystemClock
from bot.store import Database
from bot.store.schema import upgrade
from tests.fakes.clock import FakeClock
from tests.fakes.house import House, open_house

__all__ = ["main"]

_RUNS = 3
_STORED_DAYS = 14
_A_STORY = 4  # articles
_TOPICS = ("climate", "north-korea", "germany", "space", "health", "energy", "japan", "football")
_WORDS = (
    "harbour", "council", "bridge", "ferry", "tunnel", "school", "budget", "storm", "grid",
    "clinic", "orchard", "library", "strike", "survey", "reactor", "glacier", "vote", "tram",
)  # fmt: skip
_SENTENCES = 12
# What readers send, by kind, and how many in a hundred.
_SENT: dict[str, tuple[int, tuple[str, ...]]] = {
    "a topic in plain words": (20, ("climate", "news about energy please", "Japan and space")),
    "own words in plain words": (6, ("news about Orun ferry", "everything on “Velt grid”")),
    "a topic to drop": (6, ("stop climate", "unsubscribe from space", "no more football")),
    "a time": (10, ("every day at 7", "weekdays 6:30 weekends 9:00", "8:15", "werktags um 7")),
    "a place": (5, ("I live in Nairobi", "/timezone Toronto", "/timezone UTC+5:30")),
    "a break": (6, ("pause until monday", "stop", "/pause 3 days", "/resume")),
    "what means nothing": (6, ("what do you think of my cat?", "ok then 12 of 40", "asdf qwer")),
    "a greeting": (5, ("hi", "thanks", "good morning!")),
    "/brief": (10, ("/brief", "news")),
    "/topics": (8, ("/topics", "/topics korea")),
    "/subscribe": (
        8,
        ("/subscribe climate", "/subscribe health, germany", "/subscribe tram -vote"),
    ),
    "/settings": (4, ("/settings", "/language")),
    "/status": (3, ("/status", "/schedule")),
    "/help": (3, ("/help", "/start")),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(arguments)
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.db"
        runs = asyncio.run(_measure(path, options.chats, options.articles, options.updates))
    best = min(runs, key=lambda run: _p95([ms for taken in run.values() for ms in taken]))
    taken = [ms for found in best.values() for ms in found]
    figures = {"p50_ms": round(statistics.median(taken), 1), "p95_ms": round(_p95(taken), 1)}
    if not options.json:
        print(f"{'':28}{'n':>5}{'median':>9}{'slowest':>9}   ms")
        for kind, found in sorted(best.items(), key=lambda item: -statistics.median(item[1])):
            print(f"{kind:28}{len(found):5}{statistics.median(found):9.1f}{max(found):9.1f}")
    stored = {"chats": options.chats, "articles": options.articles}
    print(json.dumps({"benchmark": "answers", **stored, **figures}))
    lines = unmet("answers", figures)
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.answers", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--chats", type=int, default=10_000)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--updates", type=int, default=400, help="of each of the three runs")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


async def _measure(
    path: Path, chats: int, articles: int, updates: int
) -> list[dict[str, list[float]]]:
    """Return for each run the milliseconds of each update, by its kind."""
    url = f"sqlite+aiosqlite:///{path}"
    async with Database(url) as database:
        await upgrade(database)
    await asyncio.to_thread(_fill, path, chats, articles)
    rng = random.Random(17)
    async with open_house(url, clock=cast(FakeClock, SystemClock())) as house:
        await _run(house, rng, chats, len(_SENT) * 3)  # so that all tables are loaded
        return [await _run(house, rng, chats, updates) for _ in range(_RUNS)]


async def _run(house: House, rng: random.Random, chats: int, n: int) -> dict[str, list[float]]:
    kinds = rng.choices(list(_SENT), [share for share, _ in _SENT.values()], k=n)
    found: dict[str, list[float]] = defaultdict(list)
    for kind in kinds:
        text = rng.choice(_SENT[kind][1])
        started = time.perf_counter()
        answers = await house.say(text, rng.randint(1, chats))
        found[kind].append((time.perf_counter() - started) * 1e3)
        if not answers:
            raise AssertionError(f"no answer to {text!r}")
    return found


def _fill(path: Path, chats: int, articles: int) -> None:
    """Store the readers, none of whom waits for anything, and what was published."""
    fill_readers(path, chats)
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE chat SET kind = 'private', language = 'en', zone = 'Europe/London', zone_known = 1"
    )
    connection.execute("UPDATE part SET state = 'sent', ended_at = created_at")
    due = _stored(datetime.now(UTC) + timedelta(hours=9))
    connection.execute("UPDATE schedule SET next_due_at = ?", (due,))
    for table, rows in _published(articles).items():
        places = ", ".join("?" * (table.count(",") + 1))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _published(articles: int) -> dict[str, Iterator[tuple[Any, ...]]]:
    """Return the rows of each table: articles of two weeks, evenly, each of one topic."""
    numbers = range(1, articles + 1)
    now = datetime.now(UTC)
    age = timedelta(days=_STORED_DAYS) / articles
    at = [_stored(now - age * (articles - n)) for n in range(articles + 1)]
    rng = random.Random(23)
    stories = range(1, articles // _A_STORY + 1)
    return {
        "feed (id, url, outlet, source, language, public)": (
            (n, f"https://paper{n}.example/feed", f"paper{n}.example", f"Paper {n}", "en", 1)
            for n in range(1, 201)
        ),
        "article (id, page_key, canonical_url, outlet, source, title, language, published_at, "
        "seen_at, public)": (
            (n, f"k{n}", f"https://paper{n % 200 + 1}.example/{n}", f"paper{n % 200 + 1}.example",
             f"Paper {n % 200 + 1}", _line(rng, 7), "en", at[n], at[n], 1)
            for n in numbers
        ),
        "article_text (article_id, hash, text)": (
            (n, f"h{n}", " ".join(f"{_line(rng, 14)}." for _ in range(_SENTENCES)))
            for n in numbers
        ),
        "article_match (article_id, key, score)": (
            (n, _TOPICS[n // _A_STORY % len(_TOPICS)], 1.0) for n in numbers
        ),
        "feed_entry (feed_id, guid, url, title, language, published_at, seen_at, state, "
        "article_id)": (
            (n % 200 + 1, f"g{n}", f"https://paper{n % 200 + 1}.example/{n}", _line(rng, 7), "en",
             at[n], at[n], "done", n)
            for n in numbers
        ),
        "story (id, first_at, last_at)": (
            (n, at[(n - 1) * _A_STORY + 1], at[n * _A_STORY]) for n in stories
        ),
        "story_article (article_id, story_id)": (
            (n, (n - 1) // _A_STORY + 1) for n in range(1, len(stories) * _A_STORY + 1)
        ),
    }  # fmt: skip


def _line(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize()


def _stored(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    sys.exit(main())
