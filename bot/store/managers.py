"""Which rooms of groups and channels people manage from their private chats."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.address import ChatAddress
from bot.store.addresses import is_at
from bot.store.database import Database
from bot.store.tables import chat, manager, room
from bot.store.upsert import insert_missing

__all__ = ["ManagerRows", "manage_both"]


class ManagerRows:
    """The repository of managers: a private chat and a room of another chat.

    A row is no right: whether somebody still is an admin is asked each time. Rows go with the
    chat or the room they name.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, chat_id: int, room_id: int) -> None:
        """Record that a person can manage a room from their chat; nothing if that is known.

        Raises SQLAlchemy's IntegrityError for a chat or room that is not there. One write.
        """
        async with self._database.write() as connection:
            await insert_missing(connection, manager, {"chat_id": chat_id, "room_id": room_id})

    async def choose(self, chat_id: int, room_id: int | None) -> None:
        """Record which room a person's commands are for; None is their own again.

        A room that was not added is none. One write.
        """
        async with self._database.write() as connection:
            await connection.execute(
                update(manager)
                .where(manager.c.chat_id == chat_id)
                .values(is_current=manager.c.room_id == (room_id or 0))
            )

    async def current(self, chat_id: int) -> int | None:
        """Return the id of the room that a person's commands are for, None for their own.

        One query.
        """
        chosen = (manager.c.chat_id == chat_id) & manager.c.is_current
        async with self._database.read() as connection:
            return (await connection.execute(select(manager.c.room_id).where(chosen))).scalar()

    async def chats_of(self, room_id: int) -> list[int]:
        """Return the ids of the private chats a room can be managed from, in order of being added.

        One query.
        """
        theirs = select(manager.c.chat_id).where(manager.c.room_id == room_id)
        async with self._database.read() as connection:
            return list((await connection.execute(theirs.order_by(manager.c.id))).scalars())

    async def rooms_of(self, chat_id: int) -> list[int]:
        """Return the ids of the rooms a person can manage, the last added first; one query."""
        theirs = select(manager.c.room_id).where(manager.c.chat_id == chat_id)
        async with self._database.read() as connection:
            rows = await connection.execute(theirs.order_by(manager.c.id.desc()))
            return list(rows.scalars())


async def manage_both(connection: AsyncConnection, one: ChatAddress, other: ChatAddress) -> None:
    """Let whoever manages a room of either chat manage the other's room of the same thread.

    For a group that moves, where one of both rooms goes: what is managed now stays so. Part of
    the caller's transaction, a ``write``; two queries, and up to two writes a manager.
    """
    here, there = room.alias("here"), room.alias("there")
    chats = [select(chat.c.id).where(is_at(address)).scalar_subquery() for address in (one, other)]
    pairs = [
        (here.c.chat_id == mine) & (there.c.chat_id == theirs)
        for mine, theirs in (chats, reversed(chats))
    ]
    found = await connection.execute(
        select(manager.c.chat_id, manager.c.is_current, there.c.id)
        .join(here, here.c.id == manager.c.room_id)
        .join(there, there.c.thread == here.c.thread)
        .where(pairs[0] | pairs[1])
    )
    for chat_id, is_current, room_id in found.all():
        row = {"chat_id": chat_id, "room_id": room_id}
        await insert_missing(connection, manager, row)
        if is_current:
            its = (manager.c.chat_id == chat_id) & (manager.c.room_id == room_id)
            await connection.execute(update(manager).where(its).values(is_current=True))
