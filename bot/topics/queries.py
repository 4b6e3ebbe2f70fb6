"""Queries of readers: parsing, and their normal form."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from bot.domain.subscription import Query, SubscriptionKey
from bot.errors import ReaderError
from bot.topics.fold import fold, squeeze

__all__ = [
    "MAX_QUERY_CHARS",
    "MAX_TERMS",
    "is_plain",
    "parse_query",
    "query_key",
    "query_text",
    "split_list",
]

MAX_QUERY_CHARS = 200  # longer is no query but a text pasted by mistake
MAX_TERMS = 12

# Phones and keyboards of the world write a quoted phrase in all of these ways. Single
# quotes are left out: they are apostrophes ("l'eau", "Kim's").
_OPENING = '"“”„‟«»「『《〈＂'
_CLOSING = '"“”„‟«»」』》〉＂'
# A sign may stand by itself before a word, as phones write it ("tesla - musk"), but for dashes,
# which part words then.
_TERM = re.compile(
    rf"([|&])|((?:(?<!\S)[+＋\-−!](?:\s(?=[^\s+＋\-−–—!|&]))?)|(?<!\S)[–—](?=\S))?"
    rf"(?:[{_OPENING}]([^{_CLOSING}]*)[{_CLOSING}]?|([^\s{_OPENING}|&]+))"
)
# "Kim's" asks for Kim: in an article the s would be a word of its own.
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_MUST = "+＋"
# Words that join two others: such a one is no word to look for, but at the beginning or the end.
_AND = "and und et y e i и й та і و และ og och en ve ile și si 和 と और &"
_OR = "or oder ou или або lub nebo eller veya أو یا या 或"
_JOINS = {**dict.fromkeys(_AND.split(), "and"), **dict.fromkeys(_OR.split(), "or")}
_NOT_PLAIN = re.compile(
    rf"(?<!\S)[+＋\-−!](?=\s?\S)|(?<!\S)[–—](?=\S)|[|*{_OPENING}{_CLOSING}]"
    r"|(?<!\S)(?:AND|OR|NOT)(?!\S)"
)
_WILD = re.compile(r"\w{3,}\*")
_MAX_ABBREVIATION = 5  # letters: what is longer in capitals is shouted


class _QueryPiece(NamedTuple):
    """A term with its sign, or an operator (one of "and", "or", with no words)."""

    sign: str
    words: str
    operator: str = ""


def parse_query(text: str) -> Query:
    """Return the query that ``text`` spells: words, “quoted phrases”, +must and -never.

    AND (&, or "and" between two words, in many languages) makes a must of both its words; OR (|)
    makes another query, and what is excluded holds for all of them; NOT, - and ! exclude. Words
    are folded (small letters, no accents), but for abbreviations in capitals within quotes;
    a star at the end of three letters or more stays. Doubles are dropped, and a word that is also a
    must stands there only; each kind is in the order typed. A word with punctuation inside is a
    phrase, but the 's of a possessive is dropped. Raises ReaderError if nothing remains to look
    for, if a word is both wanted and excluded, or for more than MAX_QUERY_CHARS characters, as
    typed (white space folded) or in the normal form of ``query_text``, or MAX_TERMS terms.
    """
    line = squeeze(text)
    if len(line) > MAX_QUERY_CHARS:
        raise ReaderError("query-too-long", n=MAX_QUERY_CHARS)
    pieces = _joined(_pieces(line))
    never = tuple(dict.fromkeys(words for sign, words, _ in pieces if sign == "-"))
    asked = [_query(side, never) for side in _alternatives(pieces)]
    first, *others = list(dict.fromkeys(asked)) or [Query(terms=(), never=never)]
    if sum(len(side.terms + side.must) for side in asked) + len(never) > MAX_TERMS:
        raise ReaderError("query-of-too-many-words", n=MAX_TERMS)
    if not asked:
        raise ReaderError("query-only-excludes" if never else "query-empty")
    wanted = {word for side in asked for word in (*side.terms, *side.must)}
    if contradiction := wanted & {*never}:
        raise ReaderError("query-contradicts-itself", word=min(contradiction))
    query = replace(first, others=tuple(others))
    if len(query_text(query)) > MAX_QUERY_CHARS:  # it could not be read back
        raise ReaderError("query-too-long", n=MAX_QUERY_CHARS)
    return query


def query_text(query: Query) -> str:
    """Return ``query`` as a reader would type it, always in the same order: its normal form.

    Of side that ``parse_query`` returned, that function makes an equal side again, but for the
    order.
    """
    asked = sorted(
        _spelled((("", side.terms), ("+", side.must))) for side in (query, *query.others)
    )
    never = _spelled((("-", query.never),))
    return " ".join(filter(None, (" | ".join(asked), never)))


def query_key(query: Query) -> SubscriptionKey:
    """Return the key of ``query``: equal for queries that differ in order or case only.

    For one that ``parse_query`` returned; the words of another are not folded here.
    """
    return SubscriptionKey.of_query(query_text(query))


def is_plain(text: str) -> bool:
    """Return whether ``text`` has no sign, operator, star or quotation mark of a query.

    Words such as "and" are none: they may belong to a name.
    """
    return not _NOT_PLAIN.search(text)


def split_list(text: str) -> list[str]:
    """Return the parts of ``text`` that "and", "or" (in many languages), &, | or / set apart.

    AND in capitals sets nothing apart: both of its sides are to occur in one article.
    """
    parts: list[list[str]] = [[]]
    for word in re.sub(r"([&/|])", r" \1 ", text).split():
        is_joint = word in "&/|" or word == "OR" or (word in _JOINS and word != "AND")
        if is_joint:
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _spelled(signed: Iterable[tuple[str, Iterable[str]]]) -> str:
    spelled = []
    for sign, terms in signed:
        for term in sorted(terms):
            needs_quotes = " " in term or term != term.casefold() or term in _JOINS
            spelled.append(sign + (f'"{term}"' if needs_quotes else term))
    return " ".join(spelled)


def _pieces(line: str) -> list[_QueryPiece]:
    """Return the terms and operators of ``line`` in the order typed, folded."""
    found: list[_QueryPiece] = []
    negated = False
    for match in _TERM.finditer(_POSSESSIVE.sub("", line)):
        operator, sign, quoted, word = match.groups()
        if operator or (word and not sign and word in {"AND", "OR"}):
            found.append(_QueryPiece("", "", "or" if operator == "|" or word == "OR" else "and"))
        elif word == "NOT" and not sign:
            negated = True
        else:
            words = _folded(word) if word else _folded_phrase(quoted)
            sign = "+" if sign and sign[0] in _MUST else "-" if sign or negated else ""
            joins = _JOINS.get(word.casefold(), "") if word else ""
            if words:
                found.append(_QueryPiece(sign, words, "" if sign else joins))
                negated = False
    return found


def _joined(pieces: list[_QueryPiece]) -> list[_QueryPiece]:
    """Return ``pieces`` with each operator between two terms only, and each term once."""
    kept: list[_QueryPiece] = []
    for n, piece in enumerate(pieces):
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        is_between = (
            bool(kept)
            and not kept[-1].operator
            and kept[-1].sign != "-"
            and after is not None
            and after.sign != "-"
            and (not after.operator or bool(after.words))
        )
        if piece.operator and is_between:
            kept.append(_QueryPiece("", "", piece.operator))
        elif piece.words:
            kept.append(piece._replace(operator=""))
    return kept


def _alternatives(pieces: list[_QueryPiece]) -> list[list[_QueryPiece]]:
    """Return what stands between the ORs, without what is excluded; both sides of an AND musts."""
    sides: list[list[_QueryPiece]] = [[]]
    is_must = False
    for piece in pieces:
        if piece.operator == "or":
            sides.append([])
        elif piece.operator == "and":
            is_must = True
            sides[-1][-1] = sides[-1][-1]._replace(sign="+")
            continue
        elif piece.sign != "-":
            sides[-1].append(piece._replace(sign="+") if is_must else piece)
        is_must = False
    return [side for side in sides if side]


def _folded(word: str) -> str:
    # Twice, as folding may leave letters that compose anew: of "ｶﾞ", of Korean ones by
    # themselves.
    folded = squeeze(fold(squeeze(fold(squeeze(word.casefold())))))
    return f"{folded}*" if folded and " " not in folded and _WILD.fullmatch(word) else folded


def _folded_phrase(quoted: str) -> str:
    """Return a phrase folded, its abbreviations in capitals unless all of it is shouted."""
    words = _folded(quoted).split()
    written = re.findall(r"\w+", quoted)
    capital = [word.isupper() and word.isascii() and word.isalpha() for word in written]
    is_shouted = all(capital) and len(written) > 2
    if is_shouted or len(words) != len(written):
        return " ".join(words)
    return " ".join(
        word.upper() if is_upper and 1 < len(word) <= _MAX_ABBREVIATION else word
        for word, is_upper in zip(words, capital, strict=True)
    )


def _query(pieces: list[_QueryPiece], never: tuple[str, ...]) -> Query:
    must = dict.fromkeys(words for sign, words, _ in pieces if sign)
    plain = dict.fromkeys(words for sign, words, _ in pieces if not sign and words not in must)
    if len(must) == 1 and not plain and pieces[0].sign and len(pieces) > 1:
        must, plain = {}, must  # "C++ & C#"
    return Query(terms=tuple(plain), must=tuple(must), never=never)
