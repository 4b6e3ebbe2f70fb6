"""Feeds behind subscriptions: a topic's sources, or what a web address offers."""

from dataclasses import dataclass

from bot.commands.means import Means
from bot.domain.room import Room
from bot.errors import GiveUp, NotAFeed, TryLater
from bot.gather.polling.feed_reader import FeedReader
from bot.gather.tasks import find_feeds
from bot.gather.values import Listing
from bot.store.feeds import NewFeed

__all__ = ["FeedFinder", "FoundFeed"]

# How many of the feeds a page names are looked at.
_MAX_CANDIDATES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed found behind an address, and how many entries it lists."""

    feed_id: int
    title: str
    entries: int


class FeedFinder:
    """Makes feeds known to the store."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._fetcher = means.fetcher
        self._asking = FeedReader(means.fetcher, means.workers, means.clock)

    async def find(self, url: str) -> FoundFeed:
        """Return the feed at ``url``, or the one its page names; it stays private to its rooms.

        Raises UnsafeAddress, SourceUnavailable, TooLarge or NotAFeed.
        """
        feed_url, listing = await self._listing(url)
        now = self._means.clock.now()
        title = listing.title or feed_url
        (feed_id,) = await self._means.store.feeds.add(
            [NewFeed(url=feed_url, source=title, language=listing.language)], [], now=now
        )
        return FoundFeed(feed_id=feed_id, title=title, entries=len(listing.entries))

    async def use(self, key: str) -> None:
        """Let the feed of the key ``feed:ID`` be polled for that key."""
        feed = await self._means.store.feeds.get(int(key.removeprefix("feed:")))
        if feed is not None:
            now = self._means.clock.now()
            await self._means.store.feeds.add([NewFeed(url=feed.url)], [key], now=now)

    async def add_sources(self, key: str, room: Room) -> None:
        """Make the catalogue's sources for a topic known and polled; general news for own words."""
        if not self._means.settings.builtin_feeds:
            return
        languages = self._means.languages.of(room) or (room.chat.language[:2], "en")
        sources = self._means.sources.for_topic(key, languages=languages)
        feeds = [
            NewFeed(
                url=one.feed_url,
                source=one.name,
                language=one.language,
                country=one.country,
                state_run=one.state_run,
                public=True,
            )
            for one in sources
        ]
        await self._means.store.feeds.add(feeds, [key], now=self._means.clock.now())

    async def _listing(self, url: str) -> tuple[str, Listing]:
        page = await self._fetcher.fetch(url)
        if page.status != 200:
            raise NotAFeed("http-status", status=page.status)
        try:
            return page.url, await self._asking.read(page)
        except NotAFeed:
            candidates = await self._means.workers.run(find_feeds, page.body, url=page.url)
        failure: TryLater | GiveUp = NotAFeed("no-feed-linked")
        for candidate in candidates[:_MAX_CANDIDATES]:
            try:
                fetched = await self._fetcher.fetch(candidate)
                if fetched.status == 200:
                    return fetched.url, await self._asking.read(fetched)
            except TryLater as error:  # it may be the one, and be there in a while
                failure = error
            except GiveUp:
                continue
        raise failure
