"""The first of many instants, found by an index."""

from datetime import datetime

from sqlalchemy import Column, ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["earliest"]


async def earliest(
    connection: AsyncConnection, *questions: tuple[Column[datetime], ColumnElement[bool]]
) -> datetime | None:
    """Return the earliest instant of some columns, each in the rows of its condition, or None.

    Asked for as the first in order: SQLite answers min() with a condition by reading all rows.
    """
    found = []
    for column, condition in questions:
        first = select(column).where(column.is_not(None), condition).order_by(column).limit(1)
        found.append((await connection.execute(first)).scalar_one_or_none())
    return min((at for at in found if at is not None), default=None)
