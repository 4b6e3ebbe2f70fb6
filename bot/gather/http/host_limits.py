"""Per-host rate limiting: one request at a time, with a minimum gap.

A publisher with fifty feeds on one host gets fifty requests in a row, never at once.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType

from bot.domain.ports import Clock
from bot.errors import SourceUnavailable

__all__ = ["HostLimits"]

# Hosts kept at once. Each is needed for its gap only, a second after its last request, or
# while it is paused; beyond this many, the pauses that end first are dropped.
MAX_HOSTS = 4096
# The longest wait for a turn: beyond it the requests before it have hung.
MAX_WAIT_S = 300.0


@dataclass(slots=True)
class _HostQueue:
    """The requests that wait for one host, served in the order they came."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    next_at: datetime | None = None
    paused_until: datetime | None = None


class HostLimits:
    """A queue per host: ``gap_s`` between two requests to one host, ``max_open`` to all.

    A turn ends before the gap begins. Of more than 4,096 hosts the pauses that end first are
    dropped. For one event loop; not thread-safe.
    """

    def __init__(self, clock: Clock, *, gap_s: float, max_open: int = 64) -> None:
        self._clock = clock
        self._gap = timedelta(seconds=gap_s)
        self._open = asyncio.Semaphore(max_open)
        self._queues: dict[str, _HostQueue] = {}

    def turn(self, host: str) -> "_HostSlot":
        """Return an async context that is entered when it is this caller's turn at ``host``.

        It is to be entered soon, and once. Turns are given first come, first served, and may be
        cancelled while waiting. Entering raises SourceUnavailable if the host is paused, at
        once or after any wait; its ``retry_after_s`` is what is left of the pause. And if the
        turn has not come after five minutes.
        """
        return _HostSlot(self, self._queue(host))

    def pause(self, host: str, until: datetime) -> None:
        """Refuse the turns of ``host`` before ``until`` (aware); a longer pause stays in force.

        Those that wait already are refused when they would begin.
        """
        queue = self._queue(host)
        queue.paused_until = max(queue.paused_until or until, until)

    async def take(self, queue: _HostQueue) -> None:
        """Wait for the turn of a queue, and hold it until ``give_back``.

        Raises SourceUnavailable if its host is paused; then, and when cancelled, no turn is held.
        """
        queue.users += 1
        try:
            self._refuse_if_paused(queue)
            try:
                async with asyncio.timeout(MAX_WAIT_S):
                    await queue.lock.acquire()
            except TimeoutError as error:
                raise SourceUnavailable("no-answer-in-time") from error
            try:
                self._refuse_if_paused(queue)
                if queue.next_at is not None:
                    # Never longer than the gap, were the machine's clock set back by an hour.
                    wait = min(queue.next_at - self._clock.now(), self._gap)
                    if wait > timedelta(0):
                        await self._clock.sleep(wait.total_seconds())
                        self._refuse_if_paused(queue)
                await self._open.acquire()
                try:
                    self._refuse_if_paused(queue)
                except SourceUnavailable:
                    self._open.release()
                    raise
            except BaseException:
                queue.lock.release()
                raise
        except BaseException:
            queue.users -= 1
            raise

    def give_back(self, queue: _HostQueue) -> None:
        """End the turn taken by ``take``; the next begins after the gap.

        Exactly once for each turn: raises RuntimeError for a queue whose turn nobody has, and
        changes nothing then.
        """
        queue.lock.release()  # first: it raises; who waits runs later
        queue.next_at = self._clock.now() + self._gap
        queue.users -= 1
        self._open.release()

    def _refuse_if_paused(self, queue: _HostQueue) -> None:
        if queue.paused_until is None:
            return
        left_s = (queue.paused_until - self._clock.now()).total_seconds()
        if left_s > 0:
            raise SourceUnavailable("host-paused", seconds=round(left_s), retry_after_s=left_s)
        queue.paused_until = None

    def _queue(self, host: str) -> _HostQueue:
        """Return the queue of ``host``, made if there is none.

        Where there are too many, those that are not needed are dropped; if that is not enough,
        half of the paused ones, too.
        """
        queue = self._queues.get(host)
        if queue is not None:
            return queue
        if len(self._queues) >= MAX_HOSTS:
            now = self._clock.now()
            kept = {
                name: queue
                for name, queue in self._queues.items()
                if queue.users > 0
                or any(at and at > now for at in (queue.next_at, queue.paused_until))
            }
            if len(kept) >= MAX_HOSTS:
                idle = [name for name, queue in kept.items() if queue.users == 0]
                idle.sort(key=lambda name: kept[name].paused_until or now)
                for name in idle[: len(idle) // 2]:
                    del kept[name]
            self._queues = kept
        queue = self._queues[host] = _HostQueue()
        return queue


class _HostSlot:
    """A turn as an async context; a plain class, since a generator costs more per request."""

    __slots__ = ("_limits", "_queue")

    def __init__(self, limits: HostLimits, queue: _HostQueue) -> None:
        self._limits = limits
        self._queue = queue

    async def __aenter__(self) -> None:
        await self._limits.take(self._queue)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._limits.give_back(self._queue)
