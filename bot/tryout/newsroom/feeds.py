"""Feeds of the sample outlets, as RSS 2.0, Atom or JSON Feed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.tryout.newsroom.model import FEED_PATH, FeedFormat, Outlet, SampleArticle

__all__ = ["FeedItem", "write_feed"]

# The length that teasers are cut to, as many publishing systems do: never inside a word.
_TEASER_CHARS = 180

_CONTENT_NS = "http://purl.org/rss/1.0/modules/content/"
_DC_NS = "http://purl.org/dc/elements/1.1/"
_ATOM_NS = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An article as a feed lists it.

    ``html`` is all of its text, ``teaser`` the beginning as plain text. Dates are in UTC, in
    whole seconds.
    """

    url: str
    title: str
    byline: str
    teaser: str
    html: str
    published_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, article: SampleArticle, *, base_url: str, mornings: Sequence[datetime]
    ) -> "FeedItem":
        """Return ``article`` as listed on the last of ``mornings``, which are aware.

        ``base_url`` is the outlet's origin, without a slash at its end. Raises IndexError if it
        is not out by then, or has no paragraph.
        """
        teaser = article.paragraphs[0]
        if len(teaser) > _TEASER_CHARS:
            teaser = teaser[:_TEASER_CHARS].rsplit(" ", 1)[0].rstrip(",;:–—") + "…"
        return cls(
            url=f"{base_url}/{article.slug}",
            title=article.title_on(mornings),
            byline=article.byline,
            teaser=teaser,
            html="".join(f"<p>{escape(text, quote=False)}</p>\n" for text in article.paragraphs),
            published_at=article.published_at(mornings).astimezone(UTC).replace(microsecond=0),
            updated_at=article.updated_at(mornings).astimezone(UTC).replace(microsecond=0),
        )


def write_feed(outlet: Outlet, items: Sequence[FeedItem], *, base_url: str) -> bytes:
    """Return the feed of ``outlet`` in its own format, with ``items`` in the given order.

    ``base_url`` is the origin of the outlet, without a slash at its end. The bytes are UTF-8.
    Texts must be such as XML can hold, which is not checked. RSS raises ValueError for dates that
    are not in UTC, JSON for lone surrogates.
    """
    if outlet.feed is FeedFormat.RSS:
        return _rss(outlet, items, base_url)
    if outlet.feed is FeedFormat.ATOM:
        return _atom(outlet, items, base_url)
    return _json_feed(outlet, items, base_url)


def _rss(outlet: Outlet, items: Sequence[FeedItem], base_url: str) -> bytes:
    root = Element("rss", {"version": "2.0", "xmlns:content": _CONTENT_NS, "xmlns:dc": _DC_NS})
    channel = SubElement(root, "channel")
    _add(channel, "title", outlet.name)
    _add(channel, "link", f"{base_url}/")
    _add(channel, "description", outlet.tagline)
    _add(channel, "language", outlet.language)
    for item in items:
        element = SubElement(channel, "item")
        _add(element, "title", item.title)
        _add(element, "link", item.url)
        _add(element, "guid", item.url, isPermaLink="true")
        _add(element, "pubDate", format_datetime(item.published_at, usegmt=True))
        _add(element, "dc:creator", item.byline)
        _add(element, "description", item.teaser)
        if outlet.full_text:
            _add(element, "content:encoded", item.html)
    return _xml(root)


def _atom(outlet: Outlet, items: Sequence[FeedItem], base_url: str) -> bytes:
    root = Element("feed", {"xmlns": _ATOM_NS, "xml:lang": outlet.language})
    _add(root, "id", f"{base_url}/")
    _add(root, "title", outlet.name)
    _add(root, "subtitle", outlet.tagline)
    SubElement(root, "link", {"rel": "self", "href": f"{base_url}{FEED_PATH}"})
    SubElement(root, "link", {"rel": "alternate", "href": f"{base_url}/"})
    # RFC 4287 requires the date of the last change; an empty feed has never changed.
    changed_at = max((item.updated_at for item in items), default=datetime.fromtimestamp(0, UTC))
    _add(root, "updated", changed_at.isoformat())
    for item in items:
        entry = SubElement(root, "entry")
        _add(entry, "id", item.url)
        _add(entry, "title", item.title)
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": item.url})
        _add(entry, "published", item.published_at.isoformat())
        _add(entry, "updated", item.updated_at.isoformat())
        _add(SubElement(entry, "author"), "name", item.byline)
        _add(entry, "summary", item.teaser)
        if outlet.full_text:
            _add(entry, "content", item.html, type="html")
    return _xml(root)


def _json_feed(outlet: Outlet, items: Sequence[FeedItem], base_url: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": f"{base_url}/",
        "feed_url": f"{base_url}{FEED_PATH}",
        "language": outlet.language,
        "items": [
            {
                "id": item.url,
                "url": item.url,
                "title": item.title,
                "authors": [{"name": item.byline}],
                "summary": item.teaser,
                "date_published": item.published_at.isoformat(),
                "date_modified": item.updated_at.isoformat(),
                # JSON Feed 1.1 requires one content_* in every item: the teaser if not the text.
                **(
                    {"content_html": item.html}
                    if outlet.full_text
                    else {"content_text": item.teaser}
                ),
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _add(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text


def _xml(root: Element) -> bytes:
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body
