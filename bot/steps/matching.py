"""Matching articles to subscriptions: the catalogue's topics, and readers' queries."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

from bot.domain.ports import Clock
from bot.domain.subscription import Query, SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.logs import event
from bot.store import Store
from bot.topics import QueryMatcher, Topics, parse_query

__all__ = ["Matching"]

# How far back a new subscription looks for what came in before anybody wanted it.
LOOK_BACK = timedelta(days=3)
# So many are read and matched at a time, so that others get their turn in between.
_PAGE = 500
_log = logging.getLogger(__name__)


class Matching:
    """Matches each article once against all topics and all readers' queries.

    Only what somebody is subscribed to is wanted, that is worth fetching a page for; with
    ``everything`` (the sample newsroom) all topics are.
    """

    def __init__(
        self, store: Store, topics: Topics, clock: Clock, *, everything: bool = False
    ) -> None:
        self._store = store
        self._topics = topics
        self._clock = clock
        self._everything = everything
        self._queries = QueryMatcher({})
        self._wanted: set[str] = set()
        self._held: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def load(self) -> None:
        """Load what readers are subscribed to, before anything is matched; two queries.

        It replaces what was known: call it once, before any ``learn``.

        A stored query that cannot be parsed any more is logged and left out. Raises
        StoreUnavailable; what was loaded before stays in force then.
        """
        queries = await self._store.subscriptions.keys(SubscriptionKind.QUERY)
        topics = await self._store.subscriptions.keys(SubscriptionKind.TOPIC)
        readable: dict[str, Query] = {}
        for key in queries:
            try:
                readable[key] = _query(key)
            except ReaderError as error:  # stored when it was a query; others must not wait for it
                event(_log, "query-broken", level=logging.ERROR, error=error.reason.code)
        self._queries = QueryMatcher(readable)
        self._wanted = {*queries, *topics}

    def match(self, title: str, text: str, language: str) -> dict[str, float]:
        """Return the score of each key (topic or query) that an article matches, in no order.

        A score is above 0 and at most 1. All topics are matched, and all queries that are loaded
        or learned, wanted or not. Takes some milliseconds for a long text: call it in a thread
        for many. ``language`` is an ISO 639-1 code, "" if unknown.
        """
        scores = {
            slug: match.score for slug, match in self._topics.match(title, text, language).items()
        }
        queries = self._queries.match(title, text, language)
        return scores | {key: match.score for key, match in queries.items()}

    def is_wanted(self, matches: Mapping[str, float] | Iterable[str]) -> bool:
        """Return whether anybody is subscribed to one of these keys; from memory, no I/O.

        False for none. With ``everything``, True for any. Feeds' keys are not known here.
        """
        if self._everything:
            return bool(list(matches))
        return not self._wanted.isdisjoint(matches)

    @asynccontextmanager
    async def holding(self, keys: Collection[str]) -> AsyncIterator[None]:
        """Lock ``keys`` for as long as the context is entered; waits for whoever holds one.

        Subscribing and unsubscribing exclude each other: what the last reader of a key leaves
        is deleted, and a new reader of it would miss that. Locks are taken in sorted order, so
        that two holders cannot deadlock. Not reentrant. Waiting may be cancelled; no I/O,
        and raises nothing of its own.
        """
        async with AsyncExitStack() as stack:
            for key in sorted(set(keys)):
                lock = self._held.setdefault(key, asyncio.Lock())
                await stack.enter_async_context(lock)
            yield

    async def learn(self, key: SubscriptionKey) -> None:
        """Make a key wanted, and match it to entries and articles of the last three days.

        Call it within ``holding`` and before the subscription is stored, so that what a crash
        interrupts is done when the reader asks again; if it raises (StoreUnavailable, or
        ReaderError for a key that holds no query) or is cancelled, the key is not wanted, though
        what it matched by then stays stored. What it matches of the entries is to be read. For a
        key that is wanted already, and for a feed's, nothing is done. Reads all recent idle
        entries, and for a query all recent public articles, 500 at a time.
        """
        if key in self._wanted or key.kind is SubscriptionKind.FEED:
            return
        if key.kind is SubscriptionKind.QUERY:
            self._queries.add(key, _query(key))
        self._wanted.add(key)
        try:
            await self._look_back(key)
        except BaseException:
            self._discard(key)
            raise

    async def unlearn(self, keys: Collection[str]) -> None:
        """Make those of ``keys`` unwanted that nobody is subscribed to any more.

        Call it within ``holding`` and after the subscriptions were removed. Raises
        StoreUnavailable: they stay wanted then. One query.
        """
        read = await self._store.subscriptions.read_among(keys)
        for key in self._wanted.intersection(keys) - read:
            self._discard(key)

    def _discard(self, key: str) -> None:
        self._wanted.discard(key)
        self._queries.discard(key)

    async def _look_back(self, key: SubscriptionKey) -> None:
        """Match entries and articles of the last days to a new key, a page at a time."""
        since = self._clock.now() - LOOK_BACK
        matcher: Topics | QueryMatcher = self._topics
        if key.kind is SubscriptionKind.QUERY:  # alone, so that it does not wait for the topics
            matcher = QueryMatcher({key: _query(key)})
        after = 0
        while entries := await self._store.entries.idle(since=since, after=after, limit=_PAGE):
            found = await asyncio.to_thread(_scores, matcher, key, entries)
            if found:
                await self._store.entries.want([entry_id for entry_id, _ in found])
            after = entries[-1][0]
        if key.kind is not SubscriptionKind.QUERY:
            return  # topics were matched when their articles came in
        after = 0
        while stored := await self._store.articles.since(since, after=after, limit=_PAGE):
            pages = [(a.id, a.article.title, a.article.text, a.article.language) for a in stored]
            found = await asyncio.to_thread(_scores, matcher, key, pages)
            if found:
                matches = ((article_id, {str(key): score}) for article_id, score in found)
                await self._store.articles.add_matches(matches)
            after = stored[-1].id


def _query(key: str) -> Query:
    """Return the query that a key holds in its normal form; raise ReaderError."""
    return parse_query(key.removeprefix(SubscriptionKey.QUERY_PREFIX))


def _scores(
    matcher: Topics | QueryMatcher, key: str, pages: Iterable[tuple[int, str, str, str]]
) -> list[tuple[int, float]]:
    """Return (id, score) of those (id, title, text, language) ``pages`` that match ``key``."""
    found = []
    for page, title, text, language in pages:
        try:
            matches = matcher.match(title, text, language)
        except Exception as error:  # noqa: BLE001 - a bulkhead: one text that breaks ends nothing else
            event(_log, "match-broken", level=logging.ERROR, page=page, exc_info=error)
            continue
        if key in matches:
            found.append((page, matches[key].score))
    return found
