"""The connections to the database: one writer, many readers, and an orderly close.

Every method of a repository raises StoreUnavailable where the database does not answer.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import NoDatabase, SetupError, StoreUnavailable
from bot.logs import said, without_quotes
from bot.store.files import close_to_others, file_of, make_file, parsed
from bot.store.sqlite_writer import SqliteWriter, prepare_sqlite

__all__ = ["CHUNK", "BotLock", "Database", "why"]

R = TypeVar("R")
# Keys per IN (...) list: SQLite takes 32,766 variables a statement, PostgreSQL 65,535.
CHUNK = 10_000
# The advisory lock of the process at work on a PostgreSQL database: "daybrief" in eight bytes.
_LOCK = int.from_bytes(b"daybrief")
_TAKE_LOCK = text("SELECT pg_try_advisory_lock(:lock)").bindparams(lock=_LOCK)
# PostgreSQL shows the number in two halves.
_LOOK_AT_LOCK = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid::bigint = :first AND objid::bigint = :second)"
).bindparams(first=_LOCK >> 32, second=_LOCK & 0xFFFFFFFF)
_OWN_SESSION = text("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
# Processes' numbers come again: only with the instant of its start is it that session.
_END_SESSION = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = :pid AND backend_start = :began_at"
)
# The server takes a moment to notice that a process was killed.
_LOCK_TRIES = 50
_LOCK_PAUSE_S = 0.1
# What drivers raise for options of a URL that they do not support, beside their own errors.
_UNREADABLE = (OSError, ImportError, TypeError, ValueError, AttributeError)


class Database:
    """A database, open while its async context is: an engine left open hangs the program's end.

    On SQLite all writes go through one connection, one transaction at a time, each begun
    with BEGIN IMMEDIATE: measured against a pool of writers, twice the rate and a ninth of
    the tail. On PostgreSQL every ``write`` has a connection of its own. A SQLite file that is
    missing is made with its folders if ``create``, else entering raises NoDatabase, for an empty
    one too; where the database cannot be opened or would be in memory, it raises SetupError.
    ``url`` is SQLAlchemy's, of an async driver; what is none raises its ArgumentError on
    entering. No migration is run. It may be entered again once it was left.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        self.url = url
        self._create = create
        self.is_sqlite = url.startswith("sqlite")
        self._engine: AsyncEngine | None = None
        self._writer: SqliteWriter | None = None
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except (SQLAlchemyError, StoreUnavailable, *_UNREADABLE) as error:
            await self._close()
            raise SetupError(
                f"The database {self.name} cannot be opened: {why(error)}. "
                "DAYBRIEF_DATABASE_URL says where it is."
            ) from error
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._close()

    @property
    def shown_url(self) -> str:
        """The URL without its password, which may stand among the options too."""
        return parsed(self.url).set(query={}).render_as_string(hide_password=True)

    @property
    def name(self) -> str:
        """A short name for messages, without credentials: the file, or database and host."""
        url = parsed(self.url)
        return str(file_of(self.url) or f"{url.database or ''} at {url.host or 'this machine'}")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for reading, in a transaction that is rolled back at the end.

        Raises StoreUnavailable where the database is locked, full or out of reach; an error
        that one value or statement is to blame for stays SQLAlchemy's: IntegrityError for the id
        of a row that is not there, StatementError for a naive datetime, DataError for what
        PostgreSQL cannot hold. Unpaired surrogates raise UnicodeEncodeError, on SQLite integers
        over 64 bits OverflowError. An OSError of the caller's own block, TimeoutError among them,
        becomes StoreUnavailable too. Waits for a free connection of the pool, for up to 30 s.
        AssertionError unless the database is open.
        """
        assert self._engine is not None, "the database is not open"
        with _store_errors():
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction, committed at the end unless an error leaves.

        Raises as ``read`` does; nothing is stored then, unless PostgreSQL's answer to the commit
        was lost. On SQLite it waits for the writes before it, however long, and up to 10 s for
        another process's: it must not be nested in another ``write``, which would wait for ever.
        On PostgreSQL it waits for a connection as ``read`` does.
        """
        assert self._engine is not None, "the database is not open"
        with _store_errors():
            if self._writer is None:
                async with self._engine.begin() as connection:
                    yield connection
                return
            async with self._writer.write() as connection:
                yield connection

    async def transact(self, work: Callable[[Connection], R]) -> R:
        """Return what ``work`` returns, called with a connection in a transaction as of ``write``.

        For what is done all day: on SQLite the whole of it runs in the thread of the one writer,
        a tenth of the cost of going there for each statement. There ``work`` must not touch what
        belongs to the event loop, and goes on to its end if this is cancelled. Raises as ``write``,
        and what ``work`` raises; nothing is stored then. It must not be called within ``write``.
        """
        assert self._engine is not None, "the database is not open"
        if self._writer is None:
            async with self.write() as connection:
                return await connection.run_sync(work)
        with _store_errors():
            return await self._writer.transact(work)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator["BotLock | None"]:
        """Give the lock of the only process within this context, or None where another has it.

        None never comes on SQLite, whose file only one bot has (``bot.store.files.only_bot``). On
        PostgreSQL it holds a connection, and an advisory lock as long as that lives: ``renew``
        tells whether it does. Of a process that is just being ended the lock is waited for, 5 s
        at most. Raises as ``read`` does.
        """
        assert self._engine is not None, "the database is not open"
        async with BotLock(None if self.is_sqlite else self._engine) as lock:
            yield lock if await lock.take() else None

    async def has_bot(self) -> bool:
        """Return whether a process, this one too, is within ``alone``; one query, and no lock.

        For PostgreSQL; of a SQLite file ``bot.store.files.is_run`` tells. Raises as ``read``.
        """
        async with self.read() as connection:
            return bool((await connection.execute(_LOOK_AT_LOCK)).scalar_one())

    async def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        try:
            await self._exit.aclose()
        finally:
            # An engine that is asked again opens connections that nobody would close.
            self._engine = self._writer = None

    async def _open(self) -> None:
        # The parameters are what readers wrote and read: no error may show them.
        options: dict[str, Any] = {"hide_parameters": True}
        path = file_of(self.url)
        if path is not None:
            if self._create:
                await asyncio.to_thread(make_file, path)
            elif not (path.exists() and path.stat().st_size):
                raise NoDatabase(self.name)
            options |= {"pool_size": 4, "max_overflow": 0}
        self._engine = create_async_engine(self.url, **options)
        self._exit.push_async_callback(self._engine.dispose)
        if self.is_sqlite:
            prepare_sqlite(self._engine)
            writer = await self._exit.enter_async_context(self._engine.connect())
            self._writer = SqliteWriter(await writer.execution_options(immediate=True))
        async with self.read() as connection:
            await connection.exec_driver_sql("SELECT 1")
        if path is not None and self._create:  # it is a database: no file of others' by mistake
            close_to_others(path)


class BotLock:
    """The advisory lock of the process at work on a PostgreSQL database; of none, always held.

    It is a session's, and lost with its connection: when the server is restarted, or the way to
    it is cut. Leaving the context lets go of it.
    """

    def __init__(self, engine: AsyncEngine | None) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        # The session that holds or held it: the server may not know yet that it has ended.
        self._session: tuple[int, datetime] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._let_go()

    async def take(self) -> bool:
        """Return whether it is taken now; wait 5 s for one who has it. Raises StoreUnavailable."""
        if self._engine is None:
            return True
        try:
            with _store_errors():
                connection = self._connection = await self._engine.connect()
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                if self._session is not None:
                    pid, began_at = self._session
                    await connection.execute(_END_SESSION, {"pid": pid, "began_at": began_at})
                for _ in range(_LOCK_TRIES):
                    if await connection.scalar(_TAKE_LOCK):
                        pid, began_at = (await connection.execute(_OWN_SESSION)).one()
                        self._session = (pid, began_at)
                        return True
                    await asyncio.sleep(_LOCK_PAUSE_S)
        except BaseException:
            await self._let_go()
            raise
        await self._let_go()
        return False

    async def renew(self) -> bool:
        """Return False if another process has the lock; take it again where it was lost.

        True, too, while the database is away: to others it is away as well, and no message can be
        claimed. One query, or the 5 s of ``take``.
        """
        if self._connection is not None:
            try:
                with _store_errors():
                    await self._connection.exec_driver_sql("SELECT 1")
                return True
            except StoreUnavailable:
                await self._let_go()
        try:
            return await self.take()
        except StoreUnavailable:
            return True

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Given back to the pool as it is, it would keep the lock.
            with suppress(StoreUnavailable), _store_errors():
                await connection.invalidate()
            await connection.close()


# SQLSTATE classes of PostgreSQL that are about the server or the way to it: connection,
# rollback (deadlocks), resources, intervention, system. 54, a limit that a value is over, is not.
_SERVER_TROUBLE = frozenset({"08", "40", "53", "55", "57", "58", "XX"})
# Result codes of SQLite that a statement or one of its values is to blame for.
_ITEM_TROUBLE = (
    *("SQLITE_ERROR", "SQLITE_CONSTRAINT", "SQLITE_MISMATCH"),
    *("SQLITE_TOOBIG", "SQLITE_RANGE"),
)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Raise StoreUnavailable for errors that no statement and no value is to blame for."""
    try:
        yield
    except (PoolTimeout, OSError) as error:
        raise StoreUnavailable("store-unavailable") from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated:
            is_unavailable = True
        elif state is not None:
            is_unavailable = state[:2] in _SERVER_TROUBLE
        elif isinstance(error.orig, sqlite3.Error):
            # Without a result code it is Python's module that refuses a value.
            name = getattr(error.orig, "sqlite_errorname", "SQLITE_ERROR")
            is_unavailable = not name.startswith(_ITEM_TROUBLE)
        else:
            is_unavailable = isinstance(error, OperationalError | InterfaceError)
        if is_unavailable:
            raise StoreUnavailable("store-unavailable") from error
        raise


def why(error: Exception) -> str:
    """Return the message of the driver or the system, in one line without a full stop.

    Of a StoreUnavailable, that of its cause; the error's type where there is no message. It may
    quote values: it is for the operator.
    """
    if isinstance(error, StoreUnavailable) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return " ".join(text.split()).rstrip(".") or type(cause).__name__


@said.register
def _said_by_statement(error: StatementError) -> str:
    """Return the driver's primary message without quotations: those and its details hold values."""
    cause = error.orig
    diagnosis = getattr(cause, "diag", None)  # psycopg's
    if diagnosis is None or not diagnosis.message_primary:
        return (said(cause) or type(cause).__name__) if cause else ""
    message = without_quotes(diagnosis.message_primary)
    return " ".join(filter(None, (diagnosis.sqlstate, message, diagnosis.constraint_name)))


@said.register
def _said_by_sqlite(error: sqlite3.Error) -> str:
    return without_quotes(str(error))
