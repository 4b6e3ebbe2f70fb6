"""The transport says in our words what Telegram said in its own."""

import pytest
from telegram.error import Conflict, NetworkError, TelegramError, TimedOut
from telegram.ext import Application, ExtBot

from bot.domain.message import Button
from bot.errors import (
    BadMarkup,
    ChatGone,
    ChatMigrated,
    FloodWait,
    MaybeSent,
    NotSent,
    Refused,
    ThreadClosed,
)
from bot.send.limiter import PacerLimiter
from bot.send.pacing import Pacer
from bot.send.telegram import TelegramTransport
from bot.send.telegram_errors import NotSentError, translated
from tests.fakes.outbox import part
from tests.fakes.wire import TOKEN, FakeWire, error, flood


@pytest.fixture
async def wire():
    return FakeWire()


@pytest.fixture
async def transport(wire):
    builder = Application.builder().token(TOKEN).request(wire).get_updates_request(wire)
    return TelegramTransport(builder.build().bot)


async def test_a_part_becomes_a_message(transport, wire):
    keyboard = (
        (Button(text="Why these", data="why:1"), Button(text="⚙", data="set")),
        (Button(text="Open", url="https://example.org/"),),
    )
    message_id = await transport.send(part(-7, thread=9, silent=True, keyboard=keyboard))
    (call,) = wire.calls("sendMessage")
    (message,) = wire.sent(-7)
    assert message_id == message["message_id"]
    assert call["parse_mode"] == "HTML"
    assert call["text"].startswith("<b>part")
    assert call["message_thread_id"] == 9
    assert call["disable_notification"] is True
    assert call["link_preview_options"] == {"is_disabled": True}
    assert "allow_paid_broadcast" not in call
    assert call["reply_markup"]["inline_keyboard"] == [
        [
            {"text": "Why these", "callback_data": "why:1"},
            {"text": "⚙", "callback_data": "set"},
        ],
        [{"text": "Open", "url": "https://example.org/"}],
    ]


async def test_plain_text_goes_without_markup_and_a_plain_chat_without_thread(transport, wire):
    await transport.send(part(7), plain=True)
    (call,) = wire.calls("sendMessage")
    assert call["text"].startswith("part")
    assert not {"parse_mode", "message_thread_id", "reply_markup"} & set(call)


async def test_paid_broadcast_is_asked_for_when_set(wire):
    async with ExtBot(TOKEN, request=wire, get_updates_request=wire) as bot:
        await TelegramTransport(bot, paid=True).send(part(7))
    assert wire.calls("sendMessage")[0]["allow_paid_broadcast"] is True


async def test_a_limiter_does_not_pace_a_second_time_what_the_outbox_paced(wire):
    pacer = Pacer()
    pacer.flood(7, 1000)
    limiter = PacerLimiter(pacer)
    async with ExtBot(TOKEN, request=wire, get_updates_request=wire, rate_limiter=limiter) as bot:
        assert await TelegramTransport(bot).send(part(7)) > 0


@pytest.mark.parametrize("answer", [True, {}, {"message_id": None}])
async def test_an_answer_that_names_no_message_may_be_one_sent(transport, wire, answer):
    wire.script("sendMessage", {"ok": True, "result": answer})
    with pytest.raises(MaybeSent):
        await transport.send(part(7))


SAID = [
    (flood(7), FloodWait),
    (error(429, "Too Many Requests: retry later"), FloodWait),
    (error(403, "Forbidden: bot was blocked by the user"), ChatGone),
    (error(403, "Forbidden: user is deactivated"), ChatGone),
    (error(403, "Forbidden: bot was kicked from the supergroup chat"), ChatGone),
    (error(403, "Forbidden: bot is not a member of the channel chat"), ChatGone),
    (error(400, "Bad Request: chat not found"), ChatGone),
    (error(400, "Bad Request: USER_IS_BLOCKED"), ChatGone),
    (error(400, "Bad Request: PEER_ID_INVALID"), ChatGone),
    (error(400, "Bad Request: not enough rights to send text messages to the chat"), Refused),
    (error(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), Refused),
    (error(400, "Bad Request: have no rights to send a message"), Refused),
    (error(400, "Bad Request: need administrator rights in the channel chat"), Refused),
    (error(403, "Forbidden: not enough rights to send text messages to the chat"), Refused),
    (error(400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"), Refused),
    (
        error(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=-1007,
        ),
        ChatMigrated,
    ),
    (
        error(
            400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
        ),
        BadMarkup,
    ),
    (error(400, "Bad Request: CAN'T PARSE ENTITIES: character is reserved"), BadMarkup),
    (error(400, "Bad Request: ENTITY_BOUNDS_INVALID"), BadMarkup),
    (error(400, "Bad Request: message is too long"), Refused),
    (error(400, "Bad Request: message thread not found"), ThreadClosed),
    (error(400, "Bad Request: TOPIC_CLOSED"), ThreadClosed),
    (error(400, "Bad Request: TOPIC_DELETED"), ThreadClosed),
    (error(400, "Bad Request: BUTTON_DATA_INVALID"), Refused),
    (error(401, "Unauthorized"), NotSent),
    (error(404, "Not Found"), NotSent),
    (error(500, "Internal Server Error: restart"), NotSent),
    (error(502, "Bad Gateway"), NotSent),
    (error(503, "Service Unavailable"), NotSent),
    (error(504, "Gateway Timeout"), MaybeSent),
    (NotSentError("ClientConnectorError"), NotSent),
    (TimedOut(), MaybeSent),
    (NetworkError("ServerDisconnectedError"), MaybeSent),
    (TelegramError("Invalid server response"), MaybeSent),
    (Conflict("terminated by other getUpdates request"), MaybeSent),
]


@pytest.mark.parametrize(("outcome", "meant"), SAID, ids=lambda value: str(value)[:70])
async def test_what_telegram_says_is_told_apart_by_who_must_act(transport, wire, outcome, meant):
    wire.script("sendMessage", outcome)
    with pytest.raises(meant) as caught:
        await transport.send(part(7))
    assert str(caught.value)


async def test_a_flood_says_how_long_and_a_migration_where_to(transport, wire):
    wire.script("sendMessage", flood(35), error(400, "Bad Request: x", migrate_to_chat_id=-1007))
    with pytest.raises(FloodWait) as flooded:
        await transport.send(part(-7))
    with pytest.raises(ChatMigrated) as moved:
        await transport.send(part(-7))
    assert flooded.value.wait_s == 35
    assert moved.value.new_id == "-1007"


async def test_an_html_page_of_a_gateway_is_a_server_error(transport, wire):
    async def page(*_, **__):
        return 502, b"<html><h1>502 Bad Gateway</h1></html>"

    wire.do_request = page
    with pytest.raises(NotSent, match=r"telegram-says said=.*Bad Gateway"):
        await transport.send(part(7))


def test_reasons_are_short_and_without_a_token():
    meant = translated(
        NetworkError(f"cannot open https://host/bot{TOKEN}/sendMessage " + "x" * 999)
    )
    assert TOKEN not in str(meant)
    assert len(meant.reason.values["said"]) <= 200


async def test_reachable_asks_and_takes_any_answer_but_silence(transport, wire):
    assert await transport.reachable()
    wire.script("getMe", flood(3), TimedOut(), error(502, "Bad Gateway"))
    assert [await transport.reachable() for _ in range(3)] == [True, False, False]
