"""The line on how work goes: sent once, edited in place, taken away, and never in the way."""

import pytest
from telegram import Update
from telegram.error import NetworkError

from bot.chat.notice import ChatNotice
from tests.fakes.wire import error, message_update

METHODS = ("sendMessage", "editMessageText", "deleteMessage")


def message_of(house, chat_id=1):
    update = {"update_id": 1, **message_update("/brief", chat_id, message_id=7)}
    message = Update.de_json(update, house.app.application.bot).message
    assert message is not None
    return message


def asked(house):
    """Return what Telegram was asked to do, in order."""
    return [name for name, _ in house.wire.log if name in METHODS]


@pytest.fixture
def notice(house):
    return ChatNotice(message_of(house))


async def test_the_first_line_is_sent_without_a_sound_and_the_next_ones_edit_it(house, notice):
    for line in ("one", "two", "three"):
        await notice.say(line)
        assert house.wire.texts(1) == [line]
    assert asked(house) == ["sendMessage", "editMessageText", "editMessageText"]
    (sent,) = house.wire.calls("sendMessage")
    assert sent == {"chat_id": 1, "text": "one", "disable_notification": True}


async def test_the_same_line_again_asks_nothing_of_telegram(house, notice):
    for line in ("one", "one", "two", "two", "one"):
        await notice.say(line)
    assert asked(house) == ["sendMessage", "editMessageText", "editMessageText"]
    assert house.wire.texts(1) == ["one"]


async def test_an_empty_line_is_never_sent(house, notice):
    await notice.say("")
    assert asked(house) == []


async def test_clearing_takes_the_line_away_once(house, notice):
    await notice.clear()
    await notice.say("one")
    await notice.clear()
    await notice.clear()
    assert asked(house) == ["sendMessage", "deleteMessage"]
    assert house.wire.texts(1) == []


async def test_after_clearing_the_same_line_is_sent_anew(house, notice):
    await notice.say("one")
    await notice.clear()
    await notice.say("one")
    assert asked(house) == ["sendMessage", "deleteMessage", "sendMessage"]
    assert house.wire.texts(1) == ["one"]


@pytest.mark.parametrize(
    ("chat_id", "quote", "quotes"),
    [(1, None, False), (-30, None, True), (-30, False, False), (1, True, True)],
)
async def test_a_question_is_quoted_in_groups_or_as_told(house, chat_id, quote, quotes):
    await ChatNotice(message_of(house, chat_id), quote=quote).say("one")
    (sent,) = house.wire.calls("sendMessage")
    assert ("reply_parameters" in sent) is quotes


async def test_what_comes_before_is_done_once_and_before_the_line(house):
    done = []

    async def before():
        done.append(asked(house))

    notice = ChatNotice(message_of(house), before=before)
    await notice.clear()
    assert done == []
    await notice.say("one")
    await notice.say("two")
    assert done == [[]]


@pytest.mark.parametrize("fault", [error(400, "Bad Request: no"), NetworkError("gone")])
async def test_a_line_that_cannot_be_sent_is_tried_again_by_the_next(house, notice, fault):
    house.wire.script("sendMessage", fault)
    await notice.say("one")
    assert house.wire.texts(1) == []
    await notice.say("one")
    assert house.wire.texts(1) == ["one"]


@pytest.mark.parametrize("fault", [error(403, "Forbidden: blocked"), NetworkError("gone")])
async def test_an_edit_that_fails_leaves_the_line_and_is_tried_again(house, notice, fault):
    await notice.say("one")
    house.wire.script("editMessageText", fault)
    await notice.say("two")
    assert house.wire.texts(1) == ["one"]
    await notice.say("two")
    assert house.wire.texts(1) == ["two"]


async def test_a_line_that_cannot_be_taken_away_is_not_raised_and_not_tried_again(house, notice):
    await notice.say("one")
    house.wire.script("deleteMessage", error(400, "Bad Request: message can't be deleted"))
    await notice.clear()
    await notice.clear()
    assert asked(house) == ["sendMessage", "deleteMessage"]
