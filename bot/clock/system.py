"""The machine's clock: the only place that asks what time it is."""

import asyncio
from datetime import UTC, datetime

__all__ = ["SystemClock"]


class SystemClock:
    """The real time, as ``bot.domain.ports.Clock``."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` have passed; at once, but not without a turn, if none."""
        await asyncio.sleep(max(seconds, 0.0))
