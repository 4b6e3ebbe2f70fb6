"""How far feeds have been read, in every database."""

from dataclasses import replace
from datetime import timedelta

from bot.reasons import Reason
from bot.store.refresh_progress import RefreshProgress
from tests.fakes.clock import START
from tests.fakes.rooms import add_article, add_entries, add_feed, feed_entry

LEASE = timedelta(minutes=10)
NOTHING = RefreshProgress(sources=0, asked=0, read=0, due=0, waiting=0, articles=0)


async def gathered(store, *keys):
    return await store.refresh_progress(keys, now=START)


async def test_the_feeds_of_the_keys_and_of_all_keys_count(store):
    assert await gathered(store, "energy") == NOTHING
    await add_feed(store, "https://a.example/f", "energy")
    await add_feed(store, "https://b.example/f", "space")
    await add_feed(store, "https://c.example/f", "*")
    found = await gathered(store, "energy")
    assert (found.sources, found.asked, found.due) == (2, 0, 2)
    assert (await gathered(store, "energy", "space")).sources == 3


async def test_a_feed_that_answered_was_read_and_one_that_failed_was_only_asked(store):
    for n in range(3):
        feed_id = await add_feed(store, f"https://{n}.example/f", "energy")
        if n:
            error = Reason("http-status", {"status": 500}) if n == 1 else None
            await add_entries(store, feed_id, error=error)
    found = await gathered(store, "energy")
    assert (found.sources, found.asked, found.read, found.due) == (3, 2, 1, 1)


async def test_an_entry_waits_until_it_was_tried_once(store):
    feed_id = await add_feed(store, "https://a.example/f", "energy")
    entries = [feed_entry(name) for name in "abc"]
    await add_entries(store, feed_id, *entries, feed_entry("d"), idle="d")
    other = await add_feed(store, "https://b.example/f", "space")
    await add_entries(store, other, feed_entry("e"))
    assert (await gathered(store, "energy")).waiting == 3
    first, second, _ = await store.entries.claim(now=START, limit=9, lease=LEASE, keys=["energy"])
    assert (await gathered(store, "energy")).waiting == 3  # being read
    await store.entries.retry(first.id, not_before=START + LEASE, error=Reason("unreachable"))
    await store.entries.fail(second.id, error=Reason("no-article"))
    assert (await gathered(store, "energy")).waiting == 1


async def test_articles_count_once_for_all_keys_they_answer_to(store):
    await add_article(store, "dam", matches={"energy": 0.9, "climate": 0.4})
    await add_article(store, "rocket", matches={"space": 0.9})
    assert (await gathered(store, "energy", "climate")).articles == 1
    assert (await gathered(store, "energy", "space")).articles == 2


async def test_without_keys_all_that_anybody_reads_counts(store):
    await add_feed(store, "https://a.example/f", "energy")
    await add_feed(store, "https://b.example/f", "space")
    await add_article(store, "dam", matches={"energy": 0.9})
    await add_article(store, "rocket", matches={"space": 0.9})
    found = await gathered(store)
    assert (found.sources, found.due, found.articles) == (2, 2, 2)


async def test_a_feed_is_due_at_its_very_instant(store):
    await add_feed(store, "https://a.example/f", "energy")
    early = await store.refresh_progress(["energy"], now=START - timedelta(seconds=1))
    assert (early.due, (await gathered(store, "energy")).due) == (0, 1)


def counted(**counts):
    return replace(NOTHING, **counts)


def test_what_the_counts_mean():
    assert counted(sources=2, asked=1).is_new
    assert not counted(sources=2, asked=2).is_new
    assert NOTHING.is_done
    assert not counted(due=1).is_done
    assert not counted(waiting=1).is_done
    assert counted(sources=1).is_dead
    assert not NOTHING.is_dead
    assert not counted(sources=1, read=1).is_dead
    assert not counted(sources=1, articles=1).is_dead
