"""From articles to stories: a warm window over the last days, and permanent ids."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.article import StoredArticle
from bot.domain.ports import Clock
from bot.errors import StoreUnavailable
from bot.group import StoryWindow
from bot.logs import event
from bot.store import Store

__all__ = ["Grouping"]

_BATCH = 500
# How far back an article can find a story to join.
_WINDOW = timedelta(days=5)
# Ids of articles that may still be on their way into the database, behind the newest in it.
_MAX_LATE = 1_000
_log = logging.getLogger(__name__)


class Grouping:
    """The step that puts articles into stories; one run at a time.

    The window of recent stories is kept in memory. It is loaded from the store at the first
    run, and again after any failure, since it may hold what the store does not. The first run
    looks over all articles, later ones over the newest thousand and what came since. Grouping is
    linear in the capped texts and runs in a thread, off the event loop.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._window: StoryWindow | None = None
        # Articles up to this id have a story: not all that are stored are looked over each time.
        self._grouped_to = 0
        self._lock = asyncio.Lock()

    async def group(self) -> int:
        """Assign a story to every article without one; return how many articles there were.

        An article that breaks grouping becomes a story of its own; one that is deleted meanwhile,
        with the last reader of its feed, is passed over. Stories that turn out to be
        one are merged. Waits for a run that is on. Takes 500 at a time, oldest first, in three
        transactions, and a fourth where the window is loaded; more if one breaks grouping. Raises
        StoreUnavailable; after that, or if it is cancelled, what has no story yet is left to the
        next run.
        """
        count = 0
        async with self._lock:
            newest = await self._store.headlines.newest_id()
            if newest < self._grouped_to:  # the newest were deleted: their ids may come again
                self._grouped_to = 0
            lost: set[int] = set()
            while articles := await self._store.articles.ungrouped(_BATCH, after=self._grouped_to):
                if lost.issuperset(stored.id for stored in articles):
                    break
                lost |= await self._assign(articles)
                count += len(articles)
            else:
                self._grouped_to = max(newest - _MAX_LATE, 0)
        return count

    async def _assign(self, articles: Sequence[StoredArticle]) -> set[int]:
        """Put articles into stories, in halves where all together break it.

        Return the ids of those that cannot be in one: they are there no more, as a rule.
        """
        now = self._clock.now()
        window, self._window = self._window, None
        try:
            if window is None:  # the first time, or after a failure
                known = await self._store.articles.grouped_since(now - _WINDOW)
                window = await asyncio.to_thread(_seeded, known)
            ids = await asyncio.to_thread(window.add, [stored.article for stored in articles], now)
            groups: dict[int, list[StoredArticle]] = defaultdict(list)
            for stored, story in zip(articles, ids, strict=True):
                groups[story].append(stored)
            window.rename(await self._store.articles.assign(groups))
            merges = [(merge.gone, merge.kept) for merge in window.take_merges()]
            await self._store.articles.merge(
                (gone, kept) for gone, kept in merges if gone > 0 and kept > 0
            )
            self._window = window
            return set()
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: divided until it stands alone
            if len(articles) == 1:
                return await self._assign_alone(articles[0], error)
            middle = len(articles) // 2
            return await self._assign(articles[:middle]) | await self._assign(articles[middle:])

    async def _assign_alone(self, broken: StoredArticle, error: Exception) -> set[int]:
        """Make an article a story of its own, as ``_assign`` does with many."""
        try:
            await self._store.articles.assign({-1: [broken]})
        except StoreUnavailable:
            raise
        except Exception as worse:  # noqa: BLE001 - a bulkhead: it was deleted since it was read
            event(_log, "group-lost", level=logging.WARNING, article=broken.id, exc_info=worse)
            return {broken.id}
        event(_log, "group-broken", level=logging.ERROR, article=broken.id, exc_info=error)
        return set()


def _seeded(known: Sequence[tuple[StoredArticle, int]]) -> StoryWindow:
    """Return a window with the ``known`` (article, story id) pairs, less those that break it."""
    sound = list(known)
    while True:
        window = StoryWindow(keep=_WINDOW)
        for place, (stored, story) in enumerate(sound):
            try:
                window.seed([stored.article], [story])
            except Exception:  # noqa: BLE001 - a bulkhead: it has its story, and is left out here
                del sound[place]
                break
        else:
            return window
