"""The tryout: all servers that the bot needs to be tried on this machine, with no account."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, time, timedelta
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.errors import SetupError
from bot.send import telegram_address
from bot.tryout.botapi import add_bot_api
from bot.tryout.chats import BOT, Chats
from bot.tryout.clock import ShiftableClock
from bot.tryout.flood import Flood
from bot.tryout.methods import Methods
from bot.tryout.newsroom import FEED_PATH, Newsroom, Outlet
from bot.tryout.outlets import outlet_site
from bot.tryout.people import Hooks, add_people_api, only_from_here

__all__ = ["Tryout"]

DEFAULT_PORT = 8080
# Far above an export of a reader's data; Telegram itself takes files of up to 50 MB.
MAX_BODY_BYTES = 20_000_000
_PORT_TRIES = 40
# The next morning's time in a chat without a schedule.
_USUAL_TIME = time(7, 30)
_DAY = timedelta(days=1)
_log = logging.getLogger(__name__)


class Tryout:
    """A Bot API, a chat page and a newsroom on loopback; an async context manager.

    Entering, once, starts the servers, and raises SetupError if the wanted ``port`` (below 65,536;
    0 for any) is taken; with None it is 8080 or the next free one of 40, if there is one. Each
    outlet has a port of its own, since the bot polls a host at most once a second. Leaving stops
    the servers and ends all waiting requests. ``flood`` makes a bot wait that sends too fast; by
    default there is no limit.

    ``token`` and ``base_url`` are for the bot. ``feeds`` are the outlets with their feeds'
    addresses, ``allow`` the hosts and ports of those; both are empty without a ``newsroom``.
    ``mornings`` are the instants, in order, whose news is out. ``hooks`` are for the app to set.
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
        self.hooks = Hooks()
        self.chats = Chats(now=lambda: clock.now().timestamp())
        self.token = f"{BOT['id']}:{secrets.token_hex(18)}"
        self.mornings = [clock.now()]
        self.feeds: tuple[tuple[Outlet, str], ...] = ()
        self.allow: tuple[str, ...] = ()

    @property
    def page_url(self) -> str:
        """The address of the chat page, once entered."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def base_url(self) -> str:
        """The address of the Bot API up to and with ``/bot``, as clients take it, once entered."""
        return f"http://127.0.0.1:{self._port}/bot"

    async def __aenter__(self) -> Self:
        site = web.Application(middlewares=[only_from_here], client_max_size=MAX_BODY_BYTES)
        methods = Methods(self.chats, flood=self._flood)
        add_bot_api(site, methods, self.token)
        add_people_api(
            site,
            methods,
            self.chats,
            self._clock,
            self.hooks,
            jump=self.jump,
            next_morning=self._next_morning,
            sample=self._newsroom is not None,
        )
        ports: Sequence[int] = range(DEFAULT_PORT, DEFAULT_PORT + _PORT_TRIES)
        if self._wanted_port is not None:
            ports = [self._wanted_port]
        try:
            self._port = await self._listen(site, ports)
            if self._newsroom is not None:
                await self._open_newsroom(self._newsroom)
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

    async def jump(self, chat_id: int) -> None:
        """Move the clock to the chat's next briefing, or else its next morning, with fresh news.

        A morning is 07:30 in the zone that the bot knows, or the chat's, in UTC without one or such
        a chat. For a briefing that is overdue the clock stays. Returns once the app has caught up,
        which may take many requests to feeds. Jumps wait for each other. What the hooks raise
        passes through; the clock has moved, and ``mornings`` has grown, by then if that was
        ``after_jump``.
        """
        async with self._jumping:
            target = await self._next_morning(chat_id)
            self.mornings.append(target)
            self._clock.jump_to(target)
            await self.hooks.after_jump()

    async def _next_morning(self, chat_id: int) -> datetime:
        """Return where a jump of a chat leads (UTC); now, for a briefing that is overdue."""
        address = telegram_address(chat_id)
        target = await self.hooks.next_due(address)
        if target is None:
            chat = self.chats.get(chat_id)
            _, known_zone = await self.hooks.locale_of(address)
            name = known_zone or (chat.zone if chat else "")
            zone = ZoneInfo(name) if name else UTC
            now = self._clock.now().astimezone(zone)
            usual = datetime.combine(now.date(), _USUAL_TIME, tzinfo=zone)
            target = (usual if usual > now else usual + _DAY).astimezone(UTC)
        return max(target, self._clock.now())

    async def _open_newsroom(self, newsroom: Newsroom) -> None:
        """Serve each outlet at a port of its own, and add a morning every day."""
        feeds, allow = [], []
        free = self._port + 1
        for outlet in newsroom.outlets:
            site = outlet_site(newsroom, outlet, self.mornings)
            port = await self._listen(site, [*range(free, free + _PORT_TRIES), 0])
            free = port + 1
            feeds.append((outlet, f"http://127.0.0.1:{port}{FEED_PATH}"))
            allow.append(f"127.0.0.1:{port}")
        self.feeds, self.allow = tuple(feeds), tuple(allow)
        task = asyncio.create_task(self._publish_daily())
        self._exit.push_async_callback(asyncio.wait, [task])
        self._exit.callback(task.cancel)  # called before the wait: the stack unwinds backwards

    async def _publish_daily(self) -> None:
        """Add a morning whenever a day has passed without a jump."""
        while True:
            due = self.mornings[-1] + _DAY
            await self._clock.sleep(max((due - self._clock.now()).total_seconds(), 1.0))
            if self._clock.now() >= self.mornings[-1] + _DAY:
                self.mornings.append(self._clock.now())

    async def _listen(self, app: web.Application, ports: Sequence[int]) -> int:
        """Serve ``app`` at the first free port, and return it; raise SetupError if none is."""
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
        raise SetupError(
            f"Port {ports[0]} is taken: free it, or set DAYBRIEF_TRYOUT_PORT to another one."
        )
