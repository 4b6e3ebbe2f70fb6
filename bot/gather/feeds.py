"""Feeds: RSS, RDF, Atom, JSON Feed and news sitemaps, as tuples of entries.

A fast parser reads what our front has repaired; where it yields fewer entries than the
document has, or loses a title or a link, feedparser, slow and right, is asked instead.
"""

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from bot.errors import NotAFeed
from bot.gather.decode import decode

__all__ = ["Entry", "Feed", "find_feeds", "parse_feed"]

# What one document may list; news feeds list 10 to 200, archives thousands.
MAX_ENTRIES = 500
MAX_TEXT_CHARS = 100_000
# A tag longer than this is no feed's: parsers take quadratic time over some of them.
_MAX_TAG_CHARS = 65_536
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF|urlset)\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_CDATA_OR_COMMENT = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.DOTALL)
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|\w{1,31};)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ENTRY_TAG = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>/])")
_LONG_TAG = re.compile(rf"<[^<>]{{{_MAX_TAG_CHARS}}}")
_TAG = re.compile(r"<(?:!--.*?--|/?[a-zA-Z][^<>]*)>", re.DOTALL)
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_FEED_WORDS = re.compile(r"\b(rss|atom|feed)s?\b|\.(rss|rdf|atom)$|feed\.json$", re.IGNORECASE)
_USUAL_PATHS = ("/feed", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml")
_MAX_FOUND = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says of one article.

    ``id`` is unique in its feed. ``title`` is plain text; ``text`` is plain and ``html``
    markup, as far as the feed brought them. The instants are in UTC, None if unknown.
    """

    id: str
    url: str
    title: str
    text: str = ""
    html: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed with its entries, in its own order. ``language`` is ISO 639-1 or ""."""

    title: str
    language: str
    entries: tuple[Entry, ...]


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Return the feed in ``body``, fetched from ``url``; raise NotAFeed if it holds none.

    Entities are never expanded and nothing is ever fetched. An entry without an address has
    ``url`` "".
    """
    text = decode(body, content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _sound(_json_feed(text), url)
    root = _ROOT.search(text)
    if root is None:
        raise NotAFeed("the document is no feed")
    if _LONG_TAG.search(text):
        raise NotAFeed("the document has a tag of over 64 KB")
    start = text.rfind("<", 0, root.end())
    repaired = _repaired(text[start:])
    if root[1].lower() == "urlset":
        return _sound(_sitemap(repaired), url)
    count = len(_ENTRY_TAG.findall(_CDATA_OR_COMMENT.sub("", repaired)))
    feed = _fast(repaired)
    if feed is None or _is_short(feed, min(count, MAX_ENTRIES)):
        slow = _slow(repaired)
        feed = slow if feed is None or len(slow.entries) >= len(feed.entries) else feed
    return _sound(feed, url)


def find_feeds(html: bytes, *, url: str) -> tuple[str, ...]:
    """Return the addresses of feeds that a page names, the likeliest first.

    Declared ones, then links that look like one, then the usual places on its host.
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
    found = [urljoin(url, href) for href in [*declared, *linked[:_MAX_FOUND]] if href]
    usual = [urljoin(url, path) for path in _USUAL_PATHS]
    return tuple(dict.fromkeys(one for one in [*found, *usual] if one.startswith("http")))[
        :_MAX_FOUND
    ]


def _repaired(text: str) -> str:
    """Return XML that parsers take: no DOCTYPE, no control character, no stray ampersand."""
    text = _CONTROLS.sub("", _DOCTYPE.sub("", text))
    pieces = _CDATA_OR_COMMENT.split(text)
    pieces[::2] = [_with_known_entities(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _with_known_entities(piece: str) -> str:
    """Return ``piece`` with HTML's entities as characters, and other ampersands escaped."""
    if "&" not in piece:
        return piece
    piece = _NAMED_ENTITY.sub(_character, piece)
    return _BARE_AMPERSAND.sub("&amp;", piece)


def _character(found: re.Match[str]) -> str:
    character = html.unescape(found[0])
    return f"&amp;{found[1]};" if character == found[0] else character


def _fast(xml: str) -> Feed | None:
    import fastfeedparser  # noqa: PLC0415 - only workers parse

    try:
        parsed = fastfeedparser.parse(xml.encode(), include_tags=False, include_media=False)
    except Exception:  # noqa: BLE001 - it raises what its lxml and date code raise
        return None
    return _feed_of(parsed.feed, parsed.entries)


def _slow(xml: str) -> Feed:
    import feedparser  # noqa: PLC0415 - half a second, and seldom needed

    parsed = feedparser.parse(xml.encode(), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries and not parsed.feed:
        raise NotAFeed("the document cannot be read as a feed")
    return _feed_of(parsed.feed, parsed.entries)


def _is_short(feed: Feed, count: int) -> bool:
    """Say whether a parser lost something that the document has."""
    return len(feed.entries) < count or any(not one.title or not one.url for one in feed.entries)


def _feed_of(channel: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> Feed:
    return Feed(
        title=_plain(channel.get("title") or ""),
        language=_language(channel.get("language")),
        entries=tuple(_entry(one) for one, _ in zip(entries, range(MAX_ENTRIES), strict=False)),
    )


def _entry(found: Mapping[str, Any]) -> Entry:
    link = str(found.get("link") or "").strip()
    identity = str(found.get("id") or "").strip()
    markup = max(_contents(found), key=len, default="")[:MAX_TEXT_CHARS]
    return Entry(
        id=identity or link,
        url=link or (identity if identity.startswith(("http://", "https://")) else ""),
        title=_plain(str(found.get("title") or "")),
        html=markup,
        published_at=_instant(found.get("published") or found.get("updated")),
        updated_at=_instant(found.get("updated")),
        author=_plain(str(found.get("author") or "")),
    )


def _contents(found: Mapping[str, Any]) -> Iterator[str]:
    for one in found.get("content") or ():
        yield str(one.get("value") or "")
    yield str(found.get("summary") or "")
    yield str(found.get("description") or "")


def _json_feed(text: str) -> Feed:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("the document is no valid JSON") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("the document is no JSON Feed")
    entries = [_json_entry(one) for one in items[:MAX_ENTRIES] if isinstance(one, dict)]
    return Feed(
        title=_plain(_string(data, "title")),
        language=_language(data.get("language")),
        entries=tuple(entries),
    )


def _json_entry(item: dict[str, Any]) -> Entry:
    url = _string(item, "url") or _string(item, "external_url")
    text = _string(item, "content_text") or _string(item, "summary")
    return Entry(
        id=_string(item, "id") or url,
        url=url,
        title=_plain(_string(item, "title")) or text.split("\n", 1)[0][:200],
        text=text[:MAX_TEXT_CHARS],
        html=_string(item, "content_html")[:MAX_TEXT_CHARS],
        published_at=_instant(item.get("date_published")),
        updated_at=_instant(item.get("date_modified")),
    )


def _sitemap(xml: str) -> Feed:
    """Return a Google-News sitemap as a feed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(xml.encode(), parser)
    entries: list[Entry] = []
    language = ""
    for node in root.iter(f"{_SITEMAP}url") if root is not None else ():
        url = (node.findtext(f"{_SITEMAP}loc") or "").strip()
        news = node.find(f"{_NEWS}news")
        if news is None or not url or len(entries) >= MAX_ENTRIES:
            continue
        language = language or _language(news.findtext(f"{_NEWS}publication/{_NEWS}language"))
        title = _plain(news.findtext(f"{_NEWS}title") or "")
        at = _instant(news.findtext(f"{_NEWS}publication_date"))
        entries.append(Entry(id=url, url=url, title=title, published_at=at))
    if not entries:
        raise NotAFeed("the sitemap lists no news")
    return Feed(title="", language=language, entries=tuple(entries))


def _sound(feed: Feed, url: str) -> Feed:
    """Return ``feed`` with absolute addresses, and an id for each entry that no other has.

    An id that several entries carry is none; then the address is, and then the content.
    Entries that are the same in all three are one.
    """
    entries = [replace(one, url=_absolute(url, one.url)) for one in feed.entries]
    by_id = Counter(one.id for one in entries)
    by_url = Counter(one.url for one in entries)
    named: dict[str, Entry] = {}
    for one in entries:
        name = one.id if one.id and by_id[one.id] == 1 else ""
        name = name or (one.url if by_url[one.url] == 1 else "") or _digest(one)
        named.setdefault(name, replace(one, id=name))
    return replace(feed, entries=tuple(named.values()))


def _digest(one: Entry) -> str:
    content = "\x00".join((one.url, one.title, one.html or one.text))
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def _absolute(base: str, url: str) -> str:
    try:
        joined = urljoin(base, url) if url else ""
        return joined if urlsplit(joined).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """Return a title without tags and entities, which feeds escape once too often."""
    if _TAG.search(text):
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(_CONTROLS.sub("", text).split())


def _instant(said: object) -> datetime | None:
    """Return a date as an instant in UTC; None for what is no date, or no plausible one."""
    if not isinstance(said, str) or not said.strip():
        return None
    at = _iso(said.strip()) or _rfc822(said.strip())
    if at is None:
        return None
    try:
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    return at if 1990 <= at.year <= 2100 else None


def _iso(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def _rfc822(said: str) -> datetime | None:
    try:
        return parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""


def _language(said: object) -> str:
    found = re.match(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)", said) if isinstance(said, str) else None
    return found[1].lower() if found else ""
