"""Summaries of stories that are new to a reader, and so the same for many readers."""

from collections.abc import Callable

from bot.pick.hashes import sentence_hash
from summarizers import Budget, Document, Summary, summarize_in_turn

__all__ = ["MAX_SENTENCE_CHARS", "forget_summaries", "summaries_of_new"]

# A longer sentence is a wall on a phone, and mostly not one sentence.
MAX_SENTENCE_CHARS = 600
# What is remembered, in stories and in characters of their texts: a morning's. A worker's
# memory is limited, and a text may have a hundred thousand characters.
_MOST = 1_000
_MOST_CHARS = 10_000_000

# The documents, their language, which of them leads, and which are told with care (those of an
# earlier day, and those overtaken).
Story = tuple[tuple[Document, ...], str, int | None, frozenset[int], frozenset[int]]

# Of each story, the hashes of the sentences that could be quoted; and its summaries, by what
# was asked for and which of these sentences were not wanted.
_quotable: dict[Story, frozenset[int]] = {}
_summaries: dict[tuple[Story, tuple[Budget, ...], str, frozenset[int]], tuple[Summary, ...]] = {}


def summaries_of_new(
    documents: tuple[Document, ...],
    *,
    budgets: tuple[Budget, ...],
    language: str,
    method: str,
    never: frozenset[int],
    lead: int | None = None,
    careful: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset()),
    may_quote: Callable[[str], bool] = bool,
) -> tuple[Summary, ...]:
    """Return what ``summarize_in_turn`` does, without the sentences of the hashes ``never``.

    Sentences of more than 600 characters are left out, too. ``lead`` is the index of the document
    that opens, if one must. ``may_quote`` refuses sentences by nothing but the documents, their
    language and ``careful``. Pure, but for its memory: at a full hour thousands of readers are
    told the same stories, and what another was told of other stories makes no difference. CPU
    work that blocks, unless the process remembers the result: up to 1,000, or 10,000,000
    characters of texts; when full, it forgets all. Not for two threads at once. Raises what
    ``summarize_in_turn`` does.
    """
    story = documents, language, lead, *careful
    if story in _quotable:
        unwanted = never & _quotable[story]
        known = _summaries.get((story, budgets, method, unwanted))
        if known is not None:
            return known
    asked: set[int] = set()

    def is_wanted(sentence: str) -> bool:
        if len(sentence) > MAX_SENTENCE_CHARS or not may_quote(sentence):
            return False
        asked.add(sentence_hash(sentence))
        return sentence_hash(sentence) not in never

    found = summarize_in_turn(
        documents,
        budgets=budgets,
        language=language,
        method=method,
        wanted=is_wanted,
        lead=lead,
    )
    chars = sum(len(document.text) for texts, *_ in _quotable for document in texts)
    if len(_summaries) >= _MOST or chars >= _MOST_CHARS:
        forget_summaries()
    _quotable[story] = frozenset(asked)
    _summaries[story, budgets, method, never & frozenset(asked)] = found
    return found


def forget_summaries() -> None:
    """Empty this process's memory of summaries; they are made anew when asked for."""
    _summaries.clear()
    _quotable.clear()
