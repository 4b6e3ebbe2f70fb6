"""From documents to a summary: read, rank, choose within the budget, order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from summarizers.choosing import choose_ranked
from summarizers.lean import with_roots
from summarizers.openings import find_openers
from summarizers.story import CandidateSentence, Story, read_story
from summarizers.sumy_methods import CLASSIC, rank_classic, rank_lead
from summarizers.values import Budget, Document, Sentence, Summary

__all__ = ["DEFAULT_METHOD", "METHODS", "summarize", "summarize_in_turn"]

DEFAULT_METHOD = "centroid"

METHODS = ("centroid", "lead", *CLASSIC)


def summarize(
    documents: Sequence[Document],
    *,
    budget: Budget,
    language: str = "",
    method: str = DEFAULT_METHOD,
    known: Iterable[str] = (),
    wanted: Callable[[str], bool] | None = None,
    shown: Iterable[str] = (),
    lead: int | None = None,
    opening_is_news: bool = True,
) -> Summary:
    """Return the sentences that tell best what ``documents`` say, word for word.

    The documents tell one story in one ``language`` (ISO 639-1; guessed if ""). ``known``
    are sentences the reader was told already: they are not repeated. ``wanted`` may refuse
    sentences; it is better than cutting them out of a text, because what leans on a
    refused sentence is then left out too; it is called once a sentence at most. ``shown`` are
    texts that stand above the summary, besides the title of the document that opens. That is
    ``lead``, by its place in ``documents``, if it has a sentence that can open; else the one
    whose opening is best. A summary opens with the news: nothing that stands before its first
    sentence in its document is told. With ``opening_is_news`` False, as for an update, any
    sentence may come first. Sentences that lean (``summarizers.leaning``) are told where what
    they lean on is shown, or behind the one or two before them. A summary
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
        documents,
        budgets=[budget],
        language=language,
        method=method,
        known=known,
        wanted=wanted,
        shown=shown,
        lead=lead,
        opening_is_news=opening_is_news,
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
    shown: Iterable[str] = (),
    lead: int | None = None,
    opening_is_news: bool = True,
) -> tuple[Summary, ...]:
    """Return a summary for each budget, none of which repeats what those before it say.

    The documents are read once; otherwise each summary is what ``summarize`` gives to a
    reader who sees those before above it: only the first opens with the news, and below it
    nothing leans on what is not shown. Summaries go by ``budgets``; () without
    any. CPU work that blocks; raises what ``summarize`` does, and what iterating ``budgets``
    raises.
    """
    if method not in METHODS:
        raise ValueError(f"no method {method!r}; there are {', '.join(METHODS)}")
    story = read_story(documents, language, known=known, wanted=wanted, shown=shown)
    openers, is_news = find_openers(story, lead) if opening_is_news else ((), True)
    story = replace(story, lead=lead, openers=openers)
    summaries: list[Summary] = []
    chosen: list[CandidateSentence] = []
    for budget in budgets:
        if chosen:
            opening = chosen[0] if story.openers else None
            story = story.after(chosen, opening)
        used, chosen = _chosen(story, budget, method, is_first=not summaries)
        told = tuple(_sentences(chosen, story))
        summaries.append(Summary(sentences=told, method=used, is_news=is_news))
    return tuple(summaries)


def _sentences(chosen: Sequence[CandidateSentence], story: Story) -> Iterator[Sentence]:
    """Yield what was chosen of ``story``, in order."""
    for at, found in enumerate(chosen):
        leans = False
        if at:
            previous = chosen[at - 1]
            is_near = previous.document == found.document
            leans = found.before is not None or (
                is_near and (previous.is_half or _needs_previous(chosen, at, story))
            )
        yield Sentence(
            document=found.document,
            start=found.start,
            end=found.end,
            text=found.text,
            leans=leans,
        )


def _needs_previous(chosen: Sequence[CandidateSentence], at: int, story: Story) -> bool:
    """Return whether what a sentence needs is shown nowhere above the one before it."""
    needs = chosen[at].needs
    if not needs:
        return False
    title = story.titles[chosen[0].document]
    above = story.shown.union(
        *map(with_roots, (title, *(found.terms for found in chosen[: at - 1])))
    )
    return above.isdisjoint(needs)


def _chosen(
    story: Story, budget: Budget, method: str, *, is_first: bool
) -> tuple[str, list[CandidateSentence]]:
    """Return the method used and the sentences of a summary, document by document, in order.

    The document of the opening comes first; without one, that whose sentence stands nearest to
    its beginning, for it tells the news. The others follow by time. A sentence stays behind
    the one it leans on.
    """
    used, indexes = _choose(story, budget, method)
    if not indexes and is_first:
        # Better a "He" than nothing at all: each document's first sentence may stand alone.
        freed = list(story.candidates)
        for at, found in enumerate(freed):
            if found.place == 0:
                freed[at] = replace(
                    found, before=None, is_stranded=False, needs=frozenset(), is_half=False
                )
        story = replace(story, candidates=freed)
        used, indexes = _choose(story, budget, method)
    chosen = [story.candidates[index] for index in indexes]
    if chosen and indexes[0] in story.openers:
        leading: int | None = chosen[0].document
    elif any(found.document == story.lead for found in chosen):
        leading = story.lead
    else:
        leading = min(((found.place, found.document) for found in chosen), default=(0, 0))[1]
    chosen.sort(
        key=lambda found: (
            found.document != leading,
            story.order[found.document],
            found.place,
        )
    )
    return used, chosen


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
