"""What a line adds to what stands above it: names and figures, roots of its own, signs of news.

The title told again in other words shares no more of it than a good report does; it adds less.
"""

from summarizers.candidates import CandidateSentence
from summarizers.news_signs import news_signs, roots_of
from summarizers.terms import find_words

__all__ = ["ADDED_SIGNS", "added_signs"]

# Counts say no more above these.
_MANY_MARKS = 4
_MANY_NEW = 10
_MANY_OWN = 20
# A sentence of fewer words is mostly a heading or half of something.
_FEW_WORDS = 7
# News shows so many of a day, an office, a verb of reporting, a figure and a root of the title.
_SIGNS = 2

ADDED_SIGNS = (
    "adds marks",
    "adds no mark",
    "new roots",
    "roots of its own",
    "two signs",
    "very short",
    "begins a paragraph",
    "begins in capitals",
)


def added_signs(
    line: CandidateSentence, *, language: str, title: frozenset[str], shown: frozenset[str]
) -> list[float]:
    """Return what a line adds, by ``ADDED_SIGNS``: numbers between 0 and 2.

    ``title`` are the roots (``roots_of``) of the title it stands below, ``shown`` those of that
    title and of all that is told above it. Marks are figures and names. Linear.
    """
    signs = news_signs(language)
    words = find_words(line.text)
    own = roots_of(language, line.terms)
    marks = len(roots_of(language, signs.marks(line.text, line.terms)) - title)
    has_figure = any(map(str.isdigit, line.text))
    count = signs.count(line.text) + has_figure + (not own.isdisjoint(title))
    return [
        min(marks, _MANY_MARKS) / _MANY_MARKS,
        float(marks == 0),
        min(len(own - shown), _MANY_NEW) / _MANY_NEW,
        min(len(own - title), 2 * _MANY_OWN) / _MANY_OWN,
        float(count >= _SIGNS),
        float(len(words) < _FEW_WORDS),
        float(line.begins),
        float(bool(words) and words[0].isupper()),
    ]
