"""Lines that an outlet repeats in its articles, as far as they have been detected."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.tables import furniture
from bot.store.upsert import insert_or_update

__all__ = ["FurnitureRows"]


class FurnitureRows:
    """The repository of repeated lines, by the outlet's id; only a digest of each line is kept.

    Instants are aware; a naive one raises SQLAlchemy's StatementError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, outlet: str) -> frozenset[str]:
        """Return the digests of the lines an outlet repeats, none if not known; one query."""
        statement = select(furniture.c.digest).where(furniture.c.outlet == outlet)
        async with self._database.read() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def learn(self, outlet: str, digests: Collection[str], *, now: datetime) -> None:
        """Store the digests of lines that an outlet repeats, as last seen ``now``.

        They are added to those known. One statement, none without ``digests``.
        """
        rows = [{"outlet": outlet, "digest": digest, "seen_at": now} for digest in digests]
        async with self._database.write() as connection:
            await insert_or_update(connection, furniture, rows)

    async def purge(self, before: datetime) -> None:
        """Delete the lines that were last seen before an instant; one statement."""
        async with self._database.write() as connection:
            await connection.execute(delete(furniture).where(furniture.c.seen_at < before))
