"""The newest headline on what a reader has just subscribed to: the proof that it is found."""

from collections.abc import Collection
from datetime import timedelta

from bot.commands.request import Request
from bot.domain.room import UsualLanguages
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.store import Store

__all__ = ["NewestHeadline"]

# As far back as a new subscription is matched to what came in before.
_LOOK_BACK = timedelta(days=3)
_MAX_TITLE_CHARS = 300


class NewestHeadline:
    """Says which news came in last on some subscriptions."""

    def __init__(self, store: Store, languages: UsualLanguages) -> None:
        self._store = store
        self._languages = languages

    async def say(self, request: Request, keys: Collection[SubscriptionKey]) -> str:
        """Return "Latest: title (outlet)", "" if nothing came in within three days; one query.

        Only what the room may see, in languages that it reads. Raises StoreUnavailable.
        """
        newest = await self._store.headlines.newest(
            list(keys),
            since=request.now - _LOOK_BACK,
            languages=self._languages.of(request.room),
            feed_keys=[key for key in keys if key.kind is SubscriptionKind.FEED],
        )
        if newest is None:
            return ""
        title = newest.title[:_MAX_TITLE_CHARS]
        if not newest.source:
            return request.texts._("Latest: {title}", title=title)
        return request.texts._("Latest: {title} ({outlet})", title=title, outlet=newest.source)
