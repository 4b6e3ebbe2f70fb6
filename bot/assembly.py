"""How the parts are joined: stores, the fetcher, gathering, and what answers readers."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import time

from bot.clock.system import SystemClock
from bot.commands import Dispatcher, UseCases
from bot.commands.breaks import Breaks
from bot.commands.brief import BriefNow
from bot.commands.feeds import FeedFinder
from bot.commands.groups import Groups
from bot.commands.imports import Imports
from bot.commands.languages import Languages
from bot.commands.lists import Lists
from bot.commands.managing import Managing
from bot.commands.newest import NewestHeadline
from bot.commands.onboarding import Onboarding
from bot.commands.plain_words import PlainWords
from bot.commands.preferences import Preferences
from bot.commands.privacy import Privacy
from bot.commands.received import Received
from bot.commands.refresh import RefreshForReader
from bot.commands.schedule import Schedules
from bot.commands.status import StatusReport
from bot.commands.subscriptions import Subscriptions
from bot.commands.undo import Undo
from bot.domain.ports import Clock
from bot.domain.room import UsualLanguages
from bot.domain.subscription import EVERYTHING
from bot.flow import Flow, Gathering
from bot.gather.catalogue.outlets import outlet_id
from bot.gather.catalogue.sources import load_sources
from bot.gather.http.fetch import Fetcher
from bot.gather.http.robots import Robots
from bot.gather.polling.feed_reader import FeedReader
from bot.settings import Settings
from bot.steps.grouping import Grouping
from bot.steps.matching import Matching
from bot.steps.polling import Polling
from bot.steps.reading import Reading
from bot.store import Database, Store
from bot.store.feeds import NewFeed
from bot.store.schema import existing, require_newest, upgrade
from bot.topics import load_topics
from bot.workers import AnyWorkers, Workers

__all__ = [
    "DEFAULT_DATABASE",
    "WORKER_IMPORTS",
    "make_dispatcher",
    "make_gathering",
    "open_feed_reader",
    "open_feeds",
    "open_fetcher",
    "open_store",
]

# Where the memory lies if nothing else is set.
DEFAULT_DATABASE = "sqlite+aiosqlite:///data/daybrief.db"
# What the workers load when they start, so that no reader waits for it. The last gives back what
# memory loading took.
WORKER_IMPORTS = ("bot.pick", "summarizers.centroid", "bot.gather.preload")


@asynccontextmanager
async def open_store(settings: Settings, *, create: bool = True) -> AsyncIterator[Store]:
    """Give the memory that ``settings`` name, brought to the newest schema.

    An upgrade may take minutes. Unless ``create``, it is neither made nor upgraded: then this
    raises SetupError where there is none (NoDatabase), or of another schema. Raises SetupError
    where it cannot be opened or upgraded, too, and StoreUnavailable. It is closed on leaving.
    Where ``settings`` name none it is DEFAULT_DATABASE, below the current folder.
    """
    url = settings.database_url or DEFAULT_DATABASE
    if not create:
        async with existing(url) as database:
            await require_newest(database)
            yield Store(database)
        return
    async with Database(url) as database:
        await upgrade(database, languages=settings.languages, outlet_of=outlet_id)
        yield Store(database)


@asynccontextmanager
async def open_fetcher(
    settings: Settings, store: Store, *, gap_s: float = 1.0
) -> AsyncIterator[Fetcher]:
    """Give the door to the web, which keeps the pauses that hosts asked for in the store.

    ``gap_s`` lies between two requests to one host. Raises StoreUnavailable, and SetupError for
    an entry of ``allow_local`` that is none. Nothing is asked before it is used.
    """
    # Politeness is measured in the publishers' time, which no jump of ours moves.
    clock = SystemClock()
    async with Fetcher(
        clock=clock,
        min_gap_s=gap_s,
        allow=settings.allow_local,
        user_agent=settings.user_agent,
        on_pause=store.pauses.save,
    ) as fetcher:
        fetcher.pause(await store.pauses.load(clock.now()))
        yield fetcher


@asynccontextmanager
async def open_feed_reader(settings: Settings) -> AsyncIterator[FeedReader]:
    """Give a reader of feeds for the command line, with workers of its own and no database.

    The workers start at the first feed, and end on leaving; making them sets what ``start_method``
    sets. Raises SetupError for an entry of ``allow_local`` that is none.
    """
    clock = SystemClock()
    fetcher = Fetcher(clock=clock, allow=settings.allow_local, user_agent=settings.user_agent)
    workers = Workers(imports=WORKER_IMPORTS, max_workers=settings.workers)
    async with fetcher, workers:
        yield FeedReader(fetcher, workers, clock)


def make_gathering(
    store: Store, fetcher: Fetcher, workers: AnyWorkers, clock: Clock, *, everything: bool = False
) -> Gathering:
    """Return what lets the news in; with ``everything``, whatever is on a topic is read.

    It knows nothing that readers ask for until ``open_feeds``. The first call in a process reads
    the topics' files (it blocks).
    """
    matching = Matching(store, load_topics(), clock, everything=everything)
    return Gathering(
        store=store,
        clock=clock,
        matching=matching,
        polling=Polling(store, fetcher, workers, matching, clock, rng=random.Random()),
        reading=Reading(
            store,
            fetcher=fetcher,
            robots=Robots(fetcher, clock=SystemClock()),
            workers=workers,
            matching=matching,
            clock=clock,
        ),
        grouping=Grouping(store, clock),
    )


async def open_feeds(
    gathering: Gathering, settings: Settings, feeds: tuple[NewFeed, ...] = ()
) -> None:
    """Make known the feeds of ``settings`` and ``feeds``, and what readers ask for.

    They are stored, for every topic, and those that nobody read are due now; none is asked. A
    feed already stored keeps its values, but becomes public with one of ``settings`` or a public
    one. To be called before readers are answered: what they ask for is loaded anew from the
    store. Raises StoreUnavailable; the feeds may be stored by then, and it may be called again.
    """
    own = [NewFeed(url=url, public=True) for url in settings.feeds]
    await gathering.store.feeds.add([*feeds, *own], [EVERYTHING], now=gathering.clock.now())
    await gathering.matching.load()


def make_dispatcher(
    flow: Flow,
    fetcher: Fetcher,
    workers: AnyWorkers,
    settings: Settings,
    *,
    languages: UsualLanguages,
    ring: Callable[[str], None],
) -> Dispatcher:
    """Return what answers readers; ``ring`` wakes a named job of the clock.

    The first call in a process reads the files of topics and catalogue (it blocks). Raises
    ValueError for a ``default_time`` of ``settings`` that is no time.
    """
    store, clock, topics = flow.store, flow.clock, load_topics()
    gathering, composing = flow.gathering, flow.composing
    refresh = RefreshForReader(store, gathering, topics, clock)
    schedules = Schedules(
        store,
        clock,
        default_time=time.fromisoformat(settings.default_time),
        messages_per_s=settings.messages_per_s,
        ring=ring,
    )
    feeds = FeedFinder(
        store,
        fetcher,
        workers,
        clock,
        sources=load_sources() if settings.builtin_feeds else None,
        languages=languages,
    )
    subscriptions = Subscriptions(
        store,
        topics,
        gathering.matching,
        feeds=feeds,
        schedules=schedules,
        newest=NewestHeadline(store, languages, topics),
        ring=ring,
    )
    undo = Undo(store, gathering.matching, ring)
    brief_now = BriefNow(store, composing, refresh, ring, topics)
    groups = Groups(store, composing, refresh, schedules)
    use_cases = UseCases(
        onboarding=Onboarding(
            store,
            topics,
            languages,
            gathering=gathering.underway,
            schedules=schedules,
            subscriptions=subscriptions,
            brief_now=brief_now,
        ),
        brief_now=brief_now,
        subscriptions=subscriptions,
        schedules=schedules,
        preferences=Preferences(store, languages, method=settings.summary_method),
        breaks=Breaks(store, composing, refresh, ring),
        status=StatusReport(store, schedules),
        privacy=Privacy(
            store, gathering.matching, languages=languages, told_days=settings.told_days
        ),
        groups=groups,
        managing=Managing(store, groups),
        languages=Languages(store),
        received=Received(topics, schedules=schedules, subscriptions=subscriptions),
        imports=Imports(store, workers, feeds=feeds, subscriptions=subscriptions),
        lists=Lists(store, topics, schedules=schedules, subscriptions=subscriptions),
        undo=undo,
        plain_words=PlainWords(store, topics, undo),
    )
    return Dispatcher(use_cases, store, clock, refresh)
