"""Commands that a channel posts: done, and never answered there."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

from telegram import Message as Post
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes, ExtBot, MessageHandler, filters

from bot.chat.replies import looks
from bot.chat.rights import Rights
from bot.chat.throttle import Admission, Throttle
from bot.commands import Dispatcher, Export, Request, plain_message
from bot.commands.intents import TypedCommand, typed_commands
from bot.commands.managing import dressed
from bot.domain.message import Message
from bot.errors import ReaderError
from bot.send import telegram_address
from bot.texts import explain

__all__ = ["Channels"]

_log = logging.getLogger(__name__)


class Channels:
    """The handler of channel posts."""

    def __init__(self, dispatcher: Dispatcher, rights: Rights, throttle: Throttle) -> None:
        self._dispatcher = dispatcher
        self._rights = rights
        self._throttle = throttle

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Add the handler to ``application``, once, before it starts; edits have none."""
        posts = filters.UpdateType.CHANNEL_POST & filters.TEXT
        application.add_handler(MessageHandler(posts, self.on_post))

    async def on_post(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do a command that a channel posts, as only its admins can post there.

        Nothing is answered in the channel: those who manage it read the answer in private. Other
        posts, and commands of others, are passed over, as are those that a group is not offered.
        Raises as ``Dispatcher.run`` does, but for ReaderError.
        """
        post = update.channel_post
        if post is None or post.text is None:
            return
        own = context.bot.username.lower()
        for typed in typed_commands(post.text):
            is_ours = (typed.bot or own).lower() == own
            if is_ours and self._dispatcher.is_for_groups(typed.name):
                await self._do(typed, post, update.update_id, context.bot)

    async def _do(self, typed: TypedCommand, post: Post, update_id: int, bot: ExtBot[Any]) -> None:
        """Do one command of a post, unless the channel posts too many."""
        now_s = asyncio.get_running_loop().time()
        if self._throttle.judge(post.chat_id, now_s) is not Admission.SERVE:
            return
        authority = self._rights.of(None, post.chat, bot=bot, now=self._dispatcher.now())
        request = await self._dispatcher.request(
            telegram_address(post.chat_id),
            kind=post.chat.type,
            language="",
            update_id=update_id,
            authority=authority,
        )
        try:
            command = self._dispatcher.command(typed.name)
            answer = await self._dispatcher.run(command, request, typed.rest)
        except ReaderError as error:
            answer = plain_message(explain(error.reason, request.texts))
        if answer is None or isinstance(answer, Export):
            return
        told = dressed(replace(request, place=post.chat.title or ""), answer)
        await self._tell(request, told, bot)

    async def _tell(self, request: Request, told: Message, bot: ExtBot[Any]) -> None:
        """Send an answer to those who manage the channel and are its admins still, in private."""
        for room in await self._dispatcher.managers_of(request.room):
            person = int(room.chat.address.id)
            try:
                if await self._rights.is_admin(request.room.chat.address, person, bot, request.now):
                    await bot.send_message(person, told.html, **looks(told))
            except TelegramError as error:
                _log.info("a channel's admin was not told: %s", error)
