"""What is forgotten and what is kept, at the very boundary of each retention."""

from datetime import timedelta

import pytest

from bot.domain.briefing import Briefing
from bot.domain.edition import EditionKind
from bot.errors import StoreUnavailable
from bot.reasons import Reason
from bot.send.outbox import EXPIRE_AFTER
from bot.steps.cleaning import Cleaning
from bot.store.editions import FilledEdition, Quote
from tests.fakes.clock import START
from tests.fakes.editions import LEASE, add_report, ask, send_edition, subscribe
from tests.fakes.rooms import add_entries, add_feed, feed_entry, open_room

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
ARTICLES, TOLD, PARTS = 14 * DAY, 60 * DAY, 30 * DAY
NAMES = "SELECT title FROM article ORDER BY id"
# Just within and just beyond.
AGES = (timedelta(0), INSTANT)


@pytest.fixture
def cleaning(store, clock):
    return Cleaning(store, clock, article_days=14, told_days=60)


async def sent(store, room, key, age, **fields):
    """Store an edition whose message has been sent."""
    await send_edition(store, room, key, now=START - age, **fields)
    (part,) = await store.outbox.claim_parts(now=START, limit=1, lease=LEASE)
    await store.outbox.mark_sent(part.id, message_id=1, now=START)


async def test_articles_are_kept_so_many_days(store, cleaning):
    for name, more in zip(("kept", "gone"), AGES, strict=True):
        await add_report(store, name, seen_at=START - ARTICLES - more)
    await cleaning.clean()
    assert await ask(store, NAMES) == [("The kept is back",)]
    assert await ask(store, "SELECT count(*) FROM article_text") == [(1,)]
    assert await ask(store, "SELECT count(*) FROM article_match") == [(1,)]


async def test_what_is_quoted_is_kept_until_nothing_quotes_it(store, clock, cleaning):
    room = await open_room(store)
    old = await add_report(store, "old", seen_at=START - 20 * DAY)
    quote = Quote(part=0, story_id=1, text_id=old.text_id)
    await sent(store, room, "1", PARTS, quotes=[quote])
    await cleaning.clean()
    assert await ask(store, NAMES) == [("The old is back",)]
    clock.advance(INSTANT)  # the edition goes, and with it what it quotes
    await cleaning.clean()
    assert await ask(store, NAMES) == []


async def test_a_story_goes_with_its_last_article(store, cleaning):
    reports = {
        name: await add_report(store, name, seen_at=START - age)
        for name, age in (("kept", DAY), ("gone", ARTICLES + DAY), ("older", ARTICLES + DAY))
    }
    await store.articles.assign({-1: [reports["kept"], reports["older"]], -2: [reports["gone"]]})
    await cleaning.clean()
    assert await ask(store, NAMES) == [("The kept is back",)]
    assert await ask(store, "SELECT count(*) FROM story") == [(1,)]


@pytest.mark.parametrize("state", ["failed", "done"])
async def test_entries_that_came_to_an_end_go_with_the_articles(store, cleaning, state):
    feed = await add_feed(store)
    for name, more in zip(("kept", "gone"), AGES, strict=True):
        await add_entries(store, feed, feed_entry(name), now=START - ARTICLES - more)
    async with store.database.write() as connection:
        await connection.exec_driver_sql(f"UPDATE feed_entry SET state = '{state}'")
    await cleaning.clean()
    assert await ask(store, "SELECT guid FROM feed_entry") == [("kept",)]


@pytest.mark.parametrize(("days", "article_days"), [(3, 14), (1, 1)])
async def test_entries_that_nobody_asked_for_are_kept_three_days(store, clock, days, article_days):
    feed = await add_feed(store)
    for name, more in zip(("kept", "gone"), AGES, strict=True):
        seen_at = START - days * DAY - more
        await add_entries(store, feed, feed_entry(name), idle=[name], now=seen_at)
    await Cleaning(store, clock, article_days=article_days, told_days=60).clean()
    assert await ask(store, "SELECT guid FROM feed_entry") == [("kept",)]


async def test_an_entry_that_waits_is_kept_however_old_it_is(store, cleaning):
    feed = await add_feed(store)
    await add_entries(store, feed, feed_entry("mill"), now=START - 400 * DAY)
    await cleaning.clean()
    assert await store.entries.pending_count() == 1


async def test_an_outlets_furniture_is_forgotten_when_it_was_not_seen_for_so_long(store, cleaning):
    for line, more in zip(("kept", "gone"), AGES, strict=True):
        await store.furniture.learn("Quay", [line], now=START - ARTICLES - more)
    await cleaning.clean()
    assert await store.furniture.of("Quay") == {"kept"}


async def test_what_a_room_was_told_is_remembered_longer_than_what_was_said(store, cleaning):
    room = await open_room(store)
    for number, more in enumerate(AGES, 1):
        await sent(store, room, str(number), TOLD + more, told={number: [5]})
    await cleaning.clean()
    assert await store.editions.told(room.id) == {1: (START - TOLD, frozenset({5}))}
    # The edition of what is remembered stays.
    assert await ask(store, "SELECT key FROM edition") == [("1",)]


async def test_bodies_of_parts_are_kept_two_days_after_they_were_sent(store, clock, cleaning):
    room = await open_room(store)
    await sent(store, room, "1", 20 * DAY)  # sent at the start, whenever it was made
    clock.advance(2 * DAY)
    await cleaning.clean()
    assert await ask(store, "SELECT html, plain FROM part") == [("<b>Hello</b>", "Hello")]
    clock.advance(INSTANT)
    await cleaning.clean()
    assert await ask(store, "SELECT state, html, plain FROM part") == [("sent", "", "")]


async def test_contents_are_kept_thirty_days_however_long_what_was_told(store, cleaning):
    room = await open_room(store)
    content = Briefing(local_date=START.date(), zone="UTC", sections=())
    for number, more in enumerate(AGES, 1):
        await sent(store, room, str(number), PARTS + more, told={number: [5]}, content=content)
    assert len(await store.contents.of_room(room.id)) == 2
    await cleaning.clean()
    assert await ask(store, "SELECT key FROM edition ORDER BY id") == [("1",), ("2",)]
    ((kept,),) = await ask(store, "SELECT id FROM edition WHERE key = '1'")
    assert await store.contents.of_room(room.id) == {kept: content}


async def test_editions_are_kept_thirty_days(store, cleaning):
    room = await open_room(store)
    for key, more in zip(("kept", "gone"), AGES, strict=True):
        await sent(store, room, key, PARTS + more)
    await cleaning.clean()
    assert await ask(store, "SELECT key FROM edition") == [("kept",)]
    assert await ask(store, "SELECT plain FROM part") == [("Hello",)]


async def test_a_message_on_its_way_is_kept_however_old_it_is(store, cleaning):
    room = await open_room(store)
    await send_edition(store, room, now=START - 400 * DAY)
    assert await store.outbox.claim_parts(now=START, limit=1, lease=LEASE)
    await cleaning.clean()
    assert await ask(store, "SELECT state, plain FROM part") == [("sending", "Hello")]


async def test_messages_that_an_outage_left_behind_expire_though_nothing_can_be_sent(
    store, clock, cleaning
):
    room = await open_room(store)
    for key, more in zip(("kept", "gone"), AGES, strict=True):
        story = {1 if key == "kept" else 2: [5]}
        await send_edition(store, room, key, now=START - EXPIRE_AFTER - more, told=story)
    await cleaning.clean()
    states = "SELECT key, state, error FROM part JOIN edition ON edition.id = edition_id ORDER BY n"
    found = {key: (state, bool(error)) for key, state, error in await ask(store, states)}
    assert found == {"kept": ("queued", False), "gone": ("expired", True)}
    assert list(await store.editions.told(room.id)) == [1]  # what did not arrive was not told
    clock.advance(2 * DAY + INSTANT)
    await cleaning.clean()
    bodies = "SELECT key, plain FROM part JOIN edition ON edition.id = edition_id"
    assert dict(await ask(store, bodies)) == {"kept": "Hello", "gone": ""}


async def test_an_edition_that_said_nothing_goes_as_others_do(store, cleaning):
    room = await open_room(store)
    for key, more in zip(("kept", "gone"), AGES, strict=True):
        at = START - PARTS - more
        edition = await store.editions.open(room.id, EditionKind.BRIEF, key, now=at)
        await store.editions.fill(edition, FilledEdition(reason=Reason("paused")), now=at)
    await cleaning.clean()
    assert await ask(store, "SELECT key FROM edition") == [("kept",)]


async def test_own_words_that_nobody_reads_any_more_go_and_a_catalogues_topics_stay(
    store, cleaning
):
    room = await open_room(store)
    await subscribe(store, room, "q:mill")
    keys = {"q:mill": 1.0, "q:weir": 1.0, "energy": 1.0}
    await add_report(store, "mill", matches=keys)
    await cleaning.clean()
    found = await ask(store, "SELECT key FROM article_match ORDER BY key")
    assert found == [("energy",), ("q:mill",)]


async def test_cleaning_again_changes_nothing(store, cleaning):
    await add_report(store, "kept")
    await cleaning.clean()
    await cleaning.clean()
    assert await ask(store, NAMES) == [("The kept is back",)]


async def fill_with_old(store):
    """Store something old of each kind."""
    room, feed = await open_room(store), await add_feed(store)
    await sent(store, room, "1", PARTS + DAY)
    await add_report(store, "gone", seen_at=START - ARTICLES - DAY)
    await add_entries(store, feed, feed_entry("gone"), idle=["gone"], now=START - ARTICLES - DAY)
    await store.furniture.learn("Quay", ["gone"], now=START - ARTICLES - DAY)
    await add_report(store, "weir", matches={"q:weir": 1.0})


async def left(store):
    """Return which kinds of old things are still there."""
    queries = {
        "editions": "SELECT count(*) FROM edition",
        "unread": "SELECT count(*) FROM article_match WHERE key = 'q:weir'",
        "articles": "SELECT count(*) FROM article WHERE title = 'The gone is back'",
        "furniture": "SELECT count(*) FROM furniture",
        "entries": "SELECT count(*) FROM feed_entry",
    }
    return [name for name, query in queries.items() if (await ask(store, query)) != [(0,)]]


PURGES = {
    "editions": "editions.purge",
    "unread": "sweep",
    "articles": "articles.purge",
    "furniture": "furniture.purge",
    "entries": "entries.purge",
}


def let_raise(monkeypatch, store, place, error):
    async def raises(*_args, **_fields):
        raise error

    rows, _, name = place.rpartition(".")
    monkeypatch.setattr(getattr(store, rows) if rows else store, name, raises)


@pytest.mark.parametrize("kind", PURGES)
async def test_what_cannot_be_deleted_keeps_nothing_else_from_going(
    store, cleaning, monkeypatch, kind
):
    await fill_with_old(store)
    assert await left(store) == list(PURGES)
    let_raise(monkeypatch, store, PURGES[kind], ValueError("that row"))
    await cleaning.clean()
    assert await left(store) == [kind]
    monkeypatch.undo()
    await cleaning.clean()
    assert await left(store) == []


async def test_a_database_that_is_away_ends_the_cleaning(store, cleaning, monkeypatch):
    await fill_with_old(store)
    let_raise(monkeypatch, store, "articles.purge", StoreUnavailable("store-unavailable"))
    with pytest.raises(StoreUnavailable):
        await cleaning.clean()
    assert await left(store) == ["articles", "furniture", "entries"]


async def test_how_many_articles_and_entries_went_is_one_line(store, cleaning, caplog):
    await fill_with_old(store)
    caplog.set_level("INFO")
    await cleaning.clean()
    assert [line for line in caplog.messages if line.startswith("cleaned")] == [
        "cleaned articles=1 entries=1"
    ]


async def test_how_many_messages_expired_stands_in_that_line(store, cleaning, caplog):
    await send_edition(store, await open_room(store), now=START - EXPIRE_AFTER - INSTANT)
    caplog.set_level("INFO")
    await cleaning.clean()
    assert [line for line in caplog.messages if line.startswith("cleaned")] == [
        "cleaned articles=0 entries=0 expired=1"
    ]
