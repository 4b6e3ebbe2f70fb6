"""What Telegram says of the person who makes a request: admin, member or stranger of a chat."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot, Chat, ChatMemberRestricted, User
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.domain.address import ChatAddress
from bot.domain.ports import ChatRole
from bot.errors import ReaderError
from bot.send import telegram_address

__all__ = ["PersonalRights", "Rights"]

# How long an admin counts as one without being asked about again.
ADMIN_FOR = timedelta(seconds=30)
# Chats and people remembered, and titles; beyond this the oldest is asked for again.
_MAX_KNOWN = 2_000
_ADMINS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


class Rights:
    """Who is what in which chat, as Telegram says, asked live.

    That somebody is an admin is believed for 30 s; that they are not is asked for each time, so
    that a new admin waits for nothing. One per bot.
    """

    def __init__(self) -> None:
        self._admins: OrderedDict[tuple[str, int], datetime] = OrderedDict()
        self._titles: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def of(
        self, user: User | None, sender_chat: Chat | None, *, bot: Bot, now: datetime
    ) -> "PersonalRights":
        """Return what can be asked about a person; no I/O.

        ``sender_chat`` is the chat in whose name they wrote, if any: an admin who stays anonymous
        writes as the group, and a channel's posts are by itself.
        """
        return PersonalRights(self, user, sender_chat, bot, now)

    def forget(self, chat_id: int, user_id: int) -> None:
        """Ask anew about a person of a chat, whose rights have changed; no I/O."""
        self._admins.pop((str(chat_id), user_id), None)

    async def is_admin(self, chat: ChatAddress, user_id: int, bot: Bot, now: datetime) -> bool:
        """Return whether a person is an admin of a chat; up to one request to Telegram.

        Raises TelegramError where Telegram does not answer.
        """
        return await self.role_in(chat, user_id, bot, now) is ChatRole.ADMIN

    async def role_in(self, chat: ChatAddress, user_id: int, bot: Bot, now: datetime) -> ChatRole:
        """Return what a person is in a chat, a stranger where it refuses to say.

        Up to one request to Telegram; raises TelegramError where that does not answer.
        """
        at = self._admins.get((chat.id, user_id))
        if at is not None and timedelta() <= now - at < ADMIN_FOR:
            return ChatRole.ADMIN
        try:
            member = await bot.get_chat_member(int(chat.id), user_id)
        except (BadRequest, Forbidden):
            return ChatRole.STRANGER
        if member.status in _ADMINS:
            _put(self._admins, (chat.id, user_id), now)
            return ChatRole.ADMIN
        is_in = member.status == ChatMemberStatus.MEMBER or (
            isinstance(member, ChatMemberRestricted) and member.is_member
        )
        return ChatRole.MEMBER if is_in else ChatRole.STRANGER

    async def title(self, chat: ChatAddress, bot: Bot, now: datetime) -> str:
        """Return what a chat is called, "" if Telegram does not say; up to one request.

        Believed for 30 s; kept in memory alone.
        """
        title, at = self._titles.get(chat.id, ("", None))
        if at is not None and timedelta() <= now - at < ADMIN_FOR:
            return title
        try:
            found = await bot.get_chat(int(chat.id))
        except TelegramError:
            return ""
        title = found.title or found.effective_name or ""
        _put(self._titles, chat.id, (title, now))
        return title


class PersonalRights:
    """The ``bot.domain.ports.Authority`` of one person and one request."""

    def __init__(
        self, rights: Rights, user: User | None, sender_chat: Chat | None, bot: Bot, now: datetime
    ) -> None:
        self._rights = rights
        self._user = user
        self._sender_chat = sender_chat
        self._bot = bot
        self._now = now

    async def role_in(self, chat: ChatAddress) -> ChatRole:
        """Return what the person is in a chat; up to one request to Telegram.

        Whoever writes in the name of the chat itself is an admin of it; in the name of another,
        a stranger. Raises ReaderError where Telegram does not answer.
        """
        if self._sender_chat is not None:
            own = telegram_address(self._sender_chat.id).id == chat.id
            return ChatRole.ADMIN if own else ChatRole.STRANGER
        if self._user is None:
            return ChatRole.STRANGER
        if chat.id == str(self._user.id):  # a private chat has the id of its person
            return ChatRole.ADMIN
        try:
            return await self._rights.role_in(chat, self._user.id, self._bot, self._now)
        except TelegramError as error:
            raise ReaderError("telegram-unsure") from error

    async def title(self, chat: ChatAddress) -> str:
        """Return what a chat is called, "" if Telegram does not say; see ``Rights.title``."""
        return await self._rights.title(chat, self._bot, self._now)

    def link(self, payload: str) -> str:
        """Return the address that opens the private chat with the bot and sends ``payload``."""
        return f"https://t.me/{self._bot.username}?start={payload}"


def _put(known: OrderedDict[Any, Any], key: object, value: object) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > _MAX_KNOWN:
        known.popitem(last=False)
