"""A briefing at once: /brief, and the preview of a subscription."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.commands.intents import topic_named
from bot.commands.questions import choices, question
from bot.commands.refresh import RefreshForReader
from bot.commands.request import Request
from bot.domain.callback import CallbackData
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Message
from bot.domain.subscription import TOP, Subscription, SubscriptionKind
from bot.errors import ReaderError
from bot.steps.composing import Composing
from bot.store import Store
from bot.topics import Topics

__all__ = ["BriefNow", "BriefTapped", "PreviewTapped"]


@dataclass(frozen=True)
class BriefTapped(CallbackData):
    """The button that asks for a briefing at once."""

    prefix: ClassVar[str] = "brief"


@dataclass(frozen=True)
class PreviewTapped(CallbackData):
    """The button that shows what a new subscription would bring."""

    prefix: ClassVar[str] = "preview"
    subscription_id: int


class BriefNow:
    """The use case of a briefing at once. ``ring`` wakes a named job of the clock."""

    def __init__(
        self,
        store: Store,
        composing: Composing,
        refresh: RefreshForReader,
        ring: Callable[[str], None],
        topics: Topics,
    ) -> None:
        self._store = store
        self._topics = topics
        self._composing = composing
        self._refresh = refresh
        self._ring = ring

    async def queue(self, request: Request, text: str = "") -> Message | None:
        """Queue a briefing for the room; return None, since the briefing is the answer.

        With a ``text`` that names one thing the room reads, what that would bring now is
        returned, as ``preview`` does; of what it does not read, a question whether to. Other
        words ("please") are passed over. Else a message is returned only if no
        source can be reached. The same request delivered twice (by
        ``update_id``) makes one briefing. Its stories count as told. Waits for sources as
        ``RefreshForReader.refresh`` does, then for a worker. Raises ReaderError without
        subscriptions, or if the briefing cannot be composed, and StoreUnavailable.
        """
        subscriptions = await self._store.subscriptions.of_room(request.room.id)
        if text.strip() and (answer := await self._on(request, subscriptions, text.strip())):
            return answer
        if not subscriptions:
            raise ReaderError("nothing-to-brief-on")
        async with request.lane():
            if unreachable := await self._refresh.refresh(request, subscriptions):
                return unreachable
            edition = Edition(room=request.room, kind=EditionKind.BRIEF, key=str(request.update_id))
            await self._composing.compose_asked(edition)
        self._ring("deliver")
        return None

    async def top(self, request: Request, _text: str = "") -> Message:
        """Return the most widely told stories as they are now, whatever the room reads.

        As ``preview`` does, and with a button to read them every day where the room does not.
        """
        subscriptions = await self._store.subscriptions.of_room(request.room.id)
        for subscription in subscriptions:
            if subscription.key == TOP:
                return await self.preview(request, PreviewTapped(subscription.id))
        room = request.room.id
        unread = Subscription(
            id=0, room_id=room, kind=SubscriptionKind.TOPIC, key=TOP, label=str(TOP)
        )
        shown = await self._preview(request, unread)
        offered = choices(request, self._topics, [("subscribe", str(TOP))])
        return replace(shown, keyboard=(*shown.keyboard, *offered))

    async def _on(
        self, request: Request, subscriptions: Sequence[Subscription], text: str
    ) -> Message | None:
        """Return the briefing on what ``text`` names alone; None if it names nothing."""
        topic = topic_named(text, self._topics, request.room.chat.spoken)
        keys = {topic.slug} if topic else set()
        if keys == {TOP}:
            return await self.top(request)
        for subscription in subscriptions:
            if subscription.key in keys or subscription.label.casefold() == text.casefold():
                return await self.preview(request, PreviewTapped(subscription.id))
        return question(request, self._topics, text, [("subscribe", topic.slug)]) if topic else None

    async def preview(self, request: Request, tapped: PreviewTapped) -> Message:
        """Return the first message that one subscription would bring now; it is not stored.

        Nothing of it counts as told; what is read for it is stored. If no source can be reached,
        it is the message that says so. Waits for sources as ``RefreshForReader.refresh`` does,
        then for a worker. Raises ReaderError if the room has the subscription no longer, what
        broke (GiveUp, or any error of rendering) if the message cannot be composed, and
        StoreUnavailable.
        """
        subscriptions = await self._store.subscriptions.of_room(request.room.id)
        previewed = [s for s in subscriptions if s.id == tapped.subscription_id]
        if not previewed:
            raise ReaderError("not-read-any-more")
        return await self._preview(request, previewed[0])

    async def _preview(self, request: Request, previewed: Subscription) -> Message:
        async with request.lane():
            if unreachable := await self._refresh.refresh(request, [previewed]):
                return unreachable
            edition = Edition(room=request.room, kind=EditionKind.BRIEF, key="")
            return (await self._composing.messages(edition, previewed))[0]

    async def preview_all(self, request: Request) -> list[str]:
        """Return the plain text of each message of a briefing on all the room reads, in order.

        Nothing of it counts as told; what is read for it is stored. If no source can be reached, it
        is the sentence that says so. Waits as ``preview`` does, and raises what broke if it cannot
        be composed (GiveUp, or any error of rendering), and StoreUnavailable. Meant for a room that
        reads something: for another it waits for all sources.
        """
        subscriptions = await self._store.subscriptions.of_room(request.room.id)
        if unreachable := await self._refresh.refresh(request, subscriptions):
            return [unreachable.plain]
        edition = Edition(room=request.room, kind=EditionKind.BRIEF, key="preview")
        return [message.plain for message in await self._composing.messages(edition)]
