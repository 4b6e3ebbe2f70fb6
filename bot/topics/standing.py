"""Many readers' queries against one article at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from bot.domain.subscription import Query
from bot.domain.topic import Match
from bot.topics.fold import fold, is_unspaced, opening, squeeze
from bot.topics.matching import MAX_CHARS

__all__ = ["QueryMatcher"]

# Scores say where a query's best term stands; among queries nothing else is comparable.
_IN_TITLE = 1.0
_IN_LEAD = 0.8
_IN_TEXT = 0.6
# A word asked for by itself that stands below the lead only: too little to tell a story for.
_ALONE_IN_TEXT = 0.5
_LEAD_CHARS = 300

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
_FULL_STOP = re.compile(r"(?<=\w\w)[.!?…]\W*\s|  ")


class QueryMatcher:
    """Standing queries, each filed under the one word that fewest articles will hold.

    A word matches whole words, an English plural or possessive included: "reactor" finds
    "reactors" and "reactor's", and "reactors" finds "reactor"; a phrase matches the same
    words in a row, its last word likewise in both numbers; Chinese, Japanese, Korean and
    Thai match anywhere, as they have no spaces to go by. Accents and case make no difference.
    """

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._by_key: dict[str, _Standing] = {}
        self._by_word: dict[str, list[_Standing]] = {}
        self._by_stretch: dict[str, list[_Standing]] = {}
        # The words of _by_stretch and what finds them, made when first asked for.
        self._stretches: tuple[list[str], AhoCorasick] | None = None
        for key, query in queries.items():
            self.add(key, query)

    def add(self, key: str, query: Query) -> None:
        """File a query under ``key``, in place of the one that was there.

        One that asks for nothing, or for punctuation, is dropped, since no article has it; the
        one that was there goes all the same.
        """
        self.discard(key)
        if not (query.terms or query.must):
            return
        standing = _Standing.of(key, query)
        if not all(term.text for term in (*standing.asked, standing.anchor)):
            return
        self._by_key[key] = standing
        files, words = self._files_of(standing)
        for word in words:
            files.setdefault(word, []).append(standing)

    def discard(self, key: str) -> None:
        """Take the query of ``key`` out, if there is one."""
        standing = self._by_key.pop(key, None)
        if standing is None:
            return
        files, words = self._files_of(standing)
        for word in words:
            files[word].remove(standing)
            if not files[word]:
                del files[word]

    def _files_of(self, standing: "_Standing") -> tuple[dict[str, list["_Standing"]], set[str]]:
        """Return where a query belongs: the files to change, and its words in them."""
        anchor = standing.anchor
        if anchor.is_unspaced:
            self._stretches = None
            return self._by_stretch, {max(anchor.text.split(), key=len)}
        # The longest word of a phrase occurs wherever the phrase does, the last one in some form.
        *before, _ = anchor.text.split()
        longest = max(before, key=len, default="")
        last_forms = [form.rpartition(" ")[2] for form in anchor.forms]
        return self._by_word, {longest} if len(longest) > len(last_forms[0]) else {*last_forms}

    def match(self, title: str, text: str, language: str = "") -> dict[str, Match]:  # noqa: ARG002 - called as Topics.match is
        """Return the queries that the article fulfils, by key; the best first, equals by key.

        6,000 characters of title and text each are read. A score is 1, 0.8 or 0.6: the best
        term stands in the title, the lead (some 300 characters), or below, where the only word of
        a query has 0.5. Hits are all the query's
        terms. ``language`` makes no difference: a query's words are looked for as they are. Cost
        grows with the text and with the queries that have their rarest word in it, not with all
        queries; after a change of one in a script without spaces, with all of those, once.
        """
        if not self._by_key:
            return {}
        page = _ArticleWords(title, text)
        scores: dict[_Standing, float] = {}
        for standing, place in self._candidates(page):
            score = standing.score(page, place)
            if score > scores.get(standing, 0.0):  # a word may occur in both its numbers
                scores[standing] = score
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0].key))
        return {standing.key: Match(score, standing.hits) for standing, score in ranked}

    def _candidates(self, page: "_ArticleWords") -> Iterator[tuple["_Standing", float]]:
        """Yield the queries whose anchor occurs, and the score of its place."""
        for word in self._by_word.keys() & page.places.keys():
            place = page.places[word]
            for standing in self._by_word[word]:
                yield standing, place
        if self._by_stretch and not page.folded.isascii():
            if self._stretches is None:
                words = list(self._by_stretch)
                self._stretches = words, AhoCorasick(words)
            words, automaton = self._stretches
            hits = automaton.find_matches_as_indexes(page.folded, overlapping=True)
            for number in {hit[0] for hit in hits}:
                for standing in self._by_stretch[words[number]]:
                    yield standing, 0.0


class _ArticleWords:
    """An article's words by the score of their first place; in a row for phrases."""

    def __init__(self, title: str, text: str) -> None:
        head = squeeze(opening(title, MAX_CHARS).casefold())
        self._line = f"{head}  {squeeze(opening(text, MAX_CHARS).casefold())}"
        self.folded = fold(self._line)
        self._body_at = len(head) + 2
        lead_end = self._body_at + _LEAD_CHARS
        if self.folded[lead_end : lead_end + 1].strip():  # no word is cut in two
            lead_end = max(self.folded.rfind(" ", 0, lead_end), self._body_at)
        self.places = dict.fromkeys(self.folded.split(), _IN_TEXT)
        self.places.update(dict.fromkeys(self.folded[self._body_at : lead_end].split(), _IN_LEAD))
        self.places.update(dict.fromkeys(self.folded[: self._body_at].split(), _IN_TITLE))

    @cached_property
    def _rows(self) -> tuple[str, str]:
        """Title and text as words between single spaces, a bar at each full stop."""
        return _row(self._line[: self._body_at]), _row(self._line[self._body_at :])

    def place(self, term: "_NumberedTerm") -> float:
        """Return the score of the term's best place, 0 if it has none."""
        if term.is_unspaced and " " in term.text:
            return self._place_in_rows(term.text)
        if term.is_phrase:
            return max(map(self._place_of_phrase, term.forms))
        if not term.is_unspaced:
            return max([self.places.get(form, 0.0) for form in term.forms])
        at = self.folded.find(term.text)
        if 0 <= at < self._body_at:
            return _IN_TITLE
        return 0.0 if at < 0 else self._score(at - self._body_at)

    def _place_of_phrase(self, phrase: str) -> float:
        if not self.places.keys() >= set(phrase.split()):  # spares most phrases the search
            return 0.0
        return self._place_in_rows(f" {phrase} ")

    def _place_in_rows(self, stretch: str) -> float:
        head, body = self._rows
        if stretch in head:
            return _IN_TITLE
        at = body.find(stretch)
        return 0.0 if at < 0 else self._score(at)

    @staticmethod
    def _score(depth: int) -> float:
        return _IN_LEAD if depth < _LEAD_CHARS else _IN_TEXT


class _NumberedTerm(NamedTuple):
    """One word, phrase or unspaced stretch of a query, in both numbers of its last word."""

    text: str
    forms: tuple[str, ...]
    is_phrase: bool
    is_unspaced: bool

    @classmethod
    def of(cls, text: str) -> "_NumberedTerm":
        """Return the term of a query's ``text``, folded if it is not."""
        text = " ".join(fold(squeeze(text.casefold())).split())
        if any(map(is_unspaced, text)):
            return cls(text, (text,), is_phrase=False, is_unspaced=True)
        before, _, last = text.rpartition(" ")
        forms = tuple(f"{before} {form}".lstrip() for form in _numbers(last))
        return cls(text, forms, is_phrase=bool(before), is_unspaced=False)

    def rarity(self) -> tuple[bool, int]:
        """Return how rare the term must be: longer words are rarer, and no word is shorter."""
        return self.is_unspaced, max(map(len, self.text.split()), default=0)


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """A query made ready to be asked many times.

    ``anchor`` is its rarest term; ``asked`` are the terms to ask for where the anchor's
    word occurs: the others, and the anchor too if it is more than a word.
    """

    key: str
    hits: tuple[str, ...]
    anchor: _NumberedTerm
    asked: tuple[_NumberedTerm, ...]
    never: tuple[_NumberedTerm, ...]

    @classmethod
    def of(cls, key: str, query: Query) -> "_Standing":
        """Return ``query`` made ready, its rarest term first, as that fails soonest."""
        hits = query.terms + query.must
        terms = tuple(sorted(map(_NumberedTerm.of, hits), key=_NumberedTerm.rarity, reverse=True))
        anchor = terms[0]
        asked = terms if anchor.is_phrase or anchor.is_unspaced else terms[1:]
        return cls(key, hits, anchor, asked, tuple(map(_NumberedTerm.of, query.never)))

    def score(self, page: _ArticleWords, place: float) -> float:
        """Return the score of the best place of any term, 0 if the query is not fulfilled.

        ``place`` is the score of the anchor's word, which occurs.
        """
        best = 0.0 if self.anchor.is_phrase else place
        is_alone = len(self.hits) == 1 and not self.anchor.is_phrase
        for term in self.asked:
            found = page.place(term)
            if not found:
                return 0.0
            best = max(best, found)
        for term in self.never:
            if page.place(term):
                return 0.0
        return _ALONE_IN_TEXT if is_alone and best == _IN_TEXT else best


def _row(line: str) -> str:
    sentences = (" ".join(fold(sentence).split()) for sentence in _FULL_STOP.split(line))
    return f" {' | '.join(sentences)} "


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
