"""The pace keeps every limit of Telegram, wastes little of it, and is fair."""

import asyncio
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.send.pacing import UNPACED, Limits, Pace, Pacer, Ticket


def ticket(chat, *, group=None, reply=False):
    return Ticket(chat=chat, group=chat < 0 if group is None else group, reply=reply)


def run(pace, arrivals, *, until=10_000.0):
    """Let ``arrivals`` (time, ticket) enter and return when each ticket was called."""
    arrivals = sorted(arrivals, key=lambda arrival: arrival[0])
    called, now, steps = [], 0.0, 0
    while now < until and steps < 100_000:
        steps += 1
        while arrivals and arrivals[0][0] <= now:
            pace.enter(arrivals.pop(0)[1], now)
        tickets, again_at = pace.step(now)
        called += [(now, each) for each in tickets]
        next_at = min(again_at, arrivals[0][0] if arrivals else math.inf)
        if next_at == math.inf:
            break
        assert next_at > now, "the pace asked to be asked again at once: it would spin"
        now = next_at
    return called


def most_within(times, window_s):
    """Return the largest number of ``times`` in any half-open window."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - window_s:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("per_s", [1, 10, 25, 29])
def test_the_first_second_of_a_broadcast_is_no_faster_than_the_others(per_s):
    called = run(
        Pace(Limits(overall_per_s=per_s)), [(0, ticket(chat)) for chat in range(1, 10 * per_s)]
    )
    assert len(called) == 10 * per_s - 1
    assert most_within([at for at, _ in called], 1.0) <= min(per_s + 1, 30)
    assert called[-1][0] < 10.1


def test_paid_broadcast_reaches_its_pace_on_late_timers():
    pace = Pace(Limits(overall_per_s=1000))
    for chat in range(1, 3001):
        pace.enter(ticket(chat), 0.0)
    times, now = [], 0.0
    while len(times) < 3000:
        called, again_at = pace.step(now)
        times += [now] * len(called)
        now = max(again_at, now) + 0.0015  # a timer that is a millisecond and a half late
    assert 2.9 < times[-1] < 3.2
    assert most_within(times, 1.0) <= 1025


def test_one_chat_gets_one_message_a_second():
    called = run(Pace(), [(0, ticket(5)) for _ in range(10)])
    assert [round(at, 3) for at, _ in called] == list(range(10))


def test_a_group_gets_twenty_messages_a_minute():
    called = run(Pace(), [(0, ticket(-5)) for _ in range(50)])
    times = [at for at, _ in called]
    assert most_within(times, 60.0) == 20
    assert most_within(times, 1.0) == 1
    assert times[20] == pytest.approx(60.0)


def test_replies_go_before_broadcasts_but_do_not_starve_them():
    broadcasts = [(0.0, ticket(chat)) for chat in range(1, 101)]
    replies = [(0.1, ticket(chat, reply=True)) for chat in range(201, 221)]
    called = [each for _, each in run(Pace(), broadcasts + replies)]
    first = next(n for n, each in enumerate(called) if each.reply)
    window = called[first : first + 23]
    assert sum(each.reply for each in window) == 20
    assert sum(not each.reply for each in window) == 3


def test_a_broadcast_that_waits_gets_every_sixth_place():
    replies = [(0.0, ticket(chat, reply=True)) for chat in range(1, 12)]
    broadcasts = [(0.0, ticket(chat)) for chat in range(101, 105)]
    called = [each.reply for _, each in run(Pace(), replies + broadcasts)]
    assert called == [*[True] * 5, False, *[True] * 5, False, True, False, False]


def test_replies_after_broadcasts_have_five_places_again():
    pace = Pace()
    broadcasts = [(0.0, ticket(chat)) for chat in range(1, 21)]
    replies = [(0.1, ticket(chat, reply=True)) for chat in range(201, 207)]
    called = [each.reply for _, each in run(pace, broadcasts + replies)]
    first = called.index(True)
    assert called[first : first + 7] == [*[True] * 5, False, True]


def test_by_default_twenty_five_messages_go_in_a_second():
    times = [at for at, _ in run(Pace(), [(0, ticket(chat)) for chat in range(1, 251)])]
    assert 25 <= most_within(times, 1.0) <= 26
    assert 9.9 < times[-1] < 10.0


def test_what_is_not_paced_goes_at_once():
    called = run(Pace(UNPACED), [(0.0, ticket(-5)) for _ in range(100)])
    assert len(called) == 100
    assert called[-1][0] <= 0.02


def test_tickets_of_one_kind_are_called_in_the_order_they_came():
    called = run(Pace(), [(n / 100, ticket(n + 1)) for n in range(100)])
    assert [each.chat for _, each in called] == list(range(1, 101))


def test_a_busy_chat_does_not_hold_up_the_others():
    busy = [(0.0, ticket(1)) for _ in range(100)]
    called = run(Pace(), [*busy, (0.5, ticket(2))])
    assert next(at for at, each in called if each.chat == 2) < 0.6


def test_a_flood_holds_its_chat_until_one_deadline_whatever_else_is_sent():
    pace = Pace()
    pace.flood(1, 30, 0.0)
    pace.flood(1, 10, 1.0)  # a shorter one does not release it early
    called = run(pace, [(0.0, ticket(1)), *((n, ticket(2)) for n in range(40))])
    assert next(at for at, each in called if each.chat == 1) == pytest.approx(30.0)
    assert sum(each.chat == 2 and at < 30 for at, each in called) == 30


def test_floods_of_several_chats_at_once_halt_everything_until_the_deadline():
    pace = Pace()
    for chat in (1, 2, 3):
        pace.flood(chat, 20, 0.0)
    called = run(pace, [(0.0, ticket(chat, reply=chat > 5)) for chat in range(4, 9)])
    assert [at >= 20 for at, _ in called] == [True] * 5
    assert pace.paused_until == 20


def test_floods_far_apart_stay_with_their_chats():
    pace = Pace()
    for n, chat in enumerate((1, 2, 3, 4)):
        pace.flood(chat, 1000, n * 10.0)
    assert run(pace, [(40.0, ticket(9))], until=60)[0][0] == 40


@pytest.mark.parametrize(("last", "until"), [(4.9, 24.9), (5.0, -math.inf)])
def test_floods_of_three_chats_within_five_seconds_are_together(last, until):
    pace = Pace()
    for chat, at in ((1, 0.0), (2, 2.0), (3, last)):
        pace.flood(chat, 20, at)
    assert pace.paused_until == pytest.approx(until)


def test_floods_of_one_chat_or_two_stay_with_them():
    pace = Pace()
    for chat in (1, 2, 1, 2, 1):
        pace.flood(chat, 20, 0.0)
    assert pace.paused_until == -math.inf
    assert run(pace, [(0.0, ticket(9))])[0][0] == 0


def test_a_shorter_pause_of_all_does_not_end_a_longer_one():
    pace = Pace()
    for chat, wait_s in ((1, 30), (2, 30), (3, 30), (4, 10)):
        pace.flood(chat, wait_s, 0.0)
    assert pace.paused_until == 30


def test_what_is_kept_is_the_chats_written_to_and_the_tickets_that_wait():
    pace = Pace()
    for chat in (1, 1, -2):
        pace.enter(ticket(chat), 0.0)
    assert len(pace) == 3
    assert [each.chat for each in pace.step(0.0)[0]] == [1]
    assert len(pace) == 3  # a chat, and two tickets
    assert [each.chat for each in pace.step(0.1)[0]] == [-2]
    assert len(pace) == 4  # two chats, one of them a group, and a ticket
    pace.flood(5, 10, 0.1)
    assert len(pace) == 5


def test_a_cancelled_ticket_leaves_its_place_to_the_next():
    pace = Pace()
    first, second = ticket(1), ticket(1)
    pace.enter(first, 0.0)
    pace.enter(second, 0.0)
    first.cancelled = True
    assert pace.step(0.0)[0] == [second]


def test_memory_stays_bounded_over_many_chats():
    pace, largest = Pace(Limits(overall_per_s=1000)), 0
    for n in range(60_000):
        pace.enter(ticket(n + 1 if n % 10 else -n - 1), n / 1000)
        pace.step(n / 1000)
        largest = max(largest, len(pace))
    assert largest < 12_000


@settings(max_examples=60)
@given(
    arrivals=st.lists(
        st.tuples(st.floats(0, 30), st.integers(-4, 12).filter(bool), st.booleans()), max_size=120
    ),
    floods=st.lists(st.tuples(st.integers(-4, 12).filter(bool), st.floats(0, 20)), max_size=4),
)
def test_every_limit_holds_and_every_ticket_is_called_once(arrivals, floods):
    pace = Pace(Limits(overall_per_s=5, group_messages=4, group_window_s=12))
    for chat, wait_s in floods:
        pace.flood(chat, wait_s, 0.0)
    tickets = [(at, ticket(chat, reply=reply)) for at, chat, reply in arrivals]
    called = run(pace, list(tickets))
    assert sorted(id(each) for _, each in called) == sorted(id(each) for _, each in tickets)
    assert most_within([at for at, _ in called], 1.0) <= 6
    for chat in {each.chat for _, each in called}:
        times = [at for at, each in called if each.chat == chat]
        assert all(later - earlier > 0.999 for earlier, later in pairwise(times))
        assert most_within(times, 11.99) <= (4 if chat < 0 else 12)
        assert times[0] >= max((wait for c, wait in floods if c == chat), default=0)


async def test_tasks_get_their_turns():
    pacer = Pacer(Limits(overall_per_s=100, chat_gap_s=0.5))
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for chat in (1, 1, 1, 2, 3):
            group.create_task(pacer.turn(chat, group=False))
    assert loop.time() - began >= 0.999
    assert pacer.delay_s(1, group=False) > 0
    assert pacer.delay_s(9, group=False) <= 0.01


async def test_a_task_that_gives_up_does_not_hold_up_the_others():
    pacer = Pacer(Limits(chat_gap_s=0.5))
    await pacer.turn(1, group=False)
    waiting = asyncio.create_task(pacer.turn(1, group=False))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(100):
        await pacer.turn(1, group=False)
    assert pacer._turns == {}


async def test_a_flood_is_one_deadline():
    pacer = Pacer()
    pacer.flood(1, 0.2)
    assert 0.1 < pacer.delay_s(1, group=False) <= 0.2
    assert pacer.pause_s == 0
    for chat in (2, 3):
        pacer.flood(chat, 0.2)
    assert 0.1 < pacer.pause_s <= 0.2
    began = asyncio.get_running_loop().time()
    await pacer.turn(77, group=False, reply=True)
    assert asyncio.get_running_loop().time() - began > 0.1
