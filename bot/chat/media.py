"""Messages that are no text of the reader's own: what they hold, and which answer they get."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, Document, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.chat.replies import reply, show_typing
from bot.commands import Dispatcher, Request, plain_message
from bot.commands.imports import MAX_LIST_BYTES
from bot.commands.managing import dressed
from bot.commands.received import ContentKind
from bot.domain.message import Message as Answer
from bot.errors import ReaderError
from bot.texts import explain

__all__ = ["MediaHandlers", "content_kind"]

# What a message may hold, by python-telegram-bot's names; of two at once the first counts.
_KINDS = {
    "voice": ContentKind.SOUND,
    "audio": ContentKind.SOUND,
    "video_note": ContentKind.SOUND,
    "video": ContentKind.SOUND,
    "animation": ContentKind.PICTURE,
    "photo": ContentKind.PICTURE,
    "sticker": ContentKind.PICTURE,
    "story": ContentKind.PICTURE,
    "paid_media": ContentKind.PICTURE,
    "game": ContentKind.GAME,
    "dice": ContentKind.GAME,
    "poll": ContentKind.POLL,
    "checklist": ContentKind.POLL,
    "contact": ContentKind.CONTACT,
    "document": ContentKind.FILE,
}
# Files that other readers export: some name them only .xml.
_LISTS = (
    filters.Document.FileExtension("opml")
    | filters.Document.FileExtension("xml")
    | filters.Document.MimeType("text/x-opml")
    | filters.Document.MimeType("text/x-opml+xml")
)
# Albums come as several messages: so many albums are remembered as answered.
_MAX_ALBUMS = 1000

Admits = Callable[[Message, Bot], Awaitable[bool]]
MakesRequest = Callable[[Message, int], Awaitable[Request]]
ReadsText = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[None]]


class MediaHandlers:
    """Answers to private messages that are no text; in groups none is answered.

    What they change is of the group or channel that is managed from the chat, if any.

    ``admits`` says whether a message is answered now, ``request`` makes its request, and
    ``on_text`` answers one whose words count: a caption is read as text.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        admits: Admits,
        request: MakesRequest,
        on_text: ReadsText,
    ) -> None:
        self._dispatcher = dispatcher
        self._use_cases = dispatcher.use_cases
        self._admits = admits
        self._request = request
        self._on_text = on_text
        self._albums: OrderedDict[str, None] = OrderedDict()

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Add the handlers to ``application``: of forwards, of captions, and of what has no text.

        A forward is nobody's word to us, in whatever chat. To be called before the handler of
        texts is added, and once.
        """
        new = filters.UpdateType.MESSAGE
        private = new & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
        application.add_handler(MessageHandler(new & filters.FORWARDED, self.on_forward))
        application.add_handler(MessageHandler(private & _LISTS, self.on_list))
        application.add_handler(MessageHandler(new & filters.CAPTION, self.on_caption))
        application.add_handler(MessageHandler(private & ~filters.TEXT, self.on_content))

    async def on_forward(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer what a forwarded message holds; raises as ``Handlers.on_text`` does."""
        message = update.message
        if message is None or message.chat.type != ChatType.PRIVATE or self._is_told(message):
            return
        if not await self._admits(message, context.bot):
            return
        text = message.text or message.caption or ""
        linked = (*message.entities, *message.caption_entities)
        links = [entity.url for entity in linked if entity.url]

        async def offer(request: Request) -> Answer:
            return self._use_cases.received.forwarded(request, text, links)

        await self._respond(message, update.update_id, offer)

    async def on_list(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Import a list of feeds; raises as ``Handlers.on_text`` does."""
        message = update.message
        if message is None or message.document is None:
            return
        if not await self._admits(message, context.bot):
            return
        await show_typing(message)
        document = message.document

        async def add(request: Request) -> Answer:
            return await self._use_cases.imports.add_list(request, await _content(document))

        await self._respond(message, update.update_id, add)

    async def on_caption(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Read a caption as text; of an album's pictures only that is answered."""
        if update.message is not None:
            self._is_told(update.message)
        await self._on_text(update, context)

    async def on_content(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take a place for the reader's, or say what to send instead of anything else.

        An album is answered once. Raises as ``Handlers.on_text`` does.
        """
        message = update.message
        if message is None or self._is_told(message):
            return
        if not await self._admits(message, context.bot):
            return
        received, place = self._use_cases.received, message.location

        async def take(request: Request) -> Answer:
            if place is None:
                return received.content(request, content_kind(message))
            return await received.place(request, place.latitude, place.longitude)

        await self._respond(message, update.update_id, take)

    async def _respond(
        self, message: Message, update_id: int, use_case: Callable[[Request], Awaitable[Answer]]
    ) -> None:
        """Answer with what ``use_case`` says, for the group or channel that is managed, if any."""
        request = await self._request(message, update_id)
        try:
            request = await self._dispatcher.aimed(request)
            answer = await use_case(request)
        except ReaderError as error:
            answer = plain_message(explain(error.reason, request.texts))
        await reply(message, answer if request.asker is None else dressed(request, answer))

    def _is_told(self, message: Message) -> bool:
        """Return whether another message of its album came before, and remember this one."""
        album = message.media_group_id
        if album is None:
            return False
        is_told = album in self._albums
        self._albums[album] = None
        if len(self._albums) > _MAX_ALBUMS:
            self._albums.popitem(last=False)
        return is_told


def content_kind(message: Message) -> ContentKind:
    """Return what a message without text holds; OTHER for what we do not know yet."""
    held = (kind for name, kind in _KINDS.items() if getattr(message, name, None))
    return next(held, ContentKind.OTHER)


async def _content(document: Document) -> bytes:
    """Return the content of a file; raises ReaderError if it is too large, or not given."""
    if (document.file_size or 0) > MAX_LIST_BYTES:
        raise ReaderError("file-too-large", n=MAX_LIST_BYTES // 1_000_000)
    try:
        file = await document.get_file()
        return bytes(await file.download_as_bytearray())
    except TelegramError as error:
        raise ReaderError("not-fetched") from error
