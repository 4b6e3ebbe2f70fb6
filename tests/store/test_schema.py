"""The schema: migrations, checks and backups."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from bot.errors import NoDatabase, SetupError
from bot.store import Database, Store, schema
from bot.store.schema import (
    Fault,
    FaultKind,
    backup,
    check,
    existing,
    require_newest,
    upgrade,
)
from tests.fakes.clock import START
from tests.fakes.editions import ask

MIGRATIONS = Path(schema.__file__).parent / "migrations"
OLD_ROWS = (
    "INSERT INTO chat (id, telegram_id, created_at) VALUES ({n}, 1{n}, '2025-06-01 00:00:00')",
    "INSERT INTO room (id, chat_id, created_at) VALUES ({n}, {n}, '2025-06-01 00:00:00')",
    "INSERT INTO edition (id, room_id, kind, key, created_at)"
    " VALUES ({n}, {chat}, 'brief', '{n}', '2025-06-01 00:00:00')",
    "INSERT INTO part (id, edition_id, n, html, plain, created_at, not_before)"
    " VALUES ({n}, {n}, 0, '{n}', '{n}', '2025-06-01 00:00:00', '2025-06-01 00:00:00')",
)


async def test_the_migrations_lead_to_the_tables_as_they_are_declared(database):
    assert await check(database) == []


async def test_tables_of_others_in_the_same_database_are_no_fault(database):
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE of_another_program (id INTEGER PRIMARY KEY)"))
    assert await check(database) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DROP INDEX ix_told_at", "add index ix_told_at"),
        ("ALTER TABLE feed DROP COLUMN listed", "add column feed listed"),
        ("ALTER TABLE feed ADD COLUMN extra TEXT", "remove column feed extra"),
        ("DROP TABLE host_pause", "add table host_pause"),
    ],
)
async def test_a_schema_that_was_changed_by_hand_is_told_from_ours(database, change, said):
    async with database.write() as connection:
        await connection.execute(text(change))
    assert await check(database) == [Fault(FaultKind.DIFFERS, (said,))]


async def test_an_upgrade_of_the_newest_schema_changes_nothing(database):
    await upgrade(database)
    assert await check(database) == []


async def test_a_database_of_a_newer_daybrief_is_refused(database):
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer daybrief"):
        await upgrade(database)
    with pytest.raises(SetupError, match="newer daybrief"):
        await require_newest(database)
    assert await check(database) == [Fault(FaultKind.NEWER, ("9999",))]


async def test_a_database_of_two_versions_at_once_is_not_ours(database):
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        await connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    for refused in (upgrade, require_newest):
        with pytest.raises(SetupError, match="newer daybrief"):
            await refused(database)
    assert await check(database) == [Fault(FaultKind.NEWER, ("0001,0002",))]


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


def make_old(path, *statements):
    """Make a database as the first schema had it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


async def test_an_upgrade_keeps_what_was_queued_and_whose_it_was(tmp_path):
    path = tmp_path / "daybrief.db"
    make_old(path, *(row.format(n=n, chat=3 - n) for n in (1, 2) for row in OLD_ROWS))
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database)
        assert await check(database) == []
        parts = await Store(database).outbox.claim_parts(
            now=START, limit=9, lease=timedelta(minutes=1)
        )
    assert [(one.id, one.address.id, one.html) for one in parts] == [(1, "12", "1"), (2, "11", "2")]


@pytest.mark.parametrize(
    "state",
    [
        '{"url": "https://harbour.example/feed", "seen": ["ab", "cd"]}',
        '{"url": "https://harbour.example/feed"}',
        "{}",
    ],
)
async def test_an_upgrade_knows_what_feeds_listed(tmp_path, state):
    path = tmp_path / "daybrief.db"
    made = "INSERT INTO feed (id, url, state) VALUES (1, 'https://harbour.example/feed', :state)"
    make_old(path, made.replace(":state", "'" + state.replace(":", "\\:") + "'"))
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database)
        assert await check(database) == []
        feed = await Store(database).feeds.get(1)
    assert feed.state == state
    assert feed.listed == ("ab cd" if "seen" in state else "")


async def test_a_first_schema_that_had_the_listings_column_already_is_upgraded(tmp_path):
    path = tmp_path / "daybrief.db"
    make_old(
        path,
        "ALTER TABLE feed ADD COLUMN listed TEXT NOT NULL DEFAULT ''",
        "INSERT INTO feed (id, url, listed) VALUES (1, 'https\\://harbour.example/feed', 'ab cd')",
    )
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database)
        feed = await Store(database).feeds.get(1)
    assert feed.listed == "ab cd"


async def test_an_upgrade_gives_outlets_ids_and_keeps_what_they_repeat(tmp_path):
    at = "'2025-06-01 00:00:00'"
    feed = "INSERT INTO feed (id, url, source, read_at) VALUES ({})"
    made = (
        feed.format(f"1, 'https\\://quay.example/a', 'Quay Post', {at}"),
        feed.format(f"2, 'https\\://quay.example/b', 'Tree', {at}"),
        feed.format("3, 'https\\://new.example/c', 'Never read', NULL"),
        *(
            f"INSERT INTO article (id, page_key, canonical_url, source, seen_at) VALUES ({n},"
            f" 'quay.example/{n}', 'https\\://quay.example/{n}', '{source}', {at})"
            for n, source in enumerate(("Quay Post", "Tree", "Tree", "Gone"), start=1)
        ),
        "INSERT INTO feed_entry (feed_id, guid, url, seen_at, article_id)"
        f" VALUES (1, 'g', 'u', {at}, 1)",
        *(f"INSERT INTO furniture VALUES ('{name}', 'x', {at})" for name in ("Tree", "Odd")),
    )
    path = tmp_path / "daybrief.db"
    make_old(path, *made)
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database, outlet_of=lambda url, name: f"id of {name}")
        assert await check(database) == []
        store = Store(database)
        feeds = [await store.feeds.get(n) for n in (1, 2, 3)]
        articles = [await ask(store, "SELECT page_key, outlet, source, kind FROM article")]
        walled = await ask(store, "SELECT page_key FROM article WHERE paywalled")
        assert await store.furniture.of("id of Tree") == {"x"}
        assert await store.furniture.of("Odd") == {"x"}
        names = await ask(store, "SELECT id, name, naming FROM outlet ORDER BY id")
    assert walled == []  # not known of those from before
    assert [feed.outlet for feed in feeds] == ["id of Quay Post", "id of Tree", ""]
    assert articles[0] == [
        ("schema-3:quay.example/1", "id of Quay Post", "Quay Post", "news"),
        ("schema-3:quay.example/2", "id of Tree", "Tree", "news"),
        ("schema-3:quay.example/3", "id of Tree", "Tree", "news"),
        ("schema-3:quay.example/4", "id of Gone", "Gone", "news"),
    ]
    assert names == [("id of Quay Post", "Quay Post", 2), ("id of Tree", "Tree", 2)]


@pytest.mark.parametrize(
    "error", [TypeError("odd row\nof 2024"), KeyError(), ValueError("odd row")]
)
async def test_a_migration_that_fails_is_one_line_and_the_database_as_it_was(tmp_path, error):
    def fail(url, name):
        raise error

    path = tmp_path / "daybrief.db"
    feed = (
        "INSERT INTO feed (id, url, source, read_at) VALUES (1, 'u', 'Quay', '2025-06-01 00:00:00')"
    )
    make_old(path, feed)
    before = dump(path)
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        with pytest.raises(SetupError) as caught:
            await upgrade(database, outlet_of=fail)
    line = str(caught.value)
    assert line.startswith(f"The database {path} cannot be upgraded: ")
    assert "\n" not in line
    assert "odd row" in line or type(error).__name__ in line
    assert line.endswith(".")
    assert dump(path) == before


def dump(path):
    connection = sqlite3.connect(path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


async def test_an_upgrade_takes_all_that_was_told_as_told_in_full_and_parts_as_they_are(tmp_path):
    path = tmp_path / "daybrief.db"
    told = (
        "INSERT INTO told (room_id, story_id, edition_id, at, hashes)"
        " VALUES (1, 5, 1, '2025-06-01 00:00:00', '[7]')"
    )
    make_old(path, *(row.format(n=1, chat=1) for row in OLD_ROWS), told)
    async with Database(f"sqlite+aiosqlite:///{path}") as database:
        await upgrade(database)
        assert await check(database) == []
        store = Store(database)
        known = await store.editions.remembered(1)
        assert await store.contents.of_room(1) == {}
        lease = timedelta(minutes=1)
        (part,) = await store.outbox.claim_parts(now=START, limit=9, lease=lease)
        await store.outbox.mark_sent(part.id, message_id=1, now=START)
    assert {story: hashes for story, (_, hashes) in known.told.items()} == {5: frozenset({7})}
    assert known.listed == {}
    assert (part.html, part.plain) == ("1", "1")


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


async def test_a_backup_while_others_write_is_one_instant_and_can_be_used(tmp_path):
    """A row goes in with its twin, and one pair after another: the copy has no half of a pair."""
    meta = text("INSERT INTO meta (key, value) VALUES (:key, 'x')")
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    written = asyncio.Event()

    async def write():
        number = 0
        while True:
            async with database.write() as connection:
                await connection.execute(meta, [{"key": f"a{number}"}, {"key": f"b{number}"}])
            number += 1
            if number == 20:
                written.set()

    async with Database(url) as database, asyncio.TaskGroup() as tasks:
        await upgrade(database)
        writing = tasks.create_task(write())
        await written.wait()
        for name in ("one.db", "two.db"):
            await backup(database, tmp_path / name)
        writing.cancel()
    for name in ("one.db", "two.db"):
        async with Database(f"sqlite+aiosqlite:///{tmp_path}/{name}") as copy:
            await upgrade(copy)  # as the next start does
            assert await check(copy) == []
            await Store(copy).claim_for_bot(42)  # it can be written to
            async with copy.read() as connection:
                keys = set(await connection.scalars(text("SELECT key FROM meta")))
        first = {key[1:] for key in keys if key.startswith("a")}
        assert len(first) >= 20
        assert first == {key[1:] for key in keys if key.startswith("b") and key != "bot_id"}


async def test_a_damaged_reference_is_found(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    async with Database(url) as database:
        await upgrade(database)
    connection = sqlite3.connect(tmp_path / "daybrief.db")
    connection.execute("INSERT INTO story_article VALUES (1, 2)")
    connection.commit()
    connection.close()
    async with Database(url) as database:
        assert Fault(FaultKind.DANGLING, ("story_article", "article")) in await check(database)


async def test_an_older_schema_is_said_and_left_as_it_is(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    make_old(tmp_path / "daybrief.db")
    async with existing(url) as database:
        with pytest.raises(SetupError, match="daybrief db upgrade"):
            await require_newest(database)
        assert await check(database) == [Fault(FaultKind.OLDER, ("0001",))]


async def test_an_empty_database_is_not_taken_for_a_newer_one(tmp_path):
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db") as database:
        with pytest.raises(NoDatabase):
            await require_newest(database)


async def test_a_database_without_our_tables_is_none(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    for _ in range(2):  # an open creates the file, a look at it changes nothing
        with pytest.raises(NoDatabase):
            async with existing(url):
                pass
        async with Database(url) as database:
            assert await check(database) == [Fault(FaultKind.MISSING)]


async def test_pages_that_were_overwritten_are_damage(tmp_path):
    path = tmp_path / "daybrief.db"
    url = f"sqlite+aiosqlite:///{path}"
    async with Database(url) as database:
        await upgrade(database)
        # Of a table: without the pages that hold the schema, no file is opened.
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'furniture'"
        ((page,),) = await ask(Store(database), root)
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * (page - 1)] + b"\x55" * 4096 + whole[4096 * page :])
    async with Database(url) as database:
        faults = await check(database)
    assert {fault.kind for fault in faults} == {FaultKind.DAMAGED}


async def test_a_backup_that_fails_leaves_nothing_behind(tmp_path):
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db") as database:
        await upgrade(database)
        async with database.write() as connection:
            await connection.execute(text("PRAGMA writable_schema=ON"))
            await connection.execute(
                text("UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = 'told'")
            )
        with pytest.raises(SetupError, match=r"copy\.db cannot be written"):
            await backup(database, tmp_path / "copy.db")
        with pytest.raises(SetupError, match="cannot be written: No such file or directory"):
            await backup(database, tmp_path / "not" / "there.db")
    assert [path for path in tmp_path.iterdir() if path.name.startswith(("copy", "not"))] == []


async def test_a_database_serves_one_bot_only(store):
    await store.claim_for_bot(42)
    await store.claim_for_bot(42)
    with pytest.raises(SetupError, match="belongs to the bot 42, not to 43"):
        await store.claim_for_bot(43)
