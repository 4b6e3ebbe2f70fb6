"""What a failed attempt at an edition counts for: its own faults, and nobody else's."""

import errno
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import Aborted, StoreUnavailable
from bot.workers import InlineWorkers
from tests.fakes.house import open_house

READERS = (1, 2, 3, 4)


class SlowMachine(InlineWorkers):
    """Workers of a machine that may be too slow for anything."""

    is_slow = False

    async def run(self, function, /, *args, **kwargs):
        if self.is_slow:
            raise Aborted("too-slow", seconds=20)
        return await super().run(function, *args, **kwargs)


@pytest.fixture
def workers():
    return SlowMachine()


@pytest.fixture
async def house(tmp_path, workers):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, workers=workers) as house:
        for reader in READERS:
            await house.say("/subscribe north-korea", reader)
            await house.say("/timezone Berlin", reader)
            await house.say("/schedule 08:30", reader)
        yield house


@pytest.fixture
def break_for(house, monkeypatch):
    """Let the editions of some readers raise; return how often each was tried."""
    compose = house.app.flow.composing.compose

    def set_up(error, *readers):
        tried = Counter()

        async def breaks(order):
            tried[order.room.chat.telegram_id] += 1
            if order.room.chat.telegram_id in readers:
                raise error
            return await compose(order)

        monkeypatch.setattr(house.app.flow.composing, "compose", breaks)
        return tried

    return set_up


async def attempts(house):
    query = "SELECT attempts FROM schedule ORDER BY room_id"
    async with house.app.store.database.read() as connection:
        return list((await connection.execute(text(query))).scalars())


async def reasons(house):
    query = "SELECT reason FROM edition WHERE filled_at IS NOT NULL ORDER BY room_id"
    async with house.app.store.database.read() as connection:
        return list((await connection.execute(text(query))).scalars())


async def pass_time(house, *waits_s):
    for wait_s in waits_s:
        house.clock.advance(timedelta(seconds=wait_s))
        await house.app.flow.prepare()


async def test_a_lost_worker_of_one_edition_alone_counts(house, break_for):
    break_for(Aborted("process-died"), 2)
    await pass_time(house, 3600)
    assert await attempts(house) == [0, 1, 0, 0]


async def test_workers_lost_together_count_for_nobody_and_each_is_tried_alone_next(
    house, break_for
):
    tried = break_for(Aborted("too-slow", seconds=20), 2, 3)
    await pass_time(house, 3600)
    assert await attempts(house) == [0, 0, 0, 0]
    await pass_time(house, 10)
    assert await attempts(house) == [0, 1, 1, 0]
    await pass_time(house, 10, 60, 300)
    assert await reasons(house) == ["", *['too-slow {"seconds": 20}'] * 2, ""]
    assert tried == {1: 1, 2: 4, 3: 4, 4: 1}


async def test_a_machine_too_slow_for_anything_costs_no_edition_its_attempts(
    house, break_for, workers, monkeypatch
):
    break_for(Aborted("too-slow", seconds=20), *READERS)
    workers.is_slow = True
    await pass_time(house, 3600, *[10] * 20)
    assert await attempts(house) == [0, 0, 0, 0]
    assert await reasons(house) == []
    workers.is_slow = False
    monkeypatch.undo()
    await pass_time(house, 10)
    assert await reasons(house) == [""] * 4


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ENOMEM, errno.EMFILE])
async def test_a_full_disk_costs_no_edition_its_attempts(house, break_for, number):
    break_for(OSError(number, "no room"), 2)
    await pass_time(house, 3600, *[10] * 10)
    assert await attempts(house) == [0, 0, 0, 0]


async def test_a_database_that_does_not_answer_counts_for_nothing_and_holds_nobody(
    house, break_for, monkeypatch
):
    break_for(StoreUnavailable("store-unavailable"), 2)
    house.clock.advance(timedelta(hours=1))
    with pytest.raises(StoreUnavailable):
        await house.app.flow.prepare()
    assert await attempts(house) == [0, 0, 0, 0]
    monkeypatch.undo()
    await house.app.flow.prepare()  # at once: nothing is held till a lease ends
    assert await reasons(house) == [""] * 4


async def test_claims_that_could_not_be_given_back_are_by_the_next_run(
    house, break_for, monkeypatch
):
    break_for(StoreUnavailable("store-unavailable"), 2)
    hold = house.app.store.schedules.hold

    async def away(ids, *, until):
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(house.app.store.schedules, "hold", away)
    house.clock.advance(timedelta(hours=1))
    with pytest.raises(StoreUnavailable):
        await house.app.flow.prepare()
    monkeypatch.undo()
    assert house.app.store.schedules.hold == hold
    await house.app.flow.prepare()
    assert await reasons(house) == [""] * 4


async def test_two_editions_of_a_room_that_are_due_together_are_made_in_turn(house, monkeypatch):
    """Else both would tell the same stories."""
    await house.say("/schedule 08:00 08:30", 1)
    events, compose = [], house.app.flow.composing.compose

    async def watched(order):
        events.append((order.room.chat.telegram_id, "begins"))
        await compose(order)
        events.append((order.room.chat.telegram_id, "ends"))

    monkeypatch.setattr(house.app.flow.composing, "compose", watched)
    await pass_time(house, 7200)
    assert [what for reader, what in events if reader == 1] == ["begins", "ends"] * 2
