"""From feeds to stories: poll, read and group, the slow ones beside the quick."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from bot.domain.ports import Clock
from bot.logs import event
from bot.steps.grouping import Grouping
from bot.steps.matching import Matching
from bot.steps.polling import Polling, PollReport
from bot.steps.reading import Reading
from bot.store import Store
from bot.store.refresh_progress import RefreshProgress

__all__ = ["Intake"]

# How often what the feeds brought so far is read, while others have not answered yet.
_READ_EVERY_S = 0.5
# How often a long refresh says in the log how far it is.
_TELL_EVERY_S = 10.0
_log = logging.getLogger(__name__)


class Underway:
    """Knows whether something is at work, for those who would rather have its result."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Count as at work."""
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._idle.set()

    async def end(self, patience_s: float) -> None:
        """Return when nothing is at work, at the latest after ``patience_s``."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience_s)


def _log_progress(state: RefreshProgress) -> None:
    event(_log, "refreshing", feeds_left=state.due, pages_left=state.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What lets the news in. ``refreshes`` tells who composes what is still coming in."""

    store: Store
    clock: Clock
    matching: Matching
    polling: Polling
    reading: Reading
    grouping: Grouping
    refreshes: Underway = field(default_factory=Underway)

    async def refresh(
        self,
        keys: Sequence[str] = (),
        *,
        tell: Callable[[RefreshProgress], None] = _log_progress,
        every_s: float = _TELL_EVERY_S,
    ) -> PollReport:
        """Poll the feeds that are due (with ``keys`` only theirs), read, and group what is new.

        What the quick feeds bring is read and grouped while the slow ones are still asked.
        As long as that takes, ``tell`` hears every so often what is left to do.
        """
        with self.refreshes.work():
            async with asyncio.TaskGroup() as group:
                polling = group.create_task(self.polling.poll(keys))
                telling = group.create_task(self._tell(keys, tell, every_s))
                while True:
                    ended, _ = await asyncio.wait({polling}, timeout=_READ_EVERY_S)
                    await self.reading.read(keys)
                    await self.grouping.group()
                    if ended:
                        break
                telling.cancel()
        return polling.result()

    async def _tell(
        self, keys: Sequence[str], tell: Callable[[RefreshProgress], None], every_s: float
    ) -> None:
        while True:
            await asyncio.sleep(every_s)
            tell(await self.store.refresh_progress(keys, now=self.clock.now()))
