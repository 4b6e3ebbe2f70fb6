"""The methods of the Bot API, as strict as Telegram's, with its own words for errors."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.tryout.chats import BOT, Chat, Chats, Json
from bot.tryout.markup import MarkupError, parse_html, utf16_length

__all__ = ["ApiError", "Methods"]

_MAX_TEXT = 4096
_MAX_ENTITIES = 100
_MAX_ENTITY_BYTES = 9_500
_MAX_DATA_BYTES = 64
_MAX_ANSWER = 200
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_URL = re.compile(r"(?:https?|tg)://\S+")
# Settings of a bot that show nowhere in the tryout.
_TAKEN = frozenset(
    {"setMyDescription", "setMyShortDescription", "setMyName", "setChatMenuButton"}
    | {"deleteWebhook", "setWebhook", "logOut", "close", "pinChatMessage"}
)


class ApiError(Exception):
    """A refusal: its code, its words, and what a client may make of it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Methods:
    """What a bot can call."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._polling = 0
        self._methods: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "getWebhookInfo": self._get_webhook_info,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_query,
            "sendChatAction": self._send_action,
            "setMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "deleteMyCommands": self._delete_commands,
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
        }

    async def call(self, name: str, given: Json) -> Any:
        """Return the result of a method; raise ApiError as Telegram would refuse."""
        if name in _TAKEN:
            return True
        method = self._methods.get(name)
        if method is None:
            raise ApiError(404, "Not Found")
        return await method(given)

    async def _get_me(self, _given: Json) -> Json:
        return BOT

    async def _get_webhook_info(self, _given: Json) -> Json:
        return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}

    async def _get_updates(self, given: Json) -> list[Json]:
        self._polling += 1
        mine = self._polling
        limit = min(max(_int(given, "limit", 100), 1), 100)
        found = await self._chats.updates(
            _int(given, "offset", 0), limit, min(_int(given, "timeout", 0), 50)
        )
        if mine != self._polling:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one "
                "bot instance is running",
            )
        return found

    async def _send_message(self, given: Json) -> Json:
        chat = self._open_chat(given)
        content = _text(given) | _markup(given)
        return self._chats.post(chat, content)

    async def _send_document(self, given: Json) -> Json:
        chat = self._open_chat(given)
        document = given.get("document")
        if not isinstance(document, tuple):
            raise ApiError(400, "Bad Request: there is no document in the request")
        name, content = document
        file_id = f"file-{chat.id}-{chat.last_message_id + 1}"
        chat.files[file_id] = (name, content)
        shown = {"file_name": name, "file_size": len(content)}
        return self._chats.post(
            chat, {"document": {"file_id": file_id, "file_unique_id": file_id, **shown}}
        )

    async def _edit_text(self, given: Json) -> Json:
        chat = self._open_chat(given)
        message = _message(chat, given)
        content = _text(given) | _markup(given)
        keys = ("text", "entities", "reply_markup")
        if all(content.get(key) == message.get(key) for key in keys):
            raise ApiError(400, _UNCHANGED)
        return self._chats.edit(chat, message, content)

    async def _edit_markup(self, given: Json) -> Json:
        chat = self._open_chat(given)
        message = _message(chat, given)
        markup = _markup(given)
        if markup.get("reply_markup") == message.get("reply_markup"):
            raise ApiError(400, _UNCHANGED)
        kept = {key: message[key] for key in ("text", "entities") if key in message}
        return self._chats.edit(chat, message, kept | markup)

    async def _delete_message(self, given: Json) -> bool:
        chat = self._open_chat(given)
        if not self._chats.delete(chat, _int(given, "message_id", 0)):
            raise ApiError(400, "Bad Request: message to delete not found")
        return True

    async def _answer_query(self, given: Json) -> bool:
        query_id = str(given.get("callback_query_id") or "")
        chat_id = query_id.rpartition("-")[0]
        chat = self._chats.get(int(chat_id)) if re.fullmatch(r"-?\d+", chat_id) else None
        if chat is None:
            raise ApiError(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        text = str(given.get("text") or "")
        if utf16_length(text) > _MAX_ANSWER:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        alert = _flag(given, "show_alert")
        self._chats.show(chat, {"kind": "callback_answer", "text": text, "alert": alert})
        return True

    async def _send_action(self, given: Json) -> bool:
        chat = self._open_chat(given)
        self._chats.show(chat, {"kind": "typing"})
        return True

    async def _set_commands(self, given: Json) -> bool:
        commands = _decoded(given, "commands", [])
        for one in commands:
            if not _COMMAND.fullmatch(str(one.get("command", ""))):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(str(one.get("description", ""))) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        self._chats.commands[str(given.get("language_code") or "")] = commands
        return True

    async def _get_commands(self, given: Json) -> list[Json]:
        return self._chats.commands.get(str(given.get("language_code") or ""), [])

    async def _delete_commands(self, given: Json) -> bool:
        self._chats.commands.pop(str(given.get("language_code") or ""), None)
        return True

    async def _get_chat(self, given: Json) -> Json:
        chat = self._open_chat(given)
        return {
            **chat.as_json,
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    async def _get_member(self, given: Json) -> Json:
        chat = self._open_chat(given)
        if _int(given, "user_id", 0) != abs(chat.id):
            raise ApiError(400, "Bad Request: user not found")
        return {"status": "creator", "user": chat.person, "is_anonymous": False}

    def _open_chat(self, given: Json) -> Chat:
        """Return the chat that is written to; refuse as Telegram does."""
        text = str(given.get("chat_id") or "")
        if not text:
            raise ApiError(400, "Bad Request: chat_id is empty")
        chat = self._chats.get(int(text)) if re.fullmatch(r"-?\d{1,18}", text) else None
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.is_blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat.migrated_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.migrated_to,
            )
        return chat


_UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def _text(given: Json) -> Json:
    """Return text and entities of a message to be shown."""
    text = str(given.get("text") or "")
    mode = str(given.get("parse_mode") or "")
    entities: list[Json] = []
    if mode.lower() == "html":
        try:
            text, found = parse_html(text)
        except MarkupError as error:
            raise ApiError(400, f"Bad Request: can't parse entities: {error}") from None
        entities = [one.as_json() for one in found]
    elif mode:
        raise ApiError(400, "Bad Request: unsupported parse_mode")
    else:
        text, entities = text.strip(), _decoded(given, "entities", [])
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if utf16_length(text) > _MAX_TEXT:
        raise ApiError(400, "Bad Request: message is too long")
    if len(json.dumps(entities)) > 3 * _MAX_ENTITY_BYTES:
        raise ApiError(400, "Bad Request: ENTITIES_TOO_LONG")
    shown: Json = {"text": text}
    if entities:  # Telegram shows the first hundred, and drops the rest silently
        shown["entities"] = entities[:_MAX_ENTITIES]
    return shown


def _markup(given: Json) -> Json:
    """Return the inline keyboard of a message, {} for none."""
    markup = _decoded(given, "reply_markup", {})
    rows = markup.get("inline_keyboard") or []
    for row in rows:
        for button in row:
            _check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}


def _check_button(button: Json) -> None:
    if not str(button.get("text") or "").strip():
        raise ApiError(400, "Bad Request: inline keyboard button text must be non-empty")
    data, url = button.get("callback_data"), button.get("url")
    if data is not None:
        if not 1 <= len(str(data).encode()) <= _MAX_DATA_BYTES:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    elif url is not None:
        if not _URL.fullmatch(str(url)):
            raise ApiError(
                400, f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
            )
    elif "copy_text" not in button:
        raise ApiError(
            400,
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        )


def _message(chat: Chat, given: Json) -> Json:
    message = chat.messages.get(_int(given, "message_id", 0))
    if message is None:
        raise ApiError(400, "Bad Request: message to edit not found")
    if message["from"]["id"] != BOT["id"]:
        raise ApiError(400, "Bad Request: message can't be edited")
    return message


def _decoded(given: Json, name: str, default: Any) -> Any:
    """Return a parameter that travels as JSON."""
    value = given.get(name)
    if value is None or value == "":
        return default
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(400, f"Bad Request: can't parse {name} JSON object") from None


def _int(given: Json, name: str, default: int) -> int:
    try:
        return int(given.get(name, default))
    except (TypeError, ValueError):
        raise ApiError(400, f"Bad Request: invalid {name} specified") from None


def _flag(given: Json, name: str) -> bool:
    return str(given.get(name, "")).lower() in {"true", "1"}
