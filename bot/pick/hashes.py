"""Sentences as numbers, to remember what a room was told."""

import unicodedata
from hashlib import blake2b

__all__ = ["sentence_hash"]


def sentence_hash(text: str) -> int:
    """Return 63 bits that stand for a sentence, the same in every process.

    Case (but of a Turkish i), compatibility forms (NFKC), and what white space and signs part its
    words do not count, but for a sentence of nothing but signs. Below 2**63, so that it fits a
    database integer. Takes any string, lone surrogates included; never raises.
    """
    folded = text.lower() if text.isascii() else _folded(text)
    words = folded.translate(_SPOKEN).split()
    # A text of nothing but signs stands for itself.
    known_by = " ".join(words) or "".join(folded.split())
    digest = blake2b(known_by.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


# The living scripts; of all others nobody should make us keep a million.
_KEPT = 0x10000


class _Spoken(dict[int, int]):
    """Maps a character to itself if it belongs to a word, else to a space.

    Letters, digits and marks on letters belong to words. A briefing asks for thousands of
    sentences: each character is looked up once, not each time.
    """

    def __missing__(self, code: int) -> int:
        char = chr(code)
        is_spoken = char.isalnum() or unicodedata.category(char)[0] == "M"
        found = code if is_spoken else ord(" ")
        if code < _KEPT:
            self[code] = found
        return found


_SPOKEN = _Spoken()
