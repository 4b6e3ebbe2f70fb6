"""Updates that were acted on, remembered in the transaction of their effect.

Most effects are the same if they happen twice: an edition has the number of its update as its key,
and a subscription, a time or a choice is there or not. Only what turns something over needs this.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.tables import acted_update
from bot.store.upsert import insert_missing

__all__ = ["ActedUpdates", "is_first"]


async def is_first(connection: AsyncConnection, update_id: int, now: datetime) -> bool:
    """Return whether an update was not acted on before, and record that it is now.

    Part of the caller's transaction, a ``write``, with its effect; 0 is no update, and always the
    first. One statement. A naive ``now`` raises SQLAlchemy's StatementError.
    """
    if not update_id:
        return True
    return bool(await insert_missing(connection, acted_update, {"number": update_id, "at": now}))


class ActedUpdates:
    """The repository of updates that were acted on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def purge(self, before: datetime) -> None:
        """Forget the updates acted on before an instant; Telegram keeps them for a day at most.

        One statement. A naive ``before`` raises SQLAlchemy's StatementError.
        """
        async with self._database.write() as connection:
            await connection.execute(delete(acted_update).where(acted_update.c.at < before))
