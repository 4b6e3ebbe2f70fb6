"""/timezone: how a reader says where they are, and what follows from it."""

from datetime import UTC, datetime, time

import pytest

from bot.commands.schedule import ZoneTapped
from bot.domain.schedule import EVERY_DAY
from bot.errors import ReaderError
from tests.fakes.conversation import (
    ask,
    keyboard,
    notes,
    reasoned,
    room_of,
    shown,
    tap,
    times_of,
)

QUESTION = (
    "Where are you? Send /timezone and a city, or the time on your clock, "
    "such as /timezone Berlin or /timezone 14:05."
)
LIKELY = [
    [("06:30 London", "v1:zone:Europe/London")],
    [("01:30 New York", "v1:zone:America/New_York")],
    [("22:30 Los Angeles", "v1:zone:America/Los_Angeles")],
]


async def zone_of(house, chat_id=1):
    if not await house.known(chat_id):  # a chat that was only asked a question is forgotten
        return "", False
    chat = (await room_of(house, chat_id)).chat
    return chat.zone, chat.zone_known


async def test_without_a_word_it_asks_and_offers_the_likely_zones(house):
    assert await house.say("/timezone") == [QUESTION]
    assert keyboard(house) == LIKELY
    assert await zone_of(house) == ("", False)


async def test_one_whose_zone_is_known_is_told_it_before_the_question(house):
    await house.say("/timezone Tokyo")
    (answer,) = await house.say("/timezone  ")
    assert answer == f"Your time zone is Asia/Tokyo; it is 14:30 there.\n{QUESTION}"
    assert keyboard(house) == LIKELY


@pytest.mark.parametrize(
    ("typed", "zone", "said"),
    [
        ("Berlin", "Europe/Berlin", "It is 07:30 for you, Berlin time."),
        ("america/new_york", "America/New_York", "It is 01:30 for you, New York time."),
        ("Germany", "Europe/Berlin", "It is 07:30 for you, Berlin time."),
        ("UTC", "UTC", "It is 05:30 for you, UTC time."),
        ("11:15", "Asia/Kathmandu", "It is 11:15 for you, Kathmandu time."),
    ],
)
async def test_a_place_or_its_time_is_taken_at_once(house, typed, zone, said):
    assert await house.say(f"/timezone {typed}") == [said]
    assert await zone_of(house) == (zone, True)
    assert keyboard(house) == []


async def test_a_place_of_several_zones_is_asked_about_with_buttons(house):
    await house.say("/timezone Tokyo")
    assert await house.say("/timezone USA") == ["Which one is yours?"]
    assert keyboard(house) == [
        [("01:30 New York", "v1:zone:America/New_York")],
        [("00:30 Chicago", "v1:zone:America/Chicago")],
        [("22:30 Los Angeles", "v1:zone:America/Los_Angeles")],
    ]
    assert await zone_of(house) == ("Asia/Tokyo", True)
    await tap(house, "00:30 Chicago")
    assert shown(house) == "It is 00:30 for you, Chicago time."
    assert await zone_of(house) == ("America/Chicago", True)


async def test_of_a_time_that_many_zones_have_all_are_offered_with_that_time(house):
    await house.say("/timezone Tokyo")
    assert await house.say("/timezone 08:30") == ["Which one is yours?"]
    assert [text for ((text, _),) in keyboard(house)] == [
        "08:30 Kyiv",
        "08:30 Moscow",
        "08:30 Istanbul",
        "08:30 Athens",
        "08:30 Cairo",
        "08:30 Nairobi",
    ]


async def test_a_misspelt_city_is_answered_with_those_alike(house):
    (answer,) = await house.say("/timezone  Berln ")
    assert answer == "No place “Berln”. Did you mean one of these?"
    assert keyboard(house)[0] == [("07:30 Berlin", "v1:zone:Europe/Berlin")]
    assert await zone_of(house) == ("", False)


@pytest.mark.parametrize(("typed", "repeated"), [("Qwxzv", "Qwxzv"), ("q" * 41, "q" * 40)])
async def test_what_is_no_place_is_refused(house, typed, repeated):
    assert await house.say(f"/timezone {typed}") == [reasoned("no-such-place", place=repeated)]
    assert await zone_of(house) == ("", False)


async def test_the_times_of_all_rooms_of_a_chat_follow_to_the_new_zone(house):
    group = -30
    house.wire.members[group, 30] = "creator"
    await house.say("/schedule 08:00", group)
    await house.say("/schedule 09:00", group, message_thread_id=44, is_topic_message=True)
    (answer,) = await house.say("/timezone Tokyo", group)
    assert answer == "It is 14:30 for you, Tokyo time.\nNext: tomorrow 08:00."
    assert await times_of(house, group) == [
        (time(8), EVERY_DAY, datetime(2025, 6, 5, 23, tzinfo=UTC))
    ]
    topic = await room_of(house, group, 44)
    (stored,) = await house.app.store.schedules.of_room(topic.id)
    assert stored.next_due_at == datetime(2025, 6, 6, 0, tzinfo=UTC)


async def test_a_zone_that_was_adopted_without_being_asked_for_stays_a_guess(house):
    schedules = house.app.dispatcher.use_cases.schedules
    request = await ask(house)
    await schedules.adopt_zone(request.room, "Asia/Tokyo", known=False)
    assert await zone_of(house) == ("Asia/Tokyo", False)
    await schedules.adopt_zone(request.room, "Asia/Seoul", known=True)
    assert await zone_of(house) == ("Asia/Seoul", True)


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "posix/Europe/Berlin", ""])
async def test_a_button_with_no_zone_on_it_changes_nothing(house, zone):
    await house.say("/timezone Berlin")
    await house.press(f"v1:zone:{zone}", house.wire.sent(1)[-1])
    assert notes(house) == [reasoned("old-zone-button")]
    assert await zone_of(house) == ("Europe/Berlin", True)
    with pytest.raises(ReaderError):
        await house.app.dispatcher.use_cases.schedules.set_zone(await ask(house), ZoneTapped(zone))


async def test_of_a_chat_that_was_forgotten_meanwhile_the_zone_is_answered_all_the_same(house):
    request = await ask(house)
    await house.app.store.forget(request.room.chat.id)
    schedules = house.app.dispatcher.use_cases.schedules
    answer = await schedules.timezone(request, "Berlin")
    assert answer.plain.startswith("It is 07:30 for you, Berlin time.")


async def test_of_several_zones_the_likeliest_is_assumed_where_none_is_known(house):
    (answer,) = await house.say("/timezone UTC+3")
    chat = (await room_of(house)).chat
    assert (chat.zone, chat.zone_known) == ("Europe/Kyiv", False)
    assert answer == "I assumed Kyiv time. What time is it for you?"
    assert "v1:zone:Europe/Moscow" in [row[0][1] for row in keyboard(house)]


async def test_a_zone_that_is_known_stays_while_we_ask(house):
    await house.say("/timezone Tokyo")
    assert await house.say("/timezone IST") == ["Which one is yours?"]
    chat = (await room_of(house)).chat
    assert (chat.zone, chat.zone_known) == ("Asia/Tokyo", True)
