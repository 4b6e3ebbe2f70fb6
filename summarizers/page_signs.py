"""What the page that a line stands on says of the line: whether it reports, and what was passed.

A sermon, an offer or a form has no bad sentence by itself; its first sentences together have no
day, no office and nobody who says anything, and speak of I and you.
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise
from math import log1p

from summarizers.candidates import CandidateSentence
from summarizers.line_signs import LINE_SIGNS, line_signs, speaks_to_reader
from summarizers.news_signs import news_signs, roots_of
from summarizers.terms import find_words, terms_of

__all__ = ["PAGE_SIGNS", "Page"]

# What is read of a document: readers who judged a line had so much of its article beside it.
_READ_CHARS = 1_500
# Of shorter texts, as feeds bring them, readers judged too few: what such a page has in the mean
# is what the line has.
_MIN_SENTENCES = 4
# The signs of lines of which a page has a mean.
_MEANS = (
    "figure",
    "names",
    "date",
    "body",
    "reporting",
    "scene",
    "weak",
    "length",
    "person",
    "question",
    "exclamation",
    "colon",
    "quotation",
    "pronouns",
    "also",
    "of the title",
    "commas",
    "share in the title",
)
# The signs of the next line that may say that the news is still to come.
_NEXT = ("of the title", "names", "share of the title", "date", "reporting")
# Counts say no more above these.
_MANY_WORDS = 20
_MANY_NAMES = 4
_FAR = 15
_MANY_LINES = 3.0  # as a logarithm, 20 sentences
# A line of which a tenth are digits, or capitals, is full of them.
_FULL = 10
_STOPS = ".!?…。！？।؟۔"

PAGE_SIGNS = (
    *(f"page: {sign}" for sign in _MEANS),
    "page: lines",
    "page: lines lost",
    "page: lines that go on",
    "title: figure",
    "title: question",
    "title: colon",
    "title: exclamation",
    "title: words",
    "title: names",
    "title: person",
    *(f"next: {sign}" for sign in _NEXT),
    "next: in the line",
    "share passed over",
    "share in other lines",
    "distance",
    "needs a noun",
    "points back",
    "of another document",
    "digits",
    "capitals",
    "stop",
)


class Page:
    """The title of a document, and those of its candidates in its first 1,500 characters.

    ``candidates`` are of one document, in order; it has so many ``sentences``, unfit ones too.
    Nothing is read before a sign is asked for.
    """

    def __init__(
        self,
        language: str,
        title: str,
        candidates: Sequence[CandidateSentence],
        sentences: int,
    ) -> None:
        self._language = language
        self._title = title
        self._all = candidates
        self._sentences = sentences

    def signs(
        self,
        line: CandidateSentence,
        *,
        shown: frozenset[str] = frozenset(),
        told: Collection[int] = (),
        is_lead: bool = True,
    ) -> list[float]:
        """Return what is seen of a ``line`` of this page, by ``PAGE_SIGNS``: numbers from -2 to 2.

        ``shown`` are the roots of its story's title and of all that is told above it, ``told``
        the places of what is told of this page. ``is_lead``: the story has the page's title.
        Linear in the page.
        """
        roots = roots_of(self._language, line.terms)
        passed: set[str] = set()
        others: set[str] = set()
        for found, own in zip(self._lines, self._roots, strict=True):
            if found.place == line.place:
                continue
            others |= own
            if found.place < line.place and found.place not in told:
                passed |= own
        size = max(len(roots), 1)
        last = max(told, default=-1)
        letters = max(len(line.text), 1)
        return [
            *self._of_page,
            *self._after(line.place, roots),
            len((roots & passed) - shown) / size,
            len(roots & others) / size,
            min(max(line.place - last - 1, 0), _FAR) / _FAR,
            float(bool(line.needs)),
            float(line.before is not None or line.is_stranded),
            float(not is_lead),
            min(sum(map(str.isdigit, line.text)) * _FULL / letters, 1.0),
            min(sum(map(str.isupper, line.text)) * _FULL / letters, 1.0),
            float(line.text[-1:] in _STOPS),
        ]

    @property
    def is_short(self) -> bool:
        """Whether the document has too few sentences to say what kind of page it is."""
        return self._sentences < _MIN_SENTENCES

    @cached_property
    def _lines(self) -> list[CandidateSentence]:
        return [found for found in self._all if found.start < _READ_CHARS]

    @cached_property
    def _roots(self) -> list[frozenset[str]]:
        return [roots_of(self._language, found.terms) for found in self._lines]

    @cached_property
    def _seen(self) -> list[dict[str, float]]:
        title = roots_of(self._language, terms_of(self._language)(self._title))
        return [
            dict(
                zip(
                    LINE_SIGNS,
                    line_signs(
                        found.text,
                        found.terms,
                        language=self._language,
                        title=title,
                        place=found.place,
                        words=found.words,
                    ),
                    strict=True,
                )
            )
            for found in self._lines
        ]

    @cached_property
    def _of_page(self) -> list[float]:
        """The signs of the page and its title, which are those of each of its lines."""
        seen, count = self._seen, max(len(self._lines), 1)
        goes_on = [bool(one & other) for one, other in pairwise(self._roots)]
        places = self._lines[-1].place + 1 if self._lines else 1
        words = find_words(self._title)
        return [
            *(sum(line[sign] for line in seen) / count for sign in _MEANS),
            min(log1p(len(seen)) / _MANY_LINES, 1.0),
            1 - min(len(seen) / places, 1.0),
            sum(goes_on) / max(len(goes_on), 1),
            float(any(map(str.isdigit, self._title))),
            float("?" in self._title),
            float(":" in self._title),
            float("!" in self._title),
            min(len(words), _MANY_WORDS) / _MANY_WORDS,
            min(len(news_signs(self._language).names(words[1:])), _MANY_NAMES) / _MANY_NAMES,
            float(speaks_to_reader(self._title, self._language)),
        ]

    def _after(self, place: int, roots: frozenset[str]) -> list[float]:
        for found, seen, own in zip(self._lines, self._seen, self._roots, strict=True):
            if found.place > place:
                return [*(seen[sign] for sign in _NEXT), len(own & roots) / max(len(own), 1)]
        return [0.0] * (len(_NEXT) + 1)
