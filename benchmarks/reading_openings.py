"""Whether a sentence leans on the one before it, by lists of ``benchmarks.reading``'s own.

The lists of reading_words.json are for 33 languages and were written apart from those that the
summarizers' guard reads. In a language without lists nothing leans but a bare surname.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

__all__ = ["leans", "stem"]

_WORDS = Path(__file__).parent / "reading_words.json"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Behind these a pronoun refers to what the sentence itself names.
_RELATIVE = frozenset({
    *("that", "who", "which", "when", "where", "and", "as", "how", "und", "wie", "wenn", "dass"),
    *("ob", "so", "et", "que", "y", "e", "en", "dat", "die", "at", "att", "som", "om"),
})  # fmt: skip
_COUNTED = frozenset({"one", "two", "three", "four", "both", "some", "most", "many", "all", "half"})
_OPENERS = " \t\"'“”„«»‘’‹›([—–-"
# A longer adverbial in front of a main clause is a clause of its own.
_MAX_ADVERBIAL_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Opening:
    """What leans on a sentence before it in a language; ``prefixes`` where words have no ends."""

    pronouns: frozenset[str]
    connectives: frozenset[str]
    phrases: tuple[str, ...]
    prefixes: tuple[str, ...]
    articles: frozenset[str]
    unique: frozenset[str]
    complements: frozenset[str]
    strong: frozenset[str]
    prepositions: frozenset[str]


def leans(sentence: str, language: str, *, shown: str, earlier: str) -> bool:
    """Return whether ``sentence`` opens with what only a sentence that is not shown explains.

    That is a pronoun, a demonstrative or a connective, also behind a short adverbial; a definite
    noun that ``shown`` does not hold, nothing behind it names, and that is not the only one of
    its kind; or the surname alone of somebody whose whole name stands in ``earlier`` text of the
    article, but not in ``shown``. ``language`` is an ISO 639-1 code, "" if unknown.
    """
    text, words = sentence.lstrip(_OPENERS), _opening(language)
    if _opens_leaning(text, words) or any(_is_pronoun(rest, words) for rest in _rest(text)):
        return True
    if _leans_behind_adverbial(text, words):
        return True
    known = frozenset(stem(match.group()) for match in _WORD.finditer(shown))
    if _opens_definite(text, words, known, has_capital_nouns=language == "de"):
        return True
    # In German all nouns have capitals: names cannot be told from them.
    return language != "de" and _opens_with_surname(text, known, earlier)


def stem(word: str) -> str:
    """Return the first five letters of a word, small, without what an apostrophe joins."""
    return re.split("['’]", word.casefold(), maxsplit=1)[0][:5]


def _opens_leaning(text: str, words: _Opening) -> bool:
    low = text.casefold().replace("’", "'")
    if low.startswith(words.prefixes or ("\0",)):
        return True
    first = _first_words(low)
    if not first.isdisjoint(words.connectives) or not first.isdisjoint(words.pronouns):
        return True
    return any(
        low.startswith(phrase) and not low[len(phrase) : len(phrase) + 1].isalnum()
        for phrase in words.phrases
    )


def _is_pronoun(text: str, words: _Opening) -> bool:
    return not _first_words(text.casefold().replace("’", "'")).isdisjoint(words.pronouns)


def _first_words(low: str) -> frozenset[str]:
    """Return the first word, whole and without what an apostrophe joins: "he'd" and "he"."""
    match = _WORD.match(low)
    return frozenset((match.group(), match.group().split("'")[0])) if match else frozenset()


def _rest(text: str) -> Iterator[str]:
    """Yield the main clause where a short adverbial stands before it."""
    head, comma, rest = text[: _MAX_ADVERBIAL_CHARS + 2].partition(", ")
    if comma and rest:
        yield text[len(head) + 2 :].lstrip(_OPENERS)


def _leans_behind_adverbial(text: str, words: _Opening) -> bool:
    """Return whether it opens as in "In most cases this was …" and "Nach dem Spiel sagte er …".

    The pronoun is one of the first eight words, behind a preposition and, next to it, a small
    word: the end of the adverbial or the verb. Pronouns behind a name refer to the name.
    """
    tokens = [match.group() for match in _WORD.finditer(text[:150].partition(",")[0])][:8]
    if not tokens or tokens[0].casefold() not in words.prepositions:
        return False
    return any(
        word in words.strong and last[0].islower() and last not in _RELATIVE
        for last, word in pairwise(tokens)
    )


def _opens_definite(
    text: str, words: _Opening, known: frozenset[str], *, has_capital_nouns: bool
) -> bool:
    tokens = [match.group() for match in _WORD.finditer(text[:120])][:5]
    if len(tokens) > 3 and tokens[0].casefold() in _COUNTED and tokens[1] == "of":
        tokens = tokens[2:]  # "two of the attackers"
    if not tokens:
        return False
    head, mark, glued = tokens[0].replace("’", "'").partition("'")
    if mark:  # "l'accord"
        tokens[:1] = [f"{head}'", glued]
    if tokens[0].casefold() not in words.articles or len(tokens) < 3:
        return False
    nouns, rest = tokens[1:3], tokens[1:4]
    if any(stem(noun) in known or noun.casefold() in words.unique for noun in nouns):
        return False
    is_named = not has_capital_nouns and any(token[:1].isupper() for token in rest)
    has_figure = any(mark.isdigit() for token in rest for mark in token)
    is_explained = not words.complements.isdisjoint(token.casefold() for token in tokens[2:])
    return not (is_named or has_figure or is_explained)


def _opens_with_surname(text: str, known: frozenset[str], earlier: str) -> bool:
    tokens = [match.group() for match in _WORD.finditer(text[:60])][:2]
    if len(tokens) < 2 or not tokens[0][0].isupper() or not tokens[1][0].islower():
        return False
    name = re.split("['’]", tokens[0], maxsplit=1)[0]
    if len(name) < 3 or stem(name) in known:
        return False
    # A given name or an initial stands before it somewhere.
    named = re.finditer(rf"\b{re.escape(name)}\b", earlier)
    heads = (earlier[max(match.start() - 40, 0) : match.start()] for match in named)
    return any(
        _is_given_name(head.rstrip().rpartition(" ")[2]) for head in heads if head[-1:] == " "
    )


def _is_given_name(word: str) -> bool:
    return word[:1].isupper() and (word[-1:].isalpha() or len(word) == 2)


@cache
def _opening(language: str) -> _Opening:
    row = json.loads(_WORDS.read_text("utf-8")).get(language.partition("-")[0], {})

    def listed(key: str, mark: str | None = None) -> list[str]:
        return [word for word in row.get(key, "").split(mark) if word]

    return _Opening(
        pronouns=frozenset(listed("pronouns")),
        connectives=frozenset(listed("connectives")),
        phrases=tuple(listed("phrases", "|")),
        prefixes=tuple(listed("prefixes", "|")),
        articles=frozenset(listed("articles")),
        unique=frozenset(listed("unique")),
        complements=frozenset(listed("complements")),
        strong=frozenset(listed("strong")),
        prepositions=frozenset(listed("prepositions")),
    )
