"""Metadata of a page: its title, date, language, canonical address, publisher and paywall."""

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
    """Return the page's headlines, each on one line, which its text may repeat.

    Like all functions here it blocks, linear in the page, and is meant for a worker process.
    In no order. None of them raises, but for errors of htmldate that nobody foresaw.
    """
    shown = (*(node.text() for node in tree.css("h1")), _meta(tree, "og:title"))
    return frozenset(line for text in shown if (line := " ".join(text.split())))


def title(tree: LexborHTMLParser, data: Mapping[str, Any], text: str) -> str:
    """Return the headline on one line, at most 300 characters.

    From ``data`` (see ``article_data``) or the page; where it has none, the first line of its
    ``text``. "" only if that is empty, too.
    """
    headings = [" ".join(node.text().split()) for node in tree.css("h1")]
    title_node = tree.css_first("title")
    page_title = " ".join(title_node.text().split()) if title_node else ""
    # Without " | Outlet" or " - Outlet", if enough is left.
    head = page_title.rpartition(" | ")[0] or page_title.rpartition(" - ")[0]
    candidates = [
        data.get("headline"),
        _meta(tree, "og:title"),
        headings[0] if len(headings) == 1 else None,
        head if head and len(head) >= len(page_title) / 2 else page_title,
        *headings,
    ]
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            return " ".join(candidate.split())[:_MAX_TITLE_CHARS]
    return text.split("\n", 1)[0][:_MAX_TITLE_CHARS]


def published_at(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any]) -> datetime | None:
    """Return when the page says it was published, in UTC; None if it does not, or before 1990.

    From ``data`` (see ``article_data``), its meta tags or its first ``<time>``; else htmldate
    finds a day in ``markup``, which stands for its midnight. A time without a zone is taken for
    UTC; it may lie in the future.
    """
    time = tree.css_first("time[datetime]")
    for date in (
        data.get("datePublished"),
        _meta(tree, "article:published_time"),
        _meta(tree, "parsely-pub-date"),
        _meta(tree, "datePublished"),
        time.attributes.get("datetime") if time else None,
    ):
        at = _instant(date)
        if at is not None:
            return at
    from htmldate import find_date  # noqa: PLC0415 - only where nothing better was found

    try:
        return _instant(find_date(markup, original_date=True, extensive_search=False))
    except (ValueError, OverflowError, TypeError):  # htmldate on dates such as year 0
        return None


def _instant(date: object) -> datetime | None:
    """Return an ISO 8601 date as an instant in UTC; None for anything else."""
    if not isinstance(date, str):
        return None
    try:
        at = datetime.fromisoformat(date.strip())
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return None
    return at if at.year >= 1990 else None


def article_data(tree: LexborHTMLParser) -> Mapping[str, Any]:
    """Return the first article in the page's JSON-LD (schema.org), {} if there is none.

    Its values are the publisher's, of any type.
    """
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            found = json.loads(node.text(), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(found):
            kind = item.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name) for name in kinds):
                return item
    return {}


def _objects(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON-LD document, outer ones first."""
    if depth > 4:
        return
    if isinstance(found, list):
        for item in found:
            yield from _objects(item, depth + 1)
    elif isinstance(found, dict):
        yield found
        yield from _objects(found.get("@graph"), depth + 1)
        yield from _objects(found.get("mainEntity"), depth + 1)


def canonical(tree: LexborHTMLParser, url: str) -> str:
    """Return the canonical address that a page at ``url`` declares, "" without a valid one.

    It is absolute and normalized by ``canonical_url``. One of another registrable domain is not
    valid, nor one of another port of the same host, nor the front page for another page. Where
    ``url`` cannot be read as a URL, none is valid.
    """
    node = tree.css_first('link[rel="canonical"]')
    href = (node and node.attributes.get("href")) or _meta(tree, "og:url")
    if not href:
        return ""
    try:
        target = urljoin(url, href)
        parts, own = urlsplit(target), urlsplit(url)
        address, port, own_port = canonical_url(target), parts.port, own.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or len(parts.path) <= 1 < len(own.path):
        return ""  # a canonical link to the front page is a mistake of the template
    same = registrable_domain(parts.hostname or "") == registrable_domain(own.hostname or "")
    same_port = port == own_port if parts.hostname == own.hostname else True
    return address if same and same_port else ""


def _meta(tree: LexborHTMLParser, name: str) -> str:
    """Return the content of a meta tag by its property, name or itemprop, "" without one."""
    node = tree.css_first(f'meta[property="{name}"],meta[name="{name}"],meta[itemprop="{name}"]')
    return ((node and node.attributes.get("content")) or "").strip()


def declared_language(tree: LexborHTMLParser) -> str:
    """Return the language that <html lang> declares, as two letters in lower case, or "".

    Whether there is such a language is not checked.
    """
    node = tree.css_first("html")
    declared = (node and node.attributes.get("lang")) or ""
    return declared[:2].lower() if regex.match(r"[a-zA-Z]{2}(?:[-_]|$)", declared) else ""


def outlet(tree: LexborHTMLParser, data: Mapping[str, Any]) -> str:
    """Return the publisher's name, "" if the page does not give it.

    As it stands there or in ``data`` (see ``article_data``): neither cut nor folded.
    """
    publisher = data.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return _meta(tree, "og:site_name") or (name.strip() if isinstance(name, str) else "")


def is_paywalled(data: Mapping[str, Any]) -> bool:
    """Return whether the publisher marks the article as not free; not where nothing is said.

    ``data`` is of ``article_data``: only what stands there counts.
    """
    is_free = data.get("isAccessibleForFree")
    return is_free is False or (isinstance(is_free, str) and is_free.lower() == "false")
