"""What becomes of a room's schedules when new times are named."""

from collections.abc import Sequence
from datetime import time

from bot.commands.reading_times import Plan
from bot.domain.schedule import EVERY_DAY, Schedule

__all__ = ["changed_schedules", "replaced_schedules"]

# Who names so many days names the whole plan: "weekdays at 8" after "daily at 7" drops weekends.
_WHOLE_PLAN_DAYS = 5


def changed_schedules(before: Sequence[Schedule], plan: Plan, usual: time) -> list[Schedule]:
    """Return the schedules after ``plan``: those it names first, then what stays of the others.

    A plan without days replaces all. With days, others stay on the days that it does not name:
    "9:00 weekends" leaves "7:30 weekdays" alone, and takes the weekend from "7:30 daily". They
    go wholly where they share a day with a plan of five days or more, where the plan says "only",
    and where ``before`` is nothing but the ``usual`` time, daily, which nobody chose. Dropped days
    are taken from all. No two have the same time.
    """
    if plan.is_off:
        return []
    new = plan.schedules
    named = frozenset[int]().union(plan.dropped, *(schedule.days for schedule in new))
    is_unchosen = [(s.local_time, s.days) for s in before] == [(usual, EVERY_DAY)]
    if new and (not plan.names_days or plan.is_only or is_unchosen):
        return new
    days = {schedule.local_time: schedule.days for schedule in new}
    for schedule in before:
        is_replaced = new and schedule.days & named and len(named) >= _WHOLE_PLAN_DAYS
        left = frozenset[int]() if is_replaced else schedule.days - named
        if left:
            days[schedule.local_time] = days.get(schedule.local_time, frozenset()) | left
    return [Schedule(local_time=at, days=on) for at, on in days.items()]


def replaced_schedules(before: Sequence[Schedule], after: Sequence[Schedule]) -> list[Schedule]:
    """Return those of ``before`` that do not stand in ``after`` as they were."""
    return [schedule for schedule in before if schedule not in after]
