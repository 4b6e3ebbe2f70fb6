"""READ FIRST: how a feed's entry becomes a message, on one screen.

    Source ─gather→ Article ─group→ Story ─pick→ Briefing ─render→ Message ─send→ chat

Each step can be killed at any line: what it had claimed comes back when its lease ends, and
nothing is done twice, because every step writes what it did in one transaction.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.ports import Clock
from bot.logs import event
from bot.send import Outbox
from bot.steps.attempts import Attempts
from bot.steps.cleaning import Cleaning
from bot.steps.composing import Composing
from bot.steps.grouping import Grouping
from bot.steps.matching import Matching
from bot.steps.polling import Polling, PollReport
from bot.steps.reading import Reading
from bot.steps.underway import Underway
from bot.store import Store
from bot.store.refresh_progress import RefreshProgress

__all__ = ["Flow", "Gathering"]

# How often what the feeds brought so far is read, while others have not answered yet.
_READ_EVERY_S = 0.5
# How often a long run of gathering reports its progress.
_REPORT_EVERY_S = 10.0
# Editions composed at once: as many as there are workers, and some to wait.
_COMPOSE_BATCH = 16
# An edition waits this long for feeds that are being read when it is due.
_GATHERING_PATIENCE_S = 10.0
# An edition whose composer died is made again after this.
_LEASE = timedelta(minutes=5)
_log = logging.getLogger(__name__)


def _log_progress(progress: RefreshProgress) -> None:
    event(_log, "refreshing", feeds_left=progress.due, pages_left=progress.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Gather and group: from feeds to stories; ``underway`` counts the runs that are on."""

    store: Store
    clock: Clock
    matching: Matching
    polling: Polling
    reading: Reading
    grouping: Grouping
    underway: Underway = field(default_factory=Underway)

    async def refresh(
        self,
        keys: Sequence[str] = (),
        *,
        report: Callable[[RefreshProgress], None] = _log_progress,
        every_s: float = _REPORT_EVERY_S,
    ) -> PollReport:
        """Poll the feeds that are due (with ``keys`` only theirs), read, and group what is new.

        What quick feeds bring is read and grouped while slow ones are still being polled; articles
        of others without a story are grouped too. Returns the figures of the polls. ``report`` is
        called every ``every_s`` seconds of real time with what is left of ``keys`` (three
        queries); it must not raise. Takes as long as the slowest feed and page. Raises an
        ExceptionGroup, perhaps of groups, that holds StoreUnavailable; a feed, page or article
        that fails ends alone. Runs may overlap, and after any end the next goes on.
        """

        async def report_progress() -> None:
            while True:
                await asyncio.sleep(every_s)
                report(await self.store.refresh_progress(keys, now=self.clock.now()))

        with self.underway.work():
            async with asyncio.TaskGroup() as tasks:
                polling = tasks.create_task(self.polling.poll(keys))
                reporting = tasks.create_task(report_progress())
                polled = False
                while not polled:
                    polled = bool((await asyncio.wait({polling}, timeout=_READ_EVERY_S))[0])
                    await self.reading.read(keys)
                    await self.grouping.group()
                reporting.cancel()
        return polling.result()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The whole way: gather and group, prepare, deliver, clean up. The clock's jobs call it."""

    store: Store
    clock: Clock
    gathering: Gathering
    composing: Composing
    attempts: Attempts
    outbox: Outbox
    cleaning: Cleaning

    async def refresh(self, keys: Sequence[str] = ()) -> PollReport:
        """Gather and group what is new; returns and raises as ``Gathering.refresh``."""
        return await self.gathering.refresh(keys)

    async def prepare(self, queued: Callable[[], None] = lambda: None) -> int:
        """Compose every edition that is due, and queue its messages; return how many editions.

        A run of gathering that is on is waited for, up to 10 s, so that no edition misses its
        news. ``queued`` is called after each batch of 16: at a full hour, the first readers have
        theirs while the last ones' are composed. An edition that fails holds up no other: it
        is tried again by a later call, and ends with its reason; those that ended without a
        message count as well. Sends nothing. Raises StoreUnavailable, and what ``queued`` raises;
        what was claimed is released then, or when the run is cancelled.
        """
        next_at = await self.next_edition_at()
        if next_at is not None and next_at <= self.clock.now():
            await self.gathering.underway.end(_GATHERING_PATIENCE_S)
        count = 0
        async with self.attempts.holding() as claimed:
            while due := await self.attempts.claim(limit=_COMPOSE_BATCH, lease=_LEASE):
                claimed.update(schedule.id for schedule in due)
                count += await self.attempts.make(due, self.composing.compose_due)
                claimed.difference_update(schedule.id for schedule in due)
                queued()
        return count

    async def deliver(self) -> None:
        """Send every queued message that may go now, at Telegram's pace; see ``Outbox.drain``.

        A message that fails is recorded; raises StoreUnavailable once those in flight have ended.
        Must not run twice at once.
        """
        await self.outbox.drain()

    async def clean(self) -> None:
        """Delete what has outlived its days of retention; see ``Cleaning.clean``.

        Raises StoreUnavailable; another run does the rest.
        """
        await self.cleaning.clean()

    async def next_edition_at(self) -> datetime | None:
        """Return when ``prepare`` has something to do next (UTC), None if nothing is scheduled.

        It may be past. An edition that is claimed, or is to be tried again, counts from then.
        Raises StoreUnavailable.
        """
        return await self.store.schedules.next_due_at()

    async def next_part_at(self) -> datetime | None:
        """Return when ``deliver`` has something to do next (UTC), None if no message waits.

        It may be past. Raises StoreUnavailable.
        """
        return await self.outbox.next_at()
