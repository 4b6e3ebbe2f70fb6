"""What a sentence says of time and truth, by its words: another day, what is to come, a verdict.

The words are data (sentence_signs.json), by language, for 42 of them. ``*`` stands for the rest of
a word. They are meant for sentences whose loss costs little, so they rather find too much.
"""

import json
import re
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["are_known", "gives_verdict", "looks_ahead", "names_a_day"]

# Chinese, Japanese and Thai part no words by spaces, and Korean puts its particles behind them.
_UNSPACED = frozenset({"ja", "ko", "th", "zh"})
# Marks that belong to a word, though ``\w`` knows them not: of Hebrew, Arabic and India's scripts.
_IN_WORD = r"\w\u05b0-\u05c7\u064b-\u0652\u0900-\u0dff"
# Small words that Arabic and Hebrew write together with the next one.
_PREFIXES = {"ar": "[وفبلك]?", "he": "[ובהלמש]?"}
# A label is no longer than this: "What is claimed:".
_MAX_LABEL_CHARS = 30


def are_known(language: str) -> bool:
    """Return whether there are words for ``language`` (ISO 639-1); for "" there are none."""
    return language in _words()


def names_a_day(sentence: str, language: str) -> bool:
    """Return whether ``sentence`` has a word that means another time on another day.

    Such as "last night", "Monday" and "this week"; months and years are not. True where the
    ``language`` has no words: who can't tell says no more than that it may. Linear.
    """
    return _has(sentence, language, "day", unknown=True)


def looks_ahead(sentence: str, language: str) -> bool:
    """Return whether ``sentence`` may tell what was still to come: "will", "is expected to".

    True where the ``language`` has no words. Linear.
    """
    return _has(sentence, language, "ahead", unknown=True)


def gives_verdict(sentence: str, language: str) -> bool:
    """Return whether a sentence of a fact check says what is true, as "The claim is false" does.

    Not if it only repeats, behind a label, what was claimed: "Claim: The dam is false." False
    where the ``language`` has no words. Linear.
    """
    label, colon, _ = sentence.replace("：", ":").partition(":")
    if colon and len(label) <= _MAX_LABEL_CHARS and _has(label, language, "claim", unknown=False):
        return False
    return _has(sentence, language, "verdict", unknown=False)


def _has(sentence: str, language: str, sign: str, *, unknown: bool) -> bool:
    pattern = _pattern(language, sign)
    return unknown if pattern is None else pattern.search(sentence) is not None


@lru_cache(maxsize=256)
def _pattern(language: str, sign: str) -> re.Pattern[str] | None:
    """Return what finds the words of a sign, None where the language has none."""
    words = _words().get(language, {}).get(sign)
    if words is None:
        return None
    # The longest first, so that "day after tomorrow" is not taken for less.
    listed = sorted(words.split(" | "), key=len, reverse=True)
    if language in _UNSPACED:
        return re.compile("|".join(map(re.escape, listed)))
    spelled = (re.escape(word).replace(r"\*", f"[{_IN_WORD}]*") for word in listed)
    prefix = _PREFIXES.get(language, "")
    return re.compile(
        f"(?<![{_IN_WORD}]){prefix}(?:{'|'.join(spelled)})(?![{_IN_WORD}])", re.IGNORECASE
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    text = files("bot.pick").joinpath("sentence_signs.json").read_text("utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    return words
