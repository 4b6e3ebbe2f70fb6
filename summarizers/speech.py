"""Quotations and speech: whether a sentence says who speaks."""

import re
from collections.abc import Collection
from functools import lru_cache

from summarizers.lean import POINTS, STANDS, Lean
from summarizers.noun_phrases import NounPhrases
from summarizers.opening_words import (
    PUNCTUATION,
    QUOTED,
    OpeningWords,
    Tokens,
    is_capital,
    opening_tokens,
)

__all__ = ["Speech"]

# Who speaks is named within so many tokens behind a quotation.
_SPEAKER = 7
# A reply has so few spaces, in so many characters, and an exclamation.
_REPLY_WORDS = 2
_SHORT = 60
_EXCLAMATION_WORDS = 7
# "I" behind a name is a number: "Charles I".
_FIRST = re.compile(r"(?:^|[^\w\s]\s?|(?<![^\W\d_a-z])\b[a-z][\w’']*\s)I(?![\w.])")


@lru_cache(maxsize=1024)  # a language has some dozens
def _whole(word: str) -> re.Pattern[str]:
    """Return what finds a ``word`` for a person where it stands alone, and is no number."""
    return _FIRST if word == "I" else re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


class Speech:
    """Tells what sentences of one language lean on that quote, or speak themselves. Immutable."""

    def __init__(self, words: OpeningWords, nouns: NounPhrases) -> None:
        self._words = words
        self._nouns = nouns

    def is_personal(self, text: str, words: Collection[str]) -> bool:
        """Return whether the sentence itself says I, we or you, outside of quotation marks."""
        if self._words.is_unspaced:
            return False
        if self._words.persons.isdisjoint(words):
            return False
        found = self._words.persons.intersection(words)
        outside = QUOTED.sub(" ", text)
        return any(_whole(word).search(outside) for word in found)

    def quoting(self, text: str, words: Collection[str]) -> Lean:
        """Return what a sentence leans on that opens with a quotation: who speaks, and of what."""
        words_of, outside = self._words, opening_tokens(QUOTED.sub(" ", text).strip())
        if not any(token[0].isalpha() for token in outside):
            return POINTS  # a quotation without its speaker
        if words_of.is_unspaced:
            is_named = any(mark in text[text.rfind(text[0]) :] for mark in words_of.topics)
            return STANDS if is_named or not words_of.topics else POINTS
        if self.says_pronoun(text, words) or words_of.pointing.match(opening_tokens(text), 0):
            return POINTS
        while outside[0] in PUNCTUATION:
            del outside[0]
        # In German and where there are no capitals a name cannot be told from a noun.
        if words_of.nouns_are_capitals or not any(map(str.isupper, text)):
            return STANDS
        return self._speaker(outside)

    def _speaker(self, outside: Tokens) -> Lean:
        """Return what the words around a quotation lean on: nothing if they name who speaks."""
        words = self._words
        near = outside[:_SPEAKER]
        at = next((n for n, token in enumerate(near) if is_capital(token)), None)
        if at is None:
            article = next((n for n, token in enumerate(near) if token in words.articles), None)
            if article is not None:
                return self._nouns.definite(outside, article + 1)
            return POINTS if words.reporting else STANDS
        beside = [token.lower() for token in (*near[max(at - 1, 0) : at], *near[at + 1 : at + 2])]
        says = any(word in words.verbs or words.is_past(word) for word in beside)
        is_introduced = "," in (*outside[max(at - 1, 0) : at], *outside[at + 1 : at + 2])
        is_alone = not any(map(is_capital, outside[at + 1 : at + 2]))
        if says and is_alone and not is_introduced and not outside[at].isupper():
            return self._nouns.naming(outside[at])
        return STANDS

    def says_pronoun(self, text: str, words: Collection[str]) -> bool:
        """Return whether a pronoun says who speaks ("…, she added")."""
        if self._words.speaker is None or self._words.cataphors.isdisjoint(words):
            return False
        return self._words.speaker.search(text.lower().replace("’", "'")) is not None

    def is_reply(self, text: str) -> bool:
        """Return whether a sentence is too short to say anything by itself, or an exclamation.

        "What an idea!", "Not even close.", "Z. was silent.": an initial is no name.
        """
        if len(text) < _SHORT and text.count(" ") < _REPLY_WORDS:
            return True
        if text[-1] == "!" and text.count(" ") < _EXCLAMATION_WORDS:
            return True
        return text[1:3] == ". " and text[0].isupper() and text[3:4].islower()
