"""The default method: the summary whose words are closest to what all documents agree on.

A *centroid* weighs each term and each pair of neighbouring terms by how often the
documents use it, near their beginning above all, how many of them do, and whether a title
has it. Sentences are then added singly: always the one that brings the *whole* summary
closest to the centroid (Radev et al. 2004 ranked sentences singly; Rossiello et al. 2017
compared whole summaries). Documents with little in common with the others weigh little.
Cost is linear in the text: only the best sentences are compared with the summary.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from itertools import pairwise

import numpy as np

from summarizers.choosing import Choice
from summarizers.competing_units import CompetingUnits, with_those_before
from summarizers.features import MAX_COUNT, Features, Floats, numbered
from summarizers.news_signs import news_signs, roots_of
from summarizers.story import CandidateSentence, Story
from summarizers.values import Budget
from summarizers.weights import CLUSTER, SINGLE, Weights

__all__ = ["choose_centroid", "rank_centroid"]

# At least so many of the best single sentences may enter a summary: with 30 no figure is below
# that with 300 by more than 0.2, and long input costs little more than reading it.
_MIN_COMPARED = 30
# A summary has room for one of so many compared; a sentence has about so many words.
_COMPARED_PER_SENTENCE = 3
_SENTENCE_WORDS = 20
# Documents are scaled as if they had about so many features.
_EVEN_SIZE = 50
# To take all of a story is considered up to so many sentences.
_FEW = 12
# A sentence directly behind the opening is worth so much more: nothing dangles, and readers
# preferred the first sentences to better ones with a gap between. Behind others, so much more.
_GOES_ON_FIRST = 2.0
_GOES_ON = 1.1
# Below the title of the lead, other documents are worth so much less than it: most say it again.
_OTHER = 0.85
# So is a sentence in which there is nothing to miss (NewsSigns.is_weak).
_WEAK = 0.9
# The length of an empty summary, against a division by zero.
_TINY = 1e-300
# A document far from all others keeps this share of its nearness.
_MIN_NEARNESS = 0.02


def choose_centroid(story: Story, budget: Budget) -> list[int]:
    """Return the candidates that together come closest to the story's centroid.

    Indexes of ``story.candidates``, in no order to rely on. Of a short story that the budget
    holds it is all that have a term and are not stranded, unless two of them, or one and a
    sentence of ``story.known``, share too much. A candidate that leans comes with those it leans
    on. Empty if nothing is left that fits and says something new. Cost is that of
    ``rank_centroid``.
    """
    return _everything(story, budget) or _forced(story, budget) or rank_centroid(story, budget)


def rank_centroid(story: Story, budget: Budget) -> list[int]:
    """Return the candidates to take, in the order in which they bring the summary closest.

    Indexes of ``story.candidates``; the first adds most, but what leans comes behind those it
    leans on. Unlike ``choose_centroid`` it ranks even where all would fit. It ends where
    the budget is full, or nothing is left that fits, can stand and says something new, which
    what resembles ``story.known`` does not. CPU work that blocks: linear in the length of the
    documents, but quadratic in the budget, up to the candidates: 1,000 taken of 1,000 cost
    seconds. Each of ``story.known`` is compared with each candidate that may be taken.
    """
    if not story.candidates:
        return []
    told = sorted({candidate.document for candidate in story.candidates})
    used = CLUSTER if len(told) > 1 else SINGLE
    features = Features(story, told)
    nearness, tightness = np.ones(len(told)), 1.0
    if len(told) > 1:
        nearness, tightness = _compare(features)
    # Each document has a share of its outlet's voice: two of one outlet count as one.
    sources = [story.sources[document] for document in told]
    counts = Counter(sources)
    voices = np.array([1 / counts[source] if source else 1.0 for source in sources])
    centroid = _centroid(features, nearness**used.nearness * voices, tightness, used)
    worths = _worths(features, tightness, used)
    # All are compared, or those that are worth most by themselves: their features count once.
    compared = _able(story.candidates)
    room = budget.sentences or (budget.words or 0) // _SENTENCE_WORDS
    limit = max(_MIN_COMPARED, room * _COMPARED_PER_SENTENCE)
    if len(compared) > limit:
        own, total = features.candidate_entries, len(story.candidates)
        dots = np.bincount(features.rows[own], centroid[features.columns[own]], total)
        sizes = np.diff(features.starts)[:total]
        values = (dots / np.sqrt(np.maximum(sizes, 1)) * worths)[compared]
        best = np.argsort(-values, kind="stable")[:limit]
        compared = sorted({*(compared[at] for at in best), *story.openers})
    return _Greedy(story, features, centroid, worths, used).choose(compared, budget)


def _everything(story: Story, budget: Budget) -> list[int]:
    """Return all candidates of a story so short that the budget holds them; else none.

    Not if two say the same, or one is hardly fit: then it takes a centroid to tell which is better.
    """
    able = with_those_before(story.candidates, _able(story.candidates))
    choice = Choice(story, budget)
    if len(able) > _FEW or not choice.fits(able):
        return []
    if story.openers:
        choice.open(min(story.openers, key=lambda index: story.candidates[index].place))
    for index in able:  # in order, so that each has what it leans on
        if index in choice.taken:
            continue
        unit = choice.unit(index)
        # It says the same, is hardly fit, or an opener without a term took the room.
        if not (unit and choice.fits(unit) and choice.fitness(unit)) or choice.says_again(index):
            return []
        choice.take(unit)
    able = choice.taken
    texts = story.known + [story.candidates[index].terms for index in able]
    features = list(map(_features_of, texts))
    weights = _weights_of(story)
    for at, own in enumerate(features):
        for other in features[max(at + 1, len(story.known)) :]:
            if _is_alike(own, other, weights):
                return []
    return able


def _forced(story: Story, budget: Budget) -> list[int]:
    """Return what a short story is told by where its opener leaves no choice; else none."""
    if len(story.openers) != 1 or len(story.candidates) > _FEW:
        return []
    choice = Choice(story, budget)
    told = choice.open(story.openers[0])
    weights = _weights_of(story)
    said = list(map(_features_of, story.known))
    while told:
        said += [_features_of(story.candidates[index].terms) for index in told]
        units = [
            unit
            for index, unit in choice.fitting(_able(story.candidates)).items()
            if choice.fitness(unit)
            and not choice.says_again(index)
            and not any(
                _is_alike(_features_of(story.candidates[member].terms), other, weights)
                for member in unit
                for other in said
            )
        ]
        if len(units) > 1:
            return []
        told = units[0] if units else ()
        choice.take(told)
    return choice.taken


_Features = tuple[frozenset[str], frozenset[tuple[str, str]]]


def _features_of(terms: Sequence[str]) -> _Features:
    return frozenset(terms), frozenset(pairwise(terms))


def _is_alike(one: _Features, other: _Features, weights: Weights) -> bool:
    """Return whether two sentences share too much to stand in one summary."""
    (terms, pairs), (other_terms, other_pairs) = one, other
    most_terms = weights.max_shared_terms * min(len(terms), len(other_terms))
    most_pairs = weights.max_shared_pairs * min(len(pairs), len(other_pairs))
    return len(terms & other_terms) > most_terms or len(pairs & other_pairs) > most_pairs


def _weights_of(story: Story) -> Weights:
    return CLUSTER if len({found.document for found in story.candidates}) > 1 else SINGLE


def _able(candidates: Sequence[CandidateSentence]) -> list[int]:
    """Return the candidates that may be chosen: those with terms that are not stranded."""
    return [i for i, found in enumerate(candidates) if found.terms and not found.is_stranded]


def _compare(features: Features) -> tuple[Floats, float]:
    """Return the nearness of two or more documents to the others, and their tightness.

    Documents are compared by the logarithms of their terms' counts, as unit vectors. The
    nearest has 1. Tightness is the mean likeness of two documents, squared, over the number
    of documents squared; of a single document it is taken as 1.
    """
    own = features.candidate_entries
    is_term = ~features.is_pair[features.columns[own]]
    columns = features.columns[own][is_term]
    documents = features.documents[features.rows[own][is_term]]
    total = int(features.documents.max()) + 1
    entries, places = numbered(documents * features.size + columns, total * features.size)
    documents, columns = np.divmod(entries, max(features.size, 1))
    values = np.log1p(np.bincount(places, features.counts[own][is_term]))
    lengths = np.sqrt(np.bincount(documents, values * values, total))
    values /= lengths[documents]
    together = np.bincount(columns, values, features.size)
    near = np.bincount(documents, values * together[columns], total) - 1
    likeness = max(float(near.sum()) / (total * (total - 1)), 0.0)
    nearest = near.max() or 1.0
    return np.maximum(near / nearest, _MIN_NEARNESS), (likeness / total) ** 2


def _centroid(features: Features, trusts: Floats, tightness: float, weights: Weights) -> Floats:
    """Return what each feature weighs in the story, each document as far as it is trusted.

    A document weighs a feature by how much it uses it, early use and the title above all.
    """
    own = features.candidate_entries
    damping = weights.damping + weights.tight_damping * tightness
    shares = (1 + features.places / weights.depth) ** -damping
    rows = features.rows[own]
    documents = np.concatenate([features.documents[rows], features.title_documents])
    columns = np.concatenate([features.columns[own], features.title_columns])
    uses = np.concatenate(
        [
            shares[rows] * features.counts[own],
            np.full(len(features.title_columns), float(weights.title)),
        ]
    )
    entries, places = numbered(documents * features.size + columns, len(trusts) * features.size)
    documents, columns = np.divmod(entries, max(features.size, 1))
    uses = np.bincount(places, uses)
    sizes = np.bincount(documents, uses, len(trusts)) / _EVEN_SIZE
    scales = np.where(sizes > 0, sizes, 1.0) ** -weights.evenness
    trust = trusts[documents]
    sums = np.bincount(columns, trust * np.log1p(uses * scales[documents]), features.size)
    agreed = np.bincount(columns, trust, features.size)
    agreed = agreed / (agreed.max(initial=0.0) or 1.0)
    centroid: Floats = (sums * agreed**weights.agreement) ** weights.contrast
    centroid[features.is_pair] *= weights.pairs
    return centroid


def _worths(features: Features, tightness: float, weights: Weights) -> Floats:
    """Return the factor for each candidate's likeness: early and not too short is better."""
    worths: Floats = (1.0 + features.places) ** (-weights.lead * tightness)
    if weights.short_words:
        worths *= np.sqrt(np.minimum(features.words / weights.short_words, 1.0))
    return worths


class _Greedy:
    """Builds a summary sentence by sentence, keeping track of its likeness to the centroid.

    The units compared are candidates by themselves, or with those they lean on
    (CompetingUnits). What a unit would add depends on what the summary has: a feature's
    count is saturated.
    """

    def __init__(
        self,
        story: Story,
        features: Features,
        centroid: Floats,
        worths: Floats,
        weights: Weights,
    ) -> None:
        self._story = story
        self._candidates = story.candidates
        self._features = features
        self._centroid = centroid
        self._worths = worths
        self._weights = weights
        self._power = np.arange(MAX_COUNT + 1.0) ** weights.saturation
        # What a feature adds to the square of a summary's length.
        self._square_of = np.where(features.is_pair, weights.pairs**2, 1.0)
        self._summary = np.zeros(features.size, dtype=np.int64)
        self._dot = self._square = 0.0
        self._is_weak: dict[int, bool] = {}

    def choose(self, compared: Sequence[int], budget: Budget) -> list[int]:
        """Return which of the ``compared`` candidates to take, in the order they were taken.

        They come with those they lean on. What was told before counts as part of the summary,
        so that it is no gain any more. To be called once: the object is used up.
        """
        choice = Choice(self._story, budget)
        rivals = CompetingUnits(self._candidates, self._features, compared, self._worths)
        barred: set[int] = set()
        told: Iterable[int] = range(len(self._candidates), len(self._features.starts) - 1)
        if self._story.openers:
            for row in told:
                barred |= self._add(row, rivals)
            told = self._open(choice, rivals)
        left = list(compared)
        is_next = True  # to the opening, or to what stands above
        while not choice.is_full:
            # Those that lack what they need stay: it may be shown later.
            units = choice.fitting(left)
            if not units:
                break
            for row in told:
                barred |= self._add(row, rivals)
            units = {index: unit for index, unit in units.items() if barred.isdisjoint(unit)}
            rivals.admit(units.values())
            at = self._best(choice, units, rivals, _GOES_ON_FIRST if is_next else _GOES_ON)
            if at is None:
                break
            is_next, told = False, units[at]
            choice.take(told)
            left = [index for index in left if index not in told and index not in barred]
        return choice.taken

    def _best(
        self,
        choice: Choice,
        units: Mapping[int, tuple[int, ...]],
        rivals: CompetingUnits,
        goes_on: float,
    ) -> int | None:
        """Return which of ``units`` to tell next, by its candidate, None if none adds anything.

        One that goes on from a sentence told is worth ``goes_on`` times as much, one with nothing
        to miss or hardly fit less, and one that says again what was shown, or that most readers
        find unfit, nothing: that is looked at only where a candidate would be chosen.
        """
        values = self._values(rivals)
        lead = self._story.lead
        ranked: list[tuple[float, int, float]] = []
        for index, unit in units.items():
            factor = goes_on if unit[0] in choice.following else 1.0
            if lead is not None and self._candidates[index].document != lead:
                factor *= _OTHER
            ranked.append((-values[rivals.position[unit]] * factor, index, factor))
        heapify(ranked)
        while ranked and ranked[0][0] < 0:
            value, index, factor = ranked[0]
            if not factor:  # looked at before
                return index
            fitness = choice.fitness(units[index])
            if not fitness or choice.says_again(index):
                heappop(ranked)
                continue
            if self._has_nothing(index):
                fitness *= _WEAK * min(_GOES_ON / factor, 1.0)
            heapreplace(ranked, (value * fitness, index, 0.0))
        return None

    def _has_nothing(self, index: int) -> bool:
        """Return whether a candidate has nothing to miss; each is looked at once."""
        known = self._is_weak.get(index)
        if known is None:
            story, found = self._story, self._candidates[index]
            title = story.titles[found.document if story.lead is None else story.lead]
            roots = roots_of(story.language, title)
            known = news_signs(story.language).is_weak(found.text, found.terms, roots)
            self._is_weak[index] = known
        return known

    def _open(self, choice: Choice, rivals: CompetingUnits) -> tuple[int, ...]:
        """Take the best opener that fits the budget; return what was taken."""
        if len(self._story.openers) == 1:
            return choice.open(self._story.openers[0])
        values = self._values(rivals)
        # One without a term is not compared, and adds nothing.
        places = ((rivals.position.get((index,)), index) for index in self._story.openers)
        openers = [(0.0 if at is None else values[at], -index) for at, index in places]
        for _, at in sorted(openers, reverse=True):
            opened = choice.open(-at)
            if opened:
                return opened
        return ()

    def _values(self, rivals: CompetingUnits) -> list[float]:
        """Return the worth of each unit: the likeness of the summary with it to the centroid."""
        columns = rivals.columns
        before = self._summary[columns]
        old = self._power[before]
        new = self._power[np.minimum(before + rivals.counts, MAX_COUNT)]
        size = len(rivals.worths)
        dots = np.bincount(rivals.owners, (new - old) * self._centroid[columns], size)
        gains = (new * new - old * old) * self._square_of[columns]
        squares = np.bincount(rivals.owners, gains, size) + self._square
        likeness = (dots + self._dot) / np.sqrt(np.maximum(squares, _TINY))
        values: list[float] = (likeness * rivals.worths).tolist()
        return values

    def _add(self, row: int, rivals: CompetingUnits) -> set[int]:
        """Count a sentence into the summary; return the candidates that share too much with it."""
        features, weights = self._features, self._weights
        own = features.of(row)
        columns = features.columns[own]
        before = self._summary[columns]
        after = np.minimum(before + features.counts[own], MAX_COUNT)
        self._summary[columns] = after
        old, new = self._power[before], self._power[after]
        self._dot += float((new - old) @ self._centroid[columns])
        self._square += float((new * new - old * old) @ self._square_of[columns])
        pairs = int(features.is_pair[columns].sum())
        return rivals.sharing(
            columns,
            most_terms=(weights.max_shared_terms, len(columns) - pairs),
            most_pairs=(weights.max_shared_pairs, pairs),
        )
