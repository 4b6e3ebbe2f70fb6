"""Web pages of the sample outlets, with all that publishers set around an article."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

from bot.tryout.newsroom.model import FEED_PATH, Outlet, SampleArticle

__all__ = ["Link", "write_front", "write_page"]

# The number of paragraphs before the sign-up box, which publishers like to set mid-article.
_OPENING = 3

_FURNITURE = Path(__file__).with_name("furniture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A title, as plain text, that links to ``url``."""

    title: str
    url: str


def write_page(
    outlet: Outlet,
    article: SampleArticle,
    related: Sequence[Link],
    *,
    base_url: str,
    mornings: Sequence[datetime],
) -> bytes:
    """Return the page of ``article`` in HTML (UTF-8), with links to ``related`` below it.

    The first call reads the templates. Raises IndexError if the article is not out on the last
    of ``mornings`` (aware), or has a dateline and no paragraph; KeyError for an outlet's language
    without phrases of its own.
    """
    words = _furniture()[outlet.language]
    published_at = article.published_at(mornings).astimezone(UTC).replace(microsecond=0)
    body = _body(article)
    figure = ""
    if article.caption:
        figure = _template("figure.html").substitute(_escaped({}, caption=article.caption))
    main = _template("article.html").substitute(
        _escaped(
            words,
            title=article.title_on(mornings),
            byline=article.byline,
            published=published_at.isoformat(),
            # A date that reads the same in every language.
            shown_date=published_at.strftime("%Y-%m-%d %H:%M UTC"),
        ),
        figure=figure,
        opening="\n".join(body[:_OPENING]),
        rest="\n".join(body[_OPENING:]),
        related=_list(related),
    )
    return _frame(
        outlet,
        title=f"{article.title_on(mornings)} | {outlet.name}",
        url=f"{base_url}/{article.slug}",
        base_url=base_url,
        json_ld=_json_ld(outlet, article, url=f"{base_url}/{article.slug}", mornings=mornings),
        main=main,
    )


def write_front(outlet: Outlet, links: Sequence[Link], *, base_url: str) -> bytes:
    """Return the front page of ``outlet`` in HTML (UTF-8), with ``links`` to its articles.

    The first call reads the templates. Raises KeyError as ``write_page`` does.
    """
    return _frame(
        outlet,
        title=f"{outlet.name} – {outlet.tagline}",
        url=f"{base_url}/",
        base_url=base_url,
        json_ld="",
        main=f'<main class="front">{_list(links)}</main>',
    )


def _frame(
    outlet: Outlet, *, title: str, url: str, base_url: str, json_ld: str, main: str
) -> bytes:
    """Return a page with ``main`` (HTML) between the outlet's masthead and footer."""
    words = _furniture()[outlet.language]
    page = _template("page.html").substitute(
        _escaped(
            words,
            language=outlet.language,
            title=title,
            url=url,
            base_url=base_url,
            feed_path=FEED_PATH,
            feed_type=outlet.feed.content_type.partition(";")[0],
            name=outlet.name,
            tagline=outlet.tagline,
            colour=outlet.colour,
        ),
        style=_file("page.css"),
        json_ld=json_ld,
        main=main,
    )
    return page.encode()


def _body(article: SampleArticle) -> list[str]:
    """Return each paragraph as HTML, the first one with the article's dateline."""
    place = f'<span class="dateline">{escape(article.dateline)} — </span>'
    paragraphs = [escape(text, quote=False) for text in article.paragraphs]
    if article.dateline:
        paragraphs[0] = place + paragraphs[0]
    return [f"<p>{text}</p>" for text in paragraphs]


def _list(links: Sequence[Link]) -> str:
    items = (f'<li><a href="{escape(link.url)}">{escape(link.title)}</a></li>' for link in links)
    return f"<ul>{''.join(items)}</ul>"


def _json_ld(
    outlet: Outlet, article: SampleArticle, *, url: str, mornings: Sequence[datetime]
) -> str:
    """Return schema.org's NewsArticle as a script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title_on(mornings),
        "inLanguage": outlet.language,
        "datePublished": article.published_at(mornings).isoformat(timespec="seconds"),
        "dateModified": article.updated_at(mornings).isoformat(timespec="seconds"),
        "mainEntityOfPage": url,
        "author": {"@type": "Person", "name": article.byline},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    # A "<" inside a script element could end it: JSON has an escape for it.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _escaped(words: Mapping[str, str], **more: str) -> dict[str, str]:
    return {key: escape(text) for key, text in {**words, **more}.items()}


@lru_cache(maxsize=1)
def _furniture() -> Mapping[str, Mapping[str, str]]:
    """Return the phrases around articles, by language and name."""
    words: dict[str, dict[str, str]] = json.loads(_file("furniture.json"))
    return words


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    return Template(_file(name))


@lru_cache(maxsize=8)
def _file(name: str) -> str:
    return (_FURNITURE / name).read_text(encoding="utf-8")
