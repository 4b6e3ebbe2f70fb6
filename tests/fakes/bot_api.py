"""A Bot API server on loopback for bots that run as separate processes, and a way to run one."""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.api_faults import FAULTS, Fault
from tests.fakes.wire import BOT, TOKEN, Json

__all__ = ["BotApi", "Delivery", "running_bot"]

_ROOT = Path(__file__).parents[2]
# Telegram allows about 30 messages within any second.
_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that a chat got: when (seconds of the loop's clock), and its text."""

    at_s: float
    chat_id: int
    text: str


class BotApi:
    """A server that accepts every message and answers after ``delay_s`` seconds.

    ``journal`` holds what was delivered, in order, and is only added to; ``taken`` counts it by
    chat id, ``calls`` the requests by method, ``in_flight`` those not yet answered. The next
    getUpdates returns all of ``updates``. Each item of ``faults`` replaces the answer to one
    message: an error as Telegram sends it, or None to abort the connection; such a message is not
    delivered. With ``rejects_token``, every call is answered with 401.

    ``rates`` are the chances of ``FAULTS`` by name, drawn by ``seed`` for each try at a chat,
    whatever the order; ``poll_rates`` those for getUpdates. ``rules`` are the faults of a chat's
    next messages. ``ambiguous`` counts by chat the answers that left the bot in doubt, ``met`` all
    faults by name. A message beyond ``most_per_s`` within any second, or to a chat within
    ``chat_gap_s`` of the last, is refused, and counted in ``met`` as "too-fast". While
    ``is_down``, every connection is closed unread.
    """

    def __init__(
        self,
        *,
        delay_s: float = 0.05,
        rates: Mapping[str, float] | None = None,
        poll_rates: Mapping[str, float] | None = None,
        most_per_s: int = 0,
        chat_gap_s: float = 0.0,
        seed: int = 1,
    ) -> None:
        self.taken: Counter[int] = Counter()
        self.journal: list[Delivery] = []
        self.calls: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.ambiguous: Counter[int] = Counter()
        self.in_flight = 0
        self.updates: deque[Json] = deque()
        self.faults: deque[Json | None] = deque()
        self.rules: defaultdict[int, deque[str]] = defaultdict(deque)
        self.rejects_token = False
        self.is_down = False
        self.rates = dict(rates or {})
        self.poll_rates = dict(poll_rates or {})
        self._most_per_s = most_per_s
        self._window: deque[float] = deque()
        self._seed = seed
        self._random = random.Random(seed)
        self._chat_gap_s = chat_gap_s
        self._last_s: dict[int, float] = {}
        self._tries: Counter[int] = Counter()
        self._delay_s = delay_s
        self._changed = asyncio.Condition()
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        self.url = ""
        self.port = 0

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}/bot"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def until(self, reached: Callable[[], bool], *, within_s: float = 600) -> None:
        """Return once ``reached()`` is true; it is checked after every message.

        Raises TimeoutError after ``within_s`` seconds.
        """
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(reached)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if self.is_down:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if self.rejects_token:
            refusal = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return web.json_response(refusal, status=401)
        method = request.path.rsplit("/", 1)[-1]
        self.calls[method] += 1
        if method == "sendMessage":
            return await self._send(request)
        if method == "getUpdates":
            if fault := self._drawn(self.poll_rates, self._random):
                self.met[f"{fault} of a poll"] += 1
                return await FAULTS[fault].answer(request, b'{"ok": true, "result": []}')
            return web.json_response({"ok": True, "result": await self._poll()})
        return web.json_response({"ok": True, "result": BOT if method == "getMe" else True})

    async def _poll(self) -> list[Json]:
        if not self.updates:
            await asyncio.sleep(0.3)
        waiting = list(self.updates)
        self.updates.clear()
        return waiting

    async def _send(self, request: web.BaseRequest) -> web.StreamResponse:
        message: Any = await request.post() or await request.json()
        chat_id = int(message["chat_id"])
        if self.faults:
            return await self._fail(request)
        if self._is_too_fast(chat_id):
            self.met["too-fast"] += 1
            return await FAULTS["flood"].answer(request, b"")
        rules = self.rules[chat_id]
        self._tries[chat_id] += 1
        chance = random.Random(f"{self._seed} {chat_id} {self._tries[chat_id]}")
        name = rules.popleft() if rules else self._drawn(self.rates, chance)
        if name:
            return await self._go_wrong(request, FAULTS[name], name, message)
        self._deliver(chat_id, message["text"])  # before the bot has the answer
        self.in_flight += 1
        await self._notify()
        try:
            await asyncio.sleep(self._delay_s)
        finally:
            self.in_flight -= 1
        return web.Response(body=self._right(message), content_type="application/json")

    async def _go_wrong(
        self, request: web.BaseRequest, fault: Fault, name: str, message: Any
    ) -> web.StreamResponse:
        chat_id = int(message["chat_id"])
        self.met[name] += 1
        self.ambiguous[chat_id] += fault.is_ambiguous
        if fault.delivers:
            self._deliver(chat_id, message["text"])
        await self._notify()
        if fault.slow_s:
            self.in_flight += 1
            try:
                await asyncio.sleep(fault.slow_s)
            finally:
                self.in_flight -= 1
            return web.Response(body=self._right(message), content_type="application/json")
        return await fault.answer(request, self._right(message))

    def _deliver(self, chat_id: int, text: str) -> None:
        self.taken[chat_id] += 1
        self.journal.append(Delivery(_now_s(), chat_id, text))

    def _right(self, message: Any) -> bytes:
        chat = {"id": int(message["chat_id"]), "type": "private", "first_name": "R"}
        head = {"message_id": self.taken.total(), "date": int(time.time()), "chat": chat}
        return json.dumps({"ok": True, "result": {**head, "text": message["text"]}}).encode()

    def _drawn(self, rates: Mapping[str, float], chance: random.Random) -> str:
        """Return the name of the fault that is drawn, "" for none."""
        drawn = chance.random()
        for name, rate in rates.items():
            if drawn < rate:
                return name
            drawn -= rate
        return ""

    def _is_too_fast(self, chat_id: int) -> bool:
        now_s = _now_s()
        last_s = self._last_s.get(chat_id)
        if self._chat_gap_s:
            self._last_s[chat_id] = now_s
            if last_s is not None and now_s - last_s < self._chat_gap_s:
                return True
        while self._window and self._window[0] <= now_s - _WINDOW_S:
            self._window.popleft()
        if self._most_per_s and len(self._window) >= self._most_per_s:
            return True
        self._window.append(now_s)
        return False

    async def _fail(self, request: web.BaseRequest) -> web.StreamResponse:
        fault = self.faults.popleft()
        await self._notify()
        if fault is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response(fault, status=fault["error_code"])

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _now_s() -> float:
    return asyncio.get_running_loop().time()


@contextlib.asynccontextmanager
async def running_bot(
    database_url: str, api_url: str, log: Path, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield a process of ``daybrief run`` that appends its output to ``log``; kill it on exit.

    ``settings`` become ``DAYBRIEF_…`` environment variables and override the defaults set here.
    """
    environment = {
        "DAYBRIEF_TOKEN": TOKEN,
        "DAYBRIEF_DATABASE_URL": database_url,
        "DAYBRIEF_API_URL": api_url,
        "DAYBRIEF_BUILTIN_FEEDS": "false",
        "DAYBRIEF_MESSAGES_PER_S": "1000",
    } | {f"DAYBRIEF_{name.upper()}": value for name, value in settings.items()}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=_ROOT,
            env=os.environ | environment,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
