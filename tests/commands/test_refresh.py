"""How far the reading for a first briefing is, in a line."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.refresh import progress_line
from bot.gather.catalogue.sources import MAX_SOURCES
from bot.send import telegram_address
from bot.store.refresh_progress import RefreshProgress
from bot.texts import texts_for
from tests.fakes.house import open_house

START = RefreshProgress(sources=38, asked=0, read=0, due=38, waiting=0, articles=0)
NAMES = ["North Korea", "Climate", "AI", "Space", "Energy"]


@pytest.mark.parametrize(
    ("state", "names", "said"),
    [
        (START, NAMES[:1], "Reading 0 of 38 sources for North Korea …"),
        (
            replace(START, sources=1),
            NAMES[:2],
            "Reading 0 of 1 source for North Korea and Climate …",
        ),
        (
            replace(START, asked=12, articles=1),
            NAMES,
            "Reading 12 of 38 sources for North Korea, Climate, AI and 2 more … Found 1 article.",
        ),
        (replace(START, asked=38, waiting=5), NAMES, "Reading 5 pages …"),
        (
            replace(START, asked=38, waiting=1, articles=1200),
            NAMES,
            "Found 1,200 articles. Reading 1 page …",
        ),
    ],
)
def test_the_line_says_what_is_done_and_what_is_left(state, names, said):
    assert progress_line(state, names, texts_for("en")) == said


def test_it_is_said_in_the_readers_language():
    texts = texts_for("de")
    asking = progress_line(replace(START, asked=12, articles=9), ["Nordkorea"], texts)
    assert asking == "Lese 12 von 38 Quellen zu Nordkorea … 9 Artikel gefunden."
    reading = progress_line(replace(START, asked=38, waiting=5, articles=9), ["Nordkorea"], texts)
    assert reading == "9 Artikel gefunden. Lese 5 Seiten …"


@pytest.mark.parametrize(
    ("state", "is_new", "is_done", "is_dead"),
    [
        (START, True, False, True),
        (replace(START, asked=38, due=0), False, True, True),
        (replace(START, asked=38, due=0, read=1), False, True, False),
        (replace(START, asked=38, due=0, read=1, waiting=1), False, False, False),
        (replace(START, asked=38, due=0, articles=3), False, True, False),
        (replace(START, sources=0, due=0), False, True, False),
    ],
)
def test_what_the_figures_mean(state, is_new, is_done, is_dead):
    assert (state.is_new, state.is_done, state.is_dead) == (is_new, is_done, is_dead)


@pytest.mark.parametrize("words", ["north-korea", "“rare earths”"])
async def test_topics_and_own_words_bring_sources_of_the_catalogue_along(tmp_path, words):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, builtin_feeds=True) as house:
        await house.say(f"/subscribe {words}")
        (room,) = json.loads(await house.known(1))["rooms"]
        (key,) = [one["key"] for one in room["subscriptions"]]
        found = await house.app.store.refresh_progress([key], now=house.clock.now())
    assert found.sources == MAX_SOURCES


async def test_one_who_reads_any_language_gets_sources_of_their_own_and_no_other_like_it(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", builtin_feeds=True) as house:
        store, cases = house.app.store, house.app.dispatcher.use_cases
        request = await house.app.dispatcher.request(
            telegram_address(1), kind="private", language="fil-PH", update_id=1
        )
        settings = request.room.settings.choose(languages=())
        await store.chats.save_settings(request.room.id, settings)
        room = await store.chats.get_room(request.room.id)
        await cases.subscriptions.subscribe(replace(request, room=room), "climate")
        now = house.clock.now()
        found = await store.feeds.claim_due(now=now, limit=99, lease=timedelta(minutes=1))
    assert {feed.language for feed in found} == {"en"}
