"""Feeds behind subscriptions: a topic's sources, or what a web address offers."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ports import Clock
from bot.domain.room import Room, UsualLanguages
from bot.domain.subscription import TOP, SubscriptionKey
from bot.errors import GiveUp, NotAFeed, TryLater
from bot.gather.catalogue.outlets import load_outlets
from bot.gather.catalogue.sources import Sources
from bot.gather.http.fetch import Fetcher
from bot.gather.polling.feed_reader import FeedReader
from bot.gather.polling.first_reading import latest_at, news_of
from bot.gather.tasks import find_feeds
from bot.gather.values import Listing
from bot.steps.matching import LOOK_BACK
from bot.steps.topic_feeds import new_feed, sources_for
from bot.store import Store
from bot.store.feeds import NewFeed
from bot.workers import AnyWorkers

__all__ = ["FeedFinder", "FoundFeed"]

# How many of the feeds a page names are looked at.
_MAX_CANDIDATES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed found behind an address, and how many of its entries become articles.

    ``latest_at`` is when it had its latest, if that is no news any more (see ``first_reading``).
    """

    feed_id: int
    title: str
    entries: int
    latest_at: datetime | None = None


class FeedFinder:
    """Adds feeds to the store: those of the catalogue, and those behind a web address.

    ``sources`` is None where the operator does without the catalogue.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        workers: AnyWorkers,
        clock: Clock,
        *,
        sources: Sources | None,
        languages: UsualLanguages,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock
        self._sources = sources
        self._languages = languages
        self._reader = FeedReader(fetcher, workers, clock)

    async def find(self, url: str) -> FoundFeed:
        """Store the feed at ``url``, or one that its page links; it stays private to its rooms.

        Of those that the page links, the first of four that can be read. A feed that is stored
        already keeps its values, and its time unless it slept: others are due at once. Without a
        subscription, the next clean-up deletes it if it is private. Costs up to five fetches, three
        more for each index of sitemaps among them, and the work of a process for each; a slow host
        may take half a minute a fetch. Raises UnsafeAddress, SourceUnavailable, TooLarge, NotAFeed,
        Unforeseen or StoreUnavailable; nothing is stored then.
        """
        feed_url, listing = await self._listing(url)
        title = listing.title or feed_url
        outlets = load_outlets()
        outlet = outlets.id_of(feed_url, title)
        name = outlets.named_by_feed(outlet, feed_url, title=title).name
        (feed_id,) = await self._store.feeds.add(
            [NewFeed(url=feed_url, source=name, language=listing.language)],
            [],
            now=self._clock.now(),
        )
        now = self._clock.now()
        return FoundFeed(
            feed_id=feed_id,
            title=title,
            entries=len(news_of(listing.entries, now)),
            latest_at=latest_at(listing.dates, now),
        )

    async def named(self, name: str, room: Room) -> FoundFeed | None:
        """Store the front feed of the catalogue's outlet of that name; None if there is none.

        For every reader, in a language of the room where the outlet has one. Nothing is fetched;
        ``entries`` is 0. Raises StoreUnavailable.
        """
        languages = self._languages.of(room) or (room.chat.spoken, "en")
        source = self._sources and self._sources.of_outlet(name, languages=languages)
        if not source:
            return None
        (feed_id,) = await self._store.feeds.add([new_feed(source)], [], now=self._clock.now())
        return FoundFeed(feed_id=feed_id, title=source.name, entries=0)

    async def add_sources(self, key: SubscriptionKey, room: Room) -> None:
        """Have the catalogue's sources for a topic or own words polled, as ``sources_for`` says.

        In languages that the room reads (of a room that reads any, its chat's and English);
        none without a catalogue. What nobody read
        before is due at once, and a private feed among them is public from then on; no job is
        woken. For the top stories all that these feeds listed of late is to be read. One
        transaction or two. Raises StoreUnavailable.
        """
        if self._sources is None:
            return
        languages = self._languages.of(room) or (room.chat.spoken, "en")
        feeds = sources_for(self._sources, key, languages)
        now = self._clock.now()
        await self._store.feeds.add(map(new_feed, feeds), [key], now=now)
        if key == TOP:
            await self._store.entries.want_front(since=now - LOOK_BACK)

    async def _listing(self, url: str) -> tuple[str, Listing]:
        page = await self._fetcher.fetch(url)
        if page.status != 200:
            raise NotAFeed("http-status", status=page.status)
        try:
            return page.url, await self._reader.read(page)
        except NotAFeed:
            candidates = await self._workers.run(find_feeds, page.body, url=page.url)
        failure: TryLater | GiveUp = NotAFeed("no-feed-linked")
        for candidate in candidates[:_MAX_CANDIDATES]:
            try:
                fetched = await self._fetcher.fetch(candidate)
                if fetched.status == 200:
                    return fetched.url, await self._reader.read(fetched)
            except TryLater as error:  # it may be the right one, and be there in a while
                failure = error
            except GiveUp:
                continue
        raise failure
