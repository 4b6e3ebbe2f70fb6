"""A clock that can be moved ahead, to try the next morning at once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from bot.domain.ports import Clock

__all__ = ["ShiftableClock"]


class ShiftableClock:
    """The time of a ``real`` clock plus all jumps ahead; it goes back only if that does.

    With a ``first_day`` it begins on that day, at the hour that this machine's own clock shows.
    All of its methods must be called in the same event loop.
    """

    def __init__(self, real: Clock, *, first_day: date | None = None) -> None:
        self._real = real
        self._ahead = timedelta()
        if first_day is not None:
            here = real.now().astimezone()
            begun = datetime.combine(first_day, here.time()).astimezone(UTC)
            self._ahead = begun - here
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the current instant of this clock, in UTC."""
        return self._real.now() + self._ahead

    def jump_to(self, at: datetime) -> None:
        """Move ahead to the instant ``at``, in any zone; do nothing if that is past.

        Sleeps that are over by then return in the next turns of the event loop. Raises TypeError
        for a naive ``at``.
        """
        self._ahead += max(at - self.now(), timedelta())
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed on this clock, jumps included; at once if none.

        Between jumps it waits by the event loop's time, not the ``real`` clock's. Raises
        OverflowError or ValueError for seconds that lead out of the calendar, or are not a number.
        """
        until = self.now() + timedelta(seconds=seconds)
        while (left := (until - self.now()).total_seconds()) > 0:
            # Python 3.11's wait_for loses a cancellation that comes together with a jump.
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                return
