"""Databases for tests: a SQLite file, or a schema of a real PostgreSQL server."""

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Table, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import Database
from bot.store.schema import upgrade
from bot.store.tables import metadata
from tests.fakes.postgres import postgres_server

__all__ = ["fresh_database", "number_from", "opened", "rows_of", "wanted_url"]

_SQLITE = "sqlite+aiosqlite:///"
_numbers = itertools.count()
# An upgraded database by server; copying it is faster than running the migrations per test.
_templates: dict[str, str] = {}


@asynccontextmanager
async def fresh_database(url: str) -> AsyncIterator[Database]:
    """Yield an empty, upgraded database.

    With SQLite it is made at ``url``, with PostgreSQL under a new name on the server of ``url``.
    """
    new = await _new_database(url)
    async with opened(new) as database:
        yield database
    if not new.startswith(_SQLITE):
        await _on_server(url, f"DROP DATABASE {new.rpartition('/')[2]} WITH (FORCE)")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Upgrade the existing or new database at ``url`` and yield it."""
    async with Database(url) as database:
        await upgrade(database)
        yield database


async def number_from(connection: AsyncConnection, table: Table, number: int) -> None:
    """Make the ids of future rows start at ``number``; the table must hold exactly one row."""
    await connection.execute(update(table).values(id=number - 1))
    if connection.dialect.name == "postgresql":
        column = func.pg_get_serial_sequence(table.name, "id")
        await connection.execute(select(func.setval(column, number - 1)))


async def rows_of(url: str) -> str:
    """Return every row of every table as text, a line each, to search for what is stored."""
    lines = []
    async with Database(url) as database, database.read() as connection:
        for table in metadata.sorted_tables:
            lines += [f"{table.name}: {row}" for row in await connection.execute(select(table))]
    return "\n".join(lines)


async def wanted_url(url: str) -> str:
    """Return ``url``, or the URL of a fresh PostgreSQL database if the run uses PostgreSQL.

    DAYBRIEF_TEST_DATABASE=postgresql makes every test of the whole bot run there. A SQLite
    database that does not exist yet is created and upgraded.
    """
    if os.environ.get("DAYBRIEF_TEST_DATABASE") != "postgresql":
        return url if _is_there(url) else await _new_database(url)
    return await _new_database(_server())


def _is_there(url: str) -> bool:
    return Path(url.removeprefix(_SQLITE)).exists()


@cache
def _server() -> str:
    """Return the URL of a PostgreSQL server that runs until this process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(postgres_server())


async def _new_database(url: str) -> str:
    """Return the URL of an upgraded database: ``url`` itself (SQLite), or a new one beside it."""
    if url.startswith(_SQLITE):
        template = _templates.get(_SQLITE) or await _sqlite_template()
        shutil.copyfile(template, url.removeprefix(_SQLITE))
        return url
    template = _templates.get(url) or await _postgres_template(url)
    return await _create(url, f"test_{os.getpid()}_{next(_numbers)}", f"TEMPLATE {template}")


async def _sqlite_template() -> str:
    folder = tempfile.mkdtemp(prefix="daybrief-template-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = _templates[_SQLITE] = f"{folder}/template.db"
    async with opened(f"{_SQLITE}{path}"):
        return path


async def _postgres_template(server_url: str) -> str:
    name = _templates[server_url] = f"template_{os.getpid()}"
    async with opened(await _create(server_url, name)):
        return name


async def _create(server_url: str, name: str, options: str = "") -> str:
    await _on_server(server_url, f"CREATE DATABASE {name} {options}")
    return f"{server_url}/{name}"


async def _on_server(server_url: str, statement: str) -> None:
    async with Database(f"{server_url}/postgres") as server, server.read() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(statement))
