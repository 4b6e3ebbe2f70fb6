"""The sample newsroom: what each of its outlets has published by a given morning."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.tryout.newsroom.feeds import FeedItem, write_feed
from bot.tryout.newsroom.model import Outlet, SampleArticle
from bot.tryout.newsroom.pages import Link, write_front, write_page

__all__ = ["Newsroom"]

# How many other stories a page lists below its own.
_MAX_RELATED = 4


class Newsroom:
    """The ``outlets`` of the sample press and their ``articles``.

    Its methods depend on their arguments only; the time is ``mornings``, aware and in order, at
    least one. ``mornings[0]`` is when the tryout was opened, each later one the morning of
    another day; an article of day N is out once there are more than N of them.
    ``events`` maps each event to the slugs of the catalogue topics it belongs to.
    A ``base_url`` is the origin of one outlet, without a slash at its end; its articles are
    right below. The first page or front page reads the templates (it blocks). Articles have
    paragraphs, and outlets a language of the templates: else IndexError or KeyError is raised.
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
        """Return the outlet's feed in the format of its ``feed``, newest article first.

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
        """Return an article's page in HTML; None if the outlet has no such article, or not yet.

        It links to up to four other articles of the outlet that are out: those that the article
        names, then the newest.
        """
        article = self._articles.get(article_slug)
        if article is None or article.outlet != outlet_slug or not article.is_out(mornings):
            return None
        newest = [other.slug for other in self._out(outlet_slug, mornings)]
        named = [slug for slug in article.related if slug in newest]
        related = [slug for slug in dict.fromkeys([*named, *newest]) if slug != article_slug]
        others = [self._articles[slug] for slug in related[:_MAX_RELATED]]
        links = [
            Link(title=other.title_on(mornings), url=f"{base_url}/{other.slug}") for other in others
        ]
        outlet = self._outlets[outlet_slug]
        return write_page(outlet, article, links, base_url=base_url, mornings=mornings)

    def front(
        self, outlet_slug: str, *, base_url: str, mornings: Sequence[datetime]
    ) -> bytes | None:
        """Return the outlet's front page in HTML; None for an unknown outlet.

        It names the feed, and links to all articles that are out, newest first.
        """
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
        out = [
            article
            for article in self.articles
            if article.outlet == outlet_slug and article.is_out(mornings)
        ]
        return sorted(out, key=lambda article: article.published_at(mornings), reverse=True)
