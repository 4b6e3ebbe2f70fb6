"""Retries of editions: which failures count, the pauses between attempts, and the end."""

import asyncio
import errno
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.domain.ports import Clock
from bot.errors import Aborted, DaybriefError, StoreUnavailable, reason_of
from bot.logs import event
from bot.steps.composing import Composing
from bot.store import Store
from bot.store.schedules import DueSchedule
from bot.workers import AnyWorkers

__all__ = ["MAX_ATTEMPTS", "Attempts"]

# An edition that could not be made so often ends with its reason.
MAX_ATTEMPTS = 3
# The pauses after a first and a second failure; the third is the last.
_AGAIN_AFTER = (timedelta(seconds=10), timedelta(seconds=60))
# A machine that composes a small story within this time, a hundred times what it takes, is not
# to blame for what it did not compose.
_HEALTHY_S = 3.0
# No edition is to blame for these: no room on the disk, no memory, no files, no processes.
_MACHINE_TROUBLE = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
        *(errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE),
    }
)
_log = logging.getLogger(__name__)


class Attempts:
    """Composes editions so that one which fails delays no other, and is not retried for ever.

    A failure of the edition's own counts as an attempt; the count is stored with its schedule.
    Failures of the database or the machine, cancelled runs, and timeouts that hit others too
    do not count: they are retried without limit.
    """

    def __init__(
        self, store: Store, composing: Composing, workers: AnyWorkers, clock: Clock
    ) -> None:
        self._store = store
        self._composing = composing
        self._workers = workers
        self._clock = clock
        # Claimed by a run that could not give them back, since the database did not answer.
        self._stranded: set[int] = set()
        # The ends of leases whose claims may have been made though the answer was lost.
        self._lost_claims: set[datetime] = set()
        # Schedules whose process was lost beside others': tried next with nobody beside them.
        self._suspects: set[int] = set()

    @asynccontextmanager
    async def holding(self) -> AsyncIterator[set[int]]:
        """Yield a set for the ids of claimed schedules; those left in it at the end are released.

        If the database is away by then, they are released when the context is next entered by
        this object, or by their leases.
        Entering raises StoreUnavailable if it is away still; leaving never does.
        """
        for lost in sorted(self._lost_claims):
            await self._store.schedules.unclaim(lost)
            self._lost_claims.discard(lost)
        if self._stranded:
            await self._store.schedules.hold(self._stranded, until=self._clock.now())
            self._stranded.clear()
        claimed: set[int] = set()
        try:
            yield claimed
        finally:
            if claimed:
                self._stranded |= claimed
                with suppress(StoreUnavailable):
                    await self._store.schedules.hold(claimed, until=self._clock.now())
                    self._stranded -= claimed

    async def claim(self, *, limit: int, lease: timedelta) -> list[DueSchedule]:
        """Claim up to ``limit`` schedules that are due for ``lease``; see ``claim_due``.

        Raises StoreUnavailable: what may have been claimed all the same is freed when ``holding``
        is next entered.
        """
        now = self._clock.now()
        try:
            return await self._store.schedules.claim_due(now=now, limit=limit, lease=lease)
        except StoreUnavailable:
            self._lost_claims.add(now + lease)
            raise

    async def make(
        self, due: Sequence[DueSchedule], compose: Callable[[DueSchedule], Awaitable[None]]
    ) -> int:
        """Run ``compose`` for each of ``due``; return how many editions have come to an end.

        Rooms run concurrently, schedules of one room in order; those whose process was lost
        before come last, each alone. A failure is recorded and retried after 10 s, then 60 s, by a
        later claim; the third ends the edition with its reason and sets when its schedule is next
        due. One that does not count is retried after 10 s. ``compose`` that succeeds must have set
        the next due itself. After a lost process a trial story is composed, for up to 3 s once a
        worker runs. Raises StoreUnavailable, once all of ``due`` were tried: if ``compose`` raised
        it, no failure is counted or recorded. Cancelled before all were tried, none is either.
        """
        failed = await self._compose_all(due, compose)
        for error in failed.values():
            if isinstance(error, StoreUnavailable):
                raise error
        lost = {id_ for id_, error in failed.items() if isinstance(error, Aborted)}
        is_healthy = not lost
        if lost:  # a machine that composes a small story of our own in good time is not to blame
            with suppress(DaybriefError, TimeoutError):
                await self._workers.warm()
                async with asyncio.timeout(_HEALTHY_S):
                    await self._composing.try_out()
                is_healthy = True
        ended = len(due) - len(failed)
        for schedule in due:
            if schedule.id not in failed:
                self._suspects.discard(schedule.id)
                continue
            error = failed[schedule.id]
            if schedule.id in lost:
                is_own_fault = is_healthy and (len(lost) == 1 or schedule.id in self._suspects)
                self._suspects.add(schedule.id)
            else:
                is_own_fault = not isinstance(error, OSError) or error.errno not in _MACHINE_TROUBLE
            try:
                ended += await (self._count if is_own_fault else self._again)(schedule, error)
            except StoreUnavailable:
                raise
            except Exception as worse:  # noqa: BLE001 - a bulkhead: its lease brings it back
                event(_log, "attempt-broken", level=logging.ERROR, exc_info=worse)
        return ended

    async def _compose_all(
        self, due: Sequence[DueSchedule], compose: Callable[[DueSchedule], Awaitable[None]]
    ) -> dict[int, Exception]:
        """Compose what is ``due``: rooms beside each other, suspects alone; return what failed."""
        failed: dict[int, Exception] = {}

        async def in_turn(schedules: Sequence[DueSchedule]) -> None:
            for schedule in schedules:
                try:
                    await compose(schedule)
                except Exception as error:  # noqa: BLE001 - a bulkhead: the others are made
                    failed[schedule.id] = error

        # A room's second edition must know what the first one told.
        rooms: dict[int, list[DueSchedule]] = defaultdict(list)
        for schedule in due:
            if schedule.id not in self._suspects:
                rooms[schedule.room_id].append(schedule)
        await asyncio.gather(*map(in_turn, rooms.values()))
        await in_turn([schedule for schedule in due if schedule.id in self._suspects])
        return failed

    async def _count(self, schedule: DueSchedule, error: Exception) -> int:
        """Record a failed attempt; return 1 if it was the last, and the edition has ended."""
        reason, attempts = reason_of(error), schedule.attempts + 1
        is_last = attempts >= MAX_ATTEMPTS
        event(
            _log,
            "edition-gave-up" if is_last else "edition-failed",
            level=logging.ERROR,
            schedule=schedule.id,
            room=schedule.room_id,
            attempts=attempts,
            reason=reason,
            exc_info=error,
        )
        if is_last:
            self._suspects.discard(schedule.id)
            await self._composing.give_up(schedule, reason)
            return 1
        again_at = self._clock.now() + _AGAIN_AFTER[attempts - 1]
        await self._store.schedules.fail(schedule.id, error=reason, again_at=again_at)
        return 0

    async def _again(self, schedule: DueSchedule, error: Exception) -> int:
        """Let an edition be tried again that is not to blame for its failure; return 0."""
        reason = reason_of(error)
        event(_log, "edition-held-up", level=logging.WARNING, schedule=schedule.id, reason=reason)
        until = self._clock.now() + _AGAIN_AFTER[0]
        await self._store.schedules.hold([schedule.id], until=until, error=reason)
        return 0
