"""The outbox: parts of editions that are claimed, sent, repeated or given up."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.address import ChatAddress
from bot.domain.edition import Part, PartState
from bot.domain.room import ChatState
from bot.reasons import Reason, dump_reason
from bot.store.addresses import is_at, stored_id
from bot.store.claims import locked_in_order
from bot.store.database import CHUNK, Database
from bot.store.index_minimum import earliest
from bot.store.managers import manage_both
from bot.store.part_queries import (
    BEHIND_ANOTHER,
    LEFT_NOW,
    OPEN,
    QUEUED_NOW,
    SENT,
    TAKE,
    TAKEN,
    is_in,
    parts_of,
)
from bot.store.tables import chat, edition, part, room, subscription, told

__all__ = ["OutboxRows"]

# The codes of reasons that a part ended with as nobody knows whether it arrived.
_UNANSWERED = ("never-answered", "no-answer-twice")


class OutboxRows:
    """The repository of parts, as the outbox worker needs it.

    Instants are aware, and returned in UTC; a naive one that is stored or compared raises
    SQLAlchemy's StatementError. An address of another platform or a named account, or whose id is
    no number of 64 bits, raises ValueError; its thread does not count. A reason within a reason
    raises TypeError. Parts and chats that are not there are passed over. To mark a part or queue
    it again needs no claim: one that has ended is changed too.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_parts(
        self, *, now: datetime, limit: int, lease: timedelta, busy: Collection[ChatAddress] = ()
    ) -> list[Part]:
        """Return up to ``limit`` parts to be sent now; claim them for ``lease``.

        At most one a chat, and none of the ``busy`` chats, which are at most 10,000. ``limit`` is
        not negative. Replies come first, then what could be sent earliest. The parts of an
        edition, and the editions of a chat, go in order: a part waits until those before it have
        ended; a reply waits for earlier replies and for what is being sent only. A claim counts
        as an attempt. What a killed worker held can be claimed again when its lease ends, as
        maybe sent. A part that cannot be read ends as dead, so that there may be more to claim
        after fewer than ``limit`` came; none means that there is none. One transaction, one more
        where some cannot be read, and again where none of those found can.
        """
        chats = [stored_id(address) for address in busy]
        while True:
            ids, parts, unreadable = await self._database.transact(
                lambda connection: self._claim(connection, now, limit, lease, chats)
            )
            if unreadable:
                async with self._database.write() as connection:
                    reason = Reason("unreadable-part")
                    await _bury(connection, unreadable, PartState.DEAD, reason, now)
            if parts or not ids:
                return [parts[part_id] for part_id in ids if part_id in parts]

    def _claim(
        self,
        connection: Connection,
        now: datetime,
        limit: int,
        lease: timedelta,
        busy: Collection[int],
    ) -> tuple[list[int], dict[int, Part], list[int]]:
        """Claim parts once; return the ids of those found, those that can be read, and the rest."""
        # Two queries, each in the order of its index: it ends at ``limit``, however long the
        # queue.
        given = {"now": now, "most": limit, "busy": busy}
        rows = [*connection.execute(QUEUED_NOW, given), *connection.execute(LEFT_NOW, given)]
        rows.sort(key=lambda row: (not row.reply, row.not_before, row.id))
        # A chat's first reply and the first briefing that it overtakes may both be among them.
        firsts = {row.chat_id: row.id for row in reversed(rows)}
        ids = [row.id for row in rows if firsts[row.chat_id] == row.id][:limit]
        if not ids:
            return [], {}, []
        connection.execute(TAKE, {"ids": ids, "until": now + lease})
        parts, unreadable = parts_of(connection.execute(TAKEN, {"ids": ids}).mappings())
        return ids, parts, unreadable

    async def unclaim(self, lease_until: datetime) -> None:
        """Queue what was claimed until ``lease_until`` to the microsecond, as if it never was.

        For a claim that may have been made though its answer was lost: none of its parts has been
        sent. One statement.
        """
        theirs = is_in(part, PartState.SENDING) & (part.c.lease_until == lease_until)
        values = {
            "state": PartState.QUEUED,
            "lease_until": None,
            "attempts": part.c.attempts - 1,
        }
        async with self._database.write() as connection:
            await connection.execute(
                update(part).where(locked_in_order(connection, part, theirs)).values(**values)
            )

    async def mark_sent(self, part_id: int, *, message_id: int, now: datetime) -> None:
        """Record that the platform took a part as its message ``message_id``; its claim ends.

        The next part of its chat can be claimed. One statement.
        """
        given = {"which": part_id, "message": message_id, "now": now}
        await self._database.transact(lambda connection: connection.execute(SENT, given) and None)

    async def retry_part(
        self, part_id: int, *, not_before: datetime, error: Reason | None, maybe_sent: bool = False
    ) -> None:
        """Queue a part again, not before an instant; ``error`` is why it was not sent.

        None takes back an earlier error. ``maybe_sent`` records that it may have arrived, and
        counts as a silence; neither is ever taken back. Its claim ends, and still counts as an
        attempt. The part goes before later ones of its chat. One statement.
        """
        values: dict[str, Any] = {
            "state": PartState.QUEUED,
            "not_before": not_before,
            "error": dump_reason(error),
        }
        if maybe_sent:
            values |= {"maybe_sent": True, "silences": part.c.silences + 1}
        async with self._database.write() as connection:
            await connection.execute(
                update(part).where(part.c.id == part_id).values(**values, lease_until=None)
            )

    async def mark_dead(self, part_id: int, *, error: Reason, now: datetime) -> None:
        """Record why a part can't be sent; the next one of its chat can be claimed.

        If no part of its edition was sent or waits, its stories count as not told any more, even
        if a part is sent later; one that only may have arrived counts as not sent. One transaction.
        """
        async with self._database.write() as connection:
            await _bury(connection, [part_id], PartState.DEAD, error, now)

    async def mark_expired(self, part_id: int, *, now: datetime) -> None:
        """Record that a part waited too long to be sent; else as ``mark_dead``."""
        async with self._database.write() as connection:
            await _bury(connection, [part_id], PartState.EXPIRED, Reason("too-old"), now)

    async def expire(self, before: datetime, *, now: datetime) -> int:
        """Let the parts expire that wait and were made before an instant; return how many.

        As ``mark_expired``; what is being sent is left to whoever sends it. Reads all parts that
        wait; a transaction per 10,000 that expire.
        """
        waiting = (
            select(part.c.id)
            .where(is_in(part, PartState.QUEUED), part.c.created_at < before)
            # The order of the index of what is queued; by id the planners read all parts.
            .order_by(part.c.reply.desc(), part.c.not_before, part.c.id)
            .limit(CHUNK)
            .with_for_update(skip_locked=True)
        )
        expired = 0
        while True:
            async with self._database.write() as connection:
                ids = (await connection.execute(waiting)).scalars().all()
                await _bury(connection, ids, PartState.EXPIRED, Reason("too-old"), now)
            expired += len(ids)
            if len(ids) < CHUNK:
                return expired

    async def mark_chat_gone(self, address: ChatAddress, *, error: Reason, now: datetime) -> None:
        """Record that a chat is gone, and end its waiting parts as dead; keep all else of it.

        ``error`` is why. Parts being sent end too, and the stories of editions of which nothing
        was sent count as not told any more. The chat's state before is forgotten: it is active
        again when its reader writes to the bot.
        """
        async with self._database.write() as connection:
            await connection.execute(
                update(chat)
                .where(is_at(address))
                .values(state=ChatState.GONE, error=dump_reason(error))
            )
            its_chat = select(chat.c.id).where(is_at(address)).scalar_subquery()
            waiting = select(part.c.id).where(part.c.chat_id == its_chat, is_in(part, *OPEN))
            ids = (await connection.execute(waiting)).scalars().all()
            await _bury(connection, ids, PartState.DEAD, error, now)

    async def migrate_chat(self, old: ChatAddress, new: ChatAddress, *, now: datetime) -> None:
        """Give a group's chat the address of the supergroup it became.

        If the supergroup wrote to us already, its rooms that read something stay, and the old
        group's join it where it has none of that thread. The old chat's zone and language become
        its own where its zone is not known; who managed either goes on. What cannot join is
        deleted with the old chat, but what only that read stays until ``Store.sweep``. Parts of
        either that were being sent are queued again, to go from ``now`` on. To call it again
        moves nothing, but queues again what is being sent by then. Nothing happens if both are
        one chat. One transaction.
        """
        if old.chat == new.chat:
            return

        async with self._database.write() as connection:
            known = select(chat.c.id).where(is_at(new))
            new_chat = (await connection.execute(known)).scalar_one_or_none()
            if new_chat is None:
                values = {"telegram_id": stored_id(new), "kind": "supergroup"}
                await connection.execute(update(chat).where(is_at(old)).values(**values))
            else:
                await manage_both(connection, old, new)
                mine = room.alias("mine")
                old_chat = select(chat.c.id).where(is_at(old)).scalar_subquery()
                # A room that only greeted is not what its group has set up.
                reads = exists().where(subscription.c.room_id == room.c.id)
                better = exists().where(
                    mine.c.chat_id == old_chat,
                    mine.c.thread == room.c.thread,
                    subscription.c.room_id == mine.c.id,
                )
                empty = delete(room).where(room.c.chat_id == new_chat, ~reads, better)
                await connection.execute(empty)
                taken = exists().where(mine.c.chat_id == new_chat, mine.c.thread == room.c.thread)
                free = update(room).where(room.c.chat_id == old_chat, ~taken)
                moved = free.values(chat_id=new_chat).returning(room.c.id)
                rooms = (await connection.execute(moved)).scalars().all()
                theirs = part.c.edition_id.in_(
                    select(edition.c.id).where(edition.c.room_id.in_(rooms))
                )
                await connection.execute(
                    update(part)
                    .where(locked_in_order(connection, part, theirs))
                    .values(chat_id=new_chat)
                )
                of_old = select(chat.c.zone, chat.c.zone_known, chat.c.language).where(is_at(old))
                if (its := (await connection.execute(of_old)).mappings().first()) is not None:
                    unknown = (chat.c.id == new_chat) & ~chat.c.zone_known
                    await connection.execute(update(chat).where(unknown).values(**its))
                await connection.execute(delete(chat).where(is_at(old)))
            back = {"not_before": now, "state": PartState.QUEUED, "lease_until": None}
            its_chat = select(chat.c.id).where(is_at(new)).scalar_subquery()
            sending = (part.c.chat_id == its_chat) & is_in(part, PartState.SENDING)
            await connection.execute(
                update(part).where(locked_in_order(connection, part, sending)).values(**back)
            )

    async def next_part_at(self) -> datetime | None:
        """Return when the next part can be claimed, or None if nothing waits.

        A part behind another of its chat does not count: it waits for that one. The instant may
        be past; a claimed part counts from the end of its lease. Three queries.
        """
        queued = ~BEHIND_ANOTHER & is_in(part, PartState.QUEUED)
        left = ~BEHIND_ANOTHER & is_in(part, PartState.SENDING)
        async with self._database.read() as connection:
            return await earliest(
                connection,
                (part.c.not_before, queued & part.c.reply),
                (part.c.not_before, queued & ~part.c.reply),
                (part.c.lease_until, left),
            )

    async def unanswered_at(self, room_id: int, *, before: int) -> datetime | None:
        """Return when a room's last edition before number ``before`` was due, if it may be lost.

        That is where Telegram never answered one of its parts; None where that edition's parts
        ended otherwise or wait, and where there is none. Editions without parts don't count. In
        UTC; of one that was asked for, when it was opened. One query.
        """
        its_part = part.c.edition_id == edition.c.id
        lost = (
            its_part & is_in(part, PartState.DEAD) & or_(*map(part.c.error.startswith, _UNANSWERED))
        )
        statement = (
            select(edition.c.due_at, edition.c.created_at, exists().where(lost).label("lost"))
            .where(edition.c.room_id == room_id, edition.c.id < before, exists().where(its_part))
            .order_by(edition.c.id.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).first()
        return (row.due_at or row.created_at) if row is not None and row.lost else None

    async def counts(self) -> dict[str, int]:
        """Return how many parts there are in each state; states without parts are left out.

        By state, in no order. Reads all parts that are kept, in one query.
        """
        statement = select(part.c.state, func.count()).group_by(part.c.state)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}

    async def release(self, now: datetime) -> None:
        """End all leases, at the start of the only process of a database.

        What was in flight when the last process died may have been sent: it is marked so when it
        is claimed again. One statement.
        """
        async with self._database.write() as connection:
            leased = is_in(part, PartState.SENDING) & (part.c.lease_until > now)
            await connection.execute(
                update(part)
                .where(locked_in_order(connection, part, leased))
                .values(lease_until=now)
            )


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
    theirs = locked_in_order(connection, part, part.c.id.in_(ids))
    await connection.execute(update(part).where(theirs).values(**values))
    editions = select(part.c.edition_id).where(part.c.id.in_(ids))
    other = part.alias("other")
    alive = exists().where(
        other.c.edition_id == told.c.edition_id,
        other.c.state.in_((*OPEN, PartState.SENT)),
    )
    await connection.execute(delete(told).where(told.c.edition_id.in_(editions), ~alive))
