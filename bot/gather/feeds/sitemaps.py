"""Google-News sitemaps, and the indexes that list them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from bot.errors import NotAFeed
from bot.gather.feeds.dates import read_date
from bot.gather.feeds.entries import FLOOD_ENTRIES, NEVER, Entry, Feed, absolute, language_of, plain

__all__ = ["read_sitemap", "read_sitemap_index"]


def read_sitemap(xml: str) -> Feed:
    """Return a Google-News sitemap as a feed; pages that are no news are left out."""
    nodes = _children(xml, "url")
    listed = [
        (news, address.strip())
        for node in islice(nodes, FLOOD_ENTRIES)
        if (news := node.find("{*}news")) is not None and (address := node.findtext("{*}loc"))
    ]
    if not listed:
        raise NotAFeed("sitemap-without-news")
    said = (news.findtext("{*}publication/{*}language") for news, _ in listed)
    return Feed(
        title=plain(listed[0][0].findtext("{*}publication/{*}name") or ""),
        language=next(filter(None, map(language_of, said)), ""),
        entries=tuple(_sitemap_entry(news, address) for news, address in listed),
    )


def read_sitemap_index(xml: str, url: str) -> Feed:
    """Return the sitemaps of an index; undated ones stand last, in their order."""
    dated = [
        (read_date(node.findtext("{*}lastmod")) or NEVER, absolute(url, address.strip()))
        for node in islice(_children(xml, "sitemap"), FLOOD_ENTRIES)
        if (address := node.findtext("{*}loc"))
    ]
    sitemaps = [address for _, address in sorted(dated, key=lambda at: at[0], reverse=True)]
    if not any(sitemaps):
        raise NotAFeed("index-without-sitemaps")
    return Feed(title="", language="", entries=(), sitemaps=tuple(filter(None, sitemaps)))


def _children(xml: str, name: str) -> Iterator[Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(xml.encode(), parser)
    return iter(()) if root is None else root.iterfind(f"{{*}}{name}")


def _sitemap_entry(news: Any, address: str) -> Entry:
    return Entry(
        id=address,
        url=address,
        title=plain(news.findtext("{*}title") or ""),
        published_at=read_date(news.findtext("{*}publication_date")),
    )
