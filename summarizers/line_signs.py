"""What is seen of a line that a strict reader would judge: numbers for a model to weigh."""

import math
from collections.abc import Sequence
from functools import lru_cache

from summarizers.news_signs import news_signs, roots_of
from summarizers.opening_words import QUOTED, QUOTES, opening_words, word_list
from summarizers.terms import find_words

__all__ = ["LINE_SIGNS", "line_signs", "speaks_to_reader"]

# A sentence of so many words is of usual length; long and short ones are seen as such.
_USUAL_WORDS = 20
_LONG_WORDS = 40
_SHORT_WORDS = 9
# Counts say no more above these.
_MANY = 4
_MANY_PRONOUNS = 3
_LATE = 15
_MARKS_OF_COMMAS = ",،、，"
_DASHES = ("–", "—", " - ")

LINE_SIGNS = (
    "figure",
    "figures",
    "names",
    "date",
    "body",
    "reporting",
    "scene",
    "weak",
    "length",
    "long",
    "short",
    "person",
    "question",
    "exclamation",
    "colon",
    "dash",
    "quotation",
    "opens with a quotation",
    "pronouns",
    "commas",
    "also",
    "of the title",
    "share of the title",
    "share in the title",
    "told",
    "share told",
    "gap",
    "first",
    "second",
    "third",
    "place",
    "unknown language",
)


def line_signs(
    text: str,
    terms: Sequence[str],
    *,
    language: str,
    title: frozenset[str],
    told: frozenset[str] = frozenset(),
    place: int = 0,
    follows: bool = False,
    words: int = _USUAL_WORDS,
) -> list[float]:
    """Return what is seen of a line, by ``LINE_SIGNS``: numbers between -2 and 2.

    ``terms`` are those of its ``text``, ``title`` and ``told`` the roots (``roots_of``) of the
    title it stands below and of what is told above it, ``place`` that in its article. It
    ``follows`` if the line above is the sentence before it. ``words`` is its length. Linear.
    """
    seen = _words_of(language)
    sentence = seen.signs.look(text)
    roots = roots_of(language, terms)
    of_title, of_told = len(roots & title), len(roots & told)
    person, pronouns, also = seen.look(text, sentence.words)
    # Most words are told by one look: letters are no digits.
    figures = sum([any(map(str.isdigit, word)) for word in sentence.words if not word.isalpha()])
    names = len(sentence.names) if sentence.has_capitals else 1
    commas = sum(text.count(mark) for mark in _MARKS_OF_COMMAS)
    return [
        float(figures > 0),
        min(figures, _MANY) / _MANY,
        min(names, _MANY) / _MANY,
        *map(float, sentence.kinds),
        float(sentence.is_scene),
        float(seen.signs.is_weak(text, terms, title)),
        math.log(min(max(words, 3), 100) / _USUAL_WORDS),
        float(words > _LONG_WORDS),
        float(words < _SHORT_WORDS),
        float(person),
        float("?" in text),
        float("!" in text),
        float(":" in text),
        float(any(dash in text for dash in _DASHES)),
        float(any(map(text.__contains__, QUOTES))),
        float(text[:1] in QUOTES),
        min(pronouns, _MANY_PRONOUNS) / _MANY_PRONOUNS,
        min(commas, _MANY) / _MANY,
        float(also),
        min(of_title, _MANY) / _MANY,
        of_title / max(len(title), 1),
        of_title / max(len(roots), 1),
        min(of_told, _MANY) / _MANY,
        of_told / max(len(roots), 1),
        float(not follows and (place > 0 or bool(told))),
        float(place == 0),
        float(place == 1),
        float(place == 2),
        min(place, _LATE) / _LATE,
        float(not seen.signs.is_known),
    ]


def speaks_to_reader(text: str, language: str) -> bool:
    """Return whether a text speaks of I, we or you outside of a quotation. Linear."""
    return _words_of(language).look(text, find_words(text))[0]


@lru_cache(maxsize=64)
def _words_of(language: str) -> "_SoughtWords":
    return _SoughtWords(language)


class _SoughtWords:
    """The words of one language that are looked for in a line."""

    def __init__(self, language: str) -> None:
        self.signs = news_signs(language)
        listed = opening_words(language)
        self._persons = word_list(language, "firsts", "seconds")
        self._pronouns, self._also = listed.pointing_alone, listed.also_words

    def look(self, text: str, words: Sequence[str]) -> tuple[bool, int, bool]:
        """Return whether a line speaks of I, we or you, its pronouns, and whether it adds."""
        # Without a quotation its words are all of it.
        is_quoting = any(map(text.__contains__, QUOTES))
        unquoted = QUOTED.sub(" ", text) if is_quoting else text
        if self.signs.is_unspaced:
            return any(map(unquoted.__contains__, self._persons)), 0, False
        lower = list(map(str.lower, words))
        own = map(str.lower, find_words(unquoted)) if is_quoting else lower
        person = not self._persons.isdisjoint(own)
        pronouns = sum(map(self._pronouns.__contains__, lower[1:]))
        return person, pronouns, not self._also.isdisjoint(lower)
