"""A clock that can be moved ahead: tomorrow morning at a tap."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.ports import Clock

__all__ = ["ShiftableClock"]


class ShiftableClock:
    """The time of a ``real`` clock, plus what it was moved by. It never goes back."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._ahead = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the instant it shows, in UTC."""
        return self._real.now() + self._ahead

    def jump_to(self, at: datetime) -> None:
        """Show ``at`` from now on, and wake who slept until then; never goes back."""
        self._ahead += max(at - self.now(), timedelta())
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed on this clock, jumps included."""
        until = self.now() + timedelta(seconds=seconds)
        while (left := (until - self.now()).total_seconds()) > 0:
            # Python 3.11's wait_for loses a cancellation that comes together with a jump.
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                return
