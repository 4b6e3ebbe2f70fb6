"""Databases for tests: a SQLite file, or a schema of a real PostgreSQL server."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from bot.store import Database
from bot.store.schema import upgrade

__all__ = ["fresh_database"]

_numbers = itertools.count()


@asynccontextmanager
async def fresh_database(url: str) -> AsyncIterator[Database]:
    """Give an empty, upgraded database: at ``url`` (SQLite) or beside it (PostgreSQL)."""
    if url.startswith("postgresql"):
        name = f"test_{next(_numbers)}"
        async with Database(f"{url}/postgres") as server, server.read() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"CREATE DATABASE {name}"))
        url = f"{url}/{name}"
    async with Database(url) as database:
        await upgrade(database)
        yield database
