"""Sanitizing foreign text for a line of a message; its words stay unchanged."""

import re
import unicodedata

from bot.render.limits import utf16_units
from bot.texts.bidi import without_open_isolates, without_overrides

__all__ = ["cut", "one_line"]

# Control characters that are no white space, which is folded.
_CONTROLS = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")

_SURROGATES = re.compile("[\ud800-\udfff]")

# What may not be parted from the character before it, besides marks: joiners, vowels of Thai,
# Lao and Hangul, half-width voicing, skin tones and the tags of flags.
_CLINGING = re.compile(
    "[\u200d\u0e33\u0eb3\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f"
    "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)

# The combining class of viramas, which join the letter behind them.
_VIRAMA = 9

# Two letters make a flag; which two, only the row they stand in says.
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]{2}")

# A cut goes back to a space unless that costs more than this share of the text.
_MAX_LOST_SHARE = 0.4


def one_line(text: str) -> str:
    """Return ``text`` on one line: white space folded, controls gone, direction contained.

    Words, punctuation and combining marks stay as they are. A lone surrogate, which no
    message can carry, becomes U+FFFD. "" for nothing but white space and controls. Linear in
    the length of ``text``; never raises.
    """
    if text.isascii() and text.isprintable():  # by far the most, and nothing to take out
        return " ".join(text.split())
    text = _SURROGATES.sub("\ufffd", without_overrides(_CONTROLS.sub("", text)))
    return " ".join(without_open_isolates(text).split())


def cut(text: str, max_units: int) -> str:
    """Return ``text`` in at most ``max_units`` UTF-16 units, its end replaced by "…" if longer.

    The cut falls between words, unless that costs over two fifths of the text, and never inside
    a character: an accent, an emoji's skin tone, a joined family or a row of flags stays whole or
    goes whole. ``max_units`` is at least 1. Linear in ``text``; never raises.
    """
    if utf16_units(text) <= max_units:
        return text
    units, end = 0, 0
    for end, character in enumerate(text):  # noqa: B007 - the last index is the result
        units += utf16_units(character)
        if units > max_units - 1:
            break
    while end and (  # while the character at the end belongs to the one before it
        unicodedata.category(text[end])[0] == "M"
        or _FLAG_LETTERS.match(text, end - 1) is not None
        or _CLINGING.match(text[end]) is not None
        or text[end - 1] == "\u200d"
        or unicodedata.combining(text[end - 1]) == _VIRAMA
    ):
        end -= 1
    space = text.rfind(" ", 0, end + 1)
    if space >= end * (1 - _MAX_LOST_SHARE):
        end = space
    return without_open_isolates(text[:end].rstrip()) + "…"
