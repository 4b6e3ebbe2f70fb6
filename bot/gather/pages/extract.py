"""Extraction of an article from a page: its text, title, date, language and address."""

from collections.abc import Mapping
from typing import Any

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.errors import NotAnArticle
from bot.gather.http.decode import decode_html
from bot.gather.pages import metadata
from bot.gather.pages.clean import clean_extracted, clean_text
from bot.gather.pages.language import detect_language
from bot.gather.pages.markup import completed, is_deep, linked_lines, text_of_html
from bot.gather.values import Extracted

__all__ = ["Extracted", "extract_article"]

# A page whose article has fewer characters is a teaser, a video or an index.
_MIN_CHARS = 200
_MIN_CHARS_CJK = 80
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")

# A word and a full stop; some languages have none.
_SENTENCE = regex.compile(
    r"[\p{L}\p{M}\p{N}\p{Pe}\p{Pf}\"'][.!?…。！？؟۔።॥।．]"
    r"|[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]{20}"
)


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
    text = _body(markup, tree, data)
    if len(text) < _min_chars(text) or not _SENTENCE.search(text):
        raise NotAnArticle("no-article")
    return Extracted(
        title=metadata.title(tree, data, text),
        text=text,
        published_at=metadata.published_at(markup, tree, data),
        language=detect_language(text) or metadata.declared_language(tree),
        canonical_url=metadata.canonical(tree, url),
        paywalled=metadata.is_paywalled(data),
        outlet=metadata.outlet(tree, data, url),
    )


def _body(markup: str, tree: LexborHTMLParser, data: Mapping[str, Any]) -> str:
    """Return the clean text: trafilatura's, the structured data's, or all of a deep page's."""
    if is_deep(tree):
        return clean_text(text_of_html(markup))
    import trafilatura  # noqa: PLC0415 - costs a quarter of a second: only where pages are read

    # Our own furniture pass removes its surplus better than its ``favor_precision`` does.
    found = trafilatura.extract(
        markup, include_comments=False, include_tables=False, output_format="txt"
    )
    text = clean_extracted(
        completed(found or "", tree), pointers=linked_lines(tree), titles=metadata.headings(tree)
    )
    declared = data.get("articleBody")
    if isinstance(declared, str) and (len(text) < 2 * _MIN_CHARS or "\n" not in text):
        given = clean_text(text_of_html(declared) if "<" in declared else declared)
        # A body without paragraphs is a single run-on line: better only where nothing else is.
        if len(given) >= len(text) and given.count("\n") >= text.count("\n"):
            return given
    return text if len(text) >= _min_chars(text) else clean_text(text_of_html(markup))


def _min_chars(text: str) -> int:
    """Return how long the text of an article is at least, in its script."""
    return _MIN_CHARS_CJK if _CJK.search(text) else _MIN_CHARS
