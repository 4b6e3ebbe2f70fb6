"""The methods of the Bot API, as strict as Telegram's, with the same error messages."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.tryout.chats import BOT, Chats, Conflict, SimulatedChat
from bot.tryout.flood import Flood
from bot.tryout.markup import utf16_length
from bot.tryout.parameters import (
    ApiError,
    Json,
    bad_request,
    caption_of,
    decoded,
    flag,
    integer,
    keyboard_of,
    text_of,
)

__all__ = ["Methods"]

# The longest timeout of a long poll, whatever a bot asks for.
_MAX_POLL_S = 50
_MAX_UPDATES = 100
_MAX_ANSWER = 200
_MAX_COMMANDS = 100
_MAX_COMMAND_TEXT = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_CONTENT = ("text", "entities", "reply_markup")
_CHAT_ID = re.compile(r"-?[0-9]{1,18}")
# The texts of a bot's profile, and their longest lengths in UTF-16 units (Bot API).
_PROFILE = {"name": 64, "description": 512, "short_description": 120}
_ADMINS = ("creator", "administrator")
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
_CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
# Fields that python-telegram-bot requires of an administrator, and of a chat's gift types.
_ADMIN_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)

_Handler = TypeVar("_Handler", bound=Callable[..., Awaitable[Any]])
# By name in lower case: a handler of Methods, and what it takes after the call's parameters.
_HANDLERS: dict[str, tuple[Callable[..., Awaitable[Any]], tuple[str, ...]]] = {}


def _handles(method: str, *arguments: str) -> Callable[[_Handler], _Handler]:
    """Return a decorator that makes a function of Methods answer the Bot API's ``method``."""

    def register(handler: _Handler) -> _Handler:
        _HANDLERS[method.lower()] = (handler, arguments)
        return handler

    return register


class Methods:
    """The methods a bot can call, by name.

    ``flood`` makes a bot wait that sends too fast; with None there is no limit. What the bot sets
    (commands, profile) is kept in memory, the rest in ``chats``.
    """

    def __init__(self, chats: Chats, *, flood: Flood | None = None) -> None:
        self._chats = chats
        self._flood = flood
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._profile: dict[tuple[str, str], str] = {}

    async def call(self, name: str, given: Json) -> Any:
        """Return the result of the method ``name``, which may be in any case, as plain JSON data.

        ``given`` are its parameters: as JSON data, or as the strings that a form or a query has.
        A file is its name and bytes. Raises ApiError with Telegram's code and message if the call
        is refused, or the method is not one of the tryout's; a parameter of a JSON type that the
        Bot API does not have there may raise TypeError or AttributeError. getUpdates waits for an
        update as long as it is told to, up to 50 s; all other methods return at once. getUpdates
        also sets ``chats.allowed_updates``, where it is told any.
        """
        if name.lower() not in _HANDLERS:
            raise ApiError(404, "Not Found")
        handler, arguments = _HANDLERS[name.lower()]
        return await handler(self, given, *arguments)

    def menu(self, chat_id: int, language: str) -> list[Json]:
        """Return the commands that a person sees in a private chat, [] for none.

        The narrowest scope with commands counts, within it those in the person's ``language``
        (a tag, as "de-CH") before those without a language. Not to be changed.
        """
        chat = {"type": "chat", "chat_id": chat_id}
        for scope in (chat, {"type": "all_private_chats"}, {"type": "default"}):
            for language_code in (language.lower().partition("-")[0], ""):  # "fil" is not "fi"
                if commands := self._commands.get((_scope_key(scope), language_code)):
                    return commands
        return []

    # ------------------------------------------------------------------ the bot itself

    @_handles("deleteWebhook")
    @_handles("setChatMenuButton")
    @_handles("logOut")
    @_handles("close")
    async def _return_true(self, _given: Json) -> bool:
        return True

    @_handles("getMe")
    async def _get_me(self, _given: Json) -> Json:
        return BOT

    @_handles("getWebhookInfo")
    async def _get_webhook_info(self, _given: Json) -> Json:
        pending = self._chats.pending
        return {"url": "", "has_custom_certificate": False, "pending_update_count": pending}

    @_handles("getUpdates")
    async def _get_updates(self, given: Json) -> list[Json]:
        if (wanted := decoded(given, "allowed_updates", None)) is not None:
            self._chats.allowed_updates = frozenset(map(str, wanted))
        try:
            return await self._chats.updates(
                integer(given, "offset"),
                min(max(integer(given, "limit", _MAX_UPDATES), 1), _MAX_UPDATES),
                min(max(integer(given, "timeout"), 0), _MAX_POLL_S),
            )
        except Conflict:
            raise ApiError(409, _CONFLICT) from None

    @_handles("setMyName", "name")
    @_handles("setMyDescription", "description")
    @_handles("setMyShortDescription", "short_description")
    async def _set_profile(self, given: Json, field: str) -> bool:
        text = str(given.get(field) or "")
        if utf16_length(text) > _PROFILE[field]:
            raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
        self._profile[field, str(given.get("language_code") or "")] = text
        return True

    @_handles("getMyName", "name")
    @_handles("getMyDescription", "description")
    @_handles("getMyShortDescription", "short_description")
    async def _get_profile(self, given: Json, field: str) -> Json:
        language = str(given.get("language_code") or "")
        text = self._profile.get((field, language)) or self._profile.get((field, ""))
        return {field: text or (BOT["first_name"] if field == "name" else "")}

    @_handles("setMyCommands")
    async def _set_commands(self, given: Json) -> bool:
        commands = decoded(given, "commands", [])
        if len(commands) > _MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= utf16_length(str(command.get("description", ""))) <= _MAX_COMMAND_TEXT:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[_command_key(given)] = commands
        return True

    @_handles("getMyCommands")
    async def _get_commands(self, given: Json) -> list[Json]:
        return self._commands.get(_command_key(given), [])

    @_handles("deleteMyCommands")
    async def _delete_commands(self, given: Json) -> bool:
        self._commands.pop(_command_key(given), None)
        return True

    # ------------------------------------------------------------------ messages

    @_handles("sendMessage")
    async def _send_message(self, given: Json) -> Json:
        content = text_of(given)
        chat = self._open_chat(given)
        return self._post(chat, given, content | keyboard_of(given))

    @_handles("sendDocument")
    async def _send_document(self, given: Json) -> Json:
        document = given.get("document")
        if not isinstance(document, tuple):
            raise bad_request("there is no document in the request")
        content = caption_of(given) | keyboard_of(given)
        chat = self._open_chat(given)
        stored = self._chats.store_file(chat, *document)
        return self._post(chat, given, {"document": stored} | content)

    def _post(self, chat: SimulatedChat, given: Json, content: Json) -> Json:
        """Send ``content`` to the forum topic, and as the reply, that ``given`` names."""
        place: Json = {}
        if thread := integer(given, "message_thread_id"):
            if thread not in chat.threads:
                raise bad_request("message thread not found")
            place |= {"message_thread_id": thread, "is_topic_message": True}
        if reply := decoded(given, "reply_parameters", {}):
            if "message_id" not in reply:
                raise bad_request('can\'t find field "message_id"')
            message = chat.messages.get(integer(reply, "message_id"))
            if message is None and not flag(reply, "allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            if message is not None:
                # A reply is shown without the message that it replies to itself.
                shown = {key: message[key] for key in message.keys() - {"reply_to_message"}}
                place |= {"reply_to_message": shown}
        if self._flood and (wait_s := self._flood.wait_s(chat.id)):
            description = f"Too Many Requests: retry after {wait_s}"
            raise ApiError(429, description, retry_after=wait_s)
        return self._chats.post(chat, place | content)

    @_handles("editMessageText")
    async def _edit_text(self, given: Json) -> Json:
        content = text_of(given)
        chat = self._open_chat(given)
        message = _own_message(chat, given)
        content |= keyboard_of(given)
        if all(content.get(key) == message.get(key) for key in _CONTENT):
            raise bad_request(_UNCHANGED)
        return self._chats.edit(chat, message, content)

    @_handles("editMessageReplyMarkup")
    async def _edit_markup(self, given: Json) -> Json:
        chat = self._open_chat(given)
        message = _own_message(chat, given)
        markup = keyboard_of(given)
        if markup.get("reply_markup") == message.get("reply_markup"):
            raise bad_request(_UNCHANGED)
        kept = {key: message[key] for key in ("text", "entities") if key in message}
        return self._chats.edit(chat, message, kept | markup)

    @_handles("deleteMessage")
    async def _delete_message(self, given: Json) -> bool:
        chat = self._open_chat(given)
        if not self._chats.delete(chat, integer(given, "message_id")):
            raise bad_request("message to delete not found")
        return True

    @_handles("answerCallbackQuery")
    async def _answer_query(self, given: Json) -> bool:
        query_id = str(given.get("callback_query_id") or "")
        chat = self._chats.get(integer({"id": query_id.partition(":")[0]}, "id"))
        if chat is None or query_id not in chat.queries:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        text = str(given.get("text") or "")
        if utf16_length(text) > _MAX_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        alert = flag(given, "show_alert")
        self._chats.show(chat, {"kind": "callback_answer", "text": text, "alert": alert})
        return True

    @_handles("sendChatAction")
    async def _send_action(self, given: Json) -> bool:
        chat = self._open_chat(given)
        self._chats.show(chat, {"kind": "typing"})
        return True

    # ------------------------------------------------------------------ chats

    @_handles("getChat")
    async def _get_chat(self, given: Json) -> Json:
        gifts = dict.fromkeys(_GIFTS, False)
        extra = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        return self._known_chat(given).as_json | extra

    @_handles("getChatMember")
    async def _get_member(self, given: Json) -> Json:
        chat = self._known_chat(given)
        user = integer(given, "user_id")
        members = chat.members if chat.id < 0 else {chat.id: "member", BOT["id"]: "member"}
        if user not in members:
            raise bad_request("member not found" if chat.id < 0 else "user not found")
        return _member(chat, user, members[user])

    @_handles("getChatAdministrators")
    async def _get_admins(self, given: Json) -> list[Json]:
        chat = self._known_chat(given)
        if chat.id > 0:
            raise bad_request("there are no administrators in the private chat")
        admins = [(user, status) for user, status in chat.members.items() if status in _ADMINS]
        return [_member(chat, user, status) for user, status in admins]

    def _open_chat(self, given: Json) -> SimulatedChat:
        """Return the chat to write to; refuse if its person has blocked the bot."""
        chat = self._known_chat(given)
        if chat.is_blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _known_chat(self, given: Json) -> SimulatedChat:
        """Return the chat that ``given`` names; refuse if there is none, or it has moved."""
        text = str(given.get("chat_id") or "")
        if given.get("chat_id") in (None, ""):
            raise bad_request("chat_id is empty")
        chat = self._chats.get(int(text)) if _CHAT_ID.fullmatch(text) else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, description, migrate_to_chat_id=chat.migrated_to)
        return chat


def _scope_key(scope: Json) -> str:
    return json.dumps({name: str(value) for name, value in scope.items()}, sort_keys=True)


def _command_key(given: Json) -> tuple[str, str]:
    scope = decoded(given, "scope", {"type": "default"})
    return _scope_key(scope), str(given.get("language_code") or "")


def _member(chat: SimulatedChat, user: int, status: str) -> Json:
    """Return a ChatMember as the Bot API writes it."""
    person = BOT if user == BOT["id"] else chat.person(user)
    member: Json = {"status": status, "user": person}
    if status == "administrator":
        member |= dict.fromkeys(_ADMIN_RIGHTS, True)
    return member | ({"is_anonymous": False} if status in _ADMINS else {})


def _own_message(chat: SimulatedChat, given: Json) -> Json:
    """Return the message that ``given`` names; refuse if it is not the bot's."""
    message = chat.messages.get(integer(given, "message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != BOT["id"]:
        raise bad_request("message can't be edited")
    return message
