"""Databases for tests: a SQLite file, or a schema of a real PostgreSQL server."""

import atexit
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import cache

from sqlalchemy import select, text

from bot.store import Database
from bot.store.schema import upgrade
from bot.store.tables import metadata
from tests.fakes.postgres import postgres_server

__all__ = ["fresh_database", "opened", "rows_of", "wanted_url"]

_numbers = itertools.count()


@asynccontextmanager
async def fresh_database(url: str) -> AsyncIterator[Database]:
    """Give an empty, upgraded database: at ``url`` (SQLite) or beside it (PostgreSQL)."""
    if url.startswith("postgresql"):
        url = await _new_database(url)
    async with opened(url) as database:
        yield database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Give the very database at ``url``, upgraded."""
    async with Database(url) as database:
        await upgrade(database)
        yield database


async def rows_of(url: str) -> str:
    """Return all that the tables of a database hold, for what must or must not be there."""
    said = []
    async with Database(url) as database, database.read() as connection:
        for table in metadata.sorted_tables:
            said += [f"{table.name}: {row}" for row in await connection.execute(select(table))]
    return "\n".join(said)


async def wanted_url(url: str) -> str:
    """Return ``url``, or that of a fresh PostgreSQL database if the run is to be on that.

    DAYBRIEF_TEST_DATABASE=postgresql lets every test of the whole bot run there.
    """
    if os.environ.get("DAYBRIEF_TEST_DATABASE") != "postgresql":
        return url
    return await _new_database(_server())


@cache
def _server() -> str:
    """Return the URL of a server that runs until this process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(postgres_server())


async def _new_database(server_url: str) -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    async with Database(f"{server_url}/postgres") as server, server.read() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"CREATE DATABASE {name}"))
    return f"{server_url}/{name}"
