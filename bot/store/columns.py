"""Columns of the tables: instants in UTC, keys, and others with the default that old rows need."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    Text,
    TypeDecorator,
)
from sqlalchemy import text as sql

__all__ = [
    "KEY",
    "UtcDateTime",
    "at_column",
    "flag_column",
    "id_column",
    "int_column",
    "optional_instant",
    "ref_column",
    "text_column",
]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite keeps no zone, so UTC is added again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` in UTC, as the database takes it: naive for SQLite; None for None.

        Raises ValueError if it is naive, OverflowError if UTC's calendar lacks it; SQLAlchemy
        makes StatementErrors of them.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value} on its way to the database")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return what the database holds as an aware datetime in UTC; None for NULL."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def optional_instant(value: object) -> datetime | None:
    """Return the result of an aggregate over a UtcDateTime column, typed; None for no rows.

    It is not changed. Raises AssertionError for anything else.
    """
    assert value is None or isinstance(value, datetime)
    return value


# SQLite counts rows by itself only in a column that is exactly INTEGER PRIMARY KEY.
KEY = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[int]:
    """Return the column "id", counted by the database."""
    return Column("id", KEY, primary_key=True, autoincrement=True)


def ref_column(name: str, target: str, **options: Any) -> Column[int]:
    """Return a foreign key to ``target.id`` whose rows go when their target goes."""
    options.setdefault("nullable", False)
    return Column(name, KEY, ForeignKey(f"{target}.id", ondelete="CASCADE"), **options)


def text_column(name: str, **options: Any) -> Column[str]:
    """Return a column of text, "" where no other value is given."""
    return Column(name, Text, nullable=False, server_default="", **options)


def at_column(name: str, *, nullable: bool = False) -> Column[datetime]:
    """Return a column of instants."""
    return Column(name, UtcDateTime, nullable=nullable)


def int_column(name: str, default: int = 0) -> Column[int]:
    """Return a column of numbers, ``default`` where no other is given."""
    return Column(name, Integer, nullable=False, server_default=str(default))


def flag_column(name: str) -> Column[bool]:
    """Return a column of flags, False where no other value is given."""
    return Column(name, Boolean, nullable=False, server_default=sql("false"))
