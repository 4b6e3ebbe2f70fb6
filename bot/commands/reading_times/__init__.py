"""Times, days and spans as people write them, in all our languages and digits: pure functions."""

from bot.commands.reading_times.plans import Plan, read_plan, read_time

__all__ = ["Plan", "read_plan", "read_time"]
