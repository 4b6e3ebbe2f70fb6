"""The bot, put together: the only place that knows every class."""

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self

from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest

from bot.assembly import (
    WORKER_IMPORTS,
    make_dispatcher,
    make_gathering,
    open_feeds,
    open_fetcher,
    open_store,
)
from bot.chat import Handlers, Lanes, LongPoll, PollRequest, Throttle, UpdateCounts
from bot.chat.closed_topics import ClosedTopics
from bot.chat.menus import set_menus
from bot.clock.local import Job, LocalJobs
from bot.clock.trusted import TrustedClock
from bot.commands import Dispatcher
from bot.domain.ports import Clock
from bot.domain.room import UsualLanguages
from bot.domain.subscription import EVERYTHING
from bot.errors import SetupError
from bot.flow import Flow
from bot.gather.catalogue.sources import load_sources
from bot.gather.http.fetch import Fetcher
from bot.logs import event
from bot.send import UNPACED, Limits, Outbox, Pacer
from bot.send.limiter import PacerLimiter
from bot.send.telegram import AiohttpRequest, TelegramTransport
from bot.settings import Settings
from bot.steps.attempts import Attempts
from bot.steps.cleaning import Cleaning
from bot.steps.clock_steps import ClockSteps
from bot.steps.composing import Composing
from bot.steps.topic_feeds import renew_feeds
from bot.steps.zone_data import follow_zone_data, zone_data_version
from bot.store import Store
from bot.store.database import BotLock
from bot.store.feeds import NewFeed
from bot.topics import load_topics
from bot.workers import AnyWorkers, Workers

__all__ = ["WORKER_IMPORTS", "App", "build"]

# How long answers under way may take when the bot ends, and then to notice that they are cut off.
_STOP_S = 2.5
_CUT_OFF_S = 1.0
# PostgreSQL's restart takes the lock away, and another process may be started meanwhile.
_LOCK_EVERY_S = 2.0
_CLEAN_EVERY = timedelta(hours=24)
_POLL_EVERY = timedelta(minutes=5)
_JOBS = ("poll", "prepare", "deliver", "clean")
_log = logging.getLogger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    request: BaseRequest | None = None,
    workers: AnyWorkers | None = None,
    feeds: tuple[NewFeed, ...] = (),
    sample: bool = False,
    fetch_gap_s: float = 1.0,
    throttle: Throttle | None = None,
    limits: Limits | None = None,
) -> "App":
    """Return the bot as ``settings`` say, ready to be entered.

    ``clock`` and ``request`` are the seams of tests and of the tryout; ``feeds`` are polled
    for every topic, beside those of the settings, and their languages, if any names one, are
    those readers are offered in place of the catalogue's. ``sample`` marks every briefing as
    one, has whatever is on any topic read, and sends unpaced where no ``limits`` say how fast.
    ``fetch_gap_s`` lies between two requests to one host; ``throttle`` says how much one chat
    may ask. Nothing is opened yet, but without ``workers`` OPENBLAS_NUM_THREADS is set for this
    process (see ``start_method``).
    """
    return App(
        settings,
        clock=clock or TrustedClock(),
        request=request,
        workers=workers or Workers(imports=WORKER_IMPORTS, max_workers=settings.workers),
        feeds=feeds,
        sample=sample,
        fetch_gap_s=fetch_gap_s,
        throttle=throttle or Throttle(),
        limits=limits or (UNPACED if sample else Limits(overall_per_s=settings.messages_per_s)),
    )


class App:
    """The bot: an async context manager around everything that is opened and closed.

    Inside, all is ready, but nothing runs by itself: ``start`` adds the clock's jobs and the
    long poll. Tests feed ``application`` with updates, and call ``flow`` as the clock would.
    The attributes declared here exist inside only.

    Entering, once, takes seconds: it upgrades the database, says hello to Telegram and stores the
    feeds, while a worker starts. Raises SetupError where one of these cannot work as it is set up,
    StoreUnavailable, and telegram's InvalidToken without any token; what was opened is closed then.
    """

    application: AnyApplication
    store: Store
    flow: Flow
    dispatcher: Dispatcher

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        request: BaseRequest | None,
        workers: AnyWorkers,
        feeds: tuple[NewFeed, ...],
        sample: bool,
        fetch_gap_s: float,
        throttle: Throttle,
        limits: Limits,
    ) -> None:
        self._fetch_gap_s = fetch_gap_s
        self._throttle = throttle
        self._limits = limits
        self.settings = settings
        self.clock = clock
        self._request = request
        self._workers = workers
        self.counts = UpdateCounts()
        self._lanes = Lanes()
        self._feeds = feeds
        self._sample = sample
        self._exit = AsyncExitStack()
        self._jobs: LocalJobs | None = None
        # Set when another process is at work on the database, which this one may no longer be.
        self.overtaken = asyncio.Event()

    async def __aenter__(self) -> Self:
        try:
            await self._open()
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

    async def start(self) -> None:
        """Take up the clock's jobs and the long poll, and return; leaving the app ends both.

        Call it once, inside. As the only process of its database it first frees what a killed one
        had claimed, but for entries that failed before (see ``Store.release_leases``). The poll
        deletes the webhook that the bot has at Telegram. Messages that wait go out at once; the
        command menus are set beside, and a worker has started on return. Raises StoreUnavailable,
        and SetupError if another process is at work on the database.
        """
        now = self.clock.now()
        database = self.store.database
        lock = await self._exit.enter_async_context(database.alone())
        if lock is None:
            raise SetupError(f"Another daybrief runs on {database.name}: stop it first.")
        keeping = asyncio.create_task(self._keep(lock))
        self._exit.callback(keeping.cancel)
        await self.store.release_leases(now)  # to its only process, what a killed one held is free
        flow = self.flow
        jobs = (
            Job(
                name="poll",
                run=flow.refresh,
                every=_POLL_EVERY,
                wake_at=self.store.feeds.next_poll_at,
            ),
            Job(
                name="prepare",
                run=partial(flow.prepare, queued=partial(self.ring, "deliver")),
                wake_at=flow.next_edition_at,
            ),
            Job(
                name="deliver", run=flow.deliver, wake_at=flow.next_part_at, stop=flow.outbox.close
            ),
            Job(name="clean", run=flow.clean, every=_CLEAN_EVERY),
        )
        self._exit.push_async_callback(flow.outbox.flush)
        self._jobs = LocalJobs(self.clock, jobs)
        await self._exit.enter_async_context(self._jobs)
        if isinstance(self.clock, TrustedClock):
            await self._exit.enter_async_context(self.clock.watched(self._follow_clock))
        await self.application.start()
        self._exit.push_async_callback(self._stop_application)
        await self._exit.enter_async_context(LongPoll(self.application, request=self._poll_request))
        # First of all, so that no answer under way waits any longer for feeds.
        self._exit.push_async_callback(self.dispatcher.close)
        self._exit.callback(flow.outbox.close)
        # Up to 48 calls, which no message that waits should wait for.
        menus = asyncio.create_task(set_menus(self.application.bot, self.store))
        self._exit.callback(menus.cancel)
        await self._warm
        event(_log, "started", bot=self.application.bot.username)

    def ring(self, job: str) -> None:
        """Wake a job of the clock, if the clock runs: poll, prepare, deliver or clean.

        Returns at once. Raises KeyError for another name, if the clock runs.
        """
        if self._jobs is not None:
            self._jobs.ring(job)

    async def catch_up(self) -> None:
        """Do at once what the clock would do by now, after it was moved: read, brief, send.

        Returns when the feeds of every topic, and all that are due, were asked and read; briefings
        follow if the clock runs. Raises StoreUnavailable, bare or as ``Flow.refresh`` does.
        """
        await self.store.feeds.poll_now([EVERYTHING], now=self.clock.now())
        await self.flow.refresh()
        self.ring("prepare")

    async def _keep(self, lock: BotLock) -> None:
        """Hold the database's lock; where another process took it, say so and return."""
        is_held = True
        while is_held:
            await asyncio.sleep(_LOCK_EVERY_S)
            is_held = await lock.renew()
        self.overtaken.set()

    async def _follow_clock(self, by: timedelta) -> None:
        """Put right what waits after the clock was set, and have every job look again."""
        self.flow.outbox.follow_clock(by)
        await ClockSteps(self.store, self.clock).follow(by)
        for job in _JOBS:
            self.ring(job)

    async def _open(self) -> None:
        enter = self._exit.enter_async_context
        await enter(self._workers)
        # It takes seconds, and is of use to readers, not to messages that wait.
        self._warm = asyncio.create_task(self._workers.warm())
        self._exit.callback(self._warm.cancel)
        self.store = await enter(open_store(self.settings))
        await follow_zone_data(self.store, zone_data_version())
        fetcher = await enter(open_fetcher(self.settings, self.store, gap_s=self._fetch_gap_s))
        pacer = Pacer(self._limits)
        self.application = self._application(pacer)
        self.flow = self._flow(fetcher, pacer)
        self.dispatcher = make_dispatcher(
            self.flow,
            fetcher,
            self._workers,
            self.settings,
            languages=self._languages(),
            ring=self.ring,
        )
        self._exit.push_async_callback(self.dispatcher.close)
        Handlers(self.dispatcher, self._throttle, self.counts, self._lanes).register(
            self.application
        )
        await self._open_application()
        if self.settings.builtin_feeds:
            await renew_feeds(self.store, load_sources(), self._languages(), now=self.clock.now())
        await open_feeds(self.flow.gathering, self.settings, self._feeds)

    async def _stop_application(self) -> None:
        """End the handlers at work; what still waits for Telegram after a while is cut off."""
        stopping = asyncio.create_task(self.application.stop())
        await asyncio.wait([stopping], timeout=_STOP_S)
        if not stopping.done():
            self._lanes.cancel()
            await asyncio.wait([stopping], timeout=_CUT_OFF_S)
        if not stopping.done():  # what waits for Telegram, and not in a handler
            await self.application.bot.shutdown()
            await asyncio.wait([stopping], timeout=_CUT_OFF_S)

    def _application(self, pacer: Pacer) -> AnyApplication:
        settings = self.settings
        saw = self.clock.saw if isinstance(self.clock, TrustedClock) else None
        under = self._request or AiohttpRequest(proxy=settings.proxy, on_date=saw)
        self._poll_request = PollRequest(under, self.counts)
        builder = (
            ApplicationBuilder()
            .token(settings.token.get_secret_value())
            .base_url(settings.api_url)
            .request(self._request or AiohttpRequest(proxy=settings.proxy, on_date=saw))
            .get_updates_request(self._poll_request)
            .updater(None)  # LongPoll takes its place
            .rate_limiter(PacerLimiter(pacer))
            .concurrent_updates(self._lanes)
        )
        return builder.build()

    async def _open_application(self) -> None:
        """Say hello to Telegram.

        Raises SetupError if Telegram does not accept the token or cannot be reached.
        """
        bot = self.application.bot
        # A hello that fails leaves its connections open, and the application does not mind.
        self._exit.push_async_callback(bot.shutdown)
        try:
            await self.application.initialize()
        except InvalidToken:
            raise SetupError(
                "Telegram rejects the token: copy it again from @BotFather to DAYBRIEF_TOKEN."
            ) from None
        except (NetworkError, TelegramError) as error:
            raise SetupError(
                f"Telegram cannot be reached ({error.message}): check the network, "
                "DAYBRIEF_API_URL and DAYBRIEF_PROXY."
            ) from None
        self._exit.push_async_callback(self.application.shutdown)
        await self.store.claim_for_bot(bot.id)

    def _flow(self, fetcher: Fetcher, pacer: Pacer) -> Flow:
        store, clock, workers = self.store, self.clock, self._workers
        transport = TelegramTransport(self.application.bot)
        composing = Composing(
            store,
            workers,
            load_topics(),
            clock,
            languages=self._languages(),
            sample=self._sample,
            method=self.settings.summary_method,
        )
        return Flow(
            store=store,
            clock=clock,
            gathering=make_gathering(store, fetcher, workers, clock, everything=self._sample),
            composing=composing,
            attempts=Attempts(store, composing, workers, clock),
            outbox=Outbox(
                store.outbox,
                transport,
                pacer,
                clock=clock,
                reachable=transport.reachable,
                on_thread_closed=ClosedTopics(store, self.application.bot).closed,
            ),
            cleaning=Cleaning(
                store,
                clock,
                article_days=self.settings.article_days,
                told_days=self.settings.told_days,
            ),
        )

    def _languages(self) -> UsualLanguages:
        own = frozenset(feed.language for feed in self._feeds if feed.language)
        available = own or load_sources().languages
        return UsualLanguages(configured=self.settings.languages, available=available)
