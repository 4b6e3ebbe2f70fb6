"""Looking for any of many phrases in a sentence, at the cost of looking at its words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Phrases", "alternatives"]

# A phrase is looked for only where a word begins as one of its own does. Five letters tell
# most words apart.
_KEY_CHARS = 5
_QUANTIFIER = re.compile(r"[?*+]\??|\{(\d*),?\d*\}\??")


class Phrases:
    """Finds whether any of ``patterns`` stands in a sentence, beginning with a word.

    Patterns are regular expressions in lower case without capturing groups. ``spaced`` says
    whether words have spaces between them; where they have none, or grow endings that are no
    letters, patterns may begin within a word, and each is looked for everywhere. Immutable.
    """

    def __init__(self, patterns: Iterable[str], *, spaced: bool) -> None:
        having: dict[str, list[str]] = defaultdict(list)
        anywhere: list[str] = []
        for pattern in dict.fromkeys(patterns):
            keys = _keys(pattern) if spaced else None
            for key in keys or ():
                having[key].append(pattern)
            if not keys:
                anywhere.append(pattern)
        # A bracket begins no word.
        begun = [rf"\b{one}" if spaced and one[:2] != r"\(" else one for one in anywhere]
        self._anywhere = re.compile("|".join(begun)) if begun else None
        # Words come as they stand in the text: small, with a capital, all in capitals.
        self._by_key: Mapping[str, re.Pattern[str]] = {
            form: pattern
            for key, pattern in (
                (key, re.compile(rf"\b(?:{'|'.join(found)})")) for key, found in having.items()
            )
            for form in (key, key.capitalize(), key.upper())
        }

    def found(self, lower: str, words: Sequence[str]) -> bool:
        """Return whether one stands in ``lower``, a text in lower case of ``words``.

        ``words`` are what find_words finds in the text before it was made small. Linear in the
        text for each pattern that shares the beginning of a word with it; they are few.
        """
        beginnings = {word[:_KEY_CHARS] for word in words}
        if not self._by_key.keys().isdisjoint(beginnings):
            patterns = {self._by_key[key] for key in beginnings if key in self._by_key}
            if any(pattern.search(lower) for pattern in patterns):
                return True
        return self._anywhere is not None and self._anywhere.search(lower) is not None


def alternatives(patterns: str) -> list[str]:
    """Return the top alternatives of a regular expression, in order; groups stay whole."""
    parts, depth, start = [""], 0, 0
    while start < len(patterns):
        piece = _piece(patterns, start)
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
        start += len(piece)
    return parts


def _piece(pattern: str, start: int) -> str:
    """Return what stands at ``start``: an escape, a class of characters, or a character."""
    if pattern[start] == "\\":
        return pattern[start : start + 2]
    if pattern[start] == "[":
        return pattern[start : pattern.index("]", start + 2) + 1]
    return pattern[start]


def _keys(pattern: str, *, left: bool = True, right: bool = True) -> frozenset[str] | None:
    """Return beginnings of words, one of which any match of ``pattern`` has; None if unknown.

    ``left`` and ``right``: no letter stands before or after a match.
    """
    best: frozenset[str] | None = None
    run, is_clean, start = "", left, 0
    while start <= len(pattern):
        piece = _piece(pattern, start) if start < len(pattern) else ""
        group = _group(pattern, start) if piece == "(" else ""
        after = start + len(group or piece)
        quantifier = _QUANTIFIER.match(pattern, after)
        is_optional = quantifier is not None and (quantifier[0][0] in "?*" or quantifier[1] == "0")
        is_letter = len(piece) == 1 and piece.isalpha()
        if is_letter and quantifier is None:
            run += piece
            start = after
            continue
        is_edge = start == len(pattern)
        is_gap = not is_letter and not group and piece[:1] not in ("[", "\\") and piece != "."
        ends = right if is_edge else (is_gap and not is_optional) or _begins_apart(group)
        if run and is_clean and (ends or len(run) >= _KEY_CHARS):
            best = _better(best, frozenset({run[:_KEY_CHARS]}))
        if group and not is_optional and quantifier is None:
            inner = [
                _keys(part, left=is_clean and not run, right=pattern[after : after + 1] in (" ", ""))
                for part in alternatives(group[3:-1])
            ]
            if all(inner):
                best = _better(best, frozenset().union(*(keys for keys in inner if keys)))
        is_clean = (is_gap and not is_optional) or _ends_apart(group, is_clean and not run)
        run = ""
        if is_edge:
            break
        start = quantifier.end() if quantifier else after
    return best


def _group(pattern: str, start: int) -> str:
    """Return the group that opens at ``start``, brackets included."""
    depth, end = 0, start
    while True:
        piece = _piece(pattern, end)
        depth += (piece == "(") - (piece == ")")
        end += len(piece)
        if depth == 0:
            return pattern[start:end]


def _begins_apart(group: str) -> bool:
    return bool(group) and all(part[:1] == " " for part in alternatives(group[3:-1]))


def _ends_apart(group: str, before: bool) -> bool:
    """Return whether what follows ``group`` begins a word, if the group is there or not."""
    return before and bool(group) and all(part[-1:] == " " for part in alternatives(group[3:-1]))


def _better(one: frozenset[str] | None, other: frozenset[str]) -> frozenset[str]:
    """Return the keys that fewer sentences have: longer ones, then fewer."""
    if one is None:
        return other
    return min(one, other, key=lambda keys: (-min(map(len, keys)), len(keys)))
