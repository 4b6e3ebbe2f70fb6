"""What the edges fulfil: the few protocols between the inside and the world."""

from datetime import datetime
from typing import Protocol

from bot.domain.edition import Part

__all__ = ["Clock", "Transport"]


class Clock(Protocol):
    """The only source of time. Real, shifted (tryout) or set by hand (tests)."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` of this clock's time have passed."""
        ...


class Transport(Protocol):
    """The way to a chat."""

    async def send(self, part: Part, *, plain: bool = False) -> int:
        """Send ``part`` and return its message id; ``plain`` sends its text unmarked.

        Raises FloodWait, NotSent, MaybeSent, ChatGone, ChatMigrated, BadMarkup, Refused.
        """
        ...
