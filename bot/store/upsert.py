"""INSERT … ON CONFLICT for both databases, with rows always written in the order of their keys.

On PostgreSQL two transactions that write the same rows in different orders deadlock, and one
of them fails. Rows sorted by key cannot: the second writer waits for the first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["Row", "insert_missing", "insert_or_update"]

Row = Mapping[str, Any]


async def insert_missing(
    connection: AsyncConnection, table: Table, values: Row | Sequence[Row]
) -> int:
    """Insert a row or many, except those whose key is taken; return how many were inserted.

    The key is the table's UNIQUE constraint, or else its primary key. All rows have the same
    columns, those of the key among them (KeyError); names of no column are ignored. Of several
    with one key the first counts. Part of the caller's transaction, a ``write``; no rows cost no
    statement. A row that points to none, or lacks a value it must have, raises SQLAlchemy's
    IntegrityError, a naive instant its StatementError.
    """
    rows = [values] if isinstance(values, Mapping) else values
    if not rows:
        return 0
    first = next(iter(table.primary_key.columns))
    # Drivers do not agree on the row count of many rows; what comes back can be counted.
    statement = _insert(connection, table).on_conflict_do_nothing().returning(first)
    return len((await connection.execute(statement, _by_key(table, rows))).all())


async def insert_or_update(
    connection: AsyncConnection, table: Table, values: Row | Sequence[Row]
) -> None:
    """Insert a row or many; a row whose key is taken gets the other ``values`` instead.

    The key is that of ``insert_missing``, which says the rest. Of several rows with one key the
    last counts; columns that are not given stay. Raises ValueError for rows of nothing but their
    key. One statement, none for no rows.
    """
    rows = [values] if isinstance(values, Mapping) else values
    if not rows:
        return
    statement = _insert(connection, table)
    key = _key(table)
    others = [name for name in rows[0] if name in table.columns and name not in key]
    changed = {name: statement.excluded[name] for name in others}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
    await connection.execute(statement, _by_key(table, rows))


def _by_key(table: Table, rows: Sequence[Row]) -> list[Row]:
    """Return ``rows`` sorted by key; those with one key stay in their order."""
    key = _key(table)
    return sorted(rows, key=lambda row: [row[name] for name in key])


def _key(table: Table) -> list[str]:
    rules = (rule for rule in table.constraints if isinstance(rule, UniqueConstraint))
    return [column.name for column in next(rules, table.primary_key)]


def _insert(connection: AsyncConnection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
