"""When a reader wants a briefing, in the reader's own time."""

from dataclasses import dataclass
from datetime import time

__all__ = ["EVERY_DAY", "WEEKDAYS", "WEEKEND", "Schedule"]

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A wall-clock time and the weekdays it holds for (0 is Monday, as in ``date.weekday``).

    Raises ValueError for a time with a zone, and for no days or others than these.
    """

    local_time: time
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if self.local_time.tzinfo is not None:
            raise ValueError("local_time is a wall-clock time: it carries no zone")
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError("days needs one or more of 0 (Monday) to 6 (Sunday)")
