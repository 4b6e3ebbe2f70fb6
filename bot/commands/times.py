"""Times and weekdays as readers type them."""

import re
from datetime import time

from bot.commands.reading_times import Plan, read_free_days, read_plan, read_time
from bot.domain.schedule import Schedule
from bot.errors import ReaderError

__all__ = ["parse_plan", "parse_schedules", "parse_time"]

_MAX_SCHEDULES = 6
# A minus right before a figure, at the beginning: "-1:00".
_BELOW_ZERO = re.compile(r"\s*[-−]\d[\d:.]{0,8}")


def parse_time(text: str) -> time | None:
    """Return the wall-clock time (naive) that ``text`` names, None if it is no time.

    In figures (7, 0730, 07.30, 19h, 7am, 7:30:15) or words ("half past seven", "halb acht"), in any
    of our languages and digits. "24:00" and "0am" are no times, nor is "+3". Never raises.
    """
    return None if text.strip()[:1] in {"+", "-", "−"} else read_time(text)


def parse_schedules(text: str) -> list[Schedule]:
    """Return the schedules that ``text`` asks for, such as "7:30 weekdays 9:00 weekends".

    In the order in which the times are typed, each once, as ``read_plan`` reads them; no day means
    every day; none where ``text`` is "off". Raises ReaderError where a word says nothing of time,
    or there is no time, or more than six, doubles counted.
    """
    return parse_plan(text).schedules


def parse_plan(text: str) -> Plan:
    """Return what ``text`` asks of a schedule: times, days to drop, or nothing any more.

    Raises ReaderError as ``parse_schedules`` does.
    """
    if below_zero := _BELOW_ZERO.match(text):
        raise ReaderError("no-time", word=below_zero[0].strip())
    if free := read_free_days(text):
        return Plan(dropped=free)
    plan = read_plan(text, lenient=True)
    if plan.unknown:
        raise ReaderError("no-time", word=plan.unknown)
    if not plan.times and not plan.is_off and not plan.dropped:
        raise ReaderError("time-missing")
    if len(plan.times) > _MAX_SCHEDULES:
        raise ReaderError("too-many-times", n=_MAX_SCHEDULES)
    return plan
