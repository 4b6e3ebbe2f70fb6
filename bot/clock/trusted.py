"""The wall clock as far as it can be trusted: its steps are seen, and a great one is doubted.

What is due goes by the wall clock, what only waits by a clock that nobody sets. Comparing the
two shows when the wall clock was set.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.clock.system import SystemClock, steady_s
from bot.errors import StoreUnavailable
from bot.logs import event

__all__ = ["TrustedClock"]

# What time servers correct in small pieces is no step; a clock set by hand is off by more.
_STEP_S = 2.0
# A greater step forward is doubted: no change of summer time moves UTC, and a clock that was
# wrong by more would send the briefings of other hours.
_DOUBTED_S = 3600.0
# After this a doubted clock is believed: Telegram may be out of reach for days.
_DOUBT_S = 600.0
# Telegram's clock and ours agree within this. Date headers have whole seconds.
_AGREED_S = 60.0
# How often the clocks are compared if nobody asks for the time.
_LOOK_EVERY_S = 1.0
_STEP_TRIES_S = 1.0
_log = logging.getLogger(__name__)


class TrustedClock:
    """The machine's time, but for steps forward of over an hour, which are doubted at first.

    While one is doubted the clock goes on as before the step: until Telegram's clock agrees with
    the machine's (``saw``), for at most 10 minutes. All other steps show at once. Each is logged
    once. ``wall`` and ``steady`` are seams of tests: an instant, and seconds that nobody sets.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] | None = None,
        steady: Callable[[], float] = steady_s,
    ) -> None:
        self._wall = wall or SystemClock().now
        self._steady = steady
        self._last = (self._wall(), steady())
        self._held_s = 0.0  # how far the doubted steps go
        self._doubted_until_s = 0.0
        self._moved_s = 0.0  # steps that showed, and were not yet handed on

    @property
    def is_doubted(self) -> bool:
        """Whether a step is doubted now: then ``now`` is not what the machine shows.

        Looks at the clocks, as ``now`` does: a step that nobody saw yet is noted, and logged.
        """
        self._look()
        return self._held_s > 0.0

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC, without a step that is doubted."""
        return self._look() - timedelta(seconds=self._held_s)

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed, whatever is set; at once for 0 or less."""
        await asyncio.sleep(max(seconds, 0.0))

    def saw(self, date: str) -> None:
        """Take note of the ``Date`` header of an answer of Telegram's that has just come.

        Where it agrees with the machine's clock, that is doubted no longer. What is no date is
        passed over.
        """
        wall = self._look()
        if self._held_s <= 0.0:
            return
        try:
            told = parsedate_to_datetime(date)
        except ValueError:
            return
        told = told.replace(tzinfo=told.tzinfo or UTC)
        if abs((told - wall).total_seconds()) <= _AGREED_S:
            self._trust("telegram")

    @asynccontextmanager
    async def watched(
        self, on_step: Callable[[timedelta], Awaitable[object]]
    ) -> AsyncIterator[None]:
        """Call ``on_step`` with each step that ``now`` made, within about a second, while inside.

        A doubted one is handed on once it is believed. Steps while the last call runs come
        together, as one. A call that raises StoreUnavailable is repeated; what else it raises is
        logged.
        """
        watching = asyncio.create_task(self._watch(on_step), name="clock")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait([watching])

    async def _watch(self, on_step: Callable[[timedelta], Awaitable[object]]) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self._look()
            moved_s, self._moved_s = self._moved_s, 0.0
            if not moved_s:
                continue
            try:
                await on_step(timedelta(seconds=moved_s))
            except StoreUnavailable:
                self._moved_s += moved_s
                await asyncio.sleep(_STEP_TRIES_S)
            except Exception as error:  # noqa: BLE001 - a worker loop: later steps are seen, too
                event(_log, "step-broken", level=logging.ERROR, exc_info=error)

    def _look(self) -> datetime:
        """Compare the clocks, note a step, and return what the machine shows."""
        wall, steady = self._wall(), self._steady()
        last_wall, last_steady = self._last
        self._last = (wall, steady)
        step_s = (wall - last_wall).total_seconds() - (steady - last_steady)
        if abs(step_s) >= _STEP_S:
            ahead_s = self._held_s + step_s
            is_doubted = ahead_s > _DOUBTED_S
            by_s = round(step_s)
            event(_log, "clock-stepped", level=logging.WARNING, by_s=by_s, doubted=is_doubted)
            if is_doubted:
                if self._held_s <= 0.0:
                    self._doubted_until_s = steady + _DOUBT_S
                self._held_s = ahead_s
            else:
                self._held_s = 0.0
                if abs(ahead_s) >= _STEP_S:
                    self._moved_s += ahead_s
        elif self._held_s > 0.0 and steady >= self._doubted_until_s:
            self._trust("waited")
        return wall

    def _trust(self, by: str) -> None:
        event(_log, "clock-trusted", level=logging.WARNING, by=by, step_s=round(self._held_s))
        self._moved_s += self._held_s
        self._held_s = 0.0
