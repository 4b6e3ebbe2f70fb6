"""How updates come in: a long poll that nothing it is answered can stop, or make spin."""

import asyncio
import contextlib
import json
import logging
import math
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

from bot.chat.update_shapes import check_update
from bot.logs import event
from bot.send.missing_fields import completed
from bot.send.telegram_errors import TooLargeAnswerError

__all__ = ["LongPoll", "PollBackoff", "PollRequest", "UpdateCounts"]

# How long Telegram may hold a poll for which it has nothing.
POLL_S = 10
# An empty answer within so short a time is from a server that does not hold polls.
_AT_ONCE_S = 0.1
_NOT_HELD_PAUSE_S = 0.5
# How long the last poll may take, which confirms what came in.
_CONFIRM_S = 1.0
# Pauses between polls that fail: doubled up to the most, longer only if Telegram asks for it.
_FAILED_S = (1.0, 30.0)
_MOST_ASKED_S = 60.0
# Without a good answer for so long the poll is begun anew, on new connections: a task that hangs
# or has ended comes back, whatever ended it. Longer than the longest pause and two polls.
WATCHDOG_S = 150.0
# A connection that comes and goes is told no more often than this, each way.
_TOLD_AGAIN_S = 60.0
# Update ids are int32 in Telegram's server; ids of chats and people have at most 52 bits.
_MAX_UPDATE_ID = 2**31 - 1
_MAX_CHAT_ID = 2**52
_MAX_DIGITS = 20
# What a batch is asked for by, and one update alone: where a batch cannot be read at all.
_BATCH = 100
# Updates remembered, so that one which comes again is passed over: a hundred batches.
_MAX_SEEN = 10_000
_NUMBER = re.compile(rb'"update_id"[ \t\r\n]{0,9}:[ \t\r\n]{0,9}([0-9]{1,10})(?![0-9.eE])')
_AGAIN: Final = "telegram-again"
_log = logging.getLogger(__name__)

Json = dict[str, Any]


@dataclass(slots=True)
class UpdateCounts:
    """How many updates came to nothing since the start, by where.

    ``unreadable`` ones were skipped before any handler; ``failed`` ones broke a handler.
    """

    unreadable: int = 0
    failed: int = 0


class UnreadableBatchError(TelegramError):
    """An answer to getUpdates that cannot be read, of which one update may be to blame."""

    __slots__ = ()


class PollRequest(BaseRequest):
    """The request of getUpdates over another: an update that cannot be read costs only itself.

    python-telegram-bot (22.8) reads a batch as a whole; of one with an update that it cannot
    read it handles none, and asks for the same again at once. So each update is tried here,
    and of one that cannot be read only its number is passed on, which confirms it.
    """

    def __init__(self, under: BaseRequest, counts: UpdateCounts) -> None:
        self._under = under
        self._counts = counts
        self._is_single = False

    @property
    def read_timeout(self) -> float | None:
        """That of the request underneath, in seconds; None for no limit."""
        return self._under.read_timeout

    async def initialize(self) -> None:
        """Open the request underneath; raises what that raises."""
        await self._under.initialize()

    async def shutdown(self) -> None:
        """Close the request underneath; raises what that raises."""
        await self._under.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,
        **named_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Return status and body of the request underneath; raises what that raises."""
        asked = request_data.parameters if request_data else {}
        self._is_single = asked.get("limit") == 1
        return await self._under.do_request(url, method, request_data, *timeouts, **named_timeouts)

    def parse_json_payload(self, payload: bytes) -> Json:  # type: ignore[override] # static there
        """Return an answer whose result, if it has one, is updates in order of their numbers.

        What cannot be handled is left with its number alone, logged and counted; what has no
        number is left out, uncounted. An error that Telegram answers is returned as it is. Raises
        TelegramError for what is no answer to getUpdates, and if no update has a number: an
        UnreadableBatchError for what is no JSON. Of a single update that was asked for alone, its
        number is returned then, if there is one to be seen.
        """
        try:
            answer = json.loads(payload.decode(errors="replace"), parse_int=_integer)
        except (ValueError, RecursionError):
            number = _NUMBER.search(payload) if self._is_single else None
            if number is None or int(number[1]) > _MAX_UPDATE_ID:
                raise UnreadableBatchError("the answer is no JSON") from None
            return {"ok": True, "result": [self._skipped(int(number[1]), "ValueError")]}
        if not isinstance(answer, dict):
            raise TelegramError("the answer is no object")
        if answer.get("ok") is False and "error_code" in answer:
            return answer
        batch = answer.get("result")
        if not isinstance(batch, list):
            raise TelegramError("the answer holds no updates")
        numbered = [
            update
            for update in batch
            if isinstance(update, dict)
            and type(update.get("update_id")) is int
            and 0 <= update["update_id"] <= _MAX_UPDATE_ID
        ]
        if batch and not numbered:
            raise TelegramError("the updates have no numbers")
        numbered.sort(key=lambda update: int(update["update_id"]))
        return {"ok": True, "result": [self._readable(update) for update in numbered]}

    def _readable(self, raw: Json) -> Json:
        """Return an update that can be given to a handler: ``raw``, or its number alone.

        What it lacks that only python-telegram-bot needs is added.
        """
        number = raw["update_id"]
        try:
            check_update(raw)
            raw, update = completed(raw, Update.de_json)
            for whose in (update.effective_chat, update.effective_user):
                # python-telegram-bot keys its data by these ids, and takes anything for one.
                if whose and not (type(whose.id) is int and abs(whose.id) <= _MAX_CHAT_ID):
                    raise TypeError("no id")
        except Exception as error:  # noqa: BLE001 - a wrong type may raise anything, anywhere
            return self._skipped(number, type(error).__name__)
        return raw

    def _skipped(self, number: int, error: str) -> Json:
        """Return an update of its number alone, logged and counted."""
        self._counts.unreadable += 1
        event(_log, "update-skipped", level=logging.WARNING, update=number, error=error)
        return {"update_id": number}


class PollBackoff:
    """How long to wait after failed polls, and one log line for each change of the connection.

    Instants are seconds of any clock that goes forward only.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._told = _AGAIN
        self._quiet_until: dict[str, float] = {}
        self._lost_at_s = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether the latest poll failed."""
        return self._failures > 0

    def failed(self, error: Exception, now_s: float) -> float:
        """Record a failed poll; return how many seconds to wait before the next.

        1 s at first, doubled each time up to 30 s; longer if Telegram asks for it, up to 60 s.
        Logged when what is wrong changes, the same at most once a minute.
        """
        self._failures += 1
        match error:
            case Conflict():
                state = "telegram-conflict"
            case InvalidToken():
                state = "telegram-token-refused"
            case _:
                state = "telegram-unreachable"
        if self._turns(state, now_s):
            # What is no error of Telegram's is one of ours: its traceback is wanted.
            unforeseen = None if isinstance(error, TelegramError) else error
            event(_log, state, level=logging.WARNING, error=error, exc_info=unforeseen)
        pause_s = min(_FAILED_S[0] * 2.0 ** min(self._failures - 1, 16), _FAILED_S[1])
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            asked_s = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            pause_s = max(pause_s, min(asked_s, _MOST_ASKED_S))
        return pause_s

    def answered(self, now_s: float) -> None:
        """Record a poll answered at ``now_s``; the next failure waits the shortest time again.

        That it answers is logged at most once a minute, as ``failed`` says of outages.
        """
        self._failures = 0
        if self._turns(_AGAIN, now_s):
            event(_log, _AGAIN, after_s=round(now_s - self._lost_at_s))

    def _turns(self, state: str, now_s: float) -> bool:
        """Return whether to log ``state`` now, and record that it was logged."""
        if state == self._told or now_s < self._quiet_until.get(state, -math.inf):
            return False
        if self._told == _AGAIN:
            self._lost_at_s = now_s
        self._told = state
        self._quiet_until[state] = now_s + _TOLD_AGAIN_S
        return True


class LongPoll:
    """Hands updates to an application, in order, each once, for as long as it is entered.

    python-telegram-bot's own Updater cannot be ended while it waits after a failure, and
    tells failures at length. Leaving confirms what was handed over, if Telegram answers. Where
    no poll was answered well for ``watchdog_s``, it is begun anew, on new connections of
    ``request`` (that of getUpdates): whatever it hangs in, or was ended by.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        *,
        request: BaseRequest | None = None,
        watchdog_s: float = WATCHDOG_S,
    ) -> None:
        self._application = application
        self._request = request
        self._watchdog_s = watchdog_s
        self._good_at_s = 0.0
        self._backoff = PollBackoff()
        self._has_no_webhook = False
        self._offset = 0
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._alone = 0  # how many updates are to be asked for one by one

    async def __aenter__(self) -> Self:
        self._good_at_s = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run(), name="long-poll")
        self._watching = asyncio.create_task(self._watch(), name="long-poll-watchdog")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._watching.cancel()
        await asyncio.wait([self._watching])
        self._task.cancel()
        await asyncio.wait([self._task], timeout=_CONFIRM_S)
        if self._offset and not self._backoff.is_lost:
            # What is not confirmed comes again after the next start.
            with contextlib.suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(_CONFIRM_S):
                    await self._application.bot.get_updates(offset=self._offset, timeout=0)

    async def _watch(self) -> None:
        """Begin the poll anew each time that no answer was good for too long."""
        now_s = asyncio.get_running_loop().time
        begun_at_s = self._good_at_s
        while True:
            rests_until_s = max(self._good_at_s, begun_at_s) + self._watchdog_s
            if now_s() < rests_until_s:
                await asyncio.sleep(rests_until_s - now_s())
                continue
            begun_at_s = now_s()
            unanswered_s = round(begun_at_s - self._good_at_s)
            event(_log, "poll-restarted", level=logging.WARNING, unanswered_s=unanswered_s)
            self._task.cancel()
            # One that does not let itself be ended must not end this.
            await asyncio.wait([self._task], timeout=_CONFIRM_S)
            if self._request is not None:
                await self._request.shutdown()
                await self._request.initialize()
            self._task = asyncio.create_task(self._run(), name="long-poll")

    async def _run(self) -> None:
        now_s = asyncio.get_running_loop().time
        while True:
            try:
                pause_s = await self._poll()
            except Exception as error:  # noqa: BLE001 - a worker loop: whatever is answered, it goes on
                pause_s = self._backoff.failed(error, now_s())
                # One update may have spoilt those beside it.
                if isinstance(error, UnreadableBatchError | TooLargeAnswerError):
                    self._alone = _BATCH
            await asyncio.sleep(pause_s)

    async def _poll(self) -> float:
        """Hand over what has come in; return how many seconds to wait before the next poll."""
        now_s = asyncio.get_running_loop().time
        bot = self._application.bot
        if not self._has_no_webhook:  # while there is a webhook, polls are refused
            self._has_no_webhook = await bot.delete_webhook()
        began_s = now_s()
        updates = await bot.get_updates(
            offset=self._offset,
            timeout=POLL_S,
            limit=1 if self._alone else _BATCH,
            allowed_updates=Update.ALL_TYPES,
        )
        self._good_at_s = now_s()
        self._backoff.answered(self._good_at_s)
        self._alone = max(self._alone - 1, 0) if updates else 0
        # Nothing is awaited from here on: what is handed over is what gets confirmed.
        news = [update for update in updates if self._is_new(update.update_id)]
        for update in news:
            self._application.update_queue.put_nowait(update)
        if news:  # their numbers may begin anew below those before them (Bot API, Update)
            self._offset = news[-1].update_id + 1
        elif updates or now_s() - began_s < _AT_ONCE_S:
            return _NOT_HELD_PAUSE_S
        return 0.0

    def _is_new(self, number: int) -> bool:
        """Return whether an update comes for the first time, and remember it."""
        if number in self._seen:
            return False
        self._seen[number] = None
        if len(self._seen) > _MAX_SEEN:
            self._seen.popitem(last=False)
        return True


def _integer(digits: str) -> float:
    """Return what JSON calls an integer; one of hundreds of digits is none of Telegram's."""
    return int(digits) if len(digits) <= _MAX_DIGITS else math.inf
