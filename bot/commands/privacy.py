"""What we know of a reader: /privacy, /export and /forgetme."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar

from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData
from bot.domain.content import plain_content
from bot.domain.message import Button, Message
from bot.domain.room import Room, UsualLanguages
from bot.steps.matching import Matching
from bot.store import Store
from summarizers import DEFAULT_METHOD

__all__ = ["Export", "ForgetTapped", "Privacy"]


@dataclass(frozen=True, slots=True)
class Export:
    """A file for the reader; ``caption`` says of which group or channel it is, if of one."""

    name: str
    content: bytes
    caption: str = ""


@dataclass(frozen=True)
class ForgetTapped(CallbackData):
    """The button that confirms /forgetme."""

    prefix: ClassVar[str] = "forget"
    answer: str = "yes"


class Privacy:
    """The use cases around a reader's data; ``told_days`` is how long what was told is kept."""

    def __init__(
        self, store: Store, matching: Matching, *, languages: UsualLanguages, told_days: int
    ) -> None:
        self._store = store
        self._matching = matching
        self._languages = languages
        self._told_days = told_days

    async def privacy(self, request: Request, _text: str) -> Message:
        """Return what is stored, why, and how to delete it; no I/O."""
        texts = request.texts
        return plain_message(
            texts._(
                "I keep this chat's id, its language and time zone, what you subscribed to, your "
                "times and settings, which groups you manage from here, and which stories I told "
                "you, so as not to tell them twice. I keep no names and no messages.\n"
                "Briefings are forgotten after {parts} days, what you were told after {told}.\n"
                "/export gives you all of it, /forgetme deletes it.",
                parts=30,
                told=self._told_days,
            )
        )

    async def export(self, request: Request, _text: str) -> Export:
        """Return what is stored about the chat and its rooms, as a JSON file in UTF-8.

        Publishers' words are not in it: of an edition whose content is kept, ``content`` says which
        places of which texts it quoted. Settings are those in effect; ``chosen`` names those that
        the room set itself. Rooms are in no order; instants are in UTC, editions the newest
        thousand, newest first. ``manages`` are the groups and channels that are managed from the
        chat, ``changes`` what Undo can take back. Six queries a room, and some. Raises
        StoreUnavailable.
        """
        chat = asdict(request.room.chat)
        address = chat.pop("address")
        del chat["may_return"]  # what a fault may have been is nothing of the reader's
        data = {
            "chat": chat | {f"{address['platform']}_id": _number(address["id"])},
            "rooms": [
                await self._exported(room)
                for room in await self._store.chats.rooms_of(request.room.chat.id)
            ],
            "manages": await self._managed(request.room.chat.id),
        }
        text = json.dumps(data, ensure_ascii=False, indent=2, default=_plain)
        return Export(name="daybrief.json", content=text.encode())

    async def _managed(self, chat_id: int) -> list[dict[str, Any]]:
        ids = await self._store.managers.rooms_of(chat_id)
        rooms = [await self._store.chats.get_room(room_id) for room_id in ids]
        return [
            {f"{room.address.platform}_id": _number(room.address.id), "thread": room.thread}
            for room in rooms
            if room is not None
        ]

    async def _exported(self, room: Room) -> dict[str, Any]:
        store = self._store
        said = await store.contents.of_room(room.id)
        contents = {edition_id: plain_content(briefing) for edition_id, briefing in said.items()}
        remembered = await store.editions.remembered(room.id)
        return {
            "thread": room.thread,
            "settings": asdict(room.settings)
            | {
                "languages": self._languages.of(room),
                "method": room.settings.method or DEFAULT_METHOD,
            },
            "subscriptions": [asdict(s) for s in await store.subscriptions.of_room(room.id)],
            "schedules": [asdict(s) for s in await store.schedules.of_room(room.id)],
            "editions": [
                asdict(edition) | {"content": contents.get(edition.id)}
                for edition in await store.editions.recent(room.id, limit=1000)
            ],
            "told": {str(story): at.isoformat() for story, (at, _) in remembered.told.items()},
            "listed": {str(story): outlets for story, outlets in remembered.listed.items()},
            "changes": await store.changes.of_room(room.id),
        }

    async def ask(self, request: Request, _text: str) -> Message:
        """Return the question whether all shall be deleted, with a button for it; no I/O."""
        texts = request.texts
        button = Button(text=texts._("Yes, delete everything"), data=ForgetTapped().pack())
        question = texts._(
            "This deletes your subscriptions, times, settings and everything I told you. Sure?"
        )
        return plain_message(question, ((button,),))

    async def forget(self, request: Request, _tapped: ForgetTapped) -> Message:
        """Delete what is stored about the chat and all its rooms, and what only it read.

        No byte of it stays in a SQLite file, unless somebody reads its log for over 10 s, for
        which it waits; nobody can write meanwhile. The next request of the chat opens a new room.
        Raises StoreUnavailable; asking again does the rest, but for words that only it read: if
        they were deleted before the error, they are looked for until the next start.
        """
        store, matching = self._store, self._matching
        rooms = await store.chats.rooms_of(request.room.chat.id)
        read = [s.key for room in rooms for s in await store.subscriptions.of_room(room.id)]
        async with matching.holding(read):
            await matching.unlearn(await store.forget(request.room.chat.id))
        return plain_message(
            request.texts._("Done. I know nothing about you any more. /start begins anew.")
        )


def _number(text: str) -> int | str:
    """Return an id as a number where it is one."""
    return int(text) if text.removeprefix("-").isdecimal() else text


def _plain(value: Any) -> Any:
    """Return what JSON can hold for the values of our nouns."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
