"""The schema: migrations, checks and backups."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import SetupError
from bot.store import Database, Store
from bot.store.schema import backup, check, newest_revision, upgrade
from bot.store.tables import metadata


async def test_the_migrations_lead_to_the_tables_as_they_are_declared(database):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_upgrade_of_the_newest_schema_changes_nothing(database):
    await upgrade(database)
    assert await check(database) == []


async def test_a_database_of_a_newer_daybrief_is_refused(database):
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer daybrief"):
        await upgrade(database)
    assert await check(database) == [f"The schema is 9999, not {newest_revision()}."]


async def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("These are my notes. " * 100)
    with pytest.raises(SetupError, match="cannot be opened: file is not a database") as caught:
        async with Database(f"sqlite+aiosqlite:///{path}"):
            pass
    assert "\n" not in str(caught.value)


async def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be opened"):
        async with Database(f"sqlite+aiosqlite:///{tmp_path}/file/daybrief.db"):
            pass


async def test_a_password_is_not_shown():
    database = Database("postgresql+psycopg://reader:geheim@127.0.0.1:1/daybrief")
    assert "geheim" not in database.shown_url
    with pytest.raises(SetupError) as caught:
        async with database:
            pass
    assert "geheim" not in str(caught.value)


async def test_a_backup_holds_what_the_database_holds(tmp_path):
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db") as database:
        await upgrade(database)
        await Store(database).claim_for_bot(42)
        await backup(database, tmp_path / "copy.db")
        with pytest.raises(SetupError, match="exists already"):
            await backup(database, tmp_path / "copy.db")
    connection = sqlite3.connect(tmp_path / "copy.db")
    assert connection.execute("SELECT value FROM meta").fetchall() == [("42",)]
    connection.close()


async def test_a_damaged_reference_is_found(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    async with Database(url) as database:
        await upgrade(database)
    connection = sqlite3.connect(tmp_path / "daybrief.db")
    connection.execute("INSERT INTO story_article VALUES (1, 2)")
    connection.commit()
    connection.close()
    async with Database(url) as database:
        assert "A row of story_article points to a missing row of article." in await check(database)


async def test_a_database_serves_one_bot_only(store):
    await store.claim_for_bot(42)
    await store.claim_for_bot(42)
    with pytest.raises(SetupError, match="belongs to the bot 42, not to 43"):
        await store.claim_for_bot(43)
