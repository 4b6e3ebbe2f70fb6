"""Zones by their clock: by the offset from UTC, and by the time it is there now."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.reading_times import read_plan
from bot.commands.reading_times.words import normalize

__all__ = ["clock_told", "one_a_clock", "zones_at_offset", "zones_showing"]

# A clock read off a wall may be some minutes off; no two zones differ by less than 15.
_CLOCK_SLACK = timedelta(minutes=7)
# UTC+5:30, GMT -3, +0530, UTC 0; the minus of a typesetter too, which normalize makes a hyphen.
_OFFSET = re.compile(
    r"(?:(?:utc|gmt|z)\s?)?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d{2}))?(?:\s?h)?"
)
# A time with minutes, or with am or pm: what else is a number in a sentence may be anything.
_SURE_CLOCK = re.compile(r"\d\s?[:.h]\s?\d\d|\d\s?[ap]\.?\s?m\b|\d\s?[時时点시]")


def zones_at_offset(text: str, zones: Iterable[str], now: datetime) -> tuple[str, ...] | None:
    """Return those of ``zones`` whose clocks are as far from UTC as ``text`` says, at ``now``.

    None where ``text`` is no offset ("UTC+5:30", "+0530", "GMT-3").
    """
    match = _OFFSET.fullmatch(normalize(text[:40]).strip())
    if match is None:
        return None
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    signed = -offset if match["sign"] == "-" else offset
    return tuple(zone for zone in zones if now.astimezone(ZoneInfo(zone)).utcoffset() == signed)


def clock_told(text: str) -> time | None:
    """Return the time that a sentence says it is: "it's 7:30 here"; None if it says none."""
    plan = read_plan(text)
    if len(plan.times) != 1 or plan.names_days or not _SURE_CLOCK.search(normalize(text[:400])):
        return None
    return plan.times[0][0]


def zones_showing(clock: time, zones: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Return those of ``zones`` where it is ``clock`` at ``now``, up to 7 minutes off."""
    found = []
    for zone in zones:
        local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        there = datetime.combine(local.date(), clock)
        off = (there - local + timedelta(hours=12)) % timedelta(days=1) - timedelta(hours=12)
        if abs(off) <= _CLOCK_SLACK:
            found.append(zone)
    return tuple(found)


def one_a_clock(zones: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Return the first of those zones whose clocks agree all year from ``now`` on, in order."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    months = [now + timedelta(days=30 * month) for month in range(12)]
    for zone in zones:
        info = ZoneInfo(zone)
        found.setdefault(tuple(at.astimezone(info).utcoffset() for at in months), zone)
    return tuple(found.values())
