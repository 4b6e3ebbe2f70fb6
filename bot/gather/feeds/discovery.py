"""Feed discovery: the feeds that a web page links to."""

import re
from contextlib import suppress
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from bot.gather.http.decode import decode

__all__ = ["find_feeds"]

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_FEED_WORDS = re.compile(r"\b(rss|atom|feed)s?\b|\.(rss|rdf|atom)$|feed\.json$", re.IGNORECASE)
_USUAL_PATHS = ("/feed", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml")
_MAX_FOUND = 10


def find_feeds(html: bytes, *, url: str) -> tuple[str, ...]:
    """Return the addresses of feeds of the page ``html`` at ``url``, the likeliest first.

    Declared ones, then links that look like a feed, then the usual places on its host, which
    may not exist: at most 10, absolute, each once, not yet checked; those of a kind in the order
    of the page, whose <base> is not heeded. Does not fetch anything. What is no http(s) URL is
    left out; nothing is found where ``url`` is none and the page links to none. Never raises.
    Blocks: linear in the page, but for one with elements nested thousands deep, which may take
    minutes; meant for a worker process.
    """
    tree = LexborHTMLParser(decode(html))
    declared = [
        node.attributes.get("href") or ""
        for node in tree.css("link[rel~=alternate]")
        if (node.attributes.get("type") or "").lower() in _FEED_TYPES
    ]
    linked = [
        href
        for node in tree.css("a[href]")
        if _FEED_WORDS.search(href := node.attributes.get("href") or "")
    ]
    found: dict[str, None] = {}
    for href in [*filter(None, declared), *dict.fromkeys(linked), *_USUAL_PATHS]:
        with suppress(ValueError):
            address = urljoin(url, href.strip())
            if address.lower().startswith(("http://", "https://")):
                found[address] = None
    return tuple(found)[:_MAX_FOUND]
