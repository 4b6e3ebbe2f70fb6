"""A long plain text in pieces that each fit into one message."""

import re

from bot.render.limits import TELEGRAM_LIMITS, utf16_units

__all__ = ["text_pieces"]

# A character is one or two units, so the text is cut by characters where nothing else divides it.
_UNITS_PER_CHAR = 2
_WORDS = re.compile(r"\S+\s*")


def text_pieces(text: str, max_units: int = TELEGRAM_LIMITS.units) -> list[str]:
    """Return ``text`` in pieces of at most ``max_units`` (2 or more), in order; [] for a blank one.

    It is cut at ends of lines; a longer line between words, a longer word between characters.
    White space at the ends of pieces, which Telegram strips, is left out. Linear.
    """
    pieces: list[str] = []
    taken: list[str] = []
    units = 0
    for chunk in _chunks(text, max_units):
        size = utf16_units(chunk)
        # What is blank at the end of a piece takes no room in it.
        if taken and units + utf16_units(chunk.rstrip()) > max_units:
            pieces.append("".join(taken))
            taken, units = [], 0
        taken.append(chunk)
        units += size
    pieces.append("".join(taken))
    return [piece for piece in map(str.strip, pieces) if piece]


def _chunks(text: str, max_units: int) -> list[str]:
    """Return lines with their ends; of a line that is too long words, of a word characters."""
    chunks = []
    for line in text.splitlines(keepends=True):
        if utf16_units(line.rstrip()) <= max_units:
            chunks.append(line)
            continue
        for word in _WORDS.findall(line):
            if utf16_units(word.rstrip()) <= max_units:
                chunks.append(word)
                continue
            step = max_units // _UNITS_PER_CHAR
            chunks += [word[at : at + step] for at in range(0, len(word), step)]
    return chunks
