"""``kill -9`` while editions are being sent: none is lost, and few are sent twice."""

import asyncio
import json

import pytest

from bot.store import Store
from tests.fakes.bot_api import BotApi, running_bot
from tests.fakes.databases import opened, wanted_url
from tests.fakes.rooms import add_readers_due

ROOMS = 200
# The largest number of parts in flight when the process is killed (design.md).
MAX_IN_FLIGHT = 8
KILL_AFTER = (40, 90, 150)


async def fill(url):
    """Create a database in which ``ROOMS`` rooms have been due for a minute."""
    async with opened(url) as database:
        await add_readers_due(Store(database), ROOMS)


async def states(url):
    async with opened(url) as database:
        return await Store(database).outbox.counts()


async def all_sent(url):
    """Wait until the other process has recorded every part as sent."""
    while set(await states(url)) != {"sent"}:  # noqa: ASYNC110 - another process writes the rows
        await asyncio.sleep(0.2)


@pytest.mark.slow
async def test_no_edition_is_lost_and_few_repeat_however_often_the_bot_is_killed(tmp_path):
    url = await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    log = tmp_path / "log"
    await fill(url)
    kills = []
    async with BotApi() as api:
        for wanted in KILL_AFTER:
            async with running_bot(url, api.url, log) as process:
                await api.until(lambda wanted=wanted: api.taken.total() >= wanted)
                process.kill()
                await process.wait()
                kills.append((api.taken.total(), api.in_flight))
        async with running_bot(url, api.url, log) as process:
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
    url = await wanted_url(f"sqlite+aiosqlite:///{tmp_path}/daybrief.db")
    await fill(url)
    async with BotApi() as api:
        async with running_bot(url, api.url, tmp_path / "log") as process:
            await api.until(lambda: api.taken.total() >= ROOMS // 2)
            process.kill()
            await process.wait()
            before, in_flight = api.taken.total(), api.in_flight
        async with running_bot(url, api.url, tmp_path / "log"):
            await api.until(lambda: len(api.taken) == ROOMS)
            await all_sent(url)
    repeats = api.taken.total() - ROOMS
    print(json.dumps({"taken_at_kill": before, "in_flight": in_flight, "repeats": repeats}))
    assert ROOMS // 2 <= before < ROOMS
    assert repeats <= MAX_IN_FLIGHT
