"""A briefing at once: /brief."""

from bot.commands.means import Means
from bot.commands.refresh import RefreshForReader
from bot.commands.request import Request
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.errors import ReaderError
from bot.steps.composing import Order

__all__ = ["BRIEF_DATA", "PREVIEW_DATA", "BriefNow"]

BRIEF_DATA = "v1:brief"
PREVIEW_DATA = "v1:preview:"


class BriefNow:
    """The use case of a briefing at once."""

    def __init__(self, means: Means, gathering: RefreshForReader) -> None:
        self._means = means
        self._gathering = gathering

    async def brief(self, request: Request) -> Message | None:
        """Queue a briefing for the room; None, since the briefing is the answer.

        A message says instead that no source can be reached. The same request delivered
        twice makes one briefing.
        """
        subscriptions = await self._means.store.subscriptions.of_room(request.room.id)
        if not subscriptions:
            raise ReaderError("nothing-to-brief-on")
        if unreachable := await self._gathering.gather(request, subscriptions):
            return unreachable
        order = Order(room=request.room, kind=EditionKind.BRIEF, key=str(request.update_id))
        await self._means.flow.composing.compose_asked(order)
        self._means.ring("deliver")
        return None

    async def preview(self, request: Request, subscription_id: str) -> Message:
        """Return what one subscription would bring now; nothing of it counts as told."""
        subscriptions = await self._means.store.subscriptions.of_room(request.room.id)
        found = [one for one in subscriptions if str(one.id) == subscription_id]
        if not found:
            raise ReaderError("not-read-any-more")
        if unreachable := await self._gathering.gather(request, found):
            return unreachable
        order = Order(room=request.room, kind=EditionKind.BRIEF, key="")
        return (await self._means.flow.composing.messages(order, found[0]))[0]
