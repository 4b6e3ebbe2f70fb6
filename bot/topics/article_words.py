"""The words of an article by where they stand, and the terms of queries that are looked for."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from bot.topics.fold import fold, is_unspaced, opening, squeeze
from bot.topics.matching import MAX_CHARS
from bot.topics.stems import Stems

__all__ = ["IN_TEXT", "ArticleWords", "Term"]

# Scores say where a query's best term stands; among queries nothing else is comparable.
_IN_TITLE = 1.0
_IN_LEAD = 0.8
IN_TEXT = 0.6
_LEAD_CHARS = 300

# Words asked for together stand together: chance brings common words into one sentence, and a
# long word is rare enough to say by itself what a text is about.
_LONG_WORD_CHARS = 7
_NEAR_WORDS = 2  # from word to word: one may stand between
_WIDE_WORDS = 40  # from the first to the last: two sentences, or a headline and its lead

# English words and their other number, the first that fits; any other word takes an s.
_NUMBERS = (
    (re.compile(r"(ss|x|ch|sh)es$"), r"\1"),
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(is|us|ss|x|ch|sh)$"), r"\1es"),
    (re.compile(r"(?<=..)s$"), ""),
    (re.compile(r"(?<![aeiou])y$"), "ies"),
)
_ONE_NUMBER = frozenset({"gas", "has", "his", "new", "news", "was"})
# The end of a sentence; "U.S. grain" is none, so one letter before the stop is not enough.
_FULL_STOP = re.compile(r"[.!?…](?<=\w\w.)\W*\s")
_POSSESSIVE = re.compile(r"['’]s\b")


class Term(NamedTuple):
    """One word, phrase or unspaced stretch of a query; ``other`` is a second way to write it.

    ``is_word`` says that it is one word or the beginning of one, in any of its forms. ``forms``
    are a phrase in both numbers of its last word, ``before`` its words before that. Of a prefix,
    ``text`` has no star. ``spelled`` finds a phrase whose capitals count in a text as it was
    written.
    """

    text: str
    forms: tuple[str, ...] = ()
    is_unspaced: bool = False
    is_prefix: bool = False
    spelled: re.Pattern[str] | None = None
    other: "Term | None" = None
    is_word: bool = False
    before: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Term":
        """Return the term of a query's ``text``, folded if it is not."""
        spelled = None
        if any(map(str.isupper, text.split())):
            spelled = _spelled(text)
        is_prefix = text.endswith("*")
        text = " ".join(fold(squeeze(text.casefold())).split())
        if any(map(is_unspaced, text)):
            return cls(text, is_unspaced=True)
        before, _, last = text.rpartition(" ")
        if not before and not spelled:
            return cls(text, is_prefix=is_prefix, is_word=True)
        forms = (text,) if spelled else tuple(f"{before} {form}" for form in _numbers(last))
        # "G 20" is G20, and "e-mail" is email.
        parts = text.split()
        joins = len(parts) == 2 and any(len(part) == 1 or part.isdigit() for part in parts)
        return cls(
            text,
            forms,
            spelled=spelled,
            other=cls("".join(parts), is_word=True) if joins else None,
            before=tuple(parts[:-1]),
        )

    def rarity(self) -> tuple[bool, int]:
        """Return how rare the term must be: longer words are rarer, and no word is shorter."""
        return self.is_unspaced, max(map(len, self.text.split()), default=0)


class ArticleWords:
    """An article's stems by the score of their first place; in a row for phrases."""

    def __init__(self, title: str, text: str, stems: Stems) -> None:
        self._written = opening(title, MAX_CHARS), opening(text, MAX_CHARS)
        head = squeeze(self._written[0].casefold())
        self._line = f"{head}  {squeeze(self._written[1].casefold())}"
        self.folded = fold(self._line)
        self._stems = stems
        self._body_at = len(head) + 2
        words = self.folded
        if not words.isascii():  # "AI" is a word of "国产AI芯片" as well
            words = "".join(" " if is_unspaced(char) else char for char in words)
        lead_end = self._body_at + _LEAD_CHARS
        if words[lead_end : lead_end + 1].strip():  # no word is cut in two
            lead_end = max(words.rfind(" ", 0, lead_end), self._body_at)
        of_title = words[: self._body_at].split()
        of_lead = words[self._body_at : lead_end].split()
        of_rest = words[lead_end:].split()
        self._in_title, self._before_rest = len(of_title), len(of_title) + len(of_lead)
        self._in_row = list(map(stems.__getitem__, of_title + of_lead + of_rest))
        self.places = dict.fromkeys(self._in_row, IN_TEXT)
        self.places.update(
            dict.fromkeys(self._in_row[self._in_title : self._before_rest], _IN_LEAD)
        )
        self.places.update(dict.fromkeys(self._in_row[: self._in_title], _IN_TITLE))

    def place(self, term: Term) -> float:
        """Return the score of the term's best place, 0 if it has none."""
        if term.is_word:
            if term.is_prefix:
                starting = (at for stem, at in self.places.items() if stem.startswith(term.text))
                return max(starting, default=0.0)
            return self.places.get(self._stems[term.text], 0.0)
        if term.is_unspaced:
            return self._place_of_stretch(term.text)
        if term.spelled:
            title, text = (_plain(squeeze(part)) for part in self._written)
            # In capitals throughout, none of a title count.
            in_title = not title.isupper() and term.spelled.search(title)
            match = in_title or term.spelled.search(text)
            found = _IN_TITLE if in_title else _score(match.start()) if match else 0.0
        else:
            found = self._place_of_phrase(term)
        return max(found, self.place(term.other)) if term.other else found

    def together(self, terms: Sequence[Term]) -> float:
        """Return the score of the best place where all ``terms``, words, stand together.

        With one word between each and the next at most; or, if one of them is long, within two
        sentences or in the title and the lead. 0 if they do so nowhere.
        """
        longest = max(len(term.text) for term in terms)
        near, wide = (_WIDE_WORDS, _WIDE_WORDS) if longest >= _LONG_WORD_CHARS else (_NEAR_WORDS, 0)
        at = sorted((at, n) for n, term in enumerate(terms) for at in self._places_of(term))
        last: dict[int, int] = {}
        run_from = 0
        for (place, n), (before, _) in zip(at, [at[0], *at[:-1]] if at else [], strict=True):
            if place - before > near:
                last.clear()
                run_from = place
            last[n] = place
            first = min(last.values())
            if len(last) == len(terms) and (not wide or place - first <= wide):
                number = first if wide else run_from
                if number < self._in_title:
                    return _IN_TITLE
                return _IN_LEAD if number - _NEAR_WORDS < self._before_rest else IN_TEXT
        return 0.0

    @cached_property
    def _rows(self) -> tuple[str, str]:
        """Title and text as words between single spaces, a bar at each full stop."""
        return _row(self._line[: self._body_at]), _row(self._line[self._body_at :])

    @cached_property
    def _at(self) -> dict[str, list[int]]:
        """The places of each stem, numbered; none of the title is near one of the text."""
        found: dict[str, list[int]] = {}
        for n, stem in enumerate(self._in_row):
            found.setdefault(stem, []).append(n if n < self._in_title else n + _NEAR_WORDS)
        return found

    def _places_of(self, term: Term) -> list[int]:
        if not term.is_prefix:
            return self._at.get(self._stems[term.text], [])
        return [n for stem, at in self._at.items() if stem.startswith(term.text) for n in at]

    def _place_of_stretch(self, stretch: str) -> float:
        if " " in stretch:
            return self._place_in_rows(stretch)
        at = self.folded.find(stretch)
        if 0 <= at < self._body_at:
            return _IN_TITLE
        return 0.0 if at < 0 else _score(at - self._body_at)

    def _place_of_phrase(self, term: Term) -> float:
        places, stems = self.places, self._stems
        for word in term.before:  # spares most phrases the search
            if stems[word] not in places:
                return 0.0
        best = 0.0
        for form in term.forms:
            if stems[form.rpartition(" ")[2]] in places:
                best = max(best, self._place_in_rows(f" {form} "))
        return best

    def _place_in_rows(self, stretch: str) -> float:
        head, body = self._rows
        if stretch in head:
            return _IN_TITLE
        at = body.find(stretch)
        return 0.0 if at < 0 else _score(at)


def _score(depth: int) -> float:
    return _IN_LEAD if depth < _LEAD_CHARS else IN_TEXT


def _row(line: str) -> str:
    if "'" in line or "’" in line:
        line = _POSSESSIVE.sub("", line)  # as in queries
    sentences = (" ".join(fold(sentence).split()) for sentence in _FULL_STOP.split(line))
    return f" {' | '.join(sentences)} "


def _plain(text: str) -> str:
    """Return ``text`` without accents, in the letters' own case."""
    return "".join(
        folded.upper() if char.isupper() else folded
        for char, folded in zip(text, fold(text), strict=True)
    )


def _spelled(text: str) -> re.Pattern[str]:
    """Return what finds the words of ``text`` in a row, those in capitals in capitals only."""
    words = (
        " ?".join(word) if word.isupper() else f"(?i:{re.escape(word)})" for word in text.split()
    )
    return re.compile(rf"(?<!\w){' +'.join(words)}(?!\w)")


def _numbers(word: str) -> tuple[str, ...]:
    """Return ``word`` and what its English singular or plural may be, ``word`` first.

    A possessive needs no form: its apostrophe ends the word.
    """
    if len(word) < 3 or word in _ONE_NUMBER or not (word.isascii() and word.isalpha()):
        return (word,)
    for pattern, other in _NUMBERS:
        if pattern.search(word):
            return word, pattern.sub(other, word)
    return word, f"{word}s"
