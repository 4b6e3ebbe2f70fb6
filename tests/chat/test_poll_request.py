"""The request of getUpdates: it hands on what it is told, and passes on only readable updates."""

import asyncio
import json
import logging

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.app import build
from bot.chat import PollRequest, UpdateCounts
from bot.chat.updates import PollBackoff, UnreadableBatchError
from bot.settings import Settings
from tests.fakes.clock import FakeClock
from tests.fakes.house import TOKEN, PatientWorkers
from tests.fakes.wire import FakeWire, message_update

HELP = message_update("/help", 7)


class Recorder(FakeWire):
    """A wire that keeps how it was opened, closed and asked."""

    def __init__(self):
        super().__init__()
        self.seen = []

    async def initialize(self):
        self.seen.append("open")

    async def shutdown(self):
        self.seen.append("closed")

    async def do_request(self, *positional, **named):
        self.seen.append((positional, named))
        return 200, b"{}"


def parsed(batch, counts=None):
    answer = json.dumps({"ok": True, "result": batch}).encode()
    return PollRequest(FakeWire(), counts or UpdateCounts()).parse_json_payload(answer)


async def test_the_request_underneath_is_opened_asked_and_closed():
    under = Recorder()
    request = PollRequest(under, UpdateCounts())
    data = RequestData()
    await request.initialize()
    assert await request.do_request("u", "POST", data, 1.0, write_timeout=2.0) == (200, b"{}")
    await request.shutdown()
    assert under.seen == ["open", (("u", "POST", data, 1.0), {"write_timeout": 2.0}), "closed"]
    assert request.read_timeout == under.read_timeout == 5.0


def test_updates_are_handed_on_as_they_are_in_order_of_their_numbers():
    first, second = {"update_id": 5} | HELP, {"update_id": 6} | HELP
    assert parsed([second, first]) == {"ok": True, "result": [first, second]}
    assert parsed([]) == {"ok": True, "result": []}


def test_what_has_no_number_is_dropped_as_long_as_another_has_one():
    good = {"update_id": 5} | HELP
    odd = [None, 1, "x", [], {}, {"update_id": None}, {"update_id": 5.0}, {"update_id": "5"}]
    counts = UpdateCounts()
    assert parsed([*odd, good], counts)["result"] == [good]
    assert counts == UpdateCounts()


@pytest.mark.parametrize(
    ("number", "is_known"), [(-1, False), (0, True), (2**31 - 1, True), (2**31, False)]
)
def test_numbers_are_those_of_telegrams_server(number, is_known):
    kept = parsed([{"update_id": 7} | HELP, {"update_id": number} | HELP])["result"]
    assert (number in [update["update_id"] for update in kept]) is is_known


@pytest.mark.parametrize(
    ("chat_id", "is_read"),
    [(2**52, True), (-(2**52), True), (2**52 + 1, False), (-(2**52) - 1, False)],
)
def test_a_chat_of_an_impossible_id_is_skipped_and_counted(chat_id, is_read):
    update = {"update_id": 5, "message": HELP["message"] | {"chat": {"id": chat_id, "type": "x"}}}
    counts = UpdateCounts()
    kept = parsed([update], counts)["result"]
    assert kept == [update if is_read else {"update_id": 5}]
    assert counts == UpdateCounts(unreadable=0 if is_read else 1)


def test_an_error_of_telegrams_is_handed_on_and_one_without_its_code_is_none():
    request = PollRequest(FakeWire(), UpdateCounts())
    refused = {"ok": False, "error_code": 409, "description": "Conflict"}
    assert request.parse_json_payload(json.dumps(refused).encode()) == refused
    with pytest.raises(TelegramError, match="the answer holds no updates"):
        request.parse_json_payload(b'{"ok": false}')


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<html>", "the answer is no JSON"),
        (b"[]", "the answer is no object"),
        (b"{}", "the answer holds no updates"),
        (b'{"result": [{}]}', "the updates have no numbers"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(answer, said):
    with pytest.raises(TelegramError) as caught:
        PollRequest(FakeWire(), UpdateCounts()).parse_json_payload(answer)
    assert caught.value.message == said


@pytest.mark.parametrize(("digits", "is_read"), [(20, True), (21, False)])
def test_a_number_of_too_many_digits_is_infinite(digits, is_read):
    raw = f'{{"ok": true, "result": [{{"update_id": 5, "x": {"9" * digits}}}]}}'.encode()
    kept = PollRequest(FakeWire(), UpdateCounts()).parse_json_payload(raw)["result"]
    assert kept[0].get("x") == (int("9" * digits) if is_read else float("inf"))


# ---------------------------------------------------------------- pauses, and what is told


@pytest.mark.parametrize(
    ("asked_s", "waited_s"), [(0, 1), (1, 1), (2, 2), (59, 59), (60, 60), (61, 60)]
)
def test_a_pause_that_telegram_asks_for_is_kept_up_to_a_minute(asked_s, waited_s):
    assert PollBackoff().failed(RetryAfter(asked_s), 0) == waited_s


def test_a_pause_never_grows_beyond_half_a_minute_however_often_it_fails():
    backoff = PollBackoff()
    pauses = [backoff.failed(NetworkError("x"), 0) for _ in range(2000)]
    assert pauses[:6] == [1, 2, 4, 8, 16, 30]
    assert set(pauses[5:]) == {30}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Conflict("x"), "telegram-conflict"),
        (InvalidToken(), "telegram-token-refused"),
        (NetworkError("x"), "telegram-unreachable"),
        (ValueError("x"), "telegram-unreachable"),
    ],
)
def test_each_failure_is_told_as_what_it_is(error, state, caplog):
    PollBackoff().failed(error, 0)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().split()[0] == state
    assert bool(record.exc_info) is isinstance(error, ValueError)


@pytest.mark.parametrize(("again_at", "lines"), [(59, 2), (60, 3)])
def test_a_state_that_comes_back_is_told_after_a_minute(again_at, lines, caplog):
    caplog.set_level(logging.INFO)
    backoff = PollBackoff()
    backoff.failed(NetworkError("x"), 0)
    backoff.answered(1)
    backoff.failed(NetworkError("x"), again_at)
    assert len(caplog.messages) == lines
    assert caplog.messages[1] == "telegram-again after_s=1"


def test_before_anything_failed_an_answer_is_no_news(caplog):
    caplog.set_level(logging.INFO)
    backoff = PollBackoff()
    assert not backoff.is_lost
    backoff.answered(0)
    assert not backoff.is_lost
    assert caplog.messages == []


class Spoilt(FakeWire):
    """A wire on which one update spoils every batch it comes in."""

    def __init__(self, spoilt):
        super().__init__()
        self.spoilt = spoilt
        self.limits = []

    async def do_request(self, url, method, request_data=None, *timeouts, **named):
        status, body = await super().do_request(url, method, request_data, *timeouts, **named)
        if url.endswith("/getUpdates"):
            self.limits.append(request_data.parameters.get("limit"))
            if f'"update_id": {self.spoilt}'.encode() in body:
                body = body[:-1] + b"\x00{]"
        return status, body


async def test_an_update_that_spoils_its_batch_costs_only_itself(tmp_path, caplog):
    wire = Spoilt(1003)
    url = f"sqlite+aiosqlite:///{tmp_path}/x.db"
    settings = Settings(_env_file=None, token=TOKEN, database_url=url, builtin_feeds=False)
    for chat_id in (7, 8, 9, 10):
        wire.say("/help", chat_id)
    app = build(settings, request=wire, clock=FakeClock(), workers=PatientWorkers())
    async with app, asyncio.timeout(30):
        await app.start()
        # Chats are answered beside each other: in no order that a test may count on.
        while not all(wire.texts(chat_id) for chat_id in (7, 8, 10)):  # noqa: ASYNC110 - the wire's end
            await asyncio.sleep(0.02)
        assert [len(wire.texts(chat_id)) for chat_id in (7, 8, 9, 10)] == [1, 1, 0, 1]
        assert app.counts.unreadable == 1
    assert "update-skipped update=1003" in caplog.text
    assert {1, 100} <= set(wire.limits)


def test_what_is_no_json_is_no_update_unless_one_was_asked_for_alone():
    request = PollRequest(FakeWire(), UpdateCounts())
    spoilt = b'{"ok": true, "result": [{"update_id": 5, "message": {]}'
    with pytest.raises(UnreadableBatchError):
        request.parse_json_payload(spoilt)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"ok": true, "result": [{"update_id" : 5, {]', 5),
        (b'{"result": [{"update_id": 99999999999', None),
        (b'{"result": [{"update_id": 4000000000, ', None),
        (b'{"result": [{"update_id": 5.5, ', None),
        (b"{]}{", None),
    ],
)
async def test_of_one_that_was_asked_for_alone_the_number_is_seen(body, number):
    request = PollRequest(Recorder(), UpdateCounts())
    await request.do_request("u", "POST", RequestData([RequestParameter("limit", 1, [])]))
    if number is None:
        with pytest.raises(UnreadableBatchError):
            request.parse_json_payload(body)
    else:
        assert request.parse_json_payload(body)["result"] == [{"update_id": number}]
