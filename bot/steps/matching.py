"""Which subscriptions an article answers to."""

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
        self._queries = QueryMatcher({})
        self._wanted: frozenset[str] = frozenset()

    async def load(self) -> None:
        """Learn anew what readers are subscribed to."""
        queries = await self._store.subscriptions.keys(SubscriptionKind.QUERY)
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
        fitting = [one for one, title, text in entries if key in self.match(title, text, "")]
        await self._store.feeds.want_entries(fitting)

    async def _match_articles(self, key: str, *, since: datetime) -> None:
        found = []
        for stored in await self._store.articles.since(since):
            article = stored.article
            score = self.match(article.title, article.text, article.language).get(key)
            if score is not None:
                found.append((stored.id, {key: score}))
        await self._store.articles.add_matches(found)
