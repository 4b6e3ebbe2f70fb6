"""Sentences as numbers, to remember what a room was told."""

import unicodedata
from hashlib import blake2b

__all__ = ["sentence_hash"]


def sentence_hash(text: str) -> int:
    """Return 63 bits that stand for a sentence, the same in every process.

    Case, compatibility forms (NFKC), white space and punctuation do not count.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = "".join(char if _is_spoken(char) else " " for char in folded).split()
    # A text of nothing but signs stands for itself.
    known_by = " ".join(words) or "".join(folded.split())
    digest = blake2b(known_by.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _is_spoken(char: str) -> bool:
    """Say whether a character belongs to a word: a letter, a digit, or a mark on a letter."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"
