"""Erasure by construction: what can be reached from a chat is forgotten with it, and exported.

The tables are found by their keys, so that a new one has to be thought of here: the tests fail
until it has rows, is emptied by /forgetme, and is shown by /export or said why it is not.
"""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.commands.privacy import ForgetTapped
from bot.domain.briefing import Briefing, Quiet
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.store.editions import FilledEdition, Quote
from bot.store.tables import metadata
from tests.fakes.clock import START
from tests.fakes.conversation import room_of
from tests.fakes.editions import add_report
from tests.fakes.house import open_house
from tests.fakes.rooms import open_room

# Columns that name a row of a table without a foreign key.
NAMES = {"chat_id": "chat", "room_id": "room", "edition_id": "edition", "part_id": "part"}
# Where /export shows the rows of a table, within a room or the chat.
SHOWN = {
    "chat": lambda found: found["chat"]["telegram_id"],
    "room": lambda found: found["rooms"],
    "schedule": lambda found: found["rooms"][0]["schedules"],
    "subscription": lambda found: found["rooms"][0]["subscriptions"],
    "edition": lambda found: found["rooms"][0]["editions"],
    # Of a message in the queue: its edition, and that it waits. Its words are publishers'.
    "part": lambda found: found["rooms"][0]["editions"][0]["waiting"],
    "content": lambda found: found["rooms"][0]["editions"][0]["content"],
    # Which texts an edition quotes is in its content.
    "quote": lambda found: found["rooms"][0]["editions"][0]["content"],
    "told": lambda found: found["rooms"][0]["told"],
    "manager": lambda found: found["manages"],
    "change": lambda found: found["rooms"][0]["changes"],
}


def reached():
    """Return the names of the tables whose rows can be reached from a row of ``chat``."""
    found = {"chat"}
    while True:
        more = {
            table.name
            for table in metadata.tables.values()
            for column in table.columns
            if NAMES.get(column.name) in found
            or any(key.column.table.name in found for key in column.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


async def counts(store):
    async with store.database.read() as connection:
        return {
            name: await connection.scalar(select(func.count()).select_from(table))
            for name, table in metadata.tables.items()
        }


@pytest.fixture
async def full(database_url):
    """A house with a reader who has a row in every table that can be reached."""
    async with open_house(database_url) as house:
        store = house.app.store
        await house.say("/subscribe climate")
        await house.say("every day at 9:15")  # in plain words, it can be taken back
        room = await room_of(house)
        group = await open_room(store, -7)
        await store.managers.add(room.chat.id, group.id)
        report = await add_report(store, "dam")
        edition_id = await store.editions.open(room.id, EditionKind.BRIEF, "1", now=START)
        said = Briefing(
            local_date=START.date(),
            zone="UTC",
            sections=(),
            quiet=(Quiet(name="Climate", key="climate"),),
        )
        filled = FilledEdition(
            messages=[Message(html="x", plain="x")],
            quotes=[Quote(part=0, story_id=5, text_id=report.text_id)],
            told={5: [1]},
            content=said,
        )
        assert await store.editions.fill(edition_id, filled, now=START + timedelta(days=1))
        yield house


def test_every_table_that_a_chat_reaches_is_known_here():
    assert reached() == set(SHOWN)


async def test_export_shows_every_table_that_a_chat_reaches(full):
    assert all([(await counts(full.app.store))[name] for name in reached()])
    found = json.loads(await full.known(1))
    assert [name for name, shown in SHOWN.items() if not shown(found)] == []


async def test_forgetme_empties_every_table_that_a_chat_reaches(full):
    store = full.app.store
    await full.say("/help", 2)
    await full.say("/forgetme")
    await full.press(ForgetTapped().pack(), full.wire.sent(1)[-1])
    others = {"chat": 2, "room": 2}  # another reader, and the group
    left = await counts(store)
    assert {name: left[name] for name in reached()} == {n: others.get(n, 0) for n in reached()}


async def test_forgetme_beside_other_commands_of_the_chat_leaves_no_half_of_them(full):
    store = full.app.store
    full.forgives = True
    room = await room_of(full)
    ahead = [
        full.say(text) for text in ("/subscribe energy", "/schedule 9:00", "/settings", "/brief")
    ]
    await full.say("/forgetme")
    press = full.press(ForgetTapped().pack(), full.wire.sent(1)[-1])
    await asyncio.gather(*ahead, press, *[full.say("/pause 3d"), full.say("/topics")])
    async with store.database.read() as connection:
        for name in reached() - {"chat", "room"}:
            table = metadata.tables[name]
            if "room_id" in table.columns:
                rows = select(func.count()).where(table.c.room_id == room.id)
                assert await connection.scalar(rows) == 0, name
