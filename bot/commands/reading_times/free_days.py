"""The days on which nothing shall come, where that is all a text says: "no briefing on Sundays"."""

import json
import re
from functools import cache
from importlib import resources

from bot.commands.reading_times.tokens import TimeToken, scan
from bot.commands.reading_times.words import Roles, normalize, roles_of_words
from bot.domain.schedule import EVERY_DAY

__all__ = ["names_an_end", "read_free_days"]

# A longer text says more.
_MAX_CHARS = 80
_FIGURES = re.compile(r"[\d:.]+")
_NEGATIVE = frozenset({"none", "off", "but", "but_after"})
_SAID = _NEGATIVE | {"filler", "carrier", "period"}
_OTHERWISE = frozenset({"until", "only"})


def read_free_days(text: str) -> frozenset[int]:
    """Return the weekdays (0 is Monday) that ``text`` wants nothing on, if it says nothing else.

    In any of our languages: a word that denies, days or sets of days, and words for what comes.
    Empty for anything else: another word, a time, "until Monday", "only", no day or all seven.
    Linear; never raises. Loads its words at the first call.
    """
    if len(text) > _MAX_CHARS:
        return frozenset()
    normal = normalize(text)
    days: frozenset[int] = frozenset()
    is_denied = False
    tokens = scan(normal, _table(), _no_figures)
    for at, token in enumerate(tokens):
        roles = token.roles
        if "day" in roles or "set" in roles:
            named = roles["day"] if "day" in roles else roles["set"]
            days |= _range(tokens, at) if _is_range(tokens, at) else named
        elif _is_range(tokens, at - 1):
            continue
        elif not roles.keys() & _SAID or roles.keys() & _OTHERWISE:
            return frozenset()
        elif roles.keys() & _NEGATIVE:
            is_denied = True
    return days if is_denied and days != EVERY_DAY else frozenset()


def names_an_end(text: str) -> bool:
    """Return whether a word of ``text`` says "until", in any of our languages; never raises."""
    tokens = scan(normalize(text[:_MAX_CHARS]), _table(), _no_figures)
    return any("until" in token.roles for token in tokens)


def _is_range(tokens: list[TimeToken], at: int) -> bool:
    """Return whether a range of days begins at token ``at``: "Monday to Friday"."""
    if at < 0 or at + 2 >= len(tokens):
        return False
    first, to, last = (token.roles for token in tokens[at : at + 3])
    return "day" in first and "to" in to and "day" in last


def _range(tokens: list[TimeToken], at: int) -> frozenset[int]:
    (first,), (last,) = tokens[at].roles["day"], tokens[at + 2].roles["day"]
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def _no_figures(text: str, at: int) -> TimeToken:
    match = _FIGURES.match(text, at)
    return TimeToken(at, match.end() if match else at + 1)


@cache
def _table() -> dict[str, Roles]:
    """Return the words of times and days, with those that deny and those for what comes."""
    table = {word: dict(roles) for word, roles in roles_of_words().items()}
    path = resources.files("bot.commands.reading_times").joinpath("free_days.json")
    for role, words in json.loads(path.read_text("utf-8")).items():
        for word in words:
            table.setdefault(normalize(word), {})[role] = 1
    return table
