"""What arrives from Telegram: parse it, run the use case, answer once."""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Bot, CallbackQuery, Chat, Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.chat.addressing import is_of_machine, said_to
from bot.chat.channels import Channels
from bot.chat.edits import EditHandlers
from bot.chat.lanes import Lanes
from bot.chat.media import MediaHandlers
from bot.chat.membership import Membership
from bot.chat.notice import ChatNotice
from bot.chat.presses import PressesUnderWay, is_inaccessible, throttled_as
from bot.chat.replies import Spinner, reply, show_typing
from bot.chat.rights import PersonalRights, Rights
from bot.chat.throttle import WINDOW_S, Admission, Throttle
from bot.chat.updates import UpdateCounts
from bot.commands import ButtonAnswer, Dispatcher, Export, Request, Role, plain_message
from bot.commands.intents import typed_commands
from bot.commands.managing import dressed
from bot.domain.message import Message as Answer
from bot.domain.ports import ChatRole
from bot.errors import ReaderError
from bot.reasons import Reason
from bot.send import telegram_address
from bot.texts import explain, texts_for

__all__ = ["Handlers"]

_log = logging.getLogger(__name__)


class Handlers:
    """The handlers of the Application; ``counts`` are told of updates that broke a handler.

    ``lanes`` are where slow work goes: those of the same application.
    """

    def __init__(
        self, dispatcher: Dispatcher, throttle: Throttle, counts: UpdateCounts, lanes: Lanes
    ) -> None:
        self._lanes = lanes
        self._dispatcher = dispatcher
        self._throttle = throttle
        self._counts = counts
        self._rights = Rights()
        self._presses = PressesUnderWay()
        self._edits = EditHandlers(
            dispatcher,
            admits=self._admits,
            may_change=self._author_may_change,
            request=self._message_request,
            on_text=self.on_text,
        )
        self._media = MediaHandlers(
            dispatcher, admits=self._admits, request=self._message_request, on_text=self.on_text
        )

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Add the handlers to ``application``.

        Call it once, before the application starts.
        """
        new = filters.UpdateType.MESSAGE
        Membership(self._dispatcher, self._rights).register(application)
        Channels(self._dispatcher, self._rights, self._throttle).register(application)
        self._media.register(application)
        application.add_handler(MessageHandler(new & filters.TEXT, self.on_text))
        edited = filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION)
        application.add_handler(MessageHandler(edited, self._edits.on_edit))
        application.add_handler(CallbackQueryHandler(self.on_press))
        application.add_error_handler(self.on_error)

    async def on_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a command, or plain words that are said to the bot; a caption is read alike.

        Those are a private message, and in a group what an admin says in reply to the bot or with
        a mention of it. Several commands, each in a line of its own, are answered one after the
        other. A chat that sends too much is told so once a window of the throttle, where it sent
        it, then not answered; other talk, what bots say, and commands of other bots,
        unknown ones in groups among them, are passed over. What is answered opens a room of
        the chat that has none. Takes as long as ``Dispatcher.run``, with further requests to
        Telegram for the progress of slow commands; in groups, one asks who is an admin. Raises
        TelegramError and StoreUnavailable, and what else its use case raises; these end in
        ``on_error``.
        """
        message = update.message
        text = (message.text or message.caption) if message else None
        if message is None or text is None or is_of_machine(message):
            return
        bot, is_group = context.bot, message.chat.type != ChatType.PRIVATE
        said = said_to(message, bot) if is_group else text
        commands = typed_commands(text if said is None else said)
        if not commands and said is None:
            return  # people talking to each other
        us = bot.username.lower()
        ours = [typed for typed in commands if (typed.bot or us).lower() == us]
        if is_group:  # what is not addressed, and not known, is most likely for another bot
            ours = [typed for typed in ours if typed.bot or self._dispatcher.knows(typed.name)]
        if commands and not ours:
            return  # a command for another bot
        if not await self._admits(message, context.bot):
            return
        for name, rest in [(typed.name, typed.rest) for typed in ours] or [("", said or "")]:
            request = await self._message_request(message, update.update_id)
            request = replace(request, replied=_buttons_replied_to(message))
            if is_group and not ours and not await _is_admin(request):
                return  # members talk about us, not to us
            answer = await self._ask(request, name, rest, message)
            if isinstance(answer, Export):
                await message.reply_document(
                    answer.content, filename=answer.name, caption=answer.caption or None
                )
            elif answer is not None:
                await reply(message, answer)

    async def on_press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button asks, in the chat of its message; raises as ``on_text`` does.

        Opens the room, even for one who may not press: in groups only admins may, for which
        Telegram is asked. The press is answered, then the result replaces the message or follows
        it; of a refusal the answer is all, cut at 200 characters, or a message where the press
        was answered before or too late. Of a message that we are shown no longer (over 48 h, or
        deleted), a note says what to send instead. What is throttled does nothing and is told so;
        a tap on a button whose tap is being answered does nothing. Takes as long as
        ``Dispatcher.press``.
        """
        query = update.callback_query
        if query is None:
            return
        spinner = Spinner(query)
        now_s = asyncio.get_running_loop().time()
        if self._throttle.judge(throttled_as(query), now_s) is not Admission.SERVE:
            too_fast = Reason("too-fast", {"seconds": round(WINDOW_S)})
            await spinner.end(explain(too_fast, texts_for(query.from_user.language_code or "")))
            return
        with self._presses.first(query) as is_first:
            if is_first:
                await self._press(query, spinner, update.update_id)
        await spinner.end()

    async def _press(self, query: CallbackQuery, spinner: Spinner, update_id: int) -> None:
        message = query.message
        if message is None or not isinstance(message, Message) or is_inaccessible(message):
            gone = self._dispatcher.too_old(query.data or "")
            await spinner.end(explain(gone, texts_for(query.from_user.language_code or "")))
            return
        # A press must be answered within seconds: once there is a notice, nobody needs the answer.
        notice = ChatNotice(message, before=spinner.end, quote=False)
        request = await self._request(message, query.from_user, update_id, notice, pressed=True)
        try:
            tapped = replace(request, shown=message.text or "")
            pressed = await self._dispatcher.press(tapped, query.data or "")
        except ReaderError as error:
            pressed = ButtonAnswer(None, refusal=explain(error.reason, request.texts))
        if refusal := pressed.refusal:
            if not await spinner.end(refusal):  # a notice has used up the answer
                await reply(message, plain_message(refusal), quote=False)
            return
        await spinner.end()
        if pressed.message is not None:
            await reply(message, pressed.message, quote=False, in_place=pressed.edits)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log what no handler foresaw, and tell the reader that it was our fault; never raises.

        It counts as a failed update, and costs a request. A TelegramError is only logged: an
        answer was lost.
        """
        error = context.error
        number = update.update_id if isinstance(update, Update) else None
        if isinstance(error, TelegramError):
            _log.warning("an answer was not delivered: update %s, %s", number, error)
            return
        self._counts.failed += 1
        _log.error("update %s was not handled", number, exc_info=error)
        if not isinstance(update, Update) or update.effective_message is None:
            return
        if update.effective_message.chat.type == ChatType.CHANNEL:  # its readers asked for nothing
            return
        try:
            texts = texts_for((update.effective_user and update.effective_user.language_code) or "")
            sorry = texts._("Something went wrong on our side. Please try again in a minute.")
            await update.effective_message.reply_text(sorry)
        except Exception as failure:  # noqa: BLE001 - an update may be odd in any way
            _log.warning("of update %s the reader was not told: %s", number, failure)

    async def _admits(self, message: Message, _bot: Bot) -> bool:
        """Return whether a message is answered; say once a window that it is one too many."""
        verdict = self._throttle.judge(message.chat_id, asyncio.get_running_loop().time())
        if verdict is Admission.WARN:
            language = (message.from_user and message.from_user.language_code) or ""
            slower = texts_for(language)._("That was a lot at once. Give me ten seconds, please.")
            await message.reply_text(slower, do_quote=False)
        return verdict is Admission.SERVE

    async def _ask(
        self, request: Request, name: str, rest: str, message: Message
    ) -> Answer | Export | None:
        """Return the answer to a command; None if it comes by itself."""
        try:
            name, rest = self._dispatcher.spelled(name, rest)
            try:
                command = self._dispatcher.command(name)
            except ReaderError:
                if message.chat.type != ChatType.PRIVATE:
                    raise
                return await self._dispatcher.guess(request, name, rest)
            if command.elsewhere:  # what is recorded below is of the room that is managed
                request = await self._edits.aimed(message, request)
            if command.is_slow:
                await show_typing(message)
            # A slow command, and what anyone may ask in a group, changes nothing.
            changes = command.role is Role.ADMIN and not command.is_slow
            async with self._edits.recording(message, request, changes=changes):
                return await self._dispatcher.run(command, request, rest)
        except ReaderError as error:
            refusal = plain_message(explain(error.reason, request.texts))
            return refusal if request.asker is None else dressed(request, refusal)

    async def _author_may_change(self, message: Message, _bot: Bot) -> bool:
        authority = self._authority(message, message.from_user, message.sender_chat)
        try:
            role = await authority.role_in(telegram_address(message.chat.id))
        except ReaderError:
            return False
        return role is ChatRole.ADMIN

    async def _message_request(self, message: Message, update_id: int) -> Request:
        return await self._request(message, message.from_user, update_id, ChatNotice(message))

    def _authority(
        self, message: Message, user: User | None, sender_chat: Chat | None
    ) -> PersonalRights:
        now = self._dispatcher.now()
        return self._rights.of(user, sender_chat, bot=message.get_bot(), now=now)

    async def _request(
        self,
        message: Message,
        user: User | None,
        update_id: int,
        notice: ChatNotice,
        *,
        pressed: bool = False,
    ) -> Request:
        language = (user and user.language_code) or ""
        # Whose a pressed button's message is says nothing of who pressed it.
        sender_chat = None if pressed else message.sender_chat
        # A reply outside of a forum has a number of its own, and is no thread.
        thread = (message.message_thread_id or 0) if message.is_topic_message else 0
        return await self._dispatcher.request(
            telegram_address(message.chat.id, thread),
            kind=message.chat.type,
            language=language,
            update_id=update_id,
            notice=notice,
            authority=self._authority(message, user, sender_chat),
            lane=partial(self._lanes.slow, message.chat.id),
        )


def _buttons_replied_to(message: Message) -> tuple[str, ...]:
    """Return what the buttons carry of the bot's own message that this one answers, if any."""
    ours = message.reply_to_message
    if ours is None or ours.from_user is None or not ours.from_user.is_bot:
        return ()
    rows = ours.reply_markup.inline_keyboard if ours.reply_markup else ()
    data = (button.callback_data for row in rows for button in row)
    return tuple(text for text in data if isinstance(text, str))


async def _is_admin(request: Request) -> bool:
    """Return whether whoever asks is an admin of the chat; False where Telegram does not say."""
    try:
        return await request.authority.role_in(request.room.chat.address) is ChatRole.ADMIN
    except ReaderError:
        return False
