"""The steps in order: news is read while feeds are slow, and editions wait for it a little."""

import asyncio
import random
from datetime import time, timedelta

import pytest
from aiohttp import web as aiohttp_web

from bot.domain.room import UsualLanguages
from bot.errors import StoreUnavailable
from bot.flow import Flow, Gathering
from bot.gather.http.robots import Robots
from bot.send import UNPACED, Outbox, Pacer
from bot.steps.attempts import Attempts
from bot.steps.cleaning import Cleaning
from bot.steps.composing import Composing
from bot.steps.grouping import Grouping
from bot.steps.matching import Matching
from bot.steps.polling import Polling, PollReport
from bot.steps.reading import Reading
from bot.store.feeds import NewFeed
from bot.store.refresh_progress import RefreshProgress
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import add_report, add_story, ask, put_due, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.outbox import FakeTransport
from tests.fakes.rooms import open_room
from tests.fakes.rss import item, page, rss
from tests.fakes.web import Web

DAY = timedelta(days=1)
TALE = (
    "The ferry crosses twice a day, the port office said, and carries sixty people and nine "
    "lorries each way when the sea is calm enough for it.",
    "Half a million larches stand on the slopes above the river, where floods took the soil "
    "three summers ago and nothing but grass had come back since.",
)
FILLED = "SELECT count(*) FROM edition WHERE filled_at IS NOT NULL"


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
def transport():
    return FakeTransport()


@pytest.fixture
def flow(store, fetcher, clock, transport):
    workers, topics = PatientWorkers(), load_topics()
    matching = Matching(store, topics, clock, everything=True)
    composing = Composing(store, workers, topics, clock, languages=UsualLanguages(), sample=False)
    reading = Reading(
        store,
        fetcher=fetcher,
        robots=Robots(fetcher, clock=clock),
        workers=workers,
        matching=matching,
        clock=clock,
    )
    gathering = Gathering(
        store=store,
        clock=clock,
        matching=matching,
        polling=Polling(store, fetcher, workers, matching, clock, rng=random.Random(1)),
        reading=reading,
        grouping=Grouping(store, clock),
    )
    return Flow(
        store=store,
        clock=clock,
        gathering=gathering,
        composing=composing,
        attempts=Attempts(store, composing, workers, clock),
        outbox=Outbox(store.outbox, transport, Pacer(UNPACED), clock=clock),
        cleaning=Cleaning(store, clock, article_days=14, told_days=60),
    )


def publish(web, name):
    """Let a page and a feed of it be there, and return the feed."""
    title = f"North Korea opens a {name}"
    return rss(item(web.add(f"/{name}", page(title, *TALE)), title))


class Feeds:
    """A quick feed, and a slow one on another host that answers once it is let go."""

    def __init__(self, quick, slow):
        self.asked, self.let_go = asyncio.Event(), asyncio.Event()
        self._slow = publish(slow, "dam")
        self.urls = (
            quick.add("/feed", publish(quick, "ferry"), content_type="application/rss+xml"),
            slow.serve("/feed", self._answer),
        )

    async def _answer(self, _request):
        self.asked.set()
        await self.let_go.wait()
        return aiohttp_web.Response(text=self._slow, content_type="application/rss+xml")


@pytest.fixture
async def feeds(store, web):
    async with Web() as slow:
        feeds = Feeds(web, slow)
        new = [NewFeed(url=url, public=True) for url in feeds.urls]
        await store.feeds.add(new, ["*"], now=START)
        yield feeds
        feeds.let_go.set()


async def until(reached):
    """Wait until a coroutine function says that something is so."""
    async with asyncio.timeout(100):
        while not await reached():  # noqa: ASYNC110 - rows ring no bell
            await asyncio.sleep(0.01)


async def open_due(store, count, *, at=START):
    """Open so many rooms that are due at ``at`` and read nothing."""
    for reader in range(1, count + 1):
        await put_due(store, await open_room(store, reader), at, time(5, 30))


async def test_what_quick_feeds_bring_has_a_story_before_the_slow_ones_answer(store, flow, feeds):
    run = asyncio.create_task(flow.refresh())

    async def has_story():
        return await ask(store, "SELECT count(*) FROM story_article") == [(1,)]

    await until(has_story)
    assert not run.done()
    feeds.let_go.set()
    assert await run == PollReport(polled=2, failed=0, entries=2)
    titles = await ask(store, "SELECT title FROM article ORDER BY id")
    assert titles == [("North Korea opens a ferry",), ("North Korea opens a dam",)]
    # What came last is read and grouped as well before the run ends.
    assert await ask(store, "SELECT count(*) FROM story_article") == [(2,)]


async def test_a_long_run_reports_what_is_left(flow, feeds):
    reports = []

    def report(progress):
        reports.append(progress)
        if progress.articles:
            feeds.let_go.set()

    await flow.gathering.refresh(report=report, every_s=0.001)
    assert {(progress.sources, progress.due) for progress in reports if not progress.asked} <= {
        (2, 2)
    }
    first = next(progress for progress in reports if progress.articles)
    assert first == RefreshProgress(sources=2, asked=1, read=1, due=1, waiting=0, articles=1)


async def test_a_run_ends_its_reports_with_itself(flow, feeds):
    reports = []
    feeds.let_go.set()
    await flow.gathering.refresh(report=reports.append, every_s=1_000.0)
    assert reports == []
    assert [task for task in asyncio.all_tasks() if "report_progress" in repr(task)] == []


async def test_for_keys_only_their_feeds_are_polled_read_and_reported(store, flow, web):
    for name, key in (("ferry", "energy"), ("opera", "culture")):
        url = web.add(f"/{key}", publish(web, name), content_type="application/rss+xml")
        await store.feeds.add([NewFeed(url=url, public=True)], [key], now=START)
    assert await flow.refresh(["energy"]) == PollReport(polled=1, failed=0, entries=1)
    assert web.paths() == ["/energy", "/robots.txt", "/ferry"]
    assert await ask(store, "SELECT count(*) FROM story_article") == [(1,)]


async def test_a_run_is_under_way_until_it_ends_however_it_does(flow, feeds, monkeypatch):
    run = asyncio.create_task(flow.refresh())
    await feeds.asked.wait()
    waiting = asyncio.create_task(flow.gathering.underway.end(1_000))
    await asyncio.sleep(0)
    assert not waiting.done()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await waiting

    async def away(*_args):
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(flow.gathering.grouping, "group", away)
    with pytest.raises(ExceptionGroup):
        await flow.refresh()
    await asyncio.wait_for(flow.gathering.underway.end(1_000), 100)


@pytest.mark.parametrize("count", [0, 1, 16, 17, 33])
async def test_editions_are_made_in_batches_of_sixteen_each_of_which_is_announced(
    store, flow, monkeypatch, count
):
    made, fill = [], store.editions.fill

    async def noted(edition_id, filled, *, now):
        made.append(edition_id)
        return await fill(edition_id, filled, now=now)

    monkeypatch.setattr(store.editions, "fill", noted)
    await open_due(store, count)
    announced = []
    assert await flow.prepare(lambda: announced.append(len(made))) == count
    assert await ask(store, FILLED) == [(count,)]
    assert announced == [min(n, count) for n in range(16, count + 16, 16)]
    assert await flow.prepare() == 0


async def test_an_edition_waits_for_the_news_that_is_being_gathered(store, flow):
    await subscribe(store, await open_room(store), "energy")
    await open_due(store, 1)
    with flow.gathering.underway.work():
        run = asyncio.create_task(flow.prepare())
        await asyncio.sleep(0.05)
        assert await ask(store, FILLED) == [(0,)]
        await add_story(store, "dam")
    assert await run == 1
    assert await ask(store, "SELECT stories FROM edition") == [(1,)]


async def test_an_edition_waits_ten_seconds_for_news_and_no_longer(store, flow, skip):
    await open_due(store, 1)
    with flow.gathering.underway.work():
        run = asyncio.create_task(flow.prepare())
        await asyncio.sleep(0.05)
        await skip(9)
        await asyncio.sleep(0.05)
        assert await ask(store, FILLED) == [(0,)]
        await skip(1)
        assert await run == 1
    assert await ask(store, FILLED) == [(1,)]


@pytest.mark.parametrize("count", [0, 1])
async def test_where_nothing_is_due_nobody_waits_for_news(store, flow, count):
    await open_due(store, count, at=START + timedelta(microseconds=1))
    with flow.gathering.underway.work():
        assert await flow.prepare() == 0
    assert await ask(store, "SELECT count(*) FROM edition") == [(0,)]


async def test_an_edition_that_fails_is_not_counted_and_holds_up_no_other(store, flow, monkeypatch):
    await open_due(store, 3)
    of_room = store.subscriptions.of_room

    async def breaks(room_id):
        if room_id == 2:
            raise ValueError("that row")
        return await of_room(room_id)

    monkeypatch.setattr(store.subscriptions, "of_room", breaks)
    assert await flow.prepare() == 2
    attempts = await ask(store, "SELECT attempts FROM schedule ORDER BY room_id")
    assert attempts == [(0,), (1,), (0,)]
    assert await flow.next_edition_at() == START + timedelta(seconds=10)


async def test_a_run_that_the_database_ends_gives_its_claims_back(store, flow, monkeypatch):
    await open_due(store, 17)

    async def away(_room_id):
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(store.subscriptions, "of_room", away)
    announced = []
    with pytest.raises(StoreUnavailable):
        await flow.prepare(lambda: announced.append(1))
    assert announced == []
    monkeypatch.undo()
    assert await flow.prepare() == 17  # at once: none is held till its lease ends


async def test_the_next_edition_and_the_next_message_are_known(store, flow, transport):
    assert await flow.next_edition_at() is None
    assert await flow.next_part_at() is None
    await subscribe(store, await open_room(store), "energy")
    await open_due(store, 1)
    assert await flow.next_edition_at() == START
    await flow.prepare()
    assert await flow.next_edition_at() == START + DAY
    assert await flow.next_part_at() == START
    await flow.deliver()
    assert await flow.next_part_at() is None
    ((part, plain),) = transport.sent
    assert (part.address.id, plain) == ("1", False)
    assert "Quiet: Energy" in part.plain
    assert await ask(store, "SELECT state FROM part") == [("sent",)]
    await flow.deliver()
    assert len(transport.sent) == 1


async def test_cleaning_is_one_of_the_steps(store, flow):
    await add_report(store, "old", seen_at=START - 15 * DAY)
    await add_report(store, "new")
    await flow.clean()
    assert await ask(store, "SELECT title FROM article") == [("The new is back",)]
