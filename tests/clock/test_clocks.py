"""The system's clock, and the one that tests set by hand."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock.system import SystemClock
from tests.fakes.clock import START, FakeClock

SECOND = timedelta(seconds=1)


async def test_the_system_clock_tells_utc_and_sleeps():
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0.02)
    await clock.sleep(-1)
    assert clock.now() - before >= timedelta(milliseconds=15)
    assert clock.now().tzinfo is UTC


async def test_a_short_sleep_ends_before_a_longer_one_that_began_first():
    clock, woken = SystemClock(), []

    async def sleeper(seconds):
        await clock.sleep(seconds)
        woken.append(seconds)

    async with asyncio.TaskGroup() as group:
        for seconds in (0.2, 0.001, 0, -1):
            group.create_task(sleeper(seconds))
    assert (sorted(woken[:2]), woken[2:]) == ([-1, 0], [0.001, 0.2])


async def test_a_fake_clock_stands_until_it_is_moved():
    clock = FakeClock()
    await asyncio.sleep(0.01)
    assert clock.now() == START
    clock.advance(SECOND)
    assert clock.now() == START + SECOND


async def test_sleepers_wake_in_order_when_their_time_has_come():
    clock, woken = FakeClock(), []

    async def sleeper(seconds):
        await clock.sleep(seconds)
        woken.append(seconds)

    async with asyncio.TaskGroup() as group:
        for seconds in (3, 1, 2, 0):
            group.create_task(sleeper(seconds))
        await asyncio.sleep(0)
        assert clock.sleepers == 3
        assert clock.next_wake_at == START + SECOND
        clock.advance(2 * SECOND)
        await asyncio.sleep(0.01)
        assert woken == [0, 1, 2]
        clock.advance(SECOND)
    assert woken == [0, 1, 2, 3]
    assert clock.next_wake_at is None


async def test_a_cancelled_sleeper_is_forgotten():
    clock = FakeClock()
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert clock.sleepers == 0
    clock.advance(10 * SECOND)


def test_a_fake_clock_shows_utc_and_does_not_run_backward_by_mistake():
    clock = FakeClock(datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5))))
    assert clock.now().isoformat() == "2026-01-01T07:00:00+00:00"
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-SECOND)
    with pytest.raises(ValueError, match="aware"):
        FakeClock(datetime(2026, 1, 1))  # noqa: DTZ001
