"""What a folded quote shows: its first three rows, at best as whole lines.

A phone shows three rows of some 40 characters of a quote that is folded; a sentence that begins
there and ends below is cut in the reader's eye.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["FOLDED_ROWS", "is_cut", "rows_of", "with_whole_first", "with_whole_head"]

FOLDED_ROWS = 3

# Of 38 to 45 on phones of usual width, at the size of type that Telegram sets.
_ROW_CHARS = 41

# Letters of scripts that are twice as wide.
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]"
)

_T = TypeVar("_T")


def rows_of(text: str) -> int:
    """Return how many rows a line of ``text`` takes on a phone, about; at least 1."""
    width = len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))
    return max(1, -(-width // _ROW_CHARS))


def is_cut(rows: Sequence[int]) -> bool:
    """Return whether the fold falls inside of a line, given how many ``rows`` each takes."""
    shown = 0
    for count in rows:
        shown += count
        if shown >= FOLDED_ROWS:
            return shown > FOLDED_ROWS
    return False


def with_whole_head(head: Sequence[_T], rest: Sequence[_T], rows: Sequence[int]) -> tuple[_T, ...]:
    """Return ``head`` and then ``rest``, or the first of ``rest`` before them if that is whole.

    ``rows`` are those of the lines in that first order. The first of ``rest`` goes up only where
    the fold would cut a line, and then cuts none. Linear; raises IndexError for fewer ``rows``.
    """
    usual = (*head, *rest)
    if not head or not rest or not is_cut(rows):
        return usual
    count = len(head)
    moved = (rows[count], *rows[:count], *rows[count + 1 :])
    return usual if is_cut(moved) else (rest[0], *head, *rest[1:])


def with_whole_first(
    runs: Sequence[Sequence[int]], free: Sequence[int], head: Sequence[int]
) -> int:
    """Return which of ``runs`` of lines, by their rows, should come first.

    ``free`` are those that may, in order of preference; ``head`` are the rows of the lines above.
    Another than the first of them is chosen only where the fold would cut a line, and then cuts
    none. Raises IndexError if ``free`` is empty. O(n) in the lines, for each of ``free``.
    """
    for first in free:
        others = (rows for place, run in enumerate(runs) if place != first for rows in run)
        lines = [*runs[first], *others]
        if not is_cut([*head, *lines]) or (head and not is_cut([lines[0], *head, *lines[1:]])):
            return first
    return free[0]
