"""Which articles of two languages tell one event: by what they name and count.

Words of two languages have nothing in common, but names, figures and places do. Two quakes of one
day are told in the same figures as easily as in the same words: so it takes several of them, and
countries that differ speak against it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from bot.domain.article import Article
from bot.group.common_words import common_words
from bot.group.facts import Facts, names_country
from bot.group.terms import content_terms
from bot.topics.fold import fold, squeeze
from bot.topics.quantities import quantities

__all__ = ["Twins"]

# Where an event is told; the rest of a text is background.
_LEAD_CHARS = 400
# A word, or what parts two names.
_PIECE = re.compile(r"[^\W\d_][\w-]*|[^\w\s]")
# Names take endings, and a letter more or less from language to language.
_STEM_CHARS = 5
_CYRILLIC = dict(zip("абвгдезийклмнопрстуфхыэіїєґё", "abvgdezijklmnoprstufhyeiiege", strict=True))
_DIGRAPHS = {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"}
_ROMAN = str.maketrans(_CYRILLIC | _DIGRAPHS | {"ъ": "", "ь": ""})
# The newest articles that a name or figure leads to, of all languages.
_MAX_POSTINGS = 40
# What more articles of a language have, or had, is no sign of one event.
_FEW = 4
# Bounds the memory of what was met; what was met once is dropped then.
_MAX_MET = 100_000
_DAYS = 1.5
# A whole figure of less, or a round one, is in many texts; one of two digits says half as much.
_MIN_FIGURE = 13
_TWO_DIGITS = range(100)
_MANY = 1000
# Pieces of evidence that make one event, a country of few articles being half a piece.
_ENOUGH = 1.5
# Without a figure that both have it takes so much more: people and places have many stories.
_NO_FIGURE = 0.5


@dataclass(frozen=True, slots=True)
class _Signs:
    """What an article names and counts, whatever its language."""

    language: str
    day: float
    countries: frozenset[str]
    rare_countries: frozenset[str]
    names: frozenset[str]
    side_by_side: frozenset[tuple[str, str]]
    figures: frozenset[float]

    def all(self) -> Iterator[str | float]:
        yield from self.names
        yield from self.figures


class Twins:
    """Articles by the names and figures that do not depend on their language.

    Keys are the caller's. Nothing is read from articles while all are of one language. Not safe
    to use from two threads at once; can be pickled.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Article, Facts, float]] = {}
        self._languages: Counter[str] = Counter()
        self._signs: dict[int, _Signs] = {}
        self._postings: dict[str | float, dict[int, None]] = {}
        # How many articles of each language had a sign, those that are forgotten too.
        self._met: dict[str | float, Counter[str]] = {}

    def add(self, key: int, article: Article, facts: Facts, day: float) -> list[int]:
        """Enter an article; return those of other languages that tell the same event.

        ``key`` must be new, which is not checked. ``day`` counts days since 1970. Only reports of a
        known language have twins. Linear in 400 characters, times 40.
        """
        if not (facts.title and facts.is_report and article.language):
            return []
        self._languages[article.language] += 1
        self._waiting[key] = (article, facts, day)
        if len(self._languages) < 2:
            return []
        found: list[int] = []
        for waiting, (told, named, at) in self._waiting.items():
            found = self._enter(waiting, _signs(told, named, at))
        self._waiting.clear()
        return found

    def remove(self, key: int) -> None:
        """Forget an article; nothing happens for one that is not there."""
        waiting = self._waiting.pop(key, None)
        signs = self._signs.pop(key, None)
        language = waiting[0].language if waiting else signs.language if signs else ""
        if language:
            self._languages -= Counter({language: 1})
        if signs is None:
            return
        for sign in signs.all():
            posting = self._postings.get(sign, {})
            posting.pop(key, None)
            if not posting:
                self._postings.pop(sign, None)

    def _enter(self, key: int, signs: _Signs) -> list[int]:
        shared: dict[int, list[str | float]] = {}
        for sign in signs.all():
            met = self._met.setdefault(sign, Counter())
            posting = self._postings.setdefault(sign, {})
            for other in posting if met[signs.language] < _FEW else ():
                language = self._signs[other].language
                if language != signs.language and met[language] <= _FEW:
                    shared.setdefault(other, []).append(sign)
            met[signs.language] += 1
            posting[key] = None
            if len(posting) > _MAX_POSTINGS:
                del posting[next(iter(posting))]
        if len(self._met) > _MAX_MET:
            self._met = {sign: met for sign, met in self._met.items() if met.total() > 1}
        self._signs[key] = signs
        return [other for other, both in shared.items() if _is_one(signs, self._signs[other], both)]


def _is_one(a: _Signs, b: _Signs, shared: Sequence[str | float]) -> bool:
    """Return whether so much that is shared, and no conflict, says that one event is meant."""
    if abs(a.day - b.day) > _DAYS:
        return False
    if a.countries and b.countries and a.countries.isdisjoint(b.countries):
        return False
    figures = sum(0.5 if sign in _TWO_DIGITS else 1.0 for sign in shared if _is_figure(sign))
    names = {sign for sign in shared if not _is_figure(sign)}
    # Words side by side are one name.
    parts = sum(names.issuperset(pair) for pair in a.side_by_side | b.side_by_side)
    rare = a.rare_countries & b.rare_countries
    pieces = min(max(len(names) - parts, bool(names)), 2) + figures + 0.5 * min(len(rare), 2)
    return pieces >= _ENOUGH + (0.0 if figures else _NO_FIGURE)


def _is_figure(sign: str | float) -> TypeGuard[float]:
    return isinstance(sign, float)


def _signs(article: Article, facts: Facts, day: float) -> _Signs:
    language = article.language
    text = squeeze(f"{article.title}. {article.text[:_LEAD_CHARS]}")
    figures = (round(quantity.value, 3) for quantity in quantities(text, language))
    names, side_by_side = _names(text, language)
    return _Signs(
        language=language,
        day=day,
        countries=facts.all_countries,
        rare_countries=facts.rare_countries,
        names=names,
        side_by_side=side_by_side,
        figures=frozenset(
            figure
            for figure in figures
            if not figure.is_integer()
            or figure >= _MANY
            or (figure >= _MIN_FIGURE and figure % 10 > 0)
        ),
    )


def _names(text: str, language: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the names of a text and those side by side, as Latin letters, folded and cut.

    They are its capital words. No common words, which open sentences, and no countries, which are
    known by themselves.
    """
    found: dict[str, str] = {}
    pairs = set()
    before = ""
    for piece in _PIECE.findall(text):
        name = ""
        if piece[0].isupper():
            if piece not in found:
                is_name = _is_name(piece, language)
                roman = fold(piece.casefold()).translate(_ROMAN) if is_name else ""
                found[piece] = roman[:_STEM_CHARS] if roman.isascii() and len(roman) > 2 else ""
            name = found[piece]
        if before and name:
            pairs.add((before, name))
        before = name
    return frozenset(filter(None, found.values())), frozenset(pairs)


@lru_cache(maxsize=20_000)
def _is_name(word: str, language: str) -> bool:
    terms = set(content_terms(word, language))
    return (
        bool(terms)
        and terms.isdisjoint(common_words(language))
        and not names_country(word, language)
    )
