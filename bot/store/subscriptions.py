"""The subscriptions of rooms."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, func, select

from bot.domain.subscription import Subscription, SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.store.database import Database
from bot.store.erasure import drop_unread
from bot.store.tables import room, subscription
from bot.store.upsert import insert_missing

__all__ = ["SubscriptionRows"]


class SubscriptionRows:
    """The repository of subscriptions.

    ``Matching`` decides what is matched and wanted: these methods only store. Instants are
    aware; a naive one that is stored raises SQLAlchemy's StatementError. A ``key`` has the form of
    a SubscriptionKey, and is not "*"; that is not checked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        room_id: int,
        kind: SubscriptionKind,
        key: str,
        label: str,
        *,
        now: datetime,
        most: int | None = None,
    ) -> bool:
        """Subscribe a room to ``key``; False if it was subscribed before, and nothing changes.

        Raises ReaderError if it would have more than ``most`` then, however many ask at once.
        The kind it was subscribed by does not count. Neither kind nor label is checked. Raises
        SQLAlchemy's IntegrityError for a room that is not there. One transaction; no feed is
        added or woken.
        """
        values = {"room_id": room_id, "kind": kind, "key": key, "label": label, "created_at": now}
        async with self._database.write() as connection:
            there = select(
                exists().where(subscription.c.room_id == room_id, subscription.c.key == key)
            )
            if (await connection.execute(there)).scalar_one():
                return False
            if most is not None:
                # PostgreSQL has many writers: the room's row makes them take turns.
                await connection.execute(
                    select(room.c.id).where(room.c.id == room_id).with_for_update()
                )
                its = select(func.count()).where(subscription.c.room_id == room_id)
                if (await connection.execute(its)).scalar_one() >= most:
                    raise ReaderError("too-many-subscriptions", n=most)
            return bool(await insert_missing(connection, subscription, values))

    async def remove(self, room_id: int, key: str) -> bool:
        """Unsubscribe a room; False if it was not subscribed.

        Data of ``key`` that nobody else reads is deleted too, even if the room was not
        subscribed: matches of own words, a private feed, and private articles that came by no
        other. Feeds are not polled for ``key`` any more; without another they fall asleep. One
        transaction.
        """
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(subscription).where(
                    subscription.c.room_id == room_id, subscription.c.key == key
                )
            )
            await drop_unread(connection, [key])
            return bool(gone.rowcount)

    async def of_room(self, room_id: int) -> list[Subscription]:
        """Return a room's subscriptions, oldest first; kinds of a newer daybrief are left out.

        [] for a room that is not there. One query.
        """
        statement = (
            select(subscription)
            .where(subscription.c.room_id == room_id)
            .order_by(subscription.c.id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [
                Subscription(
                    id=row["id"],
                    room_id=row["room_id"],
                    kind=SubscriptionKind(row["kind"]),
                    key=SubscriptionKey(row["key"]),
                    label=row["label"],
                    weight=row["weight"],
                )
                for row in rows
                if row["kind"] in set(SubscriptionKind)
            ]

    async def keys(self, kind: SubscriptionKind) -> frozenset[str]:
        """Return every key of ``kind`` that anybody is subscribed to; one query."""
        statement = select(subscription.c.key).where(subscription.c.kind == kind).distinct()
        async with self._database.read() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def read_among(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of ``keys`` that anybody is subscribed to; one query.

        ``keys`` are at most 10,000.
        """
        statement = select(subscription.c.key).where(subscription.c.key.in_(keys)).distinct()
        async with self._database.read() as connection:
            return frozenset((await connection.execute(statement)).scalars())
