"""How constraints and indexes of the tables are called, so that migrations find them."""

from typing import Any

from sqlalchemy import ColumnElement, Index, MetaData

__all__ = ["metadata", "partial_index"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial_index(name: str, condition: ColumnElement[bool], *columns: ColumnElement[Any]) -> None:
    """Add an index of the rows for which ``condition`` holds; both databases have such."""
    Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
