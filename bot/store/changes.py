"""What requests changed, for a day, so that it can be taken back after a restart too."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.snapshots import RoomSnapshot
from bot.store.tables import change
from bot.store.upsert import insert_or_update

__all__ = ["CHANGE_KEPT", "ChangeRows"]

# How long a change can be taken back.
CHANGE_KEPT = timedelta(days=1)

_AT, _DATE = "$at", "$date"


class ChangeRows:
    """The repository of changes: a room's snapshots before and after a request.

    They hold what a reader chose, and go with the room.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, room_id: int, request: int, both: tuple[RoomSnapshot, RoomSnapshot], *, now: datetime
    ) -> None:
        """Store what a request changed, in place of another of that number. One write."""
        value = json.dumps([snapshot.to_rows() for snapshot in both], default=_encoded)
        row = {"room_id": room_id, "request": request, "at": now, "value": value}
        async with self._database.write() as connection:
            await insert_or_update(connection, change, row)

    async def get(
        self, room_id: int, request: int, *, since: datetime
    ) -> tuple[RoomSnapshot, RoomSnapshot] | None:
        """Return the snapshots before and after a request; None if it was before ``since``.

        Also None for a request that changed nothing, or was taken back. One query.
        """
        statement = select(change.c.value).where(
            change.c.room_id == room_id, change.c.request == request, change.c.at >= since
        )
        async with self._database.read() as connection:
            value = (await connection.execute(statement)).scalar()
        if value is None:
            return None
        before, after = json.loads(value, object_hook=_decoded)
        return RoomSnapshot.of_rows(before), RoomSnapshot.of_rows(after)

    async def of_room(self, room_id: int) -> list[dict[str, Any]]:
        """Return what can be taken back in a room, oldest first: ``at``, ``before``, ``after``.

        Both are the rows of a snapshot, as ``RoomSnapshot.to_rows`` gives them. One query.
        """
        statement = select(change).where(change.c.room_id == room_id).order_by(change.c.at)
        async with self._database.read() as connection:
            found = (await connection.execute(statement)).mappings().all()
        both = [json.loads(row["value"], object_hook=_decoded) for row in found]
        return [
            {"at": row["at"], "before": before, "after": after}
            for row, (before, after) in zip(found, both, strict=True)
        ]

    async def remove(self, room_id: int, request: int) -> None:
        """Delete what a request changed; nothing if there is none. One write."""
        its = (change.c.room_id == room_id) & (change.c.request == request)
        async with self._database.write() as connection:
            await connection.execute(delete(change).where(its))

    async def purge(self, *, before: datetime) -> None:
        """Delete what was changed before an instant; one write, by index."""
        async with self._database.write() as connection:
            await connection.execute(delete(change).where(change.c.at < before))


def _encoded(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_AT: value.isoformat()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    raise TypeError(f"no value of a column: {value!r}")


def _decoded(value: dict[str, Any]) -> Any:
    if value.keys() == {_AT}:
        return datetime.fromisoformat(value[_AT])
    return date.fromisoformat(value[_DATE]) if value.keys() == {_DATE} else value
