"""Hosts that asked to be left alone, and until when."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.tables import host_pause
from bot.store.upsert import insert_or_update

__all__ = ["PauseRows"]


class PauseRows:
    """The repository of pauses: a host's wish holds through our restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, host: str, until: datetime) -> None:
        """Remember that a host is not to be asked before an instant."""
        async with self._database.write() as connection:
            row = {"host": host, "until": until}
            await insert_or_update(connection, host_pause, row, key=("host",))

    async def load(self, now: datetime) -> dict[str, datetime]:
        """Return until when each host that is paused still is, and forget the others."""
        async with self._database.write() as connection:
            await connection.execute(delete(host_pause).where(host_pause.c.until <= now))
            rows = await connection.execute(select(host_pause.c.host, host_pause.c.until))
            return {row.host: row.until for row in rows}
