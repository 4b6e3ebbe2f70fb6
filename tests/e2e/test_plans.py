"""Everyday statements read the tables that grow with the readers by index only."""

import os
import re
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from bot.commands.privacy import ForgetTapped
from bot.reasons import Reason
from bot.send import telegram_address
from tests.fakes.clock import START
from tests.fakes.house import open_house
from tests.fakes.rooms import open_room

# Tables with rows for each reader, edition or listed entry. The numbers of feeds and articles do
# not depend on the number of readers.
GROWING = {
    "chat",
    "room",
    "schedule",
    "subscription",
    "edition",
    "part",
    "quote",
    "told",
    "feed_entry",
    "article_match",
    "article_text",
}
COMMANDS = (
    "/start",
    "/subscribe north-korea",
    "/subscribe climate, “orun dam” -flood",
    "/topics",
    "/unsubscribe climate",
    "/brief",
    "/settings",
    "/pause 3d",
    "/resume",
    "/schedule 07:30 18:00",
    "/timezone Berlin",
    "/status",
    "/privacy",
    "/export",
    "/forgetme",
)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title><item>
<title>North Korea fills the Orun dam</title><link>%s</link><guid>1</guid></item></channel></rss>"""
# A step of a query plan that reads a whole table, or a whole index.
_WHOLE = re.compile(r"(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$")
# Partial indexes that contain only rows in progress, so that reading them whole is cheap.
_SMALL = {"ix_part_queued", "ix_part_sending", "ix_part_open", "ix_feed_entry_new"}

pytestmark = pytest.mark.skipif(
    os.environ.get("DAYBRIEF_TEST_DATABASE") == "postgresql",
    reason="SQLite says how it will read; PostgreSQL decides by the rows it has",
)


@pytest.fixture
def statements():
    """Yield a dict of all statements that are run, with the parameters of the first run."""
    seen = {}

    def remember(_connection, _cursor, statement, parameters, _context, is_many):
        seen.setdefault(statement, parameters[0] if is_many else parameters)

    event.listen(Engine, "before_cursor_execute", remember)
    yield seen
    event.remove(Engine, "before_cursor_execute", remember)


async def test_nothing_reads_all_readers_rows(tmp_path, statements):
    path = tmp_path / "x.db"
    async with open_house(f"sqlite+aiosqlite:///{path}", feeds=("/feed",)) as house:
        page = house.web.add("/dam", f"<p>{'The Orun dam in North Korea is full. ' * 40}</p>")
        house.web.add("/feed", RSS % page, content_type="application/rss+xml")
        statements.clear()  # the start may read whole tables
        for command in COMMANDS:
            await house.say(command)
        await house.refresh()
        house.clock.advance(timedelta(days=1))
        await house.morning()
        await house.app.flow.next_edition_at()
        await house.app.flow.next_part_at()
        await house.press(ForgetTapped().pack(), house.wire.sent(1)[-1])
        await open_room(house.app.store, -7)
        await house.app.store.outbox.migrate_chat(
            telegram_address(-7), telegram_address(-1007), now=START
        )
        await house.app.store.outbox.mark_chat_gone(
            telegram_address(-1007), error=Reason("bot-blocked"), now=START
        )
    asked = {
        statement: values
        for statement, values in statements.items()
        if not statement.startswith("BEGIN")
    }
    assert len(asked) > 60
    with sqlite3.connect(path) as connection:
        read = {
            statement: whole_tables(connection, statement, asked[statement]) for statement in asked
        }
    assert {one: tables for one, tables in read.items() if tables} == {}


def test_a_whole_table_is_noticed():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE told (id INTEGER PRIMARY KEY, at TEXT, n INTEGER)")
        connection.execute("CREATE INDEX ix_told_at ON told (at)")
        assert whole_tables(connection, "SELECT 1 FROM told WHERE n = ?", (1,)) == {"told"}
        assert whole_tables(connection, "SELECT min(at) FROM told WHERE n = ?", (1,)) == {"told"}
        assert whole_tables(connection, "SELECT 1 FROM told AS t WHERE t.n = ?", (1,)) == {"told"}
        assert whole_tables(connection, "SELECT 1 FROM told WHERE at = ?", ("",)) == set()


def whole_tables(connection, statement, parameters):
    """Return the growing tables that a statement reads in whole, by SQLite's query plan."""
    if not re.match(r"SELECT|UPDATE|DELETE|INSERT", statement):
        return set()
    steps = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    found = filter(None, (_WHOLE.match(step[3]) for step in steps))
    names = {match[1] for match in found if match[2] not in _SMALL}
    tables = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    return {tables.get(name, name) for name in names} & GROWING
