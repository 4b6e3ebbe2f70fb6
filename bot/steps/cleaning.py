"""What we forget, and when."""

import logging
from datetime import timedelta

from bot.domain.ports import Clock
from bot.logs import event
from bot.store import Store

__all__ = ["Cleaning"]

# Parts are kept as long as a reader may ask what became of them.
_PART_DAYS = 30
_log = logging.getLogger(__name__)


class Cleaning:
    """The step that deletes what nobody needs any more."""

    def __init__(self, store: Store, clock: Clock, *, article_days: int, told_days: int) -> None:
        self._store = store
        self._clock = clock
        self._article_age = timedelta(days=article_days)
        self._told_age = timedelta(days=told_days)

    async def clean(self) -> None:
        """Delete old editions, what was told long ago, and what nothing quotes or uses."""
        now = self._clock.now()
        await self._store.editions.purge(
            parts_before=now - timedelta(days=_PART_DAYS), told_before=now - self._told_age
        )
        await self._store.sweep()
        articles = await self._store.articles.purge(now - self._article_age)
        await self._store.furniture.purge(now - self._article_age)
        entries = await self._store.entries.purge(now - self._article_age)
        event(_log, "cleaned", articles=articles, entries=entries)
