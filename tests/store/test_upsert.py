"""Rows that are inserted or updated, in every database."""

from bot.store.tables import furniture
from bot.store.upsert import insert_missing, insert_or_update
from tests.fakes.clock import START


async def test_names_of_no_column_are_ignored(database):
    row = {"outlet": "harbour.example", "digest": "a", "seen_at": START, "colour": "blue"}
    async with database.write() as connection:
        await insert_or_update(connection, furniture, row)
        await insert_or_update(connection, furniture, row)
        assert await insert_missing(connection, furniture, row) == 0
