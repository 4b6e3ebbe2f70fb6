"""Waits that are stored as instants, moved along when the clock is set."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Interval,
    and_,
    cast,
    delete,
    func,
    literal,
    select,
    true,
    update,
)

from bot.domain.due import Due
from bot.domain.edition import PartState
from bot.reasons import Reason, dump_reason
from bot.store.choices import stored_zone
from bot.store.claims import locked_in_order
from bot.store.database import Database
from bot.store.schedules import StoredSchedule, stored_schedule
from bot.store.tables import (
    chat,
    edition,
    feed,
    feed_entry,
    host_pause,
    part,
    room,
    schedule,
)

__all__ = ["WaitRows"]

_QUEUED = part.c.state == str(PartState.QUEUED)
_SENDING = part.c.state == str(PartState.SENDING)
# What ends by itself once some time has passed, and which rows still have it.
_WAITS: tuple[tuple[Column[datetime], ColumnElement[bool]], ...] = (
    (part.c.not_before, _QUEUED),
    (part.c.lease_until, _SENDING),
    (schedule.c.lease_until, true()),
    (feed.c.next_poll_at, true()),
    (feed.c.lease_until, true()),
    (feed_entry.c.not_before, feed_entry.c.state == "new"),
)


class WaitRows:
    """What is needed where the machine's clock was set: waits keep their length.

    Instants are aware; a naive one raises SQLAlchemy's StatementError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def shift(self, by: timedelta, *, now: datetime) -> None:
        """Move all waits by ``by``, how far the clock was set (back: negative); it is ``now``.

        Those of parts, leases, polls, entries and hosts that were not over before the clock was
        set; so what waited a minute still waits a minute. Parts that are on their way keep their
        age. What is due at an hour of the day stays. One transaction, which reads what waits.
        """
        since = min(now, now - by)
        async with self._database.write() as connection:
            is_sqlite = connection.dialect.name == "sqlite"

            def moved(column: Column[datetime]) -> Any:
                if is_sqlite:  # instants are text there, of six digits after the second
                    modifier = f"{by.total_seconds():+.3f} seconds"
                    return func.strftime("%Y-%m-%d %H:%M:%f000", column, modifier)
                return column + cast(literal(by, Interval), Interval)

            for column, waits in _WAITS:
                rows = locked_in_order(connection, column.table, and_(waits, column > since))
                await connection.execute(
                    update(column.table).where(rows).values({column: moved(column)})
                )
            on_their_way = locked_in_order(connection, part, _QUEUED | _SENDING)
            await connection.execute(
                update(part).where(on_their_way).values(created_at=moved(part.c.created_at))
            )
            await connection.execute(
                update(host_pause)
                .where(host_pause.c.until > since)
                .values(until=moved(host_pause.c.until))
            )

    async def forget_misses(self, *, now: datetime) -> None:
        """Delete what says that a slot after ``now`` was missed: the clock was wrong then."""
        missed = dump_reason(Reason("missed-in-outage"))
        wrong = (edition.c.due_at > now) & (edition.c.reason == missed)
        async with self._database.write() as connection:
            await connection.execute(delete(edition).where(wrong))

    async def schedules_ahead(
        self, *, now: datetime, after: int, limit: int
    ) -> list[tuple[StoredSchedule, str]]:
        """Return schedules that are due after ``now``, with their zones, "" for none.

        Those with ids over ``after``, by id, at most ``limit``. One query.
        """
        statement = (
            select(schedule, chat.c.zone, room.c.settings)
            .join(room, room.c.id == schedule.c.room_id)
            .join(chat, chat.c.id == room.c.chat_id)
            .where(schedule.c.next_due_at > now, schedule.c.id > after)
            .order_by(schedule.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [(stored_schedule(row), stored_zone(row["settings"], row["zone"])) for row in rows]

    async def bring_forward(self, dues: list[tuple[StoredSchedule, Due]]) -> None:
        """Set when schedules are next due, but for those that were changed since they were read.

        One transaction.
        """
        async with self._database.write() as connection:
            for stored, due in dues:
                await connection.execute(
                    update(schedule)
                    .where(schedule.c.id == stored.id, schedule.c.next_due_at == stored.next_due_at)
                    .values(next_due_at=due.at, next_local_date=due.local_date)
                )
