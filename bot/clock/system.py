"""The machine's clocks: the only place where the current time is read."""

import asyncio
import time
from datetime import UTC, datetime

__all__ = ["SystemClock", "steady_s"]


class SystemClock:
    """The real time, as ``bot.domain.ports.Clock``."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed; lets other tasks run even if none are to pass."""
        await asyncio.sleep(max(seconds, 0.0))


def steady_s() -> float:
    """Return seconds of a clock that nobody sets: only differences have a meaning.

    It counts the time that the machine sleeps where the system has such a clock (Linux).
    """
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)
