"""From a request to its use case: commands by name, buttons by what they carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.commands.privacy import Export
from bot.commands.refresh import RefreshForReader
from bot.commands.registry import BUTTONS, COMMANDS, Command, UseCases
from bot.commands.request import NO_NOTICE, Request
from bot.domain.address import ChatAddress
from bot.domain.callback import prefix_of
from bot.domain.message import Message
from bot.domain.ports import Clock, Notice
from bot.domain.room import ChatState, RoomSettings
from bot.errors import ReaderError
from bot.reasons import Reason
from bot.store import Store
from bot.texts import texts_for

__all__ = ["ButtonAnswer", "Dispatcher"]


@dataclass(frozen=True, slots=True)
class ButtonAnswer:
    """What a tapped button leads to: a message (None if it comes by itself), new or in place."""

    message: Message | None
    edits: bool = False


class Dispatcher:
    """Answers what readers ask; knows no messenger. ``refresh`` is what readers left running."""

    def __init__(
        self, use_cases: UseCases, store: Store, clock: Clock, refresh: RefreshForReader
    ) -> None:
        self.use_cases = use_cases
        self._store = store
        self._clock = clock
        self._refresh = refresh
        self._commands = {command.name: command for command in COMMANDS}
        self._buttons = {button.data.prefix: button for button in BUTTONS}

    async def request(
        self,
        address: ChatAddress,
        *,
        kind: str,
        language: str,
        update_id: int,
        notice: Notice = NO_NOTICE,
    ) -> Request:
        """Return the request of whoever wrote from a chat; a new room is made on the way."""
        now = self._clock.now()
        room = await self._store.chats.find_room(address)
        is_new = room is None
        if room is None or room.chat.state is ChatState.GONE:
            room = await self._store.chats.open_room(
                address,
                kind=kind,
                language=language,
                settings=RoomSettings(),
                now=now,
            )
        texts = texts_for(room.chat.language)
        return Request(
            room=room, texts=texts, now=now, update_id=update_id, is_new=is_new, notice=notice
        )

    def command(self, name: str) -> Command:
        """Return the command called ``name``; raise ReaderError if there is none."""
        command = self._commands.get(name)
        if command is None:
            raise ReaderError("no-such-command" if name else "no-command")
        return command

    async def run(self, command: Command, request: Request, text: str) -> Message | Export | None:
        """Return the answer to a command; None if it comes by itself. Raises ReaderError."""
        return await command.handler(self.use_cases)(request, text)

    async def press(self, request: Request, data: str) -> ButtonAnswer:
        """Do what a button asks; raise ReaderError on a button of an older time."""
        button = self._buttons.get(prefix_of(data))
        try:
            tapped = button.data.unpack(data) if button else None
        except ValueError:
            tapped = None
        if button is None or tapped is None:
            raise ReaderError("old-button")
        message = await button.handler(self.use_cases)(request, tapped)
        return ButtonAnswer(message, edits=button.edits)

    async def leave(self, address: ChatAddress) -> None:
        """Take note that a chat blocked or removed us; all it set is kept for its return."""
        await self._store.outbox.mark_chat_gone(
            address, error=Reason("bot-blocked"), now=self._clock.now()
        )

    async def move(self, old: ChatAddress, new: ChatAddress) -> None:
        """Take note that a group has a new address."""
        await self._store.outbox.migrate_chat(old, new, now=self._clock.now())

    async def hello(self, address: ChatAddress, zone: str, language: str) -> None:
        """Take a browser's word for where its reader lives, before anything was said."""
        request = await self.request(address, kind="private", language=language, update_id=0)
        if not request.room.chat.zone_known:
            await self.use_cases.schedules.adopt_zone(request.room, zone, known=True)

    async def next_due(self, address: ChatAddress) -> datetime | None:
        """Return when a chat's next briefing is due (UTC), or None."""
        room = await self._store.chats.find_room(address)
        return None if room is None else await self.use_cases.schedules.next_at(room.id)

    async def preview(
        self, address: ChatAddress, topics: Sequence[str], notice: Notice = NO_NOTICE
    ) -> list[str]:
        """Return the plain messages of a first briefing on ``topics``; raise ReaderError."""
        request = await self.request(
            address, kind="private", language="en", update_id=0, notice=notice
        )
        for words in topics:
            await self.use_cases.subscriptions.subscribe(request, words)
        return await self.use_cases.brief_now.preview_all(request)

    async def close(self) -> None:
        """End what readers left running."""
        await self._refresh.close()
