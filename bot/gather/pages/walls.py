"""Pages that stand in an article's place: consent, log-in, robot check, not found, front page.

They are told by what they lack, the signs with which publishers mark an article, and by what
they speak of: the reader, the site and its pages. News speaks of others.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.domain.text_length import text_length
from bot.gather.pages.blocks import PageBlock

__all__ = [
    "addresses_reader",
    "is_front",
    "is_offer",
    "is_wall",
    "mentions_site",
    "names_site",
    "site_mentions",
    "word_count",
]

# A page that stands in an article's place says what it has to say in a few lines.
_MAX_WALL_CHARS = 1_500
# So many of its sentences speak to the reader or of the site, and so many of its words.
_MIN_SENTENCES = 0.6
_MIN_WORDS = 0.1
# What people say to each other: news quotes them, the page itself does not.
_QUOTED = regex.compile(
    r"""“[^”\n]{12,500}”|„[^“”\n]{12,500}[“”]|«[^»\n]{12,500}»|»[^«\n]{12,500}«"""
    r"""|「[^」\n]{6,500}」|『[^』\n]{6,500}』|"[^"\n]{12,500}\""""
)
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
# Of the other scripts: a word of those ends where one of these begins.
_LETTER = r"[\w--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]]"
# No dot within a number or an address ends one.
_SENTENCE = regex.compile(r"(?:[^.!?…。！？؟।]|(?<=\w)[.](?=\w))+[.!?…。！？؟।]*")
_MIN_SENTENCE_WORDS = 3
# "404 Not Found", "451: …": the status of the answer that the server should have given.
_STATUS = regex.compile(
    r"\W*(?:(?P<error>\p{L}+)\s)?(?P<status>[45]\d\d)\b\s*(?P<sign>[:|–—-]|$)?(?P<words>.*)"
)
_ARTICLE_MARKS = (
    'meta[property="og:type"][content="article"],meta[property^="article:"],'
    'meta[name="author"],[itemprop="articleBody"],[itemprop="datePublished"],time[datetime]'
)
# Of a front page's lines so many stand below a link each.
_MIN_TEASERS = 4
_TEASER_SHARE = 0.5
_MAX_TITLES = 5
_MIN_SITE_WORDS = 3
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


def is_wall(tree: LexborHTMLParser, data: Mapping[str, Any], text: str) -> bool:
    """Return whether ``text`` speaks to the reader, of the site, on a page that claims no article.

    So does a page with the status of an answer for its title. ``data`` is the page's JSON-LD, {}
    without an article. Linear.
    """
    if data or text_length(text) > _MAX_WALL_CHARS or tree.css_first(_ARTICLE_MARKS) is not None:
        return False
    if tree.css_first("article") is not None:
        return False
    return addresses_reader(text) or any(
        _is_status(node.text()) for node in tree.css("title,h1")[:_MAX_TITLES]
    )


def _is_status(title: str) -> bool:
    """Return whether a title is the status of a page that cannot be shown."""
    found = _STATUS.match(" ".join(title.split()))
    if found is None or (found["error"] and _words("site").fullmatch(found["error"]) is None):
        return False  # "Fortune 500: …"
    try:
        phrase = HTTPStatus(int(found["status"])).phrase
    except ValueError:
        return False
    return found["sign"] is not None or found["words"].strip().casefold().startswith(
        phrase.casefold()
    )


def addresses_reader(text: str) -> bool:
    """Return whether a text speaks to its reader, of the site: by its sentences and its words.

    What it quotes does not count. Linear.
    """
    text = _QUOTED.sub("", text)
    sentences = [
        found for found in _SENTENCE.findall(text) if word_count(found) >= _MIN_SENTENCE_WORDS
    ]
    reader, site = _words("reader"), _words("site")
    speaking = sum(bool(reader.search(sentence) or site.search(sentence)) for sentence in sentences)
    # Letters of firms speak to the reader as well, and not of pages and accounts.
    return (
        reader.search(text) is not None
        and site.search(text) is not None
        and speaking >= _MIN_SENTENCES * len(sentences)
        and mentions_site(text)
    )


def mentions_site(text: str) -> bool:
    """Return whether a tenth of the words of ``text`` speak to the reader or of the site.

    Linear.
    """
    return site_mentions(text) >= _MIN_WORDS * word_count(text)


def site_mentions(text: str) -> int:
    """Return how many words of ``text`` speak to the reader or of the site. Linear."""
    return len(_words("reader").findall(text)) + len(_words("site").findall(text))


def word_count(text: str) -> float:
    """Return how many words ``text`` has; scripts without spaces have one in two characters."""
    return len(text.split()) + (text_length(text) - len(text)) / 2


def is_offer(text: str) -> bool:
    """Return whether what stands beside an article offers to read on, or asks for consent.

    It speaks to its reader, of the site, or of the site alone in several words. Linear.
    """
    return addresses_reader(text) or (mentions_site(text) and names_site(text))


def names_site(text: str) -> bool:
    """Return whether ``text`` has three words of the site: accounts, subscriptions. Linear."""
    return len(_words("site").findall(text)) >= _MIN_SITE_WORDS


def is_front(
    tree: LexborHTMLParser, data: Mapping[str, Any], blocks: Sequence[PageBlock], *, url: str
) -> bool:
    """Return whether a page at ``url`` is its site's front: made of teasers, and said to be none.

    A teaser is a link with a line below it. What a page says of itself is its canonical address
    or its type; one that claims to be an article is none. Linear; never raises.
    """
    if data or tree.css_first(_ARTICLE_MARKS) is not None or not _claims_front(tree, url):
        return False
    lines = [
        n
        for n, block in enumerate(blocks)
        if not block.is_linked and not block.beside and block.tag not in _HEADINGS
    ]
    teasers = sum(n > 0 and blocks[n - 1].is_linked for n in lines)
    return teasers >= _MIN_TEASERS and teasers >= _TEASER_SHARE * len(lines)


def _claims_front(tree: LexborHTMLParser, url: str) -> bool:
    """Return whether a page calls the site's root its address, or itself a site and no more."""
    node = tree.css_first("link[rel~=canonical]")
    href = node and node.attributes.get("href")
    try:
        path, own = urlsplit(href or url).path, urlsplit(url).path
    except ValueError:
        return False
    if href:
        return len(path) <= 1 < len(own)
    is_site = tree.css_first('meta[property="og:type"][content="website"]') is not None
    return is_site and tree.css_first("h1") is None


@cache
def _words(kind: str) -> regex.Pattern[str]:
    """Return the expression for words that speak of the "reader" or of the "site"."""
    text = resources.files("bot.gather.pages").joinpath("walls.json").read_text("utf-8")
    whole: set[str] = set()
    beginnings: set[str] = set()
    others: set[str] = set()
    for words in json.loads(text)[kind].values():
        for word in words:
            if _UNSPACED.search(word):
                others.add(word)
            else:
                # "Sie" is no "sie", who is somebody else.
                exact = f"(?-i:{word.rstrip('*')})" if word[0].isupper() else word.rstrip("*")
                (beginnings if word.endswith("*") else whole).add(exact)
    # "site*" is any word that begins so. One repetition for all keeps the expression small.
    spaced = f"(?:{_either(beginnings)}){_LETTER}{{0,20}}|{_either(whole)}"
    expression = rf"(?<!{_LETTER})(?:{spaced})(?!{_LETTER})|{_either(others)}"
    return regex.compile(expression, regex.IGNORECASE | regex.VERSION1)


def _either(words: Collection[str]) -> str:
    """Return the expression for one of ``words``; "*" at their beginnings is for any letters."""
    return "|".join(word.replace("*", f"{_LETTER}{{0,20}}") for word in sorted(words))
