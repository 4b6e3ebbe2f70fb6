"""A first briefing over slow, broken and hanging sources."""

import asyncio
import contextlib
import json
import random
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web as aiohttp_web

from bot.app import WORKER_IMPORTS
from bot.clock.system import SystemClock
from bot.send import Limits
from bot.store.feeds import NewFeed
from bot.workers import Workers
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.databases import wanted_url
from tests.fakes.house import open_house
from tests.fakes.web import Web
from tests.fakes.wire import message_update

pytestmark = pytest.mark.slow
SOURCES = 40
LATENCY_S = (0.1, 0.5)
# The numbers of the sources that never answer, and of those that answer 503.
HANGING = frozenset({7, 23})
FAILING = frozenset({11})
ENTRIES = 30
OF_THE_TOPIC = 3
_PLACES = ("Sinuiju", "Wonsan", "Hamhung", "Kaesong", "Chongjin", "Nampo", "Rason", "Sariwon")
_MATTERS = (
    "a railway",
    "a port",
    "a dam",
    "a market",
    "a hospital",
    "a stadium",
    "a power station",
)


def topic_page(rng, title):
    """Return a page of usual size: an article and 300 links."""
    sentences = [
        f"Officials in {rng.choice(_PLACES)} said that {rng.choice(_MATTERS)} of North Korea "
        f"took {rng.randrange(2, 900)} workers {rng.randrange(2, 40)} months to build."
        for _ in range(24)
    ]
    paragraphs = "".join(f"<p>{' '.join(sentences[n : n + 4])}</p>" for n in range(0, 24, 4))
    aside = "".join(f"<li><a href='/x{n}'>Link {n} to another page</a></li>" for n in range(300))
    return (
        f"<html><head><title>{title}</title></head><body><nav><ul>{aside}</ul></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


class SlowSource:
    """An outlet on a server of its own; every answer takes ``LATENCY_S``."""

    def __init__(self, number, server):
        self.rng = random.Random(number)
        self.number = number
        self.server = server
        server.serve("/robots.txt", self.answer(lambda: "User-agent: *\nDisallow: /admin\n"))
        server.serve("/feed", self.answer(self.feed, "application/rss+xml"))
        for n in range(OF_THE_TOPIC):
            server.serve(f"/{n}", self.answer(lambda n=n: topic_page(self.rng, self.title(n))))

    def title(self, n):
        place = _PLACES[(self.number + 3 * n) % len(_PLACES)]
        matter = _MATTERS[(self.number * 5 + n) % len(_MATTERS)]
        return f"North Korea opens {matter} in {place}"

    def feed(self):
        at = format_datetime(datetime.now(UTC) - timedelta(hours=self.rng.randrange(1, 20)))
        titles = [self.title(n) for n in range(OF_THE_TOPIC)]
        titles += [f"Opera season, evening {n}" for n in range(ENTRIES - OF_THE_TOPIC)]
        listed = "".join(
            f"<item><title>{title}</title><link>{self.server.url(f'/{n}')}</link>"
            f"<pubDate>{at}</pubDate></item>"
            for n, title in enumerate(titles)
        )
        title = f"Outlet {self.number}"
        return f"<rss version='2.0'><channel><title>{title}</title>{listed}</channel></rss>"

    def answer(self, body, content_type="text/html"):
        async def handler(_request):
            if self.number in HANGING:
                await asyncio.sleep(3600)
            await asyncio.sleep(self.rng.uniform(*LATENCY_S))
            if self.number in FAILING:
                return aiohttp_web.Response(status=503)
            return aiohttp_web.Response(text=body(), content_type=content_type)

        return handler


async def sent(house, matches):
    """Wait for a message in any chat for which ``matches`` is true; return the seconds it took."""
    begun = time.monotonic()
    while not any(matches(text) for text in house.wire.texts()):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return time.monotonic() - begun


async def progress(house):
    """Return how far the reading of the topic is."""
    return await house.app.store.refresh_progress(["north-korea"], now=house.clock.now())


async def test_a_first_briefing_over_forty_slow_sources_tells_what_answered(tmp_path):
    options = {
        "allow": ("127.0.0.0/8",),
        "clock": SystemClock(),
        "workers": Workers(imports=WORKER_IMPORTS),
        "fetch_gap_s": 1.0,
        "limits": Limits(),
    }
    async with contextlib.AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(Web()) for _ in range(SOURCES)]
        sources = [SlowSource(n, server) for n, server in enumerate(servers)]
        url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
        house = await stack.enter_async_context(open_house(url, **options))
        await house.app.start()
        house.wire.say("/subscribe north-korea")
        await sent(house, lambda text: "Subscribed to North Korea" in text)
        feeds = [NewFeed(url=source.server.url("/feed"), public=True) for source in sources]
        await house.app.store.feeds.add(feeds, ["north-korea"], now=house.clock.now())
        house.app.ring("poll")  # as /subscribe does
        house.wire.say("/brief")
        begun = time.monotonic()
        word_s = await sent(house, lambda text: text.startswith("Reading "))
        await sent(house, lambda text: "That's all." in text)
        took_s = time.monotonic() - begun
        state = await progress(house)
        edits = [call["text"] for call in house.wire.calls("editMessageText")]
        briefing = house.wire.texts()[-1]
        figures = {
            "sources": state.sources,
            "answered": state.read,
            "articles": state.articles,
            "first_word_s": round(word_s, 1),
            "edits": len(edits),
            "briefing_s": round(took_s, 1),
        }
        print(json.dumps(figures), *edits, sep="\n")
        assert state.articles > 0
        assert "<b>1. North Korea opens" in briefing
        assert not [text for text in house.wire.texts() if text.startswith(("Reading", "Found"))]
        # How many pages eighteen seconds hold is the machine's matter; the others are read on.
        while (await progress(house)).articles < OF_THE_TOPIC * (SOURCES - len(HANGING | FAILING)):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        assert all("/10" not in source.server.paths() for source in sources)  # no candidates' pages


async def test_a_bot_that_is_stopped_does_not_wait_for_sources(tmp_path):
    url = await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    async with Web() as server, BotApi() as api:
        server.serve("/feed", lambda _: asyncio.sleep(3600))
        api.updates.append({"update_id": 1, **message_update("/subscribe north-korea")})
        places = {"feeds": server.url("/feed"), "allow_local": server.at}
        async with running_bot(url, api.url, tmp_path / "log", **places) as process:
            await api.until(lambda: api.taken.total() == 1)
            api.updates.append({"update_id": 2, **message_update("/brief")})
            await api.until(lambda: api.taken.total() == 2)  # the progress message
            process.terminate()
            assert await process.wait() == 0
