"""Our request class knows what Telegram cannot have read, and keeps the token to itself."""

import asyncio
import socket
import traceback
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import Application
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.send.telegram import AiohttpRequest, _body
from bot.send.telegram_errors import NotSentError, TooLargeAnswerError
from tests.fakes.wire import BOT, TOKEN

MESSAGE = {
    "message_id": 5,
    "date": 1749101400,
    "chat": {"id": 7, "type": "private", "first_name": "R"},
    "text": "x",
}


@pytest.fixture
async def bot_at():
    """A real bot whose requests go to a base URL; started bots are closed at the end."""
    requests = []

    async def make(base_url, **options):
        request = AiohttpRequest(**({"connect_timeout_s": 0.3, "read_timeout_s": 0.3} | options))
        await request.initialize()
        requests.append(request)
        builder = Application.builder().token(TOKEN).base_url(f"{base_url}/bot")
        return builder.request(request).get_updates_request(request).build().bot

    yield make
    for request in requests:
        await request.shutdown()


def said(error):
    """Everything a log or a debugger's user could read of an error."""
    chain = [error, error.__cause__, error.__context__]
    return "".join(traceback.format_exception(error)) + repr(chain) + str(chain)


async def failure(bot, **options):
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(7, "text", **options)
    assert TOKEN.partition(":")[2] not in said(caught.value)
    return caught.value


async def test_a_call_is_written_as_a_form_and_its_answer_read(bot_at, server):
    server.answer = {"ok": True, "result": MESSAGE}
    bot = await bot_at(server.url)
    message = await bot.send_message(7, "<b>Grüße & 你好</b>", parse_mode="HTML")
    line, headers, body = server.requests[0]
    assert message.message_id == 5
    assert line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    fields = parse_qs(body.decode())
    assert fields == {"chat_id": ["7"], "text": ["<b>Grüße & 你好</b>"], "parse_mode": ["HTML"]}


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_the_form(text):
    parameters = [RequestParameter.from_input("text", text), RequestParameter.from_input("n", 7)]
    form, _ = _body(RequestData(parameters))
    assert parse_qs(form.decode(), keep_blank_values=True) == {"text": [text], "n": ["7"]}


async def test_a_connection_is_used_again(bot_at, server):
    server.answer = {"ok": True, "result": BOT}
    bot = await bot_at(server.url)
    for _ in range(5):
        await bot.get_me()
    assert (len(server.requests), server.connections) == (5, 1)


async def test_files_are_uploaded(bot_at, server):
    server.answer = {"ok": True, "result": MESSAGE}
    bot = await bot_at(server.url)
    await bot.send_document(7, b"bytes of a file", filename="a.opml", caption="yours")
    _, headers, body = server.requests[0]
    assert headers["content-type"].startswith("multipart/form-data")
    assert b"bytes of a file" in body
    assert b'filename="a.opml"' in body
    assert b"yours" in body


async def test_files_are_downloaded(bot_at, server):
    server.answer = {"any": "bytes"}
    bot = await bot_at(server.url)
    assert await bot.request.retrieve(f"{server.url}/file") == b'{"any": "bytes"}'


async def test_telegrams_errors_keep_their_meaning(bot_at, server):
    bot = await bot_at(server.url)
    server.status = 400
    server.answer = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    assert isinstance(await failure(bot), BadRequest)
    server.status = 429
    server.answer = {"ok": False, "description": "x", "parameters": {"retry_after": 7}}
    error = await failure(bot)
    assert isinstance(error, RetryAfter)
    assert error.retry_after.total_seconds() == 7


async def test_nobody_listening_means_not_sent(bot_at):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening: refused for sure
        bot = await bot_at(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert isinstance(await failure(bot), NotSentError)


async def test_a_name_that_does_not_resolve_means_not_sent(bot_at):
    bot = await bot_at("http://no-such-host.invalid")
    assert isinstance(await failure(bot), NotSentError)


async def test_tls_that_fails_means_not_sent(bot_at, server):
    bot = await bot_at(server.url.replace("http:", "https:"))
    assert isinstance(await failure(bot), NotSentError)


async def test_a_server_that_does_not_accept_means_not_sent(bot_at):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # Fill the backlog, so that the next connection is never completed.
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        bot = await bot_at(f"http://127.0.0.1:{deaf.getsockname()[1]}", connect_timeout_s=0.2)
        error = await failure(bot)
        for filler in fillers:
            filler.close()
    assert isinstance(error, NotSentError)


async def test_waiting_for_a_connection_in_vain_means_not_sent(bot_at, server):
    server.behaviour = "silent"
    bot = await bot_at(server.url, pool_size=1, connect_timeout_s=0.1, read_timeout_s=0.4)
    first = asyncio.create_task(bot.get_me())
    await server.asked.wait()
    assert isinstance(await failure(bot), NotSentError)
    assert len(server.requests) == 1
    with pytest.raises(TimedOut):
        await first


async def test_a_proxy_that_refuses_means_not_sent(bot_at, server):
    server.status = 403
    bot = await bot_at("https://api.example", proxy=server.url)
    assert isinstance(await failure(bot), NotSentError)
    assert server.requests[0][0] == "CONNECT api.example:443 HTTP/1.1"


async def test_the_proxy_comes_from_the_settings_only(bot_at, server, monkeypatch):
    server.answer = {"ok": True, "result": BOT}
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await (await bot_at(server.url)).get_me()).id == BOT["id"]
    bot = await bot_at("http://api.example", proxy=server.url)
    assert (await bot.get_me()).id == BOT["id"]
    assert server.requests[1][0].startswith("POST http://api.example/bot")


@pytest.mark.parametrize("behaviour", ["silent", "hangup", "half", "garbage"])
async def test_after_writing_every_failure_is_ambiguous(bot_at, server, behaviour):
    server.behaviour = behaviour
    error = await failure(await bot_at(server.url))
    assert isinstance(error, NetworkError)
    assert not isinstance(error, NotSentError)
    assert isinstance(error, TimedOut) == (behaviour == "silent")


async def test_an_answer_that_drips_in_does_not_hold_a_call_for_ever(bot_at, server):
    server.behaviour, server.drip_s = "drip", 0.02
    bot = await bot_at(server.url)
    error = await failure(bot, read_timeout=0.1, write_timeout=0.1, connect_timeout=0.1)
    assert isinstance(error, TimedOut)


async def test_a_long_poll_outlasts_the_ordinary_timeout(bot_at, server):
    server.answer = {"ok": True, "result": []}
    server.behaviour = "drip"  # takes half a second and more
    bot = await bot_at(server.url, read_timeout_s=0.2, connect_timeout_s=0.05)
    assert await bot.get_updates(timeout=timedelta(seconds=2)) == ()
    server.behaviour = "silent"
    began = asyncio.get_running_loop().time()
    with pytest.raises(TimedOut):
        await bot.get_updates(timeout=timedelta(seconds=0.4))
    assert 0.55 < asyncio.get_running_loop().time() - began < 2


async def test_redirects_are_not_followed_with_the_token(bot_at, server):
    server.status = 302  # with a Location
    assert isinstance(await failure(await bot_at(server.url)), NetworkError)
    assert len(server.requests) == 1


async def test_no_timeout_means_none(bot_at, server):
    server.answer = {"ok": True, "result": MESSAGE}
    bot = await bot_at(server.url)
    message = await bot.send_message(
        7, "x", read_timeout=None, write_timeout=None, connect_timeout=None, pool_timeout=None
    )
    assert message.message_id == 5


async def test_a_request_must_be_initialized_and_may_be_closed_twice(server):
    request = AiohttpRequest()
    with pytest.raises(RuntimeError, match="not initialized"):
        await request.do_request(server.url, "GET")
    await request.shutdown()
    async with request:
        await request.initialize()
        assert request.read_timeout == 15
        assert (await request.do_request(server.url, "GET"))[0] == 200
    await request.shutdown()


async def test_a_request_names_the_library_that_makes_it(bot_at, server):
    server.answer = {"ok": True, "result": MESSAGE}
    await (await bot_at(server.url)).send_message(7, "text")
    _, headers, _ = server.requests[0]
    assert headers["user-agent"] == AiohttpRequest.USER_AGENT


async def test_an_answer_of_no_end_is_not_read_to_its_end(bot_at, server, monkeypatch):
    monkeypatch.setattr("bot.send.telegram._MAX_ANSWER_BYTES", 300_000)
    server.answer = {"ok": True, "result": MESSAGE | {"text": "x" * 250_000}}
    assert (await (await bot_at(server.url)).send_message(7, "text")).message_id == 5
    server.answer = {"ok": True, "result": MESSAGE | {"text": "x" * 350_000}}
    assert isinstance(await failure(await bot_at(server.url)), TooLargeAnswerError)
