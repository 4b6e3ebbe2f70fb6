"""Named jobs in this process, run by APScheduler; rows of the store hold what is to be done.

There is one job per kind of work, never one per reader or feed. A job runs when its
earliest row is due, at its heartbeat, and whenever somebody rings for it.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock.system import SystemClock
from bot.domain.ports import Clock
from bot.errors import StoreUnavailable
from bot.logs import event

__all__ = ["HEARTBEAT", "Job", "LocalJobs"]

logger = logging.getLogger(__name__)

# The longest a job sleeps over a row that nobody rang for: another process wrote it, or
# the clock was set.
HEARTBEAT = timedelta(seconds=30)
# How long closing waits for running jobs: SIGTERM must end the program within 10 s.
CLOSING_S = 3.0
# A job whose due row does not move is run again no sooner than this, doubling up to the second.
_STUCK_S = (0.05, 1.0)
# The same for one that fails. A database that comes back is to find all at work within 10 s.
_FAILED_S = (1.0, 30.0)
_STORE_AWAY_S = (1.0, 4.0)
# APScheduler needs a next time while a job runs; the end of the run sets the real one.
_RUNNING = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A kind of work. ``run`` does what is due and returns; it is never run twice at once.

    What ``run`` returns is ignored; what it raises is logged, and the job runs again after a
    growing pause. ``every`` is the longest time between two starts. ``wake_at`` returns when
    the next row is due on our clock (None: no row). With neither, the job runs at the start,
    when rung for, and once a day; with ``wake_at``, at least every HEARTBEAT too. ``stop`` asks
    a run under way to end soon; it is called when the jobs close.
    """

    name: str
    run: Callable[[], Awaitable[object]]
    every: timedelta | None = None
    wake_at: Callable[[], Awaitable[datetime | None]] | None = None
    stop: Callable[[], None] | None = None


class LocalJobs:
    """Runs jobs from entering the context to leaving it; each once at the start.

    Leaving waits for running jobs, at most ``closing_s``, and then cancels them.
    ``heartbeat`` is for tests; APScheduler's time is the machine's, ``clock`` is ours.
    """

    def __init__(
        self,
        clock: Clock,
        jobs: Sequence[Job],
        *,
        heartbeat: timedelta = HEARTBEAT,
        closing_s: float = CLOSING_S,
    ) -> None:
        self._triggers = {job.name: _JobTrigger(job, clock, heartbeat) for job in jobs}
        if len(self._triggers) != len(jobs):
            raise ValueError("two jobs have one name")
        self._heartbeat_s = heartbeat.total_seconds()
        self._closing_s = closing_s
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._pulse: asyncio.TimerHandle | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        for name, trigger in self._triggers.items():
            self._scheduler.add_job(self._run, trigger, args=(trigger,), id=name, name=name)
        self._scheduler.start()
        self._beat()
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._closing = True
        if self._pulse is not None:
            self._pulse.cancel()
        for trigger in self._triggers.values():
            if trigger.job.stop is not None:
                trigger.job.stop()
        self._scheduler.pause()
        running = {trigger.task for trigger in self._triggers.values() if trigger.task is not None}
        if running:
            _, late = await asyncio.wait(running, timeout=self._closing_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # it shuts down in the loop's next step

    def ring(self, name: str) -> None:
        """Make the job ``name`` run now; if it is running, once more when it has ended.

        Returns at once; a pause after a failure is cut short. Several rings before that run begins
        lead to one run. For the event loop's own thread, within the context: once it is being
        left, nothing happens. KeyError if there is no such job, or before the context is entered.
        """
        trigger = self._triggers[name]
        if trigger.busy:
            trigger.again = True
        elif not self._closing:
            self._set_next(trigger, _machine_now())

    async def _run(self, trigger: "_JobTrigger") -> None:
        """Run a job; never raises, so that APScheduler always calls ``_ended``."""
        trigger.task, trigger.again = asyncio.current_task(), False
        try:
            await trigger.run()
        except asyncio.CancelledError:
            event(logger, "job-cancelled", job=trigger.job.name, level=logging.WARNING)
        finally:
            trigger.task = None

    def _ended(self, ended: JobExecutionEvent) -> None:
        """Set when a job wakes next.

        APScheduler calls this when it counts the job as over; set any earlier, a wake-up
        could come while it still does, and be skipped.
        """
        trigger = self._triggers[ended.job_id]
        trigger.busy = False
        if not self._closing:
            self._set_next(trigger, _machine_now() if trigger.again else trigger.next_at)

    def _set_next(self, trigger: "_JobTrigger", at: datetime) -> None:
        wait_s = (at - _machine_now()).total_seconds()
        trigger.wake_by_s = asyncio.get_running_loop().time() + wait_s
        self._scheduler.modify_job(trigger.job.name, next_run_time=at)

    def _beat(self) -> None:
        """Ring for overdue jobs: a machine's clock that is set back delays APScheduler."""
        loop = asyncio.get_running_loop()
        self._pulse = loop.call_later(self._heartbeat_s, self._beat)
        for name, trigger in self._triggers.items():
            if not trigger.busy and loop.time() > trigger.wake_by_s + self._heartbeat_s:
                self.ring(name)


class _JobTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """A job's state, as the trigger by which APScheduler fires it."""

    def __init__(self, job: Job, clock: Clock, heartbeat: timedelta) -> None:
        self.job = job
        self.busy = False  # handed over to run, or running
        self.again = False  # rung for while busy
        self.task: asyncio.Task[None] | None = None
        self.next_at = _machine_now()
        self.wake_by_s = math.inf  # the same by the loop's clock, which is never set back
        # The longest time between two runs.
        limits = (job.every, heartbeat if job.wake_at else None)
        self.longest = min((limit for limit in limits if limit), default=_RUNNING)
        self._clock = clock
        self._failures = 0
        self._last_wake_at: datetime | None = None
        self._stuck = 0

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return when to fire: at once, and after a start not before the run has ended."""
        if previous is None:
            return now
        self.busy = True
        return now + _RUNNING

    async def run(self) -> None:
        """Run the job once, and set ``next_at`` to when it is due again."""
        started_at = _machine_now()
        try:
            await self.job.run()
            due_in = await self._due_in()
        except Exception as error:  # noqa: BLE001 - a worker loop: the job stays scheduled
            self._failures += 1
            pauses_s = _STORE_AWAY_S if _is_store_away(error) else _FAILED_S
            due_in = _doubled(self._failures - 1, *pauses_s)
            event(
                logger,
                "job-failed",
                level=logging.ERROR,
                job=self.job.name,
                error=error,
                failures=self._failures,
                retry_s=due_in.total_seconds(),
                exc_info=error,
            )
            self.next_at = _machine_now() + due_in
            return
        self._failures = 0
        now = _machine_now()
        # A run longer than its interval is followed by the next one at once.
        self.next_at = max(now, min(now + due_in, started_at + self.longest))
        took_ms = (now - started_at) / timedelta(milliseconds=1)
        event(logger, "job", level=logging.DEBUG, job=self.job.name, took_ms=took_ms, next=due_in)

    async def _due_in(self) -> timedelta:
        """Return how long until the earliest row is due, in real time."""
        wake_at = await self.job.wake_at() if self.job.wake_at else None
        now = self._clock.now()
        # A row that was due and still is may be one that this job cannot move.
        overdue = wake_at is not None and wake_at <= now
        self._stuck = self._stuck + 1 if overdue and wake_at == self._last_wake_at else 0
        self._last_wake_at = wake_at
        if wake_at is None:
            return self.longest
        # Our clock may be ahead of the machine's (tryout): only the distance counts.
        return _doubled(self._stuck, *_STUCK_S) if overdue else wake_at - now


def _is_store_away(error: BaseException) -> bool:
    """Return whether a job failed as the database did not answer, in a group or by itself."""
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(StoreUnavailable) is not None
    return isinstance(error, StoreUnavailable)


def _doubled(times: int, first_s: float, most_s: float) -> timedelta:
    return timedelta(seconds=min(first_s * 2 ** min(times, 16), most_s))


def _machine_now() -> datetime:
    """Return the machine's time, by which APScheduler fires."""
    return SystemClock().now()
