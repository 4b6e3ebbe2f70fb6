"""The wall clock is followed, but a great step forward is doubted until somebody agrees."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.clock.trusted import TrustedClock
from bot.errors import StoreUnavailable

NOON = datetime(2025, 6, 5, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Machine:
    """A machine whose two clocks a test moves."""

    def __init__(self):
        self.wall = NOON
        self.steady_s = 500.0
        self.clock = TrustedClock(wall=lambda: self.wall, steady=lambda: self.steady_s)

    def pass_by(self, time):
        self.wall += time
        self.steady_s += time.total_seconds()

    def date(self, off=timedelta(0)):
        return format_datetime(self.wall + off, usegmt=True)


@pytest.fixture
def machine():
    return Machine()


def test_time_passes_as_on_the_machine(machine):
    machine.pass_by(90 * MINUTE)
    assert machine.clock.now() == NOON + 90 * MINUTE
    assert not machine.clock.is_doubted


@pytest.mark.parametrize("step", [-3 * HOUR, -MINUTE, MINUTE, HOUR])
def test_steps_back_and_small_ones_show_at_once(machine, step):
    machine.wall += step
    assert machine.clock.now() == NOON + step
    assert not machine.clock.is_doubted


def test_a_great_step_forward_does_not_show_for_ten_minutes(machine):
    machine.wall += 5 * HOUR
    assert machine.clock.now() == NOON
    machine.pass_by(9 * MINUTE)
    assert machine.clock.now() == NOON + 9 * MINUTE
    assert machine.clock.is_doubted
    machine.pass_by(2 * MINUTE)
    assert machine.clock.now() == NOON + 11 * MINUTE + 5 * HOUR
    assert not machine.clock.is_doubted


def test_time_asleep_is_no_step(machine):
    machine.pass_by(9 * HOUR)  # the steady clock counts it, too
    assert machine.clock.now() == NOON + 9 * HOUR


def test_telegrams_date_ends_the_doubt_only_if_it_agrees(machine):
    machine.wall += 5 * HOUR
    for date in (machine.date(-5 * HOUR), machine.date(2 * MINUTE), "yesterday", ""):
        machine.clock.saw(date)
        assert machine.clock.is_doubted
    machine.clock.saw(machine.date())
    assert machine.clock.now() == NOON + 5 * HOUR


def test_a_date_means_nothing_where_nothing_is_doubted(machine):
    machine.clock.saw(machine.date(9 * HOUR))
    assert machine.clock.now() == NOON


def test_a_doubted_step_that_is_taken_back_never_was(machine):
    machine.wall += 5 * HOUR
    assert machine.clock.is_doubted
    machine.pass_by(MINUTE)
    machine.wall -= 5 * HOUR
    assert machine.clock.now() == NOON + MINUTE
    assert not machine.clock.is_doubted


def test_two_great_steps_are_doubted_together(machine):
    machine.wall += 5 * HOUR
    assert machine.clock.now() == NOON
    machine.wall += 24 * HOUR
    assert machine.clock.now() == NOON
    machine.clock.saw(machine.date())
    assert machine.clock.now() == NOON + 29 * HOUR


def test_a_step_is_logged_once(machine, caplog):
    machine.wall -= 3 * HOUR
    for _ in range(5):
        machine.clock.now()
    assert [r.getMessage() for r in caplog.records] == ["clock-stepped by_s=-10800 doubted=False"]


async def test_steps_are_handed_on_once_and_again_where_the_database_was_away(machine, monkeypatch):
    monkeypatch.setattr("bot.clock.trusted._LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("bot.clock.trusted._STEP_TRIES_S", 0.01)
    seen = []

    async def follow(by):
        seen.append(by)
        if len(seen) == 1:
            raise StoreUnavailable("store-unavailable")
        if len(seen) == 3:
            raise ValueError("one of ours")

    async with machine.clock.watched(follow):
        machine.wall -= 3 * HOUR
        await _until(lambda: len(seen) == 2)
        machine.wall += 5 * HOUR  # doubted: nothing to follow yet
        await asyncio.sleep(0.05)
        assert len(seen) == 2
        machine.clock.saw(machine.date())
        await _until(lambda: len(seen) == 3)
        machine.wall += MINUTE
        await _until(lambda: len(seen) == 4)
    assert seen == [-3 * HOUR, -3 * HOUR, 5 * HOUR, MINUTE]


async def _until(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.005)
