"""Feeds: RSS, RDF, Atom, JSON Feed and news sitemaps, as tuples of entries.

A fast parser reads what ``repair`` has mended. Where it yields fewer entries, titles, links or
texts than the document has, feedparser, slow and right, is asked instead. No library is ever
given an address, and no entity is ever expanded.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.errors import NotAFeed
from bot.gather.feeds.dates import read_date
from bot.gather.feeds.entries import (
    FLOOD_ENTRIES,
    FLOOD_KEPT,
    Entry,
    Feed,
    absolute,
    language_of,
    newest,
    plain,
)
from bot.gather.feeds.repair import ENTRY_TAG, repaired
from bot.gather.feeds.sitemaps import read_sitemap, read_sitemap_index
from bot.gather.http.decode import decode, mended

__all__ = ["parse_feed"]

MAX_TEXT_CHARS = 100_000
# feedparser reads about half a megabyte a second; more of it would not end in time.
_MAX_SLOW_CHARS = 1_500_000
_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|feed|RDF|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
# What an entry of the document has, as far as an expression can tell.
_HAS = {
    "title": re.compile(
        r"<title(?:\s[^<>]*)?(?<!/)>\s*(?:<!\[CDATA\[(?!\s*\]\]>)|[^\s<]|<[A-Za-z])"
    ),
    "url": re.compile(
        r"<link(?:\s[^<>]*)?(?<!/)>\s*(?:<!\[CDATA\[(?!\s*\]\]>)|[^\s<])"
        r"|<\w{1,20}:link\s[^<>]*href|<guid(?:\s[^<>]*)?>\s*http"
    ),
    "html": re.compile(
        r"<(?:description|summary|content:encoded|content)(?:\s[^<>]*)?(?<!/)>"
        r"\s*(?:<!\[CDATA\[(?!\s*\]\]>)|[^\s<]|<[A-Za-z])"
    ),
}
_CONTENT = re.compile(
    r"<content(?::encoded)?(?:\s[^<>]*)?(?<!/)>\s*(?:<!\[CDATA\[(?!\s*\]\]>)|[^\s<]|<[A-Za-z])"
)
_DATE = re.compile(
    r"<(?:\w{1,20}:)?(?:pubDate|date|published|updated|modified|issued|created|lastBuildDate)[\s>]",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"<(?:dc:)?language(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?\s*([A-Za-z_-]{2,20})"
    r"|\bxml:lang=[\"']([A-Za-z_-]{2,20})[\"']"
)
# Where a feed says what it is, before its entries.
_HEAD_CHARS = 8_192


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Return the feed in ``body``, fetched from ``url``; raise NotAFeed if it holds none.

    An entry without an address that one may open has ``url`` "". Dates are what the publisher
    says; they may lie in the future.
    """
    text = mended(decode(body, content_type).lstrip("\ufeff \t\r\n"))
    if text.startswith("{"):
        return _sound(_json_feed(text), url)
    if not _ROOT.search(text):
        raise NotAFeed("no-feed")
    text, omitted = _without_flood(text)
    xml, count = repaired(text)
    root = _ROOT.search(xml)
    if root is None:
        raise NotAFeed("no-feed")
    xml = xml[root.start() :]
    kind = root[1].lower()
    if kind == "sitemapindex":
        return read_sitemap_index(xml, url)
    feed = read_sitemap(xml) if kind == "urlset" else _read(xml, count)
    return _sound(_without_old(feed, omitted) if omitted else feed, url)


def _without_flood(text: str) -> tuple[str, int]:
    """Return the document up to its 5,000th entry, and how many more it has."""
    beyond = islice(ENTRY_TAG.finditer(text), FLOOD_ENTRIES, None)
    first = next(beyond, None)
    if first is None:
        return text, 0
    return text[: first.start()], 1 + sum(1 for _ in beyond)


def _without_old(feed: Feed, omitted: int) -> Feed:
    kept = tuple(newest(feed.entries, FLOOD_KEPT))
    return replace(feed, entries=kept, omitted=omitted + len(feed.entries) - len(kept))


def _read(xml: str, count: int) -> Feed:
    """Return the feed by the fast parser, or by the slow one where that lost something."""
    fast, contents = _fast(xml)
    if fast is not None and not _is_short(fast, xml, count=count, contents=contents):
        return fast
    if len(xml) > _MAX_SLOW_CHARS and fast is not None:
        return fast
    try:
        slow = _slow(xml[:_MAX_SLOW_CHARS])
    except NotAFeed:
        if fast is None or not fast.entries:
            raise
        return fast
    return slow if fast is None or _worth(slow) >= _worth(fast) else fast


def _is_short(feed: Feed, xml: str, *, count: int, contents: int) -> bool:
    """Tell whether a parser lost an entry, title, link or text that the document has.

    ``count`` is how many entries the document has, ``contents`` for how many of them the
    parser found a content: else a shortened description would hide its loss.
    """
    if len(feed.entries) < count:
        return True
    if contents < count and len(_CONTENT.findall(xml)) > contents:
        return True
    if "xml:base=" in xml and _has_relative_links(feed):
        return True
    missing = [name for name in _HAS if not all(getattr(one, name) for one in feed.entries)]
    if not missing:
        return False
    pieces = ENTRY_TAG.split(xml)[1:]
    return any(
        sum(1 for piece in pieces if _HAS[name].search(piece))
        > sum(1 for one in feed.entries if getattr(one, name))
        for name in missing
    )


def _has_relative_links(feed: Feed) -> bool:
    return any(not one.url.startswith(("http:", "https:")) for one in feed.entries)


def _worth(feed: Feed) -> tuple[int, ...]:
    """Return what makes one reading better than another: entries, then what they have."""
    found = (sum(1 for one in feed.entries if getattr(one, name)) for name in _HAS)
    return (len(feed.entries), *found)


def _fast(xml: str) -> tuple[Feed | None, int]:
    """Return the feed, None if it cannot be read, and how many entries have a content."""
    import fastfeedparser  # noqa: PLC0415 - only workers parse

    try:
        parsed = fastfeedparser.parse(
            xml.encode(), include_tags=False, include_media=False, include_enclosures=False
        )
    except Exception:  # noqa: BLE001 - it raises what its lxml and date code raise
        return None, 0
    contents = sum(bool(one.get("content")) for one in parsed.entries)
    _drop_guessed_dates(parsed.entries, xml)
    return _feed_of(parsed.feed, parsed.entries, xml), contents


def _drop_guessed_dates(entries: Sequence[dict[str, Any]], xml: str) -> None:
    """Take the date from entries that have none: the fast parser reads it from the guid then."""
    suspects = [
        n
        for n, one in enumerate(entries)
        if "published" in one and not str(one.get("id") or "http").startswith("http")
    ]
    if not suspects:
        return
    pieces = ENTRY_TAG.split(xml)[1:]
    for n in suspects:
        if len(pieces) == len(entries) and not _DATE.search(pieces[n]):
            del entries[n]["published"]


def _slow(xml: str) -> Feed:
    import feedparser  # noqa: PLC0415 - half a second, and seldom needed

    try:
        parsed = feedparser.parse(xml.encode(), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        raise NotAFeed("unreadable-feed") from error
    if not parsed.entries and not parsed.feed:
        raise NotAFeed("unreadable-feed")
    return _feed_of(parsed.feed, parsed.entries, xml)


def _feed_of(channel: Mapping[str, Any], entries: Sequence[dict[str, Any]], xml: str) -> Feed:
    # fastfeedparser does not tell what RSS says in <language>.
    said = _LANGUAGE.search(xml[:_HEAD_CHARS])
    return Feed(
        title=plain(channel.get("title") or ""),
        language=language_of(said[1] or said[2] if said else channel.get("language")),
        entries=tuple(_entry(one) for one in entries),
    )


def _entry(found: dict[str, Any]) -> Entry:
    link = _link(found)
    # feedparser's own get() takes one date for the other, and warns of it.
    updated_at = read_date(dict.get(found, "updated"))
    identity = str(found.get("id") or "").strip()
    return Entry(
        id=identity or link,
        url=link or (identity if identity.startswith(("http://", "https://")) else ""),
        title=plain(str(found.get("title") or "")),
        html=max(_contents(found), key=len, default="")[:MAX_TEXT_CHARS],
        published_at=read_date(found.get("published")) or updated_at,
        updated_at=updated_at,
        author=plain(str(found.get("author") or "")),
    )


def _link(found: Mapping[str, Any]) -> str:
    """Return the address of the page: of several alternatives, the one in HTML."""
    links = found.get("links") or ()
    if len(links) > 1:
        for link in links:
            if link.get("rel") == "alternate" and link.get("type") == "text/html":
                return str(link.get("href") or "").strip()
    return str(found.get("link") or "").strip()


def _contents(found: Mapping[str, Any]) -> Iterator[str]:
    for one in found.get("content") or ():
        yield str(one.get("value") or "")
    yield str(found.get("summary") or "")
    yield str(found.get("description") or "")


def _json_feed(text: str) -> Feed:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("invalid-json") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("no-json-feed")
    entries = [_json_entry(one) for one in items[:FLOOD_ENTRIES] if isinstance(one, dict)]
    return Feed(
        title=plain(_string(data, "title")),
        language=language_of(data.get("language")),
        entries=tuple(entries),
    )


def _json_entry(item: dict[str, Any]) -> Entry:
    url = _string(item, "url") or _string(item, "external_url")
    text = _string(item, "content_text") or _string(item, "summary")
    return Entry(
        id=_string(item, "id") or url,
        url=url,
        title=plain(_string(item, "title")) or text.split("\n", 1)[0][:200],
        text=text[:MAX_TEXT_CHARS],
        html=_string(item, "content_html")[:MAX_TEXT_CHARS],
        published_at=read_date(item.get("date_published")),
        updated_at=read_date(item.get("date_modified")),
    )


def _sound(feed: Feed, url: str) -> Feed:
    """Return ``feed`` with absolute addresses, and an id for each entry.

    A guid that several entries carry is none; then the address is, and without one the content.
    """
    guids = Counter(one.id for one in feed.entries)
    entries = (_with_address(one, absolute(url, one.url), guids) for one in feed.entries)
    return replace(feed, entries=tuple(entries))


def _with_address(one: Entry, address: str, guids: Counter[str]) -> Entry:
    identity = one.id if one.id and guids[one.id] == 1 else address or _digest(one)
    if identity == one.id and address == one.url:
        return one
    return replace(one, id=identity, url=address)


def _digest(one: Entry) -> str:
    content = "\x00".join((one.url, one.title, one.html or one.text))
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""
