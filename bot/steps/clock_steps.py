"""What follows when the machine's clock was set: nothing waits longer, no slot is lost."""

import asyncio
import logging
from datetime import timedelta

from bot.domain.due import Due, next_due
from bot.domain.ports import Clock
from bot.logs import event
from bot.store import Store
from bot.store.schedules import StoredSchedule

__all__ = ["ClockSteps"]

# Two slots of a schedule are a day apart, or 22 hours where clocks change: only a clock that was
# ahead by more has passed any over. Well below, so that no pair of steps adds up to it.
_PASSED_OVER = timedelta(hours=1)
# Schedules looked at between two turns of the event loop: some 20 ms.
_CHUNK = 500
_log = logging.getLogger(__name__)


class ClockSteps:
    """Puts what is stored right after a step of the clock."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def follow(self, by: timedelta) -> None:
        """Move what waits along with a step of ``by`` (back: negative) that was just made.

        After a step back of over an hour, slots that were passed over while the clock was ahead
        are due again at their time; what was told by then is not told again. Reads all schedules
        then. Raises StoreUnavailable: it may be called again, but waits that were moved move twice.
        """
        now = self._clock.now()
        if by <= -_PASSED_OVER:  # first: it may be repeated
            await self._store.waits.forget_misses(now=now)
            await self._recall()
        await self._store.waits.shift(by, now=now)

    async def _recall(self) -> None:
        now, after, count = self._clock.now(), 0, 0
        while ahead := await self._store.waits.schedules_ahead(now=now, after=after, limit=_CHUNK):
            after = ahead[-1][0].id
            sooner: list[tuple[StoredSchedule, Due]] = []
            for stored, zone in ahead:
                try:
                    due = next_due(stored.schedule, zone or "UTC", now)
                except Exception as error:  # noqa: BLE001 - a bulkhead: a zone that is none
                    event(_log, "schedule-broken", schedule=stored.id, error=error)
                    continue
                if stored.next_due_at is not None and due.at < stored.next_due_at:
                    sooner.append((stored, due))
            await self._store.waits.bring_forward(sooner)
            count += len(sooner)
            await asyncio.sleep(0)
        if count:
            event(_log, "slots-recalled", schedules=count)
