"""The words that give kinds of articles away (kinds.json), and how they are found."""

import json
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import regex

__all__ = [
    "MAX_PHRASE_CHARS",
    "MAX_WORDS",
    "UNSPACED",
    "KindWords",
    "fold",
    "kind_words",
    "phrase_kinds",
    "spelled",
    "text_kinds",
]

MAX_WORDS = 7  # of the longest phrase in kinds.json
MAX_PHRASE_CHARS = 11  # of the longest where words are written without spaces
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
_BETWEEN_WORDS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
# Accents of Latin, Greek and Cyrillic, marks of Arabic and Hebrew, the dot of Devanagari.
_ACCENTS = regex.compile(r"[\u0300-\u036f\u05b0-\u05c7\u0640\u064b-\u0655\u093c]")
_LATIN = regex.compile(r"\p{Latin}")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# Small letters and digits of ASCII, all else as a space.
_ASCII_LETTERS = bytes(ord(char.lower()) if char.isalnum() else 32 for char in map(chr, range(128)))
_ASCII_LETTERS += bytes(128)
# Two ways to write one letter in addresses: "raetsel" and "ratsel".
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """Return the words of a text with single spaces: no case, accents or punctuation."""
    return _folded(text)


def _folded(text: str) -> str:
    if text.isascii():  # the common case: nothing to compose, and no accents
        return " ".join(text.encode("ascii").translate(_ASCII_LETTERS).decode("ascii").split())
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    return str(_BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFC", bare))).strip()


@lru_cache(maxsize=512)
def spelled(text: str) -> str:
    """Return the words of a text as ``fold`` does, but with their accents.

    Without them, a Swedish column ("krönika") is a Polish police report ("kronika"). Addresses
    have none, sections do.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = folded if _LATIN.search(folded) else fold(folded)
    return str(_BETWEEN_WORDS.sub(" ", bare)).strip()


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words of kinds.json, folded; each mapping leads to the kinds that have the word."""

    types: Mapping[str, str]
    places: Mapping[str, frozenset[str]]
    hubs: Mapping[str, frozenset[str]]
    url_places: Mapping[str, frozenset[str]]
    url_hubs: Mapping[str, frozenset[str]]
    labels: Mapping[str, frozenset[str]]
    sure: Mapping[str, frozenset[str]]
    phrases: Mapping[str, frozenset[str]]
    lead: Mapping[str, frozenset[str]]
    against: Mapping[str, frozenset[str]]
    nouns: frozenset[str]
    numbers: frozenset[str]
    counters: frozenset[str]
    stars: frozenset[str]
    text: Mapping[str, Mapping[str, str]]  # by language, then by phrase


@cache
def kind_words() -> KindWords:
    """Return the words of all kinds; the first call in a process reads the file."""
    text = resources.files("bot.kinds").joinpath("kinds.json").read_text("utf-8")
    data: dict[str, dict[str, Any]] = json.loads(text)

    def listed(kind: str, group: str) -> list[str]:
        return [word for words in data[kind].get(group, {}).values() for word in words]

    # Thousands of words lead to a few dozen sets of kinds, and stand in several groups: each set
    # and each word is kept once, which takes a third of the memory.
    sets: dict[frozenset[str], frozenset[str]] = {}

    def owners(group: str, *spellings: Callable[[str], str]) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for kind in data:
            for word in listed(kind, group):
                for spelling in spellings:
                    found[spelling(word)].add(kind)
        known = ((word, frozenset(kinds)) for word, kinds in found.items() if word)
        return {sys.intern(word): sets.setdefault(kinds, kinds) for word, kinds in known}

    def transliterated(word: str) -> str:
        return fold(word.lower().translate(_UMLAUTS))

    in_texts: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, groups in data.items():
        for language, phrases in groups.get("text", {}).items():
            in_texts[language].update((_folded(phrase), kind) for phrase in phrases)
    return KindWords(
        types={name.lower(): kind for kind in data for name in data[kind].get("types", ())},
        places=owners("places", spelled),
        hubs=owners("hubs", spelled),
        url_places=owners("places", fold, transliterated),
        url_hubs=owners("hubs", fold, transliterated),
        labels=owners("labels", fold),
        sure=owners("sure", fold),
        phrases=owners("phrases", fold),
        lead=owners("lead", fold),
        against=owners("against", fold),
        nouns=frozenset(map(fold, listed("list", "nouns"))),
        numbers=frozenset(map(fold, listed("list", "numbers"))),
        counters=frozenset(listed("list", "counters")),
        stars=frozenset(listed("review", "stars")),
        text=in_texts,
    )


def phrase_kinds(text: str, phrases: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the kinds of the phrases in a text; whole words, where words have spaces."""
    kinds: set[str] = set()
    nothing: frozenset[str] = frozenset()
    folded = fold(text)
    tokens = folded.split()
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + MAX_WORDS, len(tokens)) + 1):
            kinds |= phrases.get(" ".join(tokens[start:end]), nothing)
    for character in UNSPACED.finditer(folded):
        start = character.start()
        for end in range(start + 1, start + MAX_PHRASE_CHARS + 1):
            kinds |= phrases.get(folded[start:end], nothing)
    return kinds


def text_kinds(text: str, language: str) -> Mapping[str, int]:
    """Return how many different phrases of each kind stand in a text, in its ``language``.

    A phrase that several kinds have counts for one of them. Linear.
    """
    phrases = kind_words().text.get(language, {})
    if not phrases:
        return {}
    folded = f" {_folded(text)} "
    found: dict[str, int] = {}
    for phrase, kind in phrases.items():
        if (phrase if UNSPACED.match(phrase) else f" {phrase} ") in folded:
            found[kind] = found.get(kind, 0) + 1
    return found
