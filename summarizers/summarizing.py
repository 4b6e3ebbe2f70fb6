"""From documents to a summary: read, rank, choose within the budget, order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from summarizers.choosing import choose_ranked
from summarizers.story import Story, read_story
from summarizers.sumy_methods import CLASSIC, rank_classic, rank_lead
from summarizers.values import Budget, Document, Sentence, Summary

__all__ = ["DEFAULT_METHOD", "METHODS", "summarize", "summarize_in_turn"]

DEFAULT_METHOD = "centroid"

METHODS = ("centroid", "lead", *CLASSIC)

_LATEST = datetime.max.replace(tzinfo=UTC)


def summarize(
    documents: Sequence[Document],
    *,
    budget: Budget,
    language: str = "",
    method: str = DEFAULT_METHOD,
    known: Iterable[str] = (),
    wanted: Callable[[str], bool] | None = None,
) -> Summary:
    """Return the sentences that tell best what ``documents`` say, word for word.

    The documents tell one story in one ``language`` (ISO 639-1; guessed if ""). ``known``
    are sentences the reader was told already: they are not repeated. ``wanted`` may refuse
    sentences; it is better than cutting them out of a text, because what leans on a
    refused sentence is then left out too; it is called once a sentence at most. A summary
    is empty where no sentence is fit or none fits the budget. Its sentences stand in
    reading order: see ``Summary``. Of very long input the first 4,000,000 characters are
    read.

    CPU work that is not interrupted: linear in the length of the texts for "centroid" and
    "lead", quadratic in up to 300 sentences for the others; in the budget quadratic for all, up
    to the sentences there are. Each sentence is also compared with each of ``known``. Safe in
    worker processes. Raises ValueError for a ``method`` that is not in METHODS, and what
    ``wanted`` raises. Naive dates of ``documents`` raise TypeError only where one must be
    compared with an aware or missing date.
    """
    (summary,) = summarize_in_turn(
        documents, budgets=[budget], language=language, method=method, known=known, wanted=wanted
    )
    return summary


def summarize_in_turn(
    documents: Sequence[Document],
    *,
    budgets: Iterable[Budget],
    language: str = "",
    method: str = DEFAULT_METHOD,
    known: Iterable[str] = (),
    wanted: Callable[[str], bool] | None = None,
    lead: int | None = None,
) -> tuple[Summary, ...]:
    """Return a summary for each budget, none of which repeats what those before it say.

    The documents are read once; otherwise each summary is what ``summarize`` gives to a
    reader who knows the sentences of those before, but that the document at the index ``lead``
    opens, if it has a sentence that stands alone. Summaries go by ``budgets``; () without
    any. CPU work that blocks; raises what ``summarize`` does, and what iterating ``budgets``
    raises.
    """
    if method not in METHODS:
        raise ValueError(f"no method {method!r}; there are {', '.join(METHODS)}")
    story = read_story(documents, language, known=known, wanted=wanted)
    summaries: list[Summary] = []
    for budget in budgets:
        if summaries:
            story = story.after(sentence.text for sentence in summaries[-1].sentences)
        summaries.append(_summary(story, budget, method, documents, lead))
    return tuple(summaries)


def _summary(
    story: Story, budget: Budget, method: str, documents: Sequence[Document], lead: int | None
) -> Summary:
    """Return the summary of ``story``, document by document, each in its own order.

    The document ``lead`` opens or, without one, that whose sentence stands nearest to its
    beginning, for it tells the news; the others follow by time. A sentence stays behind the one
    it leans on.
    """
    used, indexes = _choose(story, budget, method)
    if not indexes:
        # Better a "He" than nothing at all: each document's first candidate may stand alone,
        # and what leans on it follows.
        freed = []
        stranded = True
        for found in story.candidates:
            stranded = not (
                (found.is_stranded and found.place == 0)
                or (found.before is not None and not stranded)
            )
            freed.append(found if stranded else replace(found, is_stranded=False))
        story = replace(story, candidates=freed)
        used, indexes = _choose(story, budget, method)
    if lead is not None:
        indexes = _with_lead(story, indexes, lead, budget)
    chosen = [story.candidates[index] for index in indexes]
    opening = min(
        ((found.document != lead, found.place, found.document) for found in chosen),
        default=(False, 0, 0),
    )[2]
    chosen.sort(
        key=lambda found: (
            found.document != opening,
            documents[found.document].published_at or _LATEST,
            found.document,
            found.place,
        )
    )
    return Summary(
        sentences=tuple(
            Sentence(document=found.document, start=found.start, end=found.end, text=found.text)
            for found in chosen
        ),
        method=used,
    )


def _with_lead(story: Story, indexes: list[int], lead: int, budget: Budget) -> list[int]:
    """Return ``indexes``, of which the last that can be spared makes room for the lead's first.

    As they are where one is of the lead already, or it has none that stands alone and fits.
    """
    if any(story.candidates[index].document == lead for index in indexes):
        return indexes
    first = next(
        (
            index
            for index, found in enumerate(story.candidates)
            if found.document == lead and found.before is None and not found.is_stranded
        ),
        None,
    )
    leant_on = {story.candidates[index].before for index in indexes}
    spare = next((index for index in reversed(indexes) if index not in leant_on), None)
    if first is None or spare is None:
        return indexes
    kept = [index for index in indexes if index != spare]
    words = sum(story.candidates[index].words for index in (*kept, first))
    return indexes if budget.words is not None and words > budget.words else [*kept, first]


def _choose(story: Story, budget: Budget, method: str) -> tuple[str, list[int]]:
    """Return the method that was used, and the indexes it chose; the lead steps in."""
    if method == "centroid":
        from summarizers.centroid import choose_centroid  # noqa: PLC0415 - numpy takes 80 ms

        chosen = choose_centroid(story, budget)
    elif method in CLASSIC:
        chosen = choose_ranked(story, rank_classic(story, method) or (), budget)
    else:
        chosen = []
    return (method, chosen) if chosen else ("lead", choose_ranked(story, rank_lead(story), budget))
