"""Sentences without a main clause: lists of nouns, headings with a stop, "Because … ." alone.

Whether a word is a finite verb is told by a list of a language's commonest ones, and by endings
that may be a verb's. Where that leaves it open the sentence counts as whole.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from summarizers.datafiles import load
from summarizers.stopwords import stop_words

__all__ = ["Clauses", "clauses_of"]

_NEVER = r"(?!)"
# A longer one without a verb we know has one we don't.
_MAX_WORDS = 25
# A list of nouns has so many items, none of them longer.
_MIN_ITEMS = 3
_ITEM_WORDS = 5
_PARTS = re.compile(r"[,;:–—…(\"“„«]|\s-\s")
# What a sentence ends with behind its last word, a stop among it.
_LAST = re.compile(r"([^\W\d_]+)\s?[.。!?]+$")


class Clauses:
    """Tells sentences without a main clause in one language, a normal language code.

    Without data of a language none are told. Immutable.
    """

    def __init__(self, language: str) -> None:
        data = load("verbs").get(language, {})
        self._verbs = frozenset(data.get("verbs", "").split())
        self._others = frozenset(data.get("others", "").split()) | stop_words(language)
        self._endings = re.compile(rf"\w*(?:{data.get('endings', _NEVER)})$")
        self._strong = re.compile(rf"\w*(?:{data.get('strong', data.get('endings', _NEVER))})$")
        self._items = re.compile(rf"[,;]\s|\s(?:{data.get('and', _NEVER)})\s")
        self._held = re.compile(data.get("held", _NEVER))
        self._because = re.compile(data.get("because", _NEVER))
        self._scraps = re.compile(data.get("scraps", _NEVER))
        # What a fragment may open with, as regular expressions for a text in lower case.
        self.openings = [data[kind] for kind in ("because", "scraps") if kind in data]
        self._scrap_ends = tuple(data.get("scrap_ends", ()))
        self._finals = re.compile(rf"{data['finals']}$") if "finals" in data else None
        self._nouns_have_capitals = "nouns_have_capitals" in data
        self._is_free = "free" in data
        self._lists_only = "lists_only" in data

    def is_fragment(self, text: str, lower: str, words: Sequence[str], *, opens: bool) -> bool:
        """Return whether the sentence ``text`` has no main clause, as far as that can be told.

        ``lower`` is it in lower case, without opening marks; ``words`` are what find_words found
        in it. ``opens``: it opens with one of ``openings``, or may do so. Linear.
        """
        if opens and self._because.match(lower):
            return _PARTS.search(text) is None
        if self._finals is not None:
            last = _LAST.search(text)
            return last is not None and not any(map(self._finals.search, self._ends(words)))
        verbs = self._verbs
        if not (verbs and words):
            return False
        if not verbs.isdisjoint(words):  # the common case
            return opens and self._is_scrap(lower, words)
        return self._has_no_verb(text, lower, words)

    def _ends(self, words: Sequence[str]) -> Sequence[str]:
        """Return the words that may hold the verb: the last, or any where order is free."""
        return words if self._is_free else words[-1:]

    def _is_scrap(self, lower: str, words: Sequence[str]) -> bool:
        """Return whether a sentence begins as a part of one does, and has no verb behind that."""
        return self._scraps.match(lower) is not None and self._verbs.isdisjoint(words[1:])

    def _has_no_verb(self, text: str, lower: str, words: Sequence[str]) -> bool:
        """Return whether none of ``words``, among which is no verb we know, may be a verb."""
        if len(words) > _MAX_WORDS or self._held.search(lower):
            return False
        if self._is_scrap(lower, words) or lower.rstrip(".!").endswith(self._scrap_ends):
            return True
        if words[0].lower() in self._verbs:
            return False
        items = self._items.split(text)
        is_list = (
            len(items) >= _MIN_ITEMS
            and words[0].lower() not in self._others  # "the", "his", "in" open clauses
            and all(len(item.split()) <= _ITEM_WORDS for item in items)
        )
        if self._lists_only and not is_list:
            return False
        ending = self._strong if is_list else self._endings
        return not any(
            word.lower() not in self._others and ending.match(word.lower())
            for word in words
            if not (word[0].isupper() and (self._nouns_have_capitals or is_list))
        )


@lru_cache(maxsize=64)
def clauses_of(language: str) -> Clauses:
    """Return the Clauses of a normal language code; those of 64 languages are cached."""
    return Clauses(language)
