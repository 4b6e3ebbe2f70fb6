"""A new catalogue, and the feeds and subscriptions of an older one."""

from bot.domain.room import UsualLanguages
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.gather.catalogue.sources import Desks, Source, Sources
from bot.steps.topic_feeds import renew_feeds
from tests.fakes.clock import START
from tests.fakes.editions import ask
from tests.fakes.rooms import add_feed, open_room

LANGUAGES = UsualLanguages(configured=("en",))


def source(name, **more):
    facts = {"language": "en", "country": "GB", "kind": "national", **more}
    return Source(
        outlet=name,
        name=name.title(),
        feed_url=f"https://{name}.example/feed",
        homepage=f"https://{name}.example/",
        **facts,
    )


def catalogue(*names, version="1", **more):
    sources = [source(name, **more) for name in names]
    urls = [each.feed_url for each in sources]
    desks = Desks(subjects={"climate": {"en": urls}}, countries={}, general={}, words={})
    return Sources(sources, desks, version=version)


async def subscribe(store, key="climate", kind=SubscriptionKind.TOPIC):
    room = await open_room(store)
    await store.subscriptions.add(room.id, kind, SubscriptionKey(key), key, now=START)
    return room


async def polled(store):
    statement = "SELECT url FROM feed WHERE next_poll_at IS NOT NULL ORDER BY url"
    return [row[0].split("//")[1].split(".")[0] for row in await ask(store, statement)]


async def test_what_leaves_the_catalogue_falls_asleep_and_subscriptions_stay(store):
    room = await subscribe(store)
    await add_feed(store, "https://old.example/feed", "climate")
    await add_feed(store, "https://kept.example/feed", "climate")
    assert await renew_feeds(store, catalogue("kept", "new"), LANGUAGES, now=START)
    assert await polled(store) == ["kept", "new"]
    assert [s.key for s in await store.subscriptions.of_room(room.id)] == ["climate"]


async def test_a_feed_that_somebody_reads_by_its_address_stays_awake(store):
    await subscribe(store)
    feed_id = await add_feed(store, "https://old.example/feed", "climate")
    await store.feeds.add([], [], now=START)
    key = SubscriptionKey.of_feed(feed_id)
    await add_feed(store, "https://old.example/feed", key)
    await add_feed(store, "https://own.example/feed", "feed:99", public=False)
    await add_feed(store, "https://operators.example/feed", "*")
    await renew_feeds(store, catalogue("new"), LANGUAGES, now=START)
    assert await polled(store) == ["new", "old", "operators", "own"]


async def test_what_nobody_reads_is_not_polled(store):
    await open_room(store)
    await renew_feeds(store, catalogue("new"), LANGUAGES, now=START)
    assert await polled(store) == []


async def test_a_catalogue_that_is_known_changes_nothing(store):
    await subscribe(store)
    assert await renew_feeds(store, catalogue("a"), LANGUAGES, now=START)
    await add_feed(store, "https://later.example/feed", "climate")
    assert not await renew_feeds(store, catalogue("a"), LANGUAGES, now=START)
    assert await polled(store) == ["a", "later"]
    assert await renew_feeds(store, catalogue("b", version="2"), LANGUAGES, now=START)
    assert await polled(store) == ["b"]


async def test_an_outlet_that_turns_out_to_be_a_governments_is_marked_so(store):
    await subscribe(store)
    await add_feed(store, "https://old.example/feed", "climate")
    await renew_feeds(store, catalogue("old", state="state-run"), LANGUAGES, now=START)
    assert list((await store.feeds.outlets()).values()) == [("GB", True)]
