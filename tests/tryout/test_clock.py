"""The clock that a tap moves to tomorrow."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.tryout.clock import ShiftableClock
from tests.fakes.clock import START, FakeClock

HOUR = timedelta(hours=1)


@pytest.fixture
def real():
    return FakeClock()


@pytest.fixture
def clock(real):
    return ShiftableClock(real)


def test_it_shows_the_real_time_until_it_is_moved(real, clock):
    assert clock.now() == START
    real.advance(HOUR)
    assert clock.now() == START + HOUR


def test_it_goes_on_from_where_it_was_moved_to(real, clock):
    clock.jump_to(START + 20 * HOUR)
    real.advance(HOUR)
    assert clock.now() == START + 21 * HOUR
    clock.jump_to(START + 44 * HOUR)
    assert clock.now() == START + 44 * HOUR


@pytest.mark.parametrize("day", [date(2025, 6, 5), date(2024, 2, 29), date(2031, 12, 31)])
def test_it_begins_on_a_day_at_the_hour_of_the_real_clock(real, day):
    clock = ShiftableClock(real, first_day=day)
    here, there = real.now().astimezone(), clock.now().astimezone()
    assert (there.date(), there.time()) == (day, here.time())
    real.advance(HOUR)
    clock.jump_to(clock.now() + HOUR)
    assert clock.now() - there == 2 * HOUR


def test_it_never_goes_back(clock):
    clock.jump_to(START + 2 * HOUR)
    clock.jump_to(START + HOUR)
    assert clock.now() == START + 2 * HOUR


async def test_a_jump_wakes_who_slept_until_then_and_nobody_else(clock):
    short = asyncio.create_task(clock.sleep(60))
    long = asyncio.create_task(clock.sleep(7200))
    await asyncio.sleep(0)
    clock.jump_to(START + HOUR)
    await asyncio.wait_for(short, 100)
    await asyncio.sleep(0)
    assert not long.done()
    clock.jump_to(START + 2 * HOUR)
    await asyncio.wait_for(long, 100)


async def test_a_sleep_of_no_length_ends_at_once(clock):
    await asyncio.wait_for(clock.sleep(0), 100)
    await asyncio.wait_for(clock.sleep(-5), 100)


async def test_a_sleep_ends_by_itself(clock):
    await asyncio.wait_for(clock.sleep(0.01), 100)


async def test_a_sleeper_that_is_cancelled_as_the_clock_moves_ends(clock):
    sleeper = asyncio.create_task(clock.sleep(7200))
    await asyncio.sleep(0)
    clock.jump_to(START + HOUR)
    await asyncio.sleep(0)
    sleeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(sleeper, 100)
