"""A clock that tests set by hand, for everything that takes a ``bot.domain.ports.Clock``."""

import asyncio
from datetime import UTC, datetime, timedelta

__all__ = ["START", "FakeClock"]

# A Thursday morning, the date of the briefing in the design mock-up.
START = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until a test moves it. ``now`` must be aware, else ValueError."""

    def __init__(self, now: datetime = START) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock shows aware instants")
        self._now = now.astimezone(UTC)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the instant the test has set, in UTC."""
        return self._now

    @property
    def sleepers(self) -> int:
        """The number of sleeping tasks; a test waits for it to rise before it moves the clock."""
        return sum(not future.done() for _, future in self._sleepers)

    @property
    def next_wake_at(self) -> datetime | None:
        """The instant at which the first task wakes (UTC), None if no task sleeps."""
        return min((at for at, future in self._sleepers if not future.done()), default=None)

    async def sleep(self, seconds: float) -> None:
        """Return once the test has moved the clock by ``seconds``; at once if that is 0 or less."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), future))
        await future

    def advance(self, by: timedelta) -> None:
        """Move the clock forward and wake the tasks that are due by then, earliest first.

        Raises ValueError if ``by`` is negative; use ``move_to`` to set the clock back.
        """
        if by < timedelta(0):
            raise ValueError("time goes forward")
        self.move_to(self._now + by)

    def move_to(self, at: datetime) -> None:
        """Set the clock to ``at``, which may lie in the past, and wake the tasks due by then."""
        self._now = at.astimezone(UTC)
        waiting = sorted(
            (sleeper for sleeper in self._sleepers if not sleeper[1].done()), key=lambda s: s[0]
        )
        self._sleepers = [sleeper for sleeper in waiting if sleeper[0] > self._now]
        for wake_at, future in waiting:
            if wake_at <= self._now:
                future.set_result(None)
