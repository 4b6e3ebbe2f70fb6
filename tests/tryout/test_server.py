"""The tryout's servers: their ports, the sample newsroom's sites, its mornings."""

import asyncio
import socket
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.errors import SetupError
from bot.send import telegram_address
from bot.tryout import ShiftableClock, Tryout
from bot.tryout.newsroom import load_newsroom
from tests.fakes.clock import START, FakeClock

DAY = timedelta(days=1)
USUAL_PORT = 8080


@pytest.fixture(scope="module")
def newsroom():
    return load_newsroom()


@pytest.fixture
def clock():
    return ShiftableClock(FakeClock())


@pytest.fixture
async def tryout(clock, newsroom):
    async with Tryout(port=0, clock=clock, newsroom=newsroom) as tryout:
        yield tryout


@pytest.fixture
async def session():
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield session


@contextmanager
def listening(port=0):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        yield taken


async def test_a_morning_may_be_in_any_zone(tryout, session):
    tryout.mornings[0] = tryout.mornings[0].astimezone(timezone(timedelta(hours=9)))
    async with session.get(tryout.feeds[0][1]) as answer:
        assert answer.status == 200
        assert answer.headers["Last-Modified"].endswith(" GMT")


async def test_the_usual_port_moves_on_when_it_is_taken(clock):
    with ExitStack() as taken:
        with suppress(OSError):  # somebody else has it: as good
            taken.enter_context(listening(USUAL_PORT))
        async with Tryout(port=None, clock=clock, newsroom=None) as tryout:
            assert USUAL_PORT < urlsplit(tryout.page_url).port < USUAL_PORT + 40


async def test_a_port_that_was_asked_for_and_is_taken_ends_with_one_line(clock):
    with listening() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError) as refused:
            async with Tryout(port=port, clock=clock, newsroom=None):
                pass
    assert str(refused.value) == (
        f"Port {port} is taken: free it, or set DAYBRIEF_TRYOUT_PORT to another one."
    )


async def test_everything_listens_on_loopback_only(tryout):
    urls = [tryout.page_url, tryout.base_url, *(url for _, url in tryout.feeds)]
    assert {urlsplit(url).hostname for url in urls} == {"127.0.0.1"}


async def test_each_outlet_has_a_port_of_its_own(tryout, newsroom):
    ports = {urlsplit(url).port for _, url in tryout.feeds}
    assert len(ports) == len(newsroom.outlets) == len(tryout.feeds)
    assert set(tryout.allow) == {f"127.0.0.1:{port}" for port in ports}
    assert urlsplit(tryout.page_url).port not in ports


async def test_every_outlet_answers_with_its_feed_and_its_front(tryout, session):
    for outlet, url in tryout.feeds:
        async with session.get(url) as answer:
            assert answer.status == 200, outlet.slug
            assert answer.headers["Content-Type"] == outlet.feed.content_type
            assert urlsplit(url).netloc in await answer.text()
        front = f"http://{urlsplit(url).netloc}/"
        async with session.get(front) as answer:
            assert answer.status == 200
            assert outlet.name in await answer.text()


async def test_an_unchanged_feed_is_not_sent_again(tryout, session):
    _, url = tryout.feeds[0]
    async with session.get(url) as answer:
        etag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert changed.endswith(" GMT")  # RFC 9110 takes no other zone
    for validators in ({"If-None-Match": etag}, {"If-Modified-Since": changed}):
        async with session.get(url, headers=validators) as answer:
            assert answer.status == 304
            assert await answer.read() == b""
    other = {"If-None-Match": '"other"', "If-Modified-Since": changed}
    async with session.get(url, headers=other) as answer:
        assert answer.status == 200


async def test_a_page_that_is_not_out_is_not_found(tryout, session, newsroom):
    _, url = tryout.feeds[0]
    outlet = tryout.feeds[0][0]
    later = next(
        article
        for article in newsroom.articles
        if article.outlet == outlet.slug and article.day > 0
    )
    async with session.get(f"http://{urlsplit(url).netloc}/{later.slug}") as answer:
        assert answer.status == 404


async def test_a_jump_brings_a_morning_and_moves_the_clock_to_what_is_due(tryout, clock, session):
    due = START + timedelta(hours=23)
    caught_up = []

    async def next_due(address):
        assert address == telegram_address(7)
        return due

    async def after_jump():
        caught_up.append(clock.now())

    tryout.hooks.next_due, tryout.hooks.after_jump = next_due, after_jump
    _, url = tryout.feeds[0]
    async with session.get(url) as answer:
        before, etag = await answer.read(), answer.headers["ETag"]
    await tryout.jump(7)
    assert clock.now() == due
    assert caught_up == [due]
    assert tryout.mornings == [START, due]
    async with session.get(url, headers={"If-None-Match": etag}) as answer:
        assert answer.status == 200
        assert await answer.read() != before


async def test_without_a_schedule_a_jump_goes_to_half_past_seven_of_the_reader(tryout, clock):
    chat = tryout.chats.new_person("en")
    chat.zone = "Europe/Berlin"
    await tryout.jump(chat.id)  # START is 07:30 in Berlin to the minute
    assert clock.now() == START + DAY
    await tryout.jump(999)  # nobody: UTC
    assert clock.now() == datetime(2025, 6, 6, 7, 30, tzinfo=UTC)


async def test_jumps_at_once_come_one_after_the_other(tryout, clock):
    chat = tryout.chats.new_person("en")
    await asyncio.gather(*(tryout.jump(chat.id) for _ in range(3)))
    assert len(tryout.mornings) == 4
    assert tryout.mornings == sorted(set(tryout.mornings))


async def test_a_jump_to_what_is_overdue_leaves_the_mornings_in_order(tryout, clock):
    async def next_due(_):
        return START - DAY

    tryout.hooks.next_due = next_due
    await tryout.jump(7)
    assert clock.now() == START
    assert tryout.mornings == [START, START]


async def test_mornings_come_by_themselves(tryout, clock):
    for day in range(1, 4):
        clock.jump_to(START + day * DAY)
        async with asyncio.timeout(100):
            while len(tryout.mornings) == day:  # noqa: ASYNC110 - the tryout tells nobody
                await asyncio.sleep(0.01)
        assert tryout.mornings[-1] == START + day * DAY


async def test_without_a_newsroom_no_sites_are_opened(clock):
    async with Tryout(port=0, clock=clock, newsroom=None) as tryout:
        assert tryout.feeds == ()
        assert tryout.allow == ()


async def test_leaving_frees_every_port(clock, newsroom):
    async with Tryout(port=0, clock=clock, newsroom=newsroom) as tryout:
        ports = [urlsplit(url).port for url in (tryout.page_url, *(u for _, u in tryout.feeds))]
    for port in ports:
        with listening(port):
            pass
