"""Fetching of a feed with a conditional GET, and parsing of its new entries."""

import hashlib
from dataclasses import replace

from bot.domain.ports import Clock
from bot.errors import GiveUp, NotAFeed, TryLater
from bot.gather.http.fetch import Fetched, Fetcher
from bot.gather.polling.policy import FeedState, PollOutcome
from bot.gather.tasks import read_listing
from bot.gather.values import Listing
from bot.workers import AnyWorkers

__all__ = ["FeedReader"]

# How many sitemaps of an index are read, the newest; an index of news has one to three.
_MAX_SITEMAPS = 3


class FeedReader:
    """Fetches feeds, and has worker processes parse them; works for many tasks at once.

    The fetcher and the workers are open meanwhile: RuntimeError otherwise. It stores nothing.
    """

    def __init__(self, fetcher: Fetcher, workers: AnyWorkers, clock: Clock) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def ask(self, state: FeedState, listed: str = "") -> tuple[PollOutcome, Listing | None]:
        """Return the outcome of polling a feed, and what it lists if that has changed.

        ``listed`` is that of its last ``Listing``. Failures of the feed or its server are part
        of the outcome: no TryLater and no GiveUp is raised, not even one that the fetcher's
        ``on_pause`` raised; its other errors pass as they do in ``Fetcher.fetch``. None where
        nothing changed or it failed; the caller stores what comes of it (``decide``). One
        request, and up to three more for an index of sitemaps, each with up to five redirects,
        and each in a turn of its host.
        """
        try:
            etag, last_modified = state.validators(self._clock.now())
            fetched = await self._fetcher.fetch(state.url, etag=etag, last_modified=last_modified)
            if fetched.status != 200:
                return PollOutcome.of_status(fetched), None
            digest = hashlib.sha256(fetched.body).hexdigest()
            if digest == state.body_hash:
                return PollOutcome.unchanged(fetched), None
            listing = await self.read(fetched, listed)
            if listing.sitemaps:
                # An index may stay as it is when what it lists has changed.
                fetched, digest = replace(fetched, etag="", last_modified=""), ""
            return PollOutcome.changed(fetched, digest, listing), listing
        except TryLater as error:
            return PollOutcome.failed(error), None
        except GiveUp as error:
            return PollOutcome.refused(error.reason), None

    async def read(self, fetched: Fetched, listed: str = "") -> Listing:
        """Return what a fetched document lists; for an index, what its sitemaps list together.

        ``listed`` is that of the last ``Listing``. Of an index the first three sitemaps are
        fetched, one after the other, and those without news skipped. Raises NotAFeed where
        there is no feed or no news, what a worker's end raises (TooLarge, of which Aborted is
        one, and Unforeseen), and what ``Fetcher.fetch`` raises for a sitemap; a sitemap of
        another status than 200 is skipped. Entries keep the order of their documents, title and
        language are the first one's. An index within an index counts as one without entries: it
        is not opened.
        """
        listing = await self._parse(fetched, listed)
        if not listing.sitemaps:
            return listing
        listings = []
        for url in listing.sitemaps[:_MAX_SITEMAPS]:
            sitemap = await self._fetcher.fetch(url)
            if sitemap.status != 200:
                continue
            try:
                listings.append(await self._parse(sitemap, listed))
            except NotAFeed:  # a sitemap of pages that are no news
                continue
        if not listings:
            raise NotAFeed("sitemaps-without-news")
        entries = {entry.guid: entry for part in listings for entry in part.entries}
        return replace(
            listings[0],
            entries=tuple(entries.values()),
            dates=tuple(date for part in listings for date in part.dates),
            listed=" ".join(part.listed for part in listings),
            sitemaps=listing.sitemaps,
        )

    async def _parse(self, fetched: Fetched, listed: str) -> Listing:
        return await self._workers.run(
            read_listing, fetched.body, fetched.url, fetched.content_type, listed=listed
        )
