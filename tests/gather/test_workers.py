"""Work in processes: results and errors come back, and what runs wild is ended."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from bot.app import WORKER_IMPORTS
from bot.errors import NotAFeed, TooLarge
from bot.workers import InlineWorkers, Workers
from tests.fakes.work import (
    MIB,
    add,
    allocate,
    die,
    fail,
    is_loaded,
    recurse,
    spin,
)


@pytest.fixture
async def workers():
    async with Workers(max_workers=1, max_memory_bytes=200 * MIB) as workers:
        yield workers


@pytest.fixture(params=["processes", "threads"])
async def any_workers(request):
    async with Workers(max_workers=1) if request.param == "processes" else InlineWorkers() as any_:
        yield any_


async def test_results_and_errors_come_back(any_workers):
    await any_workers.warm()
    assert await any_workers.run(add, 1, 2, c=3) == 6
    with pytest.raises(NotAFeed, match="no feed here"):
        await any_workers.run(fail)


async def test_endless_recursion_is_too_large(any_workers):
    with pytest.raises(TooLarge):
        await any_workers.run(recurse)


async def test_a_thread_that_takes_too_long_is_given_up():
    with pytest.raises(TooLarge, match=r"more than 0\.05 s"):
        await InlineWorkers().run(time.sleep, 0.3, timeout_s=0.05)


async def test_work_runs_in_another_process_and_stays_there(workers):
    first, second = await workers.run(os.getpid), await workers.run(os.getpid)
    assert first == second != os.getpid()


async def test_what_takes_too_long_is_killed_and_the_next_call_works(workers):
    pid = await workers.run(os.getpid)
    began = time.monotonic()
    with pytest.raises(TooLarge, match=r"more than 0\.2 s"):
        await workers.run(spin, timeout_s=0.2)
    assert time.monotonic() - began < 5
    assert not psutil.pid_exists(pid)
    assert await workers.run(add, 1, 1) == 2


async def test_what_takes_too_much_memory_is_refused_and_the_next_call_works(workers):
    with pytest.raises(TooLarge, match="memory"):
        await workers.run(allocate, 300)
    assert await workers.run(allocate, 50) == 50 * MIB


async def test_a_death_in_the_middle_of_a_call_is_too_large(workers):
    with pytest.raises(TooLarge, match="died"):
        await workers.run(die)
    assert await workers.run(add, 2, 2) == 4


async def test_a_death_between_two_calls_is_not_noticed(workers):
    for wait_s in (0.0, 0.3):  # before and after the pool has seen it
        os.kill(await workers.run(os.getpid), signal.SIGKILL)
        await asyncio.sleep(wait_s)
        assert await workers.run(add, 2, 3) == 5


async def test_waiting_for_a_worker_does_not_count(workers):
    await workers.warm()
    calls = (workers.run(time.sleep, 0.15, timeout_s=0.4) for _ in range(4))
    assert await asyncio.gather(*calls) == [None] * 4


async def test_a_cancelled_call_frees_its_worker(workers):
    call = asyncio.create_task(workers.run(spin, timeout_s=60))
    await workers.warm()
    await asyncio.sleep(0.3)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await workers.run(add, 3, 3) == 6


async def test_closing_kills_what_runs_and_takes_no_more_calls():
    workers = Workers(max_workers=1)
    async with workers:
        pid = await workers.run(os.getpid)
        call = asyncio.create_task(workers.run(spin, timeout_s=60))
        await asyncio.sleep(0.3)
    assert not psutil.pid_exists(pid)
    call.cancel()
    with pytest.raises(RuntimeError, match="closed"):
        await workers.run(add, 1, 1)


async def test_the_named_modules_are_there_from_the_start():
    async with Workers(max_workers=2, imports=["colorsys"]) as workers:
        await workers.warm()
        assert await workers.run(is_loaded, "colorsys")


async def test_the_bots_own_workers_start_and_hold_all_that_reads_a_page():
    async with Workers(max_workers=1, imports=WORKER_IMPORTS) as workers:
        await workers.warm()
        assert await workers.run(is_loaded, "trafilatura")


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed():
    program = (
        "import asyncio\n"
        "from bot.workers import Workers\n"
        "from tests.fakes.work import spin, tell_pid\n"
        "async def main():\n"
        "    async with Workers(max_workers=1) as workers:\n"
        "        print(await workers.run(tell_pid), flush=True)\n"
        "        await workers.run(spin, timeout_s=60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with parent:
        worker = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.5)
        assert worker.cpu_times().user > 0
        parent.kill()
    assert psutil.wait_procs([worker], timeout=5)[1] == []
