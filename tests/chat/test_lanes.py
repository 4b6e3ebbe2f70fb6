"""A chat that asks for much holds up itself, and nobody else."""

import asyncio

import pytest
from telegram import Update

from bot.chat import Lanes, lanes
from bot.commands import PATIENCE_S
from bot.errors import ReaderError
from tests.fakes.wire import message_update, press_update


def update_of(chat_id, kind="message"):
    update = message_update("hello", chat_id)
    if kind == "press":
        update = press_update("v1:x", update["message"])
    elif kind == "edit":
        update = {"edited_message": update["message"] | {"edit_date": update["message"]["date"]}}
    return Update.de_json({"update_id": 1, **update}, None)


class Work:
    """Handlers that wait until the test lets them go on."""

    def __init__(self, lanes):
        self.lanes = lanes
        self.go_on = asyncio.Event()
        self.begun = []
        self.refused = []

    async def quick(self, chat_id):
        self.begun.append(chat_id)
        await self.go_on.wait()

    async def slow(self, chat_id):
        try:
            async with self.lanes.slow(chat_id) as left_s:
                self.begun.append(chat_id)
                await self.go_on.wait()
                return left_s
        except ReaderError as error:
            self.refused.append(error.reason.code)

    async def start(self, group, handler, chat_id, times=1, kind="message"):
        for _ in range(times):
            update = update_of(chat_id, kind)
            group.create_task(self.lanes.process_update(update, handler(chat_id)))
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture
def work():
    return Work(Lanes())


async def test_messages_of_a_chat_are_handled_one_after_the_other_in_their_order(work):
    ended = []

    def named(name, *, waits):
        async def handler(_chat_id):
            work.begun.append(name)
            if waits:
                await work.go_on.wait()
            ended.append(name)

        return handler

    async with asyncio.TaskGroup() as group:
        await work.start(group, named("first", waits=True), 1)
        await work.start(group, named("second", waits=False), 1)
        await work.start(group, named("edit", waits=False), 1, kind="edit")
        await work.start(group, named("third", waits=False), 1)
        await work.start(group, named("tap", waits=False), 1, kind="press")
        await work.start(group, named("other chat", waits=False), 2)
        assert work.begun == ["first", "tap", "other chat"]
        work.go_on.set()
    assert [name for name in ended if name not in {"tap", "other chat", "edit"}] == [
        "first",
        "second",
        "third",
    ]
    assert ended.index("edit") > ended.index("second")


async def test_what_waits_in_an_edit_holds_up_no_message(work):
    async with asyncio.TaskGroup() as group:
        await work.start(group, work.quick, 1, kind="edit")
        await work.start(group, work.quick, 1)
        assert work.begun == [1, 1]
        work.go_on.set()


async def test_a_message_that_became_slow_is_overtaken(work):
    async with asyncio.TaskGroup() as group:
        await work.start(group, work.slow, 1)
        await work.start(group, work.quick, 1)
        await work.start(group, work.quick, 1)
        assert work.begun == [1, 1]
        work.go_on.set()
    assert work.begun == [1, 1, 1]


async def test_a_message_cancelled_in_line_holds_up_nothing(work):
    async with asyncio.TaskGroup() as group:
        await work.start(group, work.quick, 1)
        waiting = asyncio.create_task(work.lanes.process_update(update_of(1), work.quick(1)))
        await work.start(group, work.quick, 1)
        waiting.cancel()
        work.go_on.set()
    assert work.begun == [1, 1]


async def test_a_chat_has_a_few_taps_at_once_and_others_have_theirs(work):
    async with asyncio.TaskGroup() as group:
        await work.start(group, work.quick, 1, times=100, kind="press")
        assert work.begun == [1] * 4
        await work.start(group, work.quick, 2)
        assert work.begun == [1] * 4 + [2]
        work.go_on.set()
    assert len(work.begun) == 101


async def test_slow_work_of_many_chats_leaves_the_places_of_quick_work(work):
    async with asyncio.TaskGroup() as group:
        for chat_id in range(100, 200):
            await work.start(group, work.slow, chat_id)
        assert len(work.begun) == 100
        await work.start(group, work.quick, 1)
        assert work.begun[-1] == 1
        work.go_on.set()


async def test_a_chat_has_one_slow_request_two_wait_and_more_are_refused(work):
    async with asyncio.TaskGroup() as group:
        await work.start(group, work.slow, 1, times=5)
        assert (work.begun, work.refused) == ([1], ["one-at-a-time"] * 2)
        await work.start(group, work.quick, 1)
        assert work.begun == [1, 1]
        work.go_on.set()
    assert work.begun == [1, 1, 1, 1]


async def test_who_waits_too_long_in_line_is_refused(work, monkeypatch):
    monkeypatch.setattr(lanes, "_WAIT_S", 0.02)
    async with asyncio.TaskGroup() as group:
        await work.start(group, work.slow, 1, times=2)
        async with asyncio.timeout(5):
            while not work.refused:  # noqa: ASYNC110 - the lane rings no bell
                await asyncio.sleep(0.01)
        work.go_on.set()
    assert work.begun == [1]


async def test_the_wait_in_line_is_taken_from_a_readers_patience(work):
    work.go_on.set()
    assert await work.slow(1) == pytest.approx(PATIENCE_S, abs=1)
    async with work.lanes.slow(1):
        second = asyncio.create_task(work.slow(1))
        await asyncio.sleep(0.1)
    assert 0 < await second <= PATIENCE_S - 0.1


async def test_a_failed_request_gives_its_places_back(work):
    async def broken(chat_id):
        async with work.lanes.slow(chat_id):
            raise ValueError("one of ours")

    for _ in range(10):
        with pytest.raises(ValueError, match="one of ours"):
            await work.lanes.process_update(update_of(1), broken(1))
    work.go_on.set()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        await work.start(group, work.slow, 1)
        await work.start(group, work.quick, 1, times=4)
        await work.start(group, work.quick, 1, times=4, kind="press")
    assert work.begun == [1] * 9


async def test_what_is_in_hand_or_waits_can_be_cancelled(work):
    tasks = [
        asyncio.create_task(work.lanes.process_update(update_of(1), handler(1)))
        for handler in (work.quick, work.slow)
        for _ in range(10)
    ]
    await asyncio.sleep(0.01)
    work.lanes.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert any(isinstance(end, asyncio.CancelledError) for end in ends)
    work.go_on.set()
    async with asyncio.timeout(5):
        await work.lanes.process_update(update_of(1), work.quick(1))
        assert await work.slow(1)


async def test_an_update_of_nobody_is_handled(work):
    work.go_on.set()
    await work.lanes.process_update(object(), work.quick("nobody"))
    assert work.begun == ["nobody"]
