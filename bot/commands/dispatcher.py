"""The desk: all that a reader can ask for, behind one counter."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.commands.brief import BRIEF_DATA, PREVIEW_DATA, BriefNow
from bot.commands.means import Means
from bot.commands.onboarding import TIME_DATA, TOPIC_DATA, Onboarding
from bot.commands.pause import Breaks
from bot.commands.preferences import SETTING_DATA, Preferences
from bot.commands.privacy import FORGET_DATA, Privacy
from bot.commands.refresh import RefreshForReader
from bot.commands.request import NO_NOTICE, Request, say
from bot.commands.schedule import ZONE_DATA, Schedules
from bot.commands.status import StatusReport
from bot.commands.subscribe import UNDO_DATA, Subscriptions
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.domain.ports import Notice
from bot.domain.room import ChatState, RoomSettings
from bot.errors import ReaderError
from bot.reasons import Reason
from bot.steps.composing import Order
from bot.texts import texts_for

__all__ = ["ButtonAnswer", "Dispatcher"]


@dataclass(frozen=True, slots=True)
class ButtonAnswer:
    """What a tapped button leads to: a message (None if it comes by itself), new or in place."""

    answer: Message | None
    edits: bool = False


Use = Callable[[Request, str], Awaitable[Message]]
Press = Callable[[Request, str], Awaitable[ButtonAnswer]]


class Dispatcher:
    """The use cases, by name."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.scheduling = Schedules(means)
        self.subscribing = Subscriptions(means, self.scheduling)
        self.starting = Onboarding(means, self.scheduling)
        self.gathering = RefreshForReader(means)
        self.briefing = BriefNow(means, self.gathering)
        self.preferring = Preferences(means)
        self.pausing = Breaks(means, self.gathering)
        self.reporting = StatusReport(means, self.scheduling)
        self.privacy = Privacy(means)
        self._presses: dict[str, Press] = {
            ZONE_DATA: _in_place(self.scheduling.set_zone),
            TOPIC_DATA: self._tap_topic,
            TIME_DATA: _in_place(self.starting.set_time),
            SETTING_DATA: _in_place(self.preferring.choose),
            UNDO_DATA: _in_place(self.subscribing.undo),
            FORGET_DATA: _in_place(self.privacy.forget),
            PREVIEW_DATA: _below(self.briefing.preview),
            BRIEF_DATA: self._tap_brief,
        }

    async def request(
        self,
        telegram_id: int,
        thread: int,
        *,
        kind: str,
        language: str,
        update_id: int,
        notice: Notice = NO_NOTICE,
    ) -> Request:
        """Return the request of whoever wrote from a chat; a new room is made on the way."""
        now = self.means.clock.now()
        room = await self.means.store.chats.find_room(telegram_id, thread)
        is_new = room is None
        if room is None or room.chat.state is ChatState.GONE:
            room = await self.means.store.chats.open_room(
                telegram_id,
                thread,
                kind=kind,
                language=language,
                settings=RoomSettings(),
                now=now,
            )
        texts = texts_for(room.chat.language)
        return Request(
            room=room, texts=texts, now=now, update_id=update_id, is_new=is_new, notice=notice
        )

    async def press(self, request: Request, data: str) -> ButtonAnswer:
        """Do what a button asks; a button of an older time gets a kind sentence."""
        for prefix, use in self._presses.items():
            if data.startswith(prefix):
                return await use(request, data.removeprefix(prefix))
        raise ReaderError("old-button")

    async def _tap_topic(self, request: Request, slug: str) -> ButtonAnswer:
        """Take up, or drop again, one of the topics offered at the start."""
        if self.means.topics.get(slug) is None:
            raise ReaderError("topic-gone")
        await self.subscribing.toggle(request, slug)
        return ButtonAnswer(await self.starting.picked(request), edits=True)

    async def _tap_brief(self, request: Request, _value: str) -> ButtonAnswer:
        """Brief a newcomer, and ask for the zone if we only assumed it."""
        unreachable = await self.briefing.brief(request)
        question = await self.scheduling.ask(request)
        if unreachable is None or question is None:
            return ButtonAnswer(unreachable or question)
        return ButtonAnswer(say(f"{unreachable.plain}\n\n{question.plain}", question.keyboard))

    async def leave(self, telegram_id: int) -> None:
        """Take note that a chat blocked or removed us; all it set is kept for its return."""
        now = self.means.clock.now()
        await self.means.store.outbox.mark_chat_gone(
            telegram_id, error=Reason("bot-blocked"), now=now
        )

    async def move(self, old_id: int, new_id: int) -> None:
        """Take note that a group became a supergroup."""
        await self.means.store.outbox.migrate_chat(old_id, new_id, now=self.means.clock.now())

    async def hello(self, telegram_id: int, zone: str, language: str) -> None:
        """Take a browser's word for where its reader lives, before anything was said."""
        request = await self.request(telegram_id, 0, kind="private", language=language, update_id=0)
        if not request.room.chat.zone_known:
            await self.scheduling.adopt_zone(request.room, zone, known=True)

    async def next_due(self, telegram_id: int) -> datetime | None:
        """Return when a chat's next briefing is due, or None."""
        room = await self.means.store.chats.find_room(telegram_id)
        return None if room is None else await self.scheduling.next_at(room.id)

    async def preview(
        self, telegram_id: int, topics: Sequence[str], notice: Notice = NO_NOTICE
    ) -> list[str]:
        """Return the plain messages of a first briefing on ``topics``."""
        request = await self.request(
            telegram_id, 0, kind="private", language="en", update_id=0, notice=notice
        )
        for words in topics:
            await self.subscribing.subscribe(request, words)
        subscriptions = await self.means.store.subscriptions.of_room(request.room.id)
        if unreachable := await self.gathering.gather(request, subscriptions):
            return [unreachable.plain]
        order = Order(room=request.room, kind=EditionKind.BRIEF, key="preview")
        return [one.plain for one in await self.means.flow.composing.messages(order)]

    async def close(self) -> None:
        """End what readers left running."""
        await self.gathering.close()


def _in_place(use: Use) -> Press:
    """Return ``use`` with its answer put in the place of the tapped message."""

    async def press(request: Request, value: str) -> ButtonAnswer:
        return ButtonAnswer(await use(request, value), edits=True)

    return press


def _below(use: Use) -> Press:
    """Return ``use`` with its answer as a new message."""

    async def press(request: Request, value: str) -> ButtonAnswer:
        return ButtonAnswer(await use(request, value))

    return press
