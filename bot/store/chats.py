"""Chats and their rooms."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, exists, select, update

from bot.domain.address import ChatAddress
from bot.domain.room import Chat, ChatState, Room, RoomSettings
from bot.reasons import Reason, dump_reason, load_reason
from bot.store.addresses import is_at, load_address, stored_id
from bot.store.choices import dump_settings, is_zone, load_settings
from bot.store.database import Database
from bot.store.tables import chat, room, schedule, subscription
from bot.store.upsert import insert_missing

__all__ = ["ChatRows"]

_STATES = {str(state): state for state in ChatState}
_COLUMNS = (
    room.c.id,
    room.c.thread,
    room.c.settings,
    room.c.error,
    chat.c.id.label("chat_id"),
    chat.c.telegram_id,
    chat.c.kind,
    chat.c.language,
    chat.c.zone,
    chat.c.zone_known,
    chat.c.state,
    chat.c.error.label("chat_error"),
)


class ChatRows:
    """The repository of chats and rooms; a room that is returned comes with its chat.

    Choices of a room that exist no longer count as not made, and are named in ``retired``; a zone
    that does not exist is read as UTC, not known. An address of another platform or of a named
    account, or whose id is no number of 64 bits as ``str`` writes it, raises ValueError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_room(
        self,
        address: ChatAddress,
        *,
        kind: str,
        language: str,
        settings: RoomSettings,
        now: datetime,
    ) -> Room:
        """Return the room at an address, made with ``settings`` if it is new.

        A chat that was gone is active again, a closed room open. ``kind`` and ``language`` count
        for a new chat only, ``settings`` for a new room; none is checked (see ``save_settings``).
        ``now`` is aware (else SQLAlchemy's StatementError). One transaction; to call it again
        changes nothing.
        """
        async with self._database.write() as connection:
            new_chat = {"telegram_id": stored_id(address), "kind": kind, "language": language}
            await insert_missing(connection, chat, {**new_chat, "created_at": now})
            owner = select(chat.c.id).where(is_at(address))
            chat_id = (await connection.execute(owner)).scalar_one()
            await connection.execute(
                update(chat)
                .where(chat.c.id == chat_id, chat.c.state == ChatState.GONE)
                .values(state=ChatState.ACTIVE, error="")
            )
            new_room = {"chat_id": chat_id, "thread": address.thread, "created_at": now}
            text = dump_settings(settings)
            await insert_missing(connection, room, {**new_room, "settings": text})
            await connection.execute(
                update(room)
                .where(room.c.chat_id == chat_id, room.c.thread == address.thread)
                .where(room.c.error != "")
                .values(error="")
            )
            found = await connection.execute(
                _rooms().where(room.c.chat_id == chat_id, room.c.thread == address.thread)
            )
            return _room(found.mappings().one())

    async def find_room(self, address: ChatAddress) -> Room | None:
        """Return the room at an address (chat and thread), or None if none was opened; one query.

        A chat that is gone keeps its rooms.
        """
        rooms = _rooms().where(is_at(address), room.c.thread == address.thread)
        return await self._find(rooms)

    async def get_room(self, room_id: int) -> Room | None:
        """Return the room with this id, or None if there is none; one query."""
        return await self._find(_rooms().where(room.c.id == room_id))

    async def rooms_of(self, chat_id: int) -> list[Room]:
        """Return all rooms of a chat, in no order, none if it is unknown; one query."""
        async with self._database.read() as connection:
            rows = await connection.execute(_rooms().where(chat.c.id == chat_id))
            return [_room(row) for row in rows.mappings()]

    async def set_zone(self, chat_id: int, zone: str, *, known: bool) -> None:
        """Record a chat's IANA zone; ``known`` is whether its reader chose it.

        The name is not checked: one that does not exist is read back as UTC, not known. "" is
        none. Due instants of schedules stay as they are. One write; an unknown chat is passed
        over.
        """
        await self._change(chat_id, zone=zone, zone_known=known)

    async def set_language(self, chat_id: int, language: str) -> None:
        """Record a chat's language, an IETF tag that is not checked.

        One write; an unknown chat is passed over.
        """
        await self._change(chat_id, language=language)

    async def revive(self, address: ChatAddress) -> bool:
        """Make a chat that was gone active again; return whether the chat is known. One write."""
        async with self._database.write() as connection:
            await connection.execute(
                update(chat)
                .where(is_at(address), chat.c.state == ChatState.GONE)
                .values(state=ChatState.ACTIVE, error="")
            )
            known = await connection.execute(select(chat.c.id).where(is_at(address)))
            return known.first() is not None

    async def close_room(self, address: ChatAddress, error: Reason) -> Room | None:
        """Record why nothing can be sent to a thread; return its room if it was open until now.

        Its choices stay; it gets no briefings until it is opened again. None for a room that is
        closed already or is not known. One transaction.
        """
        async with self._database.write() as connection:
            here = _rooms().where(is_at(address), room.c.thread == address.thread)
            row = (await connection.execute(here)).mappings().one_or_none()
            if row is None or row["error"]:
                return None
            await connection.execute(
                update(room).where(room.c.id == row["id"]).values(error=dump_reason(error))
            )
            return replace(_room(row), is_closed=True)

    async def reopen_room(self, address: ChatAddress) -> None:
        """Record that a thread can be written to again; one write, an unknown room is nothing."""
        of_chat = select(chat.c.id).where(is_at(address)).scalar_subquery()
        async with self._database.write() as connection:
            await connection.execute(
                update(room)
                .where(room.c.chat_id == of_chat, room.c.thread == address.thread)
                .values(error="")
            )

    async def move_room(self, room_id: int, thread: int) -> None:
        """Let what a room reads come to another thread of its chat, where that reads something too.

        A room there that reads nothing gives way, so that all the first one was told and chose
        comes along; else only its subscriptions and times do that the other lacks, and the first
        one is deleted. An unknown room is passed over. One transaction; what only it read stays
        until ``Store.sweep``.
        """
        async with self._database.write() as connection:
            found = await connection.execute(_rooms().where(room.c.id == room_id))
            row = found.mappings().one_or_none()
            if row is None or row["thread"] == thread:
                return
            there = room.c.chat_id == row["chat_id"], room.c.thread == thread
            reads = exists().where(subscription.c.room_id == room.c.id)
            await connection.execute(delete(room).where(*there, ~reads))
            target = (await connection.execute(select(room.c.id).where(*there))).scalar()
            if target is None:
                values = {"thread": thread, "error": ""}
                await connection.execute(update(room).where(room.c.id == room_id).values(**values))
                return
            for table, key in ((subscription, "key"), (schedule, "local_time")):
                taken = select(table.c[key]).where(table.c.room_id == target)
                await connection.execute(
                    update(table)
                    .where(table.c.room_id == room_id, table.c[key].not_in(taken))
                    .values(room_id=target)
                )
            await connection.execute(delete(room).where(room.c.id == room_id))

    async def set_state(self, chat_id: int, state: ChatState) -> None:
        """Record whether a chat gets briefings; its parts that wait stay queued.

        One write; an unknown chat is passed over.
        """
        await self._change(chat_id, state=state)

    async def save_settings(self, room_id: int, settings: RoomSettings) -> None:
        """Replace what a room chose; one write; an unknown room is passed over.

        Settings that were neither chosen nor differ from our defaults are not stored. Values are
        not checked: one that cannot be a choice, such as a count over 50, is read back as retired.
        One that JSON does not have raises TypeError.
        """
        text = dump_settings(settings)
        async with self._database.write() as connection:
            await connection.execute(update(room).where(room.c.id == room_id).values(settings=text))

    async def settle(self, room_id: int) -> None:
        """Delete stored choices of a room that exist no longer, once its reader was told.

        A zone of its chat that exists no longer becomes UTC, as one that was only assumed; due
        instants stay. One transaction; an unknown room is passed over.
        """
        async with self._database.write() as connection:
            found = await connection.execute(_rooms().where(room.c.id == room_id))
            row = found.mappings().one_or_none()
            if row is None:
                return
            kept = _room(row)
            settings = dump_settings(kept.settings)
            await connection.execute(
                update(room).where(room.c.id == room_id).values(settings=settings)
            )
            if kept.chat.zone != row["zone"]:
                await connection.execute(
                    update(chat)
                    .where(chat.c.id == kept.chat.id)
                    .values(zone=kept.chat.zone, zone_known=False)
                )

    async def _change(self, chat_id: int, **values: Any) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(chat).where(chat.c.id == chat_id).values(**values))

    async def _find(self, rooms: Any) -> Room | None:
        async with self._database.read() as connection:
            row = (await connection.execute(rooms)).mappings().one_or_none()
            return None if row is None else _room(row)


def _rooms() -> Any:
    return select(*_COLUMNS).join(chat, chat.c.id == room.c.chat_id)


def _room(row: RowMapping) -> Room:
    settings, retired = load_settings(row["settings"])
    zone, zone_known = row["zone"], row["zone_known"]
    if zone and not is_zone(zone):
        retired += (Reason("retired-zone", {"zone": zone}),)
        zone, zone_known = "UTC", False
    return Room(
        id=row["id"],
        thread=row["thread"],
        settings=settings,
        retired=retired,
        is_closed=bool(row["error"]),
        chat=Chat(
            id=row["chat_id"],
            address=load_address(row),
            kind=row["kind"],
            language=row["language"],
            zone=zone,
            zone_known=zone_known,
            state=_STATES.get(row["state"], ChatState.ACTIVE),
            may_return=_may_return(row["chat_error"]),
        ),
    )


def _may_return(error: str) -> bool:
    """Return whether a chat is gone only by a refusal that no update will take back.

    Of a block or a removal ("Forbidden: …") Telegram tells us the end, of "chat not found" not.
    """
    reason = load_reason(error)
    if reason is None or reason.code != "telegram-says":
        return False
    return not str(reason.values.get("said", "")).lower().startswith("forbidden")
