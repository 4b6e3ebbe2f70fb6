"""The edge to Telegram: who may ask, where the answer goes, what old buttons do."""

import json

import pytest

from tests.fakes.wire import BOT, message_update

GROUP = -30
UNDER = message_update("An old message", 1, message_id=5)["message"] | {"from": BOT}


def notes(house):
    return [one.get("text") for one in house.wire.calls("answerCallbackQuery")]


@pytest.mark.parametrize("data", ["v0:old", "sub:energy", "v1:topic:gone-topic", "v1:set:x:y"])
async def test_an_old_button_answers_kindly_and_changes_nothing(house, data):
    await house.say("/subscribe energy")
    before = await house.known(1)
    assert await house.press(data, UNDER) == []
    (note,) = notes(house)
    assert "/" in note
    assert await house.known(1) == before


async def test_a_button_tapped_twice_is_answered_twice_and_done_once(house):
    await house.say("/subscribe energy")
    message = house.wire.sent(1)[-1] | {"from": BOT}
    room = json.loads(await house.known(1))["rooms"][0]
    data = f"v1:undo:{room['subscriptions'][0]['id']}"
    await house.press(data, message)
    await house.press(data, message)
    assert len(notes(house)) == 2
    assert "undone already" in notes(house)[1]


async def test_only_admins_change_what_a_group_gets(house):
    (refused,) = await house.say("/subscribe energy", GROUP, user_id=7)
    assert "Only an admin" in refused
    await house.press("v1:set:length:deep", UNDER | {"chat": {"id": GROUP, "type": "supergroup"}})
    assert "Only an admin" in notes(house)[0]
    assert len(await house.say("/help", GROUP, user_id=7)) == 1
    house.wire.members[GROUP, 7] = "administrator"
    (done,) = await house.say("/subscribe energy", GROUP, user_id=7)
    assert "Subscribed" in done


async def test_people_who_talk_to_each_other_are_left_alone(house):
    assert await house.say("good morning all", GROUP) == []
    assert await house.say("/brief@another_bot", GROUP) == []


async def test_an_answer_stays_in_the_forum_topic_it_was_asked_in(house):
    house.wire.members[GROUP, 30] = "creator"
    await house.say("/subscribe energy", GROUP, message_thread_id=44, is_topic_message=True)
    await house.say("/brief", GROUP, message_thread_id=44, is_topic_message=True)
    threads = {one.get("message_thread_id") for one in house.wire.calls("sendMessage")}
    assert threads == {44}


async def test_a_group_that_moves_takes_its_subscriptions_along(house):
    house.wire.members[GROUP, 30] = "administrator"
    await house.say("/subscribe energy", GROUP)
    moved = message_update("", GROUP)["message"] | {"migrate_to_chat_id": -10030}
    del moved["text"]
    await house.take({"message": moved})
    assert await house.known(GROUP) == ""
    assert "energy" in await house.known(-10030)


async def test_a_fault_of_ours_is_said_to_the_reader(house):
    house.forgives = True
    await house.say("/help")
    async with house.app.store.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE subscription")
    (sorry,) = await house.say("/topics")
    assert "Something went wrong on our side" in sorry
    assert len(house.errors) == 1
