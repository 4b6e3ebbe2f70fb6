"""The newsroom: what each of its outlets publishes on a given morning."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.tryout.newsroom.feeds import FeedItem, write_feed
from bot.tryout.newsroom.model import Outlet, SampleArticle
from bot.tryout.newsroom.pages import Link, write_front, write_page

__all__ = ["Newsroom"]

# How many other stories a page lists below its own.
_MAX_RELATED = 4


class Newsroom:
    """A press of ``outlets`` with ``articles``; pure: time comes in as ``mornings``.

    ``mornings[0]`` is when the tryout was opened, each later one a morning that was
    jumped to; an article of day N is out once there are more than N of them.
    ``events`` maps each event to the slugs of the catalogue topics it belongs to.
    A ``base_url`` is the origin of one outlet; its articles stand right below.
    """

    def __init__(
        self,
        outlets: tuple[Outlet, ...],
        articles: tuple[SampleArticle, ...],
        events: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.outlets = outlets
        self.articles = articles
        self.events = events
        self._outlets = {outlet.slug: outlet for outlet in outlets}
        self._articles = {article.slug: article for article in articles}

    def feed(self, outlet_slug: str, *, base_url: str, mornings: Sequence[datetime]) -> bytes:
        """Return the outlet's feed, newest first; its ``feed`` says in which format.

        Raises KeyError for an unknown outlet.
        """
        outlet = self._outlets[outlet_slug]
        items = [
            FeedItem.of(article, base_url=base_url, mornings=mornings)
            for article in self._out(outlet_slug, mornings)
        ]
        return write_feed(outlet, items, base_url=base_url)

    def page(
        self, outlet_slug: str, article_slug: str, *, base_url: str, mornings: Sequence[datetime]
    ) -> bytes | None:
        """Return an article's page in HTML, or None if it is unknown or not yet out."""
        article = self._articles.get(article_slug)
        if article is None or article.outlet != outlet_slug or not article.is_out(mornings):
            return None
        links = [
            Link(title=other.title_on(mornings), url=f"{base_url}/{other.slug}")
            for other in self._related(article, mornings)
        ]
        outlet = self._outlets[outlet_slug]
        return write_page(outlet, article, links, base_url=base_url, mornings=mornings)

    def front(
        self, outlet_slug: str, *, base_url: str, mornings: Sequence[datetime]
    ) -> bytes | None:
        """Return the outlet's front page, which names its feed; None if it is unknown."""
        outlet = self._outlets.get(outlet_slug)
        if outlet is None:
            return None
        links = [
            Link(title=article.title_on(mornings), url=f"{base_url}/{article.slug}")
            for article in self._out(outlet_slug, mornings)
        ]
        return write_front(outlet, links, base_url=base_url)

    def _out(self, outlet_slug: str, mornings: Sequence[datetime]) -> list[SampleArticle]:
        """Return what the outlet has published so far, newest first."""
        out = [a for a in self.articles if a.outlet == outlet_slug and a.is_out(mornings)]
        return sorted(out, key=lambda a: a.published_at(mornings), reverse=True)

    def _related(
        self, article: SampleArticle, mornings: Sequence[datetime]
    ) -> Sequence[SampleArticle]:
        """Return what a page links to: what its author named, then the outlet's newest."""
        found = dict.fromkeys(self._candidates(article, mornings))
        found.pop(article.slug, None)
        return [self._articles[slug] for slug in list(found)[:_MAX_RELATED]]

    def _candidates(self, article: SampleArticle, mornings: Sequence[datetime]) -> Iterator[str]:
        newest = [other.slug for other in self._out(article.outlet, mornings)]
        yield from (slug for slug in article.related if slug in newest)
        yield from newest
