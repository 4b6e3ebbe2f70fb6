"""Row locks: claims that expire, and updates of many rows that cannot deadlock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Table, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = ["claim", "locked_in_order"]


async def claim(
    connection: AsyncConnection,
    lease: Column[datetime],
    condition: ColumnElement[bool],
    *order: ColumnElement[Any],
    now: datetime,
    until: datetime,
    limit: int,
    returning: Sequence[ColumnElement[Any]],
    **changes: Any,
) -> Sequence[RowMapping]:
    """Claim the first rows of ``lease``'s table that are free and meet ``condition``.

    A row is free where ``lease`` is NULL or not after ``now``; it is set to ``until``, and
    other columns to ``changes``. Takes at most ``limit`` rows, the first by ``order``, and
    gives their new values of the columns ``returning``, in no order. One statement: two
    workers never get the same row, and on PostgreSQL neither waits for the other. Part of the
    caller's transaction, which must be a ``write``. Both instants are aware (else SQLAlchemy's
    StatementError), ``limit`` is 0 or more. The table has a column ``id``.
    """
    table = lease.table
    waiting = (
        select(table.c.id)
        .where(condition, or_(lease.is_(None), lease <= now))
        .order_by(*order)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(table)
        .where(table.c.id.in_(waiting.scalar_subquery()))
        .values({lease.name: until, **changes})
        .returning(*returning)
    )
    return (await connection.execute(taken)).mappings().all()


def locked_in_order(
    connection: AsyncConnection, table: Table, condition: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return the condition of an UPDATE that is to change the rows that meet ``condition``.

    On PostgreSQL they are locked by ascending id before the first is changed: two such
    updates, or loops over sorted ids, cannot deadlock. SQLite has one writer at a time: there
    it is ``condition`` itself. Nothing is executed here. ``table`` has a column ``id``.
    """
    if connection.dialect.name == "sqlite":
        return condition
    rows = select(table.c.id).where(condition).order_by(table.c.id).with_for_update()
    return table.c.id.in_(rows.scalar_subquery())
