"""What outlets are called, as far as we know by now."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, exists, select, update

from bot.store.database import CHUNK, Database
from bot.store.tables import article, feed, furniture, outlet
from bot.store.upsert import insert_or_update

__all__ = ["OutletRows"]


class OutletRows:
    """The repository of outlets and their names.

    A name comes with a number for where it is from; the higher the better.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def learn(self, names: Iterable[tuple[str, str, int]]) -> dict[str, str]:
        """Learn names, each (outlet, name, where from); return the best name known by outlet.

        A better name than the one known replaces it in all feeds and articles of the outlet. Of
        several for one outlet the best counts, of equals the first. An outlet or a name "" is
        passed over. One query where nothing is better, else a transaction more.
        """
        best: dict[str, tuple[str, int]] = {}
        for outlet_id, name, naming in names:
            if outlet_id and name and naming > best.get(outlet_id, ("", 0))[1]:
                best[outlet_id] = name, naming
        if not best:
            return {}
        known = await self._known(list(best))
        better = [
            {"id": outlet_id, "name": name, "naming": naming}
            for outlet_id, (name, naming) in best.items()
            if naming > known.get(outlet_id, ("", 0))[1]
        ]
        if better:
            await self._rename(sorted(better, key=lambda row: str(row["id"])))
        names_known = {outlet_id: name for outlet_id, (name, _) in known.items()}
        return names_known | {str(row["id"]): str(row["name"]) for row in better}

    async def purge(self) -> None:
        """Delete the outlets that have neither feed, article nor repeated line; one statement."""
        tables = (feed, article, furniture)
        unused = [~exists().where(table.c.outlet == outlet.c.id) for table in tables]
        async with self._database.write() as connection:
            await connection.execute(delete(outlet).where(*unused))

    async def _known(self, ids: Sequence[str]) -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        async with self._database.read() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = select(outlet).where(outlet.c.id.in_(ids[start : start + CHUNK]))
                rows = await connection.execute(chunk)
                found |= {row.id: (row.name, row.naming) for row in rows}
        return found

    async def _rename(self, rows: Sequence[dict[str, Any]]) -> None:
        ids = [row["id"] for row in rows]
        async with self._database.write() as connection:
            await insert_or_update(connection, outlet, rows)
            for table in (feed, article):
                if not self._database.is_sqlite:  # all at once, in the order in which others do
                    mine = select(table.c.id).where(table.c.outlet.in_(ids))
                    await connection.execute(mine.order_by(table.c.id).with_for_update())
                for row in rows:
                    other = (table.c.outlet == row["id"]) & (table.c.source != row["name"])
                    await connection.execute(update(table).where(other).values(source=row["name"]))
