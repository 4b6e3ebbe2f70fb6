"""Parts on their way: claimed, sent, repeated or given up."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.edition import Part, PartState
from bot.domain.room import ChatState
from bot.reasons import Reason, dump_reason
from bot.store.database import Database
from bot.store.editions import load_keyboard
from bot.store.index_minimum import earliest
from bot.store.tables import chat, edition, part, room, told

__all__ = ["OutboxRows"]

_OPEN = (PartState.QUEUED, PartState.SENDING)


def _is(parts: FromClause, *states: PartState) -> ColumnElement[bool]:
    """Return the condition that a part is in one of ``states``.

    Spelled out: no planner uses the index of some states where the state is a parameter.
    """
    spelled: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return parts.c.state.in_(spelled) if len(spelled) > 1 else parts.c.state == spelled[0]


_earlier = part.alias("earlier")
# An earlier part of the same chat is still on its way.
_BEHIND_ANOTHER = exists().where(
    _is(_earlier, *_OPEN), _earlier.c.chat_id == part.c.chat_id, _earlier.c.id < part.c.id
)
# The parts whose turn it is in their chats, best first.
_FIRST = (
    select(part.c.id, part.c.reply, part.c.not_before)
    .where(~_BEHIND_ANOTHER)
    .order_by(part.c.reply.desc(), part.c.not_before, part.c.id)
    .with_for_update(skip_locked=True, of=part)
)
_FIRST_QUEUED = _FIRST.where(_is(part, PartState.QUEUED))
_FIRST_LEFT = _FIRST.where(_is(part, PartState.SENDING))


class OutboxRows:
    """The repository of parts, as the outbox worker needs it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_parts(
        self, *, now: datetime, limit: int, lease: timedelta, busy: Collection[int] = ()
    ) -> list[Part]:
        """Return parts to be sent now, at most one a chat and none of the ``busy`` chats.

        Replies come first, then what waited longest. The parts of an edition, and the
        editions of a chat, go in order: a part waits until those before it have ended.
        What a killed worker held comes back when its lease ends.
        """
        async with self._database.write() as connection:
            ids = await _claimable(connection, now, limit, busy)
            if not ids:
                return []
            await connection.execute(
                update(part)
                .where(part.c.id.in_(ids))
                .values(
                    # A part found in "sending" was claimed before and never answered for.
                    maybe_sent=or_(part.c.maybe_sent, part.c.state == PartState.SENDING),
                    state=PartState.SENDING,
                    attempts=part.c.attempts + 1,
                    lease_until=now + lease,
                )
            )
            rows = (await connection.execute(_parts().where(part.c.id.in_(ids)))).mappings().all()
            found, unreadable = _readable(rows)
            await _bury(connection, unreadable, PartState.DEAD, Reason("unreadable-part"), now)
        return [found[part_id] for part_id in ids if part_id in found]

    async def mark_sent(self, part_id: int, *, message_id: int, now: datetime) -> None:
        """Record that Telegram took a part."""
        await self._end(part_id, PartState.SENT, now=now, message_id=message_id)

    async def retry_part(
        self, part_id: int, *, not_before: datetime, error: Reason | None, maybe_sent: bool = False
    ) -> None:
        """Queue a part again, not before an instant."""
        values = {
            "state": PartState.QUEUED,
            "not_before": not_before,
            "error": dump_reason(error),
        }
        if maybe_sent:
            values["maybe_sent"] = True
        async with self._database.write() as connection:
            await connection.execute(
                update(part).where(part.c.id == part_id).values(**values, lease_until=None)
            )

    async def mark_dead(self, part_id: int, *, error: Reason, now: datetime) -> None:
        """Record why a part can't be sent; the next one goes on."""
        await self._end(part_id, PartState.DEAD, now=now, error=error)

    async def mark_expired(self, part_id: int, *, now: datetime) -> None:
        """Record that a part waited so long that it is no news any more."""
        await self._end(part_id, PartState.EXPIRED, now=now, error=Reason("too-old"))

    async def mark_chat_gone(self, telegram_id: int, *, error: Reason, now: datetime) -> None:
        """Stop writing to a chat until its reader comes back; keep all that belongs to it."""
        async with self._database.write() as connection:
            await connection.execute(
                update(chat)
                .where(chat.c.telegram_id == telegram_id)
                .values(state=ChatState.GONE, error=dump_reason(error))
            )
            its_chat = select(chat.c.id).where(chat.c.telegram_id == telegram_id).scalar_subquery()
            waiting = select(part.c.id).where(part.c.chat_id == its_chat, _is(part, *_OPEN))
            ids = (await connection.execute(waiting)).scalars().all()
            await _bury(connection, ids, PartState.DEAD, error, now)

    async def migrate_chat(self, old_id: int, new_id: int, *, now: datetime) -> None:
        """Give a group's chat the id of the supergroup it became.

        If the supergroup wrote to us already, its own rooms stay and the old group's rooms
        join it where it has none of that thread; what cannot join ends with the old chat.
        """
        async with self._database.write() as connection:
            known = select(chat.c.id).where(chat.c.telegram_id == new_id)
            new_chat = (await connection.execute(known)).scalar_one_or_none()
            old = chat.c.telegram_id == old_id
            if new_chat is None:
                values = {"telegram_id": new_id, "kind": "supergroup"}
                await connection.execute(update(chat).where(old).values(**values))
            else:
                await _merge(connection, old_id, new_chat)
            back = {"not_before": now, "state": PartState.QUEUED, "lease_until": None}
            its_chat = select(chat.c.id).where(chat.c.telegram_id == new_id).scalar_subquery()
            sending = (part.c.chat_id == its_chat) & _is(part, PartState.SENDING)
            await connection.execute(update(part).where(sending).values(**back))

    async def next_part_at(self) -> datetime | None:
        """Return when the next part can be claimed, or None if nothing waits.

        A part behind another of its chat does not count: it waits for that one.
        """
        queued = ~_BEHIND_ANOTHER & _is(part, PartState.QUEUED)
        left = ~_BEHIND_ANOTHER & _is(part, PartState.SENDING)
        async with self._database.read() as connection:
            return await earliest(
                connection,
                (part.c.not_before, queued & part.c.reply),
                (part.c.not_before, queued & ~part.c.reply),
                (part.c.lease_until, left),
            )

    async def counts(self) -> dict[str, int]:
        """Return how many parts there are in each state."""
        statement = select(part.c.state, func.count()).group_by(part.c.state)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}

    async def release(self, now: datetime) -> None:
        """End all leases, at the start of the only process of a database.

        What was in flight when the last process died may have been sent: it is marked so.
        """
        async with self._database.write() as connection:
            await connection.execute(
                update(part)
                .where(_is(part, PartState.SENDING), part.c.lease_until > now)
                .values(lease_until=now)
            )

    async def _end(
        self,
        part_id: int,
        state: PartState,
        *,
        now: datetime,
        message_id: int | None = None,
        error: Reason | None = None,
    ) -> None:
        async with self._database.write() as connection:
            if state is PartState.SENT:
                values = {"state": state, "message_id": message_id, "ended_at": now, "error": ""}
                await connection.execute(
                    update(part).where(part.c.id == part_id).values(**values, lease_until=None)
                )
            else:
                await _bury(connection, [part_id], state, error, now)


async def _claimable(
    connection: AsyncConnection, now: datetime, limit: int, busy: Collection[int]
) -> list[int]:
    """Return the ids of the first waiting part of each chat, best first.

    Two questions, each in the order of its index: it ends at ``limit``, however long the queue.
    """
    queued = _FIRST_QUEUED.where(part.c.not_before <= now).limit(limit)
    left = _FIRST_LEFT.where(part.c.lease_until <= now).limit(limit)
    if busy:
        theirs = select(chat.c.id).where(chat.c.telegram_id.in_(busy))
        queued = queued.where(part.c.chat_id.not_in(theirs))
        left = left.where(part.c.chat_id.not_in(theirs))
    rows = [row for one in (queued, left) for row in await connection.execute(one)]
    rows.sort(key=lambda row: (not row.reply, row.not_before, row.id))
    return [row.id for row in rows[:limit]]


async def _bury(
    connection: AsyncConnection,
    ids: Collection[int],
    state: PartState,
    error: Reason | None,
    now: datetime,
) -> None:
    """End parts unsent. What an edition would have told was not told if none of it arrived."""
    if not ids:
        return
    values = {"state": state, "error": dump_reason(error), "ended_at": now, "lease_until": None}
    await connection.execute(update(part).where(part.c.id.in_(ids)).values(**values))
    editions = select(part.c.edition_id).where(part.c.id.in_(ids))
    other = part.alias("other")
    alive = exists().where(
        other.c.edition_id == told.c.edition_id,
        other.c.state.in_((*_OPEN, PartState.SENT)),
    )
    await connection.execute(delete(told).where(told.c.edition_id.in_(editions), ~alive))


async def _merge(connection: AsyncConnection, old_id: int, new_chat: int) -> None:
    mine = room.alias("mine")
    taken = exists().where(mine.c.chat_id == new_chat, mine.c.thread == room.c.thread)
    old_chat = select(chat.c.id).where(chat.c.telegram_id == old_id).scalar_subquery()
    joined = update(room).where(room.c.chat_id == old_chat, ~taken).values(chat_id=new_chat)
    rooms = (await connection.execute(joined.returning(room.c.id))).scalars().all()
    editions = select(edition.c.id).where(edition.c.room_id.in_(rooms))
    await connection.execute(
        update(part).where(part.c.edition_id.in_(editions)).values(chat_id=new_chat)
    )
    await connection.execute(delete(chat).where(chat.c.telegram_id == old_id))


def _parts() -> Any:
    return (
        select(part, chat.c.telegram_id, chat.c.kind, room.c.thread)
        .join(edition, edition.c.id == part.c.edition_id)
        .join(room, room.c.id == edition.c.room_id)
        .join(chat, chat.c.id == room.c.chat_id)
    )


def _readable(rows: Iterable[RowMapping]) -> tuple[dict[int, Part], list[int]]:
    """Return the parts of ``rows`` by id, and the ids of rows that hold none."""
    found, unreadable = {}, []
    for row in rows:
        try:
            found[row["id"]] = _part(row)
        except (ValueError, TypeError, AttributeError):
            unreadable.append(row["id"])
    return found, unreadable


def _part(row: RowMapping) -> Part:
    return Part(
        id=row["id"],
        edition_id=row["edition_id"],
        n=row["n"],
        telegram_id=row["telegram_id"],
        thread=row["thread"],
        is_group=row["kind"] != "private",
        html=row["html"],
        plain=row["plain"],
        keyboard=load_keyboard(row["keyboard"]),
        silent=row["silent"],
        reply=row["reply"],
        attempts=row["attempts"],
        not_before=row["not_before"],
        maybe_sent=row["maybe_sent"],
        created_at=row["created_at"],
    )
