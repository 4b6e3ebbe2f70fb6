"""SQLite's one writer: a connection in a thread of its own, one transaction at a time.

Whatever ends a transaction, a cancellation in the middle of a statement too, the next one finds
the connection without any, and the file unlocked.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import StaticPool

from bot.errors import StoreUnavailable

__all__ = ["SqliteWriter", "prepare_sqlite"]

R = TypeVar("R")
# How long a statement waits for another process's write before it fails.
_BUSY_TIMEOUT_MS = 10_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
)


def prepare_sqlite(engine: AsyncEngine) -> None:
    """Have each connection of ``engine`` set up as ours are; call it before the first is made.

    Of connections with the option ``immediate``, transactions take the file's lock as they begin.
    """
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "handle_error", _keep_connection)


class SqliteWriter:
    """Transactions over ``connection``, which has the option ``immediate`` and no other user.

    Its methods raise SQLAlchemy's errors, and StoreUnavailable after ``close``.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._in_thread: Connection | None = None  # the same, as its own thread uses it
        self._lock = asyncio.Lock()
        self._closed = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Begin no transaction any more; the connection is for its owner to close."""
        self._closed.set()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give the connection in a transaction, as ``Database.write`` does."""
        async with self._turn(), self._connection.begin():
            yield self._connection

    async def transact(self, work: Callable[[Connection], R]) -> R:
        """Return what ``work`` returns, called within a transaction, as ``Database.transact``."""
        async with self._turn():
            driver = await self._driver()
            execute = driver._execute  # noqa: SLF001 - no public way into its thread
            done: R = await execute(self._transact, driver, work)
            return done

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for those before; the next one's turn comes when no transaction is left."""
        await self._lock.acquire()
        if self._closed.is_set():
            self._lock.release()
            raise StoreUnavailable("store-unavailable")
        try:
            yield
        except BaseException as error:
            # A BEGIN that was cancelled is carried out all the same, and may take 10 s.
            self._ending = asyncio.create_task(self._end())
            if self._closed.is_set() and isinstance(error, Exception):  # under our hands
                raise StoreUnavailable("store-unavailable") from error
            raise
        else:
            self._lock.release()

    async def _end(self) -> None:
        """Roll back whatever is left when the thread is done with it, and give way to the next."""
        try:
            if not self._closed.is_set():
                await (await self._driver()).rollback()
        finally:
            self._lock.release()

    async def _driver(self) -> Any:
        """Return aiosqlite's connection."""
        driver = (await self._connection.get_raw_connection()).driver_connection
        assert driver is not None
        return driver

    def _transact(self, driver: Any, work: Callable[[Connection], R]) -> R:
        """Call ``work`` in a transaction, in the thread of ``driver``."""
        file: sqlite3.Connection = driver._conn  # noqa: SLF001 - see ``transact``
        if self._in_thread is None:
            engine = create_engine(
                "sqlite://",
                creator=lambda: file,
                poolclass=StaticPool,
                pool_reset_on_return=None,
                hide_parameters=True,
            )
            self._in_thread = engine.connect()
        try:
            # Not by SQLAlchemy's event, which costs as much as the statement that follows.
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise StoreUnavailable("store-unavailable") from error
        with self._in_thread.begin():
            return work(self._in_thread)


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that later writes can fail with "database is locked" at once,
    # whatever the busy timeout: writers take the lock when they begin.
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("immediate") else "BEGIN")


def _keep_connection(context: ExceptionContext) -> None:
    """Keep a connection where a statement of it was cancelled.

    SQLAlchemy would let go of it without a rollback. While anything holds one of its cursors,
    SQLite goes on with the transaction then, and the file is locked: for ever, if need be. Its
    thread works off one call after the other, so that a rollback is all it takes.
    """
    if isinstance(context.original_exception, asyncio.CancelledError):
        context.is_disconnect = False
