"""Databases of older versions, restored from the files in tests/data/databases."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    select,
    text,
)

from bot.store import Database, schema

__all__ = ["OLD_DATABASES", "OldDatabase", "Rows", "all_rows", "read_old", "restore", "revisions"]

OLD_DATABASES = sorted((Path(__file__).parents[1] / "data" / "databases").glob("*.json"))
_MIGRATIONS = Path(schema.__file__).parent / "migrations"
_numbers = itertools.count()

# The rows by table, each a dict by column; instants and dates are in ISO 8601.
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OldDatabase:
    """The content of a bot's database of schema ``revision``, stopped at ``stopped_at``.

    ``readers`` maps names that describe the readers to (Telegram chat id, forum topic).
    """

    revision: str
    stopped_at: datetime
    readers: Mapping[str, tuple[int, int]]
    rows: Rows


def read_old(path: Path, hosts: Mapping[str, str]) -> OldDatabase:
    """Return the database in a file, with each invented host of ``hosts`` replaced by its value."""
    content = path.read_text(encoding="utf-8")
    for name, host in hosts.items():
        content = content.replace(name, host)
    dump = json.loads(content)
    return OldDatabase(
        revision=dump["revision"],
        stopped_at=datetime.fromisoformat(dump["stopped_at"]),
        readers={name: tuple(room) for name, room in dump["readers"].items()},
        rows={
            table: [dict(zip(columns, row, strict=True)) for row in rows]
            for table, (columns, *rows) in dump["tables"].items()
        },
    )


def revisions() -> set[str]:
    """Return the revision ids of all migrations."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    return {script.revision for script in scripts.walk_revisions()}


async def restore(old: OldDatabase, url: str) -> str:
    """Create a database with the schema and rows of ``old``, and return its URL.

    That is ``url`` itself (SQLite), or a new database on that server (PostgreSQL).
    """
    if not url.startswith("sqlite"):
        name = f"old_{next(_numbers)}"
        async with Database(f"{url}/postgres") as server, server.read() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"CREATE DATABASE {name}"))
        url = f"{url}/{name}"
    async with Database(url) as database, database.write() as connection:
        await connection.run_sync(_fill, old)
    return url


async def all_rows(database: Database) -> Rows:
    """Return the rows of every table, of whatever schema revision the database is."""
    async with database.read() as connection:
        return await connection.run_sync(_all_rows)


def _fill(connection: Connection, old: OldDatabase) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, old.revision)
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        rows = old.rows.get(table.name)
        if rows is None:
            continue
        stored = [{name: _stored(table.c[name], row[name]) for name in row} for row in rows]
        connection.execute(table.insert(), stored)
        is_counted = "id" in table.c and isinstance(table.c.id.type, Integer)
        if is_counted and connection.dialect.name == "postgresql":
            last = max(row["id"] for row in rows)
            moved_on = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"
            connection.execute(text(moved_on), {"name": table.name, "last": last})


def _stored(column: Column[Any], value: Any) -> Any:
    """Return a file's value in the type of ``column``; SQLite stores instants without a zone."""
    if isinstance(column.type, LargeBinary) and value is not None:
        return bytes.fromhex(value)
    if value is None or not isinstance(column.type, Date | DateTime):
        return value
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    at = datetime.fromisoformat(value).astimezone(UTC)
    return at if column.type.timezone else at.replace(tzinfo=None)


def _all_rows(connection: Connection) -> Rows:
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: [
            {name: _read(value) for name, value in row.items()}
            for row in connection.execute(select(table)).mappings()
        ]
        for table in metadata.sorted_tables
    }


def _read(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value
