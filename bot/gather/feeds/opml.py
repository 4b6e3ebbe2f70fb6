"""OPML: lists of feeds as other readers write and take them."""

import html
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from itertools import islice

import listparser
from lxml import etree

from bot.errors import NotAFeed, TooLarge
from bot.gather.feeds.repair import repaired
from bot.gather.http.decode import decode

__all__ = ["FeedList", "ListedFeed", "read_opml", "write_opml"]

# Somebody's whole reading list; the longest that peers report has about 3,000.
MAX_FEEDS = 5_000
MAX_TITLE_CHARS = 200
# A megabyte holds some 10,000 feeds.
MAX_BYTES = 8_000_000
_ROOT = re.compile(r"<(?:opml|rdf:RDF|oml)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\bxmlUrl\s*=", re.IGNORECASE)
# What XML 1.0 cannot hold at all.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed on somebody's list; ``title`` is "" where the list has none."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """The feeds of a list in its order, each once; ``omitted`` is how many lie beyond our cap."""

    feeds: tuple[ListedFeed, ...]
    omitted: int = 0


def read_opml(body: bytes, *, content_type: str | None = None) -> FeedList:
    """Return the feeds of a list; broken lists are read as far as they go.

    Raises NotAFeed for what is no list, TooLarge over 8 MB. Addresses are as given and still
    to be checked; those that are not for http(s) are left out.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge("list-too-long", n=8)
    text, omitted = _without_flood(decode(body, content_type))
    text = repaired(text).xml
    root = _ROOT.search(text)
    if root is None:
        raise NotAFeed("no-opml")
    return FeedList(feeds=_feeds(text[root.start() :]), omitted=omitted)


def _without_flood(text: str) -> tuple[str, int]:
    """Return the list up to its 5,000th outline with an address, and how many more it has."""
    beyond = islice(_ADDRESS.finditer(text), MAX_FEEDS, None)
    first = next(beyond, None)
    if first is None:
        return text, 0
    return text[: text.rfind("<", 0, first.start())], 1 + sum(1 for _ in beyond)


def _feeds(xml: str) -> tuple[ListedFeed, ...]:
    # The parsers take bytes for Latin-1 unless they say otherwise in HTML's way: so in ASCII.
    body = xml.encode("ascii", "xmlcharrefreplace")
    try:
        found = _listed(body)
    except Exception:  # noqa: BLE001 - it trips over an outline that ends twice
        found = _outlines(body)
    feeds: dict[str, ListedFeed] = {}
    for address, name in found:
        url = address.strip()
        if url.lower().startswith(("http://", "https://", "feed:")):
            title = " ".join(name.split())[:MAX_TITLE_CHARS]
            feeds.setdefault(url, ListedFeed(url=url, title=title))
    return tuple(feeds.values())


def _listed(body: bytes) -> list[tuple[str, str]]:
    """Return (address, title) of each feed, in whichever format it is listed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a parser about a file that is broken
        return [(feed.url or "", feed.title or "") for feed in listparser.parse(body).feeds]


def _outlines(body: bytes) -> list[tuple[str, str]]:
    """Return the same of OPML only, whatever the outlines stand in."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(body, parser)
    if root is None:
        return []
    return [
        (one.get("xmlUrl") or "", one.get("title") or one.get("text") or "")
        for one in root.iter("outline")
    ]


def write_opml(feeds: Iterable[ListedFeed], *, title: str, now: datetime) -> str:
    """Return an OPML 2.0 document that other readers take: every outline has type="rss"."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{_escaped(title)}</title>"
        f"<dateCreated>{format_datetime(now)}</dateCreated></head>",
        "<body>",
        *(_outline(feed) for feed in feeds),
        "</body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _outline(feed: ListedFeed) -> str:
    name = _escaped(feed.title or feed.url)
    return f'<outline type="rss" text="{name}" title="{name}" xmlUrl="{_escaped(feed.url)}"/>'


def _escaped(text: str) -> str:
    return html.escape(_CONTROLS.sub("", text))
