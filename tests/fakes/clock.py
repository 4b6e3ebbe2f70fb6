"""A clock set by hand, for everything that takes ``bot.domain.ports.Clock``."""

import asyncio
from datetime import UTC, datetime, timedelta

__all__ = ["START", "FakeClock"]

# A Thursday morning, as in the mock of the briefing.
START = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = START) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock shows aware instants")
        self._now = now.astimezone(UTC)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the instant the test has set."""
        return self._now

    @property
    def sleepers(self) -> int:
        """How many tasks are asleep: what a test waits for before it moves the clock."""
        return sum(not future.done() for _, future in self._sleepers)

    @property
    def next_wake_at(self) -> datetime | None:
        """When the first sleeper wants to wake, or None if nobody sleeps."""
        return min((at for at, future in self._sleepers if not future.done()), default=None)

    async def sleep(self, seconds: float) -> None:
        """Return once the test has moved the clock by ``seconds``, at once if they are none."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), future))
        await future

    def advance(self, by: timedelta) -> None:
        """Move the clock forward and wake whoever slept until then, earliest first."""
        if by < timedelta(0):
            raise ValueError("time goes forward")
        self.move_to(self._now + by)

    def move_to(self, at: datetime) -> None:
        """Set the clock to ``at`` (backward too, as real clocks may be set)."""
        self._now = at.astimezone(UTC)
        waiting = sorted(
            (sleeper for sleeper in self._sleepers if not sleeper[1].done()), key=lambda s: s[0]
        )
        self._sleepers = [sleeper for sleeper in waiting if sleeper[0] > self._now]
        for wake_at, future in waiting:
            if wake_at <= self._now:
                future.set_result(None)
