import asyncio
import contextlib
import logging
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bot.app import WORKER_IMPORTS
from bot.errors import Aborted, NotAFeed, TooLarge, Unforeseen
from bot.workers import InlineWorkers, Workers
from tests.fakes import work
from tests.fakes.work import (
    MIB,
    add,
    add_slowly,
    allocate,
    die,
    divide,
    fail,
    is_loaded,
    recurse,
    spin,
)

needs_fork_server = pytest.mark.skipif(sys.platform != "linux", reason="looks at its processes")


@pytest.fixture
async def workers():
    async with Workers(max_workers=1, max_memory_bytes=200 * MIB) as workers:
        yield workers


@pytest.fixture(params=["processes", "threads"])
async def any_workers(request):
    async with Workers(max_workers=1) if request.param == "processes" else InlineWorkers() as any_:
        yield any_


async def gone(pid):
    """Return once this process has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        await asyncio.to_thread(psutil.Process(pid).wait, 20)


async def test_results_and_errors_come_back(any_workers):
    await any_workers.warm()
    assert await any_workers.run(add, 1, 2, c=3) == 6
    with pytest.raises(NotAFeed, match="no-feed"):
        await any_workers.run(fail)


@pytest.mark.parametrize("task", [recurse, work.hide_recursion, work.fail_in_parts])
async def test_endless_recursion_and_want_of_memory_are_too_large(any_workers, task):
    with pytest.raises(TooLarge, match="too-much-memory") as raised:
        await any_workers.run(task)
    assert not isinstance(raised.value, Aborted)


async def test_an_error_that_nobody_foresaw_is_named_and_its_place_logged_once(any_workers, caplog):
    with pytest.raises(Unforeseen, match="unforeseen kind=ValueError"):
        await any_workers.run(divide)
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "return 1 / number" in record.getMessage()
    assert "ZeroDivisionError" in record.getMessage()
    assert work.WORDS not in caplog.text


@pytest.mark.parametrize("task", [work.leave, work.interrupt])
async def test_an_exit_ends_its_call_alone(any_workers, task):
    with pytest.raises(Unforeseen, match=r"SystemExit|KeyboardInterrupt"):
        await any_workers.run(task)
    assert await any_workers.run(add, 1, 2) == 3


async def test_a_thread_that_takes_too_long_is_given_up():
    with pytest.raises(Aborted, match=r"too-slow seconds=0\.05"):
        await InlineWorkers().run(time.sleep, 0.3, timeout_s=0.05)


async def test_work_runs_in_another_process_and_stays_there(workers):
    first, second = await workers.run(os.getpid), await workers.run(os.getpid)
    assert first == second != os.getpid()


async def test_what_takes_too_long_is_killed_and_the_next_call_works(workers):
    pid = await workers.run(os.getpid)
    with pytest.raises(TooLarge, match=r"too-slow seconds=0\.2"):
        await workers.run(spin, timeout_s=0.2)
    assert not psutil.pid_exists(pid)
    assert await workers.run(add, 1, 1) == 2


async def test_what_takes_too_much_memory_is_refused_and_the_next_call_works(workers):
    with pytest.raises(TooLarge, match="too-much-memory"):
        await workers.run(allocate, 300)
    assert await workers.run(allocate, 50) == 50 * MIB


async def test_a_library_that_reports_want_of_memory_in_its_own_words_is_too_large(workers):
    with pytest.raises(TooLarge, match="too-much-memory"):
        await workers.run(work.fail_full, 150)
    with pytest.raises(Unforeseen):
        await workers.run(work.fail_full, 20)


@pytest.mark.parametrize(
    "task",
    [
        die,
        work.exit_quietly,
        work.crash,
        work.close_pipe,
        work.close_pipe_and_spin,
    ],
)
async def test_a_death_ends_its_call_alone(task):
    async with Workers(max_workers=2) as workers:
        neighbour = asyncio.create_task(workers.run(add_slowly, 1, 1, seconds=0.5, timeout_s=30))
        pid = await workers.run(os.getpid)
        with pytest.raises(Aborted, match="process-died"):
            await workers.run(task, timeout_s=30)
        await gone(pid)
        assert await workers.run(add, 2, 2) == 4
        assert await neighbour == 2


@pytest.mark.parametrize(
    ("task", "args"),
    [
        (work.fail_unsendably, ()),
        (work.fail_brokenly, ()),
        (work.give, ("lambda",)),
        (work.give, ("brittle",)),
        (work.speak_out_of_turn, ()),
        (work.add, (lambda: None, 1)),
    ],
)
async def test_what_cannot_be_sent_or_received_ends_its_call_alone(workers, caplog, task, args):
    with pytest.raises(Unforeseen):
        await workers.run(task, *args)
    assert await workers.run(add, 2, 2) == 4
    assert work.WORDS not in caplog.text


async def test_a_result_beyond_the_cap_is_too_large_and_one_below_comes_back(workers):
    with pytest.raises(TooLarge, match="result-too-large"):
        await workers.run(work.fill, 40, timeout_s=30)
    assert len(await workers.run(work.fill, 20, timeout_s=30)) == 20 * MIB


async def test_a_process_that_stands_still_is_killed(workers):
    with pytest.raises(Aborted, match=r"too-slow seconds=0\.2"):
        await workers.run(work.stop, timeout_s=0.2)
    assert await workers.run(add, 2, 2) == 4


async def test_waiting_for_a_processor_is_nobodys_fault(workers):
    pid = await workers.run(os.getpid)
    call = asyncio.create_task(workers.run(add_slowly, 1, 2, seconds=0.3, timeout_s=0.5))
    for signal_ in (signal.SIGSTOP, signal.SIGCONT):  # as a machine with more to do than it can
        await asyncio.sleep(0.8 if signal_ is signal.SIGCONT else 0.1)
        os.kill(pid, signal_)
    assert await call == 3


async def test_what_a_library_prints_is_not_seen(workers, capfd):
    assert await workers.run(work.chatter) == len("another\n")
    assert capfd.readouterr().out == ""


async def test_a_death_between_two_calls_is_not_noticed(workers):
    for wait_s in (0.0, 0.3):  # before and after its pipe is closed
        os.kill(await workers.run(os.getpid), signal.SIGKILL)
        await asyncio.sleep(wait_s)
        assert await workers.run(add, 2, 3) == 5


async def test_waiting_for_a_worker_does_not_count(workers):
    await workers.warm()
    calls = (workers.run(time.sleep, 0.15, timeout_s=0.4) for _ in range(4))
    assert await asyncio.gather(*calls) == [None] * 4


@pytest.mark.parametrize("after_s", [0.0, 0.3])  # while its process starts, and at work
async def test_a_cancelled_call_frees_its_worker(workers, after_s):
    call = asyncio.create_task(workers.run(spin, timeout_s=60))
    await asyncio.sleep(after_s)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await workers.run(add, 3, 3) == 6


async def test_a_call_that_is_cancelled_while_it_waits_takes_no_worker(workers):
    first = asyncio.create_task(workers.run(add_slowly, 1, 1, seconds=0.5, timeout_s=30))
    second = asyncio.create_task(workers.run(add, 2, 2))
    await asyncio.sleep(0.1)
    second.cancel()
    assert await first == 2
    assert await workers.run(add, 3, 3) == 6


async def test_a_process_starts_when_there_is_work_for_it():
    async with Workers(max_workers=3) as workers:
        await workers.warm()
        alone = {await workers.run(os.getpid) for _ in range(5)}
        together = (workers.run(work.add_slowly, n, 0, seconds=0.5) for n in range(2))
        assert await asyncio.gather(*together) == [0, 1]
        running = {await workers.run(os.getpid)}
    assert len(alone) == 1
    assert len(running) == 1


@needs_fork_server
async def test_idle_processes_end_and_busy_ones_do_not():
    async with Workers(max_workers=2, idle_s=0.2) as workers:
        busy = asyncio.create_task(workers.run(add_slowly, 1, 1, seconds=1.0, timeout_s=30))
        pid = await workers.run(os.getpid)
        await gone(pid)
        assert await busy == 2
        assert await workers.run(os.getpid) != pid


async def test_no_call_fails_for_a_process_that_was_idle_too_long():
    rng = random.Random(5)
    async with Workers(max_workers=2, idle_s=0.003) as workers:

        async def ask(n):
            result = 0
            for _ in range(10):
                await asyncio.sleep(rng.uniform(0, 0.008))
                result += await workers.run(add, n, 1, timeout_s=30)
            return result

        assert await asyncio.gather(*map(ask, range(4))) == [10, 20, 30, 40]


@needs_fork_server
async def test_a_fork_server_that_was_killed_is_replaced():
    async with Workers(max_workers=2) as workers:
        await workers.warm()
        server = psutil.Process(await workers.run(os.getpid)).parent()
        server.kill()
        while server.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110 - a kill takes a moment
            await asyncio.sleep(0.005)
        calls = (workers.run(add_slowly, n, 0, seconds=0.2, timeout_s=30) for n in range(2))
        assert await asyncio.gather(*calls) == [0, 1]


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


async def test_closing_turns_away_who_waits_for_a_worker():
    async with Workers(max_workers=1) as workers:
        calls = [asyncio.create_task(workers.run(spin, timeout_s=60)) for _ in range(3)]
        await asyncio.sleep(0.3)
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(error) for error in errors] == [Aborted, RuntimeError, RuntimeError]


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


def test_a_worker_does_not_load_the_program_that_started_the_bot(tmp_path):
    script = tmp_path / "daybrief"
    script.write_text(
        "import asyncio\n"
        "import colorsys\n"
        "from bot.workers import Workers\n"
        "from tests.fakes.work import is_loaded\n"
        "async def main():\n"
        "    async with Workers() as workers:\n"
        "        print(await workers.run(is_loaded, 'colorsys'))\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    root = str(Path(__file__).parents[2])
    told = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    assert told.stdout == "False\n"
