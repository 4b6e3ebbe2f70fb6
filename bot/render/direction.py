"""Text of one direction within a line of the other: Unicode's isolates around it.

Without them a name in Arabic pulls the digits and dots behind it to its own side
(Unicode Standard Annex 9, "Explicit Directional Isolates").
"""

import re

__all__ = ["is_right_to_left", "isolated"]

# First strong isolate: what it holds takes the direction of its first letter.
_OPEN, _CLOSE = "\u2068", "\u2069"

# Hebrew, Arabic, Syriac, Thaana, N'Ko and the other scripts written from right to left: the
# blocks that Unicode keeps for them.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Any letter of the other scripts.
_LEFT_TO_RIGHT = re.compile(
    "[^\\W\\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def is_right_to_left(text: str) -> bool:
    """Return whether a line that begins with ``text`` runs from right to left.

    By its first letter, as a screen decides; False without one. Linear in ``text``.
    """
    found = _RIGHT_TO_LEFT.search(text)
    return found is not None and _LEFT_TO_RIGHT.search(text, 0, found.start()) is None


def isolated(text: str, *, in_right_to_left: bool) -> str:
    """Return ``text`` as it may stand in a line, isolated if it has letters of the other direction.

    ``in_right_to_left`` is the line's direction. Linear in ``text``; never raises.
    """
    if text.isascii() and not in_right_to_left:  # by far the most
        return text
    foreign = _LEFT_TO_RIGHT if in_right_to_left else _RIGHT_TO_LEFT
    return f"{_OPEN}{text}{_CLOSE}" if foreign.search(text) else text
