"""A Bot API server on loopback for bots that run as separate processes, and a way to run one."""

import asyncio
import contextlib
import os
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.wire import BOT, TOKEN, Json

__all__ = ["BotApi", "running_bot"]

_ROOT = Path(__file__).parents[2]


class BotApi:
    """A server that accepts every message and answers after ``delay_s`` seconds.

    ``taken`` counts the accepted messages by chat id, ``in_flight`` those not yet answered.
    The next getUpdates returns all of ``updates``. Each item of ``faults`` replaces the answer
    to one message: an error as Telegram sends it, or None to abort the connection; such a
    message is not counted. With ``rejects_token``, every call is answered with 401.
    """

    def __init__(self, *, delay_s: float = 0.05) -> None:
        self.taken: Counter[int] = Counter()
        self.in_flight = 0
        self.updates: deque[Json] = deque()
        self.faults: deque[Json | None] = deque()
        self.rejects_token = False
        self._delay_s = delay_s
        self._changed = asyncio.Condition()
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
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
        if self.rejects_token:
            refusal = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return web.json_response(refusal, status=401)
        method = request.path.rsplit("/", 1)[-1]
        if method == "sendMessage":
            return await self._send(request)
        if method == "getUpdates":
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
        if self.faults:
            return await self._fail(request)
        chat_id = int(message["chat_id"])
        self.taken[chat_id] += 1  # accepted, before the bot has the answer
        self.in_flight += 1
        await self._notify()
        try:
            await asyncio.sleep(self._delay_s)
        finally:
            self.in_flight -= 1
        chat = {"id": chat_id, "type": "private", "first_name": "R"}
        head = {"message_id": self.taken.total(), "date": int(time.time()), "chat": chat}
        return web.json_response({"ok": True, "result": {**head, "text": message["text"]}})

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
