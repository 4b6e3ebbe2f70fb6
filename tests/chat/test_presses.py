"""Tapped buttons: answered once, in time, and shown where they stand."""

from datetime import timedelta

import pytest
from telegram.error import NetworkError

from bot.errors import ReaderError
from tests.fakes.conversation import keyboard, notes, reasoned, room_of, shown, tap
from tests.fakes.rooms import add_feed
from tests.fakes.wire import error

GROUP = -30
TOO_LATE = error(
    400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
)


async def calls_of(house, *names):
    """Return the methods called, in order, out of ``names``."""
    return [method for method, _ in house.wire.log if method in names]


async def test_a_press_is_answered_before_its_result_is_shown(house):
    await house.say("/settings")
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert await calls_of(house, "answerCallbackQuery", "editMessageText") == [
        "answerCallbackQuery",
        "editMessageText",
    ]
    assert notes(house) == [None]


async def test_a_refusal_is_the_answer_and_shows_nothing_else(house):
    await house.say("/settings")
    before = house.wire.sent(1)
    await house.press("v1:set:length:endless", house.wire.sent(1)[-1])
    assert notes(house) == [reasoned("old-settings-button")]
    assert house.wire.sent(1) == before
    assert house.wire.calls("editMessageText") == []


async def test_a_long_refusal_is_cut_to_what_telegram_takes(house):
    await house.say("/subscribe climate")
    await house.press("v1:forget:yes", house.wire.sent(1)[-1])
    await house.press("v1:brief", house.wire.sent(1)[-1])
    assert all(len(note or "") <= 200 for note in notes(house))


async def test_an_answer_that_comes_too_late_loses_nothing(house):
    await house.say("/settings")
    house.wire.script("answerCallbackQuery", TOO_LATE)
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert "Length: Deep" in shown(house)
    assert len(notes(house)) == 1


async def test_a_refusal_that_comes_too_late_is_a_message(house):
    await house.say("/settings")
    house.wire.script("answerCallbackQuery", TOO_LATE)
    await house.press("v1:set:length:endless", house.wire.sent(1)[-1])
    assert len(notes(house)) == 1
    assert shown(house) == reasoned("old-settings-button")


async def test_a_refusal_after_a_notice_is_a_message(house, monkeypatch):
    async def press(request, _data):
        await request.notice.say("Reading the news …")
        raise ReaderError("brief-failed")

    await house.say("/settings")
    monkeypatch.setattr(house.app.dispatcher, "press", press)
    await house.press("v1:brief", house.wire.sent(1)[-1])
    assert notes(house) == [None]
    assert shown(house) == reasoned("brief-failed")


async def test_a_second_tap_that_changes_nothing_is_no_error(house):
    await house.say("/settings")
    for _ in range(2):
        await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert len(house.wire.calls("editMessageText")) == 2
    assert notes(house) == [None, None]


@pytest.mark.parametrize(
    "description",
    ["Bad Request: message is not modified", "Bad Request: MESSAGE IS NOT MODIFIED: the same"],
)
async def test_not_modified_is_swallowed_however_it_is_written(house, description):
    await house.say("/settings")
    house.wire.script("editMessageText", error(400, description))
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert house.errors == []


async def test_any_other_refusal_of_an_edit_has_the_answer_come_below(house, caplog):
    caplog.set_level("INFO")
    await house.say("/settings")
    house.wire.script("editMessageText", error(400, "Bad Request: message can't be edited"))
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert house.app.counts.failed == 0
    assert "was not edited" in caplog.text
    assert "Length: Deep" in shown(house)
    assert len(house.wire.sent(1)) == 2


async def test_an_edit_takes_the_keyboard_along_and_an_answer_without_one_drops_it(house):
    await house.say("/subscribe climate")
    assert len(keyboard(house)) == 4
    await tap(house, "Undo")
    assert keyboard(house) == []
    (edit,) = house.wire.calls("editMessageText")
    assert edit["parse_mode"] == "HTML"
    assert "is_disabled" in str(edit["link_preview_options"])


async def test_what_does_not_edit_comes_below_and_quotes_nothing(house):
    await house.say("/subscribe climate")
    await tap(house, "Preview")
    sent = house.wire.calls("sendMessage")[-1]
    assert "reply_parameters" not in sent
    assert sent["parse_mode"] == "HTML"


async def test_a_press_without_a_message_is_told_what_to_send(house):
    query = {
        "id": "q",
        "from": {"id": 1, "is_bot": False, "first_name": "R"},
        "chat_instance": "c",
        "data": "v1:topic:climate",
    }
    assert await house.take({"callback_query": query}) == []
    assert notes(house) == [reasoned("old-message", command="/topics")]
    assert await house.known(1) == ""


async def test_a_press_without_data_is_an_old_button(house):
    await house.say("/settings")
    message = house.wire.sent(1)[-1]
    query = {
        "id": "q",
        "from": {"id": 1, "is_bot": False, "first_name": "R"},
        "chat_instance": "c",
        "game_short_name": "x",
        "message": message,
    }
    await house.take({"callback_query": query})
    assert notes(house) == [reasoned("old-button")]


@pytest.mark.parametrize(
    ("status", "is_allowed"),
    [
        ("creator", True),
        ("administrator", True),
        ("member", False),
    ],
)
async def test_in_a_group_only_admins_may_press(house, status, is_allowed):
    house.wire.members[GROUP, 30] = "creator"
    await house.say("/settings", GROUP)
    house.wire.members[GROUP, 7] = status
    await house.press("v1:set:length:deep", house.wire.sent(GROUP)[-1], user_id=7)
    settings = (await room_of(house, GROUP)).settings
    assert settings.chosen == ({"length"} if is_allowed else frozenset())
    assert notes(house) == [None if is_allowed else reasoned("admins-only")]


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "Bad Request: user not found"),
        error(403, "Forbidden: bot was kicked from the supergroup chat"),
    ],
)
async def test_one_whom_telegram_does_not_tell_of_may_not_press(house, refusal):
    house.wire.members[GROUP, 30] = "creator"
    await house.say("/settings", GROUP)
    house.clock.advance(timedelta(minutes=1))  # an admin is believed to be one for half of it
    house.wire.script("getChatMember", refusal)
    await house.press("v1:set:length:deep", house.wire.sent(GROUP)[-1], user_id=30)
    assert notes(house) == [reasoned("admins-only")]


async def test_in_private_nobody_is_asked_about(house):
    await house.say("/settings")
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert house.wire.calls("getChatMember") == []


async def test_a_press_stays_in_the_forum_topic_of_its_message(house):
    house.wire.members[GROUP, 30] = "creator"
    await house.say("/settings", GROUP, message_thread_id=44, is_topic_message=True)
    message = house.wire.sent(GROUP)[-1] | {"is_topic_message": True}
    await house.press("v1:set:length:deep", message)
    assert (await room_of(house, GROUP, 44)).settings.chosen == {"length"}
    assert await house.known(GROUP, 0) == ""


async def test_of_sources_out_of_reach_the_press_is_answered_once_all_the_same(house):
    await add_feed(house.app.store, house.web.add("/feed", status=500), "climate")
    await house.say("/subscribe climate")
    (answer,) = await tap(house, "Preview")
    assert "could not be reached" in answer
    assert notes(house) == [None]


async def test_a_wire_that_breaks_while_the_spinner_turns_stops_no_answer(house):
    await house.say("/settings")
    house.wire.script("answerCallbackQuery", NetworkError("gone"))
    await house.press("v1:set:length:deep", house.wire.sent(1)[-1])
    assert "Length: Deep" in shown(house)
