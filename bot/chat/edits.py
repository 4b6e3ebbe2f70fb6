"""Messages changed after they were sent: the new command takes the place of the first."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from telegram import Bot, Message, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.chat.replies import reply
from bot.commands import Dispatcher, Request, plain_message
from bot.commands.intents import typed_commands
from bot.errors import ReaderError
from bot.store.snapshots import RoomSnapshot
from bot.texts import explain

__all__ = ["EDIT_LIMIT", "EditHandlers"]

# A slip is mended at once; who changes an older message rewrites what was answered.
EDIT_LIMIT = timedelta(minutes=1)
# Messages whose effect is remembered, the newest: some minutes of a busy bot.
_MAX_DONE = 2_000

MayChange = Callable[[Message, Bot], Awaitable[bool]]
Admits = Callable[[Message, Bot], Awaitable[bool]]
MakesRequest = Callable[[Message, int], Awaitable[Request]]
ReadsText = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[None]]


@dataclass(slots=True)
class _Done:
    """What one message did: what its room had set before and after; ``ended`` once it is done."""

    text: str
    managed: int | None = None  # the room it changed: one managed from the chat, or 0, its own
    before: RoomSnapshot | None = None
    after: RoomSnapshot | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class EditHandlers:
    """Reads changed messages; ``on_text`` answers their new text as a new message's.

    ``admits`` says whether a message is answered now, ``may_change`` whether its author may
    change what the chat gets, ``request`` makes its request.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        admits: Admits,
        may_change: MayChange,
        request: MakesRequest,
        on_text: ReadsText,
    ) -> None:
        self._dispatcher = dispatcher
        self._undo = dispatcher.use_cases.undo
        self._admits = admits
        self._may_change = may_change
        self._request = request
        self._on_text = on_text
        self._done: OrderedDict[tuple[int, int], _Done] = OrderedDict()
        self._replacing: dict[tuple[int, int], int] = {}

    @asynccontextmanager
    async def recording(
        self, message: Message, request: Request, *, changes: bool
    ) -> AsyncIterator[None]:
        """Remember what is done for ``message`` within, so that its edit can take it back.

        Without ``changes`` only its text is remembered. Raises StoreUnavailable.
        """
        key = (message.chat_id, message.message_id)
        done = self._done.get(key)
        if done is None or done.text != _text(message):
            done = self._done[key] = _Done(text=_text(message))
        if changes:
            done.managed = request.room.id if request.asker is not None else 0
        done.ended.clear()
        if len(self._done) > _MAX_DONE:
            self._done.popitem(last=False)
        try:
            # Of several commands in one message, all are taken back together.
            if changes and done.before is None:
                done.before = await self._undo.state_of(request.room)
            yield
        finally:
            try:
                if done.before is not None:
                    done.after = await self._undo.state_of(request.room)
            finally:
                done.ended.set()

    async def aimed(self, message: Message, request: Request) -> Request:
        """Return a request for the room it is meant for; an edit's is that of the first command.

        What is managed may have changed since. Raises as ``Dispatcher.aimed`` does.
        """
        managed = self._replacing.get((message.chat_id, message.message_id))
        if managed is None:
            return await self._dispatcher.aimed(request)
        if not managed:
            return replace(request, is_aimed=True)
        return await self._dispatcher.use_cases.managing.at(request, managed)

    async def on_edit(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do the changed command in place of the first, within a minute of the message.

        What the first did is undone then, as ``Undo.take_back`` says. Later, the author is
        told that it is not read. What has the same text as before is passed over: Telegram tells
        of previews too; so are plain words in place of what we never heard. In groups only
        commands are answered. Raises as
        ``Handlers.on_text`` does.
        """
        message = update.edited_message
        if message is None or message.forward_origin is not None:
            return
        done = self._done.get((message.chat_id, message.message_id))
        if done is not None and done.text == _text(message):
            return
        if done is None and not typed_commands(_text(message)):
            return
        is_private = message.chat.type == ChatType.PRIVATE
        changed_at = message.edit_date or message.date
        if changed_at - message.date > EDIT_LIMIT:
            # People who talk to each other mend what they said to each other.
            if (is_private or done is not None) and await self._admits(message, context.bot):
                request = await self._request(message, update.update_id)
                late = request.texts._(
                    "I read a changed message for a minute only. Please send it anew."
                )
                await reply(message, plain_message(late))
            return
        if done is not None:
            await done.ended.wait()
            if not is_private and not await self._may_change(message, context.bot):
                return
        with self._in_place_of(done, message):
            if done is not None:
                request = await self._request(message, update.update_id)
                try:
                    await self._take_back(done, await self.aimed(message, request))
                except ReaderError as error:  # no admin of that group or channel any more
                    await reply(message, plain_message(explain(error.reason, request.texts)))
                    return
            await self._on_text(Update(update.update_id, message=message), context)

    @contextmanager
    def _in_place_of(self, done: _Done | None, message: Message) -> Iterator[None]:
        """Let what is done within for ``message`` be for the room that ``done`` was for."""
        key = (message.chat_id, message.message_id)
        if done is not None and done.managed is not None:
            self._replacing[key] = done.managed
        try:
            yield
        finally:
            self._replacing.pop(key, None)

    async def _take_back(self, done: _Done, request: Request) -> None:
        before, after = done.before, done.after
        done.before = done.after = None  # once: the next edit takes back what this one does
        if before is not None and after is not None:
            await self._undo.take_back(request, before, after)


def _text(message: Message) -> str:
    return message.text or message.caption or ""
