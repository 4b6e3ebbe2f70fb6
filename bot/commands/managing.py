"""To manage a group or a channel from a private chat: pick it, act on it, leave it.

What stands in the store is a choice and no right: whoever acts on a room of another chat is
asked for at the platform each time. Buttons below what was said about a room carry that room,
so that no button of one place ever acts on another.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from typing import ClassVar

from bot.commands.groups import MANAGE, READ, Groups
from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData, prefix_of
from bot.domain.message import Button, Keyboard, Message
from bot.domain.ports import ChatRole
from bot.domain.room import Room
from bot.errors import ReaderError
from bot.store import Store
from bot.texts import Texts

__all__ = [
    "ElsewhereTapped", "LeaveTapped", "ManageTapped", "Managing", "dressed", "headed",
    "invitation",
]  # fmt: skip

# Places offered at once; each is asked for at the platform.
_MAX_OFFERED = 8


@dataclass(frozen=True)
class ManageTapped(CallbackData):
    """The button that picks the room that commands are for."""

    prefix: ClassVar[str] = "manage"
    room_id: int


@dataclass(frozen=True)
class LeaveTapped(CallbackData):
    """The button that ends managing: commands are for the private chat again."""

    prefix: ClassVar[str] = "unmanage"


@dataclass(frozen=True)
class ElsewhereTapped(CallbackData):
    """A button of another room, tapped in a private chat: the room, and what it carries there."""

    prefix: ClassVar[str] = "at"
    room_id: int
    data: str


# Buttons that pick a place, and are no word on what it reads.
_PLACES = frozenset({ManageTapped.prefix, LeaveTapped.prefix})


class Managing:
    """The use cases of managing. A private chat is known by ``Chat.kind``."""

    def __init__(self, store: Store, groups: Groups) -> None:
        self._store = store
        self._groups = groups

    async def manage(self, request: Request, _text: str) -> Message:
        """Return the groups and channels to pick from, or in a group the way to the private chat.

        Up to eight, those added last, of which the person is an admin still; each costs up to two
        requests to the platform. Raises StoreUnavailable and TelegramError.
        """
        texts, own = request.texts, request.asker or request.room
        if own.chat.kind != "private":
            link = request.authority.link(f"{MANAGE}{own.id}")
            button = Button(text=texts._("Set it up in private"), url=link)
            return plain_message(texts._("Manage this group from your private chat."), ((button,),))
        current = await self._store.managers.current(own.chat.id)
        rows: list[tuple[Button, ...]] = []
        for room_id in (await self._store.managers.rooms_of(own.chat.id))[:_MAX_OFFERED]:
            room = await self._store.chats.get_room(room_id)
            if room is not None and await self._is_admin(request, room):
                title = await self._title(request, room)
                label = f"✓ {title}" if room_id == current else title
                rows.append((Button(text=label[:60], data=ManageTapped(room_id).pack()),))
        if not rows:
            return plain_message(
                texts._(
                    "Add me to a group, or to a channel as an admin who may post; then you can "
                    "manage its briefings from here. In a group, /manage leads here as well."
                )
            )
        rows.append((_leave(texts),))
        question = texts._("Which one? Your commands are for it until you leave it.")
        return plain_message(question, tuple(rows))

    async def choose(self, request: Request, tapped: ManageTapped) -> Message:
        """Let the person's commands be for a room from now on; return how to go on.

        Raises ReaderError in a chat that is not private, for a room that is not known, or of whose
        chat the person is no admin, TelegramError and StoreUnavailable.
        """
        there = await self.at(request, tapped.room_id)
        await self.add(request, there.room)
        await self._store.managers.choose(request.room.chat.id, there.room.id)
        text = request.texts._(
            "All you send me here is for {place} now: /subscribe climate · /topics · "
            "/schedule 07:30 · /settings. Nobody there sees it but the briefings.",
            place=there.place,
        )
        return plain_message(text, ((_leave(request.texts),),))

    async def leave(self, request: Request, _tapped: LeaveTapped) -> Message:
        """Let the person's commands be for their own chat again, and say so; one write."""
        own = request.asker or request.room
        await self._store.managers.choose(own.chat.id, None)
        text = request.texts._("Your commands are for your own briefing again. /manage goes back.")
        return plain_message(text)

    async def end(self, request: Request) -> None:
        """Let the person's commands be for their own chat; one query, and one write if not."""
        if await self._store.managers.current(request.room.chat.id) is not None:
            await self._store.managers.choose(request.room.chat.id, None)

    async def follow(self, request: Request, payload: str) -> Message | None:
        """Do what a deep link from a group asks for; None if ``payload`` is none of ours.

        Raises as ``choose`` and ``Groups.read`` do.
        """
        for prefix in (MANAGE, READ):
            number = payload.removeprefix(prefix)
            if number != payload and number.isascii() and number.isdecimal() and len(number) < 19:
                if prefix == READ:
                    return await self._groups.read(request, int(number))
                return await self.choose(request, ManageTapped(int(number)))
        return None

    async def add(self, request: Request, room: Room) -> None:
        """Record that whoever asks in private can manage ``room``; one write."""
        await self._store.managers.add(request.room.chat.id, room.id)

    async def acting(self, request: Request) -> Request:
        """Return ``request``, for the room that the person manages now, if any.

        One that answers a message of ours with buttons is for the room of those, their own chat
        included: that is what the person speaks of. Only from a private chat. Raises ReaderError,
        once the choice has been taken back, if the person is no admin there any more,
        TelegramError and StoreUnavailable. One query, without a choice; else one more, and up to
        two requests to the platform.
        """
        if request.is_aimed or request.room.chat.kind != "private":
            return request
        request = replace(request, is_aimed=True)
        spoken_of = _spoken_of(request.replied)
        if spoken_of is not None:
            room_id, data = spoken_of
            request = replace(request, replied=data)
            return await self.at(request, room_id) if room_id else request
        current = await self._store.managers.current(request.room.chat.id)
        if current is None:
            return request
        try:
            return await self.at(request, current)
        except ReaderError:
            await self._store.managers.choose(request.room.chat.id, None)
            raise

    async def at(self, request: Request, room_id: int) -> Request:
        """Return a request from a private chat as one for another room.

        Raises ReaderError from another chat than a private one, for a room that is not known, and
        for one of whose chat the person is no admin, TelegramError and StoreUnavailable.
        """
        room = await self._store.chats.get_room(room_id)
        if room is None or request.room.chat.kind != "private" or room.chat.kind == "private":
            raise ReaderError("old-button")
        place = await self._title(request, room)
        if not await self._is_admin(request, room):
            raise ReaderError("not-its-admin", place=place)
        return replace(request, room=room, asker=request.room, is_aimed=True, place=place)

    async def _is_admin(self, request: Request, room: Room) -> bool:
        return await request.authority.role_in(room.chat.address) is ChatRole.ADMIN

    async def _title(self, request: Request, room: Room) -> str:
        title = await request.authority.title(room.chat.address)
        return title or request.texts._("your group")


def dressed(request: Request, message: Message | None) -> Message:
    """Return an answer about a room managed from a private chat: it says which room it is about.

    Its buttons act on that room, whatever is managed when they are tapped. Without a message, the
    answer went to the room, and that is said. No I/O.
    """
    if message is None:
        return plain_message(
            request.texts._("On its way to {place}.", place=request.place),
            ((_leave(request.texts),),),
        )
    head = headed("", request.place)
    return Message(
        html=f"<b>{escape(head, quote=False)}</b>\n{message.html}",
        plain=f"{head}\n{message.plain}",
        keyboard=_bound(message.keyboard, request.room.id),
    )


def headed(text: str, place: str) -> str:
    """Return ``text`` below the line that says which group or channel it is about; no I/O."""
    return f"▸ {place}\n{text}".strip()


def _spoken_of(replied: tuple[str, ...]) -> tuple[int, tuple[str, ...]] | None:
    """Return the room whose buttons are ``replied``, and what they carry there; 0 is one's own.

    None if they are of no room: none, or those that pick a place.
    """
    of_own = tuple(data for data in replied if prefix_of(data) not in _PLACES)
    of_other = [data for data in replied if prefix_of(data) == ElsewhereTapped.prefix]
    there = []
    for data in of_other:
        with suppress(ValueError):
            there.append(ElsewhereTapped.unpack(data))
    if there:
        room_id = there[0].room_id
        return room_id, tuple(each.data for each in there if each.room_id == room_id)
    return (0, of_own) if of_own and not of_other else None


def _bound(keyboard: Keyboard, room_id: int) -> Keyboard:
    """Return buttons that act on a room; what would be too long for one is left out."""
    rows = []
    for row in keyboard:
        bound = []
        for button in row:
            if button.url:
                bound.append(button)
                continue
            with suppress(ValueError):
                data = ElsewhereTapped(room_id, button.data).pack()
                bound.append(replace(button, data=data))
        if bound:
            rows.append(tuple(bound))
    return tuple(rows)


def invitation(room: Room, place: str, texts: Texts) -> Message:
    """Return what an admin is told in private when the bot has come to a chat of theirs; no I/O."""
    text = texts._(
        "I am in {place} now. You can choose from here what it reads: nobody there sees more than "
        "the briefings.",
        place=place or texts._("your group"),
    )
    button = Button(text=texts._("Manage it from here"), data=ManageTapped(room.id).pack())
    return plain_message(text, ((button,),))


def _leave(texts: Texts) -> Button:
    return Button(text=texts._("Back to my own briefing"), data=LeaveTapped().pack())
