"""Groups: what they are told when the bot joins, what members may read, what closed topics ask."""

from dataclasses import dataclass, replace
from typing import ClassVar

from bot.commands.refresh import RefreshForReader
from bot.commands.request import Request, plain_message
from bot.commands.schedule import Schedules, say_next
from bot.domain.callback import CallbackData
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Button, Message
from bot.domain.ports import ChatRole
from bot.domain.room import Room
from bot.errors import ReaderError
from bot.steps.composing import Composing
from bot.store import Store
from bot.texts import texts_for

__all__ = ["Groups", "MoveTapped", "closed_topic_question"]

READ = "read_"
MANAGE = "manage_"


@dataclass(frozen=True)
class MoveTapped(CallbackData):
    """The button that lets what a closed topic reads come to where it stands."""

    prefix: ClassVar[str] = "move"
    room_id: int


class Groups:
    """The use cases of chats of many."""

    def __init__(
        self,
        store: Store,
        composing: Composing,
        refresh: RefreshForReader,
        schedules: Schedules,
    ) -> None:
        self._store = store
        self._composing = composing
        self._refresh = refresh
        self._schedules = schedules

    async def welcome(self, request: Request) -> Message:
        """Return what a group reads when the bot joins: what it brings, and who may say what.

        A group that set something up before is told when its next briefing comes. Three queries.
        Raises StoreUnavailable.
        """
        texts, room = request.texts, request.room
        if await self._store.subscriptions.of_room(room.id):
            next_at = await self._schedules.next_at(room.id)
            back = texts._("I am back, and all is as you left it.")
            return plain_message(f"{back} {await say_next(next_at, room, request)}".strip())
        text = texts._(
            "Hello! I bring this group one short news briefing a day, every line quoted word for "
            "word and linked.\n"
            "Admins choose what it is about: /subscribe climate · /schedule 07:30 · /settings, "
            "or reply to me in your own words. In a forum each topic has its own briefing: send "
            "the command there.\n"
            "Everybody can look: /topics · /status · /help. I read nothing else of what you write."
        )
        link = request.authority.link(f"{MANAGE}{room.id}")
        button = Button(text=texts._("Set it up in private"), url=link)
        return plain_message(text, ((button,),))

    async def look(self, request: Request, text: str) -> Message:
        """Return a group's times to a member, who may not change them.

        Raises ReaderError where ``text`` asks for a change, and StoreUnavailable.
        """
        if text.strip():
            raise ReaderError("admins-only")
        return await self._schedules.schedule(request, "")

    async def offer(self, request: Request, _text: str) -> Message:
        """Return where a member can read a group's briefing now: in private, not in the group.

        Raises ReaderError if the group reads nothing, and StoreUnavailable.
        """
        texts = request.texts
        if not await self._store.subscriptions.of_room(request.room.id):
            raise ReaderError("nothing-to-brief-on")
        next_at = await self._schedules.next_at(request.room.id)
        lines = [
            texts._("Here a briefing comes at its times, or when an admin asks."),
            await say_next(next_at, request.room, request),
        ]
        link = request.authority.link(f"{READ}{request.room.id}")
        button = Button(text=texts._("Read it in private now"), url=link)
        return plain_message(" ".join(filter(None, lines)), ((button,),))

    async def read(self, request: Request, room_id: int) -> Message:
        """Return the first message of a group's briefing now, to a member in private.

        Nothing counts as told. Waits as ``BriefNow.preview`` does. Raises ReaderError for a room
        that is not known, or whose chat the person is not in, TelegramError where that cannot be
        asked, what broke if it cannot be composed, and StoreUnavailable.
        """
        room = await self._store.chats.get_room(room_id)
        if room is None or room.chat.kind == "private":
            raise ReaderError("old-button")
        if await request.authority.role_in(room.chat.address) is ChatRole.STRANGER:
            raise ReaderError("not-its-member")
        there = replace(request, room=room)
        subscriptions = await self._store.subscriptions.of_room(room.id)
        if not subscriptions:
            raise ReaderError("nothing-to-brief-on")
        if unreachable := await self._refresh.refresh(there, subscriptions):
            return unreachable
        edition = Edition(room=room, kind=EditionKind.BRIEF, key="")
        return (await self._composing.messages(edition))[0]

    async def move(self, request: Request, tapped: MoveTapped) -> Message:
        """Let what a closed topic reads come to the room of the button; return when it comes.

        The same tap twice says so. Raises ReaderError if the topic is open again, is not of this
        chat, or moved already, and StoreUnavailable.
        """
        room = await self._store.chats.get_room(tapped.room_id)
        here = request.room
        if room is None or not room.is_closed or room.chat.id != here.chat.id:
            raise ReaderError("old-button")
        await self._store.chats.move_room(room.id, here.thread)
        moved = await self._store.chats.find_room(here.address) or here
        await self._schedules.renew([moved])  # what moved may have had a zone of its own
        next_at = await self._schedules.next_at(moved.id)
        text = request.texts._("The briefings of that topic come here from now on.")
        return plain_message(f"{text} {await say_next(next_at, moved, request)}".strip())


def closed_topic_question(room: Room) -> Message:
    """Return what General is asked once when the topic of ``room`` takes no messages; no I/O."""
    texts = texts_for(room.language)
    text = texts._(
        "A topic of this group that had a briefing is closed or deleted. Its briefings are paused "
        "and go on by themselves when it is opened again. Shall they come here?"
    )
    button = Button(text=texts._("Yes, send them here"), data=MoveTapped(room.id).pack())
    return plain_message(text, ((button,),))
