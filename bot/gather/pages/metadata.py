"""Metadata of a page: its title, date, language, canonical address, publisher and paywall."""

from collections.abc import Mapping
from typing import Any

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.gather.pages.claims import canonical
from bot.gather.pages.outlet_names import resembles
from bot.gather.pages.page_dates import published_at
from bot.gather.pages.schema_types import sections_of, types_of
from bot.gather.pages.structured import article_data, json_documents, one_line, scalar

__all__ = [
    "MAX_TITLE_CHARS",
    "article_data",
    "authors",
    "canonical",
    "declared_language",
    "descriptions",
    "headings",
    "is_paywalled",
    "kind_signs",
    "outlet",
    "page_titles",
    "published_at",
    "title",
]

MAX_TITLE_CHARS = 300


def headings(tree: LexborHTMLParser) -> frozenset[str]:
    """Return the page's headlines, each on one line, which its text may repeat.

    Like all functions here it blocks, linear in the page, and is meant for a worker process.
    In no order. None of them raises, but for errors of htmldate that nobody foresaw.
    """
    shown = (*(node.text() for node in tree.css("h1")), _meta(tree, "og:title"))
    return frozenset(line for text in shown if (line := " ".join(text.split())))


def page_titles(tree: LexborHTMLParser, data: Mapping[str, Any]) -> frozenset[str]:
    """Return the headlines that the page gives its article, outside of its text.

    From its meta tags, ``data`` (see ``article_data``) and its <title>, this with and without
    the outlet's name. In no order.
    """
    node = tree.css_first("title")
    shown = " ".join(node.text().split()) if node else ""
    headline = data.get("headline")
    found = (
        _meta(tree, "og:title"),
        headline if isinstance(headline, str) else "",
        shown,
        shown.rpartition(" | ")[0],
        shown.rpartition(" - ")[0],
    )
    return frozenset(filter(None, found))


def descriptions(tree: LexborHTMLParser, data: Mapping[str, Any]) -> list[str]:
    """Return what the page and ``data`` (see ``article_data``) say the article is about."""
    given = data.get("description")
    found = (_meta(tree, "og:description"), _meta(tree, "description"), given)
    return list(dict.fromkeys(text for text in found if isinstance(text, str) and text))


def authors(tree: LexborHTMLParser, data: Mapping[str, Any]) -> list[str]:
    """Return the names of the article's authors, as the page and ``data`` give them."""
    found = [_meta(tree, "author"), _meta(tree, "article:author"), *_names(data.get("author"))]
    return list(dict.fromkeys(name for name in found if name and "://" not in name))


def _names(given: object) -> list[str]:
    if isinstance(given, str):
        return [given]
    if isinstance(given, Mapping):
        return _names(given.get("name"))
    return [name for item in given for name in _names(item)] if isinstance(given, list) else []


def title(tree: LexborHTMLParser, data: Mapping[str, Any], text: str) -> str:
    """Return the headline on one line, without markup, at most 300 characters.

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
        if line := one_line(candidate):
            return line[:MAX_TITLE_CHARS]
    return text.split("\n", 1)[0][:MAX_TITLE_CHARS]


def kind_signs(tree: LexborHTMLParser) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the page's schema.org types, its sections, and its og:type, as it writes them.

    The first two are of all its structured data, in its order, without repeats; before the
    sections stands what the meta tag article:section says. () and "" for what it does not say.
    Never raises.
    """
    types: list[str] = []
    sections = [_meta(tree, "article:section")]
    for document in json_documents(tree):
        types += types_of(document)
        sections += sections_of(document)
    return (
        tuple(dict.fromkeys(types)),
        tuple(dict.fromkeys(filter(None, sections))),
        _meta(tree, "og:type"),
    )


def _meta(tree: LexborHTMLParser, name: str) -> str:
    """Return the content of a meta tag by its property, name or itemprop, "" without one.

    Names may be in any case. The first that has any content counts.
    """
    selector = ",".join(f'meta[{key}="{name}" i]' for key in ("property", "name", "itemprop"))
    contents = ((node.attributes.get("content") or "").strip() for node in tree.css(selector))
    return next(filter(None, contents), "")


def declared_language(tree: LexborHTMLParser) -> str:
    """Return the language that <html lang> declares, as two letters in lower case, or "".

    Whether there is such a language is not checked.
    """
    node = tree.css_first("html")
    declared = (node and node.attributes.get("lang")) or ""
    return declared[:2].lower() if regex.match(r"[a-zA-Z]{2}(?:[-_]|$)", declared) else ""


def outlet(tree: LexborHTMLParser, data: Mapping[str, Any], url: str = "") -> str:
    """Return the publisher's name on one line, "" if the page does not give it.

    That in ``data`` (see ``article_data``) or the site's own word for itself: the first that the
    host of ``url`` resembles, since the publisher of an article may be an agency, or the company
    behind the outlet; else the first.
    """
    names = [one_line(scalar(data.get("publisher"))), one_line(_meta(tree, "og:site_name"))]
    names = [name for name in names if name and "://" not in name and not name.startswith("@")]
    return next((name for name in names if resembles(name, url)), names[0] if names else "")


def is_paywalled(data: Mapping[str, Any]) -> bool:
    """Return whether the publisher marks the article as not free; not where nothing is said.

    ``data`` is of ``article_data``: only what stands there counts. A list or a value object counts
    by its (first) value.
    """
    is_free = scalar(data.get("isAccessibleForFree"))
    return is_free is False or (isinstance(is_free, str) and is_free.strip().lower() == "false")
