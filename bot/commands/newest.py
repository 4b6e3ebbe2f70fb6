"""The newest headline on what a reader has just subscribed to, or that there is none so far."""

from collections.abc import Collection
from datetime import timedelta
from itertools import pairwise

from bot.commands.request import Request
from bot.domain.room import UsualLanguages
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.domain.topic import Topic
from bot.store import Store
from bot.topics import Topics

__all__ = ["NewestHeadline"]

# As far back as a new subscription is matched to what came in before.
_LOOK_BACK = timedelta(days=3)
_MAX_TITLE_CHARS = 300
_MAX_NEAR = 3


class NewestHeadline:
    """Says which news came in last on some subscriptions."""

    def __init__(self, store: Store, languages: UsualLanguages, topics: Topics) -> None:
        self._store = store
        self._languages = languages
        self._topics = topics

    async def say(self, request: Request, keys: Collection[SubscriptionKey]) -> str:
        """Return "Latest: title (outlet)", of what came in within three days; one query.

        If nothing did, "" for topics and feeds, which are asked for news; for own words, which may
        be misspelt or too many, that nothing did, and the topics near them. Only what the room may
        see, in languages that it reads. Raises StoreUnavailable.
        """
        newest = await self._store.headlines.newest(
            list(keys),
            since=request.now - _LOOK_BACK,
            languages=self._languages.of(request.room),
            feed_keys=[key for key in keys if key.kind is SubscriptionKind.FEED],
        )
        if newest is None:
            return self._nothing(request, keys)
        title = newest.title[:_MAX_TITLE_CHARS]
        if not newest.source:
            return request.texts._("Latest: {title}", title=title)
        return request.texts._("Latest: {title} ({outlet})", title=title, outlet=newest.source)

    def _nothing(self, request: Request, keys: Collection[SubscriptionKey]) -> str:
        queries = [key for key in keys if key.kind is SubscriptionKind.QUERY]
        if not queries or len(queries) < len(keys):
            return ""
        texts = request.texts
        slugs = dict.fromkeys(topic.slug for key in queries for topic in self._near(key))
        if not slugs:
            return texts._("Nothing on it came in within three days.")
        commands = [f"/subscribe {slug}" for slug in [*slugs][:_MAX_NEAR]]
        return texts._(
            "Nothing on it came in within three days. Topics near it: {commands}.",
            commands=texts.join(commands),
        )

    def _near(self, key: SubscriptionKey) -> list[Topic]:
        """Return the topics that some of a query's words name, or nearly."""
        words = key.removeprefix(SubscriptionKey.QUERY_PREFIX).split()
        wanted = [word.strip('+"*|') for word in words if not word.startswith("-")]
        pairs = [" ".join(pair) for pair in pairwise(wanted)]
        found = [topic for name in pairs if (topic := self._topics.find(name)) is not None]
        return [*found, *(topic for word in wanted for topic in self._topics.suggest(word, 1))]
