"""What a poll records: by every answer of a feed's server, and whatever breaks on the way."""

import asyncio
import json
import random
from datetime import timedelta

import pytest

from bot.errors import StoreUnavailable
from bot.reasons import Reason
from bot.steps.matching import Matching
from bot.steps.polling import Polling, PollReport
from bot.store.feeds import NewFeed
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import ask, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room
from tests.fakes.rss import item, page, rss
from tests.fakes.web import Answer

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ENTRIES = "SELECT guid, title, state, error FROM feed_entry ORDER BY guid"
FEEDS = "SELECT source, error, lease_until IS NULL FROM feed ORDER BY id"
FERRY, OPERA = "A new ferry", "A new opera"


class NoJitter(random.Random):
    """Chance that always draws the lowest."""

    def uniform(self, a, b):
        return a


class Fragile(Matching):
    """Cannot stand one title."""

    def match(self, title, text, language):
        if "poison" in title:
            raise ValueError(title)
        return super().match(title, text, language)


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
async def polling(store, fetcher, clock):
    """Polls for a reader of ferries."""
    await subscribe(store, await open_room(store), "q:ferry")
    matching = Fragile(store, load_topics(), clock)
    await matching.load()
    return Polling(store, fetcher, PatientWorkers(), matching, clock, rng=NoJitter())


@pytest.fixture
def add_feed(store, web):
    """Make a feed known that answers with ``body``, and return its id."""

    async def add_feed(path="/feed", body=None, *, keys=("*",), **fields):
        if body is not None:
            web.add(path, body, content_type="application/rss+xml")
        new = NewFeed(url=web.url(path), **({"public": True} | fields))
        return (await store.feeds.add([new], keys, now=START))[0]

    return add_feed


async def state_of(store, feed_id=1):
    return json.loads((await store.feeds.get(feed_id)).state)


def listing(web, *titles, **fields):
    return rss(
        *(item(web.url(f"/{n}"), title, guid=title) for n, title in enumerate(titles)), **fields
    )


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        (404, {}, Reason("feed-not-there"), HOUR),
        (410, {}, Reason("feed-ended"), HOUR),
        (403, {}, Reason("http-status", {"status": 403}), HOUR),
        (500, {}, Reason("http-status", {"status": 500}), HOUR),
        (503, {"Retry-After": "3599"}, Reason("http-status", {"status": 503}), HOUR),
        (503, {"Retry-After": "7200"}, Reason("http-status", {"status": 503}), 2 * HOUR),
    ],
)
async def test_a_refusal_is_recorded_and_the_feed_left_alone_for_a_while(  # noqa: PLR0917
    store, polling, add_feed, web, status, headers, error, wait
):
    feed_id = await add_feed(source="Quay")
    web.add("/feed", status=status, headers=headers)
    assert await polling.poll() == PollReport(polled=1, failed=1, entries=0)
    feed = await store.feeds.get(feed_id)
    assert (feed.error, feed.source) == (error, "Quay")
    assert (await state_of(store))["failures"] == 1
    assert await store.feeds.next_poll_at() == START + wait
    assert await ask(store, "SELECT read_at, lease_until FROM feed") == [(None, None)]


async def test_a_feed_that_says_twice_that_it_has_ended_is_polled_no_more(
    store, polling, add_feed, web, clock
):
    await add_feed()
    web.add("/feed", status=410)
    await polling.poll()
    clock.advance(HOUR)
    await polling.poll()
    assert await store.feeds.next_poll_at() is None
    clock.advance(100 * HOUR)
    assert await polling.poll() == PollReport()
    assert len(web.requests) == 2


async def test_what_is_no_feed_is_recorded_as_none(store, polling, add_feed):
    feed_id = await add_feed("/feed", page("Hello", "No feed."))
    assert await polling.poll() == PollReport(polled=1, failed=1)
    assert (await store.feeds.get(feed_id)).error.code == "no-feed"


async def test_a_listing_becomes_entries_of_which_the_wanted_ones_wait(
    store, polling, add_feed, web
):
    feed_id = await add_feed("/feed", listing(web, FERRY, OPERA))
    assert await polling.poll() == PollReport(polled=1, failed=0, entries=2)
    assert await ask(store, ENTRIES) == [(FERRY, FERRY, "new", ""), (OPERA, OPERA, "idle", "")]
    feed = await store.feeds.get(feed_id)
    assert (feed.error, feed.source) == (None, "Quay")
    assert await store.feeds.next_poll_at() == START + 30 * MINUTE
    (stored,) = await store.entries.claim(now=START, limit=9, lease=HOUR)
    assert (stored.entry.url, stored.entry.language) == (web.url("/0"), "en")
    assert (stored.seen_at, stored.entry.published_at) == (START, None)
    progress = await store.refresh_progress(["*"], now=START)
    assert (progress.asked, progress.read) == (1, 1)


async def test_all_of_a_readers_own_feed_is_wanted(store, polling, add_feed, web):
    await add_feed("/feed", listing(web, FERRY, OPERA), public=False, keys=("feed:1",))
    await polling.poll()
    assert [row[2] for row in await ask(store, ENTRIES)] == ["new", "new"]


async def test_all_of_a_feed_of_the_top_stories_is_wanted_and_what_it_listed_before(
    store, polling, add_feed, web, clock
):
    await add_feed("/feed", listing(web, FERRY, OPERA), keys=("energy",))
    await add_feed("/other", listing(web, "Opera tours"), keys=("energy",))
    await polling.poll()
    await store.feeds.add([NewFeed(url=web.url("/feed"))], ["top"], now=START)
    await store.entries.want_front(since=START + HOUR)
    assert {row[2] for row in await ask(store, ENTRIES) if row[0] == OPERA} == {"idle"}
    await store.entries.want_front(since=START)
    states = {row[0]: row[2] for row in await ask(store, ENTRIES)}
    assert states == {FERRY: "new", OPERA: "new", "Opera tours": "idle"}
    web.add("/feed", listing(web, FERRY, OPERA, "Circus"), content_type="application/rss+xml")
    clock.advance(30 * MINUTE)
    await polling.poll()
    assert ("Circus", "new") in [(row[0], row[2]) for row in await ask(store, ENTRIES)]


@pytest.mark.parametrize("count", [1, 4, 5, 9])
async def test_a_listing_of_any_length_is_matched(store, polling, add_feed, web, count):
    titles = [f"{FERRY} {n}" for n in range(count)]
    await add_feed("/feed", listing(web, *titles, OPERA))
    assert (await polling.poll()).entries == count + 1
    assert [row[2] for row in await ask(store, ENTRIES)] == [*["new"] * count, "idle"]


@pytest.mark.parametrize(
    ("known", "title", "source"),
    [("", "Quay", "Quay"), ("Harbour", "Quay", "Harbour"), ("", "", "127.0.0.1")],
)
async def test_an_outlet_is_named_by_us_by_itself_or_by_its_host(  # noqa: PLR0917
    store, polling, add_feed, web, known, title, source
):
    feed_id = await add_feed("/feed", listing(web, FERRY, title=title), source=known)
    await polling.poll()
    assert (await store.feeds.get(feed_id)).source == source


async def test_what_was_listed_before_is_no_news(store, polling, add_feed, web, clock):
    await add_feed("/feed", listing(web, FERRY))
    await polling.poll()
    web.add(
        "/feed",
        rss(item(web.url("/b"), "Second ferry", guid="b"), item(web.url("/0"), FERRY, guid=FERRY)),
    )
    clock.advance(30 * MINUTE)
    assert await polling.poll() == PollReport(polled=1, failed=0, entries=1)
    assert [row[0] for row in await ask(store, ENTRIES)] == [FERRY, "b"]


async def test_a_feed_that_has_not_changed_is_asked_by_its_validator_and_brings_nothing(
    store, polling, add_feed, web, clock
):
    await add_feed()
    body = listing(web, FERRY).encode()
    web.script(
        "/feed", [Answer(body, headers={"ETag": '"a"'}), Answer(body, headers={"ETag": '"a"'})]
    )
    await polling.poll()
    clock.advance(30 * MINUTE)
    assert await polling.poll() == PollReport(polled=1, failed=0, entries=0)
    assert [request.headers.get("If-None-Match") for request in web.requests] == [None, '"a"']
    assert await store.feeds.next_poll_at() == START + HOUR


async def test_a_failure_is_forgotten_with_the_next_answer(store, polling, add_feed, web, clock):
    feed_id = await add_feed()
    web.add("/feed", status=500)
    await polling.poll()
    web.add("/feed", listing(web, FERRY))
    clock.advance(HOUR)
    assert await polling.poll() == PollReport(polled=1, failed=0, entries=1)
    assert (await store.feeds.get(feed_id)).error is None
    assert (await state_of(store))["failures"] == 0


async def test_only_what_is_due_is_polled_and_for_keys_only_theirs(
    store, polling, add_feed, web, clock
):
    for path, key in (("/energy", "energy"), ("/all", "*"), ("/opera", "culture")):
        await add_feed(path, listing(web), keys=(key,))
    assert (await polling.poll(["energy"])).polled == 2
    assert sorted(web.paths()) == ["/all", "/energy"]
    assert (await polling.poll()).polled == 1
    clock.advance(30 * MINUTE - timedelta(microseconds=1))
    assert (await polling.poll()).polled == 0
    clock.advance(timedelta(microseconds=1))
    assert (await polling.poll()).polled == 3


async def test_more_feeds_than_are_claimed_at_once_are_polled_in_one_run(store, polling, web):
    urls = [web.url(f"/{n}") for n in range(130)]
    await store.feeds.add([NewFeed(url=url, public=True) for url in urls], ["*"], now=START)
    assert await polling.poll() == PollReport(polled=130, failed=130)
    assert sorted(web.paths()) == sorted(f"/{n}" for n in range(130))
    assert set(await ask(store, FEEDS)) == {("127.0.0.1", "feed-not-there", 1)}


@pytest.mark.parametrize(
    ("state", "known", "named"),
    [("{", "Quay", "Quay"), ("[1]", "", "127.0.0.1"), ('{"url": 5}', "Quay", "Quay")],
)
async def test_a_feed_whose_state_cannot_be_read_begins_anew(  # noqa: PLR0917
    store, polling, add_feed, web, state, known, named, clock
):
    feed_id = await add_feed("/feed", listing(web, FERRY), source=known)
    async with store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE feed SET state = ?", (state,))
    assert await polling.poll() == PollReport(polled=1, failed=1)
    feed = await store.feeds.get(feed_id)
    assert feed.error == Reason("unforeseen", {"kind": "ValidationError"})
    assert feed.source == named
    assert await store.feeds.next_poll_at() == START + HOUR
    clock.advance(HOUR)
    assert await polling.poll() == PollReport(polled=1, failed=0, entries=1)


async def test_an_entry_that_cannot_be_matched_has_its_reason_and_the_others_come_in(
    store, polling, add_feed, web
):
    await add_feed("/feed", listing(web, FERRY, "poison"))
    assert await polling.poll() == PollReport(polled=1, failed=0, entries=2)
    assert await ask(store, ENTRIES) == [
        (FERRY, FERRY, "new", ""),
        ("poison", "poison", "failed", 'unforeseen {"kind": "ValueError"}'),
    ]


def refuse(monkeypatch, store, error, guid=""):
    """Let the database refuse polls that list ``guid``, or with "" all."""
    save = store.feeds.save_polls

    async def refuses(polls, *, now):
        if not guid or any(guid in entry.guid for poll in polls for entry in poll.entries):
            raise error
        return await save(polls, now=now)

    monkeypatch.setattr(store.feeds, "save_polls", refuses)


async def test_what_the_database_refuses_breaks_its_feed_alone_and_the_rest_is_kept(
    store, polling, add_feed, web, monkeypatch
):
    await add_feed("/a", listing(web, FERRY, "rejected ferry", OPERA))
    await add_feed("/b", listing(web, "Third ferry", title="Velt"))
    refuse(monkeypatch, store, ValueError("that row"), "rejected")
    assert (await polling.poll()).entries == 3
    assert [row[0] for row in await ask(store, ENTRIES)] == [FERRY, OPERA, "Third ferry"]
    assert await ask(store, FEEDS) == [
        ("Quay", 'unforeseen {"kind": "ValueError"}', 1),
        ("Velt", "", 1),
    ]


@pytest.mark.parametrize("is_away", [True, False])
async def test_feeds_whose_polls_cannot_be_recorded_are_given_back_or_left_to_their_lease(  # noqa: PLR0917
    store, polling, add_feed, web, monkeypatch, is_away
):
    await add_feed("/feed", listing(web, FERRY))
    error = StoreUnavailable("store-unavailable") if is_away else ValueError("that row")
    refuse(monkeypatch, store, error)
    if is_away:
        with pytest.raises(ExceptionGroup):
            await polling.poll()
    else:
        assert (await polling.poll()).entries == 0
    assert [row[2] for row in await ask(store, FEEDS)] == [int(is_away)]


async def test_a_run_that_is_cancelled_gives_back_what_it_had_claimed(
    store, polling, add_feed, web
):
    asked = asyncio.Event()

    async def hang(_request):
        asked.set()
        await asyncio.Event().wait()

    await add_feed("/feed")
    web.serve("/feed", hang)
    run = asyncio.create_task(polling.poll())
    await asked.wait()
    assert [row[2] for row in await ask(store, FEEDS)] == [0]
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert [row[2] for row in await ask(store, FEEDS)] == [1]
    assert await store.feeds.next_poll_at() == START
