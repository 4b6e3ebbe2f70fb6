"""What a failed attempt at an edition counts for: its own faults, and nobody else's."""

import asyncio
import errno
from collections import Counter
from datetime import time, timedelta

import pytest
from sqlalchemy import text

from bot.domain.room import UsualLanguages
from bot.errors import Aborted, SourceUnavailable, StoreUnavailable, reason_of
from bot.reasons import dump_reason
from bot.steps.attempts import MAX_ATTEMPTS, Attempts
from bot.steps.composing import Composing
from bot.topics import load_topics
from bot.workers import InlineWorkers
from tests.fakes.clock import START
from tests.fakes.databases import fresh_database
from tests.fakes.editions import ask, claim_due, put_due
from tests.fakes.house import open_house
from tests.fakes.rooms import open_room

READERS = (1, 2, 3, 4)
INSTANT = timedelta(microseconds=1)
TROUBLE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
    *(errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE),
}


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

        async def breaks(edition):
            tried[int(edition.room.chat.address.id)] += 1
            if int(edition.room.chat.address.id) in readers:
                raise error
            return await compose(edition)

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


async def test_a_claim_whose_answer_was_lost_delays_nobody(house, monkeypatch):
    """Without this, what the database gave away would wait for the end of its lease."""
    rows = house.app.store.schedules
    claim = rows.claim_due

    async def lost(**options):
        await claim(**options)
        monkeypatch.undo()
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(rows, "claim_due", lost)
    house.clock.advance(timedelta(hours=1))
    with pytest.raises(StoreUnavailable):
        await house.app.flow.prepare()
    assert await house.app.flow.prepare() == len(READERS)
    assert await attempts(house) == [0] * len(READERS)


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

    async def watched(edition):
        events.append((int(edition.room.chat.address.id), "begins"))
        await compose(edition)
        events.append((int(edition.room.chat.address.id), "ends"))

    monkeypatch.setattr(house.app.flow.composing, "compose", watched)
    await pass_time(house, 7200)
    assert [what for reader, what in events if reader == 1] == ["begins", "ends"] * 2


# ------------------------------------------------------------------ without the rest of the bot

WHY = 'unforeseen {"kind": "ValueError"}'
ROWS = "SELECT attempts, error, lease_until IS NULL FROM schedule ORDER BY id"


class Desk:
    """Composes editions that take ``errors`` by schedule; ``tried`` has the ids in order."""

    def __init__(self, errors):
        self.errors = errors
        self.tried = []

    async def compose(self, due):
        self.tried.append(due.id)
        await asyncio.sleep(0)
        if due.id in self.errors:
            raise self.errors[due.id]


@pytest.fixture
async def database(tmp_path):
    async with fresh_database(f"sqlite+aiosqlite:///{tmp_path}/y.db") as database:
        yield database


@pytest.fixture
def made(store, clock, workers):
    topics, languages = load_topics(), UsualLanguages()
    composing = Composing(store, workers, topics, clock, languages=languages, sample=False)
    return Attempts(store, composing, workers, clock)


@pytest.fixture
def claim(store, clock):
    """Open so many rooms that are due at 5:30, and claim what is due."""

    async def claim(rooms=0):
        for reader in range(1, rooms + 1):
            await put_due(store, await open_room(store, reader), local_time=time(5, 30))
        return await claim_due(store, clock.now())

    return claim


@pytest.mark.parametrize(("times", "pause_s"), [(0, 10), (1, 60)])
async def test_a_failure_counts_and_the_edition_is_tried_again_after_its_pause(  # noqa: PLR0917
    store, clock, made, claim, times, pause_s
):
    due = await claim(1)
    desk = Desk({1: ValueError("x")})
    for wait_s in (10, 60)[:times]:
        await made.make(due, desk.compose)
        clock.advance(timedelta(seconds=wait_s))
        due = await claim()
    assert await made.make(due, desk.compose) == 0
    assert await ask(store, ROWS) == [(times + 1, WHY, 0)]
    clock.advance(timedelta(seconds=pause_s) - INSTANT)
    assert await claim() == []
    clock.advance(INSTANT)
    (again,) = await claim()
    assert again.attempts == times + 1
    assert again.due_at == START
    assert await ask(store, "SELECT count(*) FROM edition") == [(0,)]


async def test_the_third_failure_ends_the_edition_with_its_reason(store, clock, made, claim):
    due, desk = await claim(1), Desk({1: ValueError("x")})
    ended = []
    for wait_s in (10, 60, 0):
        ended.append(await made.make(due, desk.compose))
        clock.advance(timedelta(seconds=wait_s))
        due = await claim()
    assert ended == [0, 0, 1]
    assert due == []
    assert desk.tried == [1] * MAX_ATTEMPTS
    assert await ask(store, "SELECT key, reason FROM edition") == [("1:2025-06-05", WHY)]
    assert await ask(store, ROWS) == [(0, "", 1)]
    assert await store.schedules.next_due_at() == START + timedelta(days=1)


async def test_what_comes_to_an_end_is_counted_and_nothing_else(made, claim):
    due, desk = await claim(4), Desk({2: ValueError("x"), 4: OSError(errno.ENOSPC, "full")})
    assert await made.make(due, desk.compose) == 2
    assert sorted(desk.tried) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("error", "is_counted"),
    [
        *((OSError(number, "no room"), False) for number in sorted(TROUBLE)),
        (OSError(errno.ENOENT, "no such file"), True),
        (OSError("no number"), True),
        (SourceUnavailable("unreachable"), True),
        (Aborted("process-died"), True),
    ],
)
async def test_trouble_of_the_machine_is_held_for_ten_seconds_and_counts_for_nothing(  # noqa: PLR0917
    store, clock, made, claim, error, is_counted
):
    due = await claim(1)
    await made.make(due, Desk({1: error}).compose)
    ((attempts, why, _),) = await ask(store, ROWS)
    assert (attempts, why) == (int(is_counted), dump_reason(reason_of(error)))
    clock.advance(timedelta(seconds=10) - INSTANT)
    assert await claim() == []
    clock.advance(INSTANT)
    assert [due.id for due in await claim()] == [1]


async def test_suspects_are_tried_alone_after_all_others_and_cleared_when_they_succeed(
    store, clock, made, claim
):
    due = await claim(4)
    lost = Aborted("process-died")
    desk = Desk({2: lost, 3: lost})
    assert await made.make(due, desk.compose) == 2
    assert [row[0] for row in await ask(store, ROWS)] == [0, 0, 0, 0]
    running, most = set(), []

    async def watched(schedule):
        running.add(schedule.id)
        most.append(set(running))
        await asyncio.sleep(0)
        running.discard(schedule.id)
        if schedule.id == 3:
            raise lost

    assert await made.make(due, watched) == 3
    assert most == [{1}, {1, 4}, {2}, {3}]
    assert [row[0] for row in await ask(store, ROWS)] == [0, 0, 1, 0]
    # Two is no suspect any more: lost beside the third, it does not count.
    await made.make(due, Desk({1: lost, 2: lost}).compose)
    assert [row[0] for row in await ask(store, ROWS)] == [0, 0, 1, 0]


async def test_a_database_that_is_away_is_raised_and_counts_for_nobody(store, made, claim):
    due = await claim(3)
    desk = Desk({1: ValueError("x"), 3: StoreUnavailable("store-unavailable")})
    with pytest.raises(StoreUnavailable):
        await made.make(due, desk.compose)
    assert sorted(desk.tried) == [1, 2, 3]
    assert [row[:2] for row in await ask(store, ROWS)] == [(0, "")] * 3


async def test_an_attempt_that_cannot_be_recorded_holds_up_no_other(
    store, made, claim, monkeypatch
):
    due, fail = await claim(2), store.schedules.fail

    async def breaks(schedule_id, **fields):
        if schedule_id == 1:
            raise ValueError("that row")
        await fail(schedule_id, **fields)

    monkeypatch.setattr(store.schedules, "fail", breaks)
    assert await made.make(due, Desk(dict.fromkeys((1, 2), ValueError("x"))).compose) == 0
    assert await ask(store, ROWS) == [(0, "", 0), (1, WHY, 0)]


async def test_what_is_held_at_the_end_is_given_back_and_nothing_else(store, made, claim):
    await claim(3)

    async def run():
        async with made.holding() as claimed:
            claimed.update({1, 3})
            raise KeyError

    with pytest.raises(KeyError):
        await run()
    assert [due.id for due in await claim()] == [1, 3]
