"""What deletes, expires and counts reads the tables that grow by index only; on both databases."""

import json
import re

import pytest
from sqlalchemy import Engine, event, text

from bot.steps.cleaning import Cleaning
from tests.fakes.clock import FakeClock

# Tables with a row for each edition, entry, article, or line of an outlet.
GROWING = {
    "article",
    "article_match",
    "article_text",
    "content",
    "edition",
    "feed_entry",
    "feed_use",
    "furniture",
    "part",
    "quote",
    "story",
    "story_article",
    "subscription",
    "told",
}
# Partial indexes of what is on its way, which may be read whole.
SMALL = {"ix_part_queued", "ix_part_sending", "ix_part_open", "ix_feed_entry_new"}
# Without them PostgreSQL reads the small tables of a test whole; what it can read by index only
# remains. Joins of whole tables are left out for the same reason.
BY_INDEX = ("seqscan", "hashjoin", "mergejoin", "bitmapscan", "sort")
_SQLITE_STEP = re.compile(r"(?P<way>SCAN|SEARCH) (?P<table>\w+)(?: USING .*?INDEX (?P<index>\w+))?")


@pytest.fixture
def asked():
    """Yield a dict of the statements that read or change rows, with their parameters."""
    seen = {}

    def remember(_connection, _cursor, statement, parameters, _context, is_many):
        if re.match(r"SELECT|UPDATE|DELETE|WITH", statement):
            seen.setdefault(statement, parameters[0] if is_many else parameters)

    event.listen(Engine, "before_cursor_execute", remember)
    yield seen
    event.remove(Engine, "before_cursor_execute", remember)


async def whole_reads(database, statement, parameters=()):
    """Return the growing tables that a statement reads in whole."""
    async with database.read() as connection:
        if database.is_sqlite:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found = whole_in_sqlite([row[3] for row in plan], statement)
        else:
            for name in BY_INDEX:
                await connection.execute(text(f"SET LOCAL enable_{name} = off"))
            explain = f"EXPLAIN (FORMAT JSON) {statement}"
            plan = (await connection.exec_driver_sql(explain, parameters)).scalar_one()
            (top,) = json.loads(plan) if isinstance(plan, str) else plan
            found = whole_in_postgres(top["Plan"])
    return found & GROWING


def whole_in_sqlite(steps, statement):
    aliases = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    found = set()
    for step in filter(None, map(_SQLITE_STEP.match, steps)):
        # An automatic index is made for the one statement, of the whole table.
        is_whole = step["way"] == "SCAN" or "AUTOMATIC" in step.string
        if is_whole and step["index"] not in SMALL:
            found.add(aliases.get(step["table"], step["table"]))
    return found


def whole_in_postgres(node):
    kind, index = node["Node Type"], node.get("Index Name", "")
    is_whole = kind == "Seq Scan" or (
        kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
    )
    found = {node["Relation Name"]} if is_whole and index not in SMALL else set()
    return found.union(*map(whole_in_postgres, node.get("Plans", ())))


async def test_cleaning_and_counting_read_by_index(database, store, asked):
    clock = FakeClock()
    await Cleaning(store, clock, article_days=14, told_days=60).clean()
    await store.entries.pending_count()
    await store.editions.newest_at()
    statements = dict(asked)
    assert len(statements) > 12
    read = {one: await whole_reads(database, one, statements[one]) for one in statements}
    assert {one: tables for one, tables in read.items() if tables} == {}


async def test_a_statement_without_an_index_is_noticed(database):
    no_index = {
        "SELECT 1 FROM edition WHERE held_back > 1": {"edition"},
        "SELECT 1 FROM edition AS e WHERE e.held_back > 1": {"edition"},
        "DELETE FROM feed_entry WHERE seen_at < '2025-06-04'": {"feed_entry"},
        "SELECT 1 FROM edition WHERE created_at < '2025-06-04'": set(),
    }
    found = {one: await whole_reads(database, one) for one in no_index}
    assert found == no_index
