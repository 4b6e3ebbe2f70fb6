"""How far the feeds behind some subscriptions have been read, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from bot.store.database import Database
from bot.store.tables import article_match, feed, feed_entry, feed_use

__all__ = ["RefreshProgress", "read_progress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshProgress:
    """How it stands with some feeds.

    Of ``sources`` feeds, ``asked`` were asked at least once, ``read`` once answered, and
    ``due`` are to be asked now or are just being asked. ``waiting`` are entries that nobody
    has tried to read yet, ``articles`` those that answer to the keys of these feeds.
    """

    sources: int
    asked: int
    read: int
    due: int
    waiting: int
    articles: int

    @property
    def is_new(self) -> bool:
        """Whether there are sources that were never asked."""
        return self.asked < self.sources

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to ask and nothing to read any more."""
        return not self.due and not self.waiting

    @property
    def is_dead(self) -> bool:
        """Whether there are sources, of which not one ever answered, and no article either."""
        return self.sources > 0 and not self.read and not self.articles


async def read_progress(database: Database, keys: Sequence[str], now: datetime) -> RefreshProgress:
    """Return how far the feeds polled for ``keys``, or for all keys, have been read.

    Without ``keys`` of every feed that does not sleep.
    """
    uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_([*keys, "*"]))
    awake = select(feed.c.id).where(feed.c.next_poll_at.is_not(None))
    ids = uses if keys else awake
    feeds = select(
        func.count(),
        func.count(case((feed.c.read_at.is_not(None) | (feed.c.error != ""), 1))),
        func.count(feed.c.read_at),
        func.count(case((feed.c.next_poll_at <= now, 1))),
    ).where(feed.c.id.in_(ids))
    waiting = select(func.count()).where(
        feed_entry.c.state == "new", feed_entry.c.error == "", feed_entry.c.feed_id.in_(ids)
    )
    articles = select(func.count(article_match.c.article_id.distinct()))
    if keys:
        articles = articles.where(article_match.c.key.in_(keys))
    async with database.read() as connection:
        sources, asked, read, due = (await connection.execute(feeds)).one()
        return RefreshProgress(
            sources=sources,
            asked=asked,
            read=read,
            due=due,
            waiting=(await connection.execute(waiting)).scalar_one(),
            articles=(await connection.execute(articles)).scalar_one(),
        )
