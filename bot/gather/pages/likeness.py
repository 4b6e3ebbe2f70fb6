"""How like two pieces of text are, in any script."""

from functools import lru_cache

from bot.domain.text_length import text_length
from bot.gather.pages.blocks import letters

__all__ = ["is_like", "shares_beginning"]

_TRIGRAM = 3
_LIKE = 0.8
# Shorter ones (see ``text_length``) are alike by accident, unless they are the same.
_MIN_LETTERS = 12
_MAX_LETTERS = 1_000
_BEGINNING = 120
_MIN_BEGINNING = 20
_BEGINS_ALIKE = 0.7


def is_like(a: str, b: str) -> bool:
    """Return whether two lines say the same but for a word or the punctuation.

    They have the same letters, or four of five trigrams of letters in common; one that is twice as
    long as the other says more, and one of over 1,000 letters is like none. Linear.
    """
    a, b = letters(a), letters(b)
    if not a or not b:
        return False
    if a == b:
        return True
    if max(len(a), len(b)) > min(2 * min(len(a), len(b)), _MAX_LETTERS):
        return False  # nearly all lines of a page: spares looking at their trigrams
    if min(text_length(a), text_length(b)) < _MIN_LETTERS:
        return False
    return _shared(a, b) >= _LIKE * max(len(_trigrams(a)), len(_trigrams(b)))


def shares_beginning(a: str, b: str) -> bool:
    """Return whether two texts begin alike, as far as the shorter one goes, or 120 letters.

    Publishers cut a lead for their meta tags, and leave out its place and time.
    """
    a, b = letters(a), letters(b)
    if min(text_length(a), text_length(b)) < _MIN_BEGINNING:
        return False
    chars = min(len(a), len(b), _BEGINNING)
    a, b = a[:chars], b[:chars]
    return _shared(a, b) >= _BEGINS_ALIKE * min(len(_trigrams(a)), len(_trigrams(b)))


def _shared(a: str, b: str) -> int:
    return len(_trigrams(a) & _trigrams(b))


@lru_cache(maxsize=256)  # a page's titles are compared with each of its lines
def _trigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _TRIGRAM] for at in range(max(1, len(text) - _TRIGRAM + 1)))
