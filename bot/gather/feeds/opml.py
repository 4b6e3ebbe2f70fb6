"""OPML, the format in which feed readers exchange their lists of feeds."""

import html
import re
import warnings
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

import listparser
from lxml import etree

from bot.errors import NotAFeed, TooLarge
from bot.gather.feeds.entries import overflow
from bot.gather.feeds.repair import repaired
from bot.gather.http.decode import decode
from bot.gather.values import FeedList, ListedFeed

__all__ = ["FeedList", "ListedFeed", "read_opml", "write_opml"]

# A whole reading list; the longest that peers report has about 3,000.
MAX_FEEDS = 5_000
MAX_TITLE_CHARS = 200
# A megabyte holds some 10,000 feeds.
MAX_BYTES = 8_000_000
_ROOT = re.compile(r"<(?:opml|rdf:RDF|oml)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\bxmlUrl\s*=", re.IGNORECASE)
# Characters that XML 1.0 does not permit, even escaped.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_opml(body: bytes, *, content_type: str | None = None) -> FeedList:
    """Return the feeds of a list, at most 5,000; broken lists are read as far as they go.

    Of the 5,000, those listed twice are counted twice. Addresses are as given and still to be
    checked; those that are not for http(s) or "feed:" are left out, so the list may be empty.
    Titles are cut to 200 characters; of an address listed twice the first stands. Raises NotAFeed
    for what is no list, or an attack, TooLarge over 8 MB. Blocks; meant for a worker process.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge("list-too-long", n=8)
    text = decode(body, content_type)
    end, omitted = overflow(_ADDRESS, text, MAX_FEEDS)
    if omitted:  # cut before the tag of the address
        end = text.rfind("<", 0, end)
    xml = repaired(text[:end]).xml
    root = _ROOT.search(xml)
    if root is None:
        raise NotAFeed("no-opml")
    # The parsers take bytes for Latin-1 unless they are declared in HTML's way: so in ASCII.
    document = xml[root.start() :].encode("ascii", "xmlcharrefreplace")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a parser about a file that is broken
            outlines = [(feed.url, feed.title) for feed in listparser.parse(document).feeds]
    except Exception:  # noqa: BLE001 - it trips over an outline that ends twice
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        tree = etree.fromstring(document, parser)
        nodes = tree.iter("outline") if tree is not None else ()
        outlines = [(node.get("xmlUrl"), node.get("title") or node.get("text")) for node in nodes]
    feeds: dict[str, ListedFeed] = {}
    for address, name in outlines:
        url = (address or "").strip()
        if url.lower().startswith(("http://", "https://", "feed:")):
            title = " ".join((name or "").split())[:MAX_TITLE_CHARS]
            feeds.setdefault(url, ListedFeed(url=url, title=title))
    return FeedList(feeds=tuple(feeds.values()), omitted=omitted)


def write_opml(feeds: Iterable[ListedFeed], *, title: str, now: datetime) -> str:
    """Return an OPML 2.0 document that other readers import.

    Every outline has type="rss"; a feed without a title is named by its address. ``now`` is
    aware, and becomes the date of the document, in its own zone. The order is that of ``feeds``;
    addresses are not checked, and characters that XML does not permit are left out. Never raises.
    """
    outlines = []
    for feed in feeds:
        name = _escaped(feed.title or feed.url)
        url = _escaped(feed.url)
        outlines.append(f'<outline type="rss" text="{name}" title="{name}" xmlUrl="{url}"/>')
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{_escaped(title)}</title>"
        f"<dateCreated>{format_datetime(now)}</dateCreated></head>",
        "<body>",
        *outlines,
        "</body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return html.escape(_CONTROLS.sub("", text))
