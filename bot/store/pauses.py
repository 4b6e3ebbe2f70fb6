"""Hosts that asked for no requests until an instant."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.tables import host_pause
from bot.store.upsert import insert_or_update

__all__ = ["PauseRows"]


class PauseRows:
    """The repository of pauses, so that they outlive a restart.

    Instants are aware, and returned in UTC; a naive one raises SQLAlchemy's StatementError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, host: str, until: datetime) -> None:
        """Store that a host must not be asked before ``until``.

        Replaces the host's earlier pause, even one that ends later. Hosts are told apart as they
        are spelled. One write.
        """
        async with self._database.write() as connection:
            row = {"host": host, "until": until}
            await insert_or_update(connection, host_pause, row)

    async def load(self, now: datetime) -> dict[str, datetime]:
        """Return {host: end} of the pauses that end after ``now``; delete the others.

        In no order. One write transaction.
        """
        async with self._database.write() as connection:
            await connection.execute(delete(host_pause).where(host_pause.c.until <= now))
            rows = await connection.execute(select(host_pause.c.host, host_pause.c.until))
            return {row.host: row.until for row in rows}
