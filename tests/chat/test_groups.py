"""Groups: who may say what, to whom the bot listens, what members read, comings and goings."""

import json
from datetime import timedelta

import pytest
from telegram.error import NetworkError

from bot.chat import Throttle
from bot.domain.room import ChatState
from tests.fakes.conversation import buttons, notes, reasoned, room_of, subscribed, tap
from tests.fakes.house import open_house
from tests.fakes.membership import group, membership_update
from tests.fakes.wire import error, message_update

GROUP, ADMIN, MEMBER = -30, 7, 8
TOPIC = {"message_thread_id": 44, "is_topic_message": True}
MENTION = [{"type": "mention", "offset": 0, "length": 18}]
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "Anonymous"}


@pytest.fixture
async def house(house):
    house.wire.members[GROUP, ADMIN] = "administrator"
    return house


async def set_up(house, **options):
    await house.say("/timezone London", GROUP, user_id=ADMIN, **options)
    await house.say("/subscribe energy", GROUP, user_id=ADMIN, **options)


def asked_of_telegram(house):
    return len(house.wire.calls("getChatMember"))


# ---------------------------------------------------------------- who may change


async def test_an_admin_who_stays_anonymous_writes_as_the_group(house):
    update = message_update("/subscribe energy", GROUP)
    update["message"] |= {"from": ANONYMOUS, "sender_chat": group(GROUP)}
    await house.take(update)
    assert await subscribed(house, GROUP) == [("energy", "Energy")]


async def test_who_writes_in_the_name_of_another_chat_is_no_admin(house):
    channel_bot = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "C"}
    house.wire.members[GROUP, 136817688] = "administrator"
    update = message_update("/subscribe energy", GROUP)
    other = {"id": -1009, "type": "channel", "title": "Other"}
    update["message"] |= {"from": channel_bot, "sender_chat": other}
    assert await house.take(update) == [reasoned("admins-only")]
    assert await subscribed(house, GROUP) == []


async def test_what_a_linked_channel_or_another_bot_says_is_passed_over(house):
    forwarded = message_update("/help", GROUP)
    forwarded["message"] |= {
        "is_automatic_forward": True,
        "sender_chat": {"id": -1009, "type": "channel", "title": "C"},
    }
    machine = {"id": 99, "is_bot": True, "first_name": "B", "username": "b_bot"}
    bots = message_update("/help", GROUP)
    bots["message"] |= {"from": machine}
    assert await house.take(forwarded) == []
    assert await house.take(bots) == []


async def test_an_admin_is_asked_about_once_in_half_a_minute_and_then_again(house):
    for _ in range(3):
        await house.say("/settings", GROUP, user_id=ADMIN)
    assert asked_of_telegram(house) == 1
    house.wire.members[GROUP, ADMIN] = "member"
    house.clock.advance(timedelta(seconds=31))
    assert await house.say("/settings", GROUP, user_id=ADMIN) == [reasoned("admins-only")]


async def test_a_new_admin_waits_for_nothing(house):
    assert await house.say("/settings", GROUP, user_id=MEMBER) == [reasoned("admins-only")]
    house.wire.members[GROUP, MEMBER] = "administrator"
    assert await house.say("/settings", GROUP, user_id=MEMBER) != [reasoned("admins-only")]


async def test_one_who_lost_their_rights_is_asked_about_at_once(house):
    await house.say("/settings", GROUP, user_id=ADMIN)
    house.wire.members[GROUP, ADMIN] = "member"
    person = {"id": ADMIN, "is_bot": False, "first_name": "A"}
    change = {
        "chat": group(GROUP),
        "from": person,
        "date": 1749101400,
        "old_chat_member": {"status": "member", "user": person},
        "new_chat_member": {"status": "member", "user": person},
    }
    await house.take({"chat_member": change})
    assert await house.say("/settings", GROUP, user_id=ADMIN) == [reasoned("admins-only")]


async def test_where_telegram_does_not_answer_that_is_said_and_nothing_changed(house):
    house.wire.script("getChatMember", NetworkError("gone"))
    answer = await house.say("/subscribe energy", GROUP, user_id=ADMIN)
    assert answer == [reasoned("telegram-unsure")]
    assert await subscribed(house, GROUP) == []


# ---------------------------------------------------------------- to whom it listens


@pytest.mark.parametrize("text", ["/ban spammer", "/dance", "/start@another_bot", "good morning"])
async def test_what_is_for_others_is_left_alone(house, text):
    assert await house.say(text, GROUP, user_id=ADMIN) == []


async def test_words_of_an_admin_are_read_where_the_bot_is_called_or_answered(house):
    words = "@daybrief_test_bot north korea please"
    (called,) = await house.say(words, GROUP, user_id=ADMIN, entities=MENTION)
    mine = house.wire.sent(GROUP)[-1]
    (answered,) = await house.say("and climate", GROUP, user_id=ADMIN, reply_to_message=mine)
    assert called
    assert answered


async def test_words_of_members_are_not(house):
    words = "@daybrief_test_bot north korea please"
    assert await house.say(words, GROUP, user_id=MEMBER, entities=MENTION) == []
    await house.say("/help", GROUP, user_id=MEMBER)
    mine = house.wire.sent(GROUP)[-1]
    assert await house.say("well", GROUP, user_id=MEMBER, reply_to_message=mine) == []


async def test_a_command_behind_a_mention_is_a_command(house):
    words = "@daybrief_test_bot /subscribe energy"
    update = message_update(words, GROUP, user_id=ADMIN)
    update["message"]["entities"] = MENTION
    await house.take(update)
    assert await subscribed(house, GROUP) == [("energy", "Energy")]


async def test_what_is_written_in_a_topic_the_bot_made_is_no_answer_to_it(house):
    await house.say("/help", GROUP, user_id=ADMIN)
    made = house.wire.sent(GROUP)[-1] | {"forum_topic_created": {"name": "N", "icon_color": 1}}
    assert await house.say("hi all", GROUP, user_id=ADMIN, reply_to_message=made, **TOPIC) == []


async def test_a_flood_is_told_in_the_topic_it_came_from(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    async with open_house(url, throttle=Throttle(max_requests=1, window_s=1e9)) as house:
        for _ in range(3):
            await house.say("/help", GROUP, **TOPIC)
        threads = [call.get("message_thread_id") for call in house.wire.calls("sendMessage")]
    assert threads == [44, 44]


# ---------------------------------------------------------------- its language


async def test_a_groups_language_is_its_first_admins_and_no_members(house):
    await house.say("/topics", GROUP, **{"from": person(MEMBER, "de")})
    assert (await room_of(house, GROUP)).chat.language == ""
    await house.say("/settings", GROUP, **{"from": person(ADMIN, "en-GB")})
    await house.say("/settings", GROUP, **{"from": person(ADMIN, "de")})
    assert (await room_of(house, GROUP)).chat.language == "en-GB"


async def test_members_of_a_group_without_a_language_are_answered_in_theirs(house):
    (german,) = await house.say("/topics", GROUP, **{"from": person(MEMBER, "de")})
    (english,) = await house.say("/topics", GROUP, **{"from": person(9, "en")})
    assert "Themen" in german
    assert "Themen" not in english


async def test_each_topic_of_a_forum_speaks_its_own_language(house):
    await house.say("/language Deutsch", GROUP, user_id=ADMIN, **TOPIC)
    (there,) = await house.say("/schedule", GROUP, user_id=ADMIN, **TOPIC)
    (elsewhere,) = await house.say("/schedule", GROUP, user_id=ADMIN)
    assert "Uhrzeit" in there
    assert "Send a time" in elsewhere


async def test_the_language_spoken_leaves_that_of_articles_alone(house):
    await house.say("/language")
    assert "✓ English" in buttons(house)
    await tap(house, "Deutsch")
    assert "Von jetzt an" in house.wire.texts(1)[-1]
    (room,) = json.loads(await house.known(1))["rooms"]
    assert room["settings"]["languages"] == ["en"]
    assert await house.say("/language klingon") != []
    assert (await room_of(house)).language == "de"


def person(number, language):
    return {"id": number, "is_bot": False, "first_name": "P", "language_code": language}


# ---------------------------------------------------------------- what members read


async def test_a_members_brief_leads_to_their_private_chat_and_fills_no_group(house):
    await set_up(house)
    (answer,) = await house.say("/brief", GROUP, user_id=MEMBER)
    link = str(house.wire.sent(GROUP)[-1]["reply_markup"])
    room = await room_of(house, GROUP)
    assert f"'https://t.me/daybrief_test_bot?start=read_{room.id}'" in link
    assert "tomorrow 07:30" in answer or "today 07:30" in answer
    assert len(house.wire.calls("sendMessage")) == 3


async def test_a_member_reads_it_there_and_a_stranger_does_not(house):
    await set_up(house)
    room = await room_of(house, GROUP)
    before = len(house.wire.sent(GROUP))
    (read,) = await house.say(f"/start read_{room.id}", MEMBER)
    assert "Energy" in read
    house.wire.members[GROUP, 9] = "left"
    assert await house.say(f"/start read_{room.id}", 9) == [reasoned("not-its-member")]
    assert len(house.wire.sent(GROUP)) == before


async def test_members_see_times_and_set_none(house):
    await set_up(house)
    (times,) = await house.say("/schedule", GROUP, user_id=MEMBER)
    assert "07:30" in times
    assert await house.say("/schedule 8:00", GROUP, user_id=MEMBER) == [reasoned("admins-only")]


# ---------------------------------------------------------------- comings and goings


async def change(house, old, new, *, user_id=MEMBER, **rights):
    return await house.take(membership_update(group(GROUP), old, new, user_id=user_id, **rights))


async def state(house):
    return (await room_of(house, GROUP)).chat.state


async def test_a_group_that_the_bot_joins_is_told_who_writes_what(house):
    (welcome,) = await change(house, "left", "member")
    assert "/subscribe climate" in welcome
    assert "Admins" in welcome
    assert (await room_of(house, GROUP)).chat.language == ""


async def test_the_language_of_the_admin_who_let_it_in_is_the_groups(house):
    update = membership_update(group(GROUP), "left", "member", user_id=ADMIN, language="de")
    (welcome,) = await house.take(update)
    assert "Admins bestimmen" in welcome
    assert (await room_of(house, GROUP)).chat.language == "de"


@pytest.mark.parametrize(
    "rights", [{"can_send_messages": False}, {"is_member": False}], ids=["muted", "out"]
)
async def test_where_it_may_not_write_nothing_is_tried_until_it_may(house, rights):
    await set_up(house)
    await change(house, "member", "restricted", **rights)
    assert await state(house) is ChatState.GONE
    house.clock.advance(timedelta(days=1))
    await house.morning()
    sent = len(house.wire.calls("sendMessage"))
    await change(house, "restricted", "restricted")
    assert await state(house) is ChatState.ACTIVE
    house.clock.advance(timedelta(days=1))
    await house.morning()
    assert len(house.wire.calls("sendMessage")) > sent


async def test_a_bot_that_was_away_says_that_all_is_as_it_was(house):
    await set_up(house)
    await change(house, "member", "left")
    assert await state(house) is ChatState.GONE
    (back,) = await change(house, "left", "administrator")
    assert "as you left it" in back
    house.clock.advance(timedelta(days=1))
    assert await house.morning()


async def test_a_right_more_is_not_worth_a_greeting(house):
    await change(house, "left", "member")
    assert await change(house, "member", "administrator") == []


async def test_who_blocked_and_unblocked_gets_the_next_edition(house):
    await house.say("/timezone London")
    await house.say("/subscribe energy")
    private = {"id": 1, "type": "private", "first_name": "R"}
    await house.take(membership_update(private, "member", "kicked", user_id=1))
    house.clock.advance(timedelta(days=1))
    assert await house.morning() == []
    assert await house.take(membership_update(private, "kicked", "member", user_id=1)) == []
    house.clock.advance(timedelta(days=1))
    assert await house.morning()


async def test_a_greeting_that_telegram_refuses_loses_nothing(house):
    house.wire.script("sendMessage", error(400, "Bad Request: TOPIC_CLOSED"))
    assert await change(house, "left", "member", user_id=ADMIN) == []
    assert house.errors == []


async def test_a_group_that_moved_after_the_bot_was_removed_is_active(house):
    await set_up(house)
    await change(house, "member", "left")
    moved = message_update("", -10030)["message"] | {"migrate_from_chat_id": GROUP}
    del moved["text"]
    await house.take({"message": moved})
    assert (await room_of(house, -10030)).chat.state is ChatState.ACTIVE


# ---------------------------------------------------------------- topics that are closed


async def morning(house):
    house.clock.advance(timedelta(days=1))
    return await house.morning()


def close(house, text="Bad Request: message thread not found"):
    """Let topic 44 take nothing; return a function that opens it again."""
    answer = house.wire._on_sendMessage

    def refuse(parameters):
        if int(parameters.get("message_thread_id") or 0) == 44:
            return error(400, text)
        return answer(parameters)

    house.wire._on_sendMessage = refuse
    return lambda: setattr(house.wire, "_on_sendMessage", answer)


@pytest.mark.parametrize(
    "text", ["Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED"]
)
async def test_of_a_closed_topic_general_is_asked_once_and_then_it_is_paused(house, text):
    await set_up(house, **TOPIC)
    close(house, text)
    (question,) = await morning(house)
    assert "closed or deleted" in question
    sent = len(house.wire.calls("sendMessage"))
    assert await morning(house) == []
    assert await morning(house) == []
    assert len(house.wire.calls("sendMessage")) == sent
    assert (await room_of(house, GROUP, 44)).chat.state is ChatState.ACTIVE


async def test_its_briefings_come_to_general_if_an_admin_says_so(house):
    await set_up(house, **TOPIC)
    close(house)
    await morning(house)
    message = house.wire.sent(GROUP)[-1]
    data = buttons(house, GROUP)["Yes, send them here"]
    await house.press(data, message, user_id=MEMBER)
    assert notes(house)[-1] == reasoned("admins-only")
    await house.press(data, message, user_id=ADMIN)
    assert await subscribed(house, GROUP) == [("energy", "Energy")]
    await house.press(data, message, user_id=ADMIN)  # twice does it once
    assert notes(house)[-1] == reasoned("old-button")
    assert await morning(house)


async def test_a_topic_moves_into_a_general_that_reads_something_without_losing_it(house):
    await house.say("/subscribe climate", GROUP, user_id=ADMIN)
    await house.say("/subscribe energy, climate", GROUP, user_id=ADMIN, **TOPIC)
    close(house)
    await morning(house)
    message = house.wire.sent(GROUP)[-1]
    room = await house.app.store.chats.find_room((await room_of(house, GROUP, 44)).address)
    await house.press(f"v1:move:{room.id}", message, user_id=ADMIN)
    assert {key for key, _ in await subscribed(house, GROUP)} == {"climate", "energy"}


async def test_a_topic_opened_again_goes_on_by_itself(house):
    await set_up(house, **TOPIC)
    reopen = close(house)
    await morning(house)
    reopen()
    opened = message_update("", GROUP, **TOPIC)["message"] | {"forum_topic_reopened": {}}
    del opened["text"]
    assert await house.take({"message": opened}) == []
    assert await morning(house)


async def test_no_button_moves_a_topic_that_is_open_or_another_groups(house):
    await set_up(house, **TOPIC)
    room = await room_of(house, GROUP, 44)
    await house.say("/help", GROUP, user_id=ADMIN)
    await house.press(f"v1:move:{room.id}", house.wire.sent(GROUP)[-1], user_id=ADMIN)
    assert notes(house)[-1] == reasoned("old-button")
    close(house)
    await morning(house)
    house.wire.members[-31, ADMIN] = "administrator"
    await house.say("/help", -31, user_id=ADMIN)
    await house.press(f"v1:move:{room.id}", house.wire.sent(-31)[-1], user_id=ADMIN)
    assert notes(house)[-1] == reasoned("old-button")
    assert await subscribed(house, -31) == []


async def test_a_right_that_was_lacking_for_a_morning_is_tried_again_the_next(house):
    await set_up(house)
    lacking = error(400, "Bad Request: not enough rights to send text messages to the chat")
    house.wire.script("sendMessage", lacking)
    assert await morning(house) == []
    assert await morning(house)


@pytest.mark.parametrize("said", ["chat not found", "PEER_ID_INVALID"])
async def test_a_chat_telegram_did_not_know_for_a_morning_gets_the_next_edition(house, said):
    await set_up(house)
    house.wire.script("sendMessage", error(400, f"Bad Request: {said}"))
    assert await morning(house) == []
    assert await state(house) is ChatState.GONE
    assert await morning(house)
    assert await state(house) is ChatState.ACTIVE


async def test_a_chat_that_stays_unknown_is_tried_ever_more_rarely(house):
    await set_up(house)
    house.wire._on_sendMessage = lambda _: error(400, "Bad Request: chat not found")
    tried = []
    for day in range(20):
        before = len(house.wire.calls("sendMessage"))
        await morning(house)
        if len(house.wire.calls("sendMessage")) > before:
            tried.append(day)
    assert tried == [0, 1, 2, 4, 8, 16]


async def test_one_who_blocked_the_bot_is_not_tried(house):
    await set_up(house)
    house.wire.script("sendMessage", error(403, "Forbidden: bot was kicked from the group chat"))
    await morning(house)
    sent = len(house.wire.calls("sendMessage"))
    await morning(house)
    assert len(house.wire.calls("sendMessage")) == sent
