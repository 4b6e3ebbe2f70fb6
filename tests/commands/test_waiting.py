"""How long a reader waits for what is read anew, what they are told meanwhile, and when it ends."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from bot.commands.refresh import RefreshForReader
from bot.store.feeds import PolledFeed
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.conversation import ask
from tests.fakes.rooms import add_article, add_feed

EMPTY = "<rss version='2.0'><channel><title>Quay</title></channel></rss>"
UNREACHABLE = "Is the network down? /brief tries again."


class Notes:
    """The notice of a reader who watches: what was said, in order, None for a clearing."""

    def __init__(self):
        self.said = []

    async def say(self, text):
        self.said.append(text)

    async def clear(self):
        self.said.append(None)


class Sources:
    """Feeds for the climate: some answer at once, some only when an event is set.

    They share a host, which is asked for one after the other in whatever order the database
    gives: the first request waits for the first event, and so on.
    """

    def __init__(self, house):
        self._house = house
        self._events = []
        self.open = asyncio.Event()
        self.ids = []

    async def add(self, *, until=None):
        """Add a feed that answers at once, or whose turn is to wait for the event ``until``."""
        path = f"/feed{len(self.ids)}"
        url = self._house.web.add(path, EMPTY, content_type="application/rss+xml")

        async def hang(_request):
            await self._events.pop(0).wait()
            return web.Response(text=EMPTY, content_type="application/rss+xml")

        if until is not None:
            self._events.append(until)
            self._house.web.serve(path, hang)
        self.ids.append(await add_feed(self._house.app.store, url, "climate"))

    async def read_before(self):
        """Let each have been read once, and be due again."""
        polls = [
            PolledFeed(feed_id=id_, state="{}", error=None, next_poll_at=START, source="Quay")
            for id_ in self.ids
        ]
        await self._house.app.store.feeds.save_polls(polls, now=START)

    async def due(self):
        return (await self._house.app.store.refresh_progress(["climate"], now=START)).due


@pytest.fixture
async def sources(house):
    await house.say("/subscribe climate")
    found = Sources(house)
    yield found
    found.open.set()
    await house.app.dispatcher.close()


async def until(reached):
    async with asyncio.timeout(100):
        while not await reached():  # noqa: ASYNC110 - it happens in threads and on a wire
            await asyncio.sleep(0.005)


@asynccontextmanager
async def waiting(house, notes):
    """Give the task of a reader who waits for the climate, once it is asleep."""
    request = await ask(house, notice=notes)
    present = await house.app.store.subscriptions.of_room(request.room.id)
    refresh = RefreshForReader(
        house.app.store, house.app.flow.gathering, load_topics(), house.clock
    )
    task = asyncio.create_task(refresh.refresh(request, present))
    try:
        yield task
    finally:
        await refresh.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def seconds_until_end(house, task):
    """Move the clock second by second until the task ends; return how many it took."""
    for passed in range(60):

        async def is_asleep_or_done():
            return task.done() or house.clock.sleepers == 1

        await until(is_asleep_or_done)
        if task.done():
            return passed
        house.clock.advance(timedelta(seconds=1))
    raise AssertionError("it never ends")


async def test_what_answers_at_once_is_waited_for_without_a_word(house, sources):
    await sources.add()
    notes = Notes()
    async with waiting(house, notes) as task:
        assert await task is None
    assert notes.said == [None]
    assert house.web.paths() == ["/feed0"]


async def test_the_first_time_is_waited_for_eighteen_seconds(house, sources):
    await sources.add(until=sources.open)
    notes = Notes()
    async with waiting(house, notes) as task:
        assert await seconds_until_end(house, task) == 18
        answer = await task
    assert answer is not None
    assert answer.plain == f"The 1 source there is could not be reached. {UNREACHABLE}"
    assert notes.said == ["Reading 0 of 1 source for Climate …"] * 9 + [None]


async def test_a_later_time_is_waited_for_twelve_seconds_and_without_a_word(house, sources):
    await sources.add(until=sources.open)
    await sources.read_before()
    notes = Notes()
    async with waiting(house, notes) as task:
        assert await seconds_until_end(house, task) == 12
        assert await task is None
    assert notes.said == [None]


async def test_the_first_word_comes_after_a_second_and_the_next_two_seconds_later(house, sources):
    await sources.add(until=sources.open)
    notes = Notes()
    async with waiting(house, notes) as task:
        wakes = []
        for _ in range(3):

            async def is_asleep():
                return house.clock.sleepers == 1

            await until(is_asleep)
            at = house.clock.next_wake_at
            assert at is not None
            wakes.append((at - START).total_seconds())
            house.clock.move_to(at)
        assert wakes == [1, 3, 5]
        assert notes.said[0] == "Reading 0 of 1 source for Climate …"
        sources.open.set()
        assert await task is None
    assert notes.said[-1] is None


@pytest.mark.parametrize(
    ("feeds", "articles", "seconds"),
    [((3, 1), 1, 3), ((2, 1), 1, 18), ((6, 2), 1, 3), ((5, 2), 1, 18), ((3, 1), 0, 18)],
)
async def test_with_an_article_and_three_quarters_answered_the_rest_is_not_waited_for(
    house, sources, feeds, articles, seconds
):
    answers, (quick, slow) = asyncio.Event(), feeds
    for event in [answers] * quick + [sources.open] * slow:
        await sources.add(until=event)
    if articles:
        await add_article(house.app.store, "dam", matches={"climate": 0.9})

    async def is_asleep():
        return house.clock.sleepers == 1

    async def quick_ones_have_answered():
        return await sources.due() == slow

    async with waiting(house, Notes()) as task:
        await until(is_asleep)
        answers.set()
        await until(quick_ones_have_answered)
        # The rest is given up when between two words, at 1 and 3 s, nothing came in.
        assert await seconds_until_end(house, task) == seconds
        assert await task is None


async def test_the_line_follows_how_many_have_answered(house, sources):
    answers, notes = asyncio.Event(), Notes()
    for event in (answers, answers, sources.open):
        await sources.add(until=event)

    async def is_asleep():
        return house.clock.sleepers == 1

    async def two_have_answered():
        return await sources.due() == 1

    async with waiting(house, notes) as task:
        await until(is_asleep)
        house.clock.advance(timedelta(seconds=1))
        await until(is_asleep)
        answers.set()
        await until(two_have_answered)
        assert await seconds_until_end(house, task) == 17
    assert notes.said == [
        "Reading 0 of 3 sources for Climate …",
        *["Reading 2 of 3 sources for Climate …"] * 8,
        None,
    ]


async def test_what_takes_too_long_goes_on_after_the_answer(house, sources):
    await sources.add(until=sources.open)
    notes = Notes()
    async with waiting(house, notes) as task:
        await seconds_until_end(house, task)
        await task
        assert await sources.due() == 1
        sources.open.set()

        async def is_read():
            return await sources.due() == 0

        await until(is_read)


async def test_closing_ends_what_goes_on_and_may_be_done_twice(house, sources):
    await sources.add(until=sources.open)
    refresh = RefreshForReader(
        house.app.store, house.app.flow.gathering, load_topics(), house.clock
    )
    request = await ask(house)
    present = await house.app.store.subscriptions.of_room(request.room.id)
    task = asyncio.create_task(refresh.refresh(request, present))
    await seconds_until_end(house, task)
    await refresh.close()
    await refresh.close()
    sources.open.set()
    await asyncio.sleep(0.05)
    assert await sources.due() == 1


async def test_a_reader_who_goes_away_leaves_no_notice_behind(house, sources):
    await sources.add(until=sources.open)
    notes = Notes()
    async with waiting(house, notes) as task:

        async def is_asleep():
            return house.clock.sleepers == 1

        await until(is_asleep)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert notes.said == [None]


# ---------------------------------------------------------------- what is asked anew


async def test_only_the_sources_of_what_is_read_are_asked(house, sources):
    await sources.add()
    await add_feed(house.app.store, house.web.add("/other", EMPTY), "space")
    async with waiting(house, Notes()) as task:
        assert await task is None
    assert house.web.paths() == ["/feed0"]


async def test_sources_that_are_not_due_are_not_asked_unless_none_ever_answered(house, sources):
    await sources.add()
    async with waiting(house, Notes()) as task:
        await task
    async with waiting(house, Notes()) as task:
        assert await task is None
    assert house.web.paths() == ["/feed0"]


async def test_sources_that_failed_are_asked_anew_as_the_network_may_be_back(house, sources):
    await sources.add()
    house.web.add("/feed0", status=500)
    async with waiting(house, Notes()) as task:
        assert await task is not None
    house.web.add("/feed0", EMPTY, content_type="application/rss+xml")
    async with waiting(house, Notes()) as task:
        assert await task is None
    assert house.web.paths() == ["/feed0", "/feed0"]


async def test_a_reader_without_any_source_is_not_told_that_the_network_is_down(house, sources):
    async with waiting(house, Notes()) as task:
        assert await task is None


async def test_the_answer_is_in_the_readers_language(house, sources):
    german = {"from": {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}}
    await sources.add()
    house.web.add("/feed0", status=500)
    await house.say("/subscribe climate", 7, **german)
    (answer,) = await house.say("/brief", 7, **german)
    assert UNREACHABLE not in answer
    assert "/brief" in answer
