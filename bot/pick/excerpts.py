"""An article without the sentences that must not be quoted; offsets still lead to its text."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.article import StoredArticle
from summarizers import split_sentences

__all__ = ["Excerpt", "excerpt"]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Runs of an article's text, joined by new lines into ``text``.

    ``places`` says for each run where it starts in ``text`` and in the article's text.
    """

    stored: StoredArticle
    text: str
    places: tuple[tuple[int, int], ...]

    def locate(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where ``text[start:end]`` stands in the article's text; None across runs."""
        run = bisect_right(self.places, start, key=lambda place: place[0]) - 1
        if run + 1 < len(self.places) and end >= self.places[run + 1][0]:
            return None
        shift = self.places[run][1] - self.places[run][0]
        return start + shift, end + shift


def excerpt(stored: StoredArticle, is_wanted: Callable[[str], bool]) -> Excerpt | None:
    """Return ``stored`` with only the sentences that are wanted, None if there are none.

    An article whose sentences are all wanted is left as it is, white space included.
    """
    text = stored.article.text
    spans = split_sentences(text, stored.article.language)
    kept = [(start, end) for start, end in spans if is_wanted(text[start:end])]
    if not kept:
        return None
    if len(kept) == len(spans):
        return Excerpt(stored, text, ((0, 0),))
    runs = _runs(spans, set(kept))
    pieces, places, length = [], [], 0
    for start, end in runs:
        places.append((length, start))
        pieces.append(text[start:end])
        length += end - start + 1  # and the new line
    return Excerpt(stored, "\n".join(pieces), tuple(places))


def _runs(spans: list[tuple[int, int]], kept: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``kept``, neighbours joined to one span each."""
    runs: list[tuple[int, int]] = []
    previous_kept = False
    for start, end in spans:
        is_kept = (start, end) in kept
        if is_kept and previous_kept:
            runs[-1] = (runs[-1][0], end)
        elif is_kept:
            runs.append((start, end))
        previous_kept = is_kept
    return runs
