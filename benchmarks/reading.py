"""What readers of the real app are told, line by line beside its article, and counts of faults.

    python -m benchmarks.reading [--data DIR] [--out OUT] [--lines 300] [--pairs 150] [--seed 13]

DIR's pages and clusters (``benchmarks.reading_sites``) are served on loopback as outlets' sites
and feeds, without DIR the sample newsroom over its week; the app polls, reads, groups and briefs
rooms of seven stories each, whose messages a fake Bot API takes. OUT gets ``lines.jsonl`` for
judging (docs/judging.md), ``all-lines.jsonl`` with every line and the faults counted in it, and
the blind pairs with their key apart (``benchmarks.reading_pairs``). ``--share`` serves a part of
DIR only.
"""

import argparse
import asyncio
import json
import logging
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from telegram import Update

from benchmarks import lean
from benchmarks.floors import unmet
from benchmarks.reading_counters import Line, count_faults, faults_of
from benchmarks.reading_lines import digest, read_lines
from benchmarks.reading_pairs import make_pairs, write_pairs
from benchmarks.reading_sites import Sites, load_press
from bot.app import WORKER_IMPORTS, App, build
from bot.chat import Throttle
from bot.domain.room import RoomSettings
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.send import UNPACED, telegram_address
from bot.settings import Settings
from bot.store.feeds import NewFeed
from bot.tryout.newsroom import DAYS, FEED_PATH, load_newsroom
from bot.tryout.outlets import outlet_site
from bot.workers import Workers
from tests.fakes.clock import START, FakeClock
from tests.fakes.wire import TOKEN, FakeWire, message_update

__all__ = ["main"]

# What a briefing tells by default, and so many sections are its stories dealt to.
_STORIES_A_ROOM = 7
_SECTIONS_A_ROOM = 3
_DAY = timedelta(days=1)
_MAX_ARTICLE_CHARS = 1_500  # of an article, in what is judged
# Stories of so many languages are sure to be among the judged lines, if there are.
_LANGUAGES = 14


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counters and a line of JSON; return 1 if a floor is not met, else 0.

    Floors hold for the sample newsroom.
    """
    options = _parser().parse_args(arguments)
    logging.disable(logging.ERROR)  # pages that give no article are part of the run
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reading.db"
        published = asyncio.run(_brief(path, options))
        read = read_lines(path)
        pairs = make_pairs(path, read.lines, options.seed, options.pairs)
    counts = count_faults(read.lines)
    figures: dict[str, Any] = {
        "benchmark": "reading",
        **published,
        "lines": len(read.lines),
        "stories": len({(line.edition, line.story) for line in read.lines}),
        "languages": dict(Counter(line.language for line in read.lines).most_common()),
        "unplaced": read.unplaced,
        "faults": {
            name: {"count": count, "of": of, "share": round(count / max(of, 1), 4)}
            for name, (count, of) in counts.items()
        },
        "same as the lead": pairs.ties,
        "seconds": round(time.perf_counter() - started),
    }
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        _write(options.out / "all-lines.jsonl", [_row(line, judged=False) for line in read.lines])
        sampled = _sampled(read.lines, options.lines, options.seed)
        _write(options.out / "lines.jsonl", [_row(line, judged=True) for line in sampled])
        write_pairs(pairs, options.out)
        (options.out / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
    if not options.json:
        for name, (count, of) in counts.items():
            print(f"{name:16} {count:5} of {of:5} {count / max(of, 1):7.1%}")
    print(json.dumps(figures))
    missed = [] if options.data else unmet("reading", figures)
    print(*missed, sep="\n", end="\n" if missed else "", file=sys.stderr)
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of pages, pages-strangers, summaries")
    parser.add_argument("--out", type=Path, help="folder for what is to be judged")
    parser.add_argument("--lines", type=int, default=300, help="lines to be judged")
    parser.add_argument("--pairs", type=int, default=150, help="pairs to be judged, in both orders")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--share", type=float, default=1.0, help="part of DIR to serve")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


# ------------------------------------------------------------------ the app


async def _brief(path: Path, options: argparse.Namespace) -> dict[str, int]:
    """Brief rooms on all that is published, into the database at ``path``; return figures."""
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        if options.data:
            press = load_press(options.data, START, seed=options.seed, share=options.share)
            sites = await stack.enter_async_context(Sites(press))
            feeds = [NewFeed(url=u, source=s, language=g, public=True) for u, s, g in sites.feeds]
            allow, days, mornings = sites.allow, 1, []
            del press
        else:
            mornings = [clock.now()]
            feeds = await stack.enter_async_context(_newsroom(mornings))
            allow = tuple(feed.url.split("/")[2] for feed in feeds)
            days = DAYS
        app = build(
            Settings(
                _env_file=None,  # type: ignore[call-arg] # of pydantic-settings
                token=SecretStr(TOKEN),
                database_url=f"sqlite+aiosqlite:///{path}",
                allow_local=allow,
                builtin_feeds=False,
            ),
            clock=clock,
            request=FakeWire(),
            workers=Workers(imports=WORKER_IMPORTS),
            feeds=tuple(feeds),
            fetch_gap_s=0.0,
            throttle=Throttle(max_requests=1_000_000),
            limits=UNPACED,
        )
        await stack.enter_async_context(app)
        rooms = _Rooms(app, clock, path)
        for day in range(days):
            if day:
                clock.advance(_DAY)
                mornings.append(clock.now())
            await rooms.read()
            await rooms.brief()
        return {"feeds": len(feeds), **rooms.figures()}


@asynccontextmanager
async def _newsroom(mornings: list[Any]) -> AsyncIterator[list[NewFeed]]:
    """Serve the outlets of the sample newsroom, a port each; yield their feeds."""
    newsroom = load_newsroom()
    async with AsyncExitStack() as stack:
        feeds = []
        for outlet in newsroom.outlets:
            site = outlet_site(newsroom, outlet, mornings)
            runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}{FEED_PATH}"
            feeds.append(
                NewFeed(url=url, source=outlet.name, language=outlet.language, public=True)
            )
        yield feeds


@dataclass(slots=True)
class _Place:
    """Where a story is told: the number of its room, and the key of its section."""

    room: int
    key: str


class _Rooms:
    """Rooms of seven stories of one language each, in three sections of readers' own words.

    Entries are let in whatever their subject, and stories dealt to sections by number: real
    subscriptions would leave out most pages of a mixed collection.
    """

    def __init__(self, app: App, clock: FakeClock, path: Path) -> None:
        self._app = app
        self._clock = clock
        self._path = path
        self._places: dict[int, _Place] = {}
        self._open: dict[str, list[int]] = defaultdict(list)  # stories of the room to be filled
        self._rooms: dict[str, int] = {}
        self._count = 0
        self._updates = 0

    async def read(self) -> None:
        """Poll all feeds, read whatever they list, and deal the stories to rooms."""
        store, now = self._app.store, self._clock.now()
        await store.feeds.poll_now(["*"], now=now)
        await self._app.flow.refresh()
        idle = await store.entries.idle(since=START - _DAY)
        await store.entries.want([row[0] for row in idle])
        await self._app.flow.refresh()
        found = []
        for article_id, story_id, language in self._members():
            if story_id not in self._places:
                await self._deal(story_id, language)
            found.append((article_id, {self._places[story_id].key: 1.0}))
        await store.articles.add_matches(found)

    async def brief(self) -> None:
        """Ask for a briefing in every room."""
        for room in range(1, self._count + 1):
            self._updates += 1
            raw = {"update_id": self._updates, **message_update("/brief", room)}
            update = Update.de_json(raw, self._app.application.bot)
            await self._app.application.process_update(update)
            await self._app.flow.deliver()

    def figures(self) -> dict[str, int]:
        """Return how many articles, stories and rooms there are."""
        members = self._members()
        with closing(sqlite3.connect(self._path)) as connection:
            states = dict(
                connection.execute("SELECT state, count(*) FROM feed_entry GROUP BY state")
            )
            (bare,) = connection.execute("SELECT count(*) FROM article_text WHERE text = ''")
        return {
            "entries": sum(states.values()),
            "not read": sum(n for state, n in states.items() if state != "done"),
            "without text": bare[0],
            "articles": len(members),
            "stories grouped": len({row[1] for row in members}),
            "rooms": self._count,
        }

    def _members(self) -> list[tuple[int, int, str]]:
        with closing(sqlite3.connect(self._path)) as connection:
            return connection.execute(
                "SELECT article_id, story_id, language FROM story_article "
                "JOIN article ON article.id = article_id "
                # Not by ids, which depend on which page was read first.
                "ORDER BY article.title, article.source, article_id"
            ).fetchall()

    async def _deal(self, story_id: int, language: str) -> None:
        dealt = self._open[language]
        if len(dealt) % _STORIES_A_ROOM == 0:
            self._count += 1
            self._rooms[language] = self._count
            await self._open_room(self._count)
        room = self._rooms[language]
        section = len(dealt) % _STORIES_A_ROOM % _SECTIONS_A_ROOM
        dealt.append(story_id)
        self._places[story_id] = _Place(room, _key(room, section))

    async def _open_room(self, number: int) -> None:
        store, now = self._app.store, self._clock.now()
        room = await store.chats.open_room(
            telegram_address(number),
            kind="private",
            language="en",
            settings=RoomSettings(languages=()),
            now=now,
        )
        for section in range(_SECTIONS_A_ROOM):
            key = _key(number, section)
            label = f"desk {section + 1}"
            await store.subscriptions.add(room.id, SubscriptionKind.QUERY, key, label, now=now)


def _key(room: int, section: int) -> str:
    return SubscriptionKey.of_query(f"room{room}desk{section}")


# ------------------------------------------------------------------ what is to be judged


def _sampled(lines: Sequence[Line], count: int, seed: int) -> list[Line]:
    """Return about ``count`` lines, of whole stories drawn by their titles, in the order told.

    Whatever else changes between two runs, most stories drawn are the same.

    One story of each of the 14 commonest languages comes first, so that all are judged.
    """
    stories: dict[tuple[int, str], list[Line]] = {}
    for line in lines:
        stories.setdefault((line.edition, line.story), []).append(line)
    drawn = sorted(stories, key=lambda key: (digest(seed, stories[key][0].title), key))
    common = Counter(line.language for line in lines if line.language).most_common(_LANGUAGES)
    firsts = {
        next(key for key in drawn if stories[key][0].language == language)
        for language, _ in common
        if any(told[0].language == language for told in stories.values())
    }
    chosen: set[tuple[int, str]] = set()
    taken = 0
    for key in (
        *(key for key in drawn if key in firsts),
        *(key for key in drawn if key not in firsts),
    ):
        if taken >= count:
            break
        chosen.add(key)
        taken += len(stories[key])
    return [line for line in lines if (line.edition, line.story) in chosen]


def _row(line: Line, *, judged: bool) -> dict[str, Any]:
    """Return a line as JSON; a judge is not told what the counters say."""
    row = {
        "id": line.id,
        "edition": line.edition,
        "story": line.story,
        "title": line.title,
        "position": line.position,
        "opening": line.is_first,
        "update": line.is_update,
        "place": line.place,
        "gap": line.gap,
        "outlet": line.outlet,
        "language": line.language,
        "told before": list(line.told_before),
        "sentence": line.sentence,
        "before": line.before,
        "after": line.after,
        "article title": line.article_title,
        "article": line.article[:_MAX_ARTICLE_CHARS],
    }
    return row if judged else {**row, "faults": sorted(faults_of(line))}


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(lean.run("benchmarks.reading"))
