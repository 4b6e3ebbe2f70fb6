"""Detection of boilerplate by repetition: lines that a publisher puts into many articles."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable

__all__ = ["digest", "repeated", "without"]

# A line in so many articles of one outlet belongs to the outlet, not to the articles.
MIN_ARTICLES = 3
# Longer lines are paragraphs: background that is repeated from day to day.
_MAX_CHARS = 200
# The share of an article that must be left; with less, the lines were the article.
_MIN_SHARE = 0.5


def digest(line: str) -> str:
    """Return a stable digest of a line (24 hexadecimal digits), stored in its place.

    The line is taken as it is, white space included. Never raises.
    """
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def repeated(texts: Iterable[str]) -> set[str]:
    """Return the lines of up to 200 characters that at least three of ``texts`` have.

    A line counts once for a text, however often it stands there; an empty one never. Linear.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({line for line in text.split("\n") if 0 < len(line) <= _MAX_CHARS})
    return {line for line, times in counts.items() if times >= MIN_ARTICLES}


def without(text: str, digests: Collection[str]) -> str:
    """Return ``text`` without the lines with these ``digests``, unless they are most of it.

    Then, if less than half would be left, it comes back as it is. ``digests`` are of ``digest``,
    in a set, for each line of up to 200 characters is looked up.
    """
    if not digests:
        return text
    lines = text.split("\n")
    kept = "\n".join(
        line for line in lines if len(line) > _MAX_CHARS or digest(line) not in digests
    )
    return kept if len(kept) >= _MIN_SHARE * len(text) else text
