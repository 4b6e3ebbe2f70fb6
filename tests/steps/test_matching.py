"""Which keys are wanted, while readers come and go."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.steps.matching import Matching
from bot.topics import load_topics
from tests.fakes.clock import START, FakeClock
from tests.fakes.rooms import add_article, add_entries, add_feed, feed_entry, open_room

MILL = ("The mill is old", "Flour lies on the beams.", "en")


@pytest.fixture
def matching(store):
    return Matching(store, load_topics(), FakeClock())


async def subscribe(store, matching, room, key):
    kind = SubscriptionKind.QUERY if key.startswith("q:") else SubscriptionKind.TOPIC
    async with matching.holding([key]):
        await matching.learn(SubscriptionKey(key))
        await store.subscriptions.add(room.id, kind, key, key, now=FakeClock().now())


async def unsubscribe(store, matching, room, key):
    async with matching.holding([key]):
        await store.subscriptions.remove(room.id, key)
        await matching.unlearn([key])


async def test_a_key_is_wanted_until_its_last_reader_leaves(store, matching):
    rooms = [await open_room(store, 1), await open_room(store, 2)]
    for room in rooms:
        await subscribe(store, matching, room, "q:mill")
    assert matching.match(*MILL).keys() == {"q:mill"}
    await unsubscribe(store, matching, rooms[0], "q:mill")
    assert matching.is_wanted(["q:mill"])
    assert matching.match(*MILL).keys() == {"q:mill"}
    await unsubscribe(store, matching, rooms[1], "q:mill")
    assert not matching.is_wanted(["q:mill"])
    assert matching.match(*MILL).keys() == set()


async def test_after_a_restart_the_same_keys_are_wanted(store, matching):
    room = await open_room(store)
    for key in ("q:mill", "q:mill +beams", "q:mill -beams", "north-korea"):
        await subscribe(store, matching, room, key)
    again = Matching(store, load_topics(), FakeClock())
    await again.load()
    assert again.match(*MILL) == matching.match(*MILL)
    assert again.match(*MILL).keys() == {"q:mill", "q:mill +beams"}
    assert again.is_wanted(["north-korea"])


async def test_who_comes_while_the_last_reader_leaves_misses_nothing(store, matching, monkeypatch):
    first, second = await open_room(store, 1), await open_room(store, 2)
    await add_article(store, "mill", matches={"energy": 1.0})
    await subscribe(store, matching, first, "q:mill")
    coming, come = asyncio.Event(), asyncio.Event()
    add = store.subscriptions.add

    async def slow(*row, **fields):
        coming.set()
        await come.wait()
        return await add(*row, **fields)

    monkeypatch.setattr(store.subscriptions, "add", slow)
    async with asyncio.TaskGroup() as group:
        group.create_task(subscribe(store, matching, second, "q:mill"))
        await coming.wait()
        group.create_task(unsubscribe(store, matching, first, "q:mill"))
        await asyncio.sleep(0.05)
        come.set()
    assert matching.match(*MILL).keys() == {"q:mill"}
    assert await store.subscriptions.keys(SubscriptionKind.QUERY) == {"q:mill"}
    await store.articles.assign({-1: await store.articles.since(FakeClock().now())})
    found = await store.articles.stories_for(["q:mill"], since=FakeClock().now(), feed_keys=[])
    assert len(found) == 1


async def test_two_who_hold_the_same_keys_in_other_orders_do_not_wait_for_ever(matching):
    async def hold(keys):
        for _ in range(20):
            async with matching.holding(keys):
                await asyncio.sleep(0)

    async with asyncio.timeout(100):
        await asyncio.gather(hold(["a", "b", "c"]), hold(["c", "b", "a", "b"]), hold(["b", "a"]))


async def test_what_came_in_before_is_found_page_by_page(store, matching, monkeypatch):
    monkeypatch.setattr("bot.steps.matching._PAGE", 2)
    feed_id = await add_feed(store)
    names = [*(f"mill {n}" for n in range(5)), "dam"]
    await add_entries(store, feed_id, *map(feed_entry, names), idle=names)
    for n in range(5):
        await add_article(store, f"mill {n}", matches={"energy": 1.0})
    await subscribe(store, matching, await open_room(store), "q:mill")
    assert await store.entries.pending_count() == 5
    stories = {-n: [one] for n, one in enumerate(await store.articles.since(FakeClock().now()), 1)}
    await store.articles.assign(stories)
    found = await store.articles.stories_for(["q:mill"], since=FakeClock().now(), feed_keys=[])
    assert len(found) == 5


async def test_a_look_back_that_failed_is_made_up_for(store, matching, monkeypatch):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("mill"), idle=["mill"])

    async def fail(_ids):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(store.entries, "want", fail)
        with pytest.raises(OSError, match="disk full"):
            await subscribe(store, matching, await open_room(store), "q:mill")
    assert not matching.is_wanted(["q:mill"])
    assert await store.subscriptions.keys(SubscriptionKind.QUERY) == frozenset()
    await subscribe(store, matching, await open_room(store), "q:mill")
    assert await store.entries.pending_count() == 1


DAYS_3, INSTANT = timedelta(days=3), timedelta(microseconds=1)


async def test_a_key_that_holds_no_query_is_not_wanted(matching):
    key = SubscriptionKey("q:-mill")
    with pytest.raises(ReaderError):
        await matching.learn(key)
    assert not matching.is_wanted([key])


async def test_a_new_subscription_looks_back_three_days(store, matching):
    feed_id = await add_feed(store)
    for name, more in (("mill", timedelta(0)), ("old mill", INSTANT)):
        seen_at = START - DAYS_3 - more
        await add_entries(store, feed_id, feed_entry(name), idle=[name], now=seen_at)
        stored = await add_article(store, name, seen_at=seen_at, matches={"energy": 1.0})
        await store.articles.assign({-1: [stored]})
    await subscribe(store, matching, await open_room(store), "q:mill")
    (entry,) = await store.entries.claim(now=START, limit=9, lease=DAYS_3)
    assert entry.entry.title == "About mill"
    always = {"since": START - 9 * DAYS_3, "feed_keys": []}
    (story,) = await store.articles.stories_for(["q:mill"], **always)
    assert [one.article.title for one in story.articles] == ["About mill"]
    assert set(story.matches) == {"q:mill"}


async def test_a_new_topic_wants_what_came_in_and_articles_know_theirs_already(store, matching):
    feed_id = await add_feed(store)
    north_korea = replace(feed_entry("a"), title="North Korea opens a bridge")
    await add_entries(store, feed_id, north_korea, feed_entry("b"), idle="ab")
    stored = await add_article(store, "north korea", matches={"energy": 1.0})
    await store.articles.assign({-1: [stored]})
    await subscribe(store, matching, await open_room(store), "north-korea")
    assert await store.entries.pending_count() == 1
    asked = {"since": START, "feed_keys": []}
    assert await store.articles.stories_for(["north-korea"], **asked) == []


async def test_in_the_sample_newsroom_whatever_answers_to_a_topic_is_wanted(store, matching):
    everything = Matching(store, load_topics(), FakeClock(), everything=True)
    assert everything.is_wanted(["energy"])
    assert everything.is_wanted({"energy": 1.0})
    assert not everything.is_wanted([])
    assert not matching.is_wanted(["energy"])


async def test_a_query_that_cannot_be_read_any_more_is_left_out_and_told(store, caplog):
    room = await open_room(store)
    for key in ("q:-weir", "q:mill"):
        await store.subscriptions.add(room.id, SubscriptionKind.QUERY, key, key, now=START)
    matching = Matching(store, load_topics(), FakeClock())
    await matching.load()
    assert matching.match(*MILL).keys() == {"q:mill"}
    assert [line for line in caplog.messages if "query" in line] == [
        "query-broken error=query-only-excludes"
    ]


async def test_a_text_that_breaks_the_matching_ends_nothing_else(store, monkeypatch, caplog):
    topics = load_topics()
    match = topics.match

    def breaks(title, text, language=""):
        if title == "About a":
            raise ValueError("that text")
        return match(title, text, language)

    monkeypatch.setattr(topics, "match", breaks)
    feed_id = await add_feed(store)
    north_korea = replace(feed_entry("b"), title="North Korea opens a bridge")
    await add_entries(store, feed_id, feed_entry("a"), north_korea, idle="ab")
    matching = Matching(store, topics, FakeClock())
    await subscribe(store, matching, await open_room(store), "north-korea")
    (entry,) = await store.entries.claim(now=START, limit=9, lease=DAYS_3)
    assert entry.entry.title == north_korea.title
    assert "match-broken page=1" in caplog.messages
