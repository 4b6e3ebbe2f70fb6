"""The default method: the summary whose words are closest to what all documents agree on.

A *centroid* weighs each term and each pair of neighbouring terms by how often the
documents use it, near their beginning above all, how many of them do, and whether a title
has it. Sentences are then added one by one: always the one that brings the *whole* summary
closest to the centroid (Radev et al. 2004 ranked sentences singly; Rossiello et al. 2017
compared whole summaries). Documents that have little in common with the others, such as a
page of notices, weigh little. What decided on each idea is in docs/decisions.

Cost is linear in the length of the text: nothing is compared pairwise but the few hundred
best sentences with the summary.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from summarizers.choosing import Choice
from summarizers.story import Story
from summarizers.values import Budget

__all__ = ["Weights", "choose_centroid"]

# At least so many of the best single sentences may enter a summary: with 40 the figures of
# all sets are within 0.1 of those with 300, and long input costs little more than reading it.
_MIN_COMPARED = 40
# A summary has room for one of so many compared; a sentence has about so many words.
_COMPARED_PER_SENTENCE = 5
_SENTENCE_WORDS = 20
# A pair of terms is one number: the first term's above this many bits, the second's below.
_PAIR_BITS = 24
_PAIR = 1 << _PAIR_BITS
# Counts above this weigh no more.
_MAX_COUNT = 255
# Documents are scaled as if they had about so many features.
_EVEN_SIZE = 50
# A document far from all others keeps this share of its nearness.
_MIN_NEARNESS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The settings of the centroid, measured on single articles and on clusters of articles.

    A place counts ``(1 + place / depth) ** -damping`` in the centroid, and a sentence is
    worth ``(1 + place) ** -lead`` of its likeness. Both exponents grow with *tightness*:
    where few documents tell the same in the same words, their beginnings tell it best.
    """

    depth: float
    damping: float
    tight_damping: float
    lead: float
    agreement: float  # exponent of the share of documents that have a term
    nearness: float  # exponent of a document's nearness to the others
    evenness: float  # 1: a long document weighs no more than a short one
    pairs: float  # weight of a pair of terms, that of a term being 1
    title: float  # occurrences that a term of the title is worth
    contrast: float  # exponent of a term's weight
    saturation: float  # exponent of a term's count in the summary
    max_shared_pairs: float  # share of the shorter sentence's pairs two sentences may share
    max_shared_terms: float  # the same for terms
    short_words: int  # below this length a sentence is worth less


CLUSTER = Weights(
    depth=1,
    damping=0.3,
    tight_damping=6,
    lead=1.0,
    agreement=0.4,
    nearness=3,
    evenness=0.7,
    pairs=1.0,
    title=1,
    contrast=0.85,
    saturation=0.3,
    max_shared_pairs=0.25,
    max_shared_terms=0.55,
    short_words=0,
)
SINGLE = Weights(
    depth=3,
    damping=1,
    tight_damping=0,
    lead=0.3,
    agreement=0,
    nearness=0,
    evenness=0,
    pairs=1.0,
    title=1,
    contrast=0.85,
    saturation=0.3,
    max_shared_pairs=0.25,
    max_shared_terms=0.55,
    short_words=12,
)

# How often a sentence has each of its features; what a feature weighs.
_Counts = dict[int, int]
_Weighed = dict[int, float]
# The terms and the pairs of a sentence.
_Features = tuple[frozenset[int], frozenset[int]]


def choose_centroid(story: Story, budget: Budget, weights: Weights | None = None) -> list[int]:
    """Return the candidates that together come closest to the story's centroid, best first."""
    number = _Numbers()
    counts = [number.count(candidate.terms) for candidate in story.candidates]
    titles = [[number[term] for term in title] for title in story.titles]
    told = sorted({candidate.document for candidate in story.candidates})
    used = weights or (CLUSTER if len(told) > 1 else SINGLE)
    nearness, tightness = [1.0] * len(told), 1.0
    if len(told) > 1:
        nearness, tightness = _compare(_totals(story, counts, told))
    documents = _documents(story, counts, titles, tightness, used)
    trusts = [
        near**used.nearness * voice
        for near, voice in zip(nearness, _voices(story, told), strict=True)
    ]
    centroid = _centroid([documents[one] for one in told], trusts, used)
    greedy = _Greedy(story, counts, centroid, tightness, used)
    greedy.tell([number.count(terms) for terms in story.known])
    return greedy.choose(budget)


class _Numbers(dict[str, int]):
    """Gives each term a number, from 1, at its first sight."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self) + 1
        return number

    def count(self, terms: Sequence[str]) -> _Counts:
        """Return how often each term occurs, and each pair of neighbours."""
        numbers = [self[term] for term in terms]
        pairs = [one << _PAIR_BITS | other for one, other in pairwise(numbers)]
        counts: _Counts = Counter(numbers + pairs)
        if len(terms) > _MAX_COUNT:
            return {feature: min(count, _MAX_COUNT) for feature, count in counts.items()}
        return counts


def _totals(story: Story, counts: Sequence[_Counts], told: Sequence[int]) -> list[_Weighed]:
    """Return for each document with candidates its terms' logarithmic counts, as a unit vector."""
    sums: dict[int, _Weighed] = {document: {} for document in told}
    for candidate, own in zip(story.candidates, counts, strict=True):
        total = sums[candidate.document]
        for feature, count in own.items():
            if feature < _PAIR:
                total[feature] = total.get(feature, 0) + count
    return [_unit({term: math.log1p(x) for term, x in sums[one].items()}) for one in told]


def _unit(vector: _Weighed) -> _Weighed:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / length for term, weight in vector.items()}


def _compare(documents: Sequence[_Weighed]) -> tuple[list[float], float]:
    """Return the nearness of two or more documents to the others, and their tightness.

    The nearest has 1. Tightness is the mean likeness of two documents, squared, over the
    number of documents squared; of a single document it is taken as 1.
    """
    count = len(documents)
    together: _Weighed = {}
    for document in documents:
        for term, weight in document.items():
            together[term] = together.get(term, 0.0) + weight
    near = [sum(x * together[term] for term, x in one.items()) - 1 for one in documents]
    likeness = max(sum(near) / (count * (count - 1)), 0.0)
    nearest = max(near) or 1.0
    return [max(one / nearest, _MIN_NEARNESS) for one in near], (likeness / count) ** 2


def _voices(story: Story, told: Sequence[int]) -> list[float]:
    """Return each document's share of its outlet's voice: two of one outlet count as one."""
    sources = [story.sources[document] for document in told]
    counts = Counter(sources)
    return [1 / counts[source] if source else 1.0 for source in sources]


def _documents(
    story: Story,
    counts: Sequence[_Counts],
    titles: Sequence[Sequence[int]],
    tightness: float,
    weights: Weights,
) -> list[_Weighed]:
    """Return for each document how much it uses each feature, early use counting most."""
    documents: list[_Weighed] = [{} for _ in story.lengths]
    damping = weights.damping + weights.tight_damping * tightness
    for candidate, own in zip(story.candidates, counts, strict=True):
        document = documents[candidate.document]
        share = (1 + candidate.place / weights.depth) ** -damping
        for feature, count in own.items():
            document[feature] = document.get(feature, 0.0) + share * count
    for document, title in zip(documents, titles, strict=True):
        for term in title:
            document[term] = document.get(term, 0.0) + weights.title
    return documents


def _centroid(documents: Sequence[_Weighed], trusts: Sequence[float], weights: Weights) -> _Weighed:
    """Return what each feature weighs in the story, each document as far as it is trusted."""
    sums: _Weighed = {}
    shares: _Weighed = {}
    for document, trust in zip(documents, trusts, strict=True):
        scale = (sum(document.values()) / _EVEN_SIZE or 1.0) ** -weights.evenness
        for feature, use in document.items():
            weight = trust * math.log1p(use * scale)
            if feature in sums:
                sums[feature] += weight
                shares[feature] += trust
            else:
                sums[feature] = weight
                shares[feature] = trust
    most = max(shares.values(), default=1.0)
    # There are few different shares, and thousands of features.
    agreed = {
        share: (share / most) ** (weights.agreement * weights.contrast)
        for share in set(shares.values())
    }
    return {
        feature: total**weights.contrast
        * agreed[shares[feature]]
        * (weights.pairs if feature >= _PAIR else 1.0)
        for feature, total in sums.items()
    }


class _Greedy:
    """Builds a summary sentence by sentence, keeping track of its likeness to the centroid."""

    def __init__(
        self,
        story: Story,
        counts: Sequence[_Counts],
        centroid: _Weighed,
        tightness: float,
        weights: Weights,
    ) -> None:
        self._story = story
        self._counts = counts
        self._centroid = centroid
        self._weights = weights
        self._worths = _worths(story, tightness, weights)
        self._power = _powers(weights.saturation)
        self._pair_square = weights.pairs * weights.pairs
        self._summary: _Counts = {}
        self._dot = self._square = 0.0
        self._told: list[_Features] = []
        self._features: dict[int, _Features] = {}
        self._compared: dict[int, int] = {}
        self._alones: dict[tuple[int, ...], tuple[_Counts, float, float]] = {}

    def tell(self, told: Iterable[_Counts]) -> None:
        """Count what was told before into the summary, so that it is no gain any more."""
        for counts in told:
            self._add(counts)

    def choose(self, budget: Budget) -> list[int]:
        """Return the candidates to take, in the order they were taken."""
        choice = Choice(self._story.candidates, budget)
        left = self._best_singles(budget)
        while left and not choice.is_full:
            best: tuple[int, ...] = ()
            best_value = 0.0
            usable = []
            for index in left:
                unit = choice.unit(index)
                if not unit or not choice.fits(unit) or any(map(self._repeats, unit)):
                    continue
                usable.append(index)
                value = self._unit_value(unit)
                if value > best_value:
                    best, best_value = unit, value
            choice.take(best)
            for index in best:
                self._add(self._counts[index])
            left = usable if best else []
        return choice.taken

    def _best_singles(self, budget: Budget) -> list[int]:
        """Return the candidates worth comparing: all, or those that are best by themselves."""
        candidates = self._story.candidates
        able = [i for i, one in enumerate(candidates) if one.terms and not one.is_stranded]
        room = budget.sentences or (budget.words or 0) // _SENTENCE_WORDS
        limit = max(_MIN_COMPARED, room * _COMPARED_PER_SENTENCE)
        if len(able) <= limit:
            return able
        able.sort(key=lambda index: -self._single_value(index))
        return sorted(able[:limit])

    def _single_value(self, index: int) -> float:
        """Return about what a sentence is worth by itself: its features count once each."""
        counts = self._counts[index]
        dot = sum(map(self._centroid.__getitem__, counts))
        return dot / math.sqrt(len(counts)) * self._worths[index]

    def _unit_value(self, unit: tuple[int, ...]) -> float:
        """Return what ``unit`` is worth: the likeness of summary and centroid with it."""
        known = self._alones.get(unit)
        if known is None:
            counts = self._counts[unit[0]] if len(unit) == 1 else self._joint(unit)
            known = self._alones[unit] = (counts, *self._alone(counts))
        return self._value(*known) * self._worths[unit[0]]

    def _value(self, counts: _Counts, dot: float, square: float) -> float:
        """Return the likeness after adding ``counts``, which have ``dot`` and ``square`` alone.

        What summary and sentence share is counted less, as its count is saturated; only
        this needs to be looked at.
        """
        dot += self._dot
        square += self._square
        summary, power = self._summary, self._power
        for feature in counts.keys() & summary.keys():
            before, count = summary[feature], counts[feature]
            old, own, new = power[before], power[count], power[min(before + count, _MAX_COUNT)]
            dot += self._centroid[feature] * (new - old - own)
            gain = new * new - old * old - own * own
            square += gain * self._pair_square if feature >= _PAIR else gain
        return dot / math.sqrt(square) if square > 0 else 0.0

    def _alone(self, counts: _Counts) -> tuple[float, float]:
        """Return the product of ``counts`` with the centroid, and their own square."""
        centroid, power = self._centroid, self._power
        dot = square = 0.0
        for feature, count in counts.items():
            weight = power[count]
            dot += centroid.get(feature, 0.0) * weight
            square += weight * weight * (self._pair_square if feature >= _PAIR else 1.0)
        return dot, square

    def _add(self, counts: _Counts) -> None:
        """Count a sentence into the summary."""
        for feature, count in counts.items():
            before = self._summary.get(feature, 0)
            after = min(before + count, _MAX_COUNT)
            old, new = self._power[before], self._power[after]
            self._summary[feature] = after
            self._dot += self._centroid.get(feature, 0.0) * (new - old)
            gain = new * new - old * old
            self._square += gain * self._pair_square if feature >= _PAIR else gain
        self._told.append(_features(counts))

    def _joint(self, unit: Iterable[int]) -> _Counts:
        """Return the counts of several sentences together."""
        joint: _Counts = {}
        for index in unit:
            for feature, count in self._counts[index].items():
                joint[feature] = min(joint.get(feature, 0) + count, _MAX_COUNT)
        return joint

    def _repeats(self, index: int) -> bool:
        """Say whether a sentence shares too much with one of the summary."""
        start = self._compared.get(index, 0)
        if start == len(self._told):
            return False
        own = self._features.get(index)
        if own is None:
            own = self._features[index] = _features(self._counts[index])
        most_terms, most_pairs = self._weights.max_shared_terms, self._weights.max_shared_pairs
        # What was told before the last time we asked was compared then.
        for terms, pairs in self._told[start:]:
            if _shares(own[0], terms, most_terms) or _shares(own[1], pairs, most_pairs):
                return True
        self._compared[index] = len(self._told)
        return False


@lru_cache(maxsize=4)
def _powers(exponent: float) -> list[float]:
    return [count**exponent for count in range(_MAX_COUNT + 1)]


def _features(counts: Iterable[int]) -> _Features:
    """Return the terms and the pairs among the features of a sentence."""
    features = frozenset(counts)
    pairs = frozenset(feature for feature in features if feature >= _PAIR)
    return features - pairs, pairs


def _shares(one: frozenset[int], other: frozenset[int], most: float) -> bool:
    """Say whether two sets share more than a part ``most`` of the smaller one."""
    return len(one & other) > most * min(len(one), len(other))


def _worths(story: Story, tightness: float, weights: Weights) -> list[float]:
    """Return the factor for each candidate's likeness: early and not too short is better."""
    lead, short = weights.lead * tightness, weights.short_words
    return [
        (1 + one.place) ** -lead * (math.sqrt(one.words / short) if one.words < short else 1.0)
        for one in story.candidates
    ]
