"""Lines that an outlet puts into its articles, as far as we have learned them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.tables import furniture
from bot.store.upsert import insert_or_update

__all__ = ["FurnitureRows"]


class FurnitureRows:
    """The repository of learned lines; of each line only a digest is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, source: str) -> frozenset[str]:
        """Return the digests of what an outlet repeats."""
        statement = select(furniture.c.digest).where(furniture.c.source == source)
        async with self._database.read() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def learn(self, source: str, digests: Collection[str], *, now: datetime) -> None:
        """Remember what an outlet repeats, and that it still does."""
        async with self._database.write() as connection:
            for digest in digests:
                row = {"source": source, "digest": digest, "seen_at": now}
                await insert_or_update(connection, furniture, row, key=("source", "digest"))

    async def purge(self, before: datetime) -> None:
        """Forget what was not seen since an instant."""
        async with self._database.write() as connection:
            await connection.execute(delete(furniture).where(furniture.c.seen_at < before))
