"""Whatever an admin sends in private is for the room that they manage, and says so."""

import pytest

from tests.fakes.conversation import buttons, room_of, shown, subscribed, tap
from tests.fakes.membership import channel, membership_update
from tests.fakes.wire import message_update

CHANNEL, ADMIN = -50, 7
HEAD = "<b>▸ Group 50</b>"  # what getChat calls it
FILE = {"file_id": "list", "file_unique_id": "u"}
LONDON, TOKYO = ({"latitude": 51.5, "longitude": 0.1}, {"latitude": 35.6, "longitude": 139.7})
ENERGY, SPACE = ("energy", "Energy"), ("space", "Space")


@pytest.fixture
async def house(house):
    house.wire.members[CHANNEL, ADMIN] = "administrator"
    await house.say("/timezone London", ADMIN)
    joined = membership_update(channel(CHANNEL), "left", "administrator", user_id=ADMIN)
    await house.take(joined)
    await house.say("/manage", ADMIN)
    await tap(house, "Group 50", ADMIN)
    return house


def holding(content, **extra):
    message = message_update("", ADMIN)["message"] | content | extra
    del message["text"]
    return {"message": message}


async def leave(house):
    await house.say("/manage", ADMIN)
    await tap(house, "Back to my own briefing", ADMIN)


async def only_there(house, *topics):
    """Assert that the channel reads ``topics``, the admin nothing, and nothing came there."""
    assert await subscribed(house, CHANNEL) == [*topics]
    assert await subscribed(house, ADMIN) == []
    assert house.wire.sent(CHANNEL) == []


async def test_plain_words_and_captions_are_for_it(house):
    (words,) = await house.say("news about energy please", ADMIN)
    picture = {"photo": [FILE | {"width": 9, "height": 9}], "caption": "/subscribe space"}
    (caption,) = await house.take(holding(picture))
    assert words.startswith(HEAD)
    assert caption.startswith(HEAD)
    await only_there(house, ENERGY, SPACE)


async def test_a_list_of_feeds_is_imported_there(house):
    url = house.web.add(
        "/orun.xml",
        "<rss version='2.0'><channel><title>Orun</title></channel></rss>",
        content_type="text/xml",
    )
    house.wire.files["list"] = (
        f'<opml version="2.0"><body><outline xmlUrl="{url}" text="Orun"/></body></opml>'.encode()
    )
    (told,) = await house.take(holding({"document": FILE | {"file_name": "feeds.opml"}}))
    assert told.startswith(HEAD)
    assert len(await subscribed(house, CHANNEL)) == 1
    assert await subscribed(house, ADMIN) == []


async def test_a_place_sets_the_zone_there_and_not_at_home(house):
    (told,) = await house.take(holding({"location": TOKYO}))
    assert told.startswith(HEAD)
    assert (await room_of(house, CHANNEL)).chat.zone == "Asia/Tokyo"
    assert (await room_of(house, ADMIN)).chat.zone == "Europe/London"


async def test_what_is_forwarded_is_offered_for_it(house):
    friend = {"id": 9, "is_bot": False, "first_name": "Ilse"}
    origin = {"type": "user", "date": 1749101400, "sender_user": friend}
    (told,) = await house.say("Orun dam", ADMIN, forward_origin=origin)
    assert told.startswith(HEAD)
    message = house.wire.sent(ADMIN)[-1]
    await leave(house)
    await house.press(next(d for d in data_of(message) if ":heard:" in d), message)
    assert [label for _, label in await subscribed(house, CHANNEL)] == ["Orun dam"]
    assert await subscribed(house, ADMIN) == []


def data_of(message):
    rows = message["reply_markup"]["inline_keyboard"]
    return [button["callback_data"] for row in rows for button in row]


async def test_what_cannot_be_read_says_where_it_would_have_gone(house):
    (told,) = await house.take(holding({"voice": FILE | {"duration": 3}}))
    assert told.startswith(HEAD)


async def test_an_edit_takes_back_what_was_done_there_wherever_one_is_by_then(house):
    await house.say("/subscribe energy", ADMIN, message_id=5)
    await leave(house)
    changed = message_update("/subscribe space", ADMIN, message_id=5)["message"]
    (told,) = await house.take({"edited_message": changed | {"edit_date": changed["date"] + 9}})
    assert told.startswith(HEAD)
    await only_there(house, SPACE)


async def test_an_edit_of_what_was_done_at_home_stays_at_home(house):
    await leave(house)
    await house.say("/subscribe energy", ADMIN, message_id=5)
    await house.say("/manage", ADMIN)
    await tap(house, "Group 50", ADMIN)
    changed = message_update("/subscribe space", ADMIN, message_id=5)["message"]
    await house.take({"edited_message": changed | {"edit_date": changed["date"] + 9}})
    assert await subscribed(house, ADMIN) == [SPACE]
    assert await subscribed(house, CHANNEL) == []


async def test_a_command_misspelt_asks_for_it_and_its_button_is_for_it(house):
    (asked,) = await house.say("/subscrbe energy", ADMIN)
    assert asked.startswith(HEAD)
    message, (data,) = house.wire.sent(ADMIN)[-1], buttons(house, ADMIN).values()
    await leave(house)
    await house.press(data, message)
    await only_there(house, ENERGY)


async def test_an_answer_to_a_question_is_for_the_room_it_was_asked_of(house):
    await house.say("/timezone", ADMIN)
    question = house.wire.sent(ADMIN)[-1]
    await leave(house)
    await house.say("Tokyo", ADMIN, reply_to_message=bots(question))
    assert (await room_of(house, CHANNEL)).chat.zone == "Asia/Tokyo"
    assert (await room_of(house, ADMIN)).chat.zone == "Europe/London"


def bots(message):
    return message | {"from": message["from"] | {"is_bot": True}}


async def test_a_question_of_ones_own_is_answered_for_oneself(house):
    await leave(house)
    await house.say("/timezone", ADMIN)
    question = house.wire.sent(ADMIN)[-1]
    await house.say("/manage", ADMIN)
    await tap(house, "Group 50", ADMIN)
    await house.say("Tokyo", ADMIN, reply_to_message=bots(question))
    assert (await room_of(house, ADMIN)).chat.zone == "Asia/Tokyo"
    assert (await room_of(house, CHANNEL)).chat.zone == ""


async def test_a_refusal_and_an_export_say_which_one_is_meant(house):
    (refusal,) = await house.say("/schedule sometimes", ADMIN)
    assert refusal.startswith(HEAD)
    await house.say("/export", ADMIN)
    (file,) = house.wire.calls("sendDocument")
    assert file["caption"] == "▸ Group 50"
    assert str(CHANNEL).encode() in file["document"]


async def test_of_two_admins_each_answers_their_own_question(house):
    house.wire.members[CHANNEL, 8] = "administrator"
    room = await room_of(house, CHANNEL)
    await house.say(f"/start manage_{room.id}", 8)
    await house.say("/timezone", ADMIN)
    await house.say("Space", 8)
    await house.say("Tokyo", ADMIN)
    assert (await room_of(house, CHANNEL)).chat.zone == "Asia/Tokyo"
    assert shown(house, ADMIN).startswith(HEAD)
