"""What Telegram would remember: people, their chats, messages, and updates for the bot."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.tryout.formatting import bot_commands
from bot.tryout.parameters import Json

__all__ = ["BOT", "Chats", "Conflict", "Json", "SimulatedChat"]

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
_MAX_FILES = 20
# Telegram keeps updates for a day; nobody waits that long here.
_MAX_UPDATES = 10_000
_FIRST_PERSON = 1_001
# Telegram's servers bring these only to a bot that asks for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Conflict(Exception):
    """A later getUpdates took over."""


@dataclass(slots=True)
class SimulatedChat:
    """A private chat with one person, or a group, whose id is negative.

    ``members`` of a group are a status (Bot API, ChatMember) by person; ``threads`` are its
    forum topics. ``zone`` and ``language`` are the person's.
    """

    id: int
    language: str = "en"
    zone: str = ""
    title: str = ""
    is_blocked: bool = False
    migrated_to: int = 0
    members: dict[int, str] = field(default_factory=dict)
    threads: frozenset[int] = frozenset()
    messages: OrderedDict[int, Json] = field(default_factory=OrderedDict)
    files: OrderedDict[str, tuple[str, bytes]] = field(default_factory=OrderedDict)
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=_MAX_EVENTS))
    queries: deque[str] = field(default_factory=lambda: deque(maxlen=_MAX_MESSAGES))
    last_message_id: int = 0
    last_seq: int = 0

    @property
    def as_json(self) -> Json:
        """The chat as the Bot API writes it."""
        if self.id < 0:
            group = {"id": self.id, "type": "supergroup", "title": self.title}
            return group | ({"is_forum": True} if self.threads else {})
        return {"id": self.id, "type": "private", "first_name": "You"}

    def person(self, person_id: int = 0) -> Json:
        """Return who writes in this chat; in a private one that is always the same person."""
        who = {"id": person_id or self.id, "is_bot": False, "first_name": "You"}
        return who | ({"language_code": self.language} if self.language else {})


class Chats:
    """All chats of the one bot, and what waits for it.

    ``now`` gives the time for dates, in seconds. What waits is handed to one getUpdates at a
    time; ``allowed_updates`` are the kinds the bot asked for, all usual ones while empty.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._chats: dict[int, SimulatedChat] = {}
        self._updates: deque[Json] = deque(maxlen=_MAX_UPDATES)
        self._next_update_id = 1
        self._polls = 0
        self._is_closed = False
        self._fed = asyncio.Event()
        self._shown = asyncio.Event()
        self.allowed_updates: frozenset[str] = frozenset()

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._updates)

    def get(self, chat_id: int) -> SimulatedChat | None:
        """Return the chat with this id, or None."""
        return self._chats.get(chat_id)

    def close(self) -> None:
        """Let nobody wait any longer: the server goes."""
        self._is_closed = True
        self._wake()
        self._show_all()

    # ------------------------------------------------------------------ people

    def new_person(self, language: str) -> SimulatedChat:
        """Return a fresh private chat."""
        chat = SimulatedChat(_FIRST_PERSON + len(self._chats), language=language)
        self._chats[chat.id] = chat
        return chat

    def new_group(
        self, title: str, members: dict[int, str], *, threads: Iterable[int] = ()
    ) -> SimulatedChat:
        """Return a fresh group of ``members``, the bot among them."""
        everybody = {**members, BOT["id"]: "member"}
        chat = SimulatedChat(-1_000_000_000_000 - len(self._chats), title=title, members=everybody)
        chat.threads = frozenset(threads)
        self._chats[chat.id] = chat
        return chat

    def say(self, chat: SimulatedChat, text: str, *, person: int = 0, thread: int = 0) -> Json:
        """Let a person write ``text``: the bot gets it as an update."""
        message = self._new_message(chat, chat.person(person)) | {"text": text}
        if commands := [one.as_json() for one in bot_commands(text)]:
            message["entities"] = commands
        if thread:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self._keep(chat, message)
        self._feed("message", message)
        return message

    def press(self, chat: SimulatedChat, message: Json, data: str, *, person: int = 0) -> str:
        """Let a person tap a button; return the query's id, which the bot answers."""
        query_id = f"{chat.id}:{self._next_update_id}"
        chat.queries.append(query_id)
        query = {
            "id": query_id,
            "from": chat.person(person),
            "message": message,
            "chat_instance": str(chat.id),
            "data": data,
        }
        self._feed("callback_query", query)
        return query_id

    def block(self, chat: SimulatedChat, *, blocks: bool = True) -> None:
        """Let the person block the bot, or take it back."""
        chat.is_blocked = blocks
        before, after = ("member", "kicked") if blocks else ("kicked", "member")
        member: Json = {
            "chat": chat.as_json,
            "from": chat.person(),
            "date": int(self._now()),
            "old_chat_member": {"status": before, "user": BOT, "until_date": 0},
            "new_chat_member": {"status": after, "user": BOT, "until_date": 0},
        }
        self._feed("my_chat_member", member)

    def migrate(self, chat: SimulatedChat) -> SimulatedChat:
        """Return the group that takes the place of ``chat``; both tell the bot so."""
        grown = self.new_group(chat.title, dict(chat.members), threads=chat.threads)
        chat.migrated_to = grown.id
        leaving = self._new_message(chat, BOT) | {"migrate_to_chat_id": grown.id}
        coming = self._new_message(grown, BOT) | {"migrate_from_chat_id": chat.id}
        self._feed("message", leaving)
        self._feed("message", coming)
        return grown

    # ------------------------------------------------------------------ the bot

    def post(self, chat: SimulatedChat, content: Json) -> Json:
        """Let the bot write a message with ``content``, and return it whole."""
        message = self._new_message(chat, BOT) | content
        self._keep(chat, message)
        return message

    def store_file(self, chat: SimulatedChat, name: str, content: bytes) -> Json:
        """Return a document of a message to come; only the latest ones are kept."""
        file_id = f"file{chat.id}-{chat.last_message_id + 1}"
        chat.files[file_id] = (name, content)
        while len(chat.files) > _MAX_FILES:
            chat.files.popitem(last=False)
        ids = {"file_id": file_id, "file_unique_id": file_id}
        return {**ids, "file_name": name, "file_size": len(content)}

    def edit(self, chat: SimulatedChat, message: Json, content: Json) -> Json:
        """Replace what a message of the bot says."""
        kept = {key: message[key] for key in message.keys() - {"text", "entities", "reply_markup"}}
        edited = {**kept, "edit_date": int(self._now()), **content}
        chat.messages[message["message_id"]] = edited
        self.show(chat, {"kind": "edited", "message": edited})
        return edited

    def delete(self, chat: SimulatedChat, message_id: int) -> bool:
        """Remove a message; False if it was not there."""
        gone = chat.messages.pop(message_id, None)
        if gone is not None:
            self.show(chat, {"kind": "deleted", "message_id": message_id})
        return gone is not None

    def show(self, chat: SimulatedChat, event: Json) -> None:
        """Let the person's page know what happened."""
        chat.last_seq += 1
        chat.events.append({"seq": chat.last_seq, **event})
        self._show_all()

    async def updates(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Return updates from ``offset`` on, and forget those before; wait for the first one.

        A negative offset counts from the end. Raises Conflict once a later call takes over.
        """
        self._polls += 1
        mine = self._polls
        self._wake()
        if offset < 0:
            offset = (
                self._updates[max(offset, -len(self._updates))]["update_id"] if self._updates else 0
            )
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            left_s = until - asyncio.get_running_loop().time()
            if self._updates or left_s <= 0 or self._is_closed:
                return list(self._updates)[:limit]
            await _wait(self._fed, left_s)
            if mine != self._polls:
                raise Conflict

    async def events(self, chat: SimulatedChat, after: int, timeout_s: float) -> list[Json]:
        """Return what happened in a chat after the event ``after``; wait for the first."""
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            found = [event for event in chat.events if event["seq"] > after]
            left_s = until - asyncio.get_running_loop().time()
            if found or left_s <= 0 or self._is_closed:
                return found
            await _wait(self._shown, left_s)

    def _feed(self, kind: str, what: Json) -> None:
        is_wanted = (
            kind in self.allowed_updates if self.allowed_updates else kind not in _ON_REQUEST
        )
        if is_wanted:
            self._updates.append({"update_id": self._next_update_id, kind: what})
        self._next_update_id += 1
        self._wake()

    def _wake(self) -> None:
        self._fed.set()
        self._fed = asyncio.Event()

    def _show_all(self) -> None:
        self._shown.set()
        self._shown = asyncio.Event()

    def _new_message(self, chat: SimulatedChat, author: Json) -> Json:
        chat.last_message_id += 1
        return {
            "message_id": chat.last_message_id,
            "from": author,
            "chat": chat.as_json,
            "date": int(self._now()),
        }

    def _keep(self, chat: SimulatedChat, message: Json) -> None:
        chat.messages[message["message_id"]] = message
        while len(chat.messages) > _MAX_MESSAGES:
            chat.messages.popitem(last=False)
        self.show(chat, {"kind": "message", "message": message})


async def _wait(event: asyncio.Event, seconds: float) -> None:
    # Python 3.11's wait_for loses a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
