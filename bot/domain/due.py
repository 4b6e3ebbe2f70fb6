"""The next instant of a local time, right across every clock change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.schedule import Schedule

__all__ = ["Due", "next_due"]

# The longest a matching local date can be away: a week, a day skipped by a zone that
# crossed the date line (Samoa had no 30 December 2011), and a day on either side.
_HORIZON_DAYS = 16


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """An instant (UTC), and the local date whose edition it is.

    The two are kept together because they can disagree: where clocks are set back
    over midnight, or a gap moves 23:15 past it, the slot of one date fires on the next.
    """

    at: datetime
    local_date: date


def next_due(schedule: Schedule, zone: ZoneInfo | str, after: datetime) -> Due:
    """Return the first instant later than ``after`` at which ``schedule`` is due in ``zone``.

    ``after`` is aware, in any zone. Each local date is due once. A local time inside a gap is
    shifted by the gap's length (02:30 becomes 03:30); a local time that happens twice counts the
    first time only. Raises ValueError for a naive ``after``, OverflowError at either end of the
    calendar, and for a name that is no zone ZoneInfoNotFoundError (a KeyError), ValueError or
    OSError. Zones are cached.
    """
    if after.tzinfo is None:
        raise ValueError("after must be an aware datetime")
    tz = _zone(zone) if isinstance(zone, str) else zone
    after = after.astimezone(UTC)
    # Start a day early: a slot of yesterday's date may fire today.
    first = after.astimezone(tz).date() - timedelta(days=1)
    for offset in range(_HORIZON_DAYS):
        day = first + timedelta(days=offset)
        if day.weekday() not in schedule.days:
            continue
        at = _instant(day, schedule.local_time, tz)
        # A zone may skip a whole day, where the date line moves.
        noon = datetime.combine(day, time(12), tzinfo=tz)
        if at > after and noon.astimezone(UTC).astimezone(tz).date() == day:
            return Due(at, day)
    raise ValueError(f"no instant of {schedule} within {_HORIZON_DAYS} days of {after}")


def _instant(day: date, local_time: time, tz: ZoneInfo) -> datetime:
    """Return when a clock in ``tz`` first shows ``local_time`` on ``day``, or would have (UTC)."""
    # fold=0 reads a gap with the offset before it, which shifts the time by the gap's
    # length, and a repeated time as its first occurrence (PEP 495).
    return datetime.combine(day, local_time.replace(fold=0), tzinfo=tz).astimezone(UTC)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
