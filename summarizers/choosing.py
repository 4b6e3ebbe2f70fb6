"""Choosing whole sentences within a budget, each with what it leans on."""

from collections.abc import Iterable, Sequence

from summarizers.story import CandidateSentence, Story
from summarizers.values import Budget

__all__ = ["Choice", "choose_ranked"]

# Sentences that share so much of the shorter one's terms say the same.
_SAME_SHARE = 0.6


class Choice:
    """Sentences chosen so far, and what the budget still allows.

    A sentence that leans is taken together with the ones before it: a *unit*.
    """

    def __init__(self, candidates: Sequence[CandidateSentence], budget: Budget) -> None:
        self._candidates = candidates
        self._words = budget.words
        self._sentences = budget.sentences
        self.taken: list[int] = []
        self._is_taken = [False] * len(candidates)

    def unit(self, index: int) -> tuple[int, ...]:
        """Return the candidates to take for ``index``, in order; empty if taken or stranded.

        Those that it leans on and that are not taken come before it. Raises IndexError for an
        index beyond the candidates.
        """
        chain: list[int] = []
        at: int | None = index
        while at is not None and not (self._is_taken[at] or self._candidates[at].is_stranded):
            chain.append(at)
            at = self._candidates[at].before
        return tuple(reversed(chain))

    def fits(self, unit: Sequence[int]) -> bool:
        """Return whether the budget still allows all of ``unit``, of which none is taken yet."""
        if self._sentences is not None:
            return len(unit) <= self._sentences
        return sum([self._candidates[index].words for index in unit]) <= (self._words or 0)

    def take(self, unit: Iterable[int]) -> None:
        """Add ``unit`` to the summary, in its order; it must fit, which is not checked."""
        for index in unit:
            self._is_taken[index] = True
            self.taken.append(index)
            if self._sentences is not None:
                self._sentences -= 1
            else:
                self._words = (self._words or 0) - self._candidates[index].words

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits, whatever it is."""
        return (self._sentences if self._sentences is not None else self._words or 0) <= 0


def choose_ranked(story: Story, ranking: Iterable[int], budget: Budget) -> list[int]:
    """Return the best of ``ranking`` that fit together, best first.

    Both are indexes of ``story.candidates``. What does not fit, is stranded, or says the same as a
    sentence chosen or told before, is passed over; what leans comes behind those it leans on, which
    need not be in ``ranking``. Empty where nothing fits. Each of ``ranking`` is compared with all
    that was chosen or told. Raises IndexError for an index beyond the candidates.
    """
    choice = Choice(story.candidates, budget)
    said = [frozenset(terms) for terms in story.known]
    for index in ranking:
        if choice.is_full:
            break
        unit = choice.unit(index)
        if not unit or not choice.fits(unit):
            continue
        terms = [frozenset(story.candidates[member].terms) for member in unit]
        if any(
            len(own & other) > _SAME_SHARE * max(min(len(own), len(other)), 1)
            for own in terms
            for other in said
        ):
            continue  # it says the same
        choice.take(unit)
        said += terms
    return choice.taken
