"""What a feed's server says when it is asked, and what the feed lists."""

import hashlib
from dataclasses import replace
from itertools import chain

from bot.domain.ports import Clock
from bot.errors import GiveUp, NotAFeed, TryLater
from bot.gather.http.fetch import Fetched, Fetcher
from bot.gather.polling.policy import FeedState, PollOutcome
from bot.gather.tasks import read_listing
from bot.gather.values import Listing
from bot.workers import AnyWorkers

__all__ = ["FeedReader"]

# Of the sitemaps that an index lists, the newest; those of news have one to three.
_MAX_SITEMAPS = 3


class FeedReader:
    """Asks one feed at a time."""

    def __init__(self, fetcher: Fetcher, workers: AnyWorkers, clock: Clock) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def ask(self, state: FeedState, listed: str = "") -> tuple[PollOutcome, Listing | None]:
        """Return what came of asking a feed's server, and what it lists if that has changed.

        ``listed`` is what it listed last time (``Listing.listed``).
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
        """Return what a document lists, through the sitemaps of an index; raise NotAFeed."""
        listing = await self._parse(fetched, listed)
        return await self._read_all(listing.sitemaps, listed) if listing.sitemaps else listing

    async def _parse(self, fetched: Fetched, listed: str) -> Listing:
        return await self._workers.run(
            read_listing, fetched.body, fetched.url, fetched.content_type, listed=listed
        )

    async def _read_all(self, sitemaps: tuple[str, ...], listed: str) -> Listing:
        """Return what the first few sitemaps list together; raise NotAFeed if that is no news."""
        found = []
        for url in sitemaps[:_MAX_SITEMAPS]:
            fetched = await self._fetcher.fetch(url)
            if fetched.status != 200:
                continue
            try:
                found.append(await self._parse(fetched, listed))
            except NotAFeed:  # others of its sitemaps list pages of every kind
                continue
        if not found:
            raise NotAFeed("sitemaps-without-news")
        entries = {entry.guid: entry for entry in chain(*(one.entries for one in found))}
        return replace(
            found[0],
            entries=tuple(entries.values()),
            dates=tuple(chain(*(one.dates for one in found))),
            listed=" ".join(one.listed for one in found),
            sitemaps=sitemaps,
        )
