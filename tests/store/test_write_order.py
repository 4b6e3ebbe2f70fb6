"""Two transactions that write the same rows in opposite orders both succeed on PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from bot.domain.due import Due
from bot.domain.feed_entry import FeedEntry
from bot.domain.schedule import Schedule
from bot.store import Store
from bot.store.feeds import NewFeed, PolledFeed
from tests.fakes.clock import START
from tests.fakes.databases import fresh_database
from tests.fakes.rooms import add_article, open_room

TOMORROW = Due(START + timedelta(days=1), date(2025, 6, 6))
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
async def store(postgres_url):
    async with fresh_database(postgres_url) as database:
        yield Store(database)


async def until_waiting(store, count):
    """Return when ``count`` transactions wait for a lock."""
    async with asyncio.timeout(100), store.database.read() as connection:
        while await connection.scalar(WAITING) < count:
            await connection.rollback()  # within a transaction it would see the same again
            await asyncio.sleep(0.01)


async def both_orders(store, write, rows, lock):
    """Await ``write(rows)`` and ``write(rows reversed)`` at once.

    A third transaction runs ``lock`` on the middle row, and lets go when both wait: each
    has written its way to the middle then, if it writes in the order it was given.
    """
    async with asyncio.TaskGroup() as group, store.database.write() as connection:
        await connection.execute(text(lock))
        for order in (rows, rows[::-1]):
            group.create_task(write(order))
        await until_waiting(store, 2)
        await connection.rollback()


async def test_lines_an_outlet_repeats(store):
    async def learn(digests):
        await store.furniture.learn("Harbour Post", digests, now=START)

    await learn("abcde")
    await both_orders(store, learn, "abcde", "SELECT 1 FROM furniture WHERE digest='c' FOR UPDATE")
    await both_orders(
        store, learn, "vwxyz", "INSERT INTO furniture VALUES ('Harbour Post', 'x', now())"
    )
    assert await store.furniture.of("Harbour Post") == set("abcdevwxyz")


async def test_matches_of_articles(store):
    articles = [await add_article(store, str(n)) for n in range(5)]
    found = [(article.id, {"climate": 1.0, "energy": 2.0}) for article in articles]
    await store.articles.add_matches(found)
    await both_orders(
        store,
        store.articles.add_matches,
        found,
        f"SELECT 1 FROM article_match WHERE article_id = {articles[2].id} FOR UPDATE",
    )


async def test_articles_of_stories(store):
    articles = [await add_article(store, str(n)) for n in range(5)]

    async def assign(members):
        await store.articles.assign({-n: [member] for n, member in enumerate(members, 1)})

    await both_orders(
        store,
        assign,
        articles,
        "WITH made AS (INSERT INTO story (first_at, last_at) VALUES (now(), now()) RETURNING id)"
        f" INSERT INTO story_article SELECT {articles[2].id}, id FROM made",
    )
    assert await store.articles.ungrouped(10) == []


async def test_stories_that_grow(store):
    articles = [await add_article(store, str(n)) for n in range(5)]
    stories = await store.articles.assign({-n: [member] for n, member in enumerate(articles, 1)})
    later = replace(articles[0].article, published_at=None, seen_at=START + timedelta(days=9))

    async def assign(ids):
        await store.articles.assign({key: [replace(articles[0], article=later)] for key in ids})

    ids = list(stories.values())
    lock = f"SELECT 1 FROM story WHERE id = {ids[2]} FOR UPDATE"
    await both_orders(store, assign, ids, lock)


FEEDS = [NewFeed(url=f"https://quay.example/{n}", source="Quay") for n in range(5)]


async def test_feeds_that_are_new_or_known(store):
    async def add(feeds):
        return await store.feeds.add(feeds, ["climate", "energy"], now=START)

    await both_orders(
        store,
        add,
        FEEDS,
        f"INSERT INTO feed (url, source) VALUES ('{FEEDS[2].url}', 'Quay')",
    )
    ids = await add(FEEDS)
    await both_orders(
        store, add, FEEDS, f"SELECT 1 FROM feed WHERE id = {ids[2]} FOR NO KEY UPDATE"
    )
    assert await add(FEEDS[::-1]) == ids[::-1]


async def test_polls_and_what_they_listed(store):
    ids = await store.feeds.add(FEEDS, ["*"], now=START)
    entry = FeedEntry(
        guid="",
        url="https://quay.example/1",
        title="",
        text="",
        language="en",
        complete=False,
        published_at=None,
    )
    polls = [
        PolledFeed(
            feed_id=feed_id,
            state="{}",
            error=None,
            next_poll_at=START,
            source="Quay",
            entries=[replace(entry, guid=guid) for guid in "abc"],
            wanted="abc",
        )
        for feed_id in ids
    ]

    async def save_polls(given):
        await store.feeds.save_polls(given, now=START)

    lock = f"SELECT 1 FROM feed WHERE id = {ids[2]} FOR NO KEY UPDATE"
    await both_orders(store, save_polls, polls, lock)
    assert await store.entries.pending_count() == 15


async def test_polls_while_all_feeds_are_made_due(store):
    ids = await store.feeds.add(FEEDS, ["climate"], now=START)
    async with store.database.write() as connection:  # it lies last in the table now
        await connection.execute(text(f"UPDATE feed SET source = 'Pier' WHERE id = {ids[0]}"))
    polls = [
        PolledFeed(feed_id=feed_id, state="{}", error=None, next_poll_at=START, source="Quay")
        for feed_id in ids[:2]
    ]

    async def write(given):
        if given == polls:
            await store.feeds.poll_now([], now=START)
        else:
            await until_waiting(store, 1)
            await store.feeds.save_polls(polls, now=START)

    lock = f"SELECT 1 FROM feed WHERE id = {ids[1]} FOR NO KEY UPDATE"
    await both_orders(store, write, polls, lock)


async def test_schedules_that_move_on(store):
    room = await open_room(store, 1)
    for hour in range(5):
        await store.schedules.put(room.id, Schedule(local_time=time(hour)), None)
    dues = [(stored.id, TOMORROW) for stored in await store.schedules.of_room(room.id)]
    lock = f"SELECT 1 FROM schedule WHERE id = {dues[2][0]} FOR UPDATE"
    await both_orders(store, store.schedules.set_all, dues, lock)


async def test_a_row_given_twice_is_written_once(store):
    (feed_id, same) = await store.feeds.add([FEEDS[0], FEEDS[0]], ["a", "a"], now=START)
    assert feed_id == same
    article = await add_article(store, "1")
    await store.articles.add_matches([(article.id, {"a": 1.0}), (article.id, {"a": 2.0})])
    async with store.database.read() as connection:
        score = text("SELECT score FROM article_match WHERE key = 'a'")
        assert await connection.scalar(score) == 2.0
