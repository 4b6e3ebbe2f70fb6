"""Feeds and their entries, in every database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.subscription import SubscriptionKind
from bot.reasons import Reason
from bot.store.feeds import NewFeed
from tests.fakes.clock import START
from tests.fakes.rooms import add_article, add_entries, add_feed, feed_entry, open_room

LEASE = timedelta(minutes=10)
URL = "https://harbour.example/feed"


async def claim(store, now=START, limit=100, keys=()):
    return await store.feeds.claim_due(now=now, limit=limit, lease=LEASE, keys=keys)


async def claim_entries(store, now=START, limit=100):
    return await store.entries.claim(now=now, limit=limit, lease=LEASE)


async def test_a_feed_is_known_once_whoever_adds_it(store):
    assert await add_feed(store, URL, "energy") == await add_feed(store, URL, "space")
    assert len(await claim(store)) == 1


async def test_a_private_feed_becomes_public_and_stays_so(store):
    feed_id = await add_feed(store, URL, public=False)
    assert not (await store.feeds.get(feed_id)).public
    await add_feed(store, URL)
    await add_feed(store, URL, public=False)
    assert (await store.feeds.get(feed_id)).public


async def test_feeds_of_one_host_have_one_row_each(store):
    urls = [f"https://harbour.example/{n}" for n in range(5)]
    ids = await store.feeds.add([NewFeed(url=url) for url in [*urls, *urls]], ["*"], now=START)
    assert ids[:5] == ids[5:]
    assert len(set(ids)) == 5


async def test_pollers_at_the_same_moment_never_get_the_same_feed(store):
    for n in range(30):
        await add_feed(store, f"https://harbour.example/{n}")
    claims = await asyncio.gather(*(claim(store, limit=7) for _ in range(8)))
    ids = [one.id for some in claims for one in some]
    ids += [one.id for one in await claim(store)]
    assert len(ids) == len(set(ids)) == 30


async def test_a_poll_for_some_keys_takes_their_feeds_and_those_of_all(store):
    await add_feed(store, "https://a.example/f", "energy")
    await add_feed(store, "https://b.example/f", "space")
    await add_feed(store, "https://c.example/f", "*")
    urls = {one.url for one in await claim(store, keys=["energy"])}
    assert urls == {"https://a.example/f", "https://c.example/f"}


async def test_a_feed_whose_poller_died_is_polled_again_after_the_lease(store):
    await add_feed(store)
    assert len(await claim(store)) == 1
    assert await claim(store, START + LEASE - timedelta(seconds=1)) == []
    assert len(await claim(store, START + LEASE)) == 1


async def test_a_poll_records_state_and_reason_and_keeps_the_outlets_name(store):
    feed_id = await add_feed(store, URL, "energy")
    await add_entries(store, feed_id, error=Reason("http-status", {"status": 500}))
    row = await store.feeds.get(feed_id)
    assert (row.error, row.source) == (Reason("http-status", {"status": 500}), "Harbour Post")
    assert [one.id for one in await store.feeds.failing(["energy"])] == [feed_id]
    await add_entries(store, feed_id)
    assert await store.feeds.failing(["energy"]) == []


async def test_what_a_feed_listed_stays_until_it_lists_something_else(store):
    feed_id = await add_feed(store, URL)
    for listing, kept in [(None, ""), ("a b", "a b"), (None, "a b"), ("b c", "b c")]:
        await add_entries(store, feed_id, listing=listing)
        assert (await store.feeds.get(feed_id)).listed == kept


async def test_an_entry_is_new_once_and_by_feed(store):
    first, second = await add_feed(store, "https://a.example/f"), await add_feed(store)
    assert await add_entries(store, first, feed_entry("a"), feed_entry("b"), feed_entry("a")) == 2
    assert await add_entries(store, first, feed_entry("b"), feed_entry("c")) == 1
    assert await add_entries(store, second, feed_entry("a")) == 1
    assert await store.entries.pending_count() == 4


async def test_entries_are_claimed_once_the_whole_ones_first(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("part", complete=False), feed_entry("whole"))
    (first,) = await claim_entries(store, limit=1)
    (second,) = await claim_entries(store, limit=1)
    assert (first.entry.title, second.entry.title) == ("About whole", "About part")
    assert (first.source, first.public, first.attempts) == ("Harbour Post", True, 1)
    assert await claim_entries(store) == []
    again = await claim_entries(store, START + LEASE)
    assert [one.attempts for one in again] == [2, 2]


async def test_readers_at_the_same_moment_never_get_the_same_entry(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, *(feed_entry(str(n)) for n in range(40)))
    claims = await asyncio.gather(*(claim_entries(store, limit=9) for _ in range(8)))
    ids = [one.id for some in claims for one in some]
    ids += [one.id for one in await claim_entries(store)]
    assert len(ids) == len(set(ids)) == 40


async def test_an_entry_is_tried_again_after_its_wait_or_given_up_with_a_reason(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("a"), feed_entry("b"))
    first, second = await claim_entries(store)
    later = START + timedelta(hours=2)
    await store.entries.retry(
        first.id, not_before=later, error=Reason("http-status", {"status": 503})
    )
    await store.entries.fail(second.id, error=Reason("page-status", {"status": 404}))
    assert await claim_entries(store, START + timedelta(hours=1)) == []
    assert [one.id for one in await claim_entries(store, later)] == [first.id]


async def test_what_nobody_wants_waits_until_somebody_does(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("a", "Text a."), feed_entry("b"), idle="a")
    ((entry_id, title, text, language),) = await store.entries.idle(since=START)
    assert (title, text, language) == ("About a", "Text a.", "en")
    assert await store.entries.idle(since=START + timedelta(seconds=1)) == []
    await store.entries.want([entry_id])
    assert await store.entries.idle(since=START) == []
    assert len(await claim_entries(store)) == 2


async def test_an_article_ends_its_entry_and_the_entry_lets_go_of_its_text(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("dam"))
    (entry,) = await claim_entries(store)
    await add_article(store, "dam", entry_id=entry.id)
    assert await store.entries.pending_count() == 0
    assert await add_entries(store, feed_id, feed_entry("dam")) == 0


async def test_a_sleeping_feed_wakes_for_its_key_only(store):
    room = await open_room(store)
    await add_feed(store, URL, "energy")
    await store.subscriptions.add(room.id, SubscriptionKind.TOPIC, "energy", "", now=START)
    await store.subscriptions.remove(room.id, "energy")  # nobody else reads it: it sleeps
    assert await store.feeds.next_poll_at() is None
    await add_feed(store, URL, "energy")
    await store.feeds.wake(["space"], now=START)
    await store.feeds.poll_now(["energy"], now=START - timedelta(days=1))
    assert await store.feeds.next_poll_at() == START - timedelta(days=1)


async def test_a_feed_that_ended_is_asked_again_with_its_key_and_with_all(store):
    feed_id = await add_feed(store, URL, "energy")
    for keys in ([], ["energy"]):
        await add_entries(store, feed_id, error=Reason("feed-ended"), next_poll_at=None)
        assert await store.feeds.next_poll_at() is None
        assert (await store.refresh_progress(keys, now=START)).sources == 1
        await store.feeds.poll_now(keys, now=START)
        assert await store.feeds.next_poll_at() == START


async def test_a_feed_that_lost_its_reader_while_it_was_polled_sleeps(store):
    room = await open_room(store)
    feed_id = await add_feed(store, URL, "energy")
    await store.subscriptions.add(room.id, SubscriptionKind.TOPIC, "energy", "", now=START)
    await claim(store)
    await store.subscriptions.remove(room.id, "energy")
    await add_entries(store, feed_id)
    await store.feeds.poll_now([], now=START)
    assert await store.feeds.next_poll_at() is None


async def test_outlets_are_known_by_country_and_owner(store):
    feeds = [
        NewFeed(url="https://a.example/f", source="A", country="NO"),
        NewFeed(url="https://b.example/f", source="B", country="KP", state_run=True),
        NewFeed(url="https://c.example/f", source="C"),
    ]
    await store.feeds.add(feeds, ["*"], now=START)
    assert await store.feeds.outlets() == {"A": ("NO", False), "B": ("KP", True)}


async def test_a_feed_that_is_being_polled_is_not_due_before_its_lease_ends(store):
    await add_feed(store, URL)
    await claim(store)
    assert await store.feeds.next_poll_at() == START + LEASE
    await add_feed(store, f"{URL}/other")
    assert await store.feeds.next_poll_at() == START


async def test_entries_that_came_to_an_end_are_forgotten(store):
    feed_id = await add_feed(store, URL)
    await add_entries(
        store, feed_id, feed_entry("dam"), feed_entry("ferry"), feed_entry("birds"), idle=["birds"]
    )
    entries = {claimed.entry.title: claimed.id for claimed in await claim_entries(store)}
    await store.entries.fail(min(entries.values()), error=Reason("no-article"))
    assert await store.entries.purge(START, idle_before=START) == 0
    later = START + timedelta(days=1)
    assert await store.entries.purge(later, idle_before=later) == 2
    assert await store.entries.pending_count() == 1


async def test_of_the_feeds_that_are_due_the_longest_due_are_claimed_first(store):
    ids = {}
    for hours in (2, 3, 1):
        url = f"https://{hours}.example/f"
        (ids[hours],) = await store.feeds.add(
            [NewFeed(url=url)], ["*"], now=START - timedelta(hours=hours)
        )
    assert [one.id for one in await claim(store, limit=1)] == [ids[3]]
    assert [one.id for one in await claim(store, limit=1)] == [ids[2]]


async def test_a_feed_is_due_at_its_very_instant(store):
    await add_feed(store)
    assert await claim(store, START - timedelta(seconds=1)) == []
    assert len(await claim(store, START)) == 1


async def test_a_feed_says_all_that_was_given_and_nothing_else(store):
    new = NewFeed(url=URL, source="Harbour Post", language="de", public=True)
    (feed_id,) = await store.feeds.add([new], ["*"], now=START)
    row = await store.feeds.get(feed_id)
    assert (row.url, row.source, row.language, row.public) == (URL, "Harbour Post", "de", True)
    assert (row.listed, row.error) == ("", None)
    assert await store.feeds.get(feed_id + 1) is None
    (bare,) = await store.feeds.add([NewFeed(url=f"{URL}/2")], ["*"], now=START)
    row = await store.feeds.get(bare)
    assert (row.source, row.language, row.public) == ("", "", False)
    assert await store.feeds.outlets() == {}


async def test_feeds_that_were_given_back_or_left_by_a_process_are_claimed_again(store):
    first, second = await add_feed(store, URL), await add_feed(store, f"{URL}/2")
    assert len(await claim(store)) == 2
    await store.feeds.give_back([first])
    assert [one.id for one in await claim(store)] == [first]
    await store.feeds.release(START)
    assert {one.id for one in await claim(store)} == {first, second}


async def test_failing_feeds_come_by_the_names_of_their_outlets(store):
    for name in ("B", "C", "A"):
        (feed_id,) = await store.feeds.add(
            [NewFeed(url=f"https://{name}.example/f", source=name)], ["energy"], now=START
        )
        await add_entries(store, feed_id, error=Reason("unreachable"))
    assert [one.source for one in await store.feeds.failing(["energy"])] == ["A", "B", "C"]
    assert await store.feeds.failing(["space"]) == []


async def test_the_names_of_what_fails_come_key_by_key_each_once(store):
    feeds = [("B", "energy"), ("A", "space"), ("A", "energy"), ("C", "*"), ("A", "energy")]
    for number, (name, key) in enumerate(feeds):
        new = NewFeed(url=f"https://{number}.example/f", source=name)
        (feed_id,) = await store.feeds.add([new], [key], now=START)
        await add_entries(store, feed_id, error=Reason("unreachable"))
    well = NewFeed(url="https://well.example/f", source="Well")
    await store.feeds.add([well], ["energy"], now=START)
    assert await store.feeds.failing_names(["energy", "space", "health"]) == {
        "energy": ["A", "B", "C"],
        "space": ["A", "C"],
        "health": ["C"],
    }
    assert await store.feeds.failing_names([]) == {}


async def test_an_outlet_without_a_name_is_called_as_its_feed_is(store):
    (feed_id,) = await store.feeds.add([NewFeed(url=URL)], ["*"], now=START)
    await add_entries(store, feed_id)
    assert (await store.feeds.get(feed_id)).source == "Harbour"


async def test_without_keys_every_feed_that_somebody_reads_is_due_at_once(store):
    for key in ("energy", "space"):
        await add_entries(store, await add_feed(store, f"https://{key}.example/f", key))
    assert await claim(store, START + LEASE) == []
    await store.feeds.poll_now([], now=START)
    assert len(await claim(store, START)) == 2


async def test_entries_are_claimed_the_newest_first_and_returned_by_their_ids(store):
    feed_id = await add_feed(store)
    dated = [
        replace(feed_entry(name), published_at=START - timedelta(hours=age))
        for name, age in (("a", 1), ("b", 3), ("c", 2))
    ]
    undated = replace(feed_entry("d"), published_at=None)
    await add_entries(store, feed_id, *dated, undated, now=START - timedelta(minutes=90))
    titles = [
        [one.entry.title[-1] for one in await claim_entries(store, limit=2)] for _ in range(3)
    ]
    assert titles == [["a", "d"], ["b", "c"], []]


async def test_an_entry_without_a_language_has_its_feeds(store):
    (feed_id,) = await store.feeds.add([NewFeed(url=URL, language="de")], ["*"], now=START)
    await add_entries(store, feed_id, replace(feed_entry("a"), language=""), feed_entry("b"))
    assert [one.entry.language for one in await claim_entries(store)] == ["de", "en"]


async def test_a_claim_that_was_not_used_counts_as_no_attempt(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("a"), feed_entry("b"))
    first, second = await claim_entries(store)
    await store.entries.fail(second.id, error=Reason("no-article"))
    await store.entries.release([first.id, second.id])
    assert [(one.id, one.attempts) for one in await claim_entries(store)] == [(first.id, 1)]


async def test_a_start_frees_the_entries_that_a_former_process_held(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, *map(feed_entry, "abc"))
    first, second, third = await claim_entries(store)
    await store.entries.retry(second.id, not_before=START + LEASE, error=Reason("unreachable"))
    await store.entries.fail(third.id, error=Reason("no-article"))
    await store.release_leases(START)
    assert [(one.id, one.attempts) for one in await claim_entries(store)] == [(first.id, 2)]
    assert [one.id for one in await claim_entries(store, START + LEASE)] == [first.id, second.id]


async def test_an_entry_that_cannot_become_an_article_is_not_claimed(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, feed_entry("a"), broken={"a": Reason("no-url")})
    assert await claim_entries(store) == []
    assert await store.entries.idle(since=START) == []


async def test_idle_entries_come_in_pages(store):
    feed_id = await add_feed(store)
    await add_entries(store, feed_id, *map(feed_entry, "abc"), idle="abc")
    first = await store.entries.idle(since=START, limit=2)
    assert [title for _, title, *_ in first] == ["About a", "About b"]
    rest = await store.entries.idle(since=START, after=first[-1][0])
    assert [title for _, title, *_ in rest] == ["About c"]


async def test_to_save_no_polls_is_nothing(store):
    assert await store.feeds.save_polls([], now=START) == 0
