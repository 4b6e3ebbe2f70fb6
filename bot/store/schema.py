"""The shape of the database: upgrades, checks and backups."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import SetupError
from bot.store.database import Database

__all__ = ["backup", "check", "newest_revision", "upgrade"]

_MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: Database) -> None:
    """Bring ``database`` to the newest schema; nothing happens if it is there already.

    Raises SetupError if the database was written by a newer daybrief, or is not ours.
    """
    async with database.write() as connection:
        try:
            await connection.run_sync(_upgrade)
        except SetupError:
            raise
        except (SQLAlchemyError, ValueError) as error:
            raise SetupError(
                f"The database {database.shown_url} cannot be upgraded: {error}."
            ) from error


async def check(database: Database) -> list[str]:
    """Return what is wrong with ``database``, in sentences; an empty list is a clean bill."""
    faults = []
    async with database.read() as connection:
        revision = await connection.run_sync(_revision)
        if revision != newest_revision():
            faults.append(f"The schema is {revision or 'missing'}, not {newest_revision()}.")
        if database.is_sqlite:
            rows = await connection.execute(text("PRAGMA integrity_check"))
            faults += [f"Integrity: {row[0]}." for row in rows if row[0] != "ok"]
            rows = await connection.execute(text("PRAGMA foreign_key_check"))
            faults += [f"A row of {row[0]} points to a missing row of {row[2]}." for row in rows]
    return faults


async def backup(database: Database, target: Path) -> None:
    """Write a copy of a SQLite database to ``target``, which must not exist yet.

    VACUUM INTO copies one consistent state while others go on writing.
    """
    if not database.is_sqlite:
        raise SetupError("For PostgreSQL, back up with pg_dump.")
    if await asyncio.to_thread(target.exists):
        raise SetupError(f"{target} exists already; name a new file.")
    async with database.read() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM INTO :target"), {"target": str(target)})


def newest_revision() -> str:
    """Return the revision this code works with."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    revision = _revision(connection)
    if revision == newest_revision():
        return
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if revision is not None and revision not in known:
        name = make_url(str(connection.engine.url)).database
        raise SetupError(f"The database {name} was written by a newer daybrief: update daybrief.")
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
