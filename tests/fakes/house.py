"""The whole bot in a test: the real Application over ``FakeWire``, with feeds on loopback."""

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr
from telegram import Update

from bot.app import App, build
from bot.chat import Throttle
from bot.commands import Request
from bot.send import UNPACED, telegram_address
from bot.settings import Settings
from bot.texts import texts_for
from bot.workers import InlineWorkers
from tests.fakes.clock import FakeClock
from tests.fakes.databases import wanted_url
from tests.fakes.web import Web
from tests.fakes.wire import FakeWire, message_update, press_update

__all__ = ["TOKEN", "House", "PatientWorkers", "open_house"]

# Only a call that hangs takes longer.
_HANG_S = 100.0
TOKEN = "4242424242:AAHouseOfTheTestsNotARealTokenAtAll0"


class PatientWorkers(InlineWorkers):
    """Workers with a timeout of at least 100 s per call, so that a busy machine fails no test."""

    async def run(self, function: Any, /, *args: Any, timeout_s: float = 0.0, **kwargs: Any) -> Any:
        """Return ``function(*args, **kwargs)``, computed in a thread."""
        return await super().run(function, *args, timeout_s=max(timeout_s, _HANG_S), **kwargs)


class House:
    """A bot without readers, and methods to send it updates and read its answers.

    An exception that reaches the bot's error handler is kept in ``errors`` and raised in the
    test, unless ``forgives`` is set.
    """

    def __init__(self, app: App, wire: FakeWire, clock: FakeClock, web: Web) -> None:
        self.app = app
        self.wire = wire
        self.clock = clock
        self.web = web
        self.forgives = False
        self.errors: list[Exception] = []
        self._numbers = itertools.count(1)
        app.application.add_error_handler(self._on_error)

    async def say(self, text: str, chat_id: int = 1, **options: Any) -> list[str]:
        """Send a message to the bot; return the texts of its answers. See ``message_update``."""
        return await self.take(message_update(text, chat_id, **options))

    async def press(self, data: str, message: dict[str, Any], **options: Any) -> list[str]:
        """Tap the button with callback data ``data`` below ``message``; return the new texts."""
        return await self.take(press_update(data, message, **options))

    async def take(self, update: dict[str, Any]) -> list[str]:
        """Process an update, deliver the outbox, and return the texts of the new messages."""
        before = len(self.wire.texts())
        update = {"update_id": next(self._numbers), **update}
        await self.app.application.process_update(Update.de_json(update, self.app.application.bot))
        await self.app.flow.deliver()
        if self.errors and not self.forgives:
            raise self.errors[0]
        return self.wire.texts()[before:]

    async def known(self, chat_id: int, thread: int = 0) -> str:
        """Return all that is stored about a chat, as the JSON of /export; "" if unknown."""
        room = await self.app.store.chats.find_room(telegram_address(chat_id, thread))
        if room is None:
            return ""
        request = Request(room=room, texts=texts_for("en"), now=self.clock.now(), update_id=0)
        return (await self.app.dispatcher.use_cases.privacy.export(request, "")).content.decode()

    async def _on_error(self, _update: object, context: Any) -> None:
        self.errors.append(context.error)

    async def refresh(self) -> None:
        """Poll all feeds now, whenever they are due, and read and group what is new."""
        await self.app.store.feeds.poll_now(["*"], now=self.clock.now())
        await self.app.flow.refresh()

    async def morning(self) -> list[str]:
        """Prepare and deliver the editions that are due; return the texts of the new messages."""
        before = len(self.wire.texts())
        await self.app.flow.prepare()
        await self.app.flow.deliver()
        return self.wire.texts()[before:]


@asynccontextmanager
async def open_house(
    database_url: str,
    *,
    feeds: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    builtin_feeds: bool = False,
    settings: Mapping[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[House]:
    """Yield a house whose ``feeds`` are paths of its own web server.

    ``allow`` lists further local addresses that the bot may fetch from; ``settings`` are any
    others by name, and go before those above. Other ``options`` go to ``bot.app.build``; by
    default requests are not throttled, sending is not paced, there is no gap between fetches,
    and the clock is a FakeClock. With DAYBRIEF_TEST_DATABASE=postgresql,
    ``database_url`` is replaced by a fresh PostgreSQL database.
    """
    options.setdefault("throttle", Throttle(max_requests=1_000_000))
    options.setdefault("limits", UNPACED)
    options.setdefault("workers", PatientWorkers())
    options.setdefault("fetch_gap_s", 0.0)
    options.setdefault("clock", FakeClock())
    wire = FakeWire()
    async with Web() as web:
        values: dict[str, Any] = {
            "_env_file": None,
            "token": SecretStr(TOKEN),
            "database_url": await wanted_url(database_url),
            "feeds": tuple(web.url(path) for path in feeds),
            "allow_local": (web.at, *allow),
            "builtin_feeds": builtin_feeds,
            **(settings or {}),
        }
        found = Settings(**values)
        async with build(found, request=wire, **options) as app:
            yield House(app, wire, options["clock"], web)
