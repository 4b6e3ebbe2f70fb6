"""Every part ends as sent or with a recorded reason; nothing is lost, little repeated."""

import asyncio
import logging
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import (
    BadMarkup,
    ChatGone,
    ChatMigrated,
    FloodWait,
    MaybeSent,
    NotSent,
    Refused,
    StoreUnavailable,
)
from bot.reasons import Reason
from bot.send import telegram_address
from bot.send.outbox import EXPIRE_AFTER, HOLD_S, IN_FLIGHT, LEASE, Outbox, SendReport
from bot.send.pacing import UNPACED, Limits, Pacer
from bot.send.telegram import (
    CONNECT_TIMEOUT_S,
    READ_TIMEOUT_S,
    SEND_TIMEOUT_S,
    WRITE_TIMEOUT_S,
)
from tests.fakes.clock import START, FakeClock
from tests.fakes.outbox import FakeTransport, MemoryOutbox, part

SECOND = timedelta(seconds=1)


class Dispatcher:
    """An outbox with everything around it faked."""

    def __init__(self, *parts, limits=UNPACED, **options):
        self.clock = FakeClock()
        self.store = MemoryOutbox(*parts)
        self.transport = FakeTransport()
        self.pacer = Pacer(limits)
        self.outbox = Outbox(self.store, self.transport, self.pacer, clock=self.clock, **options)

    async def drain(self):
        return await self.outbox.drain()

    async def run_until_done(self, *, most=timedelta(days=3)):
        """Drain whenever the outbox says it is time to, until nothing waits."""
        ends_at = self.clock.now() + most
        while (at := await self.outbox.next_at()) is not None:
            assert at < ends_at, "the outbox waits for ever"
            self.clock.move_to(max(at, self.clock.now()))
            await self.drain()

    def row(self, of):
        return self.store.rows[of.id]


@pytest.fixture
async def make():
    return Dispatcher


async def test_a_due_part_is_sent_and_recorded_with_its_message_id(make):
    one = part()
    desk = make(one)
    assert await desk.drain() == SendReport(sent=1)
    assert desk.store.states() == ["sent"]
    assert desk.row(one).message_id == 1000 + one.id
    assert desk.row(one).ended_at == START
    assert await desk.outbox.next_at() is None


async def test_a_part_whose_time_has_not_come_waits(make):
    desk = make(part(not_before=START + SECOND))
    assert await desk.drain() == SendReport()
    assert await desk.outbox.next_at() == START + SECOND
    desk.clock.advance(SECOND)
    assert await desk.drain() == SendReport(sent=1)


def counted(desk, monkeypatch):
    """Return a list that grows by what each claim of ``desk`` brings."""
    claim, claims = desk.store.claim_parts, []

    async def remembered(**options):
        claims.append(await claim(**options))
        return claims[-1]

    monkeypatch.setattr(desk.store, "claim_parts", remembered)
    return claims


async def test_an_empty_outbox_is_asked_once(make, monkeypatch):
    desk = make(part(not_before=START + SECOND))
    claims = counted(desk, monkeypatch)
    await desk.drain()
    assert claims == [[]]
    desk.clock.advance(SECOND)
    assert await desk.drain() == SendReport(sent=1)


async def test_a_part_that_may_go_while_an_empty_answer_is_on_its_way_is_sent(make, monkeypatch):
    """The end of the first part falls into the claim of another worker, which finds nothing."""
    first, second = part(), part()
    desk = make(first, second)
    claim, is_asked, may_end = desk.store.claim_parts, asyncio.Event(), asyncio.Event()

    async def slow(**options):
        found = await claim(**options)
        if not found and not is_asked.is_set():
            is_asked.set()
            await may_end.wait()
        return found

    mark_sent = desk.store.mark_sent

    async def recorded(*args, **options):
        await is_asked.wait()
        await mark_sent(*args, **options)
        asyncio.get_running_loop().call_later(0.01, may_end.set)

    monkeypatch.setattr(desk.store, "claim_parts", slow)
    monkeypatch.setattr(desk.store, "mark_sent", recorded)
    assert await desk.drain() == SendReport(sent=2)


async def test_free_workers_are_claimed_for_together(make, monkeypatch):
    """A claim for one costs as much as a claim for all: most of what a broadcast's rows cost."""
    desk = make(*(part(chat) for chat in range(80)))
    claim, asked = desk.store.claim_parts, []

    async def counted(**options):
        found = await claim(**options)
        asked.append(len(found))
        return found

    monkeypatch.setattr(desk.store, "claim_parts", counted)
    assert await desk.drain() == SendReport(sent=80)
    assert len(asked) < 80 / 2


async def test_parts_of_an_edition_arrive_in_order_one_at_a_time(make):
    parts = [part(edition_id=7, n=n) for n in (3, 1, 2)]
    desk = make(*parts)
    await desk.drain()
    assert [each.n for each, _ in desk.transport.sent] == [1, 2, 3]
    assert desk.transport.overlaps == []


async def test_at_most_eight_are_in_flight_and_never_two_of_a_chat(make):
    desk = make(*(part(chat) for chat in range(1, 31) for _ in range(3)))
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(desk.transport.in_flight) == IN_FLIGHT == desk.transport.most_in_flight
    desk.transport.gate.set()
    assert await drain == SendReport(sent=90)
    assert desk.transport.most_in_flight == IN_FLIGHT
    assert desk.transport.overlaps == []


async def test_replies_go_before_broadcasts(make):
    desk = make(*(part(chat) for chat in range(1, 21)), part(99, reply=True))
    await desk.drain()
    assert 99 in [int(each.address.id) for each, _ in desk.transport.sent[:IN_FLIGHT]]


async def test_a_flooded_chat_waits_out_its_time_and_holds_up_nobody(make):
    flooded, other = part(1), part(2)
    desk = make(flooded, other)
    desk.transport.script(1, FloodWait(30))
    assert await desk.drain() == SendReport(sent=1, again=1)
    assert desk.row(flooded).part.not_before == START + 30 * SECOND
    assert desk.row(flooded).error == Reason("flood-wait", {"seconds": 30})
    assert 29 < desk.pacer.delay_s("1", group=False) <= 30


async def test_a_flooded_bot_claims_nothing_until_the_pause_is_over(make):
    desk = make(*(part(chat) for chat in (1, 2, 3)))
    for chat in (1, 2, 3):
        desk.transport.script(chat, FloodWait(60))
    await desk.drain()
    desk.store.add(part(4))
    assert await desk.drain() == SendReport()
    assert 59 * SECOND < await desk.outbox.next_at() - START <= 60 * SECOND


async def test_what_certainly_did_not_go_out_is_tried_again_ever_more_slowly(make):
    one = part()
    desk = make(one)
    desk.transport.script(1, *(NotSent("unreachable") for _ in range(9)))
    waits, before = [], START
    while desk.row(one).state != "sent":
        await desk.drain()
        waits.append((desk.row(one).part.not_before - before).total_seconds())
        before = desk.row(one).part.not_before
        desk.clock.move_to(before)
    assert waits[:-1] == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert desk.row(one).part.attempts == 10


@pytest.mark.parametrize("error", [NotSent("unreachable"), FloodWait(5)])
async def test_what_certainly_did_not_go_out_is_not_recorded_as_maybe_sent(make, error):
    one = part()
    desk = make(one)
    desk.transport.script(1, error)
    assert await desk.drain() == SendReport(again=1)
    again = desk.row(one).part
    assert (again.maybe_sent, again.silences) == (False, 0)


async def test_after_a_silence_a_part_is_tried_again_and_after_a_second_once_more(make):
    one = part()
    desk = make(one)
    desk.transport.script(1, MaybeSent("no-answer-in-time"), MaybeSent("no-answer-in-time"))
    assert await desk.drain() == SendReport(again=1)
    assert await desk.outbox.next_at() == START + timedelta(seconds=30)
    desk.clock.advance(timedelta(seconds=30))
    assert await desk.drain() == SendReport(again=1)
    assert await desk.outbox.next_at() == START + timedelta(seconds=150)
    desk.clock.advance(timedelta(minutes=2))
    assert await desk.drain() == SendReport(sent=1)
    assert desk.row(one).part.maybe_sent


async def test_the_time_that_a_silence_took_is_part_of_the_pause(make):
    one = part()
    desk = make(one)

    async def send(each, *, plain=False):
        desk.clock.advance(timedelta(seconds=25 if each.attempts == 1 else 500))
        raise MaybeSent("no-answer-in-time")

    desk.transport.send = send
    await desk.drain()
    assert await desk.outbox.next_at() == desk.clock.now() + timedelta(seconds=5)
    desk.clock.advance(timedelta(seconds=5))
    # What took longer than the pause is tried again at once; the third time is the last.
    assert await desk.drain() == SendReport(again=1, dead=1)


async def test_a_third_silence_is_the_end_with_its_reason(make):
    first, second = part(edition_id=7, n=1), part(edition_id=7, n=2)
    desk = make(first, second)
    silences = (MaybeSent("no-answer-in-time"), MaybeSent("no-answer-in-time"))
    desk.transport.script(1, *silences, MaybeSent("telegram-says", said="Oh"))
    await desk.run_until_done()
    assert desk.store.states() == ["dead", "sent"]
    said = Reason("never-answered", {"said": "telegram-says said=Oh"})
    assert desk.row(first).error == said
    assert desk.transport.told(1) == [first.id, first.id, first.id, second.id]


async def test_a_crash_is_no_silence_of_telegram(make):
    """A part that two crashes and two silences met has a try left."""
    one = part(maybe_sent=True, attempts=2)
    desk = make(one)
    desk.transport.script(1, MaybeSent("no-answer-in-time"), MaybeSent("no-answer-in-time"))
    await desk.run_until_done()
    assert desk.store.states() == ["sent"]
    assert desk.transport.told(1) == [one.id] * 3


async def test_a_crash_in_flight_gives_the_part_back_when_its_lease_ends(make):
    one = part()
    desk = make(one)
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(20):
        await asyncio.sleep(0)
    drain.cancel()
    await asyncio.gather(drain, return_exceptions=True)
    assert desk.row(one).state == "sending"

    desk.transport.gate.set()
    after = Outbox(desk.store, desk.transport, Pacer(UNPACED), clock=desk.clock)
    assert await after.drain() == SendReport()
    assert await after.next_at() == START + LEASE
    desk.clock.advance(LEASE)
    assert await after.drain() == SendReport(sent=1)
    assert desk.row(one).part.maybe_sent


async def test_the_parts_of_an_edition_resume_where_a_crash_stopped_them(make):
    parts = [part(edition_id=7, n=n) for n in (1, 2, 3)]
    desk = make(*parts)
    real_send = desk.transport.send

    async def send(each, *, plain=False):
        if each.n == 2:
            desk.transport.gate.clear()
        return await real_send(each, plain=plain)

    desk.transport.send = send
    drain = asyncio.create_task(desk.drain())
    for _ in range(50):
        await asyncio.sleep(0)
    drain.cancel()
    await asyncio.gather(drain, return_exceptions=True)
    assert desk.store.states() == ["sent", "sending", "queued"]

    desk.transport.send = real_send
    desk.transport.gate.set()
    desk.clock.advance(LEASE)
    after = Outbox(desk.store, desk.transport, Pacer(UNPACED), clock=desk.clock)
    assert await after.drain() == SendReport(sent=2)
    assert [each.n for each, _ in desk.transport.sent] == [1, 2, 3]


async def test_a_reader_who_left_is_paused_and_the_parts_keep_the_reason(make):
    parts = [part(1, edition_id=7, n=1), part(1, edition_id=7, n=2), part(1), part(2)]
    desk = make(*parts)
    gone = ChatGone("telegram-says", said="Forbidden: bot was blocked by the user")
    desk.transport.script(1, gone)
    assert await desk.drain() == SendReport(sent=1, dead=1)
    assert desk.store.states() == ["dead", "dead", "dead", "sent"]
    assert [desk.row(each).error for each in parts[:3]] == [gone.reason] * 3
    assert desk.store.gone == {telegram_address(1): gone.reason}


async def test_a_group_that_moved_gets_its_parts_at_its_new_address(make):
    desk = make(part(-5, edition_id=7, n=1), part(-5, edition_id=7, n=2))
    desk.transport.script(-5, ChatMigrated("-1005"))
    assert await desk.drain() == SendReport(sent=2, again=1)
    assert [int(each.address.id) for each, _ in desk.transport.sent] == [-5, -1005, -1005]


async def test_refused_markup_goes_as_plain_text_with_an_alarm(make, caplog):
    one = part()
    desk = make(one)
    desk.transport.script(1, BadMarkup("telegram-says", said="can't parse entities"))
    assert await desk.drain() == SendReport(sent=1)
    assert [(each.id, plain) for each, plain in desk.transport.sent] == [
        (one.id, False),
        (one.id, True),
    ]
    (alarm,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert alarm.getMessage().startswith(f"bad-markup part={one.id}")


@pytest.mark.parametrize(
    "error",
    [BadMarkup("telegram-says", said="no"), Refused("telegram-says", said="message is too long")],
)
async def test_a_part_refused_even_as_plain_text_is_dead_and_the_next_goes_on(make, error):
    first, second = part(edition_id=7, n=1), part(edition_id=7, n=2)
    desk = make(first, second)
    desk.transport.script(1, BadMarkup("telegram-says", said="no"), error)
    assert await desk.drain() == SendReport(sent=1, dead=1)
    assert desk.row(first).error == error.reason
    assert desk.row(second).state == "sent"


async def test_an_old_part_expires_instead_of_being_sent(make):
    old = part(created_at=START - EXPIRE_AFTER - SECOND)
    unknown_age = part(2, created_at=None, not_before=START - EXPIRE_AFTER - SECOND)
    young = part(3, created_at=START - EXPIRE_AFTER)
    desk = make(old, unknown_age, young)
    assert await desk.drain() == SendReport(sent=1, expired=2)
    assert desk.store.states() == ["expired", "expired", "sent"]


async def test_a_part_whose_turn_is_far_away_is_put_off_and_not_held(make):
    parts = [part(-5) for _ in range(4)]
    desk = make(*parts, limits=Limits(chat_gap_s=0, group_messages=2))
    assert await desk.drain() == SendReport(sent=2, put_off=2)
    assert 58 * SECOND < await desk.outbox.next_at() - START < 61 * SECOND


async def test_a_turn_that_does_not_come_in_time_puts_the_part_off(make):
    """Each would wait a tenth of a second at most if it were alone, but they are eight."""
    desk = make(*(part(chat) for chat in range(1, 9)), limits=Limits(overall_per_s=10), hold_s=0.25)
    report = await desk.drain()
    assert report.sent + report.put_off == 8
    assert report.put_off >= 2
    await desk.run_until_done()
    assert set(desk.store.states()) == {"sent"}
    assert len(desk.transport.sent) == 8


async def test_an_outage_of_hours_costs_no_part_its_chances(make):
    """Whatever the failures look like: refused connections, or answers that never come."""
    up_at, probes = START + timedelta(hours=5), 0

    async def reachable():
        nonlocal probes
        probes += 1
        return desk.clock.now() >= up_at

    desk = make(*(part(chat) for chat in range(1, 101)), reachable=reachable)
    real_send = desk.transport.send

    async def send(each, *, plain=False):
        if desk.clock.now() < up_at:
            raise MaybeSent("no-answer-in-time") if each.id % 2 else NotSent("unreachable")
        return await real_send(each, plain=plain)

    desk.transport.send = send
    await desk.run_until_done()
    assert set(desk.store.states()) == {"sent"}
    assert len(desk.transport.sent) == 100
    assert probes < 5 * 3600 / 50
    assert sum(row.part.attempts > 1 for row in desk.store.rows.values()) <= IN_FLIGHT


async def test_a_way_that_works_again_is_not_asked_about_again(make):
    asked = []

    async def reachable():
        asked.append(1)
        return True

    desk = make(part(1), part(2), part(3), reachable=reachable)
    desk.transport.script(1, NotSent("unreachable"))
    await desk.run_until_done()
    assert set(desk.store.states()) == {"sent"}
    assert len(asked) <= 2


async def test_closed_while_it_asks_whether_telegram_answers_it_claims_nothing(make):
    async def reachable():
        desk.outbox.close()
        return True

    desk = make(*(part(chat) for chat in range(IN_FLIGHT + 1)), reachable=reachable)
    for chat in range(IN_FLIGHT):
        desk.transport.script(chat, NotSent("unreachable"))
    assert await desk.drain() == SendReport(again=IN_FLIGHT)
    assert set(desk.store.states()) == {"queued"}


async def test_a_fault_of_our_own_counts_as_a_silence(make, caplog):
    one = part()
    desk = make(one, part(2))
    desk.transport.script(1, *(KeyError("result") for _ in range(3)))
    await desk.run_until_done()
    assert desk.store.states() == ["dead", "sent"]
    assert desk.row(one).error == Reason("never-answered", {"said": "unforeseen kind=KeyError"})
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 3


async def test_a_broken_store_is_told_and_does_not_cancel_what_is_in_flight(make):
    desk = make(part(1), part(2))
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(desk.transport.in_flight) == 2
    desk.store.broken = OSError("disk full")
    desk.transport.gate.set()
    with pytest.raises(OSError, match="disk full"):
        await drain
    assert len(desk.transport.sent) == 2


OUTCOMES = {
    "sent": (None, "sent"),
    "again": (NotSent("unreachable"), "queued"),
    "silent": (MaybeSent("no-answer-in-time"), "queued"),
    "dead": (Refused("telegram-says", said="no"), "dead"),
    "gone": (ChatGone("telegram-says", said="no"), "dead"),
    "migrated": (ChatMigrated("-1005"), "queued"),
}


@pytest.mark.parametrize(("error", "state"), OUTCOMES.values(), ids=OUTCOMES)
async def test_what_became_of_a_part_is_recorded_once_the_store_answers_again(make, error, state):
    """Its lease is over by then: without the record it would be sent again."""
    one, other = part(-5), part(2)
    desk = make(one, other)
    if error is not None:
        desk.transport.script(-5, error)
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(50):
        await asyncio.sleep(0)
    desk.store.broken = StoreUnavailable("store-unavailable")
    desk.transport.gate.set()
    with pytest.raises(StoreUnavailable):
        await drain
    sent_at = desk.clock.now()
    desk.clock.advance(3 * LEASE)
    with pytest.raises(StoreUnavailable):
        await desk.drain()
    assert len(desk.transport.sent) == 2
    desk.store.broken = None
    desk.outbox.close()  # nothing more is claimed
    assert await desk.drain() == SendReport()
    assert [desk.row(one).state, desk.row(other).state] == [state, "sent"]
    assert desk.row(other).ended_at == sent_at
    assert desk.transport.told(-5) == [one.id]


async def test_the_end_of_the_process_records_what_it_can(make):
    desk = make(part(1))
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(50):
        await asyncio.sleep(0)
    desk.store.broken = StoreUnavailable("store-unavailable")
    desk.transport.gate.set()
    with pytest.raises(StoreUnavailable):
        await drain
    await desk.outbox.flush()
    assert desk.store.states() == ["sending"]
    desk.store.broken = None
    await desk.outbox.flush()
    assert desk.store.states() == ["sent"]


async def test_a_record_that_fails_for_its_own_reason_holds_up_no_other(make, caplog):
    broken, whole = part(1), part(2)
    desk = make(broken, whole)
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(50):
        await asyncio.sleep(0)
    desk.store.broken = StoreUnavailable("store-unavailable")
    desk.transport.gate.set()
    with pytest.raises(StoreUnavailable):
        await drain
    desk.store.broken = None
    del desk.store.rows[broken.id]
    await desk.drain()
    assert desk.store.states() == ["sent"]
    assert [m for m in caplog.messages if m.startswith("outcome-lost")]


async def test_a_claim_whose_answer_was_lost_is_given_back_at_once(make):
    desk = make(part(1))
    claim = desk.store.claim_parts

    async def lost(**options):
        await claim(**options)
        desk.store.claim_parts = claim
        raise StoreUnavailable("store-unavailable")

    desk.store.claim_parts = lost
    with pytest.raises(StoreUnavailable):
        await desk.drain()
    assert desk.store.states() == ["sending"]
    assert await desk.drain() == SendReport(sent=1)
    (row,) = desk.store.rows.values()
    assert (row.part.attempts, row.part.maybe_sent) == (1, False)


async def test_closing_lets_what_is_in_flight_end_and_claims_no_more(make):
    desk = make(*(part(chat) for chat in range(1, 31)))
    desk.transport.gate.clear()
    drain = asyncio.create_task(desk.drain())
    for _ in range(200):
        await asyncio.sleep(0)
    desk.outbox.close()
    desk.transport.gate.set()
    assert await drain == SendReport(sent=IN_FLIGHT)
    assert desk.store.states().count("queued") == 30 - IN_FLIGHT


def test_a_lease_outlasts_the_longest_attempt():
    """A wait for its turn, then a call with markup and one without."""
    assert LEASE.total_seconds() > HOLD_S + 2 * SEND_TIMEOUT_S + 10


def test_a_call_has_time_for_each_of_its_phases_at_its_longest():
    """A free connection, its opening, the request, the answer."""
    phases_s = (CONNECT_TIMEOUT_S, CONNECT_TIMEOUT_S, WRITE_TIMEOUT_S, READ_TIMEOUT_S)
    assert sum(phases_s) <= SEND_TIMEOUT_S


async def test_each_attempt_is_one_line_in_the_log(make, caplog):
    caplog.set_level(logging.INFO)
    one = part(edition_id=7)
    desk = make(one)
    desk.transport.script(1, NotSent("unreachable"))
    await desk.drain()
    desk.clock.advance(5 * SECOND)
    await desk.drain()
    common = f"part={one.id} edition=7 n=1"
    assert [record.getMessage() for record in caplog.records] == [
        f"part outcome=again {common} attempts=1 error=unreachable again_s=5",
        f"part outcome=sent {common} attempts=2",
    ]


ERRORS = st.sampled_from(
    [
        NotSent("unreachable"),
        MaybeSent("no-answer-in-time"),
        FloodWait(3),
        BadMarkup("telegram-says", said="x"),
        Refused("telegram-says", said="x"),
        ChatGone("telegram-says", said="x"),
        ChatMigrated("77"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    chats=st.lists(st.integers(1, 4), min_size=1, max_size=12),
    faults=st.lists(st.tuples(st.integers(1, 4), ERRORS), max_size=10),
)
async def test_whatever_fails_every_part_ends_and_none_is_doubled_without_a_silence(chats, faults):
    parts = [part(chat) for chat in chats]
    desk = Dispatcher(*parts)
    for chat, error in faults:
        desk.transport.script(chat, error)
    taken: dict[int, int] = {}
    real_send = desk.transport.send

    async def send(each, *, plain=False):
        try:
            message_id = await real_send(each, plain=plain)
        except MaybeSent:
            taken[each.id] = taken.get(each.id, 0) + 1
            raise
        taken[each.id] = taken.get(each.id, 0) + 1
        return message_id

    desk.transport.send = send
    # Floods are felt on the pacer's real clock: here only their rows count.
    desk.outbox._pacer = Pacer(UNPACED)
    desk.outbox._pacer.flood = lambda *_: None
    await desk.run_until_done()
    assert set(desk.store.states()) <= {"sent", "dead"}
    for row in desk.store.rows.values():
        assert row.error or row.state == "sent"
        assert taken.get(row.part.id, 0) <= 1 + row.part.silences


@pytest.mark.parametrize(
    ("error", "is_suspect"),
    [
        (MaybeSent("no-answer-in-time"), True),
        (NotSent("unreachable"), True),
        (KeyError("result"), True),
        (Refused("telegram-says", said="no"), False),
        (FloodWait(1), False),
    ],
)
async def test_after_a_silence_nothing_is_sent_before_telegram_answers(make, error, is_suspect):
    asked = []

    async def reachable():
        asked.append(1)
        return False

    desk = make(part(1), reachable=reachable)
    desk.transport.script(1, error)
    await desk.drain()
    desk.store.add(part(2))
    sent = (await desk.drain()).sent
    assert (sent, len(asked)) == ((0, 1) if is_suspect else (1, 0))


async def test_the_pause_between_two_questions_doubles_up_to_a_minute(make, caplog):
    async def reachable():
        return False

    desk = make(part(1), reachable=reachable)
    desk.transport.script(1, NotSent("unreachable"))
    await desk.drain()
    desk.clock.advance(10 * SECOND)
    for wait_s in (4, 8, 16, 32, 60, 60):
        await desk.drain()
        assert await desk.outbox.next_at() == desk.clock.now() + wait_s * SECOND
        desk.clock.advance(wait_s * SECOND)
    asked = [
        line.split("again_s=")[1] for line in caplog.messages if line.startswith("unreachable ")
    ]
    assert asked == ["2", "4", "8", "16", "32", "60", "60"]


def test_a_part_is_held_for_five_seconds_and_expires_after_twenty_hours():
    assert HOLD_S == 5
    assert timedelta(hours=20) == EXPIRE_AFTER
    assert timedelta(seconds=90) == LEASE
    assert IN_FLIGHT == 8
