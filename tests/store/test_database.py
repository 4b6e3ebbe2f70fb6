"""What concerns the whole database is told apart from what one row is to blame for."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from bot.errors import StoreUnavailable
from bot.store import Database
from bot.store.schema import upgrade


async def test_a_row_that_is_refused_is_its_own_fault_and_the_next_is_taken(database):
    meta = text("INSERT INTO meta (key, value) VALUES (:key, 'x')")
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.execute(meta, [{"key": "a"}, {"key": "a"}])
    with pytest.raises(DBAPIError):
        async with database.read() as connection:
            await connection.execute(text("SELECT no_such_column FROM meta"))
    async with database.write() as connection:
        await connection.execute(meta, {"key": "a"})


@pytest.fixture
async def sqlite(tmp_path):
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db") as database:
        await upgrade(database)
        yield database


async def test_a_full_disk_concerns_all_and_passes(sqlite):
    async with sqlite.write() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    large = text("INSERT INTO meta (key, value) VALUES ('large', :value)")
    with pytest.raises(StoreUnavailable) as caught:
        async with sqlite.write() as connection:
            await connection.execute(large, {"value": "x" * 1_000_000})
    assert caught.value.reason.code == "store-unavailable"
    async with sqlite.write() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1000000"))
        await connection.execute(large, {"value": "x" * 1_000_000})


async def test_a_database_that_another_program_holds_concerns_all(sqlite):
    async with sqlite.write() as ours:
        await ours.execute(text("PRAGMA busy_timeout = 1"))
    async with Database(sqlite.shown_url) as other:
        async with other.write():
            with pytest.raises(StoreUnavailable):
                async with sqlite.write():
                    raise AssertionError("two programs write at once")
        async with sqlite.write() as ours:
            assert await ours.scalar(text("SELECT 1")) == 1


_META = text("INSERT INTO meta (key, value) VALUES (:key, 'x')")
_COUNT = text("SELECT count(*) FROM meta WHERE key IN ('a', 'b')")


async def test_a_transaction_in_one_go_is_stored_whole_or_not_at_all(database):
    def twice(connection):
        connection.execute(_META, {"key": "a"})
        connection.execute(_META, {"key": "a"})

    with pytest.raises(IntegrityError):
        await database.transact(twice)
    assert await database.transact(lambda connection: connection.scalar(_COUNT)) == 0
    await database.transact(lambda connection: connection.execute(_META, {"key": "a"}) and None)
    async with database.write() as connection:  # the same writer, by its other way
        await connection.execute(_META, {"key": "b"})
    assert await database.transact(lambda connection: connection.scalar(_COUNT)) == 2


async def test_a_transaction_in_one_go_finds_a_full_disk_and_another_program(sqlite):
    large = text("INSERT INTO meta (key, value) VALUES ('large', :value)")

    def fill(connection):
        connection.execute(large, {"value": "x" * 1_000_000})

    async with sqlite.write() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        await connection.execute(text("PRAGMA busy_timeout = 1"))
    with pytest.raises(StoreUnavailable):
        await sqlite.transact(fill)
    async with Database(sqlite.shown_url) as other, other.write():
        with pytest.raises(StoreUnavailable):
            await sqlite.transact(lambda connection: connection.scalar(_COUNT))
    async with sqlite.write() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1000000"))
    await sqlite.transact(fill)


async def test_a_transaction_that_nobody_waits_for_any_longer_is_no_others_fault(sqlite):
    task = asyncio.create_task(
        sqlite.transact(lambda connection: connection.execute(_META, {"key": "a"}) and None)
    )
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    async with sqlite.write() as connection:
        await connection.execute(_META, {"key": "b"})
    assert await sqlite.transact(lambda connection: connection.scalar(_COUNT)) >= 1


# Long enough for a cancellation to come in the middle of it.
_LONG = text(
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)"
    " SELECT count(*) FROM n"
)


async def _write_long(database, at_work):
    async with database.write() as connection:
        await connection.execute(_META, {"key": "a"})
        at_work.set()
        await connection.execute(_LONG)


async def _transact_long(database, at_work):
    loop = asyncio.get_running_loop()

    def work(connection):
        connection.execute(_META, {"key": "a"})
        loop.call_soon_threadsafe(at_work.set)
        connection.execute(_LONG)
        raise LookupError

    await database.transact(work)


@pytest.mark.parametrize("cut", [_write_long, _transact_long])
async def test_a_transaction_that_is_cancelled_at_any_line_leaves_the_file_unlocked(sqlite, cut):
    """SQLAlchemy let go of the connection, and SQLite kept the transaction: "locked", for ever."""
    await sqlite.transact(lambda connection: connection.scalar(_COUNT))
    async with sqlite.write() as connection:
        await connection.execute(text("PRAGMA busy_timeout = 1"))
    at_work = asyncio.Event()
    task = asyncio.create_task(cut(sqlite, at_work))
    await at_work.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task  # and is kept, with all that its error holds
    async with sqlite.write() as connection:
        assert await connection.scalar(text("PRAGMA busy_timeout")) == 1  # the same connection
        await connection.execute(_META, {"key": "b"})
    assert await sqlite.transact(lambda connection: connection.scalar(_COUNT)) == 1
    async with Database(sqlite.url) as other, other.write() as connection:
        assert await connection.scalar(_COUNT) == 1


@pytest.mark.parametrize("way", ["write", "transact"])
async def test_a_begin_that_is_cancelled_while_it_waits_leaves_no_transaction(sqlite, way):
    async def begin():
        if way == "transact":
            await sqlite.transact(lambda connection: connection.execute(_META, {"key": "a"}))
        else:
            async with sqlite.write() as connection:
                await connection.execute(_META, {"key": "a"})

    async with Database(sqlite.url) as other, other.write() as holder:
        for pauses in range(8):  # before, in and after the wait for the thread
            task = asyncio.create_task(begin())
            for _ in range(pauses):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task], timeout=0)
        await holder.execute(_META, {"key": "b"})
    async with sqlite.write() as connection:
        await connection.scalar(_COUNT)
    async with Database(sqlite.url) as other, other.write() as connection:
        await connection.execute(_META, {"key": "c"})


async def test_a_commit_that_fails_leaves_no_transaction(sqlite):
    orphan = text(
        "INSERT INTO subscription (room_id, kind, key, label, created_at)"
        " VALUES (999, 'topic', 'x', 'x', '2026-01-01')"
    )

    def work(connection):
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(orphan)
        return connection.scalar(text("SELECT count(*) FROM subscription"))

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        await sqlite.transact(work)
    await sqlite.transact(lambda connection: connection.execute(_META, {"key": "a"}) and None)
    async with Database(sqlite.url) as other, other.write() as connection:
        assert await connection.scalar(_COUNT) == 1


@pytest.mark.parametrize("way", ["write", "transact"])
async def test_writes_that_the_close_overtakes_find_no_database(tmp_path, way):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")

    async def write():
        if way == "transact":
            await database.transact(lambda connection: connection.scalar(_LONG))
        else:
            async with database.write() as connection:
                await connection.scalar(_LONG)

    async with database:
        tasks = [asyncio.create_task(write()) for _ in range(3)]
        await asyncio.sleep(0)
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(end is None or isinstance(end, int | StoreUnavailable) for end in ends), ends
    assert isinstance(ends[-1], StoreUnavailable)


async def test_who_is_alone_at_work_on_a_database_is_known(database):
    """What a killed process had claimed may be freed by the next one only if no other is there."""
    async with database.alone() as lock:
        assert lock is not None
        assert await lock.renew()
        if not database.is_sqlite:  # there, a second bot does not start at all
            async with Database(database.url) as second, second.alone() as second_lock:
                assert second_lock is None
                assert await second.has_bot()
    async with Database(database.url) as later:
        assert database.is_sqlite or not await later.has_bot()
        async with later.alone() as lock:
            assert lock is not None


END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def cut_off(database):
    """Let the server of ``database`` end all sessions, as its restart does."""
    async with Database(database.url) as another, another.read() as connection:
        await connection.execute(END_OTHERS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_lock_that_the_server_lost_is_taken_again(database):
    async with database.alone() as lock:
        await cut_off(database)
        async with Database(database.url) as another:
            assert not await another.has_bot()
            assert await lock.renew()
            assert await another.has_bot()
    async with Database(database.url) as later:
        assert not await later.has_bot()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_lost_the_lock_to_another_process_is_told(database):
    async with database.alone() as lock:
        await cut_off(database)
        async with Database(database.url) as another, another.alone() as its_lock:
            assert its_lock is not None
            assert not await lock.renew()
            assert await its_lock.renew()
        assert await lock.renew()  # the other has ended


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_session_that_the_server_has_not_given_up_does_not_keep_its_own_bot_out(database):
    async with database.alone() as lock:
        unended, lock._connection = (
            lock._connection,
            None,
        )  # cut off: no word comes from either side
        assert await lock.renew()
        with pytest.raises(DBAPIError):
            await unended.exec_driver_sql("SELECT 1")
        await unended.close()


async def test_a_database_that_was_left_is_closed_and_can_be_entered_again(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    for _ in range(2):
        async with database, database.write() as connection:
            await connection.execute(text("SELECT 1"))
        for use in (database.read, database.write):
            with pytest.raises(AssertionError):
                async with use():
                    pass


@pytest.mark.parametrize("url", ["", "news", "postgresql+psycopg://host:port/news"])
async def test_what_is_no_url_of_a_database_is_an_argument_error(url):
    with pytest.raises(ArgumentError):
        async with Database(url):
            pass
