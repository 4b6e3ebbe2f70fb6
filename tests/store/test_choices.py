"""What a room chose is stored, and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot.domain.room import Length, RoomSettings, Silence
from bot.reasons import Reason
from bot.store import Database
from bot.store.choices import dump_settings, is_zone, load_settings
from bot.store.schema import _MIGRATIONS, upgrade
from bot.store.tables import room as rooms
from summarizers import METHODS
from tests.fakes.rooms import open_room

CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "length": st.sampled_from(Length),
        "stories_per_topic": st.integers(1, 50),
        "stories_in_all": st.integers(1, 50),
        "sentences": st.integers(1, 50),
        "languages": st.lists(st.sampled_from(["de", "en", "ko"]), unique=True).map(tuple),
        "method": st.sampled_from(["", *METHODS]),
        "silence": st.sampled_from(Silence),
        "paused_until": st.integers(0, 250_000_000_000).map(
            lambda at_s: datetime.fromtimestamp(at_s, UTC)
        ),
    },
)


@given(CHOICES)
def test_what_was_chosen_is_read_back_and_stands_alone_in_the_row(choices):
    settings = RoomSettings().choose(**choices)
    stored = dump_settings(settings)
    assert json.loads(stored).keys() == choices.keys()
    again, retired = load_settings(stored)
    assert (again, again.chosen, retired) == (settings, frozenset(choices), ())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
ROWS = st.dictionaries(
    st.sampled_from(["length", "sentences", "languages", "method", "silence", "paused_until", "x"]),
    JSON,
)


@given(ROWS.map(json.dumps) | JSON.map(json.dumps) | st.text())
def test_whatever_stands_in_a_row_is_read(text):
    settings, retired = load_settings(text)
    assert load_settings(dump_settings(settings)) == (settings, ())
    assert all(reason.code.startswith("retired-") for reason in retired)


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ('{"method": "magic"}', "retired-method"),
        ('{"length": "huge"}', "retired-setting"),
        ('{"sentences": 0}', "retired-setting"),
        ('{"languages": ["xx"]}', "retired-language"),
        ('{"sentences": true}', "retired-setting"),
        ("[]", "retired-settings"),
        ("[" * 5000, "retired-settings"),
    ],
)
def test_a_choice_that_exists_no_more_counts_as_not_made_and_is_told(stored, code):
    settings, (reason,) = load_settings(stored)
    assert (settings, settings.chosen, reason.code) == (RoomSettings(), frozenset(), code)


def test_of_several_languages_those_that_are_stay():
    settings, retired = load_settings('{"languages": ["de", "xx", "ko"]}')
    assert settings.languages == ("de", "ko")
    assert retired == (Reason("retired-language", {"languages": ("xx",)}),)


def test_a_choice_taken_back_is_not_stored():
    chosen = RoomSettings().choose(
        length=Length.BRIEF, paused_until=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert json.loads(dump_settings(chosen.choose(paused_until=None))) == {"length": "brief"}


async def test_a_newcomers_row_holds_no_choice(store):
    room = await open_room(store)
    async with store.database.read() as connection:
        stored = await connection.scalar(select(rooms.c.settings).where(rooms.c.id == room.id))
    assert stored == "{}"
    await store.chats.save_settings(room.id, room.settings.choose(length=Length.BRIEF))
    here = await store.chats.get_room(room.id)
    assert (here.settings, here.settings.chosen) == (RoomSettings(), frozenset({"length"}))
    assert here == replace(room, settings=here.settings)


@pytest.mark.parametrize(
    "name", ["", "/", ".", "..", "Mars/Base", "../etc/passwd", "a" * 300, "\0"]
)
def test_what_is_no_zone_raises_nothing(name):
    assert not is_zone(name)
    assert is_zone("Europe/Berlin")


@pytest.mark.parametrize(
    ("configured", "language", "stored", "kept"),
    [
        ((), "de", ["de"], {}),
        ((), "de", ["en"], {"languages": ["en"]}),
        ((), "xx", ["en"], {}),
        ((), "de", [], {"languages": []}),
        (("en",), "de", ["de"], {"languages": ["de"]}),
        (("en", "de"), "fr", ["en", "de"], {}),
    ],
)
async def test_an_upgrade_drops_the_languages_that_nobody_chose(
    tmp_path, configured, language, stored, kept
):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    settings = json.dumps({"length": "deep", "sentences": 2, "languages": stored})
    async with Database(url) as database:
        async with database.write() as connection:
            await connection.run_sync(_upgrade_to, "0002")
            await connection.execute(
                text("INSERT INTO chat (telegram_id, language, created_at) VALUES (1, :l, :at)"),
                {"l": language, "at": "2025-06-05"},
            )
            await connection.execute(
                text("INSERT INTO room (chat_id, settings, created_at) VALUES (1, :s, :at)"),
                {"s": settings, "at": "2025-06-05"},
            )
        await upgrade(database, languages=configured)
        async with database.read() as connection:
            found = (await connection.execute(text("SELECT settings FROM room"))).scalar_one()
    assert json.loads(found) == {"length": "deep"} | kept


def _upgrade_to(connection, revision):
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
