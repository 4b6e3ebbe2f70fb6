"""A reader's first week in the tryout: the whole bot with the whole sample newsroom."""

import asyncio
import html
import re
from contextlib import AsyncExitStack
from urllib.parse import unquote

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import build
from bot.clock.system import SystemClock
from bot.settings import Settings
from bot.store.feeds import NewFeed
from bot.tryout import ShiftableClock, Tryout
from bot.tryout.newsroom import load_newsroom
from summarizers import split_sentences
from tests.fakes.databases import wanted_url
from tests.fakes.person import Person

pytestmark = pytest.mark.slow
PATIENCE_S = 120  # against hanging
TOPICS = ("North Korea", "Climate")
_STORY = re.compile(
    r"^(?:☀️ )?\d+\. (?P<title>.+?)(?P<mark> · update)?(?: · \d+ sources)?$", re.MULTILINE
)
_TAGS = re.compile(r"<(script|style).*?</\1>|<[^>]+>", re.DOTALL)


@pytest.fixture
async def tryout(tmp_path):
    async with AsyncExitStack() as stack:
        clock = ShiftableClock(SystemClock())
        tryout = await stack.enter_async_context(
            Tryout(port=0, clock=clock, newsroom=load_newsroom())
        )
        settings = Settings(
            _env_file=None,
            token=SecretStr(tryout.token),
            api_url=tryout.base_url,
            database_url=await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/week.db"),
            allow_local=tryout.allow,
            builtin_feeds=False,
        )
        feeds = tuple(
            NewFeed(
                url=url,
                source=outlet.name,
                language=outlet.language,
                country=outlet.country,
                state_run=outlet.state_run,
                public=True,
            )
            for outlet, url in tryout.feeds
        )
        app = build(settings, clock=clock, feeds=feeds, sample=True)
        await stack.enter_async_context(app)
        tryout.hooks.on_hello = app.dispatcher.hello
        tryout.hooks.next_due = app.dispatcher.next_due
        tryout.hooks.after_jump = app.catch_up
        await app.start()
        yield tryout


def is_last_part(message):
    return "That's all." in message["text"]


async def edition(person, after):
    """Wait for the last part of the next edition; return its parts."""
    last = await person.wait_for(is_last_part, after=after, within_s=PATIENCE_S)
    ids = range(after + 1, last["message_id"] + 1)
    parts = [m for m in person.answers if m["message_id"] in ids]
    return [part for part in parts if "SAMPLE" in part["text"]]


async def week(person):
    """Onboard a person and jump from morning to morning; return the seven editions."""
    await person.say("/start")
    await person.wait_for(lambda m: any(TOPICS[0] in b["text"] for r in m["keyboard"] for b in r))
    for topic in TOPICS:
        await person.press(topic)
        await person.wait_for(
            lambda m, t=topic: any(b["text"] == f"✓ {t}" for r in m["keyboard"] for b in r)
        )
    before = max(person.messages)
    await person.press("▶ My first briefing")
    editions = [await edition(person, before)]
    for _ in range(6):
        before = max(person.messages)
        await person.jump()
        editions.append(await edition(person, before))
    return editions


def sentences(message):
    """Yield (sentence, URL) for each quotation: the text on a line before its link."""
    units = message["text"].encode("utf-16-le")
    for entity in message["entities"]:
        if entity["type"] == "text_link":
            before = units[: 2 * entity["offset"]].decode("utf-16-le")
            line = before.rpartition("\n")[2].strip()
            if not line.startswith(("Also in:", "•")):  # those lead to articles
                yield line, entity["url"]


def words_of(page):
    text = html.unescape(_TAGS.sub("", page))
    return " ".join(text.split())


async def test_a_week_of_briefings_arrives_repeats_nothing_and_can_be_checked(tryout):
    async with Person(tryout.page_url) as person, aiohttp.ClientSession() as session:
        editions = await week(person)
        assert len(editions) == 7
        said = [
            (words, url) for parts in editions for part in parts for words, url in sentences(part)
        ]
        quoted = [words for words, _ in said if words]
        assert len(quoted) > 14
        assert [words for words in quoted if quoted.count(words) > 1] == []
        told: set[str] = set()
        for parts in editions:
            assert any(_STORY.search(part["text"]) for part in parts), parts
            for part in parts:
                assert "SAMPLE" in "".join(part["text"].splitlines()[:2])
                for story in _STORY.finditer(part["text"]):
                    assert story["mark"] or story["title"] not in told, story[0]
                    told.add(story["title"])
        pages: dict[str, str] = {}
        for words, url in said:
            page, _, fragment = url.partition("#")
            if page not in pages:
                async with session.get(page) as answer:
                    assert answer.status == 200, page
                    pages[page] = words_of(await answer.text())
            words = re.sub(r"^Told on [^:]+: ", "", words)  # noqa: PLW2901
            for begin, end in split_sentences(words, "en"):
                assert " ".join(words[begin:end].split()) in pages[page], (words, page)
            if fragment:
                first = unquote(re.split("[,&]", fragment.partition("text=")[2])[0])
                assert " ".join(first.rstrip("-").split()) in pages[page]
        assert await asyncio.wait_for(person.state(), 100)
