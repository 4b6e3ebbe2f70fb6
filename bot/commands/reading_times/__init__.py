"""Times, days and breaks as people write them, in all our languages and digits: pure functions."""

from bot.commands.reading_times.break_ends import BreakEnd, read_break_end
from bot.commands.reading_times.free_days import names_an_end, read_free_days
from bot.commands.reading_times.plans import Plan, read_plan, read_time

__all__ = [
    "BreakEnd", "Plan", "names_an_end", "read_break_end", "read_free_days", "read_plan",
    "read_time",
]  # fmt: skip
