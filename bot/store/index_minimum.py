"""The minimum of indexed instants."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["earliest"]


async def earliest(
    connection: AsyncConnection, *columns: tuple[Column[datetime], ColumnElement[bool]]
) -> datetime | None:
    """Return the earliest instant of some columns, each in the rows of its condition, or None.

    It is in UTC; None if no row has one. One query a column, for the first row in order: SQLite
    reads all rows for a min() with a condition.
    """
    found = []
    for column, condition in columns:
        first = select(column).where(column.is_not(None), condition).order_by(column).limit(1)
        found.append((await connection.execute(first)).scalar_one_or_none())
    return min((at for at in found if at is not None), default=None)
