"""A clock that was ahead for a while costs no slot, and tells none twice."""

from datetime import timedelta

import pytest

from bot.domain.due import Due
from bot.domain.room import UsualLanguages
from bot.steps.clock_steps import ClockSteps
from bot.steps.composing import Composing
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import ask, claim_due, put_due, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EDITIONS = "SELECT key, reason FROM edition ORDER BY key"


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
async def room(store):
    room = await open_room(store)
    await store.chats.set_zone(room.chat.id, "Europe/Berlin", known=True)
    await subscribe(store, room, "energy")
    await put_due(store, room)
    return room


async def next_due(store, room):
    (stored,) = await store.schedules.of_room(room.id)
    return stored.next_due_at


async def test_slots_passed_over_while_the_clock_was_ahead_come_at_their_time(store, clock, room):
    composing = Composing(
        store, PatientWorkers(), load_topics(), clock, languages=UsualLanguages(), sample=False
    )
    steps = ClockSteps(store, clock)
    clock.move_to(START + 3 * DAY + HOUR)  # it believes that Sunday has come
    (due,) = await claim_due(store, clock.now())
    await composing.compose_due(due)
    assert await next_due(store, room) == START + 4 * DAY
    clock.move_to(START + HOUR)
    await steps.follow(-3 * DAY)
    assert await next_due(store, room) == START + DAY
    for day in (1, 2, 3):
        clock.move_to(START + day * DAY)
        (due,) = await claim_due(store, clock.now())
        await composing.compose_due(due)
    told = [
        key.split(":")[1]
        for key, reason in await ask(store, EDITIONS)
        if reason != "missed-in-outage"
    ]
    assert told == [f"2025-06-0{day}" for day in (6, 7, 8)]


async def test_a_small_step_back_recalls_nothing(store, clock, room):
    (due,) = await claim_due(store, clock.now())
    await store.schedules.set_all([(due.id, None)])
    clock.move_to(START - HOUR / 2)
    await ClockSteps(store, clock).follow(-HOUR / 2)
    assert await next_due(store, room) is None


async def test_a_zone_that_is_none_holds_up_no_other_schedule(store, clock, room):
    other = await open_room(store, 2)
    await put_due(store, other)
    rows = await claim_due(store, clock.now())
    late = Due(START + 3 * DAY, START.date())
    await store.schedules.set_all([(row.id, late) for row in rows])
    async with store.database.write() as connection:
        await connection.exec_driver_sql(
            f"UPDATE chat SET zone = 'Nowhere/None' WHERE id = {other.chat.id}"
        )
    clock.move_to(START - 5 * HOUR)
    await ClockSteps(store, clock).follow(-5 * HOUR)
    assert await next_due(store, room) == START


@pytest.mark.usefixtures("room")
async def test_slots_that_are_recalled_are_one_line_and_none_without(store, clock, caplog):
    caplog.set_level("INFO")
    clock.move_to(START - 2 * HOUR)
    await ClockSteps(store, clock).follow(-2 * HOUR)
    assert [line for line in caplog.messages if "recalled" in line] == []
    (due,) = await claim_due(store, START)
    await store.schedules.set_all([(due.id, Due(START + 3 * DAY, START.date()))])
    await ClockSteps(store, clock).follow(-2 * HOUR)
    assert [line for line in caplog.messages if "recalled" in line] == [
        "slots-recalled schedules=1"
    ]
