"""A text as the words and figures of times and days that stand in it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.commands.reading_times.words import Roles, normalize, roles_of_words

__all__ = ["Figures", "TimeToken", "scan", "tokens_of"]

# Longer messages hold no time that is worth reading.
_MAX_CHARS = 400
# 7, 7:30, 07.30, 7h30, 7am, 7:30 p.m.; seconds after a colon only.
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
    r"(?P<half>(?:\s?[ap]\.?\s?m\b\.?|[ap]\b))?(?!\d)(?![:.]\d)"
)
_FIGURES = re.compile(r"\d{3,4}(?![\d:.]\d|\d)")  # 730, 0730
_ANY_FIGURES = re.compile(r"[\d:.]+")
_PASSED_OVER = " \t\r\n,;.、。・|+&/()[]\"“”„«»!?:·•*<>=_#'"
# Scripts that put no space between words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff가-힣]")


@dataclass(frozen=True, slots=True)
class TimeToken:
    """A word or figure: what it may be, and where it stands in the normalized text.

    ``clock`` is (hour, minute, second) in figures, ``is_fixed`` whether am or pm was said, or
    the hour is past noon. Unknown words have no roles.
    """

    start: int
    end: int
    roles: Roles = field(default_factory=dict)
    clock: tuple[int, int, int] | None = None
    is_fixed: bool = False
    is_bare: bool = False  # a number of one or two digits, with nothing about it


# Reads the figures that begin at a digit of the text.
Figures = Callable[[str, int], TimeToken]


def tokens_of(text: str) -> tuple[str, list[TimeToken]]:
    """Return the normalized text and its tokens of times and days, fillers left out.

    Only the first 400 characters count. Linear in the text; never raises.
    """
    normal = normalize(text[:_MAX_CHARS])
    return normal, scan(normal, roles_of_words(), _figures)


def scan(normal: str, table: Mapping[str, Roles], figures: Figures) -> list[TimeToken]:
    """Return the words of ``table`` and the figures in a normalized text, fillers left out.

    The longest phrase wins. What is not in the table is a token without roles; punctuation and
    emoji are passed over.
    """
    longest = max(map(len, table))
    found: list[TimeToken] = []
    at = 0
    while at < len(normal):
        char = normal[at]
        if char in _PASSED_OVER or unicodedata.category(char) in {"So", "Sk", "Cf"}:
            at += 1
            continue
        token = _word(normal, at, table, longest)
        if token is None:
            token = figures(normal, at) if char.isdecimal() else _unknown(normal, at)
        at = token.end
        if set(token.roles) != {"filler"}:
            found.append(token)
    return found


def _figures(text: str, at: int) -> TimeToken:
    match = _CLOCK.match(text, at)
    if match is not None:
        return _clock(match) or _bad_figures(text, at)
    run = _FIGURES.match(text, at)
    if run is not None:
        hour, minute = divmod(int(run[0]), 100)
        if hour <= 23 and minute <= 59:
            is_fixed = hour > 12 or run[0][0] == "0"
            return TimeToken(at, run.end(), clock=(hour, minute, 0), is_fixed=is_fixed)
    return _bad_figures(text, at)


def _clock(match: re.Match[str]) -> TimeToken | None:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    is_bare = match["minute"] is None and match["half"] is None
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if "p" in match["half"] else 0)
    if (hour > 23 and not (is_bare and hour <= 59)) or minute > 59 or second > 59:
        return None
    is_fixed = bool(match["half"]) or hour > 12
    roles = {"number": hour} if is_bare else {}
    return TimeToken(match.start(), match.end(), roles, (hour, minute, second), is_fixed, is_bare)


def _bad_figures(text: str, at: int) -> TimeToken:
    match = _ANY_FIGURES.match(text, at)
    return TimeToken(at, match.end() if match else at + 1)


def _word(text: str, at: int, table: Mapping[str, Roles], longest: int) -> TimeToken | None:
    """Return the longest known word or phrase that begins here, and ends with a word."""
    for end in range(min(len(text), at + longest), at, -1):
        roles = table.get(text[at:end])
        if roles is None:
            continue
        is_end = end == len(text) or _UNSPACED.match(text, end - 1) or _UNSPACED.match(text, end)
        if is_end or not (_is_letter(text[end]) and _is_letter(text[end - 1])):
            return TimeToken(at, end, roles)
    # "And" is written on, in Arabic.
    if text[at] == "و" and at + 1 < len(text) and text[at + 1] not in " و":
        return _word(text, at + 1, table, longest) and TimeToken(at, at + 1, {"filler": 1})
    return None


def _is_letter(char: str) -> bool:
    return char.isalpha() or "\u0900" <= char <= "\u0963"


def _unknown(text: str, at: int) -> TimeToken:
    end = at + 1
    while (
        end < len(text)
        and text[end] not in _PASSED_OVER
        and not text[end].isdecimal()
        and not (_UNSPACED.match(text, end) and not _UNSPACED.match(text, end - 1))
    ):
        end += 1
    return TimeToken(at, end)
