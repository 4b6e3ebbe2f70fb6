"""The parsed feed, whatever its format, and the small functions that all parsers share."""

import heapq
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.gather.http.urls import registrable_domain

__all__ = [
    "FLOOD_ENTRIES",
    "FLOOD_KEPT",
    "MAX_TEXT_CHARS",
    "MAX_TITLE_CHARS",
    "NEVER",
    "Entry",
    "Feed",
    "absolute",
    "json_text",
    "language_of",
    "newest",
    "overflow",
    "plain",
]

# The longest feed of our samples lists 1,046 entries. A document with more than this is a
# flood, of which only the newest few hundred are taken.
FLOOD_ENTRIES = 5_000
FLOOD_KEPT = 500
# The longest headline of our samples has 400.
MAX_TITLE_CHARS = 2_000
# Of an entry's text; a news article has 3,000.
MAX_TEXT_CHARS = 100_000
_SURROGATES = re.compile("[\ud800-\udfff]")
# Controls, and characters of no width: soft hyphens, marks of direction. Joiners shape letters.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# Tags in headlines; anything else in angle brackets is part of their text.
_NAMES = (
    "a|abbr|article|b|bdi|bdo|big|br|button|center|cite|code|del|dfn|div|em|font|h[1-6]|i|img|ins|"
    "kbd|label|li|mark|nobr|ol|p|q|rb|ruby|s|section|small|span|strike|strong|sub|sup|time|tt|u|"
    "ul|wbr"
)
_MARKUP = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
# The readings above East Asian characters are no part of a line.
_READINGS = re.compile(r"<(rt|rp)(?:\s[^<>]{0,200})?>[^<>]{0,200}</\1\s*>", re.IGNORECASE)
# An element with its end: markup that was escaped once more, where a single tag may be meant.
_ELEMENT = re.compile(rf"<({_NAMES})(?:\s[^<>]*)?>[^<>]*</\1>|<br\s*/?>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|p|div|li|section|h[1-6])\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# An address that is absolute already, as nearly all are.
_WEB = re.compile(r"https?://[^\s/?#@\[\]]+(?:[/?#]\S*)?")
# An address that begins with what may be a host, without a scheme.
_HOSTED = re.compile(r"([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d{1,5})?(?:[/?#]|$)")
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as its feed lists it.

    Entries with one ``id`` are the same entry, listed several times. ``title`` is plain text;
    ``text`` is plain and ``html`` markup, as far as the feed has them. The instants are aware
    and in UTC, None if unknown, and may lie in the future.
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
    """A feed with its entries, in its own order. ``language`` is ISO 639-1 or "".

    ``omitted`` is how many entries were left out of a flood, at least. ``sitemaps`` are the
    addresses in an index of sitemaps, newest first; an index has no entries.
    """

    title: str
    language: str
    entries: tuple[Entry, ...]
    omitted: int = 0
    sitemaps: tuple[str, ...] = ()


def newest(entries: Sequence[Entry], limit: int) -> Sequence[Entry]:
    """Return the newest entries, at most ``limit``, in their order; undated ones count as old.

    They go by ``published_at``; of equals the first ones are taken. None where ``limit`` is not
    above 0. O(n log limit); ``entries`` itself if nothing goes.
    """
    if len(entries) <= limit:
        return entries
    ranked = heapq.nlargest(
        limit,
        enumerate(entries),
        key=lambda numbered: (numbered[1].published_at or NEVER, -numbered[0]),
    )
    return [entry for _, entry in sorted(ranked, key=lambda numbered: numbered[0])]


def overflow(pattern: re.Pattern[str], text: str, limit: int) -> tuple[int, int]:
    """Return where the first match beyond ``limit`` begins, and how many there are from it on.

    Without any, the end of ``text`` and 0. Raises ValueError for a ``limit`` below 0. Linear if
    ``pattern`` is.
    """
    beyond = islice(pattern.finditer(text), limit, None)
    first = next(beyond, None)
    if first is None:
        return len(text), 0
    return first.start(), 1 + sum(1 for _ in beyond)


def absolute(base: str, url: str) -> str:
    """Return ``url`` as seen from ``base``, "" if it is not for http(s); never raises.

    One that begins with a host, "www." or of the domain of ``base``, lacks its scheme only.
    Nothing else is checked: it may lead anywhere. "" as well where ``base`` is needed and is no
    http(s) URL itself.
    """
    if not url or _WEB.fullmatch(url):
        return url
    try:
        if host := _HOSTED.match(url):
            own = urlsplit(base)
            domain = registrable_domain(host[1])
            if host[1].lower().startswith("www.") or domain == registrable_domain(
                own.hostname or ""
            ):
                url = f"{own.scheme or 'https'}://{url}"
        joined = url if url.lower().startswith(("http:", "https:")) else urljoin(base, url.strip())
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in {"http", "https"} and parts.netloc else ""


def json_text(data: Mapping[str, Any], name: str) -> str:
    """Return the stripped text at ``name``, "" for anything but a string; never raises.

    Lone surrogates, which JSON can escape and no database takes, become U+FFFD.
    """
    value = data.get(name)
    return _SURROGATES.sub("\ufffd", value.strip()) if isinstance(value, str) else ""


def plain(text: str) -> str:
    """Return a title as one line of plain text, at most 2,000 characters of it.

    Markup is removed, then entities become characters: they were escaped twice. What only looks
    like a tag ("<5 years>") stays, and so do single tags that were escaped twice ("the <b> tag").
    Characters without width go. The first 4,000 characters of ``text`` are read. "" if nothing is
    left; never raises.
    """
    text = text[: 2 * MAX_TITLE_CHARS]
    if "<" in text:
        text = _without_markup(text)
    if "&" in text:
        for _ in range(3):  # that often some are escaped
            text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if "<" in text and _ELEMENT.search(text):
            text = _without_markup(text)
    return " ".join(_CONTROLS.sub("", text).split())[:MAX_TITLE_CHARS]


def _without_markup(text: str) -> str:
    return _MARKUP.sub("", _BREAK.sub(r" \g<0>", _READINGS.sub("", text)))


def language_of(tag: object) -> str:
    """Return the ISO 639-1 code of a language tag ("en-GB"), "" for anything else.

    In lower case; whether there is such a language is not checked. Never raises.
    """
    found = re.match(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)", tag) if isinstance(tag, str) else None
    return found[1].lower() if found else ""
