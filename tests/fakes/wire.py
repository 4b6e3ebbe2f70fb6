"""A fake Bot API at the request layer, under the real Bot and Application.

Use it as ``Application.builder().token(TOKEN).request(wire).get_updates_request(wire)``.
"""

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from telegram.request import BaseRequest, RequestData

__all__ = ["BOT", "TOKEN", "FakeWire", "Json", "error", "flood", "message_update", "press_update"]

Json = dict[str, Any]

# Has the format of a real token, so that the log filters recognise it.
TOKEN = "123456789:AAFakeTokenForTestsOnly_0123456789abcde"
BOT: Json = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Daybrief",
    "username": "daybrief_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
# 2025-06-05 05:30 UTC: the start of a FakeClock.
_DATE = 1749101400
_MAX_UNITS = 4096
_MAX_CALLBACK_BYTES = 64


def error(code: int, description: str, **parameters: Any) -> Json:
    """Return an error answer in the Bot API's format, for ``FakeWire.script``."""
    answer: Json = {"ok": False, "error_code": code, "description": description}
    return answer | ({"parameters": parameters} if parameters else {})


def flood(wait_s: int) -> Json:
    """Return Telegram's answer to a bot that sends too fast."""
    return error(429, f"Too Many Requests: retry after {wait_s}", retry_after=wait_s)


class FakeWire(BaseRequest):
    """A PTB request class that answers as Telegram does, records every call, and fails on demand.

    ``calls``, ``sent`` and ``texts`` return what the bot did. ``feed`` and its shorthands
    ``say`` and ``press`` queue updates for the next getUpdates. ``script`` sets the outcome of
    the next calls of a method. ``log`` are all (method, parameters) in order; ``messages`` are
    the present messages by (chat id, message id); ``members`` are the statuses by (chat id,
    user id), "member" if missing. ``files`` are what was sent to the bot, by file id.
    """

    def __init__(self) -> None:
        self.log: list[tuple[str, Json]] = []
        self.messages: dict[tuple[int, int], Json] = {}
        self.members: dict[tuple[int, int], str] = {}
        self.files: dict[str, bytes] = {}
        self._scripts: defaultdict[str, deque[Json | Exception]] = defaultdict(deque)
        self._updates: deque[Json] = deque()
        self._fed = asyncio.Event()
        self._last_message_id = 100
        self._last_update_id = 1000

    # ------------------------------------------------------------------ for tests

    def calls(self, method: str) -> list[Json]:
        """Return the parameters of each call of ``method``, in order."""
        return [parameters for name, parameters in self.log if name == method]

    def sent(self, chat_id: int | None = None) -> list[Json]:
        """Return the messages now in a chat (in all chats if None), in order, as last edited."""
        return [m for (chat, _), m in self.messages.items() if chat_id in (None, chat)]

    def texts(self, chat_id: int | None = None) -> list[str]:
        """Return the texts of ``sent``, with the bot's HTML markup."""
        return [str(message["text"]) for message in self.sent(chat_id)]

    def script(self, method: str, *outcomes: Json | Exception) -> None:
        """Set the outcomes of the next calls of ``method``: answers, or exceptions to raise."""
        self._scripts[method].extend(outcomes)

    def feed(self, update: Json) -> Json:
        """Queue ``update`` for getUpdates and return it with its ``update_id``."""
        self._last_update_id += 1
        update = {"update_id": self._last_update_id, **update}
        self._updates.append(update)
        self._fed.set()
        return update

    def say(self, text: str, chat_id: int = 1, **options: Any) -> Json:
        """Queue a message with ``text`` from a person; see ``message_update`` for the options."""
        return self.feed(message_update(text, chat_id, message_id=self._next_id(), **options))

    def press(self, data: str, message: Json, **options: Any) -> Json:
        """Queue a person's press of the button with callback data ``data`` below ``message``."""
        return self.feed(press_update(data, message, **options))

    # ------------------------------------------------------------------ for python-telegram-bot

    @property
    def read_timeout(self) -> float | None:
        """PTB's default of five seconds, which nothing here waits for."""
        return 5.0

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Return HTTP status and JSON of a Bot API call, or raise what is scripted."""
        name = url.rsplit("/", 1)[-1]
        parameters: Json = dict(request_data.parameters) if request_data else {}
        if request_data and request_data.contains_files:
            for field, (filename, content, _type) in request_data.multipart_data.items():
                parameters |= {field: content, "filename": filename}
        self.log.append((name, parameters))
        if "/file/bot" in url:  # a download, by the path that getFile gave
            return 200, self.files[name]
        await asyncio.sleep(0)  # as a real network, never answer without yielding to the loop
        if self._scripts[name]:
            outcome = self._scripts[name].popleft()
            if isinstance(outcome, Exception):
                raise outcome
            return _encoded(outcome)
        return _encoded(await self._answer(name, parameters))

    async def _answer(self, name: str, parameters: Json) -> Json:
        handler: Callable[[Json], Any] | None = getattr(self, f"_on_{name}", None)
        if name == "getUpdates":
            return _ok(await self._poll(parameters))
        if handler is not None:
            result = handler(parameters)
            return result if isinstance(result, dict) and "ok" in result else _ok(result)
        if name.startswith(("set", "delete", "answer", "pin", "unpin", "sendChatAction", "log")):
            return _ok(True)
        return error(404, "Not Found")

    async def _poll(self, parameters: Json) -> list[Json]:
        """Return the updates from ``offset`` on; if there is none, wait ``timeout`` seconds."""
        offset = int(parameters.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            self._fed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._fed.wait(), float(parameters.get("timeout", 0)))
        return list(self._updates)[: int(parameters.get("limit", 100))]

    def _on_getMe(self, _: Json) -> Json:  # noqa: N802 - the Bot API's names
        return BOT

    def _on_getWebhookInfo(self, _: Json) -> Json:  # noqa: N802
        return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}

    def _on_getChat(self, parameters: Json) -> Json:  # noqa: N802
        full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}
        return _chat(int(parameters["chat_id"])) | full

    def _on_getChatMember(self, parameters: Json) -> Json:  # noqa: N802
        chat_id, user_id = int(parameters["chat_id"]), int(parameters["user_id"])
        status = self.members.get((chat_id, user_id), "member")
        return {"status": status, "user": _user(user_id), "is_anonymous": False} | (
            _ADMIN_RIGHTS if status == "administrator" else {}
        )

    def _on_sendMessage(self, parameters: Json) -> Json:  # noqa: N802
        if fault := _fault(parameters):
            return fault
        chat_id = int(parameters["chat_id"])
        message = _message(parameters["text"], chat_id, self._next_id(), BOT)
        for field in ("reply_markup", "message_thread_id"):
            if field in parameters:
                message[field] = parameters[field]
        self.messages[chat_id, message["message_id"]] = message
        return message

    def _on_getFile(self, parameters: Json) -> Json:  # noqa: N802
        content = self.files.get(file_id := str(parameters["file_id"]))
        if content is None:
            return error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = {"file_size": len(content), "file_path": file_id}
        return {"file_id": file_id, "file_unique_id": file_id, **size}

    def _on_sendDocument(self, parameters: Json) -> Json:  # noqa: N802
        message = _message("", int(parameters["chat_id"]), self._next_id(), BOT)
        del message["text"]
        return message | {"document": {"file_id": "f1", "file_unique_id": "u1"}}

    def _on_editMessageText(self, parameters: Json) -> Json:  # noqa: N802
        if fault := _fault(parameters):
            return fault
        before = self.messages.get((int(parameters["chat_id"]), int(parameters["message_id"])))
        if before is None:
            return error(400, "Bad Request: message to edit not found")
        return self._edited(before, text=parameters["text"], **_markup(parameters))

    def _on_editMessageReplyMarkup(self, parameters: Json) -> Json:  # noqa: N802
        before = self.messages.get((int(parameters["chat_id"]), int(parameters["message_id"])))
        if before is None:
            return error(400, "Bad Request: message to edit not found")
        return self._edited(before, **_markup(parameters))

    def _on_deleteMessage(self, parameters: Json) -> Any:  # noqa: N802
        key = (int(parameters["chat_id"]), int(parameters["message_id"]))
        if self.messages.pop(key, None) is None:
            return error(400, "Bad Request: message to delete not found")
        return True

    def _edited(self, before: Json, **changes: Any) -> Json:
        after = {k: v for k, v in before.items() if k not in {"reply_markup", "edit_date"}}
        after |= {name: value for name, value in changes.items() if value is not None}
        if after == {k: v for k, v in before.items() if k != "edit_date"}:
            return error(
                400,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
            )
        after["edit_date"] = _DATE
        self.messages[after["chat"]["id"], after["message_id"]] = after
        return after

    def _next_id(self) -> int:
        self._last_message_id += 1
        return self._last_message_id


# ---------------------------------------------------------------------- updates to feed


def message_update(
    text: str, chat_id: int = 1, *, user_id: int | None = None, message_id: int = 1, **extra: Any
) -> Json:
    """Return an update (without ``update_id``) with a message from a person.

    A negative ``chat_id`` means a supergroup. ``extra`` are further fields of the message, such
    as ``reply_to_message``, ``message_thread_id`` or ``forward_origin``.
    """
    author = _user(user_id if user_id is not None else abs(chat_id))
    message = _message(text, chat_id, message_id, author) | extra
    if text.startswith("/"):
        length = len(text.split(maxsplit=1)[0])
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return {"message": message}


def press_update(data: str, message: Json, *, user_id: int | None = None) -> Json:
    """Return an update (without ``update_id``) for a press of a button below ``message``."""
    author = _user(user_id if user_id is not None else abs(message["chat"]["id"]))
    query = {"id": f"q{message['message_id']}", "from": author, "chat_instance": "c1"}
    return {"callback_query": {**query, "message": message, "data": data}}


_GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}
_ADMIN_RIGHTS = {
    "can_be_edited": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": True,
    "can_edit_stories": True,
    "can_delete_stories": True,
}


def _user(user_id: int) -> Json:
    name = f"Reader {user_id}"
    return {"id": user_id, "is_bot": False, "first_name": name, "language_code": "en"}


def _chat(chat_id: int) -> Json:
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup", "title": f"Group {-chat_id}"}
    return {"id": chat_id, "type": "private", "first_name": f"Reader {chat_id}"}


def _message(text: str, chat_id: int, message_id: int, author: Json) -> Json:
    head = {"message_id": message_id, "date": _DATE, "chat": _chat(chat_id)}
    return {**head, "from": author, "text": text}


def _markup(parameters: Json) -> Json:
    return {"reply_markup": parameters.get("reply_markup")}


def _fault(parameters: Json) -> Json | None:
    """Return Telegram's error for a text or keyboard beyond its limits, None if there is none."""
    text = str(parameters.get("text", ""))
    if not text.strip():
        return error(400, "Bad Request: message text is empty")
    # With a parse mode the limit applies to the parsed text, whose length is not known here.
    if "parse_mode" not in parameters and len(text.encode("utf-16-le")) // 2 > _MAX_UNITS:
        return error(400, "Bad Request: message is too long")
    markup = parameters.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    for button in (b for row in markup.get("inline_keyboard", []) for b in row):
        if len(button.get("callback_data", "").encode()) > _MAX_CALLBACK_BYTES:
            return error(400, "Bad Request: BUTTON_DATA_INVALID")
    return None


def _ok(result: Any) -> Json:
    return {"ok": True, "result": result}


def _encoded(answer: Json) -> tuple[int, bytes]:
    return int(answer.get("error_code", 200)), json.dumps(answer).encode()
