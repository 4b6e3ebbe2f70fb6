"""From articles to stories: a warm window over the last days, and permanent ids."""

import asyncio
from collections import defaultdict
from datetime import timedelta

from bot.domain.article import StoredArticle
from bot.domain.ports import Clock
from bot.group import StoryWindow
from bot.store import Store

__all__ = ["Grouping"]

_BATCH = 500
# How far back an article can find a story to join.
_WINDOW = timedelta(days=5)


class Grouping:
    """The step that puts articles into stories.

    The window lives in memory and is filled from the store once. It is our own linear code
    over capped texts, so a thread is enough to keep it off the event loop.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._window: StoryWindow | None = None
        self._lock = asyncio.Lock()

    async def group(self) -> int:
        """Put every article without a story into one; return how many there were."""
        count = 0
        async with self._lock:
            window = self._window or await self._warm()
            self._window = window
            while articles := await self._store.articles.ungrouped(_BATCH):
                await self._assign(window, articles)
                count += len(articles)
        return count

    async def _assign(self, window: StoryWindow, articles: list[StoredArticle]) -> None:
        now = self._clock.now()
        ids = await asyncio.to_thread(window.add, [one.article for one in articles], now)
        groups: dict[int, list[StoredArticle]] = defaultdict(list)
        for stored, story in zip(articles, ids, strict=True):
            groups[story].append(stored)
        window.rename(await self._store.articles.assign(groups))
        merges = [(one.gone, one.kept) for one in window.take_merges()]
        await self._store.articles.merge(
            (gone, kept) for gone, kept in merges if gone > 0 and kept > 0
        )

    async def _warm(self) -> StoryWindow:
        known = await self._store.articles.grouped_since(self._clock.now() - _WINDOW)
        window = StoryWindow(keep=_WINDOW)
        articles = [stored.article for stored, _ in known]
        await asyncio.to_thread(window.seed, articles, [story for _, story in known])
        return window
