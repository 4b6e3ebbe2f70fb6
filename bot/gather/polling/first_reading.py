"""The first reading of a feed: its news becomes articles, its archive does not."""

import heapq
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.feed_entry import FeedEntry

__all__ = ["NEWS_AGE", "is_first_reading", "latest_at", "news_of"]

# What is older when a feed is read for the first time is its archive.
NEWS_AGE = timedelta(days=7)
# Of a feed without news so many of its newest entries show what it is like.
_FEW_OLDER = 3


def is_first_reading(last_full_at: datetime | None, now: datetime) -> bool:
    """Return whether a feed is read as if for the first time.

    That is where it never was read whole, or not for the 7 days after which news is archive: it
    slept, or did not answer. Both are aware.
    """
    return last_full_at is None or now - last_full_at > NEWS_AGE


def news_of(entries: Sequence[FeedEntry], now: datetime) -> tuple[FeedEntry, ...]:
    """Return the entries of a first reading that become articles, in their order.

    Those of the 7 days before ``now``, which is aware; undated ones count as new, and so do those
    with a date yet to come. If there are none, the newest three.
    """
    oldest = now - NEWS_AGE
    news = tuple(e for e in entries if e.published_at is None or e.published_at >= oldest)
    if news:
        return news
    dated = [(entry.published_at, -n) for n, entry in enumerate(entries) if entry.published_at]
    places = sorted(-n for _, n in heapq.nlargest(_FEW_OLDER, dated))
    return tuple(entries[n] for n in places)


def latest_at(dates: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when a feed without news had its latest entry: None if that is within 7 days.

    ``dates`` are those of its entries, in any order; None without any. All are aware.
    """
    latest = max(dates, default=None)
    return latest if latest is not None and latest < now - NEWS_AGE else None
