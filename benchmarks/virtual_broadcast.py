"""A broadcast in virtual time: the real outbox, store, pacer and Bot, and what became of it."""

import asyncio
import resource
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from benchmarks.mass import fill_outbox
from bot.domain.edition import Part
from bot.send import Limits, Outbox, Pacer
from bot.send.telegram import AiohttpRequest, TelegramTransport
from bot.store import Database, Store
from tests.fakes.bot_api import BotApi
from tests.fakes.virtual_time import VirtualClock, VirtualLoop
from tests.fakes.wire import TOKEN

__all__ = ["FAULTS_OF_A_TENTH", "Broadcast", "broadcast_in_memory", "broadcast_over_http"]

# What goes wrong with a tenth of all messages; half of it leaves the bot in doubt.
FAULTS_OF_A_TENTH = {
    "flood": 0.0125,
    "error-500": 0.0125,
    "page-502": 0.0125,
    "slow": 0.0125,
    "reset-before": 0.0125,
    "reset-after": 0.0125,
    "half": 0.0125,
    "garbage": 0.0125,
}
# What Telegram lets a bot send within any second, and a second to a chat.
_TELEGRAM_PER_S = 30
_CHAT_GAP_S = 1.0
# Telegram's usual time for an answer.
_ANSWER_S = 0.06
# Each hundredth chat has blocked the bot.
_BLOCKED_EACH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """What became of one message each to ``chats``.

    ``lost`` are chats that had not blocked the bot and got nothing; ``given_up`` are those of which
    nobody knows, with that as their recorded reason. ``undue_repeats`` are deliveries beyond the
    first that no answer in doubt explains, and ``own_429s`` messages beyond Telegram's pace.
    ``pace`` is the share of our own pace that was held until all but a hundredth of the chats had
    their first try, without the pauses that Telegram asked of the whole bot. CPU of all threads,
    memory at its peak.
    """

    chats: int
    lost: int
    given_up: int
    repeats: int
    undue_repeats: int
    own_429s: int
    pace: float
    virtual_h: float
    cpu_s: int
    cpu_us_each: int
    peak_mb: int
    states: Mapping[str, int]
    met: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, repeated without need or too fast, and the pace was held."""
        undue = self.lost + self.undue_repeats + self.own_429s
        return not undue and self.pace >= 0.95


async def broadcast_in_memory(loop: VirtualLoop, folder: Path, chats: int, html: str) -> Broadcast:
    """Send ``html`` to ``chats`` by the real Bot over a request class that answers by itself.

    Without faults and without a server, whose CPU would count as ours.
    """
    url = f"sqlite+aiosqlite:///{folder}/memory.db"
    await fill_outbox(url, chats, html)
    telegram = _Telegram()
    sent = await _send(loop, url, telegram, "http://nowhere/bot")
    return _result(chats, telegram.taken, Counter(), Counter(telegram.met), sent)


async def broadcast_over_http(loop: VirtualLoop, folder: Path, chats: int, html: str) -> Broadcast:
    """Send ``html`` to ``chats`` over HTTP to a Bot API that fails a tenth of them.

    A hundredth of the chats have blocked the bot. Telegram's limits hold, strictly: 30 messages
    within any second, one a second to a chat.
    """
    url = f"sqlite+aiosqlite:///{folder}/http.db"
    await fill_outbox(url, chats, html)
    async with BotApi(
        delay_s=_ANSWER_S,
        rates=FAULTS_OF_A_TENTH,
        most_per_s=_TELEGRAM_PER_S,
        chat_gap_s=_CHAT_GAP_S,
    ) as api:
        for chat in range(_BLOCKED_EACH, chats + 1, _BLOCKED_EACH):
            api.rules[chat].append("blocked")
        sent = await _send(loop, url, AiohttpRequest(), api.url)
    return _result(chats, api.taken, api.ambiguous, api.met, sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What the sender knows: how its parts ended, what it took, and when it tried which chat."""

    states: Mapping[str, int]
    cpu_s: float
    virtual_s: float
    pace: float


async def _send(loop: VirtualLoop, url: str, request: BaseRequest, api_url: str) -> _Sent:
    """Send all that waits, as the clock's job does."""
    clock, pacer = VirtualClock(loop), _WatchedPacer(Limits())
    bot: ExtBot[None] = ExtBot(
        TOKEN, base_url=api_url, request=request, get_updates_request=request
    )
    await request.initialize()
    transport = _Watched(TelegramTransport(bot), loop)
    cpu_s, began_s = time.process_time(), loop.time()
    async with Database(url) as database:
        store = Store(database)
        outbox = Outbox(
            store.outbox, transport, pacer, clock=clock, reachable=transport.under.reachable
        )
        await outbox.drain()
        while (at := await outbox.next_at()) is not None:
            await clock.sleep((at - clock.now()).total_seconds())
            await outbox.drain()
        cpu_s = time.process_time() - cpu_s
        states = await store.outbox.counts()
    await request.shutdown()
    return _Sent(
        states=states,
        cpu_s=cpu_s,
        virtual_s=loop.time() - began_s,
        pace=transport.pace(pacer),
    )


def _result(
    chats: int,
    taken: Counter[int],
    ambiguous: Counter[int],
    met: Counter[str],
    sent: _Sent,
) -> Broadcast:
    blocked = chats // _BLOCKED_EACH if met["blocked"] else 0
    undue = sum(max(taken[chat] - 1 - ambiguous[chat], 0) for chat in taken)
    return Broadcast(
        chats=chats,
        lost=chats - blocked - len(taken),
        given_up=sent.states.get("dead", 0) + sent.states.get("expired", 0) - blocked,
        repeats=taken.total() - len(taken),
        undue_repeats=undue,
        own_429s=met["too-fast"],
        pace=round(sent.pace, 3),
        virtual_h=round(sent.virtual_s / 3600, 2),
        cpu_s=round(sent.cpu_s),
        cpu_us_each=round(sent.cpu_s / chats * 1e6),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        states=dict(sorted(sent.states.items())),
        met=dict(sorted(met.items())),
    )


class _WatchedPacer(Pacer):
    """The pacer, with the pauses of the whole bot as (from, until) in seconds of the loop."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.pauses: list[tuple[float, float]] = []

    def flood(self, chat: Any, wait_s: float) -> None:
        super().flood(chat, wait_s)
        if self.pause_s > 0:
            now_s = asyncio.get_running_loop().time()
            began_s = max(now_s, self.pauses[-1][1] if self.pauses else now_s)
            self.pauses.append((began_s, now_s + self.pause_s))

    def paused_s(self, until_s: float) -> float:
        """Return how many seconds until ``until_s`` all was held."""
        return sum(max(min(end, until_s) - began, 0.0) for began, end in self.pauses)


class _Watched:
    """A transport that notes when it was asked, and how often until each chat's first try."""

    def __init__(self, under: TelegramTransport, loop: VirtualLoop) -> None:
        self.under = under
        self._loop = loop
        self._asked = 0
        self._firsts: list[tuple[float, int]] = []  # when, and how many tries by then

    async def send(self, part: Part, *, plain: bool = False) -> int:
        """See ``Transport.send``."""
        self._asked += 1
        if part.attempts == 1:
            self._firsts.append((self._loop.time(), self._asked))
        return await self.under.send(part, plain=plain)

    def pace(self, pacer: _WatchedPacer) -> float:
        """Return the share of the pace that was held until 99 in 100 had their first try."""
        began_s, _ = self._firsts[0]
        ended_s, asked = self._firsts[len(self._firsts) * 99 // 100 - 1]
        took_s = ended_s - began_s - pacer.paused_s(ended_s)
        return (asked - 1) / took_s / pacer.per_s


class _Telegram(BaseRequest):
    """Telegram in memory: it takes each message, and only counts."""

    def __init__(self) -> None:
        self.taken: Counter[int] = Counter()
        self.met: Counter[str] = Counter()
        self._window: deque[float] = deque(maxlen=_TELEGRAM_PER_S)
        text = b"x" * 700
        self._body = b'{"ok": true, "result": {"message_id": 1, "text": "%b"}}' % text

    @property
    def read_timeout(self) -> float:
        return 15.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Return the answer to one sendMessage, after Telegram's usual time."""
        assert request_data is not None
        assert (method, url.rsplit("/", 1)[-1]) == ("POST", "sendMessage")
        now_s = asyncio.get_running_loop().time()
        if len(self._window) == _TELEGRAM_PER_S and self._window[0] > now_s - 1.0:
            self.met["too-fast"] += 1
        self._window.append(now_s)
        self.taken[int(request_data.json_parameters["chat_id"])] += 1
        await asyncio.sleep(_ANSWER_S)
        return 200, self._body
