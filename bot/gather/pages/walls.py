"""Pages that stand in an article's place: consent, log-in, robot check, not found, front page.

They are told by what they lack, the signs with which publishers mark an article, and by what
they speak of: the reader, the site and its pages. News speaks of others.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.domain.text_length import text_length
from bot.gather.pages.blocks import Block

__all__ = ["is_front", "is_wall"]

# A page that stands in an article's place says what it has to say in a few lines.
_MAX_WALL_CHARS = 2_500
# So much of it, by its sentences, speaks to the reader, or of the site.
_MIN_SHARE = 0.6
_SENTENCE = regex.compile(r"[^.!?…。！？؟।]+[.!?…。！？؟।]*")
_ARTICLE_MARKS = (
    'meta[property="og:type"][content="article"],meta[property^="article:"],'
    'meta[name="author"],[itemprop="articleBody"],[itemprop="datePublished"],time[datetime]'
)
# Of a front page's lines so many stand below a link each.
_MIN_TEASERS = 4
_TEASER_SHARE = 0.5


def is_wall(tree: LexborHTMLParser, data: Mapping[str, Any], text: str) -> bool:
    """Return whether ``text`` speaks to the reader, of the site, on a page that claims no article.

    ``data`` is the page's JSON-LD, {} without an article. Linear.
    """
    if data or text_length(text) > _MAX_WALL_CHARS or tree.css_first(_ARTICLE_MARKS) is not None:
        return False
    if tree.css_first("article") is not None:
        return False
    sentences = [found for found in _SENTENCE.findall(text) if len(found.strip()) > 1]
    reader, site = _words("reader"), _words("site")
    speaks = sum(bool(reader.search(one) or site.search(one)) for one in sentences)
    # Letters of firms speak to the reader as well, and not of pages and accounts.
    return (
        speaks >= _MIN_SHARE * len(sentences)
        and reader.search(text) is not None
        and site.search(text) is not None
    )


def is_front(tree: LexborHTMLParser, data: Mapping[str, Any], blocks: Sequence[Block]) -> bool:
    """Return whether a page is made of teasers, each a link with a line below it.

    One that claims to be an article is none, nor one with a headline of its own. Linear.
    """
    if data or tree.css_first(_ARTICLE_MARKS) is not None:
        return False
    lines = [
        n
        for n, block in enumerate(blocks)
        if not block.is_linked and not block.beside and block.tag not in {"h1", "h2", "h3", "h4"}
    ]
    teasers = sum(n > 0 and blocks[n - 1].is_linked for n in lines)
    return teasers >= _MIN_TEASERS and teasers >= _TEASER_SHARE * len(lines)


@cache
def _words(kind: str) -> regex.Pattern[str]:
    """Return the expression for words that speak of the "reader" or of the "site"."""
    text = resources.files("bot.gather.pages").joinpath("walls.json").read_text("utf-8")
    spaced: list[str] = []
    others: list[str] = []
    for words in json.loads(text)[kind].values():
        for word in words:
            unspaced = regex.search(r"[\p{Han}\p{Kana}\p{Hangul}\p{Thai}]", word) is not None
            (others if unspaced else spaced).append(word)
    # "site*" is any word that begins so.
    bounded = "|".join(word.replace("*", r"\w*") for word in sorted(set(spaced)))
    return regex.compile("|".join([rf"\b(?:{bounded})\b", *sorted(set(others))]), regex.IGNORECASE)
