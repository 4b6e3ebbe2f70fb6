"""Whose turn it is: one request at a time to a host, with a pause between two.

A publisher with fifty feeds on one host meets one patient reader, not fifty.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType

from bot.domain.ports import Clock
from bot.errors import SourceUnavailable

__all__ = ["HostLimits"]

# Hosts remembered at once. Each is needed for its gap only, a second after its last request,
# or while it is paused; beyond this many, the pause that ends first is forgotten.
MAX_LINES = 4096


@dataclass(slots=True)
class _HostQueue:
    """Those who wait for one host, in the order they came."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    next_at: datetime | None = None
    paused_until: datetime | None = None

    def is_needed(self, now: datetime) -> bool:
        return self.users > 0 or any(at and at > now for at in (self.next_at, self.paused_until))


class HostLimits:
    """The lines before all hosts: ``gap_s`` between two requests to one, ``max_open`` in all."""

    def __init__(self, clock: Clock, *, gap_s: float, max_open: int = 64) -> None:
        self._clock = clock
        self._gap = timedelta(seconds=gap_s)
        self._open = asyncio.Semaphore(max_open)
        self._lines: dict[str, _HostQueue] = {}

    def turn(self, host: str) -> "_HostSlot":
        """Hold the turn of ``host`` while it lasts, once all who came earlier have had theirs.

        Entering it raises SourceUnavailable, at once or while waiting, when the host is paused.
        """
        return _HostSlot(self, self._line(host))

    def pause(self, host: str, until: datetime) -> None:
        """Give no turn of ``host`` before an instant, as it asked; a longer pause stays."""
        line = self._line(host)
        line.paused_until = max(line.paused_until or until, until)

    async def take(self, line: _HostQueue) -> None:
        """Wait for the turn of a line, and hold it."""
        line.users += 1
        try:
            self._refuse_if_paused(line)
            await line.lock.acquire()
            try:
                self._refuse_if_paused(line)
                await self._wait_for_gap(line)
                await self._open.acquire()
            except BaseException:
                line.lock.release()
                raise
        except BaseException:
            line.users -= 1
            raise

    def give_back(self, line: _HostQueue) -> None:
        """End the turn of a line."""
        line.next_at = self._clock.now() + self._gap
        line.users -= 1
        self._open.release()
        line.lock.release()

    async def _wait_for_gap(self, line: _HostQueue) -> None:
        if line.next_at is None:
            return
        # Never longer than the gap, were the machine's clock set back by an hour.
        wait = min(line.next_at - self._clock.now(), self._gap)
        if wait > timedelta(0):
            await self._clock.sleep(wait.total_seconds())

    def _refuse_if_paused(self, line: _HostQueue) -> None:
        if line.paused_until is None:
            return
        left_s = (line.paused_until - self._clock.now()).total_seconds()
        if left_s > 0:
            raise SourceUnavailable("host-paused", seconds=round(left_s), retry_after_s=left_s)
        line.paused_until = None

    def _line(self, host: str) -> _HostQueue:
        line = self._lines.get(host)
        if line is None:
            if len(self._lines) >= MAX_LINES:
                self._forget()
            line = self._lines[host] = _HostQueue()
        return line

    def _forget(self) -> None:
        """Drop the lines that nobody needs; if that is not enough, half of the pauses."""
        now = self._clock.now()
        kept = {host: line for host, line in self._lines.items() if line.is_needed(now)}
        if len(kept) >= MAX_LINES:
            idle = [host for host, line in kept.items() if line.users == 0]
            idle.sort(key=lambda host: kept[host].paused_until or now)
            for host in idle[: len(idle) // 2]:
                del kept[host]
        self._lines = kept


class _HostSlot:
    """A turn as a context; thousands an hour are taken, each of them a little cheaper so."""

    __slots__ = ("_line", "_turns")

    def __init__(self, turns: HostLimits, line: _HostQueue) -> None:
        self._turns = turns
        self._line = line

    async def __aenter__(self) -> None:
        await self._turns.take(self._line)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._turns.give_back(self._line)
