"""Names of outlets, and the keys by which articles are known."""

from dataclasses import replace

from bot.gather.http.urls import page_key
from bot.store.feeds import NewFeed, PolledFeed
from tests.fakes.clock import START
from tests.fakes.editions import add_report, ask

URL = "https://harbour.example/feed"


async def add_feed(store, outlet, source, url=URL):
    (feed_id,) = await store.feeds.add([NewFeed(url=url, public=True)], ["*"], now=START)
    poll = PolledFeed(
        feed_id=feed_id, state="{}", error=None, next_poll_at=START, source=source, outlet=outlet
    )
    await store.feeds.save_polls([poll], now=START)
    return feed_id


async def names(store):
    return await ask(store, "SELECT id, name, naming FROM outlet ORDER BY id")


async def test_a_better_name_replaces_the_one_known_everywhere(store):
    feed_id = await add_feed(store, "harbour", "harbour.example")
    other = await add_feed(store, "quay", "Quay", url="https://quay.example/feed")
    await add_report(store, "ferry", outlet="harbour", source="harbour.example")
    assert await store.outlets.learn([("harbour", "harbour.example", 1)]) == {
        "harbour": "harbour.example"
    }
    best = await store.outlets.learn([("harbour", "Post", 2), ("harbour", "Harbour Post", 3)])
    assert best == {"harbour": "Harbour Post"}
    assert (await store.feeds.get(feed_id)).source == "Harbour Post"
    assert (await store.feeds.get(other)).source == "Quay"
    (article,) = await store.articles.since(START.replace(year=2000))
    assert (article.article.outlet, article.article.source) == ("harbour", "Harbour Post")


async def test_a_name_that_is_no_better_changes_nothing(store):
    await store.outlets.learn([("harbour", "Harbour Post", 3)])
    assert await store.outlets.learn([("harbour", "Other", 3)]) == {"harbour": "Harbour Post"}
    assert await store.outlets.learn([("harbour", "Other", 1), ("", "x", 4), ("quay", "", 4)]) == {
        "harbour": "Harbour Post"
    }
    assert await store.outlets.learn([]) == {}
    assert await names(store) == [("harbour", "Harbour Post", 3)]


async def test_an_outlet_goes_when_nothing_is_of_it(store):
    await add_feed(store, "harbour", "Harbour Post")
    await store.furniture.learn("valley", ["x"], now=START)
    await store.outlets.learn([(name, name, 2) for name in ("harbour", "valley", "quay")])
    await store.outlets.purge()
    assert [row[0] for row in await names(store)] == ["harbour", "valley"]


async def test_a_feed_keeps_the_outlet_it_was_given_first(store):
    feed_id = await add_feed(store, "harbour", "Harbour Post")
    await add_feed(store, "quay", "Quay Post")
    feed = await store.feeds.get(feed_id)
    assert (feed.outlet, feed.source) == ("harbour", "Quay Post")


async def save(store, name, *, keys=(), claim="", known_as=None, public=True):
    report = await add_report(store, f"{name}-model", public=public)
    new = replace(report.article, url=f"https://harbour.example/{name}", title=name, text=name)
    saved = await store.articles.save(
        new,
        page_key=page_key(new.url),
        entry_id=0,
        public=public,
        fingerprint=0,
        matches={},
        keys=keys,
        claim=claim,
        known_as=known_as,
    )
    return saved.id


async def test_an_article_is_known_by_its_own_address_first(store):
    ferry = await save(store, "ferry", keys=["harbour.example/link"])
    dam = await save(store, "dam")
    known = store.articles.known_by
    assert await known(["harbour.example/ferry"]) == (ferry, True)
    assert await known(["harbour.example/none", "harbour.example/link"]) == (ferry, True)
    assert await known(["harbour.example/dam", "harbour.example/link"]) == (dam, True)
    assert await known(["harbour.example/none"]) == (None, False)
    assert await known([]) == (None, False)


async def test_a_claimed_address_is_only_a_hint(store):
    ferry = await save(store, "ferry", claim="harbour.example/hub")
    known = store.articles.known_by
    assert await known(["harbour.example/b"], claim="harbour.example/hub") == (ferry, False)
    assert await known(["harbour.example/b"], claim="harbour.example/ferry") == (ferry, False)
    assert await known(["harbour.example/hub"]) == (ferry, False)
    hub = await save(store, "hub")
    assert await known(["harbour.example/hub"]) == (hub, True)
    assert await known(["harbour.example/b"], claim="harbour.example/hub") == (hub, False)
    assert await ask(store, "SELECT key FROM article_key WHERE claimed") == []


async def test_what_turns_out_to_be_a_known_article_adds_its_keys_and_text(store):
    ferry = await save(store, "ferry")
    assert await save(store, "amp", known_as=ferry) == ferry
    assert await store.articles.known_by(["harbour.example/amp"]) == (ferry, True)
    stored = await store.articles.get(ferry)
    assert (stored.article.title, stored.article.text) == ("ferry", "amp")
    assert await store.articles.get(99) is None


async def test_a_claim_ends_no_entry(store):
    await save(store, "ferry", claim="harbour.example/hub", keys=["harbour.example/link"])
    assert not await store.articles.end_known(["harbour.example/hub"], entry_id=0)
    assert await store.articles.end_known(["harbour.example/link"], entry_id=0)
