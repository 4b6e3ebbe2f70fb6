"""What rooms read, in every database."""

import asyncio

from bot.domain.subscription import SubscriptionKind
from bot.errors import ReaderError
from tests.fakes.clock import START
from tests.fakes.rooms import add_article, add_entries, add_feed, feed_entry, open_room

TOPIC, QUERY, FEED = SubscriptionKind.TOPIC, SubscriptionKind.QUERY, SubscriptionKind.FEED


async def add(store, room, key, kind=TOPIC):
    return await store.subscriptions.add(room.id, kind, key, key.upper(), now=START)


async def test_a_room_reads_a_key_once(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    assert await add(store, room, "energy")
    assert not await add(store, room, "energy")
    assert await add(store, other, "energy")
    assert len(await store.subscriptions.of_room(room.id)) == 1


async def test_many_who_subscribe_at_the_same_moment_make_one_row(store):
    room = await open_room(store)
    await asyncio.gather(*(add(store, room, "energy") for _ in range(8)))
    assert len(await store.subscriptions.of_room(room.id)) == 1


async def test_subscriptions_come_oldest_first_and_whole(store):
    room = await open_room(store)
    await add(store, room, "q:zinc", QUERY)
    await add(store, room, "energy")
    first, second = await store.subscriptions.of_room(room.id)
    assert (first.kind, first.key, first.label, first.room_id) == (
        QUERY,
        "q:zinc",
        "Q:ZINC",
        room.id,
    )
    assert (second.key, second.weight) == ("energy", 1.0)


async def test_only_what_was_there_can_be_removed(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    await add(store, room, "energy")
    assert not await store.subscriptions.remove(other.id, "energy")
    assert await store.subscriptions.remove(room.id, "energy")
    assert not await store.subscriptions.remove(room.id, "energy")


async def test_the_keys_of_a_kind_are_those_that_anybody_reads(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    for reader in (room, other):
        await add(store, reader, "q:zinc", QUERY)
    await add(store, other, "energy")
    assert await store.subscriptions.keys(QUERY) == {"q:zinc"}
    assert await store.subscriptions.keys(TOPIC) == {"energy"}


async def test_what_the_last_reader_of_own_words_leaves_behind_is_forgotten(store):
    room = await open_room(store)
    await add(store, room, "q:zinc", QUERY)
    await add(store, room, "energy")
    stored = await add_article(store, "mine", matches={"q:zinc": 1.0, "energy": 1.0})
    await store.articles.assign({-1: [stored]})
    await store.subscriptions.remove(room.id, "q:zinc")
    (story,) = await store.articles.stories_for(["q:zinc", "energy"], since=START, feed_keys=[])
    assert dict(story.matches) == {"energy": 1.0}


async def test_a_private_feed_lives_as_long_as_somebody_reads_it(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    feed_id = await add_feed(store, "https://my.example/feed", "feed:1", public=False)
    key = f"feed:{feed_id}"
    for reader in (room, other):
        await add(store, reader, key, FEED)
    await add_entries(store, feed_id, feed_entry("secret"))
    (entry,) = await store.entries.claim(now=START, limit=9, lease=START - START)
    stored = await add_article(store, "secret", matches={key: 1.0}, public=False, entry_id=entry.id)
    await store.articles.assign({-1: [stored]})
    await store.subscriptions.remove(room.id, key)
    assert await store.feeds.get(feed_id)
    await store.subscriptions.remove(other.id, key)
    assert await store.feeds.get(feed_id) is None
    assert await store.articles.since(START, public=False) == []


async def test_a_public_feed_that_nobody_reads_sleeps_and_wakes(store):
    room = await open_room(store)
    feed_id = await add_feed(store, "https://harbour.example/feed", "energy")
    await add(store, room, "energy")
    await store.subscriptions.remove(room.id, "energy")
    assert await store.feeds.get(feed_id)
    assert await store.feeds.next_poll_at() is None
    await add_feed(store, "https://harbour.example/feed", "energy")
    assert await store.feeds.next_poll_at() == START


async def test_an_article_of_two_private_feeds_lives_as_long_as_one_is_read(store):
    room = await open_room(store)
    keys = []
    for name in ("one", "two"):
        feed_id = await add_feed(store, f"https://my.example/{name}", "feed:1", public=False)
        keys.append(f"feed:{feed_id}")
        await add(store, room, keys[-1], FEED)
    stored = await add_article(store, "secret", matches={keys[0]: 1.0}, public=False)
    await store.articles.add_matches([(stored.id, {keys[1]: 1.0})])
    await store.subscriptions.remove(room.id, keys[0])
    assert len(await store.articles.since(START, public=False)) == 1
    await store.subscriptions.remove(room.id, keys[1])
    assert await store.articles.since(START, public=False) == []


async def test_what_an_interrupted_change_left_is_swept_up(store):
    room = await open_room(store)
    await add(store, room, "q:zinc", QUERY)
    await add(store, room, "energy")
    await add_feed(store, "https://harbour.example/feed", "energy")
    asleep = await add_feed(store, "https://quay.example/feed", "climate")
    private = await add_feed(store, "https://my.example/feed", "feed:77", public=False)
    matches = {"q:zinc": 1.0, "q:tin": 1.0, "energy": 1.0, "climate": 1.0}
    await store.articles.assign({-1: [await add_article(store, "mine", matches=matches)]})
    await store.sweep()
    (story,) = await store.articles.stories_for([*matches], since=START, feed_keys=[])
    assert story.matches.keys() == {"q:zinc", "energy", "climate"}
    assert await store.feeds.get(private) is None
    assert await store.feeds.get(asleep)
    polled = await store.feeds.claim_due(now=START, limit=9, lease=START - START)
    assert [one.url for one in polled] == ["https://harbour.example/feed"]


async def test_the_keys_that_somebody_reads_are_told_from_the_others(store):
    room = await open_room(store)
    await add(store, room, "energy")
    assert await store.subscriptions.read_among(["energy", "climate"]) == {"energy"}
    assert await store.subscriptions.read_among([]) == frozenset()


async def test_a_room_never_has_more_than_the_most_however_many_ask_at_once(store):
    room = await open_room(store)

    async def add(number):
        key = f"q:{number}"
        await store.subscriptions.add(room.id, SubscriptionKind.QUERY, key, key, now=START, most=5)

    ends = await asyncio.gather(*map(add, range(12)), return_exceptions=True)
    refused = [end for end in ends if isinstance(end, ReaderError)]
    assert (len(refused), ends.count(None)) == (7, 5)
    assert {error.reason.code for error in refused} == {"too-many-subscriptions"}
    present = await store.subscriptions.of_room(room.id)
    assert len(present) == 5
    assert not await store.subscriptions.add(
        room.id, SubscriptionKind.QUERY, present[0].key, "", now=START, most=5
    )
