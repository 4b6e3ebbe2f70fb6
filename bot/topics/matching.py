"""Which topics an article is about: one pass over its text, then a weighing of the hits."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from bot.domain.topic import Match
from bot.topics.aliases import MAX_TAIL_CHARS, Spelling
from bot.topics.fold import fold, is_hangul, is_unspaced, opening, squeeze

__all__ = ["COUNTRY", "MAX_CHARS", "SUBJECT", "Owner", "TopicMatcher"]

# The two families of topics; neither hides the other's words.
SUBJECT = "subject"
COUNTRY = "country"

# News says what it is about early: reading 6,000 characters instead of 3,000 gained .001 of
# the macro F of benchmarks.topics.
MAX_CHARS = 6000
MAX_TITLE_CHARS = 400

# Evidence of one hit by where it stands; how these were found: docs/decisions/0031.
_IN_TITLE = 3.0
_IN_LEAD = 1.5
_IN_TEXT = 0.8
_LEAD_CHARS = 300
# A hit this far into the text counts half as much: what is only background comes last.
_FADE_CHARS = 5000
_WEAK = 0.5
# The evidence at which an article is about a topic, in a short notice and in an article of
# ``_LONG_CHARS``. A country named once in the lead is what the news is about. A subject's
# words are everyday words, of which a long text holds some by chance: there it takes two.
_ENOUGH = {COUNTRY: (1.2, 1.2), SUBJECT: (1.2, 2.0)}
_LONG_CHARS = 1500
# How many letters of an alphabet one Korean, Chinese or Japanese letter stands for: the
# sample newsroom's Korean articles are that much shorter than its English ones.
_DENSITY = 2.3

# Capitals that are ordinary words in a headline set in capitals, or in text without any.
_WORDS_IN_CAPITALS = frozenset(
    {"us", "un", "it", "who", "ice", "aids", "ai", "eu", "ca", "is"} | {"as", "ri", "sad", "vs"}
)


class Owner(NamedTuple):
    """A spelling with its topic's ``slug``: it counts for the topic or, as a decoy, against it.

    A decoy hides the words it covers and silences the topic's weak ones ("Michael Jordan").
    ``family`` keeps countries and subjects from hiding each other's words.
    """

    slug: str
    family: str
    spelling: Spelling
    is_decoy: bool = False


@dataclass(slots=True)
class _Hit:
    """A spelling found from ``start`` to ``found_to``, in a word that goes on to ``end``."""

    start: int
    found_to: int
    end: int
    owner: Owner


@dataclass(slots=True)
class _Tally:
    """The evidence for a topic in an article, which is about it from ``enough`` on."""

    enough: float
    evidence: float = 0.0
    words: dict[str, None] = field(default_factory=dict)


class TopicMatcher:
    """An automaton over the spellings of all topics in one language, or in all."""

    def __init__(self, owners: Iterable[Owner]) -> None:
        by_text: dict[str, list[Owner]] = defaultdict(list)
        for owner in owners:
            for text in owner.spelling.texts:
                by_text[text].append(owner)
        self._texts = list(by_text)
        self._owners = list(by_text.values())
        self._automaton = AhoCorasick(self._texts)

    def match(self, title: str, text: str) -> dict[str, Match]:
        """Return the topics that the article is about, by slug; the best first, equals by slug.

        Scores are from 0.5 on, below 1; hits are spellings as the catalogue writes them. Blocking,
        some milliseconds for a long text: linear in the length read, MAX_TITLE_CHARS of the title
        and MAX_CHARS of the text.
        """
        page = _FoldedText(title, text)
        hits = list(self._hits(page))
        denied = {hit.owner.slug for hit in hits if hit.owner.is_decoy}
        tallies: dict[str, _Tally] = {}
        for hit in hits:
            owner = hit.owner
            if owner.is_decoy or (owner.spelling.is_weak and owner.slug in denied):
                continue
            tally = tallies.setdefault(owner.slug, _Tally(page.enough(owner.family)))
            tally.evidence += page.weight(hit.start) * (_WEAK if owner.spelling.is_weak else 1)
            tally.words[owner.spelling.shown] = None
        found = {
            # One half at just enough evidence, towards 1 with more.
            slug: Match(
                round(tally.evidence / (tally.evidence + tally.enough), 4), tuple(tally.words)
            )
            for slug, tally in tallies.items()
            if tally.evidence >= tally.enough
        }
        return dict(sorted(found.items(), key=lambda item: (-item[1].score, item[0])))

    def named(
        self, title: str, text: str, among: Container[str]
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return which of the slugs ``among`` the title names, and which the text does.

        A topic is named by any of its words that is not weak, however often; words of others than
        those ``among`` hide none of theirs. Linear in what is read: MAX_TITLE_CHARS of the title,
        MAX_CHARS of the text.
        """
        page = _FoldedText(title, text)
        in_title: set[str] = set()
        in_text: set[str] = set()
        for hit in self._hits(page, among):
            if not (hit.owner.is_decoy or hit.owner.spelling.is_weak):
                (in_title if page.is_title(hit.start) else in_text).add(hit.owner.slug)
        return frozenset(in_title), frozenset(in_text)

    def _hits(self, page: "_FoldedText", among: Container[str] | None = None) -> Iterator[_Hit]:
        """Yield what was found, the longest first where hits of one family overlap."""
        found: list[_Hit] = []
        places = self._automaton.find_matches_as_indexes(page.folded, overlapping=True)
        for number, start, end in places:
            text = self._texts[number]
            first = start + text.startswith(" ")
            for owner in self._owners[number]:
                if among is not None and owner.slug not in among:
                    continue
                spelling = owner.spelling
                word_end = page.word_end(text, end, is_open=spelling.is_open)
                if word_end is None or (
                    spelling.tails and page.folded[end:word_end] not in spelling.tails
                ):
                    continue
                if not page.is_spelled(spelling, start, end):
                    continue
                if spelling.is_weak and page.is_beside_a_name(first, word_end):
                    continue
                found.append(_Hit(first, end, word_end, owner))
        found.sort(key=lambda hit: (hit.owner.family, hit.start, -hit.found_to))
        for _, family in groupby(found, key=lambda hit: hit.owner.family):
            yield from _longest_first(family)


class _FoldedText:
    """Title and text as one line, folded beside the original."""

    def __init__(self, title: str, text: str) -> None:
        head = squeeze(opening(title, MAX_TITLE_CHARS))
        body = squeeze(opening(text, MAX_CHARS))
        self._line = f" {head}  {body} "
        self.folded = fold(self._line)
        self._body_at = len(head) + 3
        self._head_has_case = _has_case(head)
        self._body_has_case = _has_case(body)
        # In a headline that Capitalises Its Words, capitals mark no names.
        words = [word for word in head.split() if len(word) > 3 and word[0].isalpha()]
        self._head_is_titled = sum(word[0].isupper() for word in words) * 4 >= len(words) * 3
        self._has_umlauts = bool(_umlauts(self._line))
        # Headline and lead weigh alike in Korean, which says as much in fewer letters.
        sample = (head or body)[:100]
        is_dense = not sample.isascii() and sum(map(is_unspaced, sample)) * 3 > len(sample)
        self._scale = _DENSITY if is_dense else 1.0

    def is_title(self, at: int) -> bool:
        """Return whether this offset is in the title."""
        return at < self._body_at

    def weight(self, at: int) -> float:
        """Return what a hit at this offset counts."""
        if self.is_title(at):
            return _IN_TITLE
        depth = (at - self._body_at) * self._scale
        if depth < _LEAD_CHARS:
            return _IN_LEAD
        return _IN_TEXT / (1 + depth / _FADE_CHARS)

    def enough(self, family: str) -> float:
        """Return the evidence that makes a page of this length about a topic."""
        short, long = _ENOUGH[family]
        length = (len(self._line) - self._body_at) * self._scale / _LONG_CHARS
        return short + (long - short) * min(length, 1.0)

    def word_end(self, text: str, end: int, *, is_open: bool) -> int | None:
        """Return where the word found ends, or None if it goes on further than it may."""
        last = text[-1]
        if last == " ":
            return end - 1
        if not (is_open or is_hangul(last)):
            return end
        stop = end
        while self.folded[stop] != " " and is_unspaced(self.folded[stop]) == is_unspaced(last):
            stop += 1
            if stop - end > MAX_TAIL_CHARS:
                return None
        return stop

    def is_spelled(self, spelling: Spelling, start: int, end: int) -> bool:
        """Return whether capitals, accents and umlauts here are those of the spelling."""
        line = self._line
        if self._has_umlauts and not _umlauts(line[start:end]) <= _umlauts(spelling.shown):
            return False
        if spelling.capitals:
            has_case = self._head_has_case if start + 1 < self._body_at else self._body_has_case
            if has_case and not all(line[start + at].isupper() for at in spelling.capitals):
                return False
            is_doubtful = spelling.is_acronym and spelling.shown.lower() in _WORDS_IN_CAPITALS
            if is_doubtful and not has_case:
                return False
        for at, accented in spelling.accents:
            char = line[start + at]
            # a capital may go without its accent ("ESPANA")
            if char.lower() != accented and not (char.isupper() and char.lower() == fold(char)):
                return False
        return True

    def is_beside_a_name(self, start: int, end: int) -> bool:
        """Return whether a capitalised word stands next to this one, as in "Michael Jordan"."""
        if start < self._body_at and self._head_is_titled:
            return False
        after = self._line[end : end + 2]
        if after[:1] == " " and after[1:].isupper():
            return True
        before_at = self._line.rfind(" ", 0, start)
        before = self._line[self._line.rfind(" ", 0, before_at) + 1 : before_at]
        return before[:1].isupper() and before.isalpha() and before not in _OPENERS


# Capitalised words that open a sentence and make no name with the next word.
_OPENERS = frozenset(
    {"In", "The", "From", "For", "At", "To", "And"}
    | {"But", "As", "With", "If", "When", "While", "On"}
)

# In German, letters of their own: an "Uber" is no "Über", wherever accents are folded.
_UMLAUTS = frozenset("äöü")


def _umlauts(text: str) -> frozenset[str]:
    return frozenset(text.lower()) & _UMLAUTS if not text.isascii() else frozenset()


def _has_case(text: str) -> bool:
    return not (text.isupper() or text.islower())


def _longest_first(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """Yield hits in order of place without those covered by an earlier or a longer one.

    What was found counts, not where its word ends: "klimaanlage*" covers "klima*".
    """
    covered_to = -1
    place = (-1, -1)
    slugs: set[str] = set()  # a topic may own a word in several languages: it counts once
    for hit in hits:
        if hit.start >= covered_to:
            covered_to = hit.end
            place = (hit.start, hit.found_to)
            slugs = set()
        if (hit.start, hit.found_to) == place and hit.owner.slug not in slugs:
            slugs.add(hit.owner.slug)
            yield hit
