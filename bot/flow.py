"""READ FIRST: the whole river on one screen.

    Source ─gather→ Article ─group→ Story ─pick→ Briefing ─render→ Message ─send→ chat

``refresh`` reads what is new, ``prepare`` makes the editions that are due, ``deliver`` sends
what was made. Each can be killed at any line: what it had claimed comes back, and nothing is
done twice, because the truth is in the rows that every step writes in one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ports import Clock
from bot.send import Outbox
from bot.steps.attempts import Attempts
from bot.steps.cleaning import Cleaning
from bot.steps.composing import Composing
from bot.steps.intake import Intake
from bot.steps.polling import PollReport
from bot.store import Store

__all__ = ["Flow"]

# Editions composed at once: as many as there are workers, and one to wait.
_COMPOSE_BATCH = 16
# An edition waits this long for feeds that are being read when it is due.
_PATIENCE_S = 10.0
# An edition whose composer died is made again after this.
_LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The steps of the river, joined."""

    store: Store
    clock: Clock
    intake: Intake
    composing: Composing
    attempts: Attempts
    outbox: Outbox
    cleaning: Cleaning

    async def refresh(self, keys: Sequence[str] = ()) -> PollReport:
        """Poll the feeds that are due (with ``keys`` only theirs), read, and group what is new."""
        return await self.intake.refresh(keys)

    async def prepare(self, queued: Callable[[], None] = lambda: None) -> int:
        """Make every edition that is due, and queue its parts; return how many.

        What is being read right now is waited for a little, so that no edition misses it.
        ``queued`` is called as often as there is more to deliver: at a full hour, the first
        readers have theirs while the last ones' are made. An edition that fails holds up no
        other: it is tried again, and ends with its reason if that does not help.
        """
        if await self._is_due():
            await self.intake.refreshes.end(_PATIENCE_S)
        count = 0
        async with self.attempts.holding() as claimed:
            while due := await self.store.schedules.claim_due(
                now=self.clock.now(), limit=_COMPOSE_BATCH, lease=_LEASE
            ):
                claimed.update(schedule.id for schedule in due)
                count += await self.attempts.make(due, self.composing.compose_due)
                claimed.difference_update(schedule.id for schedule in due)
                queued()
        return count

    async def deliver(self) -> None:
        """Send every part that waits and may go now."""
        await self.outbox.drain()

    async def clean(self) -> None:
        """Forget what nobody needs any more."""
        await self.cleaning.clean()

    async def _is_due(self) -> bool:
        at = await self.next_edition_at()
        return at is not None and at <= self.clock.now()

    async def next_edition_at(self) -> datetime | None:
        """Return when the next edition is due."""
        return await self.store.schedules.next_due_at()

    async def next_part_at(self) -> datetime | None:
        """Return when the next part can go."""
        return await self.outbox.next_at()
