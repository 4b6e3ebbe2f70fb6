"""The shape of the database: upgrades, checks and backups."""

import asyncio
import enum
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from bot.errors import NoDatabase, SetupError, StoreUnavailable
from bot.store.database import Database, why
from bot.store.tables import metadata

__all__ = [
    "Fault",
    "FaultKind",
    "backup",
    "check",
    "existing",
    "newest_revision",
    "require_newest",
    "upgrade",
]

_MIGRATIONS = Path(__file__).parent / "migrations"
_BACKUP_MODE = 0o600
# SQLite's codes for a file that is damaged, or no database.
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class FaultKind(enum.Enum):
    """What can be wrong with a database."""

    MISSING = enum.auto()  # it holds none of our tables
    OLDER = enum.auto()  # an upgrade is due
    NEWER = enum.auto()  # a newer daybrief wrote it
    DIFFERS = enum.auto()  # of our revision, but not of our shape
    DAMAGED = enum.auto()  # SQLite cannot read all of it
    DANGLING = enum.auto()  # a row points to a row that is not there


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a database.

    ``details`` depend on the kind. OLDER and NEWER: its revision. DIFFERS: the change that
    would mend it. DAMAGED: SQLite's message. DANGLING: the two tables.
    """

    kind: FaultKind
    details: tuple[str, ...] = ()


@asynccontextmanager
async def existing(url: str) -> AsyncIterator[Database]:
    """Give the database at ``url``; raise NoDatabase where there is none, or none of ours.

    Raises SetupError where it cannot be opened or read, StoreUnavailable where it stops answering,
    SQLAlchemy's ArgumentError where ``url`` is none. Its schema may be of any version, a newer one
    too. No file is made and no migration run. It is closed when the context is left.
    """
    async with Database(url, create=False) as database:
        async with database.read() as connection:
            try:
                revision = await connection.run_sync(_revision)
            except SQLAlchemyError as error:
                raise SetupError(
                    f"The database {database.name} cannot be read: {why(error)}."
                ) from error
        if revision is None:
            raise NoDatabase(database.name)
        yield database


async def upgrade(
    database: Database,
    *,
    languages: Sequence[str] = (),
    outlet_of: Callable[[str, str], str] | None = None,
) -> None:
    """Bring ``database`` to the newest schema, in one transaction.

    Nothing happens if it has that schema. ``languages`` are the operator's, for readers who
    chose none. ``outlet_of`` returns the id of the outlet of an address and a feed's title, for
    rows from before there were ids; without it they are of host and title. Raises SetupError if
    the database was written by a newer daybrief, or cannot be upgraded; it is left as it was
    then. Raises StoreUnavailable where no transaction can be begun or committed. May take
    minutes on a large one; no other process can write to a SQLite file meanwhile. An empty
    database gets all tables; no backup is made.
    """

    def run(connection: Connection) -> None:
        revision = _revision(connection)
        if revision == newest_revision():
            return
        if revision is not None and revision not in _known():
            raise _written_by_newer(database.name)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes |= {
            "connection": connection,
            "languages": languages,
            "outlet_of": outlet_of,
        }
        command.upgrade(config, "head")

    async with database.write() as connection:
        try:
            await connection.run_sync(run)
        except SetupError:
            raise
        except Exception as error:  # a migration meets rows of any age, and whatever wrote them
            reason = why(error)
            if not isinstance(error, SQLAlchemyError | StoreUnavailable | ValueError):
                reason = f"{type(error).__name__}, {reason}"
            raise SetupError(
                f"The database {database.name} cannot be upgraded: {reason}."
            ) from error


async def require_newest(database: Database) -> None:
    """Raise SetupError, which tells the operator what to do, unless the schema is the newest.

    Raises NoDatabase, which is one, where there are none of our tables. Two queries, and the
    migrations are read from disk. Raises StoreUnavailable; where the version cannot be read,
    SQLAlchemy's DatabaseError.
    """
    async with database.read() as connection:
        revision = await connection.run_sync(_revision)
    if revision is None:
        raise NoDatabase(database.name)
    if revision in _known() and revision != newest_revision():
        raise SetupError(
            f"The database {database.name} is of an older daybrief: daybrief db upgrade mends that."
        )
    if revision != newest_revision():
        raise _written_by_newer(database.name)


async def check(database: Database) -> list[Fault]:
    """Return what is wrong with ``database``, or an empty list.

    Compares the schema with the tables; of a SQLite file it reads every page, which takes
    minutes for a large one. Faults of the schema come first, then damage (at most 100), then
    dangling rows, one fault for each. If damage hides the rest, or our tables are missing, that is
    the only fault. Raises SetupError where the
    database cannot be read, and StoreUnavailable where no connection to it can be had.
    """
    async with database.read() as connection:
        try:
            faults = await connection.run_sync(_shape_faults)
            if database.is_sqlite and Fault(FaultKind.MISSING) not in faults:
                rows = await connection.execute(text("PRAGMA integrity_check"))
                faults += [Fault(FaultKind.DAMAGED, (row[0],)) for row in rows if row[0] != "ok"]
                rows = await connection.execute(text("PRAGMA foreign_key_check"))
                faults += [Fault(FaultKind.DANGLING, (row[0], row[2])) for row in rows]
        except DatabaseError as error:
            if getattr(error.orig, "sqlite_errorname", "").startswith(_DAMAGE):
                return [Fault(FaultKind.DAMAGED, (why(error),))]
            raise SetupError(
                f"The database {database.name} cannot be read: {why(error)}."
            ) from error
    return faults


async def backup(database: Database, target: Path) -> None:
    """Write a copy of a SQLite database to ``target``, which must not exist yet.

    VACUUM INTO copies one consistent state while others go on writing; it takes minutes for a
    large database, and as much room as what is in it. The copy is private to
    its owner. Raises SetupError for PostgreSQL, where ``target`` exists, and where it cannot be
    written or the database not be read; a copy that was begun is deleted, as it is if the call is
    cancelled, which takes effect once SQLite has ended it.
    """
    if not database.is_sqlite:
        raise SetupError("For PostgreSQL, back up with pg_dump.")
    try:
        # VACUUM INTO fills a file that is empty, and keeps its mode.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _BACKUP_MODE))
    except FileExistsError:
        raise SetupError(f"{target} exists already; name a new file.") from None
    except (OSError, ValueError) as error:
        raise SetupError(f"{target} cannot be written: {why(error)}.") from error
    try:
        async with database.read() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
    except BaseException as error:
        for file in (target, target.with_name(f"{target.name}-journal")):
            await asyncio.to_thread(file.unlink, missing_ok=True)
        if isinstance(error, SQLAlchemyError | StoreUnavailable | ValueError):
            raise SetupError(f"{target} cannot be written: {why(error)}.") from error
        raise


def newest_revision() -> str:
    """Return the revision this code works with; reads the migrations from disk."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}


def _revision(connection: Connection) -> str | None:
    # Several are not ours: together they are a revision that is unknown.
    return ",".join(sorted(MigrationContext.configure(connection).get_current_heads())) or None


def _shape_faults(connection: Connection) -> list[Fault]:
    revision = _revision(connection)
    if revision is None:
        return [Fault(FaultKind.MISSING)]
    if revision not in _known():
        return [Fault(FaultKind.NEWER, (revision,))]
    if revision != newest_revision():
        return [Fault(FaultKind.OLDER, (revision,))]
    # A PostgreSQL database may hold tables of others.
    ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
    context = MigrationContext.configure(connection, opts=ours)
    changes = _changes(compare_metadata(context, metadata))
    return [Fault(FaultKind.DIFFERS, (change,)) for change in changes]


def _changes(differences: list[Any]) -> Iterator[str]:
    """Yield Alembic's change for each difference, as ``add column feed listed``."""
    for difference in differences:
        if isinstance(difference, list):
            yield from _changes(difference)
            continue
        action, *what = difference
        names = [getattr(part, "name", part) for part in what]
        words = [action.replace("_", " "), *(name for name in names if isinstance(name, str))]
        yield " ".join(words)


def _written_by_newer(name: str) -> SetupError:
    return SetupError(f"The database {name} was written by a newer daybrief: update daybrief.")
