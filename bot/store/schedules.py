"""When rooms are due."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.due import Due
from bot.domain.schedule import EVERY_DAY, Schedule
from bot.reasons import Reason, dump_reason, load_reason
from bot.store.choices import stored_zone
from bot.store.claims import claim, locked_in_order
from bot.store.database import Database
from bot.store.index_minimum import earliest
from bot.store.tables import chat, room, schedule
from bot.store.upsert import insert_or_update

__all__ = [
    "DueSchedule",
    "PlannedSchedule",
    "ScheduleRows",
    "StoredSchedule",
    "advance",
    "stored_schedule",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSchedule:
    """A room's schedule and when it is next due (None while it is switched off).

    ``attempts`` counts how often the edition that is due could not be made for a fault of its
    own; ``error`` says why it was not made so far, and ``again_at`` when it is tried next.
    """

    id: int
    room_id: int
    schedule: Schedule
    next_due_at: datetime | None
    attempts: int = 0
    error: Reason | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSchedule:
    """A claimed schedule: the edition of ``local_date`` was due at ``due_at``.

    ``attempts`` to make it have failed before.
    """

    id: int
    room_id: int
    schedule: Schedule
    due_at: datetime
    local_date: date
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSchedule:
    """A schedule that is switched on: the zone of its chat, and when it is next due."""

    id: int
    schedule: Schedule
    zone: str
    due: Due


class ScheduleRows:
    """The repository of schedules.

    Instants are aware, and returned in UTC; a naive one raises SQLAlchemy's StatementError, and a
    reason within a reason TypeError. Schedules that are not there are passed over. A claim is a
    lease: it ends by ``advance``, ``set_all``, ``put`` or ``release``, when ``fail`` or ``hold``
    say, or with its time. A stored time that cannot be read counts as 07:30, no days as every day.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, room_id: int, wanted: Schedule, due: Due | None) -> None:
        """Add a schedule to a room, or replace the one with the same time.

        Times are the same to the second. ``due`` is when it is next due, which is not checked;
        None switches it off. Its lease, attempts and error are cleared. Raises SQLAlchemy's
        IntegrityError for a room that is not there. One statement.
        """
        values = {
            "room_id": room_id,
            "local_time": wanted.local_time.isoformat("seconds"),
            "days": sum(1 << day for day in wanted.days),
            "next_due_at": due and due.at,
            "next_local_date": due and due.local_date,
            "turn": _turn(room_id, due),
            **_UNTRIED,
        }
        async with self._database.write() as connection:
            await insert_or_update(connection, schedule, values)

    async def remove(self, schedule_id: int) -> None:
        """Delete a schedule; nothing happens if it is gone. One statement."""
        async with self._database.write() as connection:
            await connection.execute(delete(schedule).where(schedule.c.id == schedule_id))

    async def of_room(self, room_id: int) -> list[StoredSchedule]:
        """Return a room's schedules by time of day, those switched off among them; one query."""
        statement = (
            select(schedule).where(schedule.c.room_id == room_id).order_by(schedule.c.local_time)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [stored_schedule(row) for row in rows]

    async def claim_due(self, *, now: datetime, limit: int, lease: timedelta) -> list[DueSchedule]:
        """Return schedules that are due and unclaimed, earliest first; claim them for ``lease``.

        Of those due at one instant, the order is another for each local date, so that no reader
        is always the last of a rush. Two workers never get the same row; what a killed worker
        held can be claimed again when its lease ends. At most ``limit`` are returned, which is
        not negative: those due first. Where no local date is stored, it is that of the due
        instant in UTC. A claim counts as no attempt. One transaction.
        """
        async with self._database.write() as connection:
            rows = await claim(
                connection,
                schedule.c.lease_until,
                schedule.c.next_due_at <= now,
                schedule.c.next_due_at,
                schedule.c.turn,
                now=now,
                until=now + lease,
                limit=limit,
                returning=list(schedule.c),
            )
        return [
            DueSchedule(
                id=row["id"],
                room_id=row["room_id"],
                schedule=_schedule(row),
                due_at=row["next_due_at"],
                local_date=row["next_local_date"] or row["next_due_at"].date(),
                attempts=row["attempts"],
            )
            for row in sorted(rows, key=lambda row: (row["next_due_at"], row["turn"]))
        ]

    async def planned(self, *, after: int, limit: int) -> list[PlannedSchedule]:
        """Return up to ``limit`` schedules that are switched on, by id, from that ``after`` on.

        Where no local date is stored, it is that of the due instant in UTC, and where no zone is,
        UTC. One query.
        """
        statement = (
            select(schedule, chat.c.zone, room.c.settings)
            .join(room, room.c.id == schedule.c.room_id)
            .join(chat, chat.c.id == room.c.chat_id)
            .where(schedule.c.id > after, schedule.c.next_due_at.is_not(None))
            .order_by(schedule.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [
            PlannedSchedule(
                id=row["id"],
                schedule=_schedule(row),
                zone=stored_zone(row["settings"], row["zone"]) or "UTC",
                due=Due(row["next_due_at"], row["next_local_date"] or row["next_due_at"].date()),
            )
            for row in rows
        ]

    async def unclaim(self, lease_until: datetime) -> None:
        """Free what was claimed until ``lease_until`` to the microsecond.

        For a claim that may have been made though its answer was lost. One statement.
        """
        lost = schedule.c.lease_until == lease_until
        async with self._database.write() as connection:
            await connection.execute(
                update(schedule)
                .where(locked_in_order(connection, schedule, lost))
                .values(lease_until=None)
            )

    async def count_due(self, instant: datetime) -> int:
        """Return how many schedules are next due at ``instant``; one query on an index."""
        statement = (
            select(func.count()).select_from(schedule).where(schedule.c.next_due_at == instant)
        )
        async with self._database.read() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def set_all(self, dues: Iterable[tuple[int, Due | None]]) -> None:
        """Record when schedules are next due (None: not until set again); end their leases.

        ``dues`` is (schedule id, next due); of two for one schedule the last counts. Attempts and
        errors are cleared too. One transaction, an UPDATE for each.
        """
        async with self._database.write() as connection:
            for schedule_id, due in sorted(dues, key=lambda pair: pair[0]):
                await advance(connection, schedule_id, due)

    async def fail(self, schedule_id: int, *, error: Reason, again_at: datetime) -> None:
        """Record why the edition that is due could not be made, and when it is tried again.

        Counts as an attempt. It stays due, and can be claimed again from ``again_at`` on; whether
        it was claimed is not asked. One statement.
        """
        values = {
            "attempts": schedule.c.attempts + 1,
            "error": dump_reason(error),
            "lease_until": again_at,
        }
        async with self._database.write() as connection:
            await connection.execute(
                update(schedule).where(schedule.c.id == schedule_id).values(**values)
            )

    async def hold(
        self, ids: Collection[int], *, until: datetime, error: Reason | None = None
    ) -> None:
        """Let claimed schedules be claimed again from ``until`` on; what is due stays due.

        ``error`` is why they wait, where that counts as no attempt; None keeps an earlier one.
        Schedules without a lease stay as they are; one that is over counts. ``ids`` are at most
        10,000. One statement.
        """
        values = {"lease_until": until} | ({"error": dump_reason(error)} if error else {})
        claimed = schedule.c.id.in_(ids) & schedule.c.lease_until.is_not(None)
        async with self._database.write() as connection:
            await connection.execute(
                update(schedule)
                .where(locked_in_order(connection, schedule, claimed))
                .values(**values)
            )

    async def release(self, now: datetime) -> None:
        """End all leases, at the start of the only process of a database.

        The waits that ``fail`` and ``hold`` set end too; errors and attempts stay. One statement.
        """
        async with self._database.write() as connection:
            leased = locked_in_order(connection, schedule, schedule.c.lease_until > now)
            await connection.execute(update(schedule).where(leased).values(lease_until=None))

    async def next_due_at(self) -> datetime | None:
        """Return the earliest instant at which a schedule may be claimed, or None.

        It may be past. With a lease it counts from the end of that, also of one that ended. None if
        no schedule is switched on. Two queries.
        """
        due, lease = schedule.c.next_due_at, schedule.c.lease_until
        switched_on = due.is_not(None)
        async with self._database.read() as connection:
            return await earliest(connection, (due, lease.is_(None)), (lease, switched_on))


async def advance(connection: AsyncConnection, schedule_id: int, due: Due | None) -> None:
    """Record when a schedule is next due, and clear its lease, attempts and error.

    Part of the caller's transaction, a ``write``. With ``due`` None it is not due until it is set
    again. A schedule that is not there is passed over. A naive instant raises SQLAlchemy's
    StatementError.
    """
    await connection.execute(
        update(schedule)
        .where(schedule.c.id == schedule_id)
        .values(
            next_due_at=due and due.at,
            next_local_date=due and due.local_date,
            turn=_turn(schedule_id, due),
            **_UNTRIED,
        )
    )


def _turn(number: int, due: Due | None) -> int:
    """Return the place of ``number`` on a date, below 2**31: as good as drawn, and repeatable."""
    if due is None:
        return 0
    drawn = hashlib.blake2b(f"{number} {due.local_date}".encode(), digest_size=4)
    return int.from_bytes(drawn.digest()) >> 1


# What a schedule is whose edition nobody has tried to make yet.
_UNTRIED = {"lease_until": None, "attempts": 0, "error": ""}
# The time of a row that holds none which can be read.
_USUAL_TIME = time(7, 30)


def _schedule(row: RowMapping) -> Schedule:
    days = frozenset(day for day in range(7) if row["days"] >> day & 1)
    try:
        local_time = time.fromisoformat(row["local_time"]).replace(tzinfo=None)
    except ValueError:
        local_time = _USUAL_TIME
    return Schedule(local_time=local_time, days=days or EVERY_DAY)


def stored_schedule(row: RowMapping) -> StoredSchedule:
    """Return the schedule of a row of its table. No I/O.

    A time or days that cannot be read are replaced as ``ScheduleRows`` says; KeyError for a row
    without one of the table's columns.
    """
    return StoredSchedule(
        id=row["id"],
        room_id=row["room_id"],
        schedule=_schedule(row),
        next_due_at=row["next_due_at"],
        attempts=row["attempts"],
        error=load_reason(row["error"]),
        again_at=row["lease_until"] if row["error"] else None,
    )
