"""What a start is for comes first: what waits to be sent goes out before all that can wait."""

import asyncio

from tests.fakes.clock import START
from tests.fakes.editions import send_edition
from tests.fakes.house import PatientWorkers, open_house
from tests.fakes.rooms import open_room


async def until(reached):
    async with asyncio.timeout(60):
        while not reached():  # noqa: ASYNC110 - what happens is on the other end of a wire
            await asyncio.sleep(0.01)


class SlowWorkers(PatientWorkers):
    """Workers that start when they are let."""

    def __init__(self):
        super().__init__()
        self.let = asyncio.Event()

    async def warm(self):
        await self.let.wait()


async def test_what_waits_goes_out_before_a_worker_has_started(tmp_path):
    workers = SlowWorkers()
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", workers=workers) as house:
        store = house.app.store
        await send_edition(store, await open_room(store), now=START)
        assert not house.wire.calls("setMyCommands")
        starting = asyncio.create_task(house.app.start())
        await until(lambda: house.wire.texts(1) == ["<b>Hello</b>"])
        assert not starting.done()
        workers.let.set()
        await starting
        # Commands, in sixteen languages for three scopes, follow by themselves.
        await until(lambda: len(house.wire.calls("setMyCommands")) == 48)
