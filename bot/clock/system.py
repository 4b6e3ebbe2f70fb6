"""The machine's clock: the only place where the current time is read."""

import asyncio
from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """The real time, as ``bot.domain.ports.Clock``."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed; lets other tasks run even if none are to pass."""
        await asyncio.sleep(max(seconds, 0.0))
