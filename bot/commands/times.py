"""Times and weekdays as readers type them."""

import re
from datetime import time

from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND, Schedule
from bot.errors import ReaderError

__all__ = ["parse_schedules", "parse_time"]

# 7, 7:30, 07.30, 7h30, 7am, 7:30 pm; seconds only after a colon (hh:mm:ss).
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?)?\s*(?P<half>[ap])?\.?(?:m\.?)?",
    re.IGNORECASE,
)
_DAYS = {
    "mon": 0, "monday": 0, "tue": 1, "tues": 1, "tuesday": 1, "wed": 2, "wednesday": 2,
    "thu": 3, "thur": 3, "thurs": 3, "thursday": 3, "fri": 4, "friday": 4,
    "sat": 5, "saturday": 5, "sun": 6, "sunday": 6,
}  # fmt: skip
_SETS = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "weekdays": WEEKDAYS,
    "workdays": WEEKDAYS,
    "weekend": WEEKEND,
    "weekends": WEEKEND,
}
_MAX_SCHEDULES = 6


def parse_time(text: str) -> time | None:
    """Return the wall-clock time (naive) that ``text`` names, None if it is no time.

    Understands 7, 7:30, 07.30, 7h30, 7am, 7:30 pm and 7:30:15; spaces around it are nothing.
    "730", "24:00" and "0am" are no times. Never raises.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    second = int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second)


def parse_schedules(text: str) -> list[Schedule]:
    """Return the schedules that ``text`` asks for, such as "7:30 18:00 weekdays".

    In the order in which the times are typed, each once; days hold for all times of the line,
    no day means every day. Days are English, in any case: "mon", "mon-fri", "weekdays",
    "weekend", "daily". Raises ReaderError where a word is neither a time nor a day, or there is
    no time, or more than six, doubles counted.
    """
    days: set[int] = set()
    times: list[time] = []
    for word in _words(text):
        if word in _SETS:
            days |= _SETS[word]
        elif (ends := word.partition("-"))[0] in _DAYS and (not ends[1] or ends[2] in _DAYS):
            first, last = _DAYS[ends[0]], _DAYS[ends[2] or ends[0]]  # "sat", "mon-fri", "fri-mon"
            days |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
        elif (at := parse_time(word)) is not None:
            times.append(at)
        else:
            raise ReaderError("no-time", word=word[:40])
    if not times:
        raise ReaderError("time-missing")
    if len(times) > _MAX_SCHEDULES:
        raise ReaderError("too-many-times", n=_MAX_SCHEDULES)
    chosen = frozenset(days) or EVERY_DAY
    return [Schedule(local_time=at, days=chosen) for at in dict.fromkeys(times)]


def _words(text: str) -> list[str]:
    """Return the words of a request in small letters, "7:30 pm" as one word."""
    joined = re.sub(r"(\d)\s+([ap])\.?m\.?(?=$|[\s,;])", r"\1\2m", text.lower())
    return [word for word in re.split(r"[\s,;]+|\band\b", joined) if word]
