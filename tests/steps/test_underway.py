"""Whether work is under way: those who wait go on when the last run ends, or lose patience."""

import asyncio

import pytest

from bot.steps.underway import Underway


async def turns():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_where_nothing_is_under_way_nobody_waits():
    underway = Underway()
    waiting = asyncio.create_task(underway.end(1_000))
    await turns()
    assert waiting.done()


async def test_who_waits_goes_on_when_the_last_of_several_runs_ends():
    underway = Underway()
    first, second = underway.work(), underway.work()
    first.__enter__()
    second.__enter__()
    waiting = asyncio.create_task(underway.end(1_000))
    await turns()
    first.__exit__(None, None, None)
    await turns()
    assert not waiting.done()
    second.__exit__(None, None, None)
    await turns()
    assert waiting.done()
    assert waiting.result() is None


async def test_a_run_after_the_last_one_is_waited_for_again():
    underway = Underway()
    with underway.work():
        pass
    with underway.work():
        waiting = asyncio.create_task(underway.end(1_000))
        await turns()
        assert not waiting.done()
    await waiting


async def test_a_run_that_fails_has_ended_as_well():
    underway = Underway()
    with pytest.raises(ValueError, match="no feed"), underway.work():
        raise ValueError("no feed")
    waiting = asyncio.create_task(underway.end(1_000))
    await turns()
    assert waiting.done()


async def test_patience_ends_after_so_many_seconds_and_nothing_is_raised(skip):
    underway = Underway()
    with underway.work():
        waiting = asyncio.create_task(underway.end(1_000))
        await turns()
        await skip(999)
        assert not waiting.done()
        await skip(1)
        assert waiting.done()
        assert waiting.result() is None


async def test_who_lost_patience_takes_nothing_from_those_who_have_more(skip):
    underway = Underway()
    with underway.work():
        hasty, patient = (asyncio.create_task(underway.end(s)) for s in (10, 1_000))
        await turns()
        await skip(10)
        assert (hasty.done(), patient.done()) == (True, False)
    await patient


async def test_all_who_wait_go_on_together():
    underway = Underway()
    with underway.work():
        waiting = [asyncio.create_task(underway.end(1_000)) for _ in range(3)]
        await turns()
    await turns()
    assert [task.done() for task in waiting] == [True] * 3


async def test_who_is_cancelled_while_waiting_is_cancelled():
    underway = Underway()
    with underway.work():
        waiting = asyncio.create_task(underway.end(1_000))
        await turns()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
