"""What handlers send keeps the pace; everything else of the real Application passes at once."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import RetryAfter, TimedOut
from telegram.ext import Application

from bot.send.limiter import PacerLimiter, retry_after_s
from bot.send.pacing import Limits, Pacer
from tests.fakes.wire import TOKEN, FakeWire, flood


@pytest.fixture
async def wire():
    return FakeWire()


@pytest.fixture
async def pacer():
    return Pacer(Limits(overall_per_s=1000, chat_gap_s=0.3))


@pytest.fixture
async def bot(wire, pacer):
    builder = Application.builder().token(TOKEN).request(wire).get_updates_request(wire)
    return builder.rate_limiter(PacerLimiter(pacer, wait_s=0.5)).build().bot


async def timed(coroutine):
    loop = asyncio.get_running_loop()
    began = loop.time()
    await coroutine
    return loop.time() - began


async def test_messages_and_edits_to_one_chat_keep_their_distance(bot):
    message = await bot.send_message(7, "one")
    assert await timed(bot.edit_message_text("two", 7, message.message_id)) > 0.25
    assert await timed(bot.send_message(8, "another chat")) < 0.25


@pytest.mark.parametrize("chat_id", [7, "7", -1007, "@Channel"])
async def test_a_chat_is_the_same_however_it_is_named(bot, pacer, chat_id):
    bot_chat = {7: "7", "7": "7", -1007: "-1007", "@Channel": "@channel"}[chat_id]
    pacer.flood(bot_chat, 1000)
    with pytest.raises(RetryAfter):
        await bot.send_message(chat_id, "x")


async def test_what_does_not_show_in_a_chat_passes_at_once(bot: Bot, pacer):
    for chat in ("7", "8", "9"):
        pacer.flood(chat, 1000)
    took = await timed(
        asyncio.gather(
            bot.get_me(),
            bot.get_updates(),
            bot.answer_callback_query("q1"),
            bot.send_chat_action(7, "typing"),
            bot.get_chat(7),
        )
    )
    assert took < 1


async def test_a_short_flood_is_waited_out_and_the_message_sent(bot, wire, pacer):
    wire.script("sendMessage", RetryAfter(0.3))
    assert await timed(bot.send_message(7, "x")) > 0.25
    assert wire.texts(7) == ["x"]


async def test_a_long_flood_is_raised_and_holds_the_chat(bot, wire, pacer):
    wire.script("sendMessage", flood(60))
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "x")
    assert pacer.delay_s("7", group=False) > 50
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "y")
    assert len(wire.calls("sendMessage")) == 1
    await bot.send_message(8, "others are served")


async def test_a_second_refusal_is_raised_and_holds_the_chat_too(bot, wire, pacer):
    wire.script("sendMessage", RetryAfter(0.1), RetryAfter(0.4))
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "x")
    assert pacer.delay_s("7", group=False) > 0.3
    assert len(wire.calls("sendMessage")) == 2


async def test_a_crowd_in_one_chat_is_not_queued_for_ever(bot, wire, pacer):
    pacer.flood("7", 0.1)
    results = await asyncio.gather(
        *(bot.send_message(7, str(n)) for n in range(50)), return_exceptions=True
    )
    dropped = [each for each in results if isinstance(each, RetryAfter)]
    assert 1 <= len(wire.texts(7)) <= 4  # one at least, however busy the machine
    assert len(dropped) + len(wire.texts(7)) == 50
    assert not pacer._turns
    assert {retry_after_s(each) for each in dropped} == {1}


@pytest.mark.parametrize(("chat_id", "is_limited"), [(7, False), ("7", False), (-1007, True)])
async def test_groups_have_a_limit_of_their_own(wire, chat_id, is_limited):
    pacer = Pacer(Limits(overall_per_s=1000, chat_gap_s=0, group_messages=1, group_window_s=1000))
    builder = Application.builder().token(TOKEN).request(wire).get_updates_request(wire)
    bot = builder.rate_limiter(PacerLimiter(pacer)).build().bot
    await bot.send_message(chat_id, "one")
    if is_limited:
        with pytest.raises(RetryAfter) as raised:
            await bot.send_message(chat_id, "two")
        assert 900 < retry_after_s(raised.value) <= 1000
    else:
        await bot.send_message(chat_id, "two")


async def test_a_reply_waits_ten_seconds_at_most(wire):
    pacer = Pacer()
    builder = Application.builder().token(TOKEN).request(wire).get_updates_request(wire)
    bot = builder.rate_limiter(PacerLimiter(pacer)).build().bot
    pacer.flood("7", 15)
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "x")
    assert wire.calls("sendMessage") == []


async def test_other_errors_are_none_of_its_business(bot, wire):
    wire.script("sendMessage", TimedOut())
    with pytest.raises(TimedOut):
        await bot.send_message(7, "x")
    assert len(wire.calls("sendMessage")) == 1


async def test_it_starts_and_stops_with_the_application(wire, pacer):
    limiter = PacerLimiter(pacer)
    builder = Application.builder().token(TOKEN).request(wire).get_updates_request(wire)
    async with builder.rate_limiter(limiter).build() as application:
        assert (await application.bot.send_message(1, "x")).text == "x"
