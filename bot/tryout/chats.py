"""The state of Telegram's servers: chats with their messages, and updates for the bot."""

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
# Per chat; older messages, events and files are dropped.
_MAX_MESSAGES = 1_000
_MAX_EVENTS = 3_000
_MAX_FILES = 20
# Telegram keeps updates for a day; here the oldest beyond this number are dropped.
_MAX_UPDATES = 10_000
_FIRST_PERSON = 1_001
# Telegram's servers send these only to a bot that names them in allowed_updates.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Conflict(Exception):
    """A call of getUpdates that ended because another one began."""


@dataclass(slots=True)
class SimulatedChat:
    """A private chat with one person, or a group, whose id is negative.

    ``members`` of a group maps user ids to a status (Bot API, ChatMember); ``threads`` are the
    ids of its forum topics. ``zone`` and ``language`` are the person's. ``migrated_to`` is the id
    of the group that replaced this one, 0 for none. ``files`` maps ids to names and contents.
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
        """The chat as the Bot API writes it (Chat)."""
        if self.id < 0:
            group = {"id": self.id, "type": "supergroup", "title": self.title}
            return group | ({"is_forum": True} if self.threads else {})
        return {"id": self.id, "type": "private", "first_name": "You"}

    def person(self, person_id: int = 0) -> Json:
        """Return a person of this chat as the Bot API writes it (User).

        In a private chat that is its only person; in a group ``person_id`` is needed, whether
        or not it is a member's.
        """
        user = {"id": person_id or self.id, "is_bot": False, "first_name": "You"}
        return user | ({"language_code": self.language} if self.language else {})


class Chats:
    """All chats of the bot, and the updates it has not confirmed yet.

    ``now`` returns the time for dates, in Unix seconds. ``allowed_updates`` are the kinds that
    the bot asked for; while empty, it gets all but those that must be asked for by name. An
    update of another kind is lost.

    Nothing is stored on disk. Whether a chat is blocked or replaced is for callers to check:
    here all chats take messages. Only the latest 1,000 messages, 3,000 events and 20 files of a
    chat are kept, and the latest 10,000 updates. All methods belong to one event loop.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._chats: dict[int, SimulatedChat] = {}
        self._updates: deque[Json] = deque(maxlen=_MAX_UPDATES)
        self._next_update_id = 1
        self._polls = 0
        self._is_closed = False
        self._update_added = asyncio.Event()
        self._event_added = asyncio.Event()
        self.allowed_updates: frozenset[str] = frozenset()

    @property
    def pending(self) -> int:
        """The number of updates that the bot has not confirmed."""
        return len(self._updates)

    def get(self, chat_id: int) -> SimulatedChat | None:
        """Return the chat with this id, or None; a group that was replaced is still there."""
        return self._chats.get(chat_id)

    def close(self) -> None:
        """End all waiting calls of ``updates`` and ``events``; later ones will not wait.

        They return what there is. All other methods go on working.
        """
        self._is_closed = True
        self._wake_bot()
        self._wake_pages()

    # ------------------------------------------------------------------ people

    def new_person(self, language: str) -> SimulatedChat:
        """Return a new private chat with a person of ``language`` (a tag, as "de"; "" for none).

        The bot hears nothing of it yet.
        """
        chat = SimulatedChat(_FIRST_PERSON + len(self._chats), language=language)
        self._chats[chat.id] = chat
        return chat

    def new_group(
        self, title: str, members: dict[int, str], *, threads: Iterable[int] = ()
    ) -> SimulatedChat:
        """Return a new group of ``members`` (statuses by user id) and the bot.

        With ``threads`` (ids of topics) it is a forum. The bot is a plain member, whatever
        ``members`` say of it, and hears nothing of the group yet.
        """
        chat = SimulatedChat(
            -1_000_000_000_000 - len(self._chats),
            title=title,
            members={**members, BOT["id"]: "member"},
            threads=frozenset(threads),
        )
        self._chats[chat.id] = chat
        return chat

    def say(self, chat: SimulatedChat, text: str, *, person: int = 0, thread: int = 0) -> Json:
        """Send ``text`` from a person to the bot; return the message that the bot gets.

        ``person`` is needed in a group; ``thread`` 0 is the chat itself, without a topic. Whether
        ``text`` is one that Telegram would take, and the topic exists, is not checked. The page
        shows the message.
        """
        message = self._new_message(chat, chat.person(person)) | {"text": text}
        if commands := [command.as_json() for command in bot_commands(text)]:
            message["entities"] = commands
        if thread:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self._keep(chat, message)
        self._add_update("message", message)
        return message

    def press(self, chat: SimulatedChat, message: Json, data: str, *, person: int = 0) -> str:
        """Tap a button with ``data`` as a person; return the id of the callback query.

        Whether ``message`` has such a button, or is still there, is not checked. The latest 1,000
        ids of a chat may be answered. ``person`` is needed in a group.
        """
        query_id = f"{chat.id}:{self._next_update_id}"
        chat.queries.append(query_id)
        query = {
            "id": query_id,
            "from": chat.person(person),
            "message": message,
            "chat_instance": str(chat.id),
            "data": data,
        }
        self._add_update("callback_query", query)
        return query_id

    def block(self, chat: SimulatedChat, *, blocks: bool = True) -> None:
        """Block the bot as the chat's person, or unblock it, and send the bot the update.

        For private chats. The update is sent even if nothing changes.
        """
        chat.is_blocked = blocks
        before, after = ("member", "kicked") if blocks else ("kicked", "member")
        member: Json = {
            "chat": chat.as_json,
            "from": chat.person(),
            "date": int(self._now()),
            "old_chat_member": {"status": before, "user": BOT, "until_date": 0},
            "new_chat_member": {"status": after, "user": BOT, "until_date": 0},
        }
        self._add_update("my_chat_member", member)

    def migrate(self, chat: SimulatedChat) -> SimulatedChat:
        """Replace a group by a new one, as if it became a supergroup; return the new group.

        The bot gets a service message from both, the old one first, as Telegram sends them; no
        page shows these. The new group has no messages yet. A second call replaces the group by
        another one.
        """
        successor = self.new_group(chat.title, dict(chat.members), threads=chat.threads)
        chat.migrated_to = successor.id
        farewell = self._new_message(chat, BOT) | {"migrate_to_chat_id": successor.id}
        greeting = self._new_message(successor, BOT) | {"migrate_from_chat_id": chat.id}
        self._add_update("message", farewell)
        self._add_update("message", greeting)
        return successor

    # ------------------------------------------------------------------ the bot

    def post(self, chat: SimulatedChat, content: Json) -> Json:
        """Send a message with ``content`` (fields of a Message) from the bot; return all of it.

        It is kept and shown as it is: ``content`` is not checked, and its fields win.
        """
        message = self._new_message(chat, BOT) | content
        self._keep(chat, message)
        return message

    def store_file(self, chat: SimulatedChat, name: str, content: bytes) -> Json:
        """Keep a file, and return its Document for the message that is sent next.

        A second one before that message replaces it. Only the latest 20 of a chat are kept.
        """
        file_id = f"file{chat.id}-{chat.last_message_id + 1}"
        chat.files[file_id] = (name, content)
        while len(chat.files) > _MAX_FILES:
            chat.files.popitem(last=False)
        ids = {"file_id": file_id, "file_unique_id": file_id}
        return {**ids, "file_name": name, "file_size": len(content)}

    def edit(self, chat: SimulatedChat, message: Json, content: Json) -> Json:
        """Replace text, entities and keyboard of a message by ``content``; return the new message.

        What ``content`` lacks is gone. ``message``, with its ``message_id``, stays as it is; if it
        was deleted meanwhile, it is kept again. The page shows the change; the bot gets no update.
        """
        kept = {key: message[key] for key in message.keys() - {"text", "entities", "reply_markup"}}
        edited = {**kept, "edit_date": int(self._now()), **content}
        chat.messages[message["message_id"]] = edited
        self.show(chat, {"kind": "edited", "message": edited})
        return edited

    def delete(self, chat: SimulatedChat, message_id: int) -> bool:
        """Delete a message, on the page too; return whether it existed, else nothing happens."""
        if chat.messages.pop(message_id, None) is None:
            return False
        self.show(chat, {"kind": "deleted", "message_id": message_id})
        return True

    def show(self, chat: SimulatedChat, event: Json) -> None:
        """Add an event for the chat's page; it needs a ``kind`` and gets the next ``seq``."""
        chat.last_seq += 1
        chat.events.append({"seq": chat.last_seq, **event})
        self._wake_pages()

    async def updates(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Return updates from id ``offset`` on, oldest first, and drop those before.

        A negative offset counts from the end. If there are none, wait ``timeout_s`` for the first,
        then return []. A later call takes over: it makes this one raise Conflict, if it waits.
        At most ``limit`` (1 or more) are returned; they stay until a call with a greater
        ``offset``.
        """
        self._polls += 1
        poll = self._polls
        self._wake_bot()
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
            await _wait(self._update_added, left_s)
            if poll != self._polls:
                raise Conflict

    async def events(self, chat: SimulatedChat, after: int, timeout_s: float) -> list[Json]:
        """Return a chat's events with a ``seq`` greater than ``after``, oldest first.

        If there are none, wait ``timeout_s`` for the first, then return []. Any number of calls
        may wait at once. Once the chats are closed it returns what there is, without waiting.
        Linear in its events.
        """
        until = asyncio.get_running_loop().time() + timeout_s
        while True:
            found = [event for event in chat.events if event["seq"] > after]
            left_s = until - asyncio.get_running_loop().time()
            if found or left_s <= 0 or self._is_closed:
                return found
            await _wait(self._event_added, left_s)

    def _add_update(self, kind: str, content: Json) -> None:
        """Add an update for the bot, unless it does not want this kind."""
        is_wanted = (
            kind in self.allowed_updates if self.allowed_updates else kind not in _ON_REQUEST
        )
        if is_wanted:
            self._updates.append({"update_id": self._next_update_id, kind: content})
        self._next_update_id += 1
        self._wake_bot()

    def _wake_bot(self) -> None:
        self._update_added.set()
        self._update_added = asyncio.Event()

    def _wake_pages(self) -> None:
        self._event_added.set()
        self._event_added = asyncio.Event()

    def _new_message(self, chat: SimulatedChat, author: Json) -> Json:
        """Return a message with the chat's next id, not yet kept."""
        chat.last_message_id += 1
        return {
            "message_id": chat.last_message_id,
            "from": author,
            "chat": chat.as_json,
            "date": int(self._now()),
        }

    def _keep(self, chat: SimulatedChat, message: Json) -> None:
        """Add a message to the chat, and show it on the page."""
        chat.messages[message["message_id"]] = message
        while len(chat.messages) > _MAX_MESSAGES:
            chat.messages.popitem(last=False)
        self.show(chat, {"kind": "message", "message": message})


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Return once ``event`` is set, or ``seconds`` are over."""
    # Python 3.11's wait_for loses a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
