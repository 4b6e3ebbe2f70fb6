"""sumy's algorithms behind our contract, and the lead.

sumy and the NLTK it brings are imported at the first use only: together they take over a
second. Its tokenizer, which would download a model, is never used.
"""

import math
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from summarizers.stopwords import stop_words
from summarizers.story import CandidateSentence, Story
from summarizers.terms import terms_of

__all__ = ["CLASSIC", "rank_classic", "rank_lead"]

# LexRank, TextRank, LSA and reduction compare all sentences with each other: 300 take about
# half a second, 1,000 took 8 s.
_MAX_SENTENCES = 300
# Module and class of each method, below sumy.summarizers.
CLASSIC = {
    "lexrank": "lex_rank.LexRankSummarizer",
    "textrank": "text_rank.TextRankSummarizer",
    "lsa": "lsa.LsaSummarizer",
    "luhn": "luhn.LuhnSummarizer",
    "edmundson": "edmundson.EdmundsonSummarizer",
    "sumbasic": "sum_basic.SumBasicSummarizer",
    "reduction": "reduction.ReductionSummarizer",
}
# Edmundson's cue words: sentences with the first tell results, with the second they hedge.
_BONUS = ("first", "largest", "most", "according", "announced", "killed", "agreed", "new")
_STIGMA = ("perhaps", "maybe", "hardly", "for example", "impossible")


def rank_lead(story: Story) -> list[int]:
    """Return the candidates in turns: the first of each document, then the second of each.

    Indexes of ``story.candidates``, all of them. O(n log n).
    """
    turns: list[tuple[int, int, int]] = []
    seen = [0] * len(story.lengths)
    for index, candidate in enumerate(story.candidates):
        turns.append((seen[candidate.document], candidate.document, index))
        seen[candidate.document] += 1
    return [index for _, _, index in sorted(turns)]


def rank_classic(story: Story, method: str) -> list[int] | None:
    """Return the candidates by falling score of a ``method`` of CLASSIC, None without scores.

    Indexes of ``story.candidates``; of equal scores the earlier one comes first. There are no
    scores where no candidate has a term, where they are not finite (LexRank, if no two
    sentences share a word) or where sumy raises (LSA on a single word). Of long input the first
    sentences of each document are ranked, 300 in all. CPU work that blocks, quadratic in their
    number for most methods; the first call in a process imports sumy, for over a second. Raises
    KeyError for a method that is not in CLASSIC, unless no candidate has a term.
    """
    indexes = sorted(rank_lead(story)[:_MAX_SENTENCES])
    candidates = [story.candidates[index] for index in indexes]
    if not any(candidate.terms for candidate in candidates):
        return None
    module, _, name = CLASSIC[method].partition(".")
    summarizer = getattr(import_module(f"sumy.summarizers.{module}"), name)()
    if method == "edmundson":
        terms = terms_of(story.language)
        # Title words are the best cues we have in any language.
        titles = {term for title in story.titles for term in title}
        # sumy refuses empty sets.
        summarizer.bonus_words = titles | {t for word in _BONUS for t in terms(word)} | {"\0"}
        summarizer.stigma_words = {t for word in _STIGMA for t in terms(word)} | {"\0"}
        summarizer.null_words = stop_words(story.language) | {"\0"}
    else:
        summarizer.stop_words = stop_words(story.language)
    scores = _scores(summarizer, candidates, story)
    if scores is None or not all(map(math.isfinite, scores)):
        return None
    ranking = sorted(range(len(scores)), key=lambda position: (-scores[position], position))
    return [indexes[position] for position in ranking]


def _scores(
    summarizer: Any, candidates: Sequence[CandidateSentence], story: Story
) -> list[float] | None:
    """Return the rating of each candidate by a summarizer of sumy, in order; None if it fails."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence  # noqa: PLC0415

    # Each of our documents is a paragraph of sumy's, headed by the words of its title.
    tokenizer = _Tokenizer(story.language)
    paragraphs = []
    for number, title in enumerate(story.titles):
        own = [Sentence(c.text, tokenizer) for c in candidates if c.document == number]
        heading = [Sentence(" ".join(title), tokenizer, is_heading=True)] if title else []
        paragraphs.append(Paragraph([*heading, *own]))
    scores = [0.0] * len(candidates)

    def collect(infos: Sequence[Any]) -> Sequence[Any]:
        # By order, not by text: two equal sentences are two candidates.
        for info in infos:
            scores[info.order] = float(info.rating)
        return ()

    with warnings.catch_warnings():
        # sumy 0.13 divides 0 by 0 where no sentence has a known word.
        warnings.simplefilter("ignore")
        try:
            summarizer(ObjectDocumentModel(paragraphs), collect)
        except (ValueError, ArithmeticError, IndexError, KeyError, AssertionError):
            return None  # LinAlgError is a ValueError
    return scores


class _Tokenizer:
    """The part of sumy's tokenizer that its documents use."""

    def __init__(self, language: str) -> None:
        self._terms = terms_of(language)

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(self._terms(text))
