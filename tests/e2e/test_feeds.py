"""Real feeds, all at once: each is read or says why not, in little memory, off the loop."""

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
from bot.memory import settle
from bot.store.tables import article, feed, feed_entry, story
from bot.workers import Workers
from tests.fakes.house import open_house

FEEDS = Path(__file__).parents[2] / ".." / "shared" / "data" / "feeds"
MAX_TREE_MB = 400
# What the idle bot takes, and this process already has besides what tests brought along. By
# itself, as `daybrief run` with the same feeds on as many hosts, the bot peaked at 482 MB (PSS of
# the tree), some 120 of them pages of files.
IDLE_MB = 100
_TICK_S = 0.005


class Watch:
    """Watches the loop's longest stall, and what memory this process and its children add."""

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
        """Note how late we wake: on the wall, and by the time this thread itself has worked."""
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
    """Return the memory of a process and its children that no file backs.

    Pages that several processes share count once in all, where Linux tells. Files' pages are left
    out, for the system takes them back when it likes: the language model's, 90 MB.
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
    """Let every entry that came whole become an article: no page has to be fetched for it."""
    async with house.app.store.database.write() as connection:
        await connection.execute(
            update(feed_entry).where(feed_entry.c.complete).values(state="new")
        )
    await house.app.flow.refresh()


@pytest.fixture
def collector_put_back():
    """Let later tests find Python's garbage collector as it was."""
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
    # Stalls are printed only: a figure of the machine's, not of ours alone.


async def read_all_real_feeds(database):
    """Serve every real feed and let a bot read it; return what was seen meanwhile."""
    files = sorted(FEEDS.iterdir())
    paths = [f"/{n}" for n in range(len(files))]
    workers = Workers(imports=WORKER_IMPORTS)
    url = f"sqlite+aiosqlite:///{database}"
    async with open_house(url, feeds=tuple(paths), workers=workers) as house:
        for path, file in zip(paths, files, strict=True):
            house.web.add(path, file.read_bytes(), content_type="application/xml")
        settle()  # as the bot does; what earlier tests left behind is not its to go through
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
    assert report.entries > 20 * len(files) // 2
    assert unread == 0
    return watch
