"""Outlets and articles of the sample newsroom, as they stand in its data files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["DAYS", "FEED_PATH", "FeedFormat", "Outlet", "Retitled", "SampleArticle"]

# The days the newsroom has news for; on later ones its feeds stay as they are.
DAYS = 7

# Where an outlet's pages say that its feed is, below the outlet's origin.
FEED_PATH = "/feed"


class FeedFormat(StrEnum):
    """How an outlet publishes its list of articles."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"

    @property
    def content_type(self) -> str:
        """Return the media type, as a Content-Type header gives it."""
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
    ``colour`` (CSS) is its masthead's.
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
    """The title an article carries from the morning of ``day`` on."""

    day: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """An article of ``outlet`` (a slug) on ``event``, which other outlets may tell too.

    It is out on the morning of ``day`` (0 is the first), ``age_h`` hours old by then.
    ``dateline`` is the place set before the first paragraph, ``related`` holds slugs,
    ``copy_of`` is the slug of the article whose text this one repeats.
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
        """Say whether the last of ``mornings`` is not before this article's."""
        return self.day < len(mornings)

    def published_at(self, mornings: Sequence[datetime]) -> datetime:
        """Return when it appeared; it must be out."""
        return mornings[self.day] - timedelta(hours=self.age_h)

    def updated_at(self, mornings: Sequence[datetime]) -> datetime:
        """Return when it last changed: on being retitled, if that has happened."""
        if self.retitled is not None and self.retitled.day < len(mornings):
            return mornings[self.retitled.day] - timedelta(hours=self.age_h)
        return self.published_at(mornings)

    def title_on(self, mornings: Sequence[datetime]) -> str:
        """Return the title it carries on the last of ``mornings``."""
        if self.retitled is not None and self.retitled.day < len(mornings):
            return self.retitled.title
        return self.title
