"""/schedule: times that are set, kept, replaced and taken away, and what is said of them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND
from tests.fakes.conversation import (
    ask,
    keyboard,
    reasoned,
    room_of,
    shown,
    subscribed,
    times_of,
)

GERMAN = {"from": {"id": 7, "is_bot": False, "first_name": "R", "language_code": "de"}}


@pytest.fixture
async def berliner(house):
    """A reader who lives in Berlin, where it is Thursday, 07:30."""
    await house.say("/timezone Berlin")
    return house


def at(day, hour, minute=0):
    """Return an instant of June 2025, in UTC; Berlin is two hours ahead."""
    return datetime(2025, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "said", "stored"),
    [
        ("08:00", "daily at 08:00", [(time(8), EVERY_DAY, at(5, 6))]),
        ("8", "daily at 08:00", [(time(8), EVERY_DAY, at(5, 6))]),
        ("06:30", "daily at 06:30", [(time(6, 30), EVERY_DAY, at(6, 4, 30))]),
        ("8 weekdays", "on weekdays at 08:00", [(time(8), WEEKDAYS, at(5, 6))]),
        ("10:15 weekend", "on weekends at 10:15", [(time(10, 15), WEEKEND, at(7, 8, 15))]),
        ("6pm sun, mon", "Mon, Sun at 18:00", [(time(18), {0, 6}, at(8, 16))]),
        ("8 thu", "Thu at 08:00", [(time(8), {3}, at(5, 6))]),
        ("7 thu", "Thu at 07:00", [(time(7), {3}, at(12, 5))]),
        (
            "18:00 08:00",
            "daily at 18:00 and daily at 08:00",
            [(time(8), EVERY_DAY, at(5, 6)), (time(18), EVERY_DAY, at(5, 16))],
        ),
        (
            "7 8 9",
            "daily at 07:00, daily at 08:00 and daily at 09:00",
            [
                (time(7), EVERY_DAY, at(6, 5)),
                (time(8), EVERY_DAY, at(5, 6)),
                (time(9), EVERY_DAY, at(5, 7)),
            ],
        ),
    ],
)
async def test_times_are_stored_with_their_next_instant_and_said(berliner, typed, said, stored):
    (answer,) = await berliner.say(f"/schedule {typed}")
    assert answer.splitlines()[0] == f"Your briefing comes {said}."
    assert await times_of(berliner) == stored
    assert keyboard(berliner) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("08:00", "Next: today 08:00."),
        ("07:30", "Next: tomorrow 07:30."),
        ("8 sat", "Next: Sat 08:00."),
        ("8 wed", "Next: Wed 08:00."),
        ("7 thu", "Next: Thu 12 Jun 07:00."),
        ("9 08:30", "Next: today 08:30."),
    ],
)
async def test_the_next_briefing_is_said_in_the_readers_time(berliner, typed, said):
    (answer,) = await berliner.say(f"/schedule {typed}")
    assert answer.splitlines()[1:] == [said]


async def test_new_times_replace_the_old_ones_and_one_that_stays_keeps_its_row(berliner):
    await berliner.say("/schedule 08:00 18:00")
    rows, room = berliner.app.store.schedules, await room_of(berliner)
    before = {stored.schedule.local_time: stored.id for stored in await rows.of_room(room.id)}
    await berliner.say("/schedule 18:00 20:00 weekdays")
    after = {stored.schedule.local_time: stored.id for stored in await rows.of_room(room.id)}
    assert list(after) == [time(18), time(20)]
    assert after[time(18)] == before[time(18)]
    assert [days for _, days, _ in await times_of(berliner)] == [WEEKDAYS, WEEKDAYS]


@pytest.mark.parametrize("typed", ["off", "OFF", " none ", "never", "stop"])
async def test_off_takes_all_times_away_and_leaves_the_subscriptions(berliner, typed):
    await berliner.say("/subscribe climate")
    await berliner.say("/schedule 08:00 18:00")
    (answer,) = await berliner.say(f"/schedule {typed}")
    assert answer == (
        "No more scheduled briefings. /brief works any time; /schedule 07:30 starts again."
    )
    assert await times_of(berliner) == []
    assert await subscribed(berliner) == [("climate", "Climate")]
    assert await berliner.app.flow.next_edition_at() is None


async def test_without_a_word_the_times_are_shown_and_stay(berliner):
    (none,) = await berliner.say("/schedule")
    assert none == (
        "No scheduled briefings yet. Send a time, such as /schedule 07:30 "
        "or /schedule 8:00 weekdays."
    )
    await berliner.say("/schedule 18:00 08:00 weekdays")
    before = await times_of(berliner)
    (answer,) = await berliner.say("/schedule  ")
    assert answer == (
        "Your briefing comes on weekdays at 08:00 and on weekdays at 18:00. "
        "Change it with /schedule 07:30 18:00 or /schedule off.\nNext: today 08:00."
    )
    assert await times_of(berliner) == before


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("soon", reasoned("no-time", word="soon")),
        ("08:00 soon", reasoned("no-time", word="soon")),
        ("24:00", reasoned("no-time", word="24:00")),
        ("x" * 41, reasoned("no-time", word="x" * 40)),
        ("weekdays", reasoned("time-missing")),
        ("1 2 3 4 5 6 7", reasoned("too-many-times", n=6)),
    ],
)
async def test_what_is_no_time_changes_nothing(berliner, typed, refusal):
    await berliner.say("/schedule 08:00")
    before = await times_of(berliner)
    assert await berliner.say(f"/schedule {typed}") == [refusal]
    assert await times_of(berliner) == before


async def test_six_times_a_day_are_taken(berliner):
    await berliner.say("/schedule 1 2 3 4 5 6")
    assert [at for at, _, _ in await times_of(berliner)] == [time(n) for n in range(1, 7)]


# ---------------------------------------------------------------- the zone behind the times


async def test_one_whose_zone_is_unknown_is_asked_for_it_and_london_is_assumed(house):
    (answer,) = await house.say("/schedule 08:00")
    assert answer == (
        "Your briefing comes daily at 08:00.\n"
        "Next: today 08:00.\n"
        "I assumed London time. What time is it for you?"
    )
    assert [row[0][1] for row in keyboard(house)] == [
        "v1:zone:Europe/London",
        "v1:zone:America/New_York",
        "v1:zone:America/Los_Angeles",
    ]
    assert await times_of(house) == [(time(8), EVERY_DAY, at(5, 7))]


async def test_the_assumed_zone_is_the_likeliest_of_the_readers_language(house):
    (answer,) = await house.say("/schedule 08:00", 7, **GERMAN)
    assert (await room_of(house, 7)).chat.zone == "Europe/Berlin"
    assert not (await room_of(house, 7)).chat.zone_known
    assert await times_of(house, 7) == [(time(8), EVERY_DAY, at(5, 6))]
    assert "Berlin" in answer


async def test_a_known_zone_is_kept_when_times_are_set(house):
    await house.say("/timezone Tokyo", 7, **GERMAN)
    await house.say("/schedule 08:00", 7, **GERMAN)
    chat = (await room_of(house, 7)).chat
    assert (chat.zone, chat.zone_known) == ("Asia/Tokyo", True)
    assert await times_of(house, 7) == [(time(8), EVERY_DAY, at(5, 23))]


async def test_an_assumed_zone_is_not_assumed_anew(house):
    await house.say("/schedule 08:00")
    await house.app.store.chats.set_zone((await room_of(house)).chat.id, "Asia/Tokyo", known=False)
    (answer,) = await house.say("/schedule 09:00")
    assert answer.endswith("I assumed Tokyo time. What time is it for you?")
    assert (await room_of(house)).chat.zone == "Asia/Tokyo"


# ---------------------------------------------------------------- what others ask of it


async def test_the_next_briefing_is_the_earliest_ahead_and_what_is_late_only_if_alone(berliner):
    schedules = berliner.app.dispatcher.use_cases.schedules
    room = await room_of(berliner)
    assert await schedules.next_at(room.id) is None
    await berliner.say("/schedule 08:00 18:00")
    assert await schedules.next_at(room.id) == at(5, 6)
    berliner.clock.move_to(at(5, 6) - timedelta(seconds=1))
    assert await schedules.next_at(room.id) == at(5, 6)
    berliner.clock.move_to(at(5, 6))
    assert await schedules.next_at(room.id) == at(5, 16)
    berliner.clock.move_to(at(5, 16))
    assert await schedules.next_at(room.id) == at(5, 6)


async def test_the_usual_time_is_given_once_and_only_to_a_room_without_any(house):
    schedules = house.app.dispatcher.use_cases.schedules
    request = await ask(house)
    assert schedules.default_time == time(7, 30)
    assert await schedules.ensure(request)
    assert not await schedules.ensure(request)
    assert await times_of(house) == [(time(7, 30), EVERY_DAY, at(5, 6, 30))]
    await house.say("/schedule 18:00", 2)
    assert not await schedules.ensure(await ask(house, 2))
    assert [at for at, _, _ in await times_of(house, 2)] == [time(18)]


async def test_only_one_whose_zone_was_assumed_is_asked_for_it(house):
    schedules = house.app.dispatcher.use_cases.schedules
    request = await ask(house)
    assert await schedules.ask(request) is None
    await schedules.ensure(request)
    question = await schedules.ask(request)
    assert question is not None
    assert question.plain == "I assumed London time. What time is it for you?"
    assert [row[0].text for row in question.keyboard] == [
        "06:30 London",
        "01:30 New York",
        "22:30 Los Angeles",
    ]
    await house.say("/timezone London")
    assert await schedules.ask(request) is None


async def test_two_days_that_follow_a_change_of_the_clocks_keep_their_local_time(berliner):
    berliner.clock.move_to(datetime(2025, 10, 25, 12, tzinfo=UTC))
    await berliner.say("/schedule 08:00")
    assert await times_of(berliner) == [(time(8), EVERY_DAY, datetime(2025, 10, 26, 7, tzinfo=UTC))]
    assert shown(berliner).endswith("Next: tomorrow 08:00.")


async def test_until_when_a_rush_lasts_is_said_to_those_in_it(berliner):
    """At one message in two minutes, three readers of one instant wait for up to six."""
    schedules = berliner.app.dispatcher.use_cases.schedules
    schedules._messages_per_s = 1 / 120
    window = "Many are due then: it comes by 08:07, each day in another order."
    for reader in (2, 3):
        await berliner.say("/timezone Berlin", reader)
        await berliner.say("/schedule 08:00", reader)
    (answer,) = await berliner.say("/schedule 08:00")
    assert window in answer
    (answer,) = await berliner.say("/schedule")
    assert window in answer
    schedules._messages_per_s = 25
    (answer,) = await berliner.say("/schedule")
    assert "Many are due" not in answer


# ---------------------------------------------------------------- one plan changed by another


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        (["7:30 weekdays", "9:00 weekends"], {time(7, 30): WEEKDAYS, time(9): {5, 6}}),
        (["7:30 weekdays 9 weekends", "10:00 weekends"], {time(7, 30): WEEKDAYS, time(10): {5, 6}}),
        (["7:00 daily", "9:00 sunday"], {time(7): {0, 1, 2, 3, 4, 5}, time(9): {6}}),
        (["7:00 daily", "8:00 weekdays"], {time(8): WEEKDAYS}),
        (["7:00 mon", "7:00 fri"], {time(7): {0, 4}}),
        (["7:30 weekdays 9 weekends", "8:00"], {time(8): EVERY_DAY}),
        (["7:30 weekdays 9 weekends", "only 8 sat"], {time(8): {5}}),
        (["7:30 weekdays 9 weekends", "sunday off"], {time(7, 30): WEEKDAYS, time(9): {5}}),
        (["7:30 weekdays 9 weekends", "weekends off"], {time(7, 30): WEEKDAYS}),
    ],
)
async def test_what_is_not_named_stays(berliner, said, stored):
    for line in said:
        await berliner.say(f"/schedule {line}")
    assert {at: days for at, days, _ in await times_of(berliner)} == stored


async def test_the_usual_time_nobody_chose_goes_and_what_was_replaced_is_said(berliner):
    await berliner.say("/subscribe climate")
    (answer,) = await berliner.say("/schedule 9:00 saturday")
    assert {at: days for at, days, _ in await times_of(berliner)} == {time(9): {5}}
    assert answer.splitlines()[:2] == [
        "Your briefing comes Sat at 09:00.",
        "Before: daily at 07:30.",
    ]
    (again,) = await berliner.say("/schedule 9:00 saturday")
    assert "Before" not in again


async def test_dropping_all_days_is_off(berliner):
    await berliner.say("/schedule 9:00 weekends")
    (answer,) = await berliner.say("/schedule weekends off")
    assert answer.startswith("No more scheduled briefings.")
    assert await times_of(berliner) == []
