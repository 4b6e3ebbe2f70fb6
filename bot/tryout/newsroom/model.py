"""Outlets and articles of the sample newsroom, as in its data files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

__all__ = ["DAYS", "FEED_PATH", "FIRST_DAY", "FeedFormat", "Outlet", "Retitled", "SampleArticle"]

# The number of days with news; after them the feeds do not change any more.
DAYS = 7

# The first of them, a Thursday: the texts tell facts of that week, with their dates.
FIRST_DAY = date(2025, 6, 5)

# The path of an outlet's feed, which its pages name too.
FEED_PATH = "/feed"


class FeedFormat(StrEnum):
    """How an outlet publishes its list of articles."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"

    @property
    def content_type(self) -> str:
        """The media type, as for a Content-Type header."""
        return _CONTENT_TYPES[self]


_CONTENT_TYPES = {
    FeedFormat.RSS: "application/rss+xml; charset=utf-8",
    FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
    FeedFormat.JSON: "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented newspaper, agency or station.

    ``country`` is an ISO 3166 code ("ZZ" for an invented country), ``language`` an
    ISO 639-1 code. A ``full_text`` feed carries whole articles, others only a teaser.
    ``colour`` (CSS) is that of its masthead.
    """

    slug: str
    name: str
    tagline: str
    country: str
    language: str
    feed: FeedFormat
    full_text: bool
    colour: str
    state_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitled:
    """The title that an article has from the morning of ``day`` on."""

    day: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """An article of ``outlet`` (a slug) on ``event``, which other outlets may report too.

    It is out on the morning of ``day`` (0 is the first), ``age_h`` hours old by then.
    ``dateline`` is the place set before the first paragraph, ``related`` holds slugs of other
    articles, ``copy_of`` is the slug of the article whose text this one repeats.

    ``mornings`` are as in Newsroom: the instants of the days so far, in order.
    """

    slug: str
    outlet: str
    event: str
    day: int
    age_h: float
    title: str
    paragraphs: tuple[str, ...]
    byline: str
    dateline: str = ""
    caption: str = ""
    related: tuple[str, ...] = ()
    retitled: Retitled | None = None
    copy_of: str = ""

    def is_out(self, mornings: Sequence[datetime]) -> bool:
        """Return whether it is out by the last of ``mornings``."""
        return self.day < len(mornings)

    def published_at(self, mornings: Sequence[datetime]) -> datetime:
        """Return when it appeared, in the zone of its morning; IndexError if it is not out yet."""
        return mornings[self.day] - timedelta(hours=self.age_h)

    def updated_at(self, mornings: Sequence[datetime]) -> datetime:
        """Return when it was retitled, or else appeared; raise IndexError if it is not out yet.

        Like ``published_at``, that is ``age_h`` hours before a morning, in the zone of it.
        """
        if self.retitled is not None and self.retitled.day < len(mornings):
            return mornings[self.retitled.day] - timedelta(hours=self.age_h)
        return self.published_at(mornings)

    def title_on(self, mornings: Sequence[datetime]) -> str:
        """Return the title that it has on the last of ``mornings``, even if it is not out yet."""
        if self.retitled is not None and self.retitled.day < len(mornings):
            return self.retitled.title
        return self.title
