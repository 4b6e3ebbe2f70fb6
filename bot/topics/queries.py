"""Queries of readers: parsing, and their normal form."""

import re
from typing import NamedTuple

from bot.domain.subscription import Query, SubscriptionKey
from bot.errors import ReaderError
from bot.topics.fold import fold, squeeze

__all__ = ["MAX_QUERY_CHARS", "MAX_TERMS", "parse_query", "query_key", "query_text"]

MAX_QUERY_CHARS = 200  # longer is no query but a text pasted by mistake
MAX_TERMS = 12

# Phones and keyboards of the world write a quoted phrase in all of these ways. Single
# quotes are left out: they are apostrophes ("l'eau", "Kim's").
_OPENING = '"“”„‟«»「『《〈＂'
_CLOSING = '"“”„‟«»」』》〉＂'
_TERM = re.compile(
    rf"([+＋\-−–—]?)(?:[{_OPENING}]([^{_CLOSING}]*)[{_CLOSING}]?|([^\s{_OPENING}]+))"
)
# "Kim's" asks for Kim: in an article the s would be a word of its own.
_POSSESSIVE = re.compile(r"['’]s\b")
_MUST = "+＋"


class _ParsedTerm(NamedTuple):
    sign: str
    words: str


def parse_query(text: str) -> Query:
    """Return the query that ``text`` spells: words, “quoted phrases”, +must and -never.

    Words are folded (small letters, no accents), doubles are dropped, and a word that is also a
    must stands there only; each kind is in the order typed. A word with punctuation inside is a
    phrase, but the 's of a possessive is dropped. Raises ReaderError if nothing remains to look
    for, if a word is both wanted and excluded, or for more than MAX_QUERY_CHARS characters, as
    typed (white space folded) or in the normal form of ``query_text``, or MAX_TERMS terms.
    """
    line = squeeze(text)
    if len(line) > MAX_QUERY_CHARS:
        raise ReaderError("query-too-long", n=MAX_QUERY_CHARS)
    terms = list(_terms(line))
    query = _query(terms)
    if len(query.terms + query.must + query.never) > MAX_TERMS:
        raise ReaderError("query-of-too-many-words", n=MAX_TERMS)
    if not (query.terms or query.must):
        raise ReaderError("query-only-excludes" if query.never else "query-empty")
    if contradiction := set(query.never) & {*query.terms, *query.must}:
        raise ReaderError("query-contradicts-itself", word=min(contradiction))
    if len(query_text(query)) > MAX_QUERY_CHARS:  # it could not be read back
        raise ReaderError("query-too-long", n=MAX_QUERY_CHARS)
    return query


def query_text(query: Query) -> str:
    """Return ``query`` as a reader would type it, always in the same order: its normal form.

    Of one that ``parse_query`` returned, that function makes an equal one again, but for the
    order.
    """
    return " ".join(
        sign + (f'"{term}"' if " " in term else term)
        for sign, terms in (("", query.terms), ("+", query.must), ("-", query.never))
        for term in sorted(terms)
    )


def query_key(query: Query) -> SubscriptionKey:
    """Return the key of ``query``: equal for queries that differ in order or case only.

    For one that ``parse_query`` returned; the words of another are not folded here.
    """
    return SubscriptionKey.of_query(query_text(query))


def _terms(line: str) -> list[_ParsedTerm]:
    """Return the signed terms of ``line`` in the order typed, folded, without doubles."""
    line = _POSSESSIVE.sub("", squeeze(line.casefold()))
    found = (
        # Twice, as folding may leave letters that compose anew: of "ｶﾞ", of Korean ones by
        # themselves.
        _ParsedTerm(match[1], squeeze(fold(squeeze(fold(match[2] or match[3] or "")))))
        for match in _TERM.finditer(line)
    )
    return list(dict.fromkeys(term for term in found if term.words))


def _query(terms: list[_ParsedTerm]) -> Query:
    must = tuple(words for sign, words in terms if sign and sign in _MUST)
    never = tuple(words for sign, words in terms if sign and sign not in _MUST)
    plain = tuple(words for sign, words in terms if not sign and words not in must)
    return Query(terms=plain, must=must, never=never)
