"""ROUGE scores (Lin 2004), fast enough for tens of thousands of summaries.

The scores equal those of the ``rouge-score`` package, which a test verifies; the longest common
subsequence is found by rapidfuzz, which is a hundred times faster.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import LCSseq

__all__ = ["Reference", "Rouge", "paired_interval", "rouge_tokens"]

_ENGLISH = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[\w\u0900-\u0dff\u0e00-\u0eff]+")
_SYLLABLE = re.compile(r"[\uac00-\ud7af]|[^\W\uac00-\ud7af]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]|[^\W\u3040-\u9fff]+")
# As in rouge-score, only longer words are stemmed.
_STEMMED_CHARS = 3


@dataclass(frozen=True, slots=True)
class Rouge:
    """F1 of ROUGE-1, ROUGE-2 and ROUGE-L, each in [0, 1]."""

    r1: float
    r2: float
    rl: float

    @property
    def mean(self) -> float:
        """The mean of the three."""
        return (self.r1 + self.r2 + self.rl) / 3


def rouge_tokens(text: str, language: str) -> list[str]:
    """Return the tokens that ROUGE compares.

    English is tokenized as by rouge-score with its stemmer, Korean by syllable, Chinese,
    Japanese and Thai by character, and other languages by Unicode word.
    """
    lower = text.lower()
    if language == "en":
        return [_stemmed(word) for word in _ENGLISH.findall(lower)]
    if language == "ko":
        return _SYLLABLE.findall(lower)
    return (_UNSPACED if language in ("zh", "ja", "th") else _WORD).findall(lower)


class Reference:
    """The reference summaries of one item, tokenized once for many comparisons."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self._language = language
        self._tokens = [rouge_tokens(text, language) for text in texts]
        self._grams = [(_grams(tokens, 1), _grams(tokens, 2)) for tokens in self._tokens]

    def score(self, text: str) -> Rouge:
        """Return the scores of a summary; each is the maximum over the references."""
        tokens = rouge_tokens(text, self._language)
        unigrams, bigrams = _grams(tokens, 1), _grams(tokens, 2)
        return Rouge(
            max((_overlap_f1(unigrams, own) for own, _ in self._grams), default=0.0),
            max((_overlap_f1(bigrams, own) for _, own in self._grams), default=0.0),
            max((_subsequence_f1(tokens, own) for own in self._tokens), default=0.0),
        )


def paired_interval(
    gains: Sequence[float], *, rounds: int = 2000, seed: int = 1
) -> tuple[float, float]:
    """Return the 95% bootstrap interval of the mean of paired differences."""
    import random

    rng, count = random.Random(seed), len(gains)
    means = sorted(sum(rng.choices(gains, k=count)) / count for _ in range(rounds))
    return means[round(rounds * 0.025)], means[round(rounds * 0.975) - 1]


def _overlap_f1(own: "Counter[Any]", other: "Counter[Any]") -> float:
    shared = sum((own & other).values())
    return _f1(shared, sum(own.values()), sum(other.values()))


def _subsequence_f1(own: Sequence[str], other: Sequence[str]) -> float:
    return _f1(LCSseq.similarity(own, other), len(own), len(other))


def _f1(shared: int, own: int, other: int) -> float:
    return 2 * shared / (own + other) if shared else 0.0


def _grams(tokens: Sequence[str], size: int) -> "Counter[Any]":
    return Counter(zip(*(tokens[start:] for start in range(size)), strict=False))


@lru_cache(maxsize=200_000)
def _stemmed(word: str) -> str:
    return str(_stemmer().stem(word)) if len(word) > _STEMMED_CHARS else word


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()
