"""The progress of reading the feeds behind some subscriptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from bot.store.database import Database
from bot.store.tables import article_match, feed, feed_entry, feed_use

__all__ = ["RefreshProgress", "read_progress"]

_MAX_ARTICLES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshProgress:
    """The progress of reading some feeds, as counts.

    Of ``sources`` feeds, ``asked`` were polled at least once, ``read`` answered at least once,
    and ``due`` are to be polled now or are being polled. ``waiting`` entries have not been
    tried yet; ``articles`` answer to the keys of these feeds (of some keys, 1,000 at most count).
    """

    sources: int
    asked: int
    read: int
    due: int
    waiting: int
    articles: int

    @property
    def is_new(self) -> bool:
        """Whether there are sources that were never polled; False if there are none."""
        return self.asked < self.sources

    @property
    def is_done(self) -> bool:
        """Whether nothing is due to be polled and no entry waits for its first reading."""
        return not self.due and not self.waiting

    @property
    def is_dead(self) -> bool:
        """Whether there are sources, none of which ever answered, and no articles."""
        return self.sources > 0 and not self.read and not self.articles


async def read_progress(database: Database, keys: Sequence[str], now: datetime) -> RefreshProgress:
    """Return how far the feeds polled for ``keys`` have been read; three queries.

    Feeds that serve everything ("*") count for any keys, but their articles only as far as they
    answer to ``keys``. Without ``keys`` the figures are of all feeds that are polled for any, and
    of all articles that answer to some key: that reads all matches. ``keys`` are at most 10,000. A
    naive ``now`` raises SQLAlchemy's StatementError.
    """
    ids = select(feed_use.c.feed_id)
    if keys:
        ids = ids.where(feed_use.c.key.in_([*keys, "*"]))
    feeds = select(
        func.count(),
        func.count(case((feed.c.read_at.is_not(None) | (feed.c.error != ""), 1))),
        func.count(feed.c.read_at),
        func.count(case((feed.c.next_poll_at <= now, 1))),
    ).where(feed.c.id.in_(ids))
    waiting = select(func.count()).where(
        feed_entry.c.state == "new", feed_entry.c.error == "", feed_entry.c.feed_id.in_(ids)
    )
    matched = select(article_match.c.article_id).distinct()
    if keys:  # a reader waits: of a topic of weeks not all are read to say that there are some
        matched = matched.where(article_match.c.key.in_(keys)).limit(_MAX_ARTICLES)
    articles = select(func.count()).select_from(matched.subquery())
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
