"""Editions: opened once, filled once, remembered for a while; in every database."""

import asyncio
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from bot.domain.due import Due
from bot.domain.edition import EditionKind
from bot.domain.message import Button, Message
from bot.domain.schedule import Schedule
from bot.reasons import Reason
from bot.send import telegram_address
from bot.store.editions import FilledEdition, dump_keyboard, load_keyboard
from bot.store.tables import part as parts
from tests.fakes.clock import START
from tests.fakes.rooms import open_room

DAY = timedelta(days=1)
LEASE = timedelta(minutes=1)
HELLO = Message(html="<b>Hello</b>", plain="Hello", keyboard=((Button(text="More", data="x"),),))


async def open_edition(store, room, key="1", *, now=START, kind=EditionKind.BRIEF):
    return await store.editions.open(room.id, kind, key, now=now)


async def fill(store, edition, *, now=START, **fields):
    return await store.editions.fill(edition, FilledEdition(**fields), now=now)


def before(*, told=START + DAY, parts=START + DAY, bodies=START + DAY):
    """Return the limits of a purge."""
    return {"told_before": told, "parts_before": parts, "bodies_before": bodies}


async def claim(store, now=START):
    return await store.outbox.claim_parts(now=now, limit=10, lease=LEASE)


async def test_an_edition_is_opened_until_it_is_filled_and_never_after(store):
    room = await open_room(store)
    edition = await open_edition(store, room)
    assert await open_edition(store, room) == edition  # we crashed before it was filled
    assert await fill(store, edition, messages=[HELLO])
    assert await open_edition(store, room) is None


async def test_the_newest_edition_is_the_one_opened_last_in_whatever_room(store):
    assert await store.editions.newest_at() is None
    first, second = await open_room(store, 1), await open_room(store, 2)
    await open_edition(store, first, now=START + DAY)
    await open_edition(store, second, now=START)
    assert await store.editions.newest_at() == START + DAY


async def test_an_edition_is_one_by_room_kind_and_key(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    ids = {
        await open_edition(store, room),
        await open_edition(store, other),
        await open_edition(store, room, "2"),
        await open_edition(store, room, kind=EditionKind.CATCH_UP),
    }
    assert len(ids) == 4


async def test_two_who_fill_at_the_same_moment_queue_it_once(store):
    room = await open_room(store)
    edition = await open_edition(store, room)
    done = await asyncio.gather(*(fill(store, edition, messages=[HELLO]) for _ in range(6)))
    assert sorted(done) == [False] * 5 + [True]
    assert await store.outbox.counts() == {"queued": 1}


async def test_filling_sets_the_schedules_next_turn_in_the_same_breath(store):
    room = await open_room(store)
    await store.schedules.put(room.id, Schedule(local_time=time(7)), Due(START, date(2025, 6, 5)))
    (held,) = await store.schedules.claim_due(now=START, limit=1, lease=LEASE)
    edition = await open_edition(store, room, kind=EditionKind.SCHEDULED)
    after = Due(START + DAY, date(2025, 6, 6))
    await fill(store, edition, messages=[HELLO], advance=(held.id, after))
    assert await store.schedules.next_due_at() == after.at


async def test_a_part_leaves_as_it_was_filled(store):
    room = await open_room(store, -7, thread=3)
    edition = await open_edition(store, room)
    await fill(store, edition, messages=[HELLO], silent=True, reply=True)
    (part,) = await claim(store)
    assert (part.html, part.plain, part.keyboard) == (HELLO.html, HELLO.plain, HELLO.keyboard)
    assert (part.address, part.is_group) == (telegram_address(-7, 3), True)
    assert (part.silent, part.reply, part.attempts, part.maybe_sent) == (True, True, 1, False)


async def test_a_keyboard_comes_back_as_it_was():
    keyboard = ((Button(text="„Ö“", data="v1:x"), Button(text="→", url="https://a.example/")),)
    assert load_keyboard(dump_keyboard(keyboard)) == keyboard
    assert load_keyboard(dump_keyboard(())) == ()


@pytest.mark.parametrize("text", ["[", "[5]", "null", '[[{"text": "a", "data": 5}]]', "[" * 9999])
def test_what_is_no_keyboard_is_said_to_be_none(text):
    with pytest.raises((ValueError, TypeError, AttributeError)):
        load_keyboard(text)


async def test_what_was_told_adds_up_over_editions(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    await fill(store, await open_edition(store, room, "1"), told={5: [1, 2]})
    second = await open_edition(store, room, "2")
    await fill(store, second, told={5: [2, 3], 6: []}, now=START + DAY)
    told = await store.editions.told(room.id)
    assert told == {5: (START + DAY, frozenset({1, 2, 3})), 6: (START + DAY, frozenset())}
    assert await store.editions.told(other.id) == {}


async def test_what_never_arrived_was_not_told(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room), messages=[HELLO], told={5: [1]})
    (part,) = await claim(store)
    await store.outbox.mark_dead(
        part.id, error=Reason("telegram-says", {"said": "message is too long"}), now=START
    )
    assert await store.editions.told(room.id) == {}
    assert await store.editions.last_at(room.id) is None


async def test_the_last_edition_is_the_newest_with_a_part_that_lives(store):
    room = await open_room(store)
    assert await store.editions.last_at(room.id) is None
    await fill(store, await open_edition(store, room, "1"), messages=[HELLO])
    later = await open_edition(store, room, "2", now=START + DAY)
    await fill(store, later, reason=Reason("paused"))
    assert await store.editions.last_at(room.id) == START


async def test_recent_editions_say_what_became_of_them(store):
    room = await open_room(store)
    for key, fields in (
        ("1", {"messages": [HELLO, HELLO], "told": {5: [1]}, "held_back": 2}),
        ("2", {"reason": Reason("paused")}),
    ):
        await fill(store, await open_edition(store, room, key), **fields)
    paused, sent = await store.editions.recent(room.id)
    assert (paused.reason, paused.waiting, paused.sent_at) == (Reason("paused"), 0, None)
    assert (sent.stories, sent.held_back, sent.waiting, sent.sent_at) == (1, 2, 2, None)
    for n in range(2):
        (part,) = await claim(store)
        await store.outbox.mark_sent(part.id, message_id=9, now=START + n * LEASE)
    _, sent = await store.editions.recent(room.id)
    assert (sent.waiting, sent.dead, sent.sent_at) == (0, 0, START + LEASE)
    assert len(await store.editions.recent(room.id, limit=1)) == 1


async def test_old_editions_go_and_memories_last_longer(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room, "1"), messages=[HELLO], told={5: [1]})
    await fill(store, await open_edition(store, room, "2"), messages=[HELLO])
    while parts := await claim(store):
        for part in parts:
            await store.outbox.mark_sent(part.id, message_id=9, now=START)
    await store.editions.purge(**before(told=START))
    assert set(await store.editions.told(room.id)) == {5}
    assert len(await store.editions.recent(room.id)) == 1
    await store.editions.purge(**before())
    assert await store.editions.told(room.id) == {}
    assert await store.editions.recent(room.id) == []


async def test_what_still_waits_is_not_purged(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room), messages=[HELLO])
    await store.editions.purge(**before())
    (part,) = await claim(store)
    assert part.html == HELLO.html


async def test_five_editions_are_recent_the_newest_first(store):
    room = await open_room(store)
    opened = [await open_edition(store, room, str(n)) for n in range(7)]
    for edition in opened[:6]:
        await fill(store, edition, reason=Reason("paused"))
    found = await store.editions.recent(room.id)
    assert [one.id for one in found] == opened[5:0:-1]
    assert [one.kind for one in found] == [EditionKind.BRIEF] * 5


async def test_what_an_edition_lacks_and_what_died_of_it_is_kept(store):
    room = await open_room(store)
    left_out = Reason("stories-left-out", {"n": 2})
    edition = await open_edition(store, room)
    await fill(store, edition, messages=[HELLO, HELLO], left_out=left_out)
    (part,) = await claim(store)
    await store.outbox.mark_dead(part.id, error=Reason("too-old"), now=START)
    (found,) = await store.editions.recent(room.id)
    assert (found.left_out, found.reason) == (left_out, None)
    assert (found.waiting, found.dead, found.stories, found.held_back) == (1, 1, 0, 0)
    assert (found.created_at, found.due_at) == (START, None)


async def test_an_edition_knows_when_it_was_due(store):
    room = await open_room(store)
    opened = {"now": START, "due_at": START - DAY}
    edition = await store.editions.open(room.id, EditionKind.SCHEDULED, "1", **opened)
    await fill(store, edition, reason=Reason("paused"))
    (found,) = await store.editions.recent(room.id)
    assert (found.due_at, found.kind) == (START - DAY, EditionKind.SCHEDULED)


async def test_an_edition_is_neither_silent_nor_a_reply_unless_it_is_said(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room), messages=[HELLO])
    (part,) = await claim(store)
    assert (part.silent, part.reply, part.is_group, part.address.thread) == (False, False, False, 0)
    assert (part.created_at, part.not_before) == (START, START)


async def test_a_second_filling_only_sets_the_next_turn(store):
    room = await open_room(store)
    await store.schedules.put(room.id, Schedule(local_time=time(7)), Due(START, date(2025, 6, 5)))
    (held,) = await store.schedules.claim_due(now=START, limit=1, lease=LEASE)
    edition = await open_edition(store, room)
    assert await fill(store, edition, messages=[HELLO])
    after = Due(START + DAY, date(2025, 6, 6))
    assert not await fill(store, edition, messages=[HELLO], advance=(held.id, after))
    assert await store.outbox.counts() == {"queued": 1}
    assert await store.schedules.next_due_at() == after.at


async def test_what_was_told_or_made_at_the_instant_of_a_purge_stays(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room, "1"), told={5: [1]})
    await fill(store, await open_edition(store, room, "2"), reason=Reason("paused"))
    await store.editions.purge(**before(told=START, parts=START))
    assert set(await store.editions.told(room.id)) == {5}
    assert len(await store.editions.recent(room.id)) == 2


async def test_the_bodies_of_parts_go_by_when_they_ended_while_what_they_told_is_remembered(store):
    room = await open_room(store)
    for key, ended_at in (("1", START), ("2", START + DAY)):
        await fill(store, await open_edition(store, room, key), messages=[HELLO], told={5: [1]})
        (part,) = await claim(store)
        await store.outbox.mark_sent(part.id, message_id=9, now=ended_at)
    await fill(store, await open_edition(store, room, "3"), messages=[HELLO])
    await store.editions.purge(**before(told=START, parts=START))
    words = select(parts.c.html, parts.c.plain).order_by(parts.c.id)
    async with store.database.read() as connection:
        rows = (await connection.execute(words)).all()
    assert rows == [("", ""), (HELLO.html, HELLO.plain), (HELLO.html, HELLO.plain)]
    assert set(await store.editions.told(room.id)) == {5}


async def test_what_was_only_listed_is_remembered_with_its_breadth_and_was_not_told(store):
    room, other = await open_room(store, 1), await open_room(store, 2)
    await fill(store, await open_edition(store, room, "1"), listed={5: 3, 6: 0}, told={7: [1]})
    await fill(store, await open_edition(store, room, "2"), listed={5: 2, 7: 4})
    known = await store.editions.remembered(room.id)
    assert known.listed == {5: 3, 6: 1, 7: 4}
    assert set(known.told) == set(await store.editions.told(room.id)) == {7}
    assert (await store.editions.remembered(other.id)).listed == {}
    counts = [one.stories for one in await store.editions.recent(room.id)]
    assert counts == [0, 1]


async def test_what_one_edition_tells_and_lists_was_told(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room), listed={5: 3}, told={5: [1]})
    known = await store.editions.remembered(room.id)
    assert (set(known.told), known.listed) == ({5}, {})


async def test_what_was_listed_in_a_message_that_never_arrived_was_not_listed(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room), messages=[HELLO], listed={5: 3})
    (part,) = await claim(store)
    await store.outbox.mark_dead(part.id, error=Reason("too-old"), now=START)
    assert (await store.editions.remembered(room.id)).listed == {}


async def test_what_was_listed_is_forgotten_with_what_was_told(store):
    room = await open_room(store)
    await fill(store, await open_edition(store, room), listed={5: 3})
    await store.editions.purge(**before(told=START))
    assert (await store.editions.remembered(room.id)).listed == {5: 3}
    await store.editions.purge(**before())
    assert (await store.editions.remembered(room.id)).listed == {}
    assert await store.editions.recent(room.id) == []
