"""How updates come in: one by one, whatever Telegram or what stands in its place answers."""

import asyncio
import copy
import json
import logging
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.chat.updates import LongPoll, PollBackoff, PollRequest, UpdateCounts
from tests.fakes.house import open_house
from tests.fakes.wire import BOT, TOKEN, FakeWire, error, message_update, press_update

GROUP = -30
CHAT = {"id": 7, "type": "private", "first_name": "Reader 7"}
_SAID = message_update("/help", 7)["message"]
_STATUS = {"user": BOT, "status": "member"}
_LINK = {"type": "url", "offset": 0, "length": 1}
_PHOTO = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}
_LEFT = {"old_chat_member": _STATUS, "new_chat_member": _STATUS | {"status": "left"}}
_POLL = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "type": "regular"}
_POLL |= {"is_closed": True, "is_anonymous": True, "allows_multiple_answers": False}
REAL = [
    message_update("/subscribe north-korea", 7),
    message_update("hello", GROUP, message_thread_id=4, is_topic_message=True),
    message_update("x", 7, reply_to_message=_SAID, entities=[_LINK]),
    message_update("x", GROUP, migrate_to_chat_id=-77),
    message_update("x", 7, photo=[_PHOTO]),
    press_update("v1:topic:energy", _SAID | {"from": BOT}),
    {"edited_message": _SAID | {"edit_date": 1749101401}},
    {"my_chat_member": {"chat": CHAT, "from": _SAID["from"], "date": 1749101400} | _LEFT},
    {"poll": _POLL},
]
BROKEN = {"message": {"message_id": 1, "date": 1, "chat": {"id": 1}, "text": "secret words"}}

HUGE = [2**31, -(2**63), 10**30, 10**4000, math.nan, math.inf]
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(HUGE)
    | st.sampled_from(["\ud800", "private"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(value):
    """Return the path to each place in a JSON value, its top excepted."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in pairs:
        found.append([key])
        if isinstance(inner, dict | list):
            found += [[key, *rest] for rest in places(inner)]
    return found


@st.composite
def mutants(draw, *, numbered=True):
    """Draw a real update in which one to three places were removed or hold something else."""
    update = copy.deepcopy(draw(st.sampled_from(REAL)))
    if numbered:
        update = {"update_id": 5} | update
    for _ in range(draw(st.integers(1, 3))):
        if not (found := places(update)):
            break
        *path, last = draw(st.sampled_from(found))
        holder = update
        for key in path:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = draw(junk)
        else:
            del holder[last]
    return update


def sifted(batch):
    counts = UpdateCounts()
    answer = json.dumps({"ok": True, "result": batch}).encode()
    return PollRequest(FakeWire(), counts).parse_json_payload(answer)["result"], counts


@pytest.fixture(scope="module")
def bot():
    return ExtBot(TOKEN)


@settings(deadline=None)
@given(bad=st.lists(mutants() | junk, max_size=4))
def test_whatever_an_update_holds_the_others_of_its_batch_are_read_in_order(bot, bad):
    first, last = {"update_id": 4} | REAL[0], {"update_id": 6} | REAL[1]
    kept, _ = sifted([first, *bad, last])
    updates = Update.de_list(kept, bot)
    numbers = [update.update_id for update in updates]
    assert numbers == sorted(numbers)
    texts = [
        update.message.text for update in updates if update.update_id in (4, 6) and update.message
    ]
    assert texts[0] == "/subscribe north-korea"
    assert "hello" in texts
    assert all(0 <= number < 2**31 for number in numbers)


def test_of_an_update_that_cannot_be_read_the_number_is_kept_and_no_word_is_logged(caplog):
    kept, counts = sifted([{"update_id": 5} | BROKEN, {"update_id": 6} | REAL[0]])
    assert kept == [{"update_id": 5}, {"update_id": 6} | REAL[0]]
    assert counts.unreadable == 1
    (line,) = caplog.messages
    assert line == "update-skipped update=5 error=TypeError"
    assert "words" not in caplog.text


def test_an_update_of_a_chat_without_a_usable_id_is_skipped():
    for chat_id in ("7", [7], {}, True, 2**60, 10**30):
        chat = CHAT | {"id": chat_id}
        kept, counts = sifted([{"update_id": 5, "message": _SAID | {"chat": chat}}])
        assert (kept, counts.unreadable) == ([{"update_id": 5}], 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{]}{",
        b"null",
        b"[]",
        b"1",
        b'{"ok": true}',
        b'{"ok": true, "result": null}',
        b'{"ok": true, "result": {"update_id": 1}}',
        b'{"ok": true, "result": [1, 2, {"x": null}, {"update_id": "3"}, {"update_id": -1}]}',
        b'{"ok": true, "result": [{"update_id": 4294967296}, {"update_id": true}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_answer_to_a_poll_is_an_error_of_telegrams(answer):
    with pytest.raises(TelegramError):
        PollRequest(FakeWire(), UpdateCounts()).parse_json_payload(answer)


# ---------------------------------------------------------------- over the whole bot


async def until(reached):
    async with asyncio.timeout(100):
        while not reached():  # noqa: ASYNC110 - what happens is on the other end of a wire
            await asyncio.sleep(0.01)


async def open_and_answer(tmp_path, updates):
    """Feed ``updates`` to a running bot, then a /help; return once that is answered."""
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.forgives = True
        await house.app.start()
        for update in updates:
            house.wire.feed(update)
        last = house.wire.say("/help", 4242)
        await until(lambda: house.wire.texts(4242))
        await until(
            lambda: house.wire.calls("getUpdates")[-1].get("offset") == last["update_id"] + 1
        )
        return house


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(updates=st.lists(mutants(numbered=False), min_size=5, max_size=30))
def test_a_reader_is_answered_whatever_came_before(tmp_path_factory, updates):
    updates = [u for u in updates if "update_id" not in u]
    asyncio.run(open_and_answer(tmp_path_factory.mktemp("x"), updates))


async def test_a_broken_update_is_counted_and_confirmed_and_the_next_reader_answered(tmp_path):
    house = await open_and_answer(tmp_path, [BROKEN, BROKEN])
    assert (house.app.counts.unreadable, house.app.counts.failed) == (2, 0)
    assert len(house.wire.calls("getUpdates")) < 10


async def test_updates_that_break_a_handler_are_counted_and_each_reader_is_told_once(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.forgives = True
        await house.say("/help", 1)
        async with house.app.store.database.write() as connection:
            await connection.exec_driver_sql("DROP TABLE subscription")
        await house.app.start()
        before = len(house.wire.texts())
        for chat_id in (1, 2):
            house.wire.say("/topics", chat_id)
        house.wire.press("v1:undo:1", _SAID | {"from": BOT})
        house.wire.say("/help", 9)
        await until(lambda: len(house.wire.texts()) == before + 4)
        await until(lambda: house.app.counts.failed == 3)
        told = [
            [chat for text in house.wire.texts(chat) if "our side" in text] for chat in range(10)
        ]
    assert told == [[], [1], [2], [], [], [], [], [7], [], []]


async def test_an_apology_that_cannot_be_sent_stops_nothing(tmp_path, caplog):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.forgives = True
        async with house.app.store.database.write() as connection:
            await connection.exec_driver_sql("DROP TABLE subscription")
        house.wire.script("sendMessage", RuntimeError("odd"))
        await house.say("/topics")
        assert house.app.counts.failed == 1
    assert "the reader was not told" in caplog.text
    assert "uncaught error" not in caplog.text


async def test_failed_polls_are_told_in_one_line_until_telegram_answers_again(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    refused = error(409, "Conflict: terminated by other getUpdates request")
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.wire.script("getUpdates", refused, refused)
        await house.app.start()
        house.wire.say("/help", 4)
        await until(lambda: house.wire.texts(4))
    told = [r.getMessage() for r in caplog.records if r.name == "bot.chat.updates"]
    assert [line.split()[0] for line in told] == ["telegram-conflict", "telegram-again"]
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_server_that_does_not_hold_polls_is_not_asked_at_full_speed(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        house.wire.script("getUpdates", *[{"ok": True, "result": []}] * 1000)
        await house.app.start()
        await asyncio.sleep(0.3)
        assert 1 <= len(house.wire.calls("getUpdates")) < 5


async def test_leaving_confirms_what_was_handed_over_and_waits_for_no_pause(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        await house.app.start()
        house.wire.say("/help", 4)
        await until(lambda: house.wire.texts(4))
    last = house.wire.calls("getUpdates")[-1]
    assert (last["offset"], last["timeout"]) == (1002, 0)


class Wedged:
    """An application whose first poll ``hangs``, or ends its task; and the request of its polls."""

    def __init__(self, first):
        self.bot = self
        self.update_queue = asyncio.Queue()
        self.polls = 0
        self.log = []
        self._first = first

    async def delete_webhook(self):
        return True

    async def get_updates(self, *, offset, timeout, **_):  # noqa: ASYNC109 - Telegram's word
        self.polls += 1
        if self.polls == 1:
            await self._first()
        await asyncio.sleep(0.15)  # as long as a server that holds polls
        return []

    async def initialize(self):
        self.log.append("initialize")

    async def shutdown(self):
        self.log.append("shutdown")


async def hangs():
    await asyncio.Event().wait()


async def ends_the_task():
    raise asyncio.CancelledError


@pytest.mark.parametrize("first", [hangs, ends_the_task])
async def test_a_poll_that_came_to_rest_is_begun_anew_on_new_connections(first, caplog):
    application = Wedged(first)
    async with LongPoll(application, request=application, watchdog_s=1.0):
        await until(lambda: application.polls >= 3)
    assert application.log == ["shutdown", "initialize"]
    assert [line for line in caplog.messages if line.startswith("poll-restarted")]


async def test_a_poll_that_is_answered_is_left_alone():
    async def at_once():
        pass

    application = Wedged(at_once)
    async with LongPoll(application, request=application, watchdog_s=1.2):
        await asyncio.sleep(2)
    assert application.log == []


async def test_a_poll_without_good_answers_is_begun_anew_no_more_often_than_said(caplog):
    async def refused():
        application.polls = 0
        raise NetworkError("Bad Gateway")

    application = Wedged(refused)
    async with LongPoll(application, request=application, watchdog_s=0.2):
        await asyncio.sleep(0.7)
    assert 1 <= application.log.count("initialize") <= 3


# ---------------------------------------------------------------- what is told of Telegram


def told(caplog):
    return [message.split()[0] for message in caplog.messages]


def test_a_state_is_told_when_it_changes_and_not_again(caplog):
    caplog.set_level(logging.INFO)
    contact = PollBackoff()
    contact.answered(0)
    for second in range(1, 100):
        contact.failed(NetworkError("Bad Gateway (502)"), second)
    assert contact.is_lost
    for second in range(100, 200):
        contact.failed(Conflict("Conflict"), second)
    contact.failed(InvalidToken(), 200)
    contact.answered(201)
    contact.answered(202)
    assert told(caplog) == [
        "telegram-unreachable",
        "telegram-conflict",
        "telegram-token-refused",
        "telegram-again",
    ]
    assert caplog.messages[-1] == "telegram-again after_s=200"
    assert not contact.is_lost


def test_a_connection_that_comes_and_goes_is_told_at_most_once_a_minute_each_way(caplog):
    caplog.set_level(logging.INFO)
    contact = PollBackoff()
    for second in range(0, 600, 2):
        contact.failed(NetworkError("x"), second)
        contact.answered(second + 1)
    assert 10 <= len(told(caplog)) <= 22
    contact.failed(NetworkError("x"), 700)
    assert told(caplog)[-1] == "telegram-unreachable"


def test_pauses_grow_to_half_a_minute_and_start_anew_after_an_answer():
    contact = PollBackoff()
    pauses = [contact.failed(NetworkError("x"), second) for second in range(7)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    contact.answered(8)
    assert contact.failed(RetryAfter(45), 9) == 45
    assert contact.failed(RetryAfter(99_999_999), 10) == 60
    assert contact.failed(RetryAfter(-5), 11) == 4


def test_an_error_that_is_none_of_telegrams_comes_with_its_traceback(caplog):
    PollBackoff().failed(AttributeError("x"), 0)
    assert caplog.records[0].exc_info


async def test_an_update_that_comes_again_and_again_is_acted_on_once(tmp_path):
    async with open_house(f"sqlite+aiosqlite:///{tmp_path}/x.db") as house:
        first = [house.wire.say("/help", 7), house.wire.say("/help", 8)]
        poll = house.wire._poll

        async def poll_again(parameters):
            return [*first, *await poll(parameters | {"timeout": 0})]

        house.wire._poll = poll_again
        await house.app.start()
        polls = len(house.wire.calls("getUpdates"))
        await asyncio.sleep(1.2)
        later = house.wire.say("/help", 9)
        async with asyncio.timeout(20):
            while not house.wire.texts(9):  # noqa: ASYNC110 - it happens on the end of a wire
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.7)
        assert [len(house.wire.texts(chat_id)) for chat_id in (7, 8, 9)] == [1, 1, 1]
        calls = house.wire.calls("getUpdates")
        assert len(calls) - polls < 12  # and no hot loop
        assert calls[-1]["offset"] == later["update_id"] + 1
        # After a quiet week Telegram may begin to count anywhere.
        first.append({"update_id": 17} | message_update("/help", 10))
        async with asyncio.timeout(20):
            while not house.wire.texts(10):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
