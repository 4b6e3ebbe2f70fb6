"""Retention: what is deleted, and after how many days."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.ports import Clock
from bot.errors import StoreUnavailable
from bot.logs import event
from bot.send.outbox import EXPIRE_AFTER
from bot.steps.matching import LOOK_BACK
from bot.store import Store
from bot.store.changes import CHANGE_KEPT

__all__ = ["Cleaning"]

# Editions, their parts and contents are kept as long as a reader may ask what became of them.
_PART_DAYS = 30
# The bodies of parts, most of what an edition takes, only until nobody asks why they look so:
# from the content they can be made again.
_BODY_DAYS = 2
# Telegram hands an update out again for a day at most.
_UPDATE_DAYS = 2
_log = logging.getLogger(__name__)


class Cleaning:
    """The step that deletes what has outlived its retention.

    Articles, entries and repeated lines are kept for ``article_days``, but entries that nobody
    asked for no longer than a new subscription looks back (three days); what was told for
    ``told_days``, editions with their contents for 30 days, and the bodies of their parts for
    two days after they were sent. A message too old to be sent has expired, whether or not
    Telegram can be reached.
    """

    def __init__(self, store: Store, clock: Clock, *, article_days: int, told_days: int) -> None:
        self._store = store
        self._clock = clock
        self._article_age = timedelta(days=article_days)
        self._told_age = timedelta(days=told_days)

    async def clean(self) -> None:
        """Delete old editions, what was told long ago, and what nothing quotes or uses.

        Keys and private feeds without a reader go whatever their age; quoted articles and entries
        that wait to be read stay, as does an edition with a waiting part, and one that counts as
        told stays without its content. ``Store.sweep`` says what a subscription may lose that is
        being made at that very time.
        Each kind is deleted in a transaction of its own; one that fails is logged and ends no
        other. Raises StoreUnavailable, or may be cancelled: the rest is left to the next run.
        """
        now = self._clock.now()
        old = now - self._article_age
        told_before = now - self._told_age
        store = self._store
        purges: dict[str, Callable[[], Awaitable[int | None]]] = {
            "parts": lambda: store.outbox.expire(now - EXPIRE_AFTER, now=now),
            "editions": lambda: store.editions.purge(
                bodies_before=now - timedelta(days=_BODY_DAYS),
                parts_before=now - timedelta(days=_PART_DAYS),
                told_before=told_before,
            ),
            "unread": store.sweep,
            "articles": lambda: store.articles.purge(old),
            "furniture": lambda: store.furniture.purge(old),
            "entries": lambda: store.entries.purge(old, idle_before=now - LOOK_BACK),
            "outlets": store.outlets.purge,
            "changes": lambda: store.changes.purge(before=now - CHANGE_KEPT),
            "updates": lambda: store.acted.purge(now - timedelta(days=_UPDATE_DAYS)),
        }
        gone: dict[str, int | None] = {}
        for name, purge in purges.items():
            try:
                gone[name] = await purge()
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - a bulkhead: the rest is cleaned
                event(_log, "clean-broken", level=logging.ERROR, what=name, exc_info=error)
        event(
            _log,
            "cleaned",
            articles=gone.get("articles"),
            entries=gone.get("entries"),
            expired=gone.get("parts") or None,
        )
