"""A failing item never stops the others, whatever error it raises and at whatever stage."""

import asyncio
import errno
import importlib
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import cycle

import pytest
from sqlalchemy import text

from bot.group import StoryWindow
from bot.reasons import Reason
from bot.send import telegram_address
from bot.steps.attempts import MAX_ATTEMPTS
from bot.store.schedules import DueSchedule
from tests.fakes.house import House, open_house

POISON = "Zyzzyva"
READER, NEIGHBOUR, THIRD = 1, 2, 3
TALES = {
    f"Japan counts {POISON} beetles": (
        f"Volunteers of the natural history museum found the {POISON} weevil in the gardens of "
        "the capital. One of them had not been seen since the war, the curator said. The drawers "
        "will be shown to schools in autumn, pinned and labelled by hand."
    ),
    "North Korea repairs a dam": (
        "The sluices were shut for eleven weeks while divers changed the gates. The valley drank "
        "from tankers that came over the pass each morning. Turbine four runs again since Monday "
        "and feeds two towns downstream."
    ),
    "Ukraine opens a railway bridge": (
        "The first train crossed the river at noon on Wednesday with flags on its engine. Four "
        "hundred pupils sat in eight old carriages. Engineers had welded its last girder during "
        "a night of frost and sleet."
    ),
    "China plants a forest": (
        "Half a million larches stand on slopes where floods took the soil three summers ago. "
        "Nothing but grass had come back since. Rangers count hares and foxes there, and expect "
        "woodpeckers within a decade."
    ),
}


def page(title: str, tale: str) -> str:
    paragraphs = "".join(f"<p>{sentence.strip()}.</p>" for sentence in tale.split(".") if sentence)
    return (
        f"<html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


async def publish(house: House) -> None:
    items = []
    for n, (title, tale) in enumerate(TALES.items()):
        name = POISON if POISON in title else n
        url = house.web.add(f"/{name}", page(title, tale))
        items.append(f"<item><title>{title}</title><link>{url}</link><guid>{n}</guid></item>")
    feed = f'<rss version="2.0"><channel><title>Quay</title>{"".join(items)}</channel></rss>'
    house.web.add("/feed", feed, content_type="application/rss+xml")


@pytest.fixture
async def house(tmp_path) -> AsyncIterator[House]:
    """Yield a house with three readers whose editions are due in an hour."""
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db", feeds=("/feed",)) as house:
        await publish(house)
        for reader, topics in (
            (READER, "japan ukraine"),
            (NEIGHBOUR, "china"),
            (THIRD, "japan north-korea"),
        ):
            await house.say(f"/subscribe {topics}", reader)
            await house.say("/timezone Berlin", reader)
            await house.say("/schedule 08:30", reader)
        yield house


async def mornings(house: House) -> None:
    """Move the clock to the time of the editions and of each retry, and deliver each time."""
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    for wait in (10, 60, 300):
        house.clock.advance(timedelta(seconds=wait))
        await house.morning()


def briefings(house: House, reader: int) -> list[str]:
    return [said for said in house.wire.texts(reader) if said.startswith("☀")]


async def ask(house: House, query: str) -> list[tuple]:
    async with house.app.store.database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


class Trap:
    """A patch of the function at ``place`` that raises ``error`` for arguments with the marker.

    Arguments contain the marker if their ``repr`` does; other calls go through. ``sprung``
    counts the calls that raised.
    """

    def __init__(self, monkeypatch, place: str, error: type[Exception], marker: str = POISON):
        module, _, name = place.rpartition(".")
        owner = importlib.import_module(module) if not module[-1].isupper() else None
        if owner is None or not hasattr(owner, name):
            module, _, cls = module.rpartition(".")
            owner = getattr(importlib.import_module(module), cls)
        work, self.sprung = getattr(owner, name), 0

        def trap(*args, **kwargs):
            if marker in repr((args, kwargs)):
                self.sprung += 1
                raise error(f"{marker} met")
            return work(*args, **kwargs)

        monkeypatch.setattr(owner, name, trap)


# The functions that process an item, stage by stage, with their modules.
STAGES = [
    "bot.steps.reading.extract_article",
    "bot.steps.reading.fingerprint",
    "bot.steps.reading.page_key",
    "bot.group.window.terms",
    "bot.pick.compose.condense",
    "bot.pick.selection.rank",
    "bot.render.parts.story_block",
]
ERRORS = [ValueError, KeyError, RecursionError, AssertionError, OSError, ExceptionGroup]


def made(error: type[Exception]) -> type[Exception]:
    if error is not ExceptionGroup:
        return error
    return lambda said: ExceptionGroup(said, [RuntimeError(said)])


@pytest.mark.parametrize(("stage", "error"), list(zip(STAGES, cycle(ERRORS), strict=False)))
async def test_whatever_one_story_meets_every_reader_gets_the_others(
    house, monkeypatch, stage, error
):
    trap = Trap(monkeypatch, stage, made(error))
    await house.refresh()
    await mornings(house)
    assert trap.sprung
    assert len(briefings(house, NEIGHBOUR)) == 1
    assert len(briefings(house, THIRD)) == 1
    (briefing,) = briefings(house, READER)
    assert "railway bridge" in briefing
    assert "repairs a dam" in briefings(house, THIRD)[0]
    for reader in (READER, NEIGHBOUR, THIRD):
        (status,) = await house.say("/status", reader)
        assert ", sent" in status
        assert "not sent" not in status
    undone = await ask(house, "SELECT count(*) FROM schedule WHERE lease_until IS NOT NULL")
    assert undone == [(0,)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
async def test_an_edition_that_breaks_as_a_whole_ends_with_its_reason(house, monkeypatch, error):
    await house.refresh()
    rooms = await ask(house, "SELECT room.id, telegram_id FROM room JOIN chat ON chat.id = chat_id")
    (poisoned,) = (room for room, reader in rooms if reader == READER)
    read = house.app.store.editions.remembered

    async def remembered(room_id):
        if room_id == poisoned:
            raise made(error)("whatever it is")
        return await read(room_id)

    monkeypatch.setattr(house.app.store.editions, "remembered", remembered)
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    assert [len(briefings(house, reader)) for reader in (READER, NEIGHBOUR, THIRD)] == [0, 1, 1]
    (status,) = await house.say("/status", READER)
    assert "not made yet (a fault on our side" in status
    for wait in (10, 60, 300):
        house.clock.advance(timedelta(seconds=wait))
        await house.morning()
    (status,) = await house.say("/status", READER)
    assert f"not sent (a fault on our side ({type(made(error)('')).__name__}))" in status
    assert "Next: tomorrow 08:30" in status
    monkeypatch.undo()
    house.clock.advance(timedelta(days=1))
    await house.morning()
    assert len(briefings(house, READER)) == 1


async def test_the_attempts_are_spaced_and_a_room_that_recovers_is_briefed(house, monkeypatch):
    await house.refresh()
    attempts = []
    compose = house.app.flow.composing.compose

    async def breaks_twice(edition):
        if edition.room.chat.address == telegram_address(READER):
            attempts.append(house.clock.now())
            if len(attempts) < MAX_ATTEMPTS:
                raise RuntimeError("not yet")
        return await compose(edition)

    monkeypatch.setattr(house.app.flow.composing, "compose", breaks_twice)
    house.clock.advance(timedelta(hours=1))
    for _ in range(100):
        await house.morning()
        house.clock.advance(timedelta(seconds=1))
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(attempts)]
    assert gaps == [10, 60]
    assert len(briefings(house, READER)) == 1


async def test_a_story_left_out_is_said_in_the_briefing_and_in_the_status(house, monkeypatch):
    await house.refresh()
    Trap(monkeypatch, "bot.pick.compose.condense", ValueError)
    await mornings(house)
    (briefing,) = briefings(house, READER)
    assert "1 story could not be told: a fault on our side, noted." in briefing
    (status,) = await house.say("/status", READER)
    assert "sent (stories left out for a fault on our side: 1)" in status


async def test_a_subscription_that_breaks_is_left_out_with_a_reason(house, monkeypatch):
    await house.refresh()
    failing = house.app.store.feeds.failing_names

    async def breaks(keys):
        if "japan" in keys:
            raise LookupError("that row")
        return await failing(keys)

    monkeypatch.setattr(house.app.store.feeds, "failing_names", breaks)
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    (briefing,) = briefings(house, READER)
    assert "railway bridge" in briefing
    assert "Japan: a fault on our side (LookupError)" in briefing
    monkeypatch.undo()
    (status,) = await house.say("/status", READER)
    assert "left out for a fault on our side: Japan" in status


async def test_own_words_that_break_are_not_logged(house, monkeypatch, log):
    await house.say(f"/subscribe “{POISON} marker”", NEIGHBOUR)
    await house.refresh()
    failing = house.app.store.feeds.failing_names

    async def breaks(keys):
        if any(key.startswith("q:") for key in keys):
            raise LookupError(f"{POISON} marker")
        return await failing(keys)

    monkeypatch.setattr(house.app.store.feeds, "failing_names", breaks)
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    assert "left_out=topics-left-out" in log.getvalue()
    assert POISON.lower() not in log.getvalue().lower()


async def test_an_article_that_breaks_beside_others_only_is_a_story_of_its_own(house, monkeypatch):
    enter = StoryWindow._enter

    def breaks(self, article, story):
        if POISON in article.title and len(self):
            raise ValueError(article.title)
        return enter(self, article, story)

    monkeypatch.setattr(StoryWindow, "_enter", breaks)
    await mornings(house)
    await house.refresh()
    stories = await ask(house, "SELECT count(*) FROM article")
    assert stories == await ask(house, "SELECT count(*) FROM story_article") == [(4,)]
    house.app.flow.gathering.grouping._window = None  # as after a restart
    assert await house.app.flow.gathering.grouping.group() == 0
    await house.say("/brief", THIRD)
    assert "repairs a dam" in " ".join(house.wire.texts(THIRD))


async def test_an_edition_whose_reason_cannot_be_stored_goes_on_to_the_next_day(house, monkeypatch):
    await house.refresh()
    fill = house.app.store.editions.fill

    async def breaks(edition_id, filled, *, now):
        if edition_id == 1:
            raise ValueError("that row")
        return await fill(edition_id, filled, now=now)

    monkeypatch.setattr(house.app.store.editions, "fill", breaks)
    await mornings(house)
    due = await ask(house, "SELECT count(*) FROM schedule WHERE attempts > 0")
    assert due == [(0,)]
    assert sum(len(briefings(house, reader)) for reader in (READER, NEIGHBOUR, THIRD)) == 2


async def test_a_page_whose_failure_cannot_be_stored_holds_up_no_other(house, monkeypatch):
    Trap(monkeypatch, "bot.steps.reading.page_key", ValueError)

    async def breaks(*_args, **_kwargs):
        raise ValueError("that row")

    monkeypatch.setattr(house.app.store.entries, "retry", breaks)
    await house.refresh()
    assert await ask(house, "SELECT count(*) FROM article") == [(3,)]


async def test_a_briefing_that_waits_for_the_machine_is_said_to(house, monkeypatch):
    await house.refresh()

    async def breaks(_room_id):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(house.app.store.editions, "remembered", breaks)
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    house.clock.advance(timedelta(minutes=20))
    (status,) = await house.say("/status", READER)
    assert "not made yet (a fault on our side (OSError)); I try again at" in status
    assert "Next: today 08:30" not in status


async def test_a_briefing_asked_for_that_breaks_is_answered_and_recorded(house, monkeypatch):
    await house.refresh()

    async def breaks(_room_id):
        raise TypeError("whatever")

    monkeypatch.setattr(house.app.store.editions, "remembered", breaks)
    (answer,) = await house.say("/brief", READER)
    assert "could not be made: a fault on our side" in answer
    monkeypatch.undo()
    (status,) = await house.say("/status", READER)
    assert "not sent (a fault on our side (TypeError))" in status


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('UPDATE room SET settings = \'{"method": "edmundson-old"}\'', "“edmundson-old”"),
        ('UPDATE room SET settings = \'{"languages": ["xx"]}\'', "Articles in xx are no more"),
        ('UPDATE room SET settings = \'{"length": "epic"}\'', "setting “epic” is no more"),
        ("UPDATE room SET settings = 'not json'", "Your settings could not be read"),
        ("UPDATE chat SET zone = 'Europe/Atlantis'", "“Europe/Atlantis” is unknown here"),
        ("UPDATE chat SET zone = '../../etc/passwd'", "is unknown here"),
    ],
)
async def test_a_choice_that_exists_no_more_becomes_the_default_and_is_said_once(
    house, change, said
):
    await house.refresh()
    async with house.app.store.database.write() as connection:
        await connection.execute(text(change))
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    for reader in (READER, NEIGHBOUR, THIRD):
        (briefing,) = briefings(house, reader)
        assert said in briefing
    (answer,) = await house.say("/settings", READER)
    assert "edmundson-old" not in answer
    house.clock.advance(timedelta(days=1, hours=3))  # 08:30 may be UTC now
    await house.morning()
    for reader in (READER, NEIGHBOUR, THIRD):
        assert said not in briefings(house, reader)[-1]


async def test_a_topic_that_exists_no_more_is_said_and_the_others_are_told(house):
    await house.refresh()
    async with house.app.store.database.write() as connection:
        await connection.execute(
            text("UPDATE subscription SET key = 'old-topic', label = 'Old' WHERE key = 'ukraine'")
        )
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    (briefing,) = briefings(house, READER)
    assert "Old: no topic any more" in briefing
    assert "beetles" in briefing


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE subscription SET kind = 'horoscope' WHERE key = 'ukraine'",
        "UPDATE chat SET state = 'asleep'",
        "UPDATE schedule SET local_time = 'dawn'",
        "UPDATE schedule SET days = 0",
        "UPDATE schedule SET next_local_date = NULL",
        "UPDATE feed SET state = '{'",
        "UPDATE feed SET state = '[1]'",
        "UPDATE subscription SET key = 'q:-nothing', kind = 'query' WHERE key = 'ukraine'",
    ],
)
async def test_a_row_that_nobody_can_read_silences_no_reader(house, change):
    await house.refresh()
    async with house.app.store.database.write() as connection:
        await connection.execute(text(change))
    await house.refresh()
    await house.app.flow.gathering.matching.load()
    house.clock.advance(timedelta(hours=1))
    await house.morning()
    for reader in (READER, NEIGHBOUR, THIRD):
        assert len(briefings(house, reader)) == 1
        assert await house.say("/status", reader)


async def test_a_part_that_cannot_be_read_is_dead_and_the_others_go(house):
    await house.refresh()
    house.clock.advance(timedelta(hours=1))
    await house.app.flow.prepare()
    async with house.app.store.database.write() as connection:
        await connection.execute(text("UPDATE part SET keyboard = '{' WHERE id = 1"))
    await house.app.flow.deliver()
    sent = [len(briefings(house, reader)) for reader in (READER, NEIGHBOUR, THIRD)]
    assert sorted(sent) == [0, 1, 1]
    assert ("dead", "unreadable-part") in await ask(house, "SELECT state, error FROM part")


async def test_a_cancelled_run_gives_its_claims_back_at_once(house, monkeypatch):
    never, at_work = asyncio.Event(), asyncio.Event()

    async def hangs(*_args, **_kwargs):
        at_work.set()
        await never.wait()

    monkeypatch.setattr(house.app.flow.gathering.reading, "_read_entry", hangs)
    await house.app.store.feeds.poll_now(["*"], now=house.clock.now())
    run = asyncio.create_task(house.app.flow.refresh())
    await at_work.wait()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    monkeypatch.undo()
    held = "SELECT count(*) FROM feed_entry WHERE attempts > 0 OR not_before IS NOT NULL"
    assert await ask(house, held) == [(0,)]
    assert await ask(house, "SELECT count(*) FROM feed WHERE lease_until IS NOT NULL") == [(0,)]

    await house.refresh()
    house.clock.advance(timedelta(hours=1))
    at_work.clear()
    monkeypatch.setattr(house.app.flow.composing, "compose", hangs)
    run = asyncio.create_task(house.app.flow.prepare())
    await at_work.wait()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    monkeypatch.undo()
    await house.morning()
    for reader in (READER, NEIGHBOUR, THIRD):
        assert len(briefings(house, reader)) == 1


async def test_giving_up_goes_on_to_the_next_day_whatever_the_room_holds(house, monkeypatch):
    (schedule, room) = (await ask(house, "SELECT id, room_id FROM schedule LIMIT 1"))[0]
    stored = (await house.app.store.schedules.of_room(room))[0]
    house.clock.advance(timedelta(hours=1))
    now = house.clock.now()

    async def breaks(_room_id):
        raise ValueError("that row")

    monkeypatch.setattr(house.app.store.chats, "get_room", breaks)
    due = DueSchedule(
        id=schedule,
        room_id=room,
        schedule=stored.schedule,
        due_at=now,
        local_date=now.date(),
        attempts=2,
    )
    await house.app.flow.composing.give_up(due, Reason("unforeseen", {"kind": "ValueError"}))
    (after,) = await house.app.store.schedules.of_room(room)
    assert after.next_due_at == now + timedelta(days=1)
