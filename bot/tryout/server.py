"""The tryout: everything the real bot needs to be tried here, with no account."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.errors import SetupError
from bot.tryout.botapi import add_bot_api
from bot.tryout.chats import BOT, Chats
from bot.tryout.clock import ShiftableClock
from bot.tryout.flood import Flood
from bot.tryout.methods import Methods
from bot.tryout.newsroom import FEED_PATH, Newsroom, Outlet
from bot.tryout.outlets import outlet_site
from bot.tryout.people import Hooks, add_people_api, only_from_here

__all__ = ["AppHooks", "Tryout"]

DEFAULT_PORT = 8080
# An export of a reader's data is far below; Telegram takes files of up to 50 MB.
MAX_BODY_BYTES = 20_000_000
_TRIES = 40
# What somebody who never set a time is shown the next morning at.
_USUAL_TIME = time(7, 30)
_DAY = timedelta(days=1)
_log = logging.getLogger(__name__)


async def _nothing(*_: object) -> None:
    return None


@dataclass(slots=True)
class AppHooks:
    """What the app does for the tryout; until it is there, nothing."""

    on_hello: Callable[[int, str, str], Awaitable[None]] = _nothing
    next_due: Callable[[int], Awaitable[datetime | None]] = _nothing
    after_jump: Callable[[], Awaitable[None]] = _nothing


class Tryout:
    """A Bot API, a chat page and a newsroom on loopback; an async context manager.

    ``port`` None means 8080 or the next free one; a port asked for must be free, else
    SetupError. Each outlet has a port of its own, since the bot asks a host at most once a
    second. ``flood`` asks a bot that sends too fast to wait; by default nobody does.
    """

    def __init__(
        self,
        *,
        port: int | None,
        clock: ShiftableClock,
        newsroom: Newsroom | None,
        flood: Flood | None = None,
    ) -> None:
        self._wanted_port = port
        self._clock = clock
        self._newsroom = newsroom
        self._flood = flood
        self._exit = AsyncExitStack()
        self._jumping = asyncio.Lock()
        self._port = 0
        self.hooks = AppHooks()
        self.chats = Chats(now=lambda: clock.now().timestamp())
        self.token = f"{BOT['id']}:{secrets.token_hex(18)}"
        self.mornings = [clock.now()]
        self.feeds: tuple[tuple[Outlet, str], ...] = ()
        self.allow: tuple[str, ...] = ()

    @property
    def page_url(self) -> str:
        """Where to chat."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def base_url(self) -> str:
        """The Bot API, as clients take it: up to and with ``/bot``."""
        return f"http://127.0.0.1:{self._port}/bot"

    async def __aenter__(self) -> Self:
        try:
            self._port = await self._open_page()
            await self._open_newsroom()
            self._exit.callback(self.chats.close)
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    async def jump(self, telegram_id: int) -> None:
        """Go on to the chat's next briefing: a new morning of news, and the clock moved there."""
        async with self._jumping:
            target = await self._hook_next_due(telegram_id) or self._next_usual(telegram_id)
            self.mornings.append(target)
            self._clock.jump_to(target)
            await self.hooks.after_jump()

    async def _hook_next_due(self, telegram_id: int) -> datetime | None:
        return await self.hooks.next_due(telegram_id)

    async def _hook_hello(self, telegram_id: int, zone: str, language: str) -> None:
        await self.hooks.on_hello(telegram_id, zone, language)

    def _next_usual(self, telegram_id: int) -> datetime:
        chat = self.chats.get(telegram_id)
        zone = ZoneInfo(chat.zone) if chat and chat.zone else UTC
        now = self._clock.now().astimezone(zone)
        at = datetime.combine(now.date(), _USUAL_TIME, tzinfo=zone)
        return (at if at > now else at + _DAY).astimezone(UTC)

    async def _open_page(self) -> int:
        hooks = Hooks(hello=self._hook_hello, next_due=self._hook_next_due, jump=self.jump)
        sample = self._newsroom is not None
        site = web.Application(middlewares=[only_from_here], client_max_size=MAX_BODY_BYTES)
        methods = Methods(self.chats, flood=self._flood)
        add_bot_api(site, methods, self.token)
        add_people_api(site, methods, self.chats, hooks, self._clock, sample=sample)
        if self._wanted_port is not None:
            return await self._listen(site, [self._wanted_port])
        return await self._listen(site, range(DEFAULT_PORT, DEFAULT_PORT + _TRIES))

    async def _open_newsroom(self) -> None:
        if self._newsroom is None:
            return
        feeds, allow = [], []
        free = self._port + 1
        for outlet in self._newsroom.outlets:
            site = outlet_site(self._newsroom, outlet, self.mornings)
            port = await self._listen(site, [*range(free, free + _TRIES), 0])
            free = port + 1
            feeds.append((outlet, f"http://127.0.0.1:{port}{FEED_PATH}"))
            allow.append(f"127.0.0.1:{port}")
        self.feeds, self.allow = tuple(feeds), tuple(allow)
        task = asyncio.create_task(self._publish_daily())
        self._exit.push_async_callback(_ended, task)

    async def _publish_daily(self) -> None:
        """Add a morning whenever a day has passed, for whoever lets the bot run that long."""
        while True:
            due = self.mornings[-1] + _DAY
            await self._clock.sleep(max((due - self._clock.now()).total_seconds(), 1.0))
            if self._clock.now() >= self.mornings[-1] + _DAY:
                self.mornings.append(self._clock.now())

    async def _listen(self, app: web.Application, ports: "range | list[int]") -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._exit.push_async_callback(runner.cleanup)
        for port in ports:
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
            except OSError as error:
                _log.debug("port %s is taken: %s", port, error)
                continue
            return int(runner.addresses[0][1])
        first = next(iter(ports))
        raise SetupError(
            f"Port {first} is taken: free it, or set DAYBRIEF_TRYOUT_PORT to another one."
        )


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
