"""Times, zones and breaks as strangers wrote them: what is understood, counted."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.commands.reading_times import read_break_end
from bot.commands.times import parse_schedules
from bot.commands.zone_clocks import one_a_clock
from bot.commands.zones import find_zones
from bot.errors import ReaderError

CASES = Path(__file__).parents[1] / "data" / "conversation" / "times-open.jsonl"
NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)  # a Sunday
# Of each kind, so many may be missed: none is today.
MAX_MISSED = 0


def cases(command):
    lines = CASES.read_text("utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["command"] == command]


def schedule_holds(case):
    try:
        got = parse_schedules(case["text"])
    except ReaderError:
        return case["expect"] == {"refuse": True}
    shown = {f"{s.local_time:%H:%M}": "".join(map(str, sorted(s.days))) for s in got}
    return isinstance(case["expect"], list) and shown == {
        want["time"]: want["days"] for want in case["expect"]
    }


def break_holds(case):
    now, want = NOW.astimezone(ZoneInfo("Europe/Berlin")), case["expect"]
    end = read_break_end(case["text"], now)
    if end is None:
        return "refuse" in want
    if "hours" in want:
        return end.until - now == timedelta(hours=want["hours"])
    return end.until.date().isoformat() == want.get("until")


def zone_holds(case):
    want, now = case["expect"], NOW
    if "now" in case:
        hour, minute = map(int, case["now"].removesuffix("Z").split(":"))
        now = NOW.replace(hour=hour, minute=minute)
    found = find_zones(case["text"], now)
    if "ask" in want:
        return len(found) > 1 and one_a_clock((*found, *want["ask"]), now) == found
    if "zone" in want:
        return len(found) == 1 and one_a_clock((*found, want["zone"]), now) == found
    if "offset" in want:
        offsets = {now.astimezone(ZoneInfo(zone)).isoformat()[-6:] for zone in found}
        return offsets == {want["offset"]}
    return not found


@pytest.mark.parametrize(
    ("command", "holds"),
    [("schedule", schedule_holds), ("pause", break_holds), ("timezone", zone_holds)],
)
def test_what_strangers_wrote_is_understood(command, holds):
    missed = [case["text"] for case in cases(command) if not holds(case)]
    assert len(missed) <= MAX_MISSED, missed


def test_the_cases_are_as_many_as_they_were():
    assert [len(cases(command)) for command in ("schedule", "pause", "timezone")] == [70, 32, 48]
