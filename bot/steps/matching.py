"""Which subscriptions an article answers to."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
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
    """The catalogue's topics and all readers' queries, held against every article once.

    ``everything`` (the sample newsroom) takes all topics as wanted; otherwise only what
    somebody is subscribed to is worth fetching a page for.
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
        """Learn what readers are subscribed to: all of it, at the start."""
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
        """Return the score in (0, 1] for each topic and query that an article answers to."""
        scores = {
            slug: match.score for slug, match in self._topics.match(title, text, language).items()
        }
        queries = self._queries.match(title, text, language)
        return scores | {key: match.score for key, match in queries.items()}

    def is_wanted(self, matches: Mapping[str, float] | Iterable[str]) -> bool:
        """Say whether anybody reads one of these keys."""
        if self._everything:
            return bool(list(matches))
        return not self._wanted.isdisjoint(matches)

    @asynccontextmanager
    async def holding(self, keys: Collection[str]) -> AsyncIterator[None]:
        """Let nobody else subscribe to ``keys``, or unsubscribe from them, meanwhile.

        What the last reader of a key leaves behind is deleted, and would be missed by one
        who comes at the same moment.
        """
        async with AsyncExitStack() as stack:
            for key in sorted(set(keys)):
                lock = self._held.setdefault(key, asyncio.Lock())
                await stack.enter_async_context(lock)
            yield

    async def learn(self, key: SubscriptionKey) -> None:
        """Take up a key that is held, and find what it fits among what came in before.

        To be called before the subscription is stored, so that what a crash interrupts is
        done when the reader asks again. A feed's key needs nothing: what it brings is its
        readers'.
        """
        if key in self._wanted or key.kind is SubscriptionKind.FEED:
            return
        self._wanted.add(key)
        if key.kind is SubscriptionKind.QUERY:
            self._queries.add(key, _query(key))
        try:
            await self._look_back(key)
        except BaseException:
            self._let_go(key)
            raise

    async def _look_back(self, key: SubscriptionKey) -> None:
        since = self._clock.now() - LOOK_BACK
        await self._wake_entries(key, since=since)
        if key.kind is SubscriptionKind.QUERY:  # topics were matched when their articles came in
            await self._match_articles(key, since=since)

    async def unlearn(self, keys: Collection[str]) -> None:
        """Let go of those of ``keys``, which are held, that nobody is subscribed to any more."""
        read = await self._store.subscriptions.read_among(keys)
        for key in self._wanted.intersection(keys) - read:
            self._let_go(key)

    def _let_go(self, key: str) -> None:
        self._wanted.discard(key)
        self._queries.discard(key)

    async def _wake_entries(self, key: SubscriptionKey, *, since: datetime) -> None:
        matcher, after = self._matcher_of(key), 0
        while entries := await self._store.entries.idle(since=since, after=after, limit=_PAGE):
            found = await asyncio.to_thread(_scores, matcher, key, entries)
            if found:
                await self._store.entries.want([one for one, _ in found])
            after = entries[-1][0]

    async def _match_articles(self, key: SubscriptionKey, *, since: datetime) -> None:
        matcher, after = self._matcher_of(key), 0
        while stored := await self._store.articles.since(since, after=after, limit=_PAGE):
            pages = [
                (one.id, one.article.title, one.article.text, one.article.language)
                for one in stored
            ]
            found = await asyncio.to_thread(_scores, matcher, key, pages)
            if found:
                matches = ((article_id, {str(key): score}) for article_id, score in found)
                await self._store.articles.add_matches(matches)
            after = stored[-1].id

    def _matcher_of(self, key: SubscriptionKey) -> Topics | QueryMatcher:
        """Return what knows ``key``; a query alone, so that it does not wait for the topics."""
        return (
            QueryMatcher({key: _query(key)}) if key.kind is SubscriptionKind.QUERY else self._topics
        )


def _query(key: str) -> Query:
    """Return the query of a key, which holds its normal form."""
    return parse_query(key.removeprefix(SubscriptionKey.QUERY_PREFIX))


def _scores(
    matcher: Topics | QueryMatcher, key: str, pages: Iterable[tuple[int, str, str, str]]
) -> list[tuple[int, float]]:
    """Return (id, score) of the pages (id, title, text, language) that answer to ``key``."""
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
