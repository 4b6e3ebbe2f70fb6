"""``kill -9`` while editions go out: none is lost, and few are told twice."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.due import Due
from bot.domain.room import RoomSettings
from bot.domain.schedule import Schedule
from bot.domain.subscription import SubscriptionKind
from bot.store import Store
from tests.fakes.databases import fresh_database
from tests.fakes.wire import BOT, TOKEN

ROOT = Path(__file__).parents[2]
ROOMS = 200
# The most parts that can be on their way when the process dies (design.md).
MAX_IN_FLIGHT = 8
KILL_AFTER = (40, 90, 150)


class BotApi:
    """A Bot API on loopback that takes every message, and answers a little later."""

    def __init__(self) -> None:
        self.taken: Counter[int] = Counter()
        self.in_flight = 0
        self._changed = asyncio.Condition()
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        self.url = ""

    async def __aenter__(self):
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    async def until(self, reached) -> None:
        async with self._changed:
            await self._changed.wait_for(reached)

    async def _answer(self, request):
        method = request.path.rsplit("/", 1)[-1]
        if method == "sendMessage":
            return _ok(await self._take(await request.post() or await request.json()))
        if method == "getUpdates":
            await asyncio.sleep(1)
            return _ok([])
        return _ok(BOT if method == "getMe" else True)

    async def _take(self, message):
        chat_id = int(message["chat_id"])
        self.taken[chat_id] += 1  # taken, though the bot does not know yet
        self.in_flight += 1
        async with self._changed:
            self._changed.notify_all()
        try:
            await asyncio.sleep(0.05)
        finally:
            self.in_flight -= 1
        chat = {"id": chat_id, "type": "private", "first_name": "R"}
        sent = {"message_id": self.taken.total(), "date": int(time.time()), "chat": chat}
        return sent | {"text": message["text"]}


def _ok(result):
    return web.json_response({"ok": True, "result": result})


async def fill(url):
    """Make a database in which so many rooms have been due for a minute."""
    now = datetime.now(UTC)
    due = Due(now - timedelta(minutes=1), now.date())
    schedule = Schedule(local_time=clock_time(due.at.hour, due.at.minute, due.at.second))
    async with fresh_database(url) as database:
        store = Store(database)
        for telegram_id in range(1, ROOMS + 1):
            room = await store.chats.open_room(
                telegram_id, 0, kind="private", language="en", settings=RoomSettings(), now=now
            )
            await store.chats.set_zone(room.chat.id, "UTC", known=True)
            await store.subscriptions.add(
                room.id, SubscriptionKind.TOPIC, "north-korea", "North Korea", now=now
            )
            await store.schedules.put(room.id, schedule, due)


@contextlib.asynccontextmanager
async def running_bot(database_url, api, log):
    """Run ``daybrief run`` as a process; it is killed at the end of the block."""
    settings = {
        "DAYBRIEF_TOKEN": TOKEN,
        "DAYBRIEF_DATABASE_URL": database_url,
        "DAYBRIEF_API_URL": api.url,
        "DAYBRIEF_BUILTIN_FEEDS": "false",
        "DAYBRIEF_MESSAGES_PER_S": "1000",
    }
    command = [sys.executable, "-m", "bot", "run"]
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def states(url):
    async with fresh_database(url) as database:
        return await Store(database).outbox.counts()


async def all_sent(url):
    """Wait until the other process has recorded every part as sent."""
    while set(await states(url)) != {"sent"}:  # noqa: ASYNC110 - rows of a process ring no bell
        await asyncio.sleep(0.2)


@pytest.mark.slow
async def test_no_edition_is_lost_and_few_repeat_however_often_the_bot_is_killed(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    log = tmp_path / "log"
    await fill(url)
    kills = []
    async with BotApi() as api:
        for wanted in KILL_AFTER:
            async with running_bot(url, api, log) as process:
                async with asyncio.timeout(60):
                    await api.until(lambda wanted=wanted: api.taken.total() >= wanted)
                process.kill()
                await process.wait()
                kills.append((api.taken.total(), api.in_flight))
        async with running_bot(url, api, log) as process:
            async with asyncio.timeout(90):
                await api.until(lambda: len(api.taken) == ROOMS)
            await all_sent(url)
            process.terminate()
            assert await process.wait() == 0
    repeats = api.taken.total() - ROOMS
    lost = ROOMS - len(api.taken)
    print(json.dumps({"rooms": ROOMS, "kills": kills, "lost": lost, "repeats": repeats}))
    assert all(0 < taken < ROOMS for taken, _ in kills)
    assert lost == 0
    assert repeats <= MAX_IN_FLIGHT * len(KILL_AFTER)
    assert max(api.taken.values()) <= 1 + len(KILL_AFTER)
    assert await states(url) == {"sent": ROOMS}


@pytest.mark.slow
async def test_one_kill_repeats_no_more_than_was_on_its_way(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/daybrief.db"
    await fill(url)
    async with BotApi() as api:
        async with running_bot(url, api, tmp_path / "log") as process:
            async with asyncio.timeout(60):
                await api.until(lambda: api.taken.total() >= ROOMS // 2)
            process.kill()
            await process.wait()
            before, in_flight = api.taken.total(), api.in_flight
        async with running_bot(url, api, tmp_path / "log"), asyncio.timeout(90):
            await api.until(lambda: len(api.taken) == ROOMS)
            await all_sent(url)
    repeats = api.taken.total() - ROOMS
    print(json.dumps({"taken_at_kill": before, "in_flight": in_flight, "repeats": repeats}))
    assert ROOMS // 2 <= before < ROOMS
    assert repeats <= MAX_IN_FLIGHT
