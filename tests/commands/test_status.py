"""/status: what became of the last briefings, what comes next, and which sources fail."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.reasons import Reason
from bot.send import telegram_address
from bot.store.editions import FilledEdition
from tests.fakes.clock import START
from tests.fakes.conversation import reasoned, room_of
from tests.fakes.rooms import add_entries, add_feed

NONE, NOTHING, WELL = "No briefing yet.", "Nothing is scheduled.", "All your sources answer."
NEXT = "Next: tomorrow 07:30."
MESSAGE = Message(html="News", plain="News")
DUE = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)  # Thursday, 07:30 in Berlin


@pytest.fixture
async def house(house):
    """A reader in Berlin with nothing else."""
    await house.say("/timezone Berlin")
    return house


async def status(house, chat_id=1):
    (answer,) = await house.say("/status", chat_id)
    return answer.splitlines()


async def make(house, key="1", *, due_at=None, stories=1, **filled):
    """Store an edition made at START that told ``stories`` stories."""
    rows, room = house.app.store.editions, await room_of(house)
    edition_id = await rows.open(room.id, EditionKind.SCHEDULED, key, now=START, due_at=due_at)
    assert edition_id is not None
    await rows.fill(edition_id, FilledEdition(**filled), now=START)
    await execute(house, f"UPDATE edition SET stories = {stories} WHERE id = {edition_id}")


async def execute(house, statement):
    async with house.app.store.database.write() as connection:
        await connection.exec_driver_sql(statement)


async def end_parts(house, end, *, at=START):
    """Claim what is queued, and end each part by ``end`` of the outbox."""
    outbox = house.app.store.outbox
    while parts := await outbox.claim_parts(now=at, limit=9, lease=timedelta(minutes=1)):
        for part in parts:
            await end(outbox, part.id)


# ---------------------------------------------------------------- briefings


async def test_a_newcomer_has_nothing_yet(house):
    assert await status(house) == [NONE, NOTHING, WELL]


async def test_a_briefing_that_was_not_made_is_told_with_its_reason(house):
    await make(house, reason=Reason("paused"), due_at=DUE)
    assert (await status(house))[:2] == ["Lately:", "· Thu 5 Jun 07:30: not sent (paused)"]


async def test_the_last_five_are_told_newest_first_and_before_all_else(house):
    for n in range(6):
        due_at = DUE - timedelta(days=6 - n)
        await make(house, str(n), reason=Reason("paused"), due_at=due_at)
    assert await status(house) == [
        "Lately:",
        "· Wed 4 Jun 07:30: not sent (paused)",
        "· Tue 3 Jun 07:30: not sent (paused)",
        "· Mon 2 Jun 07:30: not sent (paused)",
        "· Sun 1 Jun 07:30: not sent (paused)",
        "· Sat 31 May 07:30: not sent (paused)",
        NOTHING,
        WELL,
    ]


async def test_one_that_was_asked_for_has_the_time_it_was_made_at(house):
    await make(house, reason=Reason("no-subscriptions"))
    assert (await status(house))[1] == "· Thu 5 Jun 07:30: not sent (no subscriptions)"


async def test_without_a_zone_times_are_those_of_utc(house):
    await execute(house, "UPDATE chat SET zone = ''")
    await make(house, reason=Reason("paused"), due_at=DUE)
    assert (await status(house))[1] == "· Thu 5 Jun 05:30: not sent (paused)"


@pytest.mark.parametrize(
    ("stories", "held_back", "said"),
    [
        (0, 0, "0 stories, on its way"),
        (1, 0, "1 story, on its way"),
        (2, 0, "2 stories, on its way"),
        (2, 1, "2 stories, 1 repeat held back, on its way"),
        (1, 2, "1 story, 2 repeats held back, on its way"),
    ],
)
async def test_stories_and_repeats_are_counted(house, stories, held_back, said):
    await make(house, stories=stories, messages=[MESSAGE], held_back=held_back)
    request = await house.app.dispatcher.request(
        telegram_address(1), kind="private", language="en", update_id=1
    )
    answer = await house.app.dispatcher.use_cases.status.status(request, "")
    assert answer.plain.splitlines()[1] == f"· Thu 5 Jun 07:30: {said}"


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(0), "sent"),
        (timedelta(minutes=2), "sent"),
        (timedelta(minutes=2, seconds=1), "sent 2 minutes late"),
        (timedelta(minutes=3, seconds=59), "sent 3 minutes late"),
        (timedelta(hours=2), "sent 120 minutes late"),
    ],
)
async def test_a_delay_of_more_than_two_minutes_is_told(house, late, said):
    await make(house, messages=[MESSAGE], due_at=DUE)
    await end_parts(house, lambda outbox, id_: outbox.mark_sent(id_, message_id=1, now=DUE + late))
    assert (await status(house))[1] == f"· Thu 5 Jun 07:30: 1 story, {said}"


async def test_one_that_was_asked_for_is_never_late(house):
    await make(house, messages=[MESSAGE])
    later = START + timedelta(hours=1)
    await end_parts(house, lambda outbox, id_: outbox.mark_sent(id_, message_id=1, now=later))
    assert (await status(house))[1] == "· Thu 5 Jun 07:30: 1 story, sent"


async def test_one_of_which_a_part_died_or_became_too_old_was_not_delivered(house):
    await make(house, "1", messages=[MESSAGE, MESSAGE], due_at=DUE)
    dead = Reason("chat-gone")
    await end_parts(house, lambda outbox, id_: outbox.mark_dead(id_, error=dead, now=START))
    await make(house, "2", messages=[MESSAGE], due_at=DUE)
    await end_parts(house, lambda outbox, id_: outbox.mark_expired(id_, now=START))
    assert (await status(house))[1:3] == ["· Thu 5 Jun 07:30: 1 story, not delivered"] * 2


async def test_what_a_briefing_lacks_stands_behind_its_fate(house):
    left_out = Reason("stories-left-out", {"n": 2})
    await make(house, messages=[MESSAGE], left_out=left_out)
    await end_parts(house, lambda outbox, id_: outbox.mark_sent(id_, message_id=1, now=START))
    reason = reasoned("stories-left-out", n=2)
    assert (await status(house))[1] == f"· Thu 5 Jun 07:30: 1 story, sent ({reason})"


async def test_the_briefings_of_other_rooms_are_none_of_its_business(house):
    await make(house, reason=Reason("paused"))
    assert (await status(house, 2))[0] == NONE


# ---------------------------------------------------------------- what comes next


async def test_the_next_briefing_is_told(house):
    await house.say("/schedule 07:30")
    assert await status(house) == [NONE, NEXT, WELL]


async def test_one_that_is_due_this_instant_is_being_made_and_not_the_next(house):
    await house.say("/schedule 08:00")
    house.clock.advance(timedelta(minutes=30) - timedelta(seconds=1))
    assert await status(house) == [NONE, "Next: today 08:00.", WELL]
    house.clock.advance(timedelta(seconds=1))
    assert await status(house) == [NONE, "Due Thu 5 Jun 08:00, being made now.", WELL]


async def test_one_that_failed_is_told_with_its_reason_and_the_next_try(house):
    await house.say("/schedule 08:00 18:00")
    house.clock.advance(timedelta(minutes=31))
    store, room = house.app.store, await room_of(house)
    late = (await store.schedules.of_room(room.id))[0]
    again_at = house.clock.now() + timedelta(minutes=4)
    await store.schedules.fail(
        late.id, error=Reason("unforeseen", {"kind": "X"}), again_at=again_at
    )
    assert await status(house) == [
        NONE,
        "Due Thu 5 Jun 08:00, not made yet (a fault on our side (X)); I try again at 08:05.",
        "Next: today 18:00.",
        WELL,
    ]


@pytest.mark.parametrize(
    ("after", "is_said"), [(timedelta(days=1, seconds=-1), True), (timedelta(days=1), False)]
)
async def test_a_break_is_told_while_it_lasts(house, after, is_said):
    await house.say("/pause 1d")
    house.clock.advance(after)
    said = "Paused until Fri 6 June. /resume ends the break earlier."
    assert (said in await status(house)) is is_said


# ---------------------------------------------------------------- sources


async def fail(house, feed_id, reason):
    await add_entries(house.app.store, feed_id, error=reason)


async def subscribe_to(house, feed_id, chat_id=1):
    room = await room_of(house, chat_id)
    key = SubscriptionKey.of_feed(feed_id)
    rows = house.app.store.subscriptions
    await rows.add(room.id, SubscriptionKind.FEED, key, "Own", now=START)


async def test_a_source_that_fails_is_named_with_its_reason(house):
    feed = await add_feed(house.app.store, "https://harbour.example/feed", "climate")
    await house.say("/subscribe climate")
    await fail(house, feed, Reason("no-answer-in-time"))
    assert (await status(house))[-1] == "· Harbour Post: it did not answer in time"
    await add_entries(house.app.store, feed)
    assert (await status(house))[-1] == WELL


async def test_a_source_for_what_is_not_read_is_not_named(house):
    feed = await add_feed(house.app.store, "https://harbour.example/feed", "space")
    await house.say("/subscribe climate")
    await fail(house, feed, Reason("no-feed"))
    assert (await status(house))[-1] == WELL


async def test_a_source_without_a_name_goes_by_its_address(house):
    feed = await add_feed(house.app.store, "https://harbour.example/feed")
    await execute(house, "UPDATE feed SET source = ''")
    await fail(house, feed, Reason("feed-ended"))
    await execute(house, "UPDATE feed SET source = ''")
    (*_, last) = await status(house)
    assert last == "· https://harbour.example/feed: the feed has ended (410)"


async def test_ones_own_feed_is_named_and_never_to_anybody_else(house):
    store = house.app.store
    feed = await add_feed(store, "https://harbour.example/secret", "climate", public=False)
    await fail(house, feed, Reason("no-feed"))
    await add_feed(store, "https://harbour.example/secret", f"feed:{feed}", public=False)
    await house.say("/subscribe climate", 2)
    await subscribe_to(house, feed)
    assert (await status(house))[-1] == "· Harbour Post: the document is no feed"
    assert (await status(house, 2))[-1] == WELL


async def test_of_nine_sources_that_fail_eight_are_named_in_order(house):
    for n in range(9):
        feed = await add_feed(house.app.store, f"https://harbour.example/{n}")
        await execute(house, f"UPDATE feed SET source = 'Post {8 - n}' WHERE id = {feed}")
        await fail(house, feed, Reason("no-feed"))
    lines = await status(house)
    assert lines[-8:] == [f"· Post {n}: the document is no feed" for n in range(8)]
    assert len(lines) == 11
