"""What Telegram would remember: people, their chats, messages, and updates for the bot."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["BOT", "Chat", "Chats", "Json"]

Json = dict[str, Any]

BOT: Json = {
    "id": 4_242_424_242,
    "is_bot": True,
    "first_name": "daybrief",
    "username": "daybrief_tryout_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
# Per chat; older messages and events are forgotten, as nobody scrolls that far.
_MAX_MESSAGES = 1_000
_MAX_EVENTS = 3_000
# Telegram keeps updates for a day; nobody waits that long here.
_MAX_UPDATES = 10_000
_FIRST_PERSON = 1_001


@dataclass(slots=True)
class Chat:
    """A private chat with one person, or a group of one."""

    id: int
    language: str
    zone: str = ""
    is_blocked: bool = False
    migrated_to: int = 0
    messages: OrderedDict[int, Json] = field(default_factory=OrderedDict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=_MAX_EVENTS))
    last_message_id: int = 0
    last_seq: int = 0

    @property
    def as_json(self) -> Json:
        """The chat as the Bot API writes it."""
        if self.id < 0:
            return {"id": self.id, "type": "supergroup", "title": "A group"}
        return {"id": self.id, "type": "private", "first_name": "You"}

    @property
    def person(self) -> Json:
        """Who writes in this chat."""
        name = {"id": abs(self.id), "is_bot": False, "first_name": "You"}
        return name | ({"language_code": self.language} if self.language else {})


class Chats:
    """All chats of the one bot, and what waits for it."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._chats: dict[int, Chat] = {}
        self._updates: deque[Json] = deque(maxlen=_MAX_UPDATES)
        self._next_update_id = 1
        self._fed = asyncio.Event()
        self._shown = asyncio.Event()
        self.commands: dict[str, list[Json]] = {}

    # ------------------------------------------------------------------ people

    def new_person(self, language: str) -> Chat:
        """Return a fresh private chat."""
        return self.open(_FIRST_PERSON + len(self._chats), language)

    def open(self, chat_id: int, language: str = "en") -> Chat:
        """Return the chat with this id, made if it is new."""
        return self._chats.setdefault(chat_id, Chat(chat_id, language))

    def get(self, chat_id: int) -> Chat | None:
        """Return the chat with this id, or None."""
        return self._chats.get(chat_id)

    def say(self, chat: Chat, text: str) -> Json:
        """Let the person write ``text``: the bot gets it as an update."""
        message = self._new_message(chat, chat.person) | {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._keep(chat, message)
        self._feed({"message": message})
        return message

    def press(self, chat: Chat, message: Json, data: str) -> str:
        """Let the person tap a button; return the query's id, which the bot answers."""
        query_id = f"{chat.id}-{self._next_update_id}"
        query = {
            "id": query_id,
            "from": chat.person,
            "message": message,
            "chat_instance": str(chat.id),
            "data": data,
        }
        self._feed({"callback_query": query})
        return query_id

    # ------------------------------------------------------------------ the bot

    def post(self, chat: Chat, content: Json) -> Json:
        """Let the bot write a message with ``content``, and return it whole."""
        message = self._new_message(chat, BOT) | content
        self._keep(chat, message)
        return message

    def edit(self, chat: Chat, message: Json, content: Json) -> Json:
        """Replace what a message of the bot says."""
        kept = {key: message[key] for key in ("message_id", "date", "chat", "from")}
        edited = {**kept, "edit_date": int(self._now()), **content}
        chat.messages[message["message_id"]] = edited
        self.show(chat, {"kind": "edited", "message": edited})
        return edited

    def delete(self, chat: Chat, message_id: int) -> bool:
        """Remove a message; False if it was not there."""
        gone = chat.messages.pop(message_id, None)
        if gone is not None:
            self.show(chat, {"kind": "deleted", "message_id": message_id})
        return gone is not None

    def show(self, chat: Chat, event: Json) -> None:
        """Let the person's page know what happened."""
        chat.last_seq += 1
        chat.events.append({"seq": chat.last_seq, **event})
        self._shown.set()
        self._shown = asyncio.Event()

    async def updates(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Return updates from ``offset`` on, and forget those before; wait for the first one."""
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            left = until - asyncio.get_running_loop().time()
            if self._updates or left <= 0:
                return list(self._updates)[:limit]
            await _wait(self._fed, left)

    async def events(self, chat: Chat, after: int, timeout_s: float) -> list[Json]:
        """Return what happened in a chat after the event ``after``; wait for the first."""
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            found = _after(chat.events, after)
            left = until - asyncio.get_running_loop().time()
            if found or left <= 0:
                return found
            await _wait(self._shown, left)

    def _feed(self, update: Json) -> None:
        self._updates.append({"update_id": self._next_update_id, **update})
        self._next_update_id += 1
        self._fed.set()
        self._fed = asyncio.Event()

    def _new_message(self, chat: Chat, author: Json) -> Json:
        chat.last_message_id += 1
        return {
            "message_id": chat.last_message_id,
            "from": author,
            "chat": chat.as_json,
            "date": int(self._now()),
        }

    def _keep(self, chat: Chat, message: Json) -> None:
        chat.messages[message["message_id"]] = message
        while len(chat.messages) > _MAX_MESSAGES:
            chat.messages.popitem(last=False)
        self.show(chat, {"kind": "message", "message": message})


def _after(events: Iterable[Json], after: int) -> list[Json]:
    return [event for event in events if event["seq"] > after]


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
