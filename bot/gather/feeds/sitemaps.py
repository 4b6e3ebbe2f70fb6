"""Google-News sitemaps and sitemap indexes."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from bot.errors import NotAFeed
from bot.gather.dates.reader import read_date
from bot.gather.feeds.entries import FLOOD_ENTRIES, NEVER, Entry, Feed, absolute, language_of, plain

__all__ = ["read_sitemap", "read_sitemap_index"]

_PREFIX = re.compile(r"<(/?)[A-Za-z_][\w.-]{0,40}:(?=[A-Za-z_])")


def read_sitemap(xml: str) -> Feed:
    """Return a Google-News sitemap as a feed; its pages that are no news are left out.

    ``xml`` begins at its root element: an encoding that it declares would be believed. Its first
    5,000 pages are read, in their order. Raises NotAFeed if none is news, or ``xml`` holds no
    elements. Addresses are as given, and so are ids: absolute by the standard, but not checked,
    "" where one is blank. Blocks; linear.
    """
    items = [
        (item, address.strip())
        for page in islice(_children(xml, "url"), FLOOD_ENTRIES)
        if (item := page.find("{*}news")) is not None and (address := page.findtext("{*}loc"))
    ]
    if not items:
        raise NotAFeed("sitemap-without-news")
    tags = (item.findtext("{*}publication/{*}language") for item, _ in items)
    entries = (
        Entry(
            id=address,
            url=address,
            title=plain(item.findtext("{*}title") or ""),
            published_at=read_date(item.findtext("{*}publication_date")),
        )
        for item, address in items
    )
    return Feed(
        title=plain(items[0][0].findtext("{*}publication/{*}name") or ""),
        language=next(filter(None, map(language_of, tags)), ""),
        entries=tuple(entries),
    )


def read_sitemap_index(xml: str, url: str) -> Feed:
    """Return an index of sitemaps at ``url`` as a feed without entries.

    Its sitemaps are absolute and the newest first; equals keep their order, undated ones stand
    last. Its first 5,000 are read; those that are not for http(s) are left out. ``xml`` is as for
    ``read_sitemap``. Raises NotAFeed if none is left. Blocks; linear but for the sorting.
    """
    dated = [
        (read_date(node.findtext("{*}lastmod")) or NEVER, absolute(url, address.strip()))
        for node in islice(_children(xml, "sitemap"), FLOOD_ENTRIES)
        if (address := node.findtext("{*}loc"))
    ]
    sitemaps = [address for _, address in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    if not any(sitemaps):
        raise NotAFeed("index-without-sitemaps")
    return Feed(title="", language="", entries=(), sitemaps=tuple(filter(None, sitemaps)))


def _children(xml: str, name: str) -> Iterator[Any]:
    # A prefix that nobody declared is part of an element's name; without prefixes all are read.
    xml = _PREFIX.sub(r"<\1", xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(xml.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # an empty document
        return iter(())
    return iter(()) if root is None else root.iterfind(f"{{*}}{name}")
