"""Whose update is handled when: no chat holds up another, however much it asks for.

What a chat sends is acted on and answered in the order it was sent, one after the other. Taps
don't wait for that, so that a second tap on a button meets the first; an edit waits for what was
sent before it, and holds up nothing. What is quick has a few places a chat, and many for all. Work
that waits for others (hosts, workers) gives its place back, to what was sent after it too, and has
one of its own: one a chat.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.commands import PATIENCE_S
from bot.errors import ReaderError

__all__ = ["Lanes"]

# Updates handled at once: a reply may wait some seconds for its turn in Telegram's pace.
_QUICK = 64
# Of them, of one chat.
_QUICK_PER_CHAT = 4
# Slow requests at once, of all chats: each watches its sources with a query or two a second.
_SLOW = 256
# What may wait for a chat's slow request to end, and how long: more would be a pile.
_WAITING_PER_CHAT = 2
_WAIT_S = PATIENCE_S / 2
# python-telegram-bot makes a task of each update at once, and counts them here.
_TASKS = 100_000


@dataclass(slots=True)
class _ChatQueue:
    """What one chat has under way; ``order`` is held by the message in hand."""

    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    quick: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_QUICK_PER_CHAT))
    slow: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    users: int = 0


class _UpdateSlot:
    """The place that an update in hand takes up, until it is left."""

    def __init__(self) -> None:
        self._held: list[asyncio.Semaphore | asyncio.Lock] = []

    async def take(self, *wanted: asyncio.Semaphore | asyncio.Lock) -> None:
        """Wait for each in turn, first come, first served; what is had is held until ``leave``."""
        for each in wanted:
            await each.acquire()
            self._held.append(each)

    def leave(self) -> None:
        """Give the place to others; does nothing if that was done."""
        for each in self._held:
            each.release()
        self._held.clear()


_place: ContextVar[_UpdateSlot | None] = ContextVar("slot", default=None)


class Lanes(BaseUpdateProcessor):
    """The update processor of the application, and the lane of slow work.

    One per application; for one event loop.
    """

    def __init__(self) -> None:
        super().__init__(_TASKS)
        self._quick = asyncio.Semaphore(_QUICK)
        self._slow = asyncio.Semaphore(_SLOW)
        self._lines: dict[object, _ChatQueue] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: ``cancel`` ends what is under way."""

    async def do_process_update(
        self, update: object, coroutine: Awaitable[Any] | Coroutine[Any, Any, Any]
    ) -> None:
        """Handle an update when its turn has come and there is a place for its chat.

        Updates are given in the order in which they came in. Raises what its handler raises.
        """
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            async with self._line(_chat_of(update)) as line:
                place = _UpdateSlot()
                token = _place.set(place)
                try:
                    if not _is_press(update):
                        await place.take(line.order)
                    if _is_edit(update):
                        place.leave()
                    await place.take(line.quick, self._quick)
                    await coroutine
                finally:
                    _place.reset(token)
                    place.leave()
        finally:
            self._tasks.discard(task)
            if asyncio.iscoroutine(coroutine):
                coroutine.close()  # one that was cancelled before it began

    @asynccontextmanager
    async def slow(self, chat: object) -> AsyncIterator[float]:
        """Give the place of slow work of ``chat``, and how many seconds its reader still waits.

        The place of the update in hand goes to others. Waits for the chat's slow request under
        way to end, then for those of others. Raises ReaderError where two wait already, or where
        the wait is too long.
        """
        if (place := _place.get()) is not None:
            place.leave()
        now_s = asyncio.get_running_loop().time
        began_s = now_s()
        async with self._line(chat) as line:
            if line.waiting >= _WAITING_PER_CHAT:
                raise ReaderError("one-at-a-time")
            line.waiting += 1
            try:
                async with asyncio.timeout(_WAIT_S):
                    await line.slow.acquire()
            except TimeoutError:
                raise ReaderError("one-at-a-time") from None
            finally:
                line.waiting -= 1
            try:
                try:
                    async with asyncio.timeout(_WAIT_S):
                        await self._slow.acquire()
                except TimeoutError:
                    raise ReaderError("one-at-a-time") from None
                try:
                    yield max(PATIENCE_S - (now_s() - began_s), 0.0)
                finally:
                    self._slow.release()
            finally:
                line.slow.release()

    def cancel(self) -> None:
        """Cancel the updates in hand; returns at once."""
        for task in self._tasks:
            task.cancel()

    @asynccontextmanager
    async def _line(self, chat: object) -> AsyncIterator[_ChatQueue]:
        line = self._lines.setdefault(chat, _ChatQueue())
        line.users += 1
        try:
            yield line
        finally:
            line.users -= 1
            if not line.users:
                self._lines.pop(chat, None)


def _chat_of(update: object) -> object:
    """Return the id of the chat or the person that an update comes from, None if it has none."""
    if not isinstance(update, Update):
        return None
    whose = update.effective_chat or update.effective_user
    return whose and whose.id


def _is_press(update: object) -> bool:
    return isinstance(update, Update) and update.callback_query is not None


def _is_edit(update: object) -> bool:
    return isinstance(update, Update) and update.edited_message is not None
