"""The words of times and days in all our languages: one table, whatever the room's language.

``words.json`` has for each language lists of words by role: see ``Roles``. It is read at the
first question.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND

__all__ = ["Roles", "normalize", "roles_of_misspelt", "roles_of_words"]

# What a word may be: {"day": {0}}, {"number": 7}, {"filler": 1, "to": 1} …, by role:
#   filler   says nothing ("at", "please")      number   a number in words
#   day, set weekdays (0 is Monday)             hour, minute  units ("Uhr", "分")
#   but      "except"; but_after stands behind the days
#   to       between two days                   period   morning, evening, night, midday
#   moment   noon and midnight (minutes)        whole    a time in one word ("полвосьмого")
#   before   before an hour, in minutes from it ("halb": -30); after  behind it ("y media": 30)
#   link     minutes link hour ("ten to eight"); head  link minutes hour ("без десяти восемь")
#   tail     hour tail minutes ("huit heures moins dix"); turn  hour minutes turn ("sekize on kala")
#   off, only, rest   "never", "only", "the other days"
Roles = dict[str, Any]

_PLAIN_ROLES = ("filler", "hour", "minute", "but", "but_after", "to", "off", "only", "rest")
_PERIODS = ("morning", "evening", "night", "midday")
_MOMENTS = {"noon": 12 * 60, "midnight": 0}
_SETS = {"daily": EVERY_DAY, "weekdays": WEEKDAYS, "weekend": WEEKEND}
_SHIFTS = ("before", "after", "link", "head", "tail", "turn")

# Of shorter words too many are a letter apart: "soon", "noon", "sono".
_MIN_MISSPELT_CHARS = 5

# Spellings of one letter, quote, colon or dash.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’ʼ‘`´", "'"), **dict.fromkeys("∶꞉", ":"),
        **dict.fromkeys("‐‑‒–—―−〜～", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u0640\xad"),
        "ı": "i", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "〇": "零", "٫": ".", "،": ",", "؛": ";",
    }
)  # fmt: skip
_CHINESE_DAYS = re.compile(r"(周|星期|礼拜|週)([一二三四五六日天]{2,7})(?![点點时時])")
_CHINESE_RANGE = re.compile(
    r"((?:周|星期|礼拜|週)[一二三四五六日天] ?[到至~-] ?)(?=[一二三四五六日天])"
)
# 七点, 十九時, 三十分; not the 一 of 周一.
_HAN_NUMBER = re.compile(
    r"(?<![周週期拜])([二三四五]?十[一二三四五六七八九]?|[零一二两兩三四五六七八九])(?=[点點時时分])"
)
_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
_LETTER_DAYS = re.compile(
    r"(?<![^\W_])[mtwf](?:\s?[-/&]\s?(?:th|sa|su|[mtwf]))+(?![^\W_])|(?<![^\W_])(?:mwf|tth)(?![^\W_])"
)
_LETTERS = {"th": "thu", "sa": "sat", "su": "sun", "m": "mon", "t": "tue", "w": "wed", "f": "fri"}


def normalize(text: str) -> str:
    """Return ``text`` as the table has words: small letters, no accents, ASCII digits.

    Chinese numbers before a unit are digits, and "M-F" is "mon-fri". Linear in the text.
    """
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in unicodedata.normalize("NFKC", text.translate(_ALIKE)).casefold()
    )
    plain = unicodedata.normalize("NFKD", digits.translate(_ALIKE))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    folded = unicodedata.normalize("NFC", bare).translate(_ALIKE)
    folded = _CHINESE_RANGE.sub(r"\g<1>周", folded)
    folded = _CHINESE_DAYS.sub(lambda m: "".join(f"周{day}" for day in m[2]), folded)
    folded = _HAN_NUMBER.sub(lambda m: str(_han_number(m[1])), folded)
    return _LETTER_DAYS.sub(_letter_days, folded)


@cache
def roles_of_words() -> dict[str, Roles]:
    """Return what each word or phrase may be; about 2,500 of them, 0.7 MB once loaded."""
    text = resources.files("bot.commands.reading_times").joinpath("words.json").read_text("utf-8")
    table: dict[str, Roles] = {}
    for words in json.loads(text).values():
        for word, role, value in _entries(words):
            table.setdefault(normalize(word), {}).setdefault(role, value)
    return table


def roles_of_misspelt(word: str) -> Roles:
    """Return the roles of the known word that ``word`` is one slip away from; {} if none is.

    A slip is a letter wrong, missing, too many, or swapped with its neighbour, but never the
    first; words of under five letters have none. Goes through the table, about 0.3 ms.
    """
    if len(word) < _MIN_MISSPELT_CHARS - 1 or not word.isalpha():
        return {}
    table = roles_of_words()
    names = [known for known in table if known[:1] == word[0] and len(known) >= _MIN_MISSPELT_CHARS]
    found = process.extractOne(word, names, scorer=OSA.distance, score_cutoff=1)
    return table[found[0]] if found is not None else {}


def _entries(words: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield each word of a language, its role, and its value."""
    for role in _PLAIN_ROLES:
        yield from ((word, role, 1) for word in words.get(role, ()))
    yield from ((word, "filler", 1) for word in words.get("to_after", ()))
    for role in _PERIODS:
        yield from ((word, "period", role) for word in words.get(role, ()))
    for role, minutes in _MOMENTS.items():
        yield from ((word, "moment", minutes) for word in words.get(role, ()))
    for role, days in _SETS.items():
        yield from ((word, "set", days) for word in words.get(role, ()))
    for role in _SHIFTS:
        yield from ((word, role, shift) for word, shift in words.get(role, {}).items())
    for day, names in enumerate(words["days"]):
        yield from ((name, "day", frozenset({day})) for name in names)
    for hour, names in enumerate(words["hours"], start=1):
        yield from ((name, "number", hour) for name in names)
    for key in ("minutes", "more"):
        for number, names in words.get(key, {}).items():
            yield from ((name, "number", int(number)) for name in names)
    yield from ((word, "whole", tuple(at)) for word, at in words.get("whole", {}).items())


def _han_number(digits: str) -> int:
    tens, ten, ones = digits.partition("十")
    if not ten:
        return _HAN[digits]
    return _HAN.get(tens, 1) * 10 + _HAN.get(ones, 0)


def _letter_days(match: re.Match[str]) -> str:
    found = re.findall("th|sa|su|[mtwf]|[-/&]", match[0])
    return " ".join(_LETTERS.get(piece, piece) for piece in found)
