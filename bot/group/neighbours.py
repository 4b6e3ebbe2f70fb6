"""Which articles resemble a new one: an inverted index that forgets."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from bot.group.evidence import MIN_WEIGHED, is_agreed, is_agreed_in_words, less_conflict
from bot.group.facts import NO_FACTS, Facts

__all__ = ["IndexedArticle", "Neighbours"]

# The newest articles a term leads to. A term of more articles than that is told by the
# others of its article; the cap is what keeps a day with one great story linear.
_MAX_POSTINGS = 60
# A term that weighs less than this in its article is a common word: it leads to fewer, which
# is faster by a third and, since common words tell no stories, no worse (docs/decisions/0116).
_LIGHT = 0.15
_MAX_BY_LIGHT = 20
# Likeness below this is the noise of common words.
_MIN_LIKENESS = 0.05
# Neighbours of an article that are remembered, the likest.
_MAX_NEIGHBOURS = 200
# A likeness of _STRONG or more does not fade with the days between two articles; a weaker
# one is multiplied by likeness / _STRONG once for every _FADING_DAYS. So a sequel that names
# the same people and places finds its story after days, and mere resemblance does not.
_STRONG = 0.38
_FADING_DAYS = 1.2
# A word that one other article has, of so many, is rare.
_FEW_SHARE = 1 / 3_000
# The least likeness of articles of which two pieces of evidence say that they tell one event.
_AGREED = 0.2


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article in the index: its language, day, the unit vector of its terms, what it names.

    ``language`` is "" if unknown; ``day`` counts days since 1970, with a fraction.
    """

    language: str
    day: float
    vector: Mapping[str, float]
    facts: Facts = NO_FACTS


class Neighbours:
    """Articles by their terms. Keys are the caller's; a look-up costs terms x 60 at most.

    No method blocks on I/O; none is safe to call from two threads at once.
    """

    def __init__(self) -> None:
        self._entries: dict[int, IndexedArticle] = {}
        # Insertion order is age, so that the oldest is the first to fall out.
        self._postings: dict[str, dict[int, float]] = {}

    def add(self, key: int, entry: IndexedArticle) -> dict[int, float]:
        """Enter an article; return the articles like it, each with its likeness.

        It is from 0.05 to 1, but for rounding. The likest come first, 200 at most. Articles of
        different known languages are never alike, a weak likeness fades with the days between,
        and ``evidence`` of two events lessens it. Only the 60 articles of each term that were
        added last are compared, 20 by a light term. ``key`` must be new, which is not checked: the
        index is wrong after an old one.
        """
        likeness: defaultdict[int, float] = defaultdict(float)
        postings, uncommon = self._postings, entry.facts.uncommon
        rare: defaultdict[int, list[str]] = defaultdict(list)
        few = _FEW_SHARE * len(self._entries) + 1
        for term, weight in entry.vector.items():
            posting = postings.get(term)
            if posting is None:
                postings[term] = {key: weight}
                continue
            if len(posting) <= few and term in uncommon:
                for other in posting:
                    rare[other].append(term)
            found_by: Iterable[tuple[int, float]] = posting.items()
            if weight < _LIGHT and len(posting) > _MAX_BY_LIGHT:
                found_by = islice(reversed(posting.items()), _MAX_BY_LIGHT)
            for other, other_weight in found_by:
                likeness[other] += weight * other_weight
            posting[key] = weight
            if len(posting) > _MAX_POSTINGS:
                del posting[next(iter(posting))]
        self._entries[key] = entry
        found, entries = {}, self._entries
        for other, value in likeness.items():
            if value >= _MIN_LIKENESS:
                weighed = _weighed(value, entry, entries[other], rare.get(other, ()))
                if weighed >= _MIN_LIKENESS:
                    found[other] = weighed
        return dict(heapq.nlargest(_MAX_NEIGHBOURS, found.items(), key=itemgetter(1)))

    def remove(self, key: int) -> None:
        """Forget an article; O(its terms). Raises KeyError for a key that is not there."""
        for term in self._entries.pop(key).vector:
            # The cap may have dropped the article from a posting that has emptied since.
            posting = self._postings.get(term)
            if posting is not None:
                posting.pop(key, None)
                if not posting:
                    del self._postings[term]


def _weighed(
    value: float, entry: IndexedArticle, near: IndexedArticle, rare: Sequence[str]
) -> float:
    """Return a likeness of two articles with what speaks for and against one event.

    Below _MIN_LIKENESS it says nothing. ``rare`` are uncommon words that hardly any but these two
    have.
    """
    if entry.language and near.language and entry.language != near.language:
        return 0.0
    days, facts = abs(entry.day - near.day), entry.facts
    if (facts.rare and is_agreed(value, facts, near.facts, days)) or (
        rare and is_agreed_in_words(value, facts, near.facts, days, rare)
    ):
        return max(value, _AGREED)
    # What speaks against one event only lessens: what has faded needs no weighing.
    faded = _faded(value, days)
    if faded < _MIN_LIKENESS or value < MIN_WEIGHED:
        return faded
    left = less_conflict(value, facts, near.facts, days)
    return faded if left == value else _faded(left, days)


def _faded(value: float, days: float) -> float:
    """Return a likeness less what the days between two articles take from it."""
    return value if value >= _STRONG else value * math.pow(value / _STRONG, days / _FADING_DAYS)
