"""Which articles resemble a new one: an inverted index that forgets."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from bot.group.evidence import MIN_WEIGHED, is_agreed, less_conflict
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
        postings = self._postings
        for term, weight in entry.vector.items():
            posting = postings.get(term)
            if posting is None:
                postings[term] = {key: weight}
                continue
            found_by: Iterable[tuple[int, float]] = posting.items()
            if weight < _LIGHT and len(posting) > _MAX_BY_LIGHT:
                found_by = islice(reversed(posting.items()), _MAX_BY_LIGHT)
            for other, other_weight in found_by:
                likeness[other] += weight * other_weight
            posting[key] = weight
            if len(posting) > _MAX_POSTINGS:
                del posting[next(iter(posting))]
        self._entries[key] = entry
        found = {}
        has_rare = bool(entry.facts.rare)
        for other, value in likeness.items():
            if value < _MIN_LIKENESS:
                continue
            near = self._entries[other]
            if entry.language and near.language and entry.language != near.language:
                continue
            days = abs(entry.day - near.day)
            if has_rare and is_agreed(value, entry.facts, near.facts, days):
                found[other] = max(value, _AGREED)
                continue
            # What speaks against one event only lessens: what has faded needs no weighing.
            if _faded(value, days) < _MIN_LIKENESS:
                continue
            if value >= MIN_WEIGHED:
                value = less_conflict(value, entry.facts, near.facts, days)  # noqa: PLW2901
            faded = _faded(value, days)
            if faded >= _MIN_LIKENESS:
                found[other] = faded
        return dict(heapq.nlargest(_MAX_NEIGHBOURS, found.items(), key=itemgetter(1)))

    def remove(self, key: int) -> None:
        """Forget an article; O(its terms). Raises KeyError for a key that is not there."""
        for term in self._entries.pop(key).vector:
            # The cap may have dropped the article from a posting that has emptied since.
            posting = self._postings.get(term, {})
            posting.pop(key, None)
            if not posting:
                self._postings.pop(term, None)


def _faded(value: float, days: float) -> float:
    """Return a likeness less what the days between two articles take from it."""
    return value if value >= _STRONG else value * math.pow(value / _STRONG, days / _FADING_DAYS)
