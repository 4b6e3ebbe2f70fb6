"""/pause and /resume: how long a break is, and what ends it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.edition import EditionKind
from tests.fakes.clock import START
from tests.fakes.conversation import reasoned, room_of, subscribed, times_of
from tests.fakes.rooms import add_feed

LONDON = ZoneInfo("Europe/London")
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
OPEN_END = "Paused. /resume brings the briefings back, /brief works meanwhile."


async def paused_until(house, chat_id=1):
    return (await room_of(house, chat_id)).settings.paused_until


async def editions(house):
    return await house.app.store.editions.recent((await room_of(house)).id)


@pytest.mark.parametrize(
    ("typed", "days", "said"),
    [
        ("1", 1, "Fri 6 June"),
        ("3d", 3, "Sun 8 June"),
        ("3 days", 3, "Sun 8 June"),
        ("1 DAY", 1, "Fri 6 June"),
        ("2w", 14, "Thu 19 June"),
        ("1 week", 7, "Thu 12 June"),
        ("2 weeks", 14, "Thu 19 June"),
        ("until 3d", 3, "Sun 8 June"),
        ("999d", 999, "Tue, 29 February 2028"),
        ("999w", 6993, "Thu, 28 July 2044"),
    ],
)
async def test_a_span_is_counted_from_now(house, typed, days, said):
    await house.say("/timezone London")
    (answer,) = await house.say(f"/pause {typed}")
    here = (await paused_until(house)).astimezone(LONDON).replace(tzinfo=None)
    assert here == START.astimezone(LONDON).replace(tzinfo=None) + timedelta(days=days)
    assert answer == f"Paused until {said}. /resume ends the break earlier."


@pytest.mark.parametrize(
    ("zone", "typed", "until"),
    [
        ("Berlin", "2025-06-06", datetime(2025, 6, 5, 22, tzinfo=UTC)),
        ("Berlin", "until 2025-12-24", datetime(2025, 12, 23, 23, tzinfo=UTC)),
        ("Berlin", "UNTIL  2025-12-24", datetime(2025, 12, 23, 23, tzinfo=UTC)),
        ("New York", "2025-06-06", datetime(2025, 6, 6, 4, tzinfo=UTC)),
        ("UTC", "2025-06-06", datetime(2025, 6, 6, tzinfo=UTC)),
        ("UTC", "9999-12-31", datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
async def test_a_date_is_its_first_instant_where_the_reader_lives(house, zone, typed, until):
    await house.say(f"/timezone {zone}")
    await house.say(f"/pause {typed}")
    assert await paused_until(house) == until


async def test_the_day_that_is_said_is_the_readers(house):
    await house.say("/timezone Tokyo")
    house.clock.move_to(datetime(2025, 6, 5, 16, tzinfo=UTC))  # the sixth in Tokyo
    (answer,) = await house.say("/pause 1d")
    assert answer == "Paused until Sat 7 June. /resume ends the break earlier."


async def test_without_a_zone_dates_are_those_of_utc(house):
    (answer,) = await house.say("/pause 2025-06-06")
    assert answer == "Paused until Fri 6 June. /resume ends the break earlier."
    assert await paused_until(house) == datetime(2025, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "   "])
async def test_without_an_end_the_break_lasts_until_it_is_ended(house, typed):
    assert await house.say(f"/pause {typed}") == [OPEN_END]
    assert await paused_until(house) == FOR_EVER


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "0d",
        "0 weeks",
        "-1d",
        "1000d",
        "3dd",
        "someday",
        "until",
        "2025-06-05",
        "2025-06-04",
        "2025-13-01",
        "2025-02-30",
        "0001-01-01",
        "24.13.2025",
        "until pigs fly",
        "yesterday",
    ],
)
async def test_what_is_no_end_ahead_is_asked_for_again_and_nothing_is_stored(house, typed):
    await house.say("/timezone Berlin")
    assert await house.say(f"/pause {typed}") == [reasoned("until-when")]
    assert await paused_until(house) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("until monday", "Mon 9 June"),
        ("bis Montag", "Mon 9 June"),
        ("24 December", "Wed, 24 December 2025"),
        ("24/12/2026", "Thu, 24 December 2026"),
        ("3 months", "Fri 5 September"),
    ],
)
async def test_a_break_may_be_said_in_words_and_a_far_end_has_its_year(house, typed, day):
    await house.say("/timezone Berlin")
    (answer,) = await house.say(f"/pause {typed}")
    assert answer == f"Paused until {day}. /resume ends the break earlier."


@pytest.mark.parametrize(("zone", "month"), [("Berlin", 10), ("New York", 12)])
async def test_the_order_of_a_date_is_that_of_the_country(house, zone, month):
    await house.say(f"/timezone {zone}")
    await house.say("/pause 12/10/2026")
    assert (await paused_until(house)).month == month


async def test_pause_off_ends_the_break(house):
    await house.say("/pause 3d")
    await house.say("/pause off")
    assert await paused_until(house) is None
    assert await house.say("/pause off") == [reasoned("not-on-a-break")]


@pytest.mark.parametrize("line", ["/subscribe energy", "/schedule 8:00", "/status", "/start"])
async def test_what_would_tell_the_next_briefing_tells_the_break_instead(house, line):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/pause 3d")
    answer = "\n".join(await house.say(line))
    assert "Paused until Sun 8 June. /resume ends the break earlier." in answer
    assert "Next:" not in answer
    await house.say("/pause")
    assert "You are on a break. /resume ends it." in "\n".join(await house.say(line))


async def test_a_date_that_begins_this_very_instant_is_over(house):
    await house.say("/timezone UTC")
    house.clock.move_to(datetime(2025, 6, 6, tzinfo=UTC))
    assert await house.say("/pause 2025-06-06") == [reasoned("until-when")]
    house.clock.move_to(datetime(2025, 6, 6, tzinfo=UTC) - timedelta(seconds=1))
    assert await house.say("/pause 2025-06-06") != [reasoned("until-when")]


async def test_a_new_end_takes_the_place_of_the_old_one(house):
    await house.say("/pause")
    await house.say("/pause 1d")
    assert await paused_until(house) == START + timedelta(days=1)


async def test_a_pause_leaves_what_is_read_and_when(house):
    await house.say("/subscribe climate")
    times = await times_of(house)
    await house.say("/pause 3d")
    assert await subscribed(house) == [("climate", "Climate")]
    assert await times_of(house) == times


# ---------------------------------------------------------------- resuming


async def test_one_who_takes_no_break_is_told_how(house):
    assert await house.say("/resume") == [reasoned("not-on-a-break")]


async def test_a_break_that_has_run_out_by_itself_can_still_be_ended(house):
    await house.say("/pause 1d")
    house.clock.advance(timedelta(days=2))
    (answer,) = await house.say("/resume")
    assert answer == "Welcome back. Try /subscribe north-korea or /topics"
    assert await paused_until(house) is None


async def test_without_subscriptions_resuming_says_how_to_begin(house):
    await house.say("/pause")
    assert await house.say("/resume") == ["Welcome back. Try /subscribe north-korea or /topics"]
    assert await paused_until(house) is None
    assert await editions(house) == []
    assert await house.say("/resume") == [reasoned("not-on-a-break")]


async def test_otherwise_the_answer_is_a_briefing_over_the_break(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/pause")
    (briefing,) = await house.say("/resume")
    assert "Quiet: Climate" in briefing
    (made,) = await editions(house)
    assert (made.kind, made.waiting, made.dead) == (EditionKind.CATCH_UP, 0, 0)
    assert await paused_until(house) is None


async def test_the_catch_up_begins_where_the_last_briefing_ended(house):
    await house.say("/timezone Berlin")
    await house.say("/subscribe climate")
    await house.say("/brief")
    await house.say("/pause")
    house.clock.advance(timedelta(days=4))
    (briefing,) = await house.say("/resume")
    assert "5 Jun" in briefing


async def test_of_sources_out_of_reach_it_is_said_and_the_break_is_over_all_the_same(house):
    await add_feed(house.app.store, house.web.add("/feed", status=500), "climate")
    await house.say("/subscribe climate")
    await house.say("/pause")
    (answer,) = await house.say("/resume")
    assert answer == (
        "The 1 source there is could not be reached. Is the network down? /brief tries again."
    )
    assert await paused_until(house) is None
    assert await editions(house) == []
