"""Jobs run when due, when rung for, and at their heartbeat; nothing is lost on the way."""

import asyncio
import logging
import time
from datetime import timedelta

import pytest

from bot.clock.local import Job, LocalJobs
from bot.clock.system import SystemClock
from bot.errors import StoreUnavailable
from tests.fakes.clock import FakeClock

MS = timedelta(milliseconds=1)


class Work:
    """A job's work, counted; ``gate`` holds it, ``due`` is what it says to be woken at."""

    def __init__(self):
        self.runs = 0
        self.at = []
        self.due = None
        self.errors = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()
        self.ended = 0

    async def run(self):
        self.runs += 1
        self.at.append(time.monotonic())
        self.started.set()
        if self.errors:
            raise self.errors.pop()
        await self.gate.wait()
        self.ended += 1

    async def wake_at(self):
        return self.due

    async def reached(self, runs):
        while self.runs < runs:
            self.started.clear()
            await self.started.wait()


@pytest.fixture
async def work():
    return Work()


async def settle():
    await asyncio.sleep(0.05)


async def test_a_job_runs_once_at_the_start_and_then_sleeps(work):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run, wake_at=work.wake_at)]):
        await work.reached(1)
        await settle()
    assert work.runs == 1


async def test_a_job_runs_again_and_again_at_its_interval(work):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run, every=60 * MS)]):
        await work.reached(5)
    gaps = [later - earlier for earlier, later in zip(work.at, work.at[1:], strict=False)]
    assert all(gap > 0.03 for gap in gaps)


async def test_a_job_wakes_when_its_earliest_row_is_due(work):
    clock = SystemClock()
    work.due = clock.now() + 300 * MS
    due_at = time.monotonic() + 0.3
    async with LocalJobs(clock, [Job(name="a", run=work.run, wake_at=work.wake_at)]):
        await work.reached(1)
        work.due = clock.now() + 300 * MS
        await work.reached(2)
    assert work.at[1] >= due_at - 0.01


async def test_only_the_distance_counts_on_a_clock_that_is_ahead(work):
    clock = FakeClock()  # stands in 2025, far from the machine's time
    work.due = clock.now() + 200 * MS
    async with LocalJobs(clock, [Job(name="a", run=work.run, wake_at=work.wake_at)]):
        await work.reached(2)
    assert work.at[1] - work.at[0] > 0.15


async def test_without_a_row_the_heartbeat_wakes_it(work):
    jobs = [Job(name="a", run=work.run, wake_at=work.wake_at)]
    async with LocalJobs(SystemClock(), jobs, heartbeat=80 * MS):
        await work.reached(3)
    assert work.runs >= 3


async def test_a_row_further_away_than_the_heartbeat_does_not_delay_it(work):
    clock = SystemClock()
    work.due = clock.now() + timedelta(days=300)
    jobs = [Job(name="a", run=work.run, wake_at=work.wake_at)]
    async with LocalJobs(clock, jobs, heartbeat=80 * MS):
        await work.reached(3)


async def test_ringing_runs_a_sleeping_job_at_once(work):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)]) as jobs:
        await work.reached(1)
        await settle()
        jobs.ring("a")
        await work.reached(2)


async def test_rings_before_a_run_begins_are_answered_together(work):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)]) as jobs:
        await work.reached(1)
        await settle()
        for _ in range(50):
            jobs.ring("a")
        await settle()
    assert work.runs == 2


async def test_rings_during_a_run_make_it_run_once_more_and_never_twice_at_once(work):
    work.gate.clear()
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)]) as jobs:
        await work.started.wait()
        for _ in range(50):
            jobs.ring("a")
            await asyncio.sleep(0)
        await settle()
        assert work.runs == 1
        work.gate.set()
        await work.reached(2)
        await settle()
    assert work.runs == 2


async def test_a_ring_at_the_moment_a_run_ends_is_not_lost(work):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)]) as jobs:
        await work.reached(1)
        for n in range(60):
            jobs.ring("a")
            for _ in range(n % 9):  # every step of a run's end, several times
                await asyncio.sleep(0)
            before = work.runs
            jobs.ring("a")
            await work.reached(before + 1)


async def test_a_blocked_loop_loses_nothing(work):
    clock = SystemClock()
    others = [Work() for _ in range(20)]
    for other in others:
        other.due = clock.now() + 200 * MS
    jobs = [
        Job(name=f"row {n}", run=other.run, wake_at=other.wake_at) for n, other in enumerate(others)
    ]
    jobs.append(Job(name="interval", run=work.run, every=200 * MS))
    async with LocalJobs(clock, jobs):
        await asyncio.gather(work.reached(1), *(other.reached(1) for other in others))
        for other in others:
            other.due = None
        time.sleep(1.5)  # noqa: ASYNC251 - the fault under test
        await asyncio.gather(work.reached(2), *(other.reached(2) for other in others))


async def test_a_job_that_raises_is_logged_in_one_line_and_stays(work, caplog):
    work.errors = [RuntimeError("second"), RuntimeError("first")]
    caplog.set_level(logging.ERROR)
    async with LocalJobs(SystemClock(), [Job(name="poll", run=work.run)]) as jobs:
        await work.reached(1)
        await settle()
        jobs.ring("poll")
        await work.reached(2)
        await settle()
        jobs.ring("poll")
        await work.reached(3)
    messages = [record.getMessage() for record in caplog.records]
    assert [message.split(" retry")[0] for message in messages] == [
        "job-failed job=poll error=RuntimeError failures=1",
        "job-failed job=poll error=RuntimeError failures=2",
    ]


async def test_a_failing_job_is_tried_again_by_itself(work, caplog):
    work.errors = [RuntimeError("once")]
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run, every=20 * MS)]):
        await work.reached(2)
    assert work.at[1] - work.at[0] > 0.5


async def wishes(work, clock, caplog, times):
    """Run a job so often; return after how long it wished to run again, each time."""
    caplog.set_level(logging.DEBUG, "bot.clock.local")
    async with LocalJobs(clock, [Job(name="a", run=work.run, wake_at=work.wake_at)]) as jobs:
        for runs in range(1, times + 1):
            await work.reached(runs)
            jobs.ring("a")
    return [record.getMessage().split("next=")[1] for record in caplog.records[:times]]


async def test_the_pause_of_a_row_that_does_not_move_doubles_up_to_a_second(work, caplog):
    clock = FakeClock()
    work.due = clock.now()
    assert await wishes(work, clock, caplog, 7) == [
        *("0:00:00.050000", "0:00:00.100000", "0:00:00.200000", "0:00:00.400000"),
        *("0:00:00.800000", "0:00:01", "0:00:01"),
    ]


async def test_the_time_before_a_row_was_due_does_not_lengthen_its_pause(work, caplog):
    clock = FakeClock()
    due = clock.now() + timedelta(hours=1)

    async def wake_at():
        if work.runs == 5:
            clock.advance(timedelta(hours=1))
        return due

    work.wake_at = wake_at
    assert await wishes(work, clock, caplog, 5) == ["1:00:00"] * 4 + ["0:00:00.100000"]


async def test_without_a_row_a_job_wishes_to_run_at_the_heartbeat(work, caplog):
    assert await wishes(work, FakeClock(), caplog, 1) == ["0:00:30"]


async def test_the_pause_of_a_failing_job_doubles_up_to_half_a_minute(work, caplog):
    work.errors = [RuntimeError("on and on") for _ in range(7)]
    caplog.set_level(logging.ERROR)
    async with LocalJobs(SystemClock(), [Job(name="poll", run=work.run)]) as jobs:
        for runs in range(1, 8):
            await work.reached(runs)
            jobs.ring("poll")
    pauses = [record.getMessage().split("retry_s=")[1] for record in caplog.records[:7]]
    assert list(map(float, pauses)) == [1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("is_grouped", [False, True])
async def test_a_database_that_is_away_is_asked_again_within_four_seconds(work, caplog, is_grouped):
    """Else the work that waits for it would go on long after it came back."""
    away = StoreUnavailable("store-unavailable")
    error = ExceptionGroup("refreshing", [ExceptionGroup("reading", [away])])
    work.errors = [error if is_grouped else away for _ in range(6)]
    caplog.set_level(logging.ERROR)
    async with LocalJobs(SystemClock(), [Job(name="poll", run=work.run)]) as jobs:
        for runs in range(1, 7):
            await work.reached(runs)
            jobs.ring("poll")
    pauses = [record.getMessage().split("retry_s=")[1] for record in caplog.records[:6]]
    assert list(map(float, pauses)) == [1, 2, 4, 4, 4, 4]


async def test_a_row_that_does_not_move_does_not_make_the_job_spin(work):
    clock = SystemClock()
    work.due = clock.now() - timedelta(hours=1)
    async with LocalJobs(clock, [Job(name="a", run=work.run, wake_at=work.wake_at)]):
        await work.reached(5)
    assert work.at[-1] - work.at[0] > 0.5


async def test_a_machine_clock_set_back_is_noticed_at_the_heartbeat(work):
    jobs = [Job(name="a", run=work.run, every=100 * MS)]
    async with LocalJobs(SystemClock(), jobs, heartbeat=100 * MS) as local:
        await work.reached(1)
        await asyncio.sleep(0.02)
        # What APScheduler would see if the clock went back an hour while it slept.
        later = SystemClock().now() + timedelta(hours=1)
        local._scheduler.modify_job("a", next_run_time=later)
        await work.reached(2)


async def test_closing_waits_for_a_running_job(work):
    work.gate.clear()
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)]) as jobs:
        await work.started.wait()
        asyncio.get_running_loop().call_later(0.2, work.gate.set)
        jobs.ring("a")
    assert (work.runs, work.ended) == (1, 1)


async def test_closing_asks_a_long_run_to_end(work):
    work.gate.clear()
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run, stop=work.gate.set)]):
        await work.started.wait()
    assert work.ended == 1


async def test_closing_cancels_what_runs_too_long_and_says_so(work, caplog):
    work.gate.clear()
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)], closing_s=0.2):
        await work.started.wait()
    assert work.ended == 0
    assert [record.getMessage() for record in caplog.records] == ["job-cancelled job=a"]
    await settle()
    assert len(asyncio.all_tasks()) == 1


async def test_nothing_runs_after_closing(work):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run, every=10 * MS)]) as jobs:
        await work.reached(1)
    runs = work.runs
    jobs.ring("a")
    await settle()
    assert work.runs == runs


async def test_closing_at_once_is_quiet(work, caplog):
    async with LocalJobs(SystemClock(), [Job(name="a", run=work.run)]):
        pass
    await settle()
    assert caplog.records == []


def test_two_jobs_of_one_name_are_refused(work):
    job = Job(name="a", run=work.run)
    with pytest.raises(ValueError, match="one name"):
        LocalJobs(SystemClock(), [job, job])


async def test_a_heartbeat_leaves_a_job_asleep_that_is_not_late(work):
    jobs = [Job(name="a", run=work.run, every=timedelta(hours=1))]
    other = Work()
    beating = Job(name="b", run=other.run, every=20 * MS)
    async with LocalJobs(SystemClock(), [*jobs, beating], heartbeat=20 * MS):
        await other.reached(6)
    assert work.runs == 1
