"""The fake at the other end of the wire answers as Telegram does."""

import asyncio

import pytest
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import Application, MessageHandler, filters

import bot.send  # noqa: F401 - opts in to PTB's timedeltas
from tests.fakes.wire import BOT, TOKEN, FakeWire, error, flood


@pytest.fixture
async def wire():
    return FakeWire()


@pytest.fixture
async def application(wire):
    app = Application.builder().token(TOKEN).request(wire).get_updates_request(wire).build()
    async with app:
        yield app


async def test_the_real_application_learns_who_it_is(application):
    assert application.bot.id == BOT["id"]
    assert application.bot.username == BOT["username"]


async def test_messages_get_ids_and_are_kept_as_last_edited(application, wire):
    first = await application.bot.send_message(7, "one")
    second = await application.bot.send_message(7, "two")
    await application.bot.edit_message_text("two, edited", 7, second.message_id)
    assert first.message_id < second.message_id
    assert wire.texts(7) == ["one", "two, edited"]
    assert [call["text"] for call in wire.calls("sendMessage")] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(" ", "message text is empty"), ("x" * 4097, "message is too long")],
)
async def test_a_text_beyond_the_limits_is_refused(application, text, said):
    with pytest.raises(BadRequest, match=f"(?i){said}"):
        await application.bot.send_message(7, text)


async def test_an_edit_that_changes_nothing_is_refused(application):
    message = await application.bot.send_message(7, "same")
    with pytest.raises(BadRequest, match="not modified"):
        await message.edit_text("same")
    with pytest.raises(BadRequest, match="to edit not found"):
        await application.bot.edit_message_text("other", 7, 1)


async def test_scripted_outcomes_come_in_order_and_then_answers_again(application, wire):
    wire.script("sendMessage", flood(3), NetworkError("gone"), error(400, "Bad Request: no"))
    for expected in (RetryAfter, NetworkError, BadRequest):
        with pytest.raises(expected):
            await application.bot.send_message(7, "x")
    assert (await application.bot.send_message(7, "x")).text == "x"


async def test_fed_updates_reach_handlers_through_the_updater_once(application, wire):
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(update: Update, _: object) -> None:
        await heard.put(update.effective_message.text)

    application.add_handler(MessageHandler(filters.ALL, hear))
    await application.start()
    await application.updater.start_polling()
    try:
        wire.say("/start now", 7)
        wire.say("hello", -7)
        assert [await heard.get(), await heard.get()] == ["/start now", "hello"]
        await asyncio.sleep(0.05)
        assert heard.empty()
    finally:
        await application.updater.stop()
        await application.stop()
