"""What workers bring back from feeds and pages: values that need no library to be held."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Extracted", "Listed", "Listing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page says. ``text`` is clean, one paragraph a line.

    ``published_at`` is aware and in UTC, or None. ``canonical_url`` is the page's own word
    for its address where that lies in the page's domain, "" otherwise. ``paywalled`` says
    that the publisher marks the page as not free.
    """

    title: str
    text: str
    published_at: datetime | None
    language: str
    canonical_url: str
    paywalled: bool
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry: ``text`` is clean, and ``complete`` says that it is the whole article."""

    guid: str
    url: str
    title: str
    text: str
    complete: bool
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed's title and language, its entries, and what tells of all that it lists.

    ``entries`` are those not listed before. ``dates`` and ``listed``, digests by which an entry
    is known again, are of these and the others. ``sitemaps`` are the documents that list the
    entries, newest first, where this one is an index of sitemaps.
    """

    title: str
    language: str
    entries: tuple[Listed, ...]
    dates: tuple[datetime, ...]
    listed: str
    sitemaps: tuple[str, ...] = ()
