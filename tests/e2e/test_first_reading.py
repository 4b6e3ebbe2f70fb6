"""A first briefing from sources not polled before: the wait is announced and bounded."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web as aiohttp_web

from bot.gather.pages.extract import extract_article
from bot.gather.pages.language import detect_language
from bot.store.feeds import NewFeed
from tests.fakes.house import open_house
from tests.fakes.web import Web
from tests.fakes.wire import BOT, error

SOURCES = 30
TITLE = "North Korea reopens border station"
PROGRESS = ("Reading ", "Found ")
LOOPBACK = "127.0.0.0/8"
PAGE = """<html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>North Korea opened its border station at Sinuiju to freight trains on Tuesday, the railway
ministry said. Officials in Pyongyang had kept the line closed since the winter floods.</p>
<p>Traders in Dandong counted {n} wagons on the first day, most of them loaded with grain.
A second line, farther east, is to follow before the harvest, the ministry said.</p>
</article></body></html>"""


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Load what workers load when they start, so that thirty threads do not load it at once."""
    page = PAGE.format(title="North Korea", n=1)
    assert detect_language(page) == "en"
    extract_article(page.encode(), url="http://127.0.0.1/", content_type="text/html")


class Press:
    """Sources for North Korea, each on a server of its own, that answer once they are opened.

    A feed answers after ``open``, a page once ``pages`` is set. Each feed lists an article on the
    topic and an article on something else.
    """

    def __init__(self, house, webs):
        self.house = house
        self.webs = webs
        self.gates = [asyncio.Event() for _ in webs]
        self.pages = asyncio.Event()
        for n, web in enumerate(webs):
            web.serve("/feed", self._feed(n))
            web.serve("/page", self._page(n))

    async def introduce(self, key="north-korea"):
        """Store the feeds of the sources for a subscription key."""
        feeds = [NewFeed(url=web.url("/feed"), public=True) for web in self.webs]
        await self.house.app.store.feeds.add(feeds, [key], now=self.house.clock.now())

    def open(self, count):
        """Make the first ``count`` feeds answer."""
        for gate in self.gates[:count]:
            gate.set()

    def asked(self, path):
        return sum(path in web.paths() for web in self.webs)

    def _feed(self, n):
        title = f"{TITLE} {n}"
        listed = "".join(
            f"<item><title>{title}</title><link>{self.webs[n].url(path)}</link>"
            f"<guid>{path}</guid><pubDate>Thu, 05 Jun 2025 04:00:00 GMT</pubDate></item>"
            for title, path in ((title, "/page"), ("A new opera season", "/opera"))
        )
        body = f"<rss version='2.0'><channel><title>Courier {n}</title>{listed}</channel></rss>"

        async def answer(_request):
            await self.gates[n].wait()
            return aiohttp_web.Response(text=body, content_type="application/rss+xml")

        return answer

    def _page(self, n):
        async def answer(_request):
            await self.pages.wait()
            text = PAGE.format(title=f"{TITLE} {n}", n=20 + n)
            return aiohttp_web.Response(text=text, content_type="text/html")

        return answer


@asynccontextmanager
async def open_press(tmp_path, count=SOURCES):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with AsyncExitStack() as stack:
        webs = [await stack.enter_async_context(Web()) for _ in range(count)]
        house = await stack.enter_async_context(open_house(url, allow=(LOOPBACK,)))
        press = Press(house, webs)
        yield press
        press.open(count)
        press.pages.set()


@pytest.fixture
async def press(tmp_path):
    async with open_press(tmp_path) as press:
        yield press


async def until(reached):
    """Wait until ``reached()``, which may be async, is true; polls, as rows send no signal."""
    async with asyncio.timeout(100):
        while not (await found if asyncio.iscoroutine(found := reached()) else found):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def gathered(press):
    return await press.house.app.store.refresh_progress(
        ["north-korea"], now=press.house.clock.now()
    )


async def asked_of(press, count):
    return (await gathered(press)).asked >= count


async def reading(press, asked, articles=0):
    """Wait until ``asked`` sources were polled and ``articles`` articles stored."""

    async def reached():
        state = await gathered(press)
        return state.asked >= asked and state.articles >= articles

    await until(reached)


async def pass_time(house, seconds=2):
    """Advance the clock so that a waiting briefing checks the progress of the reading."""
    await until(lambda: house.clock.sleepers)
    house.clock.advance(timedelta(seconds=seconds))


async def wait_out(house, asking):
    """Advance the clock until a briefing no longer waits."""
    while not asking.done():
        if house.clock.sleepers:
            house.clock.advance(timedelta(seconds=2))
        await asyncio.sleep(0.1)


def told(house):
    """Return (method, text) of each message sent, edited or deleted, in order."""
    methods = {"sendMessage", "editMessageText", "deleteMessage"}
    return [(name, given.get("text", "")) for name, given in house.wire.log if name in methods]


def is_progress(text):
    return text.startswith(PROGRESS)


def standing(house):
    """Return the progress messages now in any chat."""
    return [text for text in house.wire.texts() if is_progress(text)]


async def test_the_wait_for_slow_sources_is_told_in_one_line_that_goes_when_it_ends(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    before = len(told(house))
    asking = asyncio.create_task(house.say("/brief"))
    press.open(12)
    await reading(press, 12)
    await pass_time(house)
    await until(lambda: standing(house))
    assert standing(house) == ["Reading 12 of 30 sources for North Korea …"]
    press.open(SOURCES)
    await reading(press, SOURCES)
    await pass_time(house)
    await until(lambda: standing(house) != ["Reading 12 of 30 sources for North Korea …"])
    assert standing(house) == ["Reading 30 pages …"]
    press.pages.set()
    (briefing,) = await asking
    assert TITLE in briefing
    shown = told(house)[before:]
    assert [name for name, _ in shown] == [
        "sendMessage", "editMessageText", "deleteMessage", "sendMessage",
    ]  # fmt: skip
    assert shown[0][1].startswith("Reading 12 of 30")
    assert not is_progress(shown[-1][1])
    assert press.asked("/page") == SOURCES
    assert press.asked("/opera") == 0


async def test_what_is_there_when_patience_ends_is_sent_and_the_rest_is_read_for_later(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    press.pages.set()
    asking = asyncio.create_task(house.say("/brief"))
    begun = house.clock.now()
    for n, seconds in ((2, 1), (4, 2)):
        press.open(n)
        await reading(press, n, articles=n)
        await pass_time(house, seconds)
        await until(lambda n=n: standing(house) and f"Found {n} articles." in standing(house)[0])
    for n in range(5, 13):  # articles keep arriving
        press.open(n)
        await until(lambda n=n: asked_of(press, n))
        await pass_time(house)
    (briefing,) = await asking
    assert house.clock.now() - begun < timedelta(seconds=20)
    assert TITLE in briefing
    assert standing(house) == []
    press.open(SOURCES)
    await reading(press, SOURCES, articles=SOURCES)


async def test_sources_that_hang_are_not_waited_for_once_all_others_are_read(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    press.pages.set()
    asking = asyncio.create_task(house.say("/brief"))
    press.open(SOURCES - 2)
    await reading(press, SOURCES - 2, articles=SOURCES - 2)
    begun = house.clock.now()
    await wait_out(house, asking)
    assert house.clock.now() - begun < timedelta(seconds=10)
    assert TITLE in (await asking)[0]
    assert (await gathered(press)).articles == SOURCES - 2


async def test_a_dead_web_gets_one_clear_line_and_no_edition(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    for web in press.webs:
        await web.__aexit__(None, None, None)  # the ports are closed
    before = len(told(house))
    assert await house.say("/brief") == [
        "None of the 30 sources could be reached. Is the network down? /brief tries again."
    ]
    assert [name for name, _ in told(house)[before:]] == ["sendMessage"]
    assert json.loads(await house.known(1))["rooms"][0]["editions"] == []


async def test_a_web_that_swallows_everything_gets_the_line_when_patience_ends(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    asking = asyncio.create_task(house.say("/brief"))
    await until(lambda: press.asked("/feed") == SOURCES)
    await pass_time(house, 1)
    await until(lambda: standing(house))
    assert standing(house) == ["Reading 0 of 30 sources for North Korea …"]
    await pass_time(house, 17)
    await wait_out(house, asking)
    assert (await asking)[-1].startswith("None of the 30 sources could be reached.")
    assert standing(house) == []


async def test_a_web_that_comes_back_is_asked_again_at_once(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    for web in press.webs:
        web.handler = web._handlers.pop("/feed")
    (line,) = await house.say("/brief")
    assert line.startswith("None of the 30")
    for web in press.webs:
        web.serve("/feed", web.handler)
    press.open(SOURCES)
    press.pages.set()
    (briefing,) = await house.say("/brief")
    assert TITLE in briefing
    assert (await gathered(press)).articles == SOURCES


async def test_only_what_is_asked_for_is_polled(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    async with Web() as other:
        other.add("/feed", status=404)
        feeds = [NewFeed(url=other.url("/feed"), public=True)]
        await house.app.store.feeds.add(feeds, ["climate"], now=house.clock.now())
        press.open(SOURCES)
        press.pages.set()
        await house.say("/brief")
        assert other.paths() == []


@pytest.mark.parametrize("tapped", ["▶ My first briefing", "Preview"])
async def test_a_tap_is_answered_when_the_wait_is_first_told(press, tapped):
    house = press.house
    if tapped == "Preview":
        await house.say("/subscribe north-korea")
    else:
        await house.say("/start")
        await house.press("v1:topic:north-korea", house.wire.sent()[-1] | {"from": BOT})
    await press.introduce()
    press.pages.set()
    answered = len(house.wire.calls("answerCallbackQuery"))
    message = house.wire.sent()[-1]
    markup = message["reply_markup"]
    rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    data = next(
        button["callback_data"] for row in rows for button in row if button["text"] == tapped
    )
    asking = asyncio.create_task(house.press(data, message | {"from": BOT}))
    press.open(3)
    await reading(press, 3, articles=3)
    await pass_time(house, 1)
    await until(lambda: standing(house))
    assert len(house.wire.calls("answerCallbackQuery")) == answered + 1
    press.open(SOURCES)
    answers = await asking
    assert any(TITLE in answer for answer in answers)
    assert standing(house) == []
    assert len(house.wire.calls("answerCallbackQuery")) == answered + 1


async def test_a_first_tap_without_a_network_is_told_so_and_asked_for_the_zone(press):
    house = press.house
    await house.say("/start")
    await house.press("v1:topic:north-korea", house.wire.sent()[-1] | {"from": BOT})
    await press.introduce()
    for web in press.webs:
        await web.__aexit__(None, None, None)
    (answer,) = await house.press("v1:brief", house.wire.sent()[-1] | {"from": BOT})
    assert answer.startswith("None of the 30 sources could be reached.")
    assert "What time is it for you?" in answer


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "deleteMessage"])
async def test_a_telegram_that_refuses_the_line_still_gets_the_briefing(press, method):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    press.pages.set()
    asking = asyncio.create_task(house.say("/brief"))
    house.wire.script(method, error(400, "Bad Request: not today"))
    for n in (3, 6):
        press.open(n)
        await reading(press, n, articles=n)
        await pass_time(house, 1 if n == 3 else 2)
        await until(lambda: house.clock.sleepers)
    await until(lambda: standing(house))
    press.open(SOURCES)
    assert TITLE in (await asking)[-1]
    assert (await gathered(press)).articles == SOURCES
    assert bool(standing(house)) is (method == "deleteMessage")


async def test_a_page_that_hangs_holds_up_no_other(press):
    house = press.house
    await house.say("/subscribe north-korea")
    await press.introduce()
    press.open(SOURCES)
    forever = asyncio.Event()
    press.webs[0].serve("/page", lambda _: forever.wait())
    press.pages.set()
    for n, web in enumerate(press.webs[1:]):
        listed = "".join(
            f"<item><title>{TITLE} {n}{a}</title><link>{web.url(f'/{a}')}</link></item>"
            for a in "ab"
        )
        for a in "ab":
            web.add(f"/{a}", PAGE.format(title=f"{TITLE} {n}{a}", n=n))
        body = f"<rss version='2.0'><channel><title>Parts</title>{listed}</channel></rss>"
        web.add("/more", body, content_type="application/rss+xml")
        feeds = [NewFeed(url=web.url("/more"), public=True)]
        await house.app.store.feeds.add(feeds, ["north-korea"], now=house.clock.now())
    refresh = asyncio.create_task(house.app.flow.refresh(["north-korea"]))
    await reading(press, 2 * SOURCES - 1, articles=3 * (SOURCES - 1))
    assert not refresh.done()
    refresh.cancel()
    await asyncio.gather(refresh, return_exceptions=True)
