"""What feeds put below an entry's text: a link to read on, and where it "appeared first".

Recognized by where they lead and what they name, in any language: a link to the entry's own page,
and a sentence that names the entry's title and the site's.
"""

from typing import NamedTuple

import regex

from bot.gather.feeds.entries import absolute
from bot.gather.http.urls import page_key, registrable_domain
from bot.gather.pages.html_text import Line

__all__ = ["Body", "without_tails"]

# The words of an attribution besides its two names: "The post … appeared first on ….".
_MAX_ATTRIBUTION_CHARS = 80
# A shorter title may be named in any sentence.
_MIN_TITLE_LETTERS = 8
_MIN_SITE_LETTERS = 3
_MAX_LINK_CHARS = 80
# Lines at the end that are looked at.
_MAX_TAILS = 4
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_HOST = regex.compile(r"https?://([^/?#\s]+)/?(?:[?#].*)?", regex.IGNORECASE)
# Where a sentence ends, and another begins.
_SENTENCE_END = regex.compile(
    r"[.!?…؟۔।॥։።]+[\]\p{Pe}\p{Pf}\"']*\s+|\][\s.]*\s|[。！？．][\p{Pe}\p{Pf}]*\s*"
)
_ENDED = regex.compile(r"(?:^|[.!?…。！？؟۔।॥։።．:;,\]\p{Pe}\p{Pf}\"'–—-])\s*$")
_SEPARATORS = regex.compile(r"\s+[|–—:»«›‹·•/-]+\s+|:\s+")
_ELLIPSIS = regex.compile(r"(?:\.\.\.|…)[\])\s]*$")
# Without markup the words alone show that a teaser goes on.
_READ_ON = regex.compile(
    r"(?:^|(?<=\W))(?:read (?:more|on)|continue reading|full (?:story|article)|weiterlesen|"
    r"mehr lesen|lire (?:la suite|plus)|(?:leer|ver) más|leia mais|leggi (?:tutto|di più)|"
    r"lees (?:meer|verder)|читать (?:далее|дальше|полностью)|더 ?보기|続きを読む|阅读全文)"
    r"[\s.…:!»›>→)\]]*$",
    regex.IGNORECASE,
)


class Body(NamedTuple):
    """The lines of an entry's own text, and whether it goes on elsewhere."""

    lines: list[str]
    cut_off: bool


def without_tails(lines: list[Line], *, url: str, title: str, site: str) -> Body:
    """Return the text of an entry without what feeds put below it; see the module.

    ``url`` is the entry's address, absolute, ``title`` its headline and ``site`` the title of its
    feed, "" where unknown. Text that ends in such a link, or in dots, is cut off. Blocks; linear.
    Never raises.
    """
    kept = [line.text for line in lines]
    cut_off = False
    own_key = page_key(url)
    host = _HOST.match(url)
    domain = registrable_domain(host[1].partition(":")[0]) if host else ""
    for line in lines[: -_MAX_TAILS - 1 : -1]:
        links = [(absolute(url, href), text) for href, text in line.links]
        own = [text for address, text in links if text and page_key(address) == own_key]
        homes = [text for address, text in links if text and _is_home(address, domain)]
        text = kept[-1]
        begin = _attribution(text, title, site, own, homes)
        if begin is None and own and own[-1]:
            begin = _read_on_link(text, own[-1])
            # The title, linked to its page, says nothing about what is there.
            cut_off |= begin is not None and _letters(own[-1]) != _letters(title)
        if begin is None and (found := _READ_ON.search(text)):
            begin, cut_off = found.start(), True
        if begin is None:
            break
        kept[-1] = text[:begin].rstrip()
        if kept[-1]:
            break
        kept.pop()
    if kept and _ELLIPSIS.search(kept[-1]):
        cut_off = True
    return Body(kept, cut_off)


def _attribution(text: str, title: str, site: str, own: list[str], homes: list[str]) -> int | None:
    """Return where the sentence at the end of ``text`` begins that names title and site."""
    named = _last(text, own[-1]) if own and homes else None
    if named is None and len(_letters(title)) >= _MIN_TITLE_LETTERS:
        named = _last(text, title)
    if named is None:
        return None
    sites = [*homes, site, *sorted(_SEPARATORS.split(site), key=len, reverse=True)]
    for name in sites:
        if len(_letters(name)) < _MIN_SITE_LETTERS:
            continue
        at = _last(text[named[1] :], name)
        place = (at[0] + named[1], at[1] + named[1]) if at else _last(text[: named[0]], name)
        if place is None:
            continue
        first, second = sorted((named, place))
        begin = max((end.end() for end in _SENTENCE_END.finditer(text, 0, first[0])), default=0)
        trail = text[second[1] :]
        other = (first[0] - begin) + (second[0] - first[1]) + len(trail)
        ended = _SENTENCE_END.search(trail)
        if other <= _MAX_ATTRIBUTION_CHARS and not (ended and _WORD.search(trail, ended.end())):
            return begin
    return None


def _read_on_link(text: str, label: str) -> int | None:
    """Return where the link at the end of ``text`` begins, if a sentence has ended before it."""
    at = text.rfind(label)
    if at < 0 or len(label) > _MAX_LINK_CHARS or _WORD.search(text, at + len(label)):
        return None
    return at if _ENDED.search(text[:at]) else None


def _last(text: str, name: str) -> tuple[int, int] | None:
    """Return where ``name`` stands last in ``text``, whatever its punctuation and case."""
    words = _WORD.findall(name)
    if not words:
        return None
    pattern = r"[^\p{L}\p{M}\p{N}]{0,6}".join(map(regex.escape, words))
    whole = rf"(?<![\p{{L}}\p{{N}}])(?:{pattern})"
    spans = [found.span() for found in regex.finditer(whole, text, regex.IGNORECASE)]
    return spans[-1] if spans else None


def _is_home(address: str, domain: str) -> bool:
    """Return whether an address is the front page of a host of ``domain``."""
    host = _HOST.fullmatch(address)
    return bool(host and domain) and registrable_domain(host[1].partition(":")[0]) == domain


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
