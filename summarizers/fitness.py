"""How likely strict readers are to find a line fit to print, from what can be seen of it.

A logistic model of signs of the line and of its page, with weights fitted to lines that readers
judged by docs/judging.md (``benchmarks.fitness``). It knows no word but those of the languages'
lists, so that it holds for languages that nobody judged.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from operator import mul

from summarizers.added_signs import ADDED_SIGNS, added_signs
from summarizers.candidates import CandidateSentence
from summarizers.datafiles import load
from summarizers.line_signs import LINE_SIGNS, line_signs
from summarizers.page_signs import PAGE_SIGNS, Page

__all__ = ["SIGNS", "fitness_of", "follows_likely", "opens_likely", "signs_of"]

SIGNS = (*LINE_SIGNS, *PAGE_SIGNS, *ADDED_SIGNS)
# Of openings that are less likely fit readers found three in ten fit, of lines below them half.
_LIKELY_OPENING = 0.5
_LIKELY_LINE = 0.55
# So is the sentence right behind an opening that nothing else follows, of which readers found six
# in ten fit: better than a story of one line. And another outlet's, of which half were fit.
_LIKELY_NEXT = 0.47
_LIKELY_OTHER = 0.5
# News seldom begins with the fourth sentence: of such openings, if likely, six in ten were fit.
_LIKELY_LATE = 0.6
# An opening of a few words shows few signs of anything: "Ada Lund is innocent."
_LIKELY_SHORT = 0.25
# Of short pages the model has seen too little: only what it finds bad is refused.
_DOUBTFUL_OPENING = 0.25
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
        *added_signs(line, language=language, title=title, shown=shown or title),
    ]


def fitness_of(signs: Sequence[float], *, opens: bool) -> float:
    """Return the probability that a line with such ``signs`` is fit, as the first or a later one.

    The first call in a process reads a data file.
    """
    weights, constant = _weights("opening" if opens else "following")
    total = constant + sum(map(mul, weights, signs))
    return 1 / (1 + math.exp(-total))


def opens_likely(
    fitness: float, page: Page, *, is_brief: bool = False, is_late: bool = False
) -> bool:
    """Return whether a line of a ``page`` is likely enough fit to be told first.

    ``is_brief``: it has only a few words, and shows little. ``is_late``: it is not among the first
    three sentences of its page.
    """
    if is_late and not page.is_short:
        return fitness >= _LIKELY_LATE
    if is_brief:
        return fitness >= _LIKELY_SHORT
    return fitness >= (_DOUBTFUL_OPENING if page.is_short else _LIKELY_OPENING)


def follows_likely(
    fitness: float, page: Page, *, is_lead: bool = True, is_next: bool = False
) -> bool:
    """Return whether a line of a ``page`` is likely enough fit to be told below another.

    ``is_lead``: it stands below the title of its own page. ``is_next``: it goes on from the
    opening, and nothing else is told.
    """
    if page.is_short:
        return fitness >= _DOUBTFUL_LINE
    if not is_lead:
        return fitness >= _LIKELY_OTHER
    return fitness >= (_LIKELY_NEXT if is_next else _LIKELY_LINE)


@lru_cache(maxsize=2)
def _weights(position: str) -> tuple[tuple[float, ...], float]:
    data: Mapping[str, float] = load("fitness")[position]
    return tuple(data[sign] for sign in SIGNS), data["constant"]
