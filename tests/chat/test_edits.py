"""A changed message: its command takes the place of the first, within a minute."""

import asyncio
from datetime import timedelta

import pytest

from bot.chat.edits import EDIT_LIMIT
from tests.fakes.conversation import room_of, subscribed, times_of
from tests.fakes.wire import message_update

GROUP = -30
CLIMATE, SPACE = ("climate", "Climate"), ("space", "Space")
LATE_S = EDIT_LIMIT.total_seconds() + 1


def edited(text, chat_id=1, *, message_id=1, after_s=20, **extra):
    message = message_update(text, chat_id, message_id=message_id, **extra)["message"]
    return {"edited_message": message | {"edit_date": message["date"] + after_s}}


@pytest.mark.parametrize(
    ("first", "then", "left"),
    [
        ("/subscribe nort-korea", "/subscribe climate", [CLIMATE]),
        ("/subscribe climate", "/subscribe space", [SPACE]),
        ("/subscribe climate, space", "/subscribe space", [SPACE]),
        ("/help", "/subscribe climate", [CLIMATE]),
        ("/subscrbe climate", "/subscribe climate", [CLIMATE]),
    ],
)
async def test_what_the_first_did_is_undone_and_the_second_done(house, first, then, left):
    await house.say(first)
    assert await house.take(edited(then))
    assert await subscribed(house) == left


async def test_what_was_read_before_stays_whatever_is_edited(house):
    await house.say("/subscribe climate", message_id=1)
    await house.say("/subscribe climate, space", message_id=2)
    await house.take(edited("/subscribe energy", message_id=2))
    assert await subscribed(house) == [CLIMATE, ("energy", "Energy")]


async def test_a_farewell_changed_brings_back_what_went(house):
    await house.say("/subscribe climate, space, orun dam", message_id=1)
    await house.say("/unsubscribe all", message_id=2)
    await house.take(edited("/unsubscribe space", message_id=2))
    assert sorted(await subscribed(house)) == [CLIMATE, ("q:dam orun", "orun dam")]


async def test_times_zone_and_pause_are_taken_back_with_their_command(house):
    await house.say("/subscribe climate", message_id=1)
    await house.say("/timezone Rome", message_id=2)
    await house.say("/schedule 08:15", message_id=3)
    before = await times_of(house)
    await house.say("/schedule 21:45", message_id=4)
    await house.take(edited("/help", message_id=4))
    assert await times_of(house) == before
    await house.say("/pause 3d", message_id=5)
    await house.take(edited("/topics", message_id=5))
    assert (await room_of(house)).settings.paused_until is None
    await house.say("/timezone Nairobi", message_id=6)
    await house.take(edited("/help", message_id=6))
    chat = (await room_of(house)).chat
    assert (chat.zone, chat.zone_known) == ("Europe/Rome", True)
    assert await times_of(house) == before


async def test_what_changed_again_since_is_left_as_it_is(house):
    await house.say("/subscribe climate", message_id=1)
    await house.say("/schedule 21:45", message_id=2)
    await house.say("/schedule 06:15", message_id=3)
    await house.take(edited("/help", message_id=2))
    assert [f"{at:%H:%M}" for at, _, _ in await times_of(house)] == ["06:15"]


async def test_the_second_edit_takes_back_what_the_first_did(house):
    await house.say("/subscribe climate")
    await house.take(edited("/subscribe space"))
    await house.take(edited("/subscribe energy", after_s=40))
    assert await subscribed(house) == [("energy", "Energy")]


async def test_all_commands_of_one_message_are_taken_back_together(house):
    await house.say("/subscribe climate\n/subscribe space\n/help")
    assert await subscribed(house) == [CLIMATE, SPACE]
    await house.take(edited("/subscribe energy"))
    assert await subscribed(house) == [("energy", "Energy")]


async def test_later_than_a_minute_it_is_told_and_nothing_done(house):
    await house.say("/subscribe climate")
    (answer,) = await house.take(edited("/subscribe space", after_s=LATE_S))
    assert "for a minute only" in answer
    assert await subscribed(house) == [CLIMATE]


async def test_the_same_text_again_is_no_edit(house):
    await house.say("/subscribe climate")
    for after_s in (5, LATE_S):
        assert await house.take(edited("/subscribe climate", after_s=after_s)) == []
    assert await subscribed(house) == [CLIMATE]


async def test_a_live_place_that_moves_is_not_answered(house):
    message = edited("", after_s=LATE_S)["edited_message"]
    del message["text"]
    place = {"latitude": 41.9, "longitude": 12.5, "live_period": 600}
    assert await house.take({"edited_message": message | {"location": place}}) == []


async def test_in_a_group_talk_is_left_alone_and_only_an_admin_takes_back(house):
    assert await house.take(edited("good morning", GROUP)) == []
    assert await house.take(edited("good morning", GROUP, after_s=LATE_S)) == []
    house.wire.members[GROUP, 30] = "administrator"
    await house.say("/subscribe climate", GROUP)
    house.wire.members[GROUP, 30] = "member"
    house.clock.advance(timedelta(minutes=1))  # an admin is believed to be one for half of it
    await house.take(edited("/subscribe space", GROUP))
    assert await subscribed(house, GROUP) == [CLIMATE]
    house.wire.members[GROUP, 30] = "administrator"
    await house.take(edited("/subscribe energy", GROUP))
    assert await subscribed(house, GROUP) == [("energy", "Energy")]


async def test_an_edit_waits_for_the_end_of_what_it_replaces(house, monkeypatch):
    run, began, may_end = house.app.dispatcher.run, asyncio.Event(), asyncio.Event()

    async def slow(command, request, text):
        if text == "climate":
            began.set()
            await may_end.wait()
        return await run(command, request, text)

    monkeypatch.setattr(house.app.dispatcher, "run", slow)
    first = asyncio.create_task(house.say("/subscribe climate"))
    await began.wait()
    change = asyncio.create_task(house.take(edited("/subscribe space")))
    await asyncio.sleep(0.1)
    assert not change.done()
    may_end.set()
    await asyncio.gather(first, change)
    assert await subscribed(house) == [SPACE]
