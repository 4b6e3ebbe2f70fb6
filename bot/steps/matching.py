"""Which subscriptions an article answers to."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.ports import Clock
from bot.domain.subscription import SubscriptionKind
from bot.store import Store
from bot.topics import QueryMatcher, Topics, parse_query

__all__ = ["Matching"]

# How far back a new subscription looks for what came in before anybody wanted it.
LOOK_BACK = timedelta(days=3)


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
        self._labels: dict[str, str] = {}
        self._queries = QueryMatcher({})
        self._wanted: frozenset[str] = frozenset()

    async def load(self) -> None:
        """Learn anew what readers are subscribed to."""
        self._labels = queries = await self._store.subscriptions.keys(SubscriptionKind.QUERY)
        topics = await self._store.subscriptions.keys(SubscriptionKind.TOPIC)
        self._queries = QueryMatcher({key: parse_query(label) for key, label in queries.items()})
        self._wanted = frozenset(queries) | frozenset(topics)

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

    async def learn(self, key: str) -> None:
        """Take up a new subscription's key, and find what it fits among what came in before."""
        known = key in self._wanted
        await self.load()
        if known:
            return
        since = self._clock.now() - LOOK_BACK
        await self._wake_entries(key, since=since)
        if key.startswith("q:"):  # topics were matched when their articles came in
            await self._match_articles(key, since=since)

    async def _wake_entries(self, key: str, *, since: datetime) -> None:
        entries = await self._store.feeds.idle_entries(since=since)
        pages = [(one, title, text, "") for one, title, text in entries]
        found = await asyncio.to_thread(_scores, self._matcher_of(key), key, pages)
        await self._store.feeds.want_entries([one for one, _ in found])

    async def _match_articles(self, key: str, *, since: datetime) -> None:
        stored = [(one.id, one.article) for one in await self._store.articles.since(since)]
        pages = [(one, each.title, each.text, each.language) for one, each in stored]
        found = await asyncio.to_thread(_scores, self._matcher_of(key), key, pages)
        await self._store.articles.add_matches((one, {key: score}) for one, score in found)

    def _matcher_of(self, key: str) -> Topics | QueryMatcher:
        """Return what knows ``key``; a query alone, so that it does not wait for the topics."""
        label = self._labels.get(key)
        return self._topics if label is None else QueryMatcher({key: parse_query(label)})


def _scores(
    matcher: Topics | QueryMatcher, key: str, pages: Iterable[tuple[int, str, str, str]]
) -> list[tuple[int, float]]:
    """Return (id, score) of the pages (id, title, text, language) that answer to ``key``."""
    matched = ((one, matcher.match(title, text, language)) for one, title, text, language in pages)
    return [(one, matches[key].score) for one, matches in matched if key in matches]
