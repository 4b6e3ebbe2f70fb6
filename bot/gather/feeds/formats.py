"""Parsing of RSS, RDF, Atom, JSON Feed and news sitemaps.

A fast parser reads what ``repair`` has repaired. Where it yields fewer entries, titles, links
or texts than the document has, feedparser, slow and thorough, parses it again. No library is
ever given an address, and no entity is ever expanded.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.errors import NotAFeed, SourceUnavailable, TooLarge
from bot.gather.dates.reader import read_date
from bot.gather.feeds.entries import (
    FLOOD_ENTRIES,
    FLOOD_KEPT,
    MAX_TEXT_CHARS,
    Entry,
    Feed,
    absolute,
    json_text,
    language_of,
    newest,
    overflow,
    plain,
)
from bot.gather.feeds.repair import ENTRY_TAG, repaired
from bot.gather.feeds.sitemaps import read_sitemap, read_sitemap_index
from bot.gather.http.decode import decode, mended
from bot.gather.http.decompression import unpacked
from bot.gather.http.urls import page_key

__all__ = ["parse_feed"]

# Of a feed that is a compressed file; as much as is fetched of others.
_MAX_BYTES = 5_000_000
# feedparser reads about half a megabyte a second; with more it would exceed its time limit.
_MAX_SLOW_CHARS = 1_500_000
_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|feed|RDF|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
# By attribute of ``Entry``, whether an entry of the document has it: an approximation.
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
# How Atom names a link to an entry's page (RFC 4287, 4.2.7.2), whatever the letters' case.
_ALTERNATES = frozenset({"alternate", "http://www.iana.org/assignments/relation/alternate"})
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# How far into a feed its language is looked for.
_HEAD_CHARS = 8_192


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Return the feed in ``body``, fetched from ``url``, with its entries in their order.

    ``url`` is absolute, and so are addresses; an entry without one for http(s) has ``url`` "".
    Dates are what the publisher claims; they may lie in the future. Of more than 5,000 entries
    the newest 500 of the first 5,000 are taken, in JSON or a sitemap all of the first 5,000. Each
    entry has an ``id`` that no other one has by accident: its guid, else its address, where no
    other entry has the same, else a digest. Texts have at most 100,000 characters; they and titles
    may be "". An index of sitemaps has no entries, but ``sitemaps``.

    Raises NotAFeed if there is no feed, or one that is an attack. Blocks, for seconds where the
    slow parser is needed; meant for a worker process.
    """
    try:
        body = unpacked(body, max_bytes=_MAX_BYTES)
    except (SourceUnavailable, TooLarge) as error:
        raise NotAFeed("unreadable-feed") from error
    text = mended(decode(body, content_type).lstrip("\ufeff \t\r\n"))
    if text.startswith("{"):
        return _with_identities(_json_feed(text), url)
    if not _ROOT.search(text):
        raise NotAFeed("no-feed")
    end, omitted = overflow(ENTRY_TAG, text, FLOOD_ENTRIES)
    language = _LANGUAGE.search(text[:_HEAD_CHARS])
    tag = (language[1] or language[2]) if language else ""
    xml, count = repaired(text[:end], language=tag)
    root = _ROOT.search(xml)
    if root is None:
        raise NotAFeed("no-feed")
    xml = xml[root.start() :]
    kind = root[1].lower()
    if kind == "sitemapindex":
        return read_sitemap_index(xml, url)
    feed = read_sitemap(xml) if kind == "urlset" else _read(xml, count)
    if omitted:
        entries = tuple(newest(feed.entries, FLOOD_KEPT))
        feed = replace(feed, entries=entries, omitted=omitted + len(feed.entries) - len(entries))
    return _with_identities(feed, url)


def _read(xml: str, count: int) -> Feed:
    """Return the feed by the fast parser, or by the slow one where the fast lost something."""
    fast, contents = _parse_fast(xml)
    if fast is not None and not _is_short(fast, xml, count=count, contents=contents):
        return fast
    if len(xml) > _MAX_SLOW_CHARS and fast is not None:
        return fast
    import feedparser  # noqa: PLC0415 - half a second, and seldom needed

    source = xml[:_MAX_SLOW_CHARS]
    try:
        parsed = feedparser.parse(source.encode(), sanitize_html=False, resolve_relative_uris=False)
        if not parsed.entries and not parsed.feed:
            raise NotAFeed("unreadable-feed")
    except Exception as error:
        if fast is not None and fast.entries:
            return fast
        raise NotAFeed("unreadable-feed") from error
    slow = _feed_of(parsed.feed, parsed.entries, source)
    return slow if fast is None or _worth(slow) >= _worth(fast) else fast


def _is_short(feed: Feed, xml: str, *, count: int, contents: int) -> bool:
    """Return whether a parser lost an entry, title, link or text that the document has.

    ``count`` is how many entries the document has, ``contents`` for how many of them the
    parser found a content: else a shortened description would hide its loss.
    """
    if len(feed.entries) < count:
        return True
    if contents < count and len(_CONTENT.findall(xml)) > contents:
        return True
    urls = (entry.url for entry in feed.entries)
    if "xml:base=" in xml and not all(url.startswith(("http:", "https:")) for url in urls):
        return True
    missing = [name for name in _HAS if not all(getattr(entry, name) for entry in feed.entries)]
    if not missing:
        return False
    items = ENTRY_TAG.split(xml)[1:]
    return any(
        sum(1 for item in items if _HAS[name].search(item))
        > sum(1 for entry in feed.entries if getattr(entry, name))
        for name in missing
    )


def _worth(feed: Feed) -> tuple[int, ...]:
    """Return a key by which the better of two results sorts last: by entries, then their parts."""
    found = (sum(1 for entry in feed.entries if getattr(entry, name)) for name in _HAS)
    return (len(feed.entries), *found)


def _parse_fast(xml: str) -> tuple[Feed | None, int]:
    """Return the feed, None if it cannot be read, and how many entries have a content."""
    import fastfeedparser  # noqa: PLC0415 - only workers parse

    try:
        parsed = fastfeedparser.parse(
            xml.encode(), include_tags=False, include_media=False, include_enclosures=False
        )
    except Exception:  # noqa: BLE001 - it raises what its lxml and date code raise
        return None, 0
    contents = sum(bool(entry.get("content")) for entry in parsed.entries)
    # Of entries without a date it reads one from the guid: such guesses are dropped.
    suspects = [
        n
        for n, entry in enumerate(parsed.entries)
        if "published" in entry and not str(entry.get("id") or "http").startswith("http")
    ]
    items = ENTRY_TAG.split(xml)[1:] if suspects else []
    if len(items) == len(parsed.entries):
        for n in suspects:
            if not _DATE.search(items[n]):
                del parsed.entries[n]["published"]
    return _feed_of(parsed.feed, parsed.entries, xml), contents


def _feed_of(channel: Mapping[str, Any], entries: Sequence[dict[str, Any]], xml: str) -> Feed:
    # fastfeedparser does not read RSS's <language>.
    language = _LANGUAGE.search(xml[:_HEAD_CHARS])
    return Feed(
        title=plain(channel.get("title") or ""),
        language=language_of(language[1] or language[2] if language else channel.get("language")),
        entries=tuple(map(_entry, entries)),
    )


def _entry(item: dict[str, Any]) -> Entry:
    """Return an entry from either parser."""
    links = item.get("links") or ()
    alternates = [
        (str(link.get("type") or "").lower(), link.get("href"))
        for link in links
        if str(link.get("rel") or "alternate").lower() in _ALTERNATES
    ]
    # Of several links the page is the alternative in HTML, else the one of no known type.
    pages = [href for kind, href in alternates if kind in _PAGE_TYPES]
    pages += [href for kind, href in alternates if not kind]
    page = pages[0] if pages and len(links) > 1 else item.get("link")
    link = str(page or "").strip()
    identity = str(item.get("id") or "").strip()
    texts = [content.get("value") for content in item.get("content") or ()]
    texts += [item.get("summary"), item.get("description")]
    # feedparser's own get() takes one date for the other, and warns of it.
    updated_at = read_date(dict.get(item, "updated"))
    return Entry(
        id=identity or link,
        url=link or (identity if identity.startswith(("http://", "https://")) else ""),
        title=plain(str(item.get("title") or "")),
        html=max((str(text or "") for text in texts), key=len)[:MAX_TEXT_CHARS],
        published_at=read_date(item.get("published")) or updated_at,
        updated_at=updated_at,
        author=plain(str(item.get("author") or "")),
    )


def _json_feed(text: str) -> Feed:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("invalid-json") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("no-json-feed")
    entries = []
    for item in items[:FLOOD_ENTRIES]:
        if not isinstance(item, dict):
            continue
        url = json_text(item, "url") or json_text(item, "external_url")
        text = json_text(item, "content_text") or json_text(item, "summary")
        entry = Entry(
            id=json_text(item, "id") or url,
            url=url,
            title=plain(json_text(item, "title")) or text.split("\n", 1)[0][:200],
            text=text[:MAX_TEXT_CHARS],
            html=json_text(item, "content_html")[:MAX_TEXT_CHARS],
            published_at=read_date(item.get("date_published")),
            updated_at=read_date(item.get("date_modified")),
        )
        entries.append(entry)
    language = language_of(data.get("language"))
    return Feed(title=plain(json_text(data, "title")), language=language, entries=tuple(entries))


def _with_identities(feed: Feed, url: str) -> Feed:
    """Return ``feed`` with absolute addresses, and an id for each entry.

    A guid that several entries share identifies none of them; then the address does, and where
    there is none, or several entries share that, too, the content. The feed's own address is
    that of no entry.
    """
    own = page_key(url)
    page = own.rpartition("/")[2]  # of a few addresses alone the key is needed
    addresses = [absolute(url, entry.url) for entry in feed.entries]
    addresses = [
        "" if address and page in address and page_key(address) == own else address
        for address in addresses
    ]
    guids = Counter(entry.id for entry in feed.entries)
    uses = Counter(addresses)
    entries = []
    for entry, address in zip(feed.entries, addresses, strict=True):
        if entry.id and guids[entry.id] == 1:
            identity = entry.id
        elif address and uses[address] == 1:
            identity = address
        else:
            content = "\x00".join((entry.url, entry.title, entry.html or entry.text))
            identity = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()
        is_same = (identity, address) == (entry.id, entry.url)
        entries.append(entry if is_same else replace(entry, id=identity, url=address))
    return replace(feed, entries=tuple(entries))
