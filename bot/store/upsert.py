"""INSERT that steps aside for a row already there: one spelling for both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["Row", "insert_missing", "insert_or_update"]

Row = Mapping[str, Any]


async def insert_missing(
    connection: AsyncConnection, table: Table, values: Row | Sequence[Row]
) -> int:
    """Insert one or many rows, but for those that break a UNIQUE rule; return how many."""
    if not values:
        return 0
    first = next(iter(table.primary_key.columns))
    # Drivers do not agree on the row count of many rows; what comes back can be counted.
    statement = _insert(connection, table).on_conflict_do_nothing().returning(first)
    return len((await connection.execute(statement, values)).all())


async def insert_or_update(
    connection: AsyncConnection, table: Table, values: Row, *, key: Sequence[str]
) -> None:
    """Insert a row, or give the row with the same ``key`` columns the other ``values``."""
    changed = {name: value for name, value in values.items() if name not in key}
    statement = (
        _insert(connection, table)
        .values(**values)
        .on_conflict_do_update(index_elements=list(key), set_=changed)
    )
    await connection.execute(statement)


def _insert(connection: AsyncConnection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
