"""Results of the worker processes, free of the libraries that made them."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.feed_entry import FeedEntry

__all__ = ["Extracted", "FeedList", "ListedFeed", "Listing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The article of a page. ``text`` is clean, one paragraph a line.

    ``published_at`` is aware and in UTC, or None. ``language`` is ISO 639-1 or "".
    ``canonical_url`` is the address that the page claims to have, where that is plausible, ""
    otherwise: it may be another page's. ``paywalled`` is whether the publisher marks the page as
    not free, ``outlet`` the publisher's name as it stands there, or "". ``kind`` is as in Article.
    """

    title: str
    text: str
    published_at: datetime | None
    language: str
    canonical_url: str
    paywalled: bool
    outlet: str
    kind: str = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A parsed feed: its title and language, and the entries that were not listed before.

    ``dates`` and ``listed`` are of those listed before, too: ``listed`` are digests, by a space,
    which identify the entries in the next call. ``sitemaps`` are the addresses that an index of
    sitemaps lists, newest first.
    """

    title: str
    language: str
    entries: tuple[FeedEntry, ...]
    dates: tuple[datetime, ...]
    listed: str
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed on a list; ``title`` is one line, "" where the list has none."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """The feeds of a list in its order, each once; ``omitted`` counts those beyond our limit."""

    feeds: tuple[ListedFeed, ...]
    omitted: int = 0
