"""Each topic of a forum has its own zone; what it does not set, it has of its group."""

from datetime import date, timedelta

import pytest

from bot.steps.zone_data import follow_zone_data
from tests.fakes.conversation import buttons, room_of
from tests.fakes.wire import error, message_update

GROUP, ADMIN, ASIA, OCEAN = -30, 7, 44, 45


@pytest.fixture
async def house(house):
    house.wire.members[GROUP, ADMIN] = "administrator"
    for thread in (0, ASIA, OCEAN):
        await say(house, "/subscribe energy", thread)
    await say(house, "/timezone London")
    await say(house, "/timezone Tokyo", ASIA)
    return house


async def say(house, text, thread=0):
    place = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
    return await house.say(text, GROUP, user_id=ADMIN, **place)


async def dues(house):
    """Return when each room is next due, as hours and minutes of UTC."""
    found = []
    for thread in (0, ASIA, OCEAN):
        room = await room_of(house, GROUP, thread)
        (stored,) = await house.app.store.schedules.of_room(room.id)
        found.append(f"{stored.next_due_at:%H:%M}")
    return found


async def test_a_zone_set_in_a_topic_is_that_topics_alone(house):
    assert await dues(house) == ["06:30", "22:30", "06:30"]
    assert "Asia/Tokyo" in (await say(house, "/timezone", ASIA))[0]
    assert "Europe/London" in (await say(house, "/timezone", OCEAN))[0]


async def test_a_topic_without_a_zone_of_its_own_follows_its_group(house):
    await say(house, "/timezone Rome")
    assert await dues(house) == ["05:30", "22:30", "05:30"]
    await say(house, "/schedule 09:00", ASIA)
    assert await dues(house) == ["05:30", "00:00", "05:30"]


async def test_after_a_briefing_the_next_is_due_by_its_own_zone(house):
    room = await room_of(house, GROUP, ASIA)
    house.clock.advance(timedelta(days=1))
    await house.morning()
    (stored,) = await house.app.store.schedules.of_room(room.id)
    assert f"{stored.next_due_at:%H:%M}" == "22:30"


async def test_an_edit_brings_back_the_zone_it_had(house):
    here = {"message_thread_id": ASIA, "is_topic_message": True, "message_id": 5}
    await house.say("/timezone Rome", GROUP, user_id=ADMIN, **here)
    assert await dues(house) == ["06:30", "05:30", "06:30"]
    changed = message_update("/schedule", GROUP, user_id=ADMIN, **here)["message"]
    await house.take({"edited_message": changed | {"edit_date": changed["date"] + 9}})
    assert await dues(house) == ["06:30", "22:30", "06:30"]
    assert (await room_of(house, GROUP, ASIA)).zone == "Asia/Tokyo"


async def test_a_closed_topic_that_moves_keeps_its_zone_until_another_is_set(house):
    answer = house.wire._on_sendMessage

    def refuse(parameters):
        if int(parameters.get("message_thread_id") or 0) == ASIA:
            return error(400, "Bad Request: message thread not found")
        return answer(parameters)

    house.wire._on_sendMessage = refuse
    await say(house, "/unsubscribe all")
    house.clock.advance(timedelta(days=1))
    await house.morning()
    question = next(m for m in reversed(house.wire.sent(GROUP)) if "closed" in m["text"])
    (row,) = question["reply_markup"]["inline_keyboard"]
    await house.press(row[0]["callback_data"], question, user_id=ADMIN)
    moved = await room_of(house, GROUP)
    assert moved.zone == "Asia/Tokyo"
    await say(house, "/timezone Rome")
    assert (await room_of(house, GROUP)).zone == "Europe/Rome"
    assert (await room_of(house, GROUP, OCEAN)).zone == "Europe/Rome"


async def test_newer_zone_data_moves_all_stored_times_each_in_its_zone(house):
    store = house.app.store
    before = await dues(house)
    async with store.database.write() as connection:  # as older data had it
        await connection.exec_driver_sql(
            "UPDATE schedule SET next_due_at = '2025-06-05 12:00:00', "
            f"next_local_date = '{date(2025, 6, 6)}'"
        )
    await store.record_zone_data("2001a")
    assert await follow_zone_data(store, "2001b") == 3
    assert await dues(house) == before
    assert await follow_zone_data(store, "2001b") == 0


async def test_a_zone_that_is_no_more_is_the_groups_again(house):
    async with house.app.store.database.write() as connection:
        await connection.exec_driver_sql(
            'UPDATE room SET settings = \'{"zone": "Mars/Olympus"}\' WHERE thread = 44'
        )
    room = await room_of(house, GROUP, ASIA)
    assert room.zone == "Europe/London"
    assert [reason.code for reason in room.retired] == ["retired-zone"]
    await house.app.store.chats.settle(room.id)
    assert (await room_of(house, GROUP)).chat.zone_known


async def test_a_tap_on_a_clock_in_a_topic_is_that_topics(house):
    await say(house, "/timezone", OCEAN)
    data = next(data for label, data in buttons(house, GROUP).items() if "New York" in label)
    message = house.wire.sent(GROUP)[-1] | {"is_topic_message": True}
    await house.press(data, message, user_id=ADMIN)
    zones = [(await room_of(house, GROUP, thread)).zone for thread in (0, ASIA, OCEAN)]
    assert zones == ["Europe/London", "Asia/Tokyo", "America/New_York"]
