"""One request at a time to a host, in order, and little remembered."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import SourceUnavailable
from bot.gather.http import host_limits
from bot.gather.http.host_limits import HostLimits
from tests.fakes.clock import START, FakeClock


@pytest.fixture
def clock():
    return FakeClock()


async def test_the_gap_begins_when_a_turn_ends(clock):
    limits = HostLimits(clock, gap_s=1.0)
    async with limits.turn("a"):
        clock.advance(timedelta(seconds=5))
    second = asyncio.create_task(_take(limits, "a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert clock.next_wake_at == clock.now() + timedelta(seconds=1)
    clock.advance(timedelta(seconds=1))
    await second


async def test_a_clock_set_back_holds_nobody_longer_than_the_gap(clock):
    limits = HostLimits(clock, gap_s=1.0)
    await _take(limits, "a")
    clock.move_to(clock.now() - timedelta(hours=1))
    second = asyncio.create_task(_take(limits, "a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert clock.next_wake_at == clock.now() + timedelta(seconds=1)
    clock.advance(timedelta(seconds=1))
    await second


async def test_no_more_turns_are_given_at_once_than_allowed(clock):
    limits = HostLimits(clock, gap_s=0.0, max_open=3)
    now, most = 0, 0

    async def visit(host):
        nonlocal now, most
        async with limits.turn(host):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.001)
            now -= 1

    await asyncio.gather(*(visit(f"host-{n}") for n in range(20)))
    assert most == 3


async def test_a_failed_turn_is_over(clock):
    limits = HostLimits(clock, gap_s=0.0)
    with pytest.raises(KeyError):
        async with limits.turn("a"):
            raise KeyError
    await _take(limits, "a")


async def test_the_longer_of_two_pauses_holds(clock):
    limits = HostLimits(clock, gap_s=0.0)
    limits.pause("a", START + timedelta(seconds=60))
    limits.pause("a", START + timedelta(seconds=10))
    clock.advance(timedelta(seconds=30))
    with pytest.raises(SourceUnavailable, match="host-paused seconds=30"):
        await _take(limits, "a")
    await _take(limits, "b")
    clock.advance(timedelta(seconds=30))
    await _take(limits, "a")


async def test_only_hosts_in_need_are_remembered(clock, monkeypatch):
    monkeypatch.setattr(host_limits, "MAX_HOSTS", 10)
    limits = HostLimits(clock, gap_s=1.0)
    limits.pause("paused", START + timedelta(seconds=3600))
    for n in range(50):
        await _take(limits, f"host-{n}")
        clock.advance(timedelta(seconds=2))
        assert len(limits._queues) <= 10
    with pytest.raises(SourceUnavailable):
        await _take(limits, "paused")


async def test_of_too_many_pauses_those_that_end_first_are_forgotten(clock, monkeypatch):
    monkeypatch.setattr(host_limits, "MAX_HOSTS", 10)
    limits = HostLimits(clock, gap_s=0.0)
    async with limits.turn("busy"):
        for n in range(50):
            limits.pause(f"host-{n}", START + timedelta(seconds=100 + n))
            assert len(limits._queues) <= 10
        assert "busy" in limits._queues
    with pytest.raises(SourceUnavailable):
        await _take(limits, "host-49")
    await _take(limits, "host-0")


async def _take(limits, host):
    async with limits.turn(host):
        pass


async def test_sixty_four_turns_are_given_at_once_by_default(clock):
    limits, most = HostLimits(clock, gap_s=0.0), []
    gate = asyncio.Event()

    async def visit(host):
        async with limits.turn(host):
            most.append(host)
            await gate.wait()

    visits = [asyncio.create_task(visit(f"host-{n}")) for n in range(70)]
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(most) == 64
    gate.set()
    await asyncio.gather(*visits)
    assert len(most) == 70


async def test_a_pause_says_how_long_it_lasts(clock):
    limits = HostLimits(clock, gap_s=0.0)
    limits.pause("a", START + timedelta(seconds=60.4))
    with pytest.raises(SourceUnavailable, match="host-paused seconds=60") as raised:
        await _take(limits, "a")
    assert raised.value.retry_after_s == 60.4


async def test_without_a_gap_nobody_waits(clock):
    limits = HostLimits(clock, gap_s=0.0)
    for _ in range(3):
        await _take(limits, "a")
    assert clock.sleepers == 0


async def test_a_turn_that_nobody_has_cannot_be_given_back(clock):
    limits = HostLimits(clock, gap_s=0.0, max_open=1)
    queue = limits._queue("a")
    with pytest.raises(RuntimeError):
        limits.give_back(queue)
    assert (queue.users, queue.next_at) == (0, None)
    await limits.take(queue)
    assert limits._open.locked()


async def test_who_waits_in_the_gap_is_refused_by_a_pause(clock):
    limits = HostLimits(clock, gap_s=1.0)
    await _take(limits, "a")
    waiting = asyncio.create_task(_take(limits, "a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    limits.pause("a", START + timedelta(seconds=60))
    clock.advance(timedelta(seconds=1))
    with pytest.raises(SourceUnavailable, match="host-paused seconds=59"):
        await waiting
    clock.advance(timedelta(seconds=60))
    await _take(limits, "a")


async def test_who_waits_for_others_to_end_is_refused_by_a_pause(clock):
    limits = HostLimits(clock, gap_s=0.0, max_open=1)
    async with limits.turn("a"):
        waiting = asyncio.create_task(_take(limits, "b"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        limits.pause("b", START + timedelta(seconds=60))
    with pytest.raises(SourceUnavailable, match="host-paused"):
        await waiting
    await asyncio.wait_for(_take(limits, "c"), 5)  # its place is free again


async def test_a_turn_that_does_not_come_is_given_up(clock, monkeypatch):
    monkeypatch.setattr(host_limits, "MAX_WAIT_S", 0.02)
    limits = HostLimits(clock, gap_s=0.0)
    async with limits.turn("a"):
        with pytest.raises(SourceUnavailable, match="no-answer-in-time"):
            await _take(limits, "a")
        await _take(limits, "b")
    await _take(limits, "a")
