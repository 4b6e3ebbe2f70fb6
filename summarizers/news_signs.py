"""What makes a sentence worth its line: a name, a figure, a date, an office, who says so."""

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache, partial
from itertools import pairwise

from summarizers.opening_words import (
    OpeningPhrases,
    is_capital,
    opening_tokens,
    reporting_words,
    word_list,
)
from summarizers.terms import find_words

__all__ = ["NewsSigns", "SeenSentence", "news_signs", "roots_of"]

# Words of one root begin with so many letters, or syllables: "closes" and "closed".
_ROOT_CHARS = 4
_ROOT_SYLLABLES = 2
# So many roots of the title are a sign; one alone may be of its subject only.
_MUCH = 2
# A sentence with so large a share of its roots in the title says it again.
_AGAIN_SHARE = 0.5
# Sentences of which what was seen is remembered: several rules ask about an opening in turn.
_REMEMBERED = 200
_QUOTES = re.compile('["“„«「『]')


@lru_cache(maxsize=64)
def news_signs(language: str) -> "NewsSigns":
    """Return the signs of a normal language code; those of 64 languages are cached.

    The first call in a process reads a data file.
    """
    return NewsSigns(language)


def roots_of(language: str, terms: Iterable[str]) -> frozenset[str]:
    """Return the beginnings that words of one root have in common."""
    chars = _ROOT_SYLLABLES if language == "ko" else _ROOT_CHARS
    return frozenset([term[:chars] for term in terms])


class SeenSentence:
    """What is seen of a sentence: its ``words``, and the signs of news that they are.

    ``kinds`` says whether a date, an office or body, and a verb of reporting are there; ``names``
    stand behind the first word. A sentence that ``is_scene`` opens as background, scenes and
    teasers do. ``has_capitals``: its script has any.
    """

    __slots__ = ("has_capitals", "is_scene", "kinds", "names", "words")

    def __init__(self, text: str, signs: "NewsSigns") -> None:
        lower = text.lower()
        self.words = find_words(text)
        self.has_capitals = lower != text.upper()
        self.names = signs.names(self.words[1:]) if self.has_capitals else []
        self.is_scene = signs.opens_as_scene(text)
        self.kinds = signs.kinds_in(text, set(map(str.lower, self.words)))


class NewsSigns:
    """The signs of news, and of what is none, in one language; only figures without data."""

    def __init__(self, language: str) -> None:
        words, reporting = partial(word_list, language), reporting_words(language)
        self._language = language
        self.is_known, self.is_unspaced = reporting.is_known, reporting.is_unspaced
        # "At the end of the cape" names no day.
        dates = reporting.dates - (words("spans") - words("units"))
        self._kinds = (dates, words("bodies"), words("reporting"))
        self._seen: dict[str, SeenSentence] = {}
        self._scenes = words("background", "empty")
        self._starts = tuple(self._scenes)
        self._phrases = OpeningPhrases(self._scenes)
        self._nouns_are_capitals = language == "de"

    def look(self, text: str) -> SeenSentence:
        """Return what is seen of a sentence; remembered for the last 200."""
        seen = self._seen.get(text)
        if seen is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            seen = self._seen[text] = SeenSentence(text, self)
        return seen

    def count(self, text: str) -> int:
        """Return how many of a date, an office or body, and a verb of reporting are there."""
        return sum(self.look(text).kinds)

    def kinds_in(self, text: str, lower: Set[str]) -> tuple[bool, bool, bool]:
        """Return whether a date, an office or body, and a verb of reporting are there.

        ``lower`` are the words of ``text`` in small letters.
        """
        dates, bodies, reporting = self._kinds
        if self.is_unspaced:
            return (
                any(map(text.__contains__, dates)),
                any(map(text.__contains__, bodies)),
                any(map(text.__contains__, reporting)),
            )
        return (
            not dates.isdisjoint(lower),
            not bodies.isdisjoint(lower),
            not reporting.isdisjoint(lower),
        )

    def is_scene(self, text: str) -> bool:
        """Return whether a sentence opens as background, scenes and teasers do."""
        return self.look(text).is_scene

    def opens_as_scene(self, text: str) -> bool:
        """Return what ``is_scene`` does, without remembering it."""
        if self.is_unspaced:
            return bool(self._starts) and text.startswith(self._starts)
        return self._phrases.match(opening_tokens(text), 0) > 0

    def is_weak(self, text: str, terms: Iterable[str], title: frozenset[str]) -> bool:
        """Return whether a sentence has nothing that a reader would miss.

        Neither a figure, a name, a quotation, a date, an office nor a verb of reporting, and at
        most one root of the ``title`` (as ``roots_of`` gives them); or it opens as background and
        teasers do. Else False where the language has no data or its script no capitals. Linear.
        """
        if not self.is_known:
            return False
        seen = self.look(text)
        if seen.is_scene:
            return True
        if seen.names or not seen.has_capitals:  # no script without any would tell names
            return False
        if any(map(str.isdigit, text)) or _QUOTES.search(text):
            return False
        shared = len(title & roots_of(self._language, terms))
        return shared < _MUCH and not any(seen.kinds)

    def says_again(self, text: str, terms: Iterable[str], title: frozenset[str]) -> bool:
        """Return whether a sentence says the ``title`` again, and adds no figure, day or name.

        ``title`` are its roots (``roots_of``), of which half of the sentence's are. Of 32 openings
        of this kind readers found 2 fit. Linear.
        """
        roots = roots_of(self._language, terms)
        if len(roots & title) < _AGAIN_SHARE * max(len(roots), 1):
            return False
        seen = self.look(text)
        if seen.kinds[0] or any(map(str.isdigit, text)):
            return False
        if not seen.has_capitals:
            return True
        return roots_of(self._language, self.marks(text, terms)) <= title

    def marks(self, text: str, terms: Iterable[str]) -> frozenset[str]:
        """Return the terms of a sentence that are figures or, behind its first word, names.

        In scripts without capitals all terms may be names. Linear.
        """
        seen = self.look(text)
        if not seen.has_capitals:
            return frozenset(terms)
        marks = {word.lower() for word in seen.words[1:] if word[0].isdigit()}
        marks.update(map(str.lower, seen.names))
        beginnings = {mark[:size] for mark in marks for size in range(1, len(mark) + 1)}
        return frozenset(beginnings.intersection(terms))

    def names(self, words: Sequence[str]) -> list[str]:
        """Return the names among ``words``, which stand behind the first one of a sentence.

        In scripts without capitals there are none.
        """
        if not self._nouns_are_capitals:
            return [word for word in words if is_capital(word)]
        names = [word for word in words if len(word) > 1 and word[:2].isupper()]
        for one, other in pairwise(words):  # two running make a name
            if is_capital(one) and is_capital(other):
                names += one, other
        return names
