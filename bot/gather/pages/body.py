"""The text of a page's article, without the rest of the page."""

from collections.abc import Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.domain.text_length import text_length
from bot.errors import NotAnArticle
from bot.gather.pages import metadata
from bot.gather.pages.blocks import blocks
from bot.gather.pages.clean import clean_extracted, clean_text
from bot.gather.pages.completion import completed, repeated, with_lead, with_lists
from bot.gather.pages.embedded import embedded_lines
from bot.gather.pages.markup import is_deep, linked_lines, text_of_html
from bot.gather.pages.placement import (
    HEADINGS,
    article_lines,
    headline_at,
    in_lines,
    linked_headings,
    prose_length,
    without_offer_below,
    without_offers,
    without_teasers,
)
from bot.gather.pages.preparation import prepare
from bot.gather.pages.structured import plain
from bot.gather.pages.walls import is_front, is_wall

__all__ = ["MIN_LENGTH", "article_body"]

# A page whose article is shorter (see ``text_length``) is a teaser, a video or an index.
MIN_LENGTH = 200


def article_body(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any], *, url: str) -> str:
    """Return the clean text of the article of the page at ``url``, one paragraph a line.

    It is what trafilatura finds, completed from the page's own markup and cleaned; else the
    structured data's (``data``, see ``metadata.article_data``), else what stands below the
    headline, or what a script would put there. "" or a few words where the page has no article.
    Raises NotAnArticle for a front page, and for what stands in an article's place. Changes
    ``tree``, which is that of ``markup``. Blocks for tens of milliseconds, and for a quarter of a
    second the first time in a process.
    """
    if is_deep(tree):
        return clean_text(text_of_html(markup))
    import trafilatura  # noqa: PLC0415 - costs a quarter of a second: only where pages are read

    titles = metadata.page_titles(tree, data)
    descriptions = metadata.descriptions(tree, data)
    authors = metadata.authors(tree, data)
    if prepare(tree, titles):
        markup = tree.html or markup
    page = blocks(tree)
    if is_front(tree, data, page, url=url):
        raise NotAnArticle("front-page")
    headline = headline_at(page, titles)
    pointers = linked_lines(tree) - linked_headings(page)
    known: dict[str, Any] = {
        "titles": {*titles, *metadata.headings(tree)},
        "authors": authors,
        "repeated": repeated(page),
        "is_flat": headline < 0 and not any(block.tag in HEADINGS for block in page),
    }
    # Our own passes remove its surplus better than its ``favor_precision`` does.
    found = trafilatura.extract(markup, include_comments=False, output_format="txt") or ""
    found = in_lines(found, page)
    if is_wall(tree, data, found):
        raise NotAnArticle("not-the-article")
    found = with_lists(completed(found, page), page)
    found = without_offers(without_teasers(found, page), page, headline)
    found = without_offer_below(found)
    found = with_lead(found, page, titles=titles, descriptions=descriptions)
    text = clean_extracted(found, pointers=pointers, **known)
    declared = data.get("articleBody")
    if isinstance(declared, str) and (text_length(text) < 2 * MIN_LENGTH or "\n" not in text):
        given = clean_text(text_of_html(declared) if "<" in declared else plain(declared))
        # A body without paragraphs is a single run-on line: better only where nothing else is.
        # An extractor may have taken the same text from there, and its markup with it.
        if len(given) >= len(text_of_html(text)) and given.count("\n") >= text.count("\n"):
            return given
    # A list of links, such as of other videos, is no article.
    if prose_length(text, page) >= MIN_LENGTH:
        return text
    below = without_offer_below("\n".join(article_lines(page, headline)))
    below = clean_extracted(below, pointers=pointers, **known)
    if text_length(below) >= MIN_LENGTH:
        return below
    return clean_extracted("\n".join(embedded_lines(tree)), pointers=pointers, **known)
