"""What a room has set, row by row, so that a change can be taken back exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.subscription import SubscriptionKey
from bot.store.choices import stored_zone
from bot.store.database import Database
from bot.store.tables import chat, feed, feed_use, room, schedule, subscription
from bot.store.upsert import insert_missing

__all__ = ["RoomSnapshot", "Snapshots"]

_Rows = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RoomSnapshot:
    """The choices of a room at one time: rows by id, and what its chat and its room hold."""

    subscriptions: _Rows
    schedules: _Rows
    feeds: tuple[Mapping[str, Any], ...]
    feed_uses: tuple[Mapping[str, Any], ...]
    settings: str
    zone: tuple[str, bool]

    def to_rows(self) -> dict[str, Any]:
        """Return all it holds as what JSON can hold, but for dates: ``of_rows`` reads it."""
        return {
            "subscriptions": [*self.subscriptions.values()],
            "schedules": [*self.schedules.values()],
            "feeds": [*self.feeds],
            "feed_uses": [*self.feed_uses],
            "settings": self.settings,
            "zone": [*self.zone],
        }

    @classmethod
    def of_rows(cls, rows: Mapping[str, Any]) -> "RoomSnapshot":
        """Return the snapshot that ``to_rows`` made ``rows`` of."""
        zone, is_known = rows["zone"]
        return cls(
            subscriptions={row["id"]: row for row in rows["subscriptions"]},
            schedules={row["id"]: row for row in rows["schedules"]},
            feeds=tuple(rows["feeds"]),
            feed_uses=tuple(rows["feed_uses"]),
            settings=rows["settings"],
            zone=(zone, is_known),
        )

    @property
    def clock(self) -> str:
        """The zone of its times, "" for none."""
        return stored_zone(self.settings, self.zone[0])

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen: nothing is read, at no time, in no place."""
        is_unset = self.settings in {"", "{}"} and self.zone == ("", False)
        return is_unset and not self.subscriptions and not self.schedules

    def same_choices(self, other: "RoomSnapshot") -> bool:
        """Return whether both say the same of what is read, when, how, and where."""
        return (
            self.subscriptions.keys() == other.subscriptions.keys()
            and _times(self.schedules) == _times(other.schedules)
            and (self.settings, self.zone) == (other.settings, other.zone)
        )


class Snapshots:
    """The repository of snapshots; ``ChangeRows`` stores them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, room_id: int) -> RoomSnapshot | None:
        """Return what a room has set now, None for an unknown one; some queries of one room."""
        async with self._database.read() as connection:
            found = await connection.execute(
                select(room.c.settings, chat.c.zone, chat.c.zone_known)
                .join(chat, chat.c.id == room.c.chat_id)
                .where(room.c.id == room_id)
            )
            row = found.one_or_none()
            if row is None:
                return None
            subscriptions = await _rows(connection, subscription, room_id)
            keys = [SubscriptionKey(row["key"]) for row in subscriptions.values()]
            ids = [key.feed_id for key in keys if key.startswith(SubscriptionKey.FEED_PREFIX)]
            feeds = await connection.execute(select(feed).where(feed.c.id.in_(ids)))
            uses = await connection.execute(select(feed_use).where(feed_use.c.key.in_(keys)))
            return RoomSnapshot(
                subscriptions=subscriptions,
                schedules=await _rows(connection, schedule, room_id),
                feeds=tuple(dict(each) for each in feeds.mappings()),
                feed_uses=tuple(dict(use) for use in uses.mappings()),
                settings=row.settings,
                zone=(row.zone, bool(row.zone_known)),
            )

    async def restore(
        self, room_id: int, chat_id: int, before: RoomSnapshot, after: RoomSnapshot
    ) -> None:
        """Take back what changed from ``before`` to ``after``, and nothing that changed since.

        Rows come back as they were, with their ids; what was added in between goes. Articles of
        private feeds that were deleted meanwhile do not come back. One transaction.
        """
        async with self._database.write() as connection:
            feeds = [{**row, "lease_until": None} for row in before.feeds]
            await insert_missing(connection, feed, feeds)
            there = set((await connection.execute(select(feed.c.id))).scalars())
            uses = [row for row in before.feed_uses if row["feed_id"] in there]
            await insert_missing(connection, feed_use, uses)
            await _restore(connection, subscription, before.subscriptions, after.subscriptions)
            present = await _rows(connection, schedule, room_id)
            if _times(present) == _times(after.schedules):
                await _restore(connection, schedule, before.schedules, after.schedules)
            if before.settings != after.settings:
                await connection.execute(
                    update(room)
                    .where(room.c.id == room_id, room.c.settings == after.settings)
                    .values(settings=before.settings)
                )
            if before.zone != after.zone:
                zone, known = before.zone
                await connection.execute(
                    update(chat)
                    .where(chat.c.id == chat_id, chat.c.zone == after.zone[0])
                    .values(zone=zone, zone_known=known)
                )


def _times(schedules: _Rows) -> set[tuple[str, int]]:
    return {(row["local_time"], row["days"]) for row in schedules.values()}


async def _rows(connection: AsyncConnection, table: Table, room_id: int) -> _Rows:
    found = await connection.execute(select(table).where(table.c.room_id == room_id))
    return {row["id"]: dict(row) for row in found.mappings()}


async def _restore(connection: AsyncConnection, table: Table, before: _Rows, after: _Rows) -> None:
    new = after.keys() - before.keys()
    await connection.execute(delete(table).where(table.c.id.in_(new)))
    changed = [number for number in before if before[number] != after.get(number)]
    await connection.execute(delete(table).where(table.c.id.in_(changed)))
    await insert_missing(connection, table, [before[number] for number in changed])
