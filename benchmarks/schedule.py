"""Correctness and speed of daily schedules in every time zone, compared with APScheduler.

    python -m benchmarks.schedule [--json] [--year 2026]

Walks through a year in every zone of the installed tz database, once with ``next_due`` and
once with APScheduler's CronTrigger. A double is a local date on which it fires twice, a skip
one on which it does not fire at all. ``--data`` is accepted and not used.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.triggers.cron import CronTrigger

from bot.domain.due import next_due
from bot.domain.schedule import Schedule

__all__ = ["main"]

# The times at which zones change their clocks: most at 2:00, some at midnight, 1:00 or 3:00.
_TIMES = (wall_time(1, 30), wall_time(0), wall_time(2, 30))

Walk = Callable[[wall_time, ZoneInfo, datetime, datetime], Iterator[datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of one method for one time of day, over all zones."""

    firings: int
    doubles: int
    skips: int
    zones_with_doubles: int
    zones_with_skips: int
    calls_per_s: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 0."""
    options = _parser().parse_args(arguments)
    zones = sorted(available_timezones() - {"localtime"})
    results = {f"{at:%H:%M}": _measure_all(at, zones, options.year) for at in _TIMES}
    if not options.json:
        _print_table(results, len(zones), options.year)
    plain = {at: {name: asdict(r) for name, r in row.items()} for at, row in results.items()}
    print(json.dumps({"benchmark": "schedule", "zones": len(zones), "times": plain}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.schedule", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used: the tz database is the data")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--year", type=int, default=2026)
    return parser


def _measure_all(at: wall_time, zones: Sequence[str], year: int) -> dict[str, Result]:
    return {name: _measure(walk, at, zones, year) for name, walk in _WAYS.items()}


def _measure(walk: Walk, at: wall_time, zones: Sequence[str], year: int) -> Result:
    """Walk through ``year`` in each zone, and count firings, doubles and skips."""
    firings, took_s = 0, 0.0
    doubles: Counter[str] = Counter()
    skips: Counter[str] = Counter()
    for name in zones:
        tz = ZoneInfo(name)
        start, end = (datetime(y, 1, 1, tzinfo=tz).astimezone(UTC) for y in (year, year + 1))
        began = time.perf_counter()
        found = list(walk(at, tz, start, end))
        took_s += time.perf_counter() - began
        firings += len(found)
        fired_on = Counter(instant.astimezone(tz).date() for instant in found)
        doubles[name] = sum(times - 1 for times in fired_on.values())
        skips[name] = sum(day not in fired_on for day in _dates(year))
    return Result(
        firings=firings,
        doubles=doubles.total(),
        skips=skips.total(),
        zones_with_doubles=len(+doubles),
        zones_with_skips=len(+skips),
        calls_per_s=round(firings / took_s),
    )


def _dates(year: int) -> Iterator[date]:
    """Yield every date of ``year``; in recent years no zone skips a whole date."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _walk_next_due(
    at: wall_time, tz: ZoneInfo, start: datetime, end: datetime
) -> Iterator[datetime]:
    schedule = Schedule(local_time=at)
    instant = next_due(schedule, tz, start - timedelta(microseconds=1)).at
    while instant < end:
        yield instant
        instant = next_due(schedule, tz, instant).at


def _walk_cron(at: wall_time, tz: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=tz)
    instant = trigger.get_next_fire_time(None, start)
    while instant is not None and instant < end:
        yield instant
        # APScheduler's own loop calls it so: after the last firing, at the time of that firing.
        instant = trigger.get_next_fire_time(instant, instant)


_WAYS: dict[str, Walk] = {
    "next_due": _walk_next_due,
    "CronTrigger": _walk_cron,
}


def _print_table(results: dict[str, dict[str, Result]], zones: int, year: int) -> None:
    print(f"A daily job in {zones} zones over {year}; APScheduler {version('apscheduler')}")
    head = ("at", "asked", "firings", "doubles", "skips", "calls/s")
    print("{:<6} {:<12} {:>8} {:>22} {:>22} {:>9}".format(*head))
    for at, row in results.items():
        for name, result in row.items():
            doubles = f"{result.doubles} in {result.zones_with_doubles} zones"
            skips = f"{result.skips} in {result.zones_with_skips} zones"
            figures = f"{result.firings:>8} {doubles:>22} {skips:>22} {result.calls_per_s:>9.0f}"
            print(f"{at:<6} {name:<12} {figures}")


if __name__ == "__main__":
    sys.exit(main())
