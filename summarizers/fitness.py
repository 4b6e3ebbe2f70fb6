"""How likely strict readers are to find a line fit to print, from what can be seen of it.

A logistic model of signs of the line and of its page, with weights fitted to lines that readers
judged by docs/judging.md (``benchmarks.fitness``). It knows no word but those of the languages'
lists, so that it holds for languages that nobody judged.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from operator import mul

from summarizers.candidates import CandidateSentence
from summarizers.datafiles import load
from summarizers.line_signs import LINE_SIGNS, line_signs
from summarizers.page_signs import PAGE_SIGNS, Page

__all__ = ["SIGNS", "fitness_of", "is_likely", "signs_of"]

SIGNS = (*LINE_SIGNS, *PAGE_SIGNS)
# Of openings that are less likely fit readers found three in ten fit, of lines below them half.
_LIKELY_OPENING = 0.45
_LIKELY_LINE = 0.55
# Of short pages, and of another outlet's, the model has seen too little: only what it finds bad
# is refused.
_DOUBTFUL_OPENING = 0.3
_DOUBTFUL_LINE = 0.35


def signs_of(
    line: CandidateSentence,
    page: Page,
    *,
    language: str,
    title: frozenset[str],
    shown: frozenset[str] = frozenset(),
    told: Collection[int] = (),
    follows: bool = False,
    is_lead: bool = True,
) -> list[float]:
    """Return what is seen of a line of a ``page``, by ``SIGNS``: numbers between -2 and 2.

    ``title`` are the roots (``roots_of``) of the title it stands below, ``shown`` those of that
    title and of all that is told above it, empty where it is the first line; ``told`` are the
    places of what is told of its page. It ``follows`` if the line above is the sentence before
    it. ``is_lead``: it stands below the title of its own page. Linear.
    """
    return [
        *line_signs(
            line.text,
            line.terms,
            language=language,
            title=title,
            told=shown,
            place=line.place,
            follows=follows,
            words=line.words,
        ),
        *page.signs(line, shown=shown or title, told=told, is_lead=is_lead),
    ]


def fitness_of(signs: Sequence[float], *, opens: bool) -> float:
    """Return the probability that a line with such ``signs`` is fit, as the first or a later one.

    The first call in a process reads a data file.
    """
    weights, constant = _weights("opening" if opens else "following")
    total = constant + sum(map(mul, weights, signs))
    return 1 / (1 + math.exp(-total))


def is_likely(fitness: float, page: Page, *, opens: bool, is_lead: bool = True) -> bool:
    """Return whether a line of a ``page`` is likely enough fit to be told, first or later.

    ``is_lead``: it stands below the title of its own page.
    """
    if page.is_short or not is_lead:
        return fitness >= (_DOUBTFUL_OPENING if opens else _DOUBTFUL_LINE)
    return fitness >= (_LIKELY_OPENING if opens else _LIKELY_LINE)


@lru_cache(maxsize=2)
def _weights(position: str) -> tuple[tuple[float, ...], float]:
    data: Mapping[str, float] = load("fitness")[position]
    return tuple(data[sign] for sign in SIGNS), data["constant"]
