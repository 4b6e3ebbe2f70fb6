"""Rate limiting of what handlers send: python-telegram-bot's rate limiter over our pacer.

Broadcasts keep the pace in the outbox, and are sent beneath the Bot and this; both share one
``Pacer``, so that together they stay within what Telegram allows.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.logs import event
from bot.send.pacing import Pacer

__all__ = ["PacerLimiter", "retry_after_s"]

logger = logging.getLogger(__name__)

# The longest a handler waits for its turn. Beyond that the reply is given up: a group that
# floods the bot with commands must not fill the queue.
REPLY_WAIT_S = 10.0
# What shows up in a chat, and so counts. sendChatAction and answers to buttons do not.
_COUNTED = ("send", "edit", "copy", "forward", "stopPoll")
_UNCOUNTED = frozenset({"sendChatAction"})

Answer = Any


class PacerLimiter(BaseRateLimiter[str]):
    """Lets a bot's messages and edits to a chat wait for their turn, as replies.

    Everything else (getUpdates, answerCallbackQuery, getMe …) passes at once. A message
    whose turn would come later than ``wait_s`` raises RetryAfter, as Telegram would.
    """

    def __init__(self, pacer: Pacer, *, wait_s: float = REPLY_WAIT_S) -> None:
        self._pacer = pacer
        self._wait_s = wait_s

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(  # noqa: PLR0917 - python-telegram-bot's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Answer:
        """Return the answer of the call, made when its turn has come.

        Waits up to ``wait_s`` seconds for it, and may be cancelled meanwhile. A call that
        Telegram refuses with a wait no longer than that is made once more, after as long a wait
        at most. Raises RetryAfter where the wait would be longer, without a call or after one,
        and what the call itself raises. A refusal, the second too, holds the chat's other
        messages in the pacer. What has no ``chat_id``, like what shows up in no chat, is called at
        once and once. ``rate_limit_args`` is not used.
        """
        del rate_limit_args  # given by name to every limiter
        chat = data.get("chat_id")
        counts = endpoint.startswith(_COUNTED) and endpoint not in _UNCOUNTED
        if chat is None or not counts:
            return await callback(*args, **kwargs)
        chat, group = _chat(chat)

        async def call() -> Answer:
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                wait_s = retry_after_s(error)
                self._pacer.flood(chat, wait_s)
                event(logger, "flood", endpoint=endpoint, chat=chat, wait_s=wait_s)
                raise

        await self._turn(chat, group=group)
        try:
            return await call()
        except RetryAfter as error:
            if retry_after_s(error) > self._wait_s:
                raise
        await self._turn(chat, group=group)
        return await call()

    async def _turn(self, chat: Hashable, *, group: bool) -> None:
        delay_s = self._pacer.delay_s(chat, group=group)
        if delay_s <= self._wait_s:
            try:
                async with asyncio.timeout(self._wait_s):
                    return await self._pacer.turn(chat, group=group, reply=True)
            except TimeoutError:
                delay_s = max(self._pacer.delay_s(chat, group=group), 1)
        event(logger, "reply-dropped", level=logging.WARNING, chat=chat, delay_s=delay_s)
        raise RetryAfter(timedelta(seconds=delay_s))


def _chat(chat_id: Any) -> tuple[Hashable, bool]:
    """Return the chat's key, and whether group limits hold (for channels they do too)."""
    text = str(chat_id)
    if text.lstrip("-").isdigit():
        return text, text.startswith("-")
    return text.lower(), True  # @name: a group or channel


def retry_after_s(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks to wait, whichever type ``error`` holds them in."""
    wait = error.retry_after  # a timedelta since bot.send opted in to it
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
