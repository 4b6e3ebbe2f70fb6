"""Extraction of an article from a page: its text, title, date, language, kind and address."""

from selectolax.lexbor import LexborHTMLParser

from bot.domain.text_length import text_length
from bot.errors import NotAnArticle
from bot.gather.http.decode import decode_html
from bot.gather.pages import metadata
from bot.gather.pages.body import MIN_LENGTH, article_body
from bot.gather.pages.kinds import PageSigns, kind_of
from bot.gather.pages.language import detect_language
from bot.gather.pages.relevance import is_about
from bot.gather.pages.stops import has_sentence
from bot.gather.values import Extracted

__all__ = ["Extracted", "extract_article"]


def extract_article(
    html: bytes,
    *,
    url: str,
    content_type: str | None = None,
    expected_title: str = "",
    expected_text: str = "",
) -> Extracted:
    """Return the article of the page ``html``, fetched from ``url``.

    ``content_type`` is the HTTP header's value. ``expected_title`` and ``expected_text`` are what a
    feed says of the article, "" where nothing is known. Raises NotAnArticle for a page without one
    (under 200 characters, in CJK 100, or no sentence; "paywalled" where its publisher marks it as
    not free), for one that stands in its place, such as a log-in or a front page, and for one that
    tells of something else; errors of the libraries pass through. Nothing is fetched or stored.
    Blocks, for tens of milliseconds a page, and for a second or two the first time in a process:
    meant for a worker process that can be killed, since a hostile page can take long.
    """
    markup = decode_html(html, content_type)
    tree = LexborHTMLParser(markup)
    data = metadata.article_data(tree, metadata.headings(tree))
    # What the page says of itself is read before its text is, which changes the tree.
    published_at = metadata.published_at(markup, tree, data)
    declared_language = metadata.declared_language(tree)
    canonical_url = metadata.canonical(tree, url)
    outlet = metadata.outlet(tree, data, url)
    given_title = metadata.title(tree, data, "")
    headlines = metadata.page_titles(tree, data)
    types, sections, og_type = metadata.kind_signs(tree)
    text = article_body(markup, tree, data, url=url)
    if text_length(text) < MIN_LENGTH or not has_sentence(text):
        raise NotAnArticle("paywalled" if metadata.is_paywalled(data) else "no-article")
    first, _, _ = text.partition("\n")
    if not is_about(text, title=expected_title, lead=expected_text, headlines=headlines):
        raise NotAnArticle("another-article")
    title = given_title or first[: metadata.MAX_TITLE_CHARS]
    language = detect_language(text) or declared_language
    return Extracted(
        title=title,
        text=text,
        published_at=published_at,
        language=language,
        canonical_url=canonical_url,
        paywalled=metadata.is_paywalled(data),
        outlet=outlet,
        kind=kind_of(
            PageSigns(
                url=url,
                title=expected_title or title,
                lead=expected_text or first,
                types=types,
                sections=sections,
                og_type=og_type,
                text=text,
                language=language,
            )
        ),
    )
