"""Near-duplicates: copies of one text that many outlets carry, found by 63-bit fingerprints.

One-permutation MinHash (Li, Owen, Zhang, NIPS 2012), one bit a bin (Li and König, WWW
2010): two texts that share a fraction J of their shingles agree in (1 + J) / 2 of the bits.
"""

from collections.abc import Sequence
from hashlib import blake2b

from bot.topics.tokens import search_tokens

__all__ = ["copies", "fingerprint", "is_copy"]

# A database integer is signed and has 64 bits.
_BITS = 63
_SHINGLE_TOKENS = 4
# Enough to know a text by; bounds the cost of a hostile one.
_MAX_TOKENS = 2_000
# Fewer tokens than this are a headline or a stub: alike by chance, a copy of nothing.
_MIN_TOKENS = 20
# Bits that copies may differ in: 12 of 63 stands for J = .62. Of 250 articles all lightly
# edited copies were within it, of 31,125 pairs of different ones none (docs/decisions/0041).
_MAX_DIFFERENCE = 12
_EMPTY = 0


def fingerprint(text: str) -> int:
    """Return 63 bits that are nearly equal for nearly equal texts; 0 below 20 tokens.

    The same in every process and version of Python. Spelling of case, accents, white space
    and punctuation does not count. Below 2**63, so that it fits a database integer. CPU work,
    linear in ``text``, of which the first 2,000 tokens count; never raises.
    """
    tokens = search_tokens(text)[:_MAX_TOKENS]
    if len(tokens) < _MIN_TOKENS:
        return _EMPTY
    lowest: list[int | None] = [None] * _BITS
    for start in range(len(tokens) - _SHINGLE_TOKENS + 1):
        shingle = " ".join(tokens[start : start + _SHINGLE_TOKENS])
        digest = blake2b(shingle.encode(), digest_size=8).digest()
        hashed = int.from_bytes(digest, "big")
        place, value = hashed % _BITS, hashed // _BITS
        known = lowest[place]
        if known is None or value < known:
            lowest[place] = value
    # One bit a bin; an empty bin takes the next full one's (Shrivastava and Li 2014). There is
    # a full one, since a text has at least one shingle. Twice around the bins, so that the
    # last ones know what follows them.
    result, bit = 0, 0
    for place in reversed(range(2 * _BITS)):
        known = lowest[place % _BITS]
        if known is not None:
            bit = known & 1
        if place < _BITS:
            result |= bit << place
    return result or 1


def is_copy(a: int, b: int) -> bool:
    """Return whether two fingerprints are of nearly the same text; False if either is 0."""
    return _EMPTY not in (a, b) and (a ^ b).bit_count() <= _MAX_DIFFERENCE


def copies(fingerprints: Sequence[int]) -> set[int]:
    """Return the positions, from 0, whose text an earlier position already has.

    Fingerprints of 0 are copies of nothing; nor is what is like an earlier copy alone. Quadratic
    in the number of different texts: meant for the articles of one story.
    """
    originals: list[int] = []
    found = set()
    for position, print_ in enumerate(fingerprints):
        if any(is_copy(print_, original) for original in originals):
            found.add(position)
        else:
            originals.append(print_)
    return found
