"""What a page says about itself: its title, date, language, address, publisher and price."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.gather.http.urls import canonical_url, registrable_domain

__all__ = [
    "article_data",
    "canonical",
    "declared_language",
    "headings",
    "is_paywalled",
    "outlet",
    "published_at",
    "title",
]

_MAX_TITLE_CHARS = 300
_ARTICLE_TYPES = regex.compile(
    r"(News|Analysis|Report|Opinion|Reportage|Background|Review)?\w*Article|BlogPosting|LiveBlogPosting"
)


def headings(tree: LexborHTMLParser) -> frozenset[str]:
    """Return the page's headlines, as they may stand in its text again."""
    shown = (" ".join(node.text().split()) for node in tree.css("h1"))
    return frozenset(line for line in (*shown, _meta(tree, "og:title")) if line)


def title(tree: LexborHTMLParser, data: Mapping[str, Any], text: str) -> str:
    """Return the publisher's headline."""
    headings = [" ".join(node.text().split()) for node in tree.css("h1")]
    shown = tree.css_first("title")
    candidates = [
        data.get("headline"),
        _meta(tree, "og:title"),
        headings[0] if len(headings) == 1 else None,
        _without_site(" ".join(shown.text().split())) if shown else None,
        *headings,
    ]
    for said in candidates:
        if isinstance(said, str) and said.strip():
            return " ".join(said.split())[:_MAX_TITLE_CHARS]
    return text.split("\n", 1)[0][:_MAX_TITLE_CHARS]


def _without_site(title: str) -> str:
    """Drop " - Outlet" or " | Outlet" from a page's title, if enough is left."""
    head, dash, _ = title.rpartition(" | ")
    if not dash:
        head, dash, _ = title.rpartition(" - ")
    return head if dash and len(head) >= len(title) / 2 else title


def published_at(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any]) -> datetime | None:
    """Return when the page says it was published; a bare day only where nothing else is said."""
    time = tree.css_first("time[datetime]")
    for said in (
        data.get("datePublished"),
        _meta(tree, "article:published_time"),
        _meta(tree, "parsely-pub-date"),
        _meta(tree, "datePublished"),
        time.attributes.get("datetime") if time else None,
    ):
        at = _instant(said)
        if at is not None:
            return at
    from htmldate import find_date  # noqa: PLC0415 - only where nothing better was said

    try:
        return _instant(find_date(markup, original_date=True, extensive_search=False))
    except (ValueError, OverflowError, TypeError):  # htmldate on dates such as year 0
        return None


def _instant(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return None
    return at if at.year >= 1990 else None


def article_data(tree: LexborHTMLParser) -> Mapping[str, Any]:
    """Return the page's JSON-LD of an article, {} if there is none."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            found = json.loads(node.text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(found):
            kind = one.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name) for name in kinds):
                return one
    return {}


def _objects(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(found, list):
        for one in found:
            yield from _objects(one, depth + 1)
    elif isinstance(found, dict):
        yield found
        yield from _objects(found.get("@graph"), depth + 1)
        yield from _objects(found.get("mainEntity"), depth + 1)


def canonical(tree: LexborHTMLParser, url: str) -> str:
    """Return the page's canonical address if it is of the page's own domain, else ""."""
    node = tree.css_first('link[rel="canonical"]')
    href = (node and node.attributes.get("href")) or _meta(tree, "og:url")
    if not href:
        return ""
    try:
        target = urljoin(url, href)
        parts, own = urlsplit(target), urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or len(parts.path) <= 1 < len(own.path):
        return ""  # a canonical link to the front page is a mistake of the template
    same = registrable_domain(parts.hostname or "") == registrable_domain(own.hostname or "")
    same_port = parts.port == own.port if parts.hostname == own.hostname else True
    return canonical_url(target) if same and same_port else ""


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"],meta[name="{name}"],meta[itemprop="{name}"]')
    return ((node and node.attributes.get("content")) or "").strip()


def declared_language(tree: LexborHTMLParser) -> str:
    """Return the language that the page says it is in, as ISO 639-1, or ""."""
    node = tree.css_first("html")
    declared = (node and node.attributes.get("lang")) or ""
    return declared[:2].lower() if regex.match(r"[a-zA-Z]{2}(?:[-_]|$)", declared) else ""


def _name(publisher: object) -> str:
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return name.strip() if isinstance(name, str) else ""


def outlet(tree: LexborHTMLParser, data: Mapping[str, Any]) -> str:
    """Return the publisher's name, "" if the page does not say it."""
    return _meta(tree, "og:site_name") or _name(data.get("publisher"))


def is_paywalled(data: Mapping[str, Any]) -> bool:
    """Say whether the publisher marks the page as not free."""
    return _flag(data.get("isAccessibleForFree")) is False


def _flag(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None
