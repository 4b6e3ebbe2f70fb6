"""The slots of a schedule: told, passed over or given up, each is recorded, and it goes on."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.due import Due
from bot.domain.edition import EditionKind
from bot.domain.room import ChatState, RoomSettings, UsualLanguages
from bot.domain.schedule import Schedule
from bot.errors import StoreUnavailable
from bot.reasons import Reason
from bot.steps.composing import Composing
from bot.store.editions import FilledEdition
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import LEASE, add_story, ask, claim_due, put_due, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room

DAY = timedelta(days=1)
WHY = Reason("too-slow", {"seconds": 20})
WHY_STORED = 'too-slow {"seconds": 20}'
MISSED = "missed-in-outage"
EDITIONS = "SELECT kind, key, reason FROM edition ORDER BY key"
SCHEDULE = "SELECT attempts, error, lease_until FROM schedule"


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
def composing(store, clock):
    return Composing(
        store, PatientWorkers(), load_topics(), clock, languages=UsualLanguages(), sample=False
    )


@pytest.fixture
async def room(store):
    """A room that is due at 7:30 in Berlin, which is when the clock starts."""
    room = await open_room(store)
    await store.chats.set_zone(room.chat.id, "Europe/Berlin", known=True)
    await subscribe(store, room, "energy")
    await put_due(store, room)
    return room


async def claim(store, clock):
    (due,) = await claim_due(store, clock.now())
    return due


async def next_due(store, room):
    (stored,) = await store.schedules.of_room(room.id)
    return stored.next_due_at


async def test_a_slot_becomes_an_edition_and_the_schedule_goes_on(store, composing, clock, room):
    await add_story(store, "dam")
    due = await claim(store, clock)
    await composing.compose_due(due)
    assert await ask(store, EDITIONS) == [("scheduled", f"{due.id}:2025-06-05", "")]
    assert await next_due(store, room) == START + DAY
    assert await ask(store, SCHEDULE) == [(0, "", None)]
    await composing.compose_due(due)  # a second worker, late
    assert await ask(store, "SELECT count(*) FROM part") == [(1,)]
    assert await next_due(store, room) == START + DAY


@pytest.mark.parametrize(
    ("wait", "told", "missed"),
    [
        (DAY - timedelta(microseconds=1), 5, []),
        (DAY, 6, [5]),  # a slot that is due this very moment is the newest
        (3 * DAY + timedelta(hours=2), 8, [5, 6, 7]),
    ],
)
async def test_after_an_outage_the_newest_slot_is_told_and_each_other_has_its_reason(  # noqa: PLR0917
    store, composing, clock, room, wait, told, missed
):
    clock.advance(wait)
    due = await claim(store, clock)
    await composing.compose_due(due)
    dates = [(f"{due.id}:2025-06-{day:02}", MISSED) for day in missed]
    dates.append((f"{due.id}:2025-06-{told:02}", ""))
    assert [row[1:] for row in await ask(store, EDITIONS)] == dates
    editions = await store.editions.recent(room.id, 10)
    due_ats = [START + n * DAY for n in range(len(missed) + 1)]
    assert [edition.due_at for edition in editions] == list(reversed(due_ats))
    assert await next_due(store, room) == due_ats[-1] + DAY
    ((said,),) = await ask(store, "SELECT plain FROM part")
    assert ("late" in said) is (wait % DAY > timedelta(minutes=10))


async def test_what_was_told_before_an_outage_is_not_said_to_be_missed(
    store, composing, clock, room
):
    """Such as after the clock was set back, and the schedule with it."""
    await composing.compose_due(await claim(store, clock))
    await store.schedules.set_all([(1, Due(START, START.date()))])
    clock.advance(DAY)
    await composing.compose_due(await claim(store, clock))
    assert [row[2] for row in await ask(store, EDITIONS)] == ["", ""]


async def test_slots_follow_the_zone_over_a_clock_change(store, composing, clock, room):
    """Berlin's clocks went back on the 26th of October 2025: 7:30 is 5:30 UTC, then 6:30."""
    eve = datetime(2025, 10, 25, 5, 30, tzinfo=UTC)
    await store.schedules.set_all([(1, Due(eve, eve.date()))])
    clock.move_to(eve)
    await composing.compose_due(await claim(store, clock))
    assert await next_due(store, room) == eve + DAY + timedelta(hours=1)


async def test_only_the_days_of_a_schedule_have_slots(store, composing, clock, room):
    thursdays = Schedule(local_time=time(7, 30), days=frozenset({3}))
    await store.schedules.put(room.id, thursdays, Due(START, START.date()))
    clock.advance(8 * DAY)
    await composing.compose_due(await claim(store, clock))
    assert [row[2] for row in await ask(store, EDITIONS)] == [MISSED, ""]
    assert await next_due(store, room) == START + 14 * DAY


@pytest.mark.parametrize("state", [ChatState.GONE, ChatState.PAUSED])
async def test_a_room_that_takes_a_break_is_passed_over_and_its_schedule_goes_on(
    store, composing, clock, room, state
):
    await store.chats.set_state(room.chat.id, state)
    await composing.compose_due(await claim(store, clock))
    reason = {"gone": "chat-gone", "paused": "paused"}[state]
    assert [row[2] for row in await ask(store, EDITIONS)] == [reason]
    assert await next_due(store, room) == START + DAY


async def test_a_chat_that_was_not_found_is_tried_ever_more_seldom(store, composing, clock, room):
    """On the first, second, fourth and eighth morning after it was refused."""
    await add_story(store, "Orun dam")
    refusal = Reason("telegram-says", {"said": "Bad Request: chat not found"})
    tried = []
    for morning in range(10):
        clock.move_to(START + morning * DAY)
        await add_story(store, f"Orun dam {morning}")
        await composing.compose_due(await claim(store, clock))
        parts = await store.outbox.claim_parts(now=clock.now(), limit=9, lease=LEASE)
        for part in parts:
            tried.append(morning)
            await store.outbox.mark_dead(part.id, error=refusal, now=clock.now())
            await store.outbox.mark_chat_gone(part.address.chat, error=refusal, now=clock.now())
    assert tried == [0, 1, 2, 4, 8]


async def test_a_room_that_was_forgotten_meanwhile_is_no_trouble(store, composing, clock, room):
    due = await claim(store, clock)
    await store.forget(room.chat.id)
    await composing.compose_due(due)
    await composing.give_up(due, WHY)
    assert await ask(store, EDITIONS) == []
    assert await ask(store, SCHEDULE) == []


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("attempts", [0, 1])
async def test_only_a_second_attempt_is_said_to_be_one(
    store, composing, clock, monkeypatch, attempts
):
    for _ in range(attempts):
        await store.schedules.fail(1, error=WHY, again_at=START)
    orders = []

    async def taken(order):
        orders.append(order)

    monkeypatch.setattr(composing, "compose", taken)
    due = await claim(store, clock)
    await composing.compose_due(due)
    (order,) = orders
    assert order.again is bool(attempts)
    assert (order.kind, order.key) == (EditionKind.SCHEDULED, f"{due.id}:2025-06-05")
    assert order.due_at == START
    assert order.advance == (due.id, Due(START + DAY, date(2025, 6, 6)))


async def test_what_is_given_up_has_its_reason_and_so_has_each_slot_before_it(
    store, composing, clock, room
):
    clock.advance(2 * DAY)
    due = await claim(store, clock)
    await composing.give_up(due, WHY)
    assert [row[2] for row in await ask(store, EDITIONS)] == [MISSED, MISSED, WHY_STORED]
    assert await next_due(store, room) == START + 3 * DAY
    assert await ask(store, SCHEDULE) == [(0, "", None)]
    assert await ask(store, "SELECT count(*) FROM part") == [(0,)]


async def test_giving_up_leaves_an_edition_that_was_made_as_it_is(store, composing, clock, room):
    due = await claim(store, clock)
    await composing.compose_due(due)
    await composing.give_up(due, WHY)
    assert [row[2] for row in await ask(store, EDITIONS)] == [""]
    assert await next_due(store, room) == START + DAY


async def test_giving_up_ends_an_edition_that_was_opened_and_never_filled(
    store, composing, clock, room
):
    due = await claim(store, clock)
    key = f"{due.id}:{due.local_date}"
    await store.editions.open(room.id, EditionKind.SCHEDULED, key, now=START)
    await composing.give_up(due, WHY)
    assert await ask(store, EDITIONS) == [("scheduled", key, WHY_STORED)]


async def test_where_times_cannot_be_read_the_next_slot_is_a_day_later(
    store, composing, clock, room, monkeypatch
):
    due = await claim(store, clock)

    async def breaks(_room_id):
        raise ValueError("that row")

    monkeypatch.setattr(store.chats, "get_room", breaks)
    clock.advance(5 * DAY)
    await composing.give_up(due, WHY)
    assert await ask(store, EDITIONS) == [("scheduled", f"{due.id}:2025-06-05", WHY_STORED)]
    dates = "SELECT next_local_date FROM schedule"
    assert [str(row[0]) for row in await ask(store, dates)] == ["2025-06-06"]
    assert await next_due(store, room) == START + DAY


async def test_where_not_even_the_reason_can_be_stored_the_schedule_goes_on(
    store, composing, clock, room, monkeypatch
):
    async def breaks(*_args, **_fields):
        raise ValueError("that row")

    monkeypatch.setattr(store.editions, "fill", breaks)
    await composing.give_up(await claim(store, clock), WHY)
    assert await ask(store, "SELECT count(*) FROM edition WHERE filled_at IS NOT NULL") == [(0,)]
    assert await next_due(store, room) == START + DAY


@pytest.mark.parametrize("place", ["chats.get_room", "editions.open"])
async def test_a_database_that_is_away_gives_nothing_up(store, composing, room, monkeypatch, place):
    rows, _, name = place.partition(".")
    (due,) = await claim_due(store)

    async def away(*_args, **_fields):
        raise StoreUnavailable("store-unavailable")

    monkeypatch.setattr(getattr(store, rows), name, away)
    with pytest.raises(StoreUnavailable):
        await composing.give_up(due, WHY)
    assert await next_due(store, room) == START


async def test_a_slot_whose_edition_is_there_already_only_goes_on(store, composing, clock, room):
    due = await claim(store, clock)
    key = f"{due.id}:{due.local_date}"
    edition = await store.editions.open(room.id, EditionKind.SCHEDULED, key, now=START)
    await store.editions.fill(edition, FilledEdition(reason=WHY), now=START)
    await composing.compose_due(due)
    assert await ask(store, EDITIONS) == [("scheduled", key, WHY_STORED)]
    assert await next_due(store, room) == START + DAY


async def test_an_edition_that_is_made_is_made_though_what_it_retired_could_not_be_deleted(
    store, composing, clock, room, monkeypatch
):
    await store.chats.save_settings(room.id, RoomSettings().choose(method="gone"))
    await add_story(store, "dam")

    async def away(_room_id):
        raise StoreUnavailable("store-unavailable")

    with monkeypatch.context() as broken:
        broken.setattr(store.chats, "settle", away)
        await composing.compose_due(await claim(store, clock))
    assert await next_due(store, room) == START + DAY
    assert (await store.chats.get_room(room.id)).retired  # told again by the next
    clock.advance(DAY)
    await composing.compose_due(await claim(store, clock))
    assert not (await store.chats.get_room(room.id)).retired
    assert len(await ask(store, "SELECT id FROM part")) == 2
