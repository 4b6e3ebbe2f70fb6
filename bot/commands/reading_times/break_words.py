"""The words of breaks in all our languages: units, months, feasts, "until further notice"."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from bot.commands.reading_times.words import Roles, normalize, roles_of_words

__all__ = ["normalize_break", "roles_of_breaks"]

# Chinese numbers before a unit of time: 两周, 十二月二十四日.
_HAN_NUMBER = re.compile(
    r"(?<![周週期拜])([二三四五]?十[一二三四五六七八九]?|[一二两兩三四五六七八九])"
    r"(?=[个個]?(?:天|日|周|週|星期|礼拜|月|小时|小時|钟头|年|ヶ|か|カ|ヵ|時間|号))"
)
_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
_PLAIN_ROLES = ("filler", "next", "forever", "resume", "weekend")
_VALUE_ROLES = ("number", "days_ahead", "feast", "span", "hours_span")


def normalize_break(text: str) -> str:
    """Return ``text`` as the tables have words; Chinese numbers before a unit as digits."""
    return _HAN_NUMBER.sub(lambda match: str(_han_number(match[1])), normalize(text))


@cache
def roles_of_breaks() -> dict[str, Roles]:
    """Return what each word may be in a break; weekdays and numbers as in ``roles_of_words``.

    The roles: ``unit`` (hour, day, week, month, year), ``span`` in days, ``month`` (1 to 12),
    ``days_ahead`` ("tomorrow"), ``feast`` (month, day), ``weekend``, ``next``, ``forever``,
    ``resume``, ``day``, ``number``, ``filler``.
    """
    text = resources.files("bot.commands.reading_times").joinpath("breaks.json").read_text("utf-8")
    table: dict[str, Roles] = {}
    for words in json.loads(text).values():
        for word, role, value in _entries(words):
            table.setdefault(normalize_break(word), {}).setdefault(role, value)
    for word, roles in roles_of_words().items():
        shared = {"day", "number", "filler"} if " " not in word else {"day", "number"}
        for role in shared & set(roles):
            table.setdefault(word, {}).setdefault(role, roles[role])
    table.pop("", None)
    return table


def _entries(words: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for role in _PLAIN_ROLES:
        yield from ((word, role, 1) for word in words.get(role, ()))
    for role in _VALUE_ROLES:
        yield from ((word, role, value) for word, value in words.get(role, {}).items())
    for unit, names in words["units"].items():
        yield from ((name, "unit", unit) for name in names)
    for month, names in enumerate(words["months"], start=1):
        yield from ((name, "month", month) for name in names)
    for day, names in enumerate(words.get("weekday", ())):
        yield from ((name, "day", frozenset({day})) for name in names)


def _han_number(digits: str) -> int:
    tens, ten, ones = digits.partition("十")
    return _HAN.get(tens, 1) * 10 + _HAN.get(ones, 0) if ten else _HAN[digits]
