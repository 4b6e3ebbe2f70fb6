"""Real feeds, polled together: each is read or ends with an error, in bounded memory."""

import asyncio
import contextlib
import gc
import json
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select, update

from bot.app import WORKER_IMPORTS
from bot.errors import NotAFeed
from bot.gather.feeds.listing import read_listing
from bot.gather.polling.first_reading import news_of
from bot.memory import settle
from bot.store.tables import article, feed, feed_entry, story
from bot.workers import Workers
from tests.fakes.clock import START
from tests.fakes.house import open_house

FEEDS = Path(__file__).parents[2] / ".." / "shared" / "data" / "feeds"
MAX_TREE_MB = 400
# The memory of the idle bot, which this process has allocated before the test. Measured as
# `daybrief run` with the same feeds on as many hosts, the bot peaked at 482 MB (PSS of the process
# tree), about 120 MB of them file pages.
IDLE_MB = 100
_TICK_S = 0.005


class Watch:
    """Measures the loop's longest stall and the peak memory added by this process and its children.

    ``stall_s`` is wall time, ``busy_s`` the CPU time of this thread; ``tree_mb`` is above
    ``before_mb``.
    """

    def __init__(self, before_mb):
        self._before_mb = before_mb
        self.stall_s = 0.0
        self.busy_s = 0.0
        self.tree_mb = 0.0

    @contextlib.asynccontextmanager
    async def __call__(self):
        tasks = [asyncio.create_task(watch()) for watch in (self._tick, self._weigh)]
        yield self
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tick(self):
        """Record how late a sleep ends, in wall time, and the thread's CPU time meanwhile."""
        while True:
            wall, cpu = time.monotonic(), time.thread_time()
            await asyncio.sleep(_TICK_S)
            self.stall_s = max(self.stall_s, time.monotonic() - wall - _TICK_S)
            self.busy_s = max(self.busy_s, time.thread_time() - cpu)

    async def _weigh(self):
        me = psutil.Process()
        while True:
            now_mb = await asyncio.to_thread(_tree_mb, me)
            self.tree_mb = max(self.tree_mb, now_mb - self._before_mb)
            await asyncio.sleep(0.2)


def _tree_mb(process):
    """Return the anonymous memory of a process and its children, in MB.

    On Linux, pages shared by several processes count once (PSS); elsewhere it is the sum of RSS.
    File pages, such as 90 MB of the language model, do not count, as the kernel can drop them.
    """
    total = 0
    for member in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess, OSError):
            total += _anonymous_bytes(member)
    return total / 1e6


def _anonymous_bytes(process):
    if sys.platform != "linux":
        return process.memory_info().rss
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
    return next(
        int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss_Anon:")
    )


async def count(house, table, *conditions):
    async with house.app.store.database.read() as connection:
        found = await connection.execute(select(func.count()).select_from(table).where(*conditions))
        return found.scalar_one()


async def read_whole_ones(house):
    """Store every entry with a full text as an article, which needs no fetch of its page."""
    async with house.app.store.database.write() as connection:
        await connection.execute(
            update(feed_entry).where(feed_entry.c.complete).values(state="new")
        )
    await house.app.flow.refresh()


@pytest.fixture
def collector_put_back():
    """Restore Python's garbage collector after the test."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.skipif(not FEEDS.exists(), reason="the shared data is not here")
@pytest.mark.usefixtures("collector_put_back")
async def test_every_real_feed_is_read_or_says_why_not(tmp_path):
    watch = await read_all_real_feeds(tmp_path / "x.db")
    assert watch.tree_mb < MAX_TREE_MB - IDLE_MB
    # Stalls are only printed: they depend on the machine, too.


def first_entries(file):
    """Return how many entries a first reading takes of a feed: those of a week, or a few."""
    try:
        listing = read_listing(file.read_bytes(), "http://feed.example/", "application/xml")
    except NotAFeed:
        return 0
    return len(news_of(listing.entries, START))


async def read_all_real_feeds(database):
    """Serve every real feed to a bot, and return the measurements of its polling."""
    files = sorted(FEEDS.iterdir())
    paths = [f"/{n}" for n in range(len(files))]
    workers = Workers(imports=WORKER_IMPORTS)
    url = f"sqlite+aiosqlite:///{database}"
    async with open_house(url, feeds=tuple(paths), workers=workers) as house:
        for path, file in zip(paths, files, strict=True):
            house.web.add(path, file.read_bytes(), content_type="application/xml")
        expected = sum(map(first_entries, files))
        settle()  # as the bot does; excludes objects of earlier tests from garbage collection
        watch = Watch(_tree_mb(psutil.Process()))
        begun = time.monotonic()
        async with watch():
            report = await house.app.flow.refresh()
            took_s = time.monotonic() - begun
            await house.say("/subscribe climate, north-korea, “open source”")
            await read_whole_ones(house)
        all_s = time.monotonic() - begun
        failed = await count(house, feed, feed.c.error != "")
        read = await count(house, feed, feed.c.read_at.is_not(None), feed.c.error == "")
        figures = {
            "feeds": report.polled,
            "read": read,
            "failed": failed,
            "entries": report.entries,
            "articles": await count(house, article),
            "stories": await count(house, story),
            "tree_mb": round(watch.tree_mb),
            "longest_stall_ms": round(watch.stall_s * 1000),
            "longest_work_ms": round(watch.busy_s * 1000),
            "poll_s": round(took_s, 1),
            "all_s": round(all_s, 1),
        }
        print(json.dumps(figures))
        whole = feed_entry.c.complete
        unread = await count(house, feed_entry, whole, feed_entry.c.state.not_in(("done",)))
    assert report.polled == len(files)
    assert read + failed == len(files)
    assert failed == report.failed
    assert read >= 0.95 * len(files)
    assert report.entries == expected
    assert unread == 0
    return watch
