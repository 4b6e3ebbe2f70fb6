"""Extraction of an article from a page: its text, title, date, language and address."""

from collections.abc import Mapping
from typing import Any

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.errors import NotAnArticle
from bot.gather.http.decode import decode_html
from bot.gather.pages import metadata
from bot.gather.pages.blocks import blocks
from bot.gather.pages.clean import clean_extracted, clean_text
from bot.gather.pages.completion import completed, with_lead
from bot.gather.pages.language import detect_language
from bot.gather.pages.markup import is_deep, linked_lines, text_of_html
from bot.gather.pages.placement import (
    article_lines,
    headline_at,
    is_elsewhere,
    without_teasers,
)
from bot.gather.pages.preparation import prepare
from bot.gather.pages.stops import has_sentence
from bot.gather.pages.walls import is_front, is_wall
from bot.gather.values import Extracted

__all__ = ["Extracted", "extract_article"]

# A page whose article has fewer characters is a teaser, a video or an index.
_MIN_CHARS = 200
_MIN_CHARS_CJK = 80
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")


def extract_article(html: bytes, *, url: str, content_type: str | None = None) -> Extracted:
    """Return the article of the page ``html``, fetched from ``url``.

    ``content_type`` is the HTTP header's value. Raises NotAnArticle for a page without one, such
    as a teaser, a video or an index (under 200 characters, in CJK 80, or no sentence); errors of
    the libraries pass through. Nothing is fetched or stored. Blocks, for tens of milliseconds a
    page, and for a second or two the first time in a process: meant for a worker process that can
    be killed, since a hostile page can take long.
    """
    markup = decode_html(html, content_type)
    tree = LexborHTMLParser(markup)
    data = metadata.article_data(tree, metadata.headings(tree))
    text = _body(markup, tree, data, url=url)
    if len(text) < _min_chars(text) or not has_sentence(text):
        raise NotAnArticle("no-article")
    if is_wall(tree, data, text):
        raise NotAnArticle("wall")
    return Extracted(
        title=metadata.title(tree, data, text),
        text=text,
        published_at=metadata.published_at(markup, tree, data),
        language=detect_language(text) or metadata.declared_language(tree),
        canonical_url=metadata.canonical(tree, url),
        paywalled=metadata.is_paywalled(data),
        outlet=metadata.outlet(tree, data, url),
    )


def _body(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any], *, url: str) -> str:
    """Return the clean text: trafilatura's, the structured data's, or all of a deep page's.

    Changes ``tree``.
    """
    if is_deep(tree):
        return clean_text(text_of_html(markup))
    import trafilatura  # noqa: PLC0415 - costs a quarter of a second: only where pages are read

    titles = metadata.page_titles(tree, data)
    if prepare(tree, titles):
        markup = tree.html or markup
    page = blocks(tree)
    if is_front(tree, data, page, url=url):
        raise NotAnArticle("front-page")
    headline = headline_at(page, titles)
    # Our own furniture pass removes its surplus better than its ``favor_precision`` does.
    found = trafilatura.extract(markup, include_comments=False, output_format="txt") or ""
    if is_elsewhere(found, page, headline):
        found = "\n".join(article_lines(page, headline))
    found = without_teasers(completed(found, page), page)
    found = with_lead(found, page, titles=titles, descriptions=metadata.descriptions(tree, data))
    text = clean_extracted(
        found,
        pointers=linked_lines(tree),
        titles={*titles, *metadata.headings(tree)},
        authors=metadata.authors(tree, data),
    )
    declared = data.get("articleBody")
    if isinstance(declared, str) and (len(text) < 2 * _MIN_CHARS or "\n" not in text):
        given = clean_text(text_of_html(declared) if "<" in declared else declared)
        # A body without paragraphs is a single run-on line: better only where nothing else is.
        if len(given) >= len(text) and given.count("\n") >= text.count("\n"):
            return given
    return (
        text
        if len(text) >= _min_chars(text)
        else clean_text("\n".join(article_lines(page, headline)))
    )


def _min_chars(text: str) -> int:
    """Return how long the text of an article is at least, in its script."""
    return _MIN_CHARS_CJK if _CJK.search(text) else _MIN_CHARS
