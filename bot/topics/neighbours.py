"""Another sense of a name, told by what stands beside it: "Peking duck", "Moscow, Idaho".

The rules are the same in all languages; the words they go by are data (neighbours.json).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.topics.fold import fold, is_unspaced

__all__ = ["NameContext"]

# How many letters on either side of a name are looked at.
_REACH_CHARS = 40
# What may stand between a town and its state.
_BEFORE_A_STATE = (", штат ", " в штате ", ", ", " (")
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u0900-\u0dff]|[^\W_])*")


class NameContext:
    """The words beside which a name has another sense, in some languages.

    ``things`` make a dish, a breed or a product of a country ("Irish coffee"), or tell whose
    money, paper or airline it is; ``goods`` do so in a title that is not of trade. ``names`` are
    given names, too: one before an unknown capitalised word is a person's.
    """

    def __init__(self, data: Mapping[str, Any], languages: Iterable[str] = ()) -> None:
        """Take the words of ``languages``, or of all if there are none."""
        by_language: Mapping[str, Mapping[str, Sequence[str]]] = data["languages"]
        codes = [code for code in by_language if code in set(languages)] or list(by_language)

        def words(kind: str) -> "_ListedWords":
            return _ListedWords(word for code in codes for word in by_language[code].get(kind, ()))

        self._things = words("things")
        self._before = words("before")
        self._goods = words("goods")
        self._trade = words("trade")
        self._media = words("media")
        self._links = words("links")
        self._office = words("office")
        self._stretches = tuple(
            folded
            for code in codes
            for word in by_language[code]["things"]
            if is_unspaced((folded := fold(word).strip())[0])
        )
        # Whether adjectives follow: "montagnes russes".
        self._is_noun_first = not set(codes).isdisjoint(data["noun_first"])
        self._names = frozenset(data["names"])
        self._states = frozenset(fold(state) for state in data["states"])
        self._unspaced_states = tuple(data["unspaced_states"])
        self._towns = frozenset(data["georgian_towns"])
        # In German every noun has a capital: it tells no names.
        self._has_persons = "de" not in codes or len(codes) > 1

    def is_thing(self, folded: str, start: int, end: int, *, is_title: bool) -> bool:
        """Return whether the name from ``start`` to ``end`` is part of a thing's.

        ``folded`` is a line that begins and ends with a space.
        """
        after = folded[end : end + _REACH_CHARS]
        if self._stretches and is_unspaced(folded[end - 1]) and after.startswith(self._stretches):
            return True
        # Two spaces in a row: a stop or the like, after which comes something else.
        following = after.split(" ", 3)[1:3] if after.startswith(" ") else []
        if following and self._makes_a_thing(following[0], is_title=is_title):
            return True
        if is_title and following and following[0] in self._goods:
            return following[-1] not in self._trade
        preceding = folded[max(start - _REACH_CHARS, 0) : start].removesuffix(" ").split(" ")
        while preceding and preceding[-1] in self._links:
            preceding.pop()
        word = preceding[-1] if preceding else ""
        return word in self._before or (
            self._is_noun_first and self._makes_a_thing(word, is_title=is_title)
        )

    def _makes_a_thing(self, word: str, *, is_title: bool) -> bool:
        return bool(word) and (word in self._things or (not is_title and word in self._media))

    def is_american_town(self, line: str, start: int, end: int) -> bool:
        """Return whether a state of the USA is named right after: "Lima, Ohio", "Paris (Texas)".

        Where words are not spaced, before or in brackets: "テキサス州パリ".
        """
        after = line[end : end + _REACH_CHARS]
        if fold(line[start:end]) == "georgia":
            town, comma, rest = line[max(start - _REACH_CHARS, 0) : start].rpartition(",")
            return (
                bool(comma) and rest == " " and not self._towns.isdisjoint(fold(town).split()[-1:])
            )
        if is_unspaced(line[end - 1]):
            before = line[max(start - 10, 0) : start].removesuffix("の").rstrip()
            states = self._unspaced_states
            return before.endswith(states) or after[1:].startswith(states)
        mark = next((mark for mark in _BEFORE_A_STATE if after.startswith(mark)), "")
        words = _WORD.findall(after[len(mark) :])[:2] if mark else []
        if not words:
            return False
        if fold(words[0]) == "georgia":
            return fold(line[start:end]) in self._towns
        return words[0][0].isupper() and not {
            fold(words[0]),
            fold(" ".join(words)),
        }.isdisjoint(self._states)

    def is_person(self, line: str, start: int, end: int, taken: frozenset[int]) -> bool:
        """Return whether the name begins a person's: "Kenya Barris signs".

        ``taken`` are the offsets at which other names begin; none of these is a surname.
        """
        if not self._has_persons or fold(line[start:end]) not in self._names:
            return False
        if line[end : end + 1] != " " or end + 1 in taken:
            return False
        match = _WORD.match(line, end + 1)
        if match is None:
            return False
        word = match[0]
        if not (word[0].isupper() and word[1:].islower() and len(word) > 2):
            return False
        return fold(word) not in self._office


class _ListedWords:
    """Words, and beginnings of words where one ends in ``*``, folded."""

    def __init__(self, words: Iterable[str]) -> None:
        words = list(words)
        self._whole = frozenset(fold(word).strip() for word in words if not word.endswith("*"))
        self._begun = tuple({fold(word[:-1]).strip() for word in words if word.endswith("*")})

    def __contains__(self, word: str) -> bool:
        return word in self._whole or word.startswith(self._begun)
