"""The contract of ``OutboxStore``: tests to run against each implementation.

A test module runs them by importing them and defining the fixture ``world``:

    from tests.fakes.outbox_contract import *  # noqa: F403

    @pytest.fixture
    async def world() -> OutboxWorld: ...
"""

from datetime import timedelta
from typing import Protocol

import pytest

from bot.domain.edition import Part
from bot.domain.ports import OutboxStore
from bot.reasons import Reason
from bot.send import telegram_address
from tests.fakes.clock import START

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
FLOOD = Reason("flood-wait", {"seconds": 30})
REFUSED = Reason("telegram-says", {"said": "message is too long"})
NO_ANSWER = Reason("no-answer-in-time")
NO_ROUTE = Reason("unreachable")
BLOCKED = Reason("bot-blocked")
FRESH = {"limit": 8, "lease": LEASE, "busy": frozenset()}


class OutboxWorld(Protocol):
    """A store to test, with two operations that ``OutboxStore`` does not have."""

    store: OutboxStore

    async def add(self, telegram_id: int, parts: int = 1, *, reply: bool = False) -> list[int]:
        """Queue an edition of ``parts`` parts for a chat, due at START; return the parts' ids."""
        ...

    async def fate(self, part_id: int) -> tuple[str, Reason | None]:
        """Return the state of a part, and the reason if it failed."""
        ...


async def claim(world: OutboxWorld, now=START, **options) -> list[Part]:
    return await world.store.claim_parts(now=now, **(FRESH | options))


def ids(parts):
    return [part.id for part in parts]


async def test_a_claimed_part_is_not_handed_out_twice(world):
    (one,) = await world.add(1)
    (part,) = await claim(world)
    assert (part.id, part.address, part.attempts, part.maybe_sent) == (
        one,
        telegram_address(1),
        1,
        False,
    )
    assert part.created_at is not None
    assert await claim(world) == []
    assert await world.fate(one) == ("sending", None)


async def test_a_part_waits_for_its_time(world):
    (part_id,) = await world.add(1)
    assert await claim(world, START - SECOND) == []
    assert await world.store.next_part_at() == START
    assert ids(await claim(world, START)) == [part_id]


async def test_one_part_a_chat_and_none_of_busy_chats(world):
    first = await world.add(1, 2)
    await world.add(1)
    second = await world.add(2)
    await world.add(3)
    assert ids(await claim(world, busy=frozenset({telegram_address(3)}))) == [first[0], second[0]]


async def test_no_more_than_asked_for(world):
    for chat in range(1, 6):
        await world.add(chat)
    assert len(await claim(world, limit=2)) == 2
    assert len(await claim(world, limit=8)) == 3


async def test_replies_come_first(world):
    for chat in (1, 2, 3):
        await world.add(chat)
    (reply,) = await world.add(4, reply=True)
    assert ids(await claim(world, limit=1)) == [reply]


async def test_a_reply_overtakes_what_waits_for_its_own_chat(world):
    broadcast = await world.add(1, 2)
    (reply,) = await world.add(1, reply=True)
    (later,) = await world.add(1, reply=True)
    assert ids(await claim(world)) == [reply]
    assert await claim(world) == []
    await world.store.mark_sent(reply, message_id=9, now=START)
    assert ids(await claim(world)) == [later]
    await world.store.mark_sent(later, message_id=10, now=START)
    assert ids(await claim(world)) == broadcast[:1]


async def test_a_reply_waits_for_what_is_being_sent_to_its_chat(world):
    first, second = await world.add(1, 2)
    assert ids(await claim(world)) == [first]
    (reply,) = await world.add(1, reply=True)
    assert await claim(world) == []
    await world.store.mark_sent(first, message_id=9, now=START)
    assert ids(await claim(world)) == [reply]
    await world.store.mark_sent(reply, message_id=10, now=START)
    assert ids(await claim(world)) == [second]


async def test_two_parts_of_a_chat_that_a_crash_left_do_not_wait_for_each_other(world):
    (broadcast,) = await world.add(1)
    (reply,) = await world.add(1, reply=True)
    assert ids(await claim(world)) == [reply]
    over = START + LEASE
    assert ids(await claim(world, over)) == [reply]
    await world.store.mark_sent(reply, message_id=9, now=over)
    assert ids(await claim(world, over)) == [broadcast]


async def test_a_claim_that_is_given_back_was_never_made(world):
    (first,), (second,) = await world.add(1), await world.add(2)
    await claim(world, limit=1)
    await claim(world, START + SECOND, limit=1)
    await world.store.unclaim(START + LEASE)
    assert await world.fate(first) == ("queued", None)
    assert await world.fate(second) == ("sending", None)
    (again,) = await claim(world)
    assert (again.id, again.attempts, again.maybe_sent) == (first, 1, False)


async def test_silences_are_counted_and_crashes_are_not(world):
    (part_id,) = await world.add(1)
    await claim(world)
    (part,) = await claim(world, START + LEASE)
    assert (part.silences, part.maybe_sent) == (0, True)
    await world.store.retry_part(part_id, not_before=START, error=NO_ANSWER, maybe_sent=True)
    (part,) = await claim(world)
    await world.store.retry_part(part_id, not_before=START, error=NO_ROUTE)
    (part,) = await claim(world)
    assert (part.silences, part.maybe_sent) == (1, True)


async def test_the_parts_of_an_edition_go_in_order_whatever_delays_them(world):
    first, second = await world.add(1, 2)
    await claim(world)
    await world.store.retry_part(first, not_before=START + 30 * SECOND, error=FLOOD)
    assert await claim(world) == []
    later = START + 30 * SECOND
    assert ids(await claim(world, later)) == [first]
    await world.store.mark_sent(first, message_id=9, now=later)
    assert ids(await claim(world, later)) == [second]


@pytest.mark.parametrize("end", ["sent", "dead", "expired"])
async def test_the_next_part_goes_on_however_one_ended(world, end):
    first, second = await world.add(1, 2)
    await claim(world)
    match end:
        case "sent":
            await world.store.mark_sent(first, message_id=9, now=START)
        case "dead":
            await world.store.mark_dead(first, error=REFUSED, now=START)
        case "expired":
            await world.store.mark_expired(first, now=START)
    state, error = await world.fate(first)
    assert state == end
    assert end != "dead" or error == REFUSED
    assert ids(await claim(world)) == [second]


async def test_an_ended_lease_gives_the_part_back_and_says_it_may_have_been_sent(world):
    (part_id,) = await world.add(1)
    await claim(world)
    assert await claim(world, START + LEASE - SECOND) == []
    assert await world.store.next_part_at() == START + LEASE
    (part,) = await claim(world, START + LEASE)
    assert (part.id, part.attempts, part.maybe_sent) == (part_id, 2, True)


async def test_a_silence_is_remembered_through_later_tries(world):
    (part_id,) = await world.add(1)
    await claim(world)
    await world.store.retry_part(part_id, not_before=START, error=NO_ANSWER, maybe_sent=True)
    assert await world.fate(part_id) == ("queued", NO_ANSWER)
    await claim(world)
    await world.store.retry_part(part_id, not_before=START, error=NO_ROUTE)
    (part,) = await claim(world)
    assert (part.maybe_sent, part.attempts) == (True, 3)


async def test_a_parts_age_counts_from_its_queueing_whatever_delayed_it(world):
    (part_id,) = await world.add(1)
    (part,) = await claim(world)
    later = START + timedelta(hours=3)
    await world.store.retry_part(part_id, not_before=later, error=NO_ROUTE)
    (again,) = await claim(world, later)
    assert again.created_at == part.created_at
    assert again.not_before == later


async def test_a_chat_that_is_gone_keeps_its_parts_with_the_reason(world):
    first = await world.add(1, 2)
    other = await world.add(1)
    (stranger,) = await world.add(2)
    await claim(world, limit=1)
    await world.store.mark_dead(first[0], error=BLOCKED, now=START)
    await world.store.mark_chat_gone(telegram_address(1), error=BLOCKED, now=START)
    fates = [await world.fate(part) for part in (*first, *other)]
    assert fates == [("dead", BLOCKED)] * 3
    assert ids(await claim(world)) == [stranger]


async def test_a_group_that_moved_takes_its_parts_along(world):
    first, second = await world.add(-5, 2)
    await claim(world)
    await world.store.migrate_chat(telegram_address(-5), telegram_address(-1005), now=START)
    await world.store.retry_part(first, not_before=START, error=Reason("chat-migrated"))
    (part,) = await claim(world)
    assert (part.id, part.address, part.is_group) == (first, telegram_address(-1005), True)
    await world.store.mark_sent(first, message_id=9, now=START)
    assert [(part.id, part.address) for part in await claim(world)] == [
        (second, telegram_address(-1005))
    ]


async def test_nothing_waits_when_all_has_ended(world):
    assert await world.store.next_part_at() is None
    (part_id,) = await world.add(1)
    await claim(world)
    await world.store.mark_sent(part_id, message_id=9, now=START)
    assert await world.store.next_part_at() is None


async def test_a_part_behind_a_delayed_one_is_not_what_is_next(world):
    first, _ = await world.add(1, 2)
    await claim(world)
    await world.store.retry_part(first, not_before=START + 30 * SECOND, error=FLOOD)
    assert await world.store.next_part_at() == START + 30 * SECOND
