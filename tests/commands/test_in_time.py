"""What ended in time is there, what did not is cancelled, and the first failure is raised."""

import asyncio

import pytest

from bot.commands.in_time import ended_in_time


async def after(seconds, result=None, *, cancelled=None):
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        if cancelled is not None:
            cancelled.append(True)
        raise
    if isinstance(result, Exception):
        raise result
    return result


async def test_results_come_in_the_order_asked_and_late_calls_are_cancelled():
    late = []
    calls = {"b": after(0.02, 1), "hangs": after(60, cancelled=late), "a": after(0, 2)}
    async with asyncio.timeout(5):
        found = await ended_in_time(calls, 0.3)
    assert list(found.items()) == [("b", 1), ("a", 2)]
    assert late == [True]


async def test_a_failure_is_raised_at_once_and_ends_the_others():
    late = []
    calls = {"hangs": after(60, cancelled=late), "fails": after(0, KeyError("quay"))}
    async with asyncio.timeout(5):
        with pytest.raises(KeyError):
            await ended_in_time(calls, 30)
    assert late == [True]


@pytest.mark.parametrize("within_s", [0.0, -3.0])
async def test_without_time_nothing_has_ended(within_s):
    assert await ended_in_time({"a": after(1)}, within_s) == {}
    assert await ended_in_time({}, within_s) == {}
