"""The desk: all that a reader can ask for, behind one counter."""

from datetime import datetime

from bot.desk.brief import Briefing
from bot.desk.means import Means
from bot.desk.schedule import ZONE_DATA, Scheduling
from bot.desk.start import TOPIC_DATA, Starting
from bot.desk.subscribe import Subscribing
from bot.desk.visit import Visit
from bot.domain.message import Message
from bot.domain.room import ChatState, RoomSettings
from bot.errors import ReaderError
from bot.texts import texts_for

__all__ = ["Desk"]


class Desk:
    """The use cases, by name."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.scheduling = Scheduling(means)
        self.subscribing = Subscribing(means, self.scheduling)
        self.starting = Starting(means, self.scheduling)
        self.briefing = Briefing(means)

    async def visit(
        self, telegram_id: int, thread: int, *, kind: str, language: str, update_id: int
    ) -> Visit:
        """Return the visit of whoever wrote from a chat; a new room is made on the way."""
        now = self.means.clock.now()
        room = await self.means.store.chats.find_room(telegram_id, thread)
        is_new = room is None
        if room is None or room.chat.state is ChatState.GONE:
            room = await self.means.store.chats.open_room(
                telegram_id,
                thread,
                kind=kind,
                language=language,
                settings=RoomSettings(languages=self.means.settings.languages),
                now=now,
            )
        texts = texts_for(room.chat.language)
        return Visit(room=room, texts=texts, now=now, update_id=update_id, is_new=is_new)

    async def press(self, visit: Visit, data: str) -> Message:
        """Do what a button asks; a button of an older time gets a kind sentence."""
        if data.startswith(ZONE_DATA):
            return await self.scheduling.set_zone(visit, data.removeprefix(ZONE_DATA))
        if data.startswith(TOPIC_DATA):
            return await self.subscribing.subscribe(visit, data.removeprefix(TOPIC_DATA))
        raise ReaderError(
            visit.texts._("That button is from an earlier time. /help shows what I do now.")
        )

    async def leave(self, telegram_id: int) -> None:
        """Take note that a chat blocked or removed us; all it set is kept for its return."""
        now = self.means.clock.now()
        await self.means.store.outbox.mark_chat_gone(
            telegram_id, error="the bot was blocked or removed", now=now
        )

    async def move(self, old_id: int, new_id: int) -> None:
        """Take note that a group became a supergroup."""
        await self.means.store.outbox.migrate_chat(old_id, new_id, now=self.means.clock.now())

    async def hello(self, telegram_id: int, zone: str, language: str) -> None:
        """Take a browser's word for where its reader lives, before anything was said."""
        visit = await self.visit(telegram_id, 0, kind="private", language=language, update_id=0)
        if not visit.room.chat.zone_known:
            await self.scheduling.adopt_zone(visit.room, zone, known=True)

    async def next_due(self, telegram_id: int) -> datetime | None:
        """Return when a chat's next briefing is due, or None."""
        room = await self.means.store.chats.find_room(telegram_id)
        return None if room is None else await self.scheduling.next_at(room.id)

    async def close(self) -> None:
        """End what readers left running."""
        await self.briefing.close()
