"""Editions composed per second at a full hour: with shared summaries and without.

    python -m benchmarks.mornings [--readers 200] [--json]

The week of the sample newsroom is stored and grouped. Readers of three topics each, drawn
at random, all get a first briefing: read from the store, picked, condensed and rendered as
for a room, but not sent. ``together`` composes them all in one process that keeps its summaries;
``alone`` drops the summaries before each reader. The two alternate; CPU time is measured.
``--data`` is accepted and not used.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.floors import unmet
from bot.clock.system import SystemClock
from bot.domain.article import Article
from bot.domain.edition import Edition, EditionKind
from bot.domain.room import Room, RoomSettings, UsualLanguages
from bot.domain.subscription import SubscriptionKind
from bot.gather.http.urls import page_key
from bot.group import fingerprint
from bot.pick.shared_summaries import forget_summaries
from bot.send import telegram_address
from bot.steps.composing import Composing
from bot.steps.grouping import Grouping
from bot.store import Database, Store
from bot.store.schema import upgrade
from bot.topics import Topics, load_topics
from bot.tryout.newsroom import DAYS, load_newsroom
from bot.workers import InlineWorkers

__all__ = ["main"]

_ROUNDS = 3
_TOPICS_EACH = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.mornings", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        together_s, alone_s = asyncio.run(_measure(Path(folder) / "x.db", options.readers))
    figures = {
        "together": {"editions_per_cpu_s": round(options.readers / together_s, 1)},
        "alone": {"editions_per_cpu_s": round(options.readers / alone_s, 1)},
        "ratio": round(alone_s / together_s, 2),
    }
    if not options.json:
        for name, seconds in (("together", together_s), ("alone", alone_s)):
            rate = options.readers / seconds
            print(f"{name:10} {rate:6.1f} editions/CPU s {1e3 / rate:8.1f} ms each")
    print(json.dumps({"benchmark": "mornings", **figures}))
    lines = unmet("mornings", figures)
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


async def _measure(path: Path, readers: int) -> tuple[float, float]:
    """Return the least CPU seconds for all editions over the rounds: together, and alone."""
    topics = load_topics()
    async with Database(f"sqlite+aiosqlite:///{path}") as database, InlineWorkers() as workers:
        await upgrade(database)
        store = Store(database)
        keys = await _fill(store, topics)
        await Grouping(store, SystemClock()).group()
        rooms = await _rooms(store, keys, readers)
        composing = Composing(
            store, workers, topics, SystemClock(), languages=UsualLanguages(), sample=True
        )
        found = [
            [await _seconds(composing, rooms, is_alone=is_alone) for is_alone in (False, True)]
            for _ in range(_ROUNDS)
        ]
    return min(pair[0] for pair in found), min(pair[1] for pair in found)


async def _seconds(composing: Composing, rooms: Sequence[Room], *, is_alone: bool) -> float:
    forget_summaries()
    started = time.process_time()
    for room in rooms:
        if is_alone:
            forget_summaries()
        edition = Edition(room=room, kind=EditionKind.BRIEF, key="benchmark")
        if not await composing.messages(edition):
            raise RuntimeError(f"room {room.id} got no briefing")
    return time.process_time() - started


async def _fill(store: Store, topics: Topics) -> list[str]:
    """Store the newsroom's articles; return the keys of the topics they match, sorted."""
    now = datetime.now(UTC)
    mornings = [now - timedelta(days=DAYS - day) for day in range(DAYS + 1)]
    newsroom = load_newsroom()
    outlets = {outlet.slug: outlet for outlet in newsroom.outlets}
    found: set[str] = set()
    for n, sample in enumerate(newsroom.articles):
        outlet = outlets[sample.outlet]
        new = Article(
            url=f"https://{outlet.slug}.example/{n}",
            title=sample.title,
            text="\n".join(sample.paragraphs),
            language=outlet.language,
            source=outlet.name,
            published_at=sample.published_at(mornings),
            seen_at=now,
        )
        matches = topics.match(new.title, new.text, new.language)
        found.update(matches)
        await store.articles.save(
            new,
            page_key=page_key(new.url),
            entry_id=0,
            public=True,
            fingerprint=fingerprint(new.text),
            matches={key: match.score for key, match in matches.items()},
        )
    return sorted(found)


async def _rooms(store: Store, keys: Sequence[str], readers: int) -> list[Room]:
    rng, now = random.Random(7), datetime.now(UTC)
    rooms = []
    for n in range(readers):
        room = await store.chats.open_room(
            telegram_address(n + 1),
            kind="private",
            language="en",
            settings=RoomSettings(languages=()),
            now=now,
        )
        for key in rng.sample(keys, _TOPICS_EACH):
            await store.subscriptions.add(room.id, SubscriptionKind.TOPIC, key, key, now=now)
        rooms.append(room)
    return rooms


if __name__ == "__main__":
    sys.exit(main())
