"""A briefing at once: /brief."""

import asyncio
import logging
from contextlib import suppress

from bot.desk.means import Means
from bot.desk.visit import Visit
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.errors import ReaderError
from bot.steps.composing import Order

__all__ = ["BRIEF_DATA", "PREVIEW_DATA", "Briefing"]

BRIEF_DATA = "v1:brief"
PREVIEW_DATA = "v1:preview:"

# A reader who asked waits this long for feeds to be read anew, then gets what there is.
_REFRESH_WAIT_S = 12.0
_log = logging.getLogger(__name__)


class Briefing:
    """The use case of a briefing at once."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._refreshes: set[asyncio.Task[None]] = set()

    async def brief(self, visit: Visit) -> Message | None:
        """Queue a briefing for the room; None, since the briefing is the answer.

        The same request delivered twice makes one briefing.
        """
        subscriptions = await self._means.store.subscriptions.of_room(visit.room.id)
        if not subscriptions:
            raise ReaderError(
                visit.texts._("Nothing to brief you on yet. Try /subscribe north-korea or /topics")
            )
        await self.refresh(tuple(one.key for one in subscriptions))
        order = Order(room=visit.room, kind=EditionKind.BRIEF, key=str(visit.update_id))
        await self._means.flow.composing.compose(order)
        self._means.ring("deliver")
        return None

    async def preview(self, visit: Visit, subscription_id: str) -> Message:
        """Return what one subscription would bring now; nothing of it counts as told."""
        subscriptions = await self._means.store.subscriptions.of_room(visit.room.id)
        found = [one for one in subscriptions if str(one.id) == subscription_id]
        if not found:
            raise ReaderError(
                visit.texts._("You don't read that any more. /topics shows what you do.")
            )
        await self.refresh((found[0].key,))
        order = Order(room=visit.room, kind=EditionKind.BRIEF, key="")
        return (await self._means.flow.composing.messages(order, found[0]))[0]

    async def close(self) -> None:
        """End the refreshes that outlasted their readers' patience."""
        for task in self._refreshes:
            task.cancel()
        await asyncio.gather(*self._refreshes, return_exceptions=True)

    async def refresh(self, keys: tuple[str, ...]) -> None:
        """Poll the feeds of ``keys`` that are due; what takes too long goes on by itself."""
        task = asyncio.create_task(self._run_refresh(keys))
        self._refreshes.add(task)
        task.add_done_callback(self._refreshes.discard)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), _REFRESH_WAIT_S)

    async def _run_refresh(self, keys: tuple[str, ...]) -> None:
        try:
            await self._means.flow.refresh(keys)
            await self._means.flow.refreshes.end(_REFRESH_WAIT_S)
        except Exception:  # noqa: BLE001 - the edge of a task nobody awaits
            # The reader gets what is in memory; the poll job will try again.
            _log.exception("refresh for a reader failed")
