"""Where the bot is and what it may there: joining, rights, leaving, topics opened again."""

import logging
from typing import Any

from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ChatMemberHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    filters,
)

from bot.chat.replies import looks
from bot.chat.rights import Rights
from bot.commands import Dispatcher
from bot.domain.message import Message
from bot.domain.ports import ChatRole
from bot.reasons import Reason
from bot.send import telegram_address

__all__ = ["Membership"]

_log = logging.getLogger(__name__)


class Membership:
    """The handlers of comings and goings: what a chat gets follows what the bot may at once."""

    def __init__(self, dispatcher: Dispatcher, rights: Rights) -> None:
        self._dispatcher = dispatcher
        self._rights = rights

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Add the handlers to ``application``, once, before it starts."""
        new = filters.UpdateType.MESSAGE
        reopened = new & filters.StatusUpdate.FORUM_TOPIC_REOPENED
        mine, others = ChatMemberHandler.MY_CHAT_MEMBER, ChatMemberHandler.CHAT_MEMBER
        application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, self.on_move))
        application.add_handler(MessageHandler(reopened, self.on_reopened))
        application.add_handler(ChatMemberHandler(self.on_member, mine))
        application.add_handler(ChatMemberHandler(self.on_person, others))

    async def on_member(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Record what the bot may do in a chat from now on; raises StoreUnavailable.

        Where it can send nothing, what waits is not sent, and all that was set is kept, see
        ``Dispatcher.leave``. Where it can again, briefings go on at their times. A group it joins
        reads who may say what; an admin who let it into a group or a channel can manage that from
        their private chat, and is told so there if they ever wrote to the bot.
        """
        change: ChatMemberUpdated | None = update.my_chat_member
        if change is None:
            return
        address, now = telegram_address(change.chat.id), change.new_chat_member
        if not _can_send(now, change.chat.type):
            reason = Reason("bot-blocked" if not _is_in(now) else "may-not-write")
            await self._dispatcher.leave(address, reason)
            return
        await self._dispatcher.come_back(address)
        if change.chat.type != ChatType.PRIVATE:
            await self._joined(change, update.update_id, context.bot)

    async def on_person(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget what was believed of a person whose rights in a group changed; no I/O."""
        change: ChatMemberUpdated | None = update.chat_member
        if change is not None:
            self._rights.forget(change.chat.id, change.new_chat_member.user.id)

    async def on_move(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Record that a group became a supergroup, with a new id; raises StoreUnavailable.

        Its rooms and what waits for it go along, see ``Dispatcher.move``. Both chats say so, in
        any order.
        """
        message = update.message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        await self._dispatcher.move(telegram_address(old), telegram_address(new))
        await self._dispatcher.come_back(telegram_address(new))

    async def on_reopened(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Record that a topic can be written to again; raises StoreUnavailable."""
        message = update.message
        if message is not None and message.message_thread_id is not None:
            await self._dispatcher.reopen(
                telegram_address(message.chat_id, message.message_thread_id)
            )

    async def _joined(self, change: ChatMemberUpdated, number: int, bot: ExtBot[Any]) -> None:
        """Greet a group that is new to the bot, and let the admin who did it manage the chat."""
        chat, person = change.chat, change.from_user
        address, clock = telegram_address(chat.id), self._dispatcher.now
        is_new = not _can_send(change.old_chat_member, chat.type)
        authority = self._rights.of(person, None, bot=bot, now=clock())
        is_admin = await authority.role_in(address) is ChatRole.ADMIN
        if not (is_new or is_admin):
            return
        language = person.language_code or ""
        request = await self._dispatcher.request(
            address, kind=chat.type, language=language, update_id=number, authority=authority
        )
        if is_admin:
            request = await self._dispatcher.admit(request)
        if is_new and chat.type != ChatType.CHANNEL:
            await _say(bot, chat.id, await self._dispatcher.use_cases.groups.welcome(request))
        if is_admin and not person.is_bot:
            told = await self._dispatcher.let_manage(
                request, telegram_address(person.id), language, chat.title or ""
            )
            if told is not None and is_new:
                await _say(bot, person.id, told)


def _is_in(member: ChatMember) -> bool:
    """Return whether the bot is in the chat at all."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return not isinstance(member, ChatMemberLeft | ChatMemberBanned)


def _can_send(member: ChatMember, kind: str) -> bool:
    """Return whether the bot can send to the chat."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    if kind == ChatType.CHANNEL:
        # Telegram leaves the field out for admins of groups alone.
        return isinstance(member, ChatMemberAdministrator) and member.can_post_messages is not False
    return _is_in(member)


async def _say(bot: ExtBot[Any], chat_id: int, message: Message) -> None:
    """Send a message that nobody waits for; what Telegram refuses is logged."""
    try:
        await bot.send_message(chat_id, message.html, **looks(message))
    except TelegramError as error:
        _log.info("a chat was not greeted: %s", error)
