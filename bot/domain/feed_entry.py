"""Entries of feeds: what a publisher lists, before its article is read."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["FeedEntry", "StoredEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An entry of a feed; ``guid`` is unique in its feed.

    ``text`` is what the feed brought, clean, one paragraph a line; ``complete`` is whether that
    is the whole article. ``language`` is ISO 639-1 or "". ``published_at`` is aware and in UTC,
    or None.
    """

    guid: str
    url: str
    title: str
    text: str
    complete: bool
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry that is to become an article, with its place in the store.

    The entry's language is its feed's where it has none of its own. ``attempts`` counts claims
    so far. ``outlet`` is its outlet's id, "" if unknown, and ``source`` the outlet's name;
    ``public`` is whether all readers may see it.
    """

    id: int
    feed_id: int
    entry: FeedEntry
    seen_at: datetime
    attempts: int
    source: str
    public: bool
    outlet: str = ""
