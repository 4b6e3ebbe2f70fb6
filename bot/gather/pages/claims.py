"""The address that a page claims to have: its canonical link, or og:url."""

from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.gather.http.urls import canonical_url, page_key, registrable_domain

__all__ = ["canonical"]

# What no address may hold (RFC 3986), as it is or with percent signs: a template that was not
# filled in has it, or what a program calls a thing without a text ("[object Object]").
_NO_ADDRESS = regex.compile(r'[{}<>\[\]\\^`"]|%(?![0-9A-Fa-f]{2})')
# How programming languages write that there is no value.
_NO_VALUE = frozenset({"undefined", "null", "nan", "none", "nil", "(null)"})
# The doors of a site, by the names that software for websites gives them.
_DOORS = regex.compile(
    r"(?:user|account|member|wp|my)?[-_.]?(?:log[-_]?(?:in|on)|sign[-_]?(?:in|up|on)|auth\w*|sso"
    r"|oauth2?|account|register|registration|subscribe|paywall|consent|gdpr|captcha|challenge"
    r"|errors?|not[-_]?found|[45]\d\d)(?:\.\w{2,5})?",
    regex.IGNORECASE,
)
_INDEX = regex.compile(r"(?:index|default|home)(?:\.\w{2,5})?", regex.IGNORECASE)
_LANGUAGE = regex.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", regex.IGNORECASE)
# An address of an article has a number, several words, or one long one.
_DIGIT = regex.compile(r"\d")
_WORD_BREAK = regex.compile(r"[^\W_]+")
_MIN_WORDS = 3
_MIN_LETTERS = 20


def canonical(tree: LexborHTMLParser, url: str) -> str:
    """Return the canonical address that a page at ``url`` claims, "" without a plausible one.

    It is absolute, and of ``canonical_url``; no more than a claim: pages claim the address of
    another. No claim is one of another registrable domain, or of another port of the same host;
    the front page, a section, an index file, a door such as a log-in; a template that was not
    filled in, or "undefined". Of its links and og:url the first plausible one counts. Where
    ``url`` cannot be read as a URL, none is.
    """
    links = [node.attributes.get("href") for node in tree.css('link[rel~="canonical" i]')]
    metas = tree.css('meta[property="og:url" i],meta[name="og:url" i]')
    base = tree.css_first("base[href]")
    for href in (*links, *(node.attributes.get("content") for node in metas)):
        claim = (href or "").strip()
        try:
            start = urljoin(url, (base and base.attributes.get("href")) or "")
            target = urljoin(start, claim)
            if claim and _is_plausible(target, urlsplit(target), urlsplit(url)):
                return canonical_url(target)
        except ValueError:  # no URL, or a port that cannot be
            continue
    return ""


def _is_plausible(target: str, claim: SplitResult, own: SplitResult) -> bool:
    """Return whether an article at ``own`` may have the address ``target``, which is ``claim``.

    Raises ValueError where the port of either cannot be.
    """
    ports = claim.port, own.port
    hosts = claim.hostname or "", own.hostname or ""
    if (
        not {claim.scheme, own.scheme} <= {"http", "https"}
        or registrable_domain(hosts[0]) != registrable_domain(hosts[1])
        or (ports[0] != ports[1] and hosts[0] == hosts[1])
    ):
        return False
    # What is left of a template or a script is no address.
    values = (unquote(piece.partition("=")[2]) for piece in claim.query.split("&"))
    words = [*_segments(claim), *values]
    if (
        _NO_ADDRESS.search(claim.path + claim.query)
        or _NO_ADDRESS.search(unquote(claim.path).replace("%", ""))
        or any(word.strip().casefold() in _NO_VALUE for word in words)
    ):
        return False
    return page_key(target) == page_key(own.geturl()) or _is_of_article(claim, own)


def _is_of_article(claim: SplitResult, own: SplitResult) -> bool:
    """Return whether an address may be an article's: no door, front page or section."""
    segments, own_segments = _segments(claim), _segments(own)
    leads_back = len(own.path) > 1 and own.path.rstrip("/") in unquote(claim.query)
    if leads_back or any(_DOORS.fullmatch(part) for part in segments):
        return False
    if segments and _INDEX.fullmatch(segments[-1]) and not claim.query:
        del segments[-1]
    if segments and _LANGUAGE.fullmatch(segments[-1]):
        del segments[-1]
    if not segments:  # the front page, which has articles only as parameters
        return bool(_DIGIT.search(claim.query)) or not (own_segments or own.query)
    above = segments == own_segments[: len(segments)]
    if above and len(segments) < len(own_segments):  # page 2 of an article, or one of a section
        return _is_long(segments[-1])
    return _is_marked(segments, claim.query) or not _is_marked(own_segments, own.query)


def _segments(address: SplitResult) -> list[str]:
    return [unquote(part) for part in address.path.split("/") if part]


def _is_marked(segments: list[str], query: str) -> bool:
    """Return whether an address looks like an article's, and not like a section's."""
    return (
        any(_DIGIT.search(part) for part in segments)
        or bool(_DIGIT.search(query))
        or bool(segments and _is_long(segments[-1]))
    )


def _is_long(segment: str) -> bool:
    words = _WORD_BREAK.findall(segment)
    return len(words) >= _MIN_WORDS or sum(map(len, words)) >= _MIN_LETTERS
