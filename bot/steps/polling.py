"""From feeds to entries: poll what is due, remember what it listed."""

import asyncio
import hashlib
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from bot.domain.ports import Clock
from bot.errors import GiveUp, TryLater
from bot.gather.fetch import Fetched, Fetcher
from bot.gather.listing import Listed, Listing, read_listing
from bot.gather.polling import FeedState, Outcome, decide
from bot.logs import event
from bot.steps.matching import Matching
from bot.store import Store
from bot.store.feeds import FeedRow, ListedEntry
from bot.workers import AnyWorkers

__all__ = ["PollReport", "Polling"]

# Feeds in hand at once; the fetcher holds each host to one request a second by itself.
_BATCH = 64
# A poll that has not ended by then belongs to a process that died.
_LEASE = timedelta(minutes=10)
_STATE = TypeAdapter(FeedState)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a refresh did: feeds polled, how many of them failed, entries never seen before."""

    polled: int = 0
    failed: int = 0
    entries: int = 0


class Polling:
    """The step that polls feeds."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        workers: AnyWorkers,
        matching: Matching,
        clock: Clock,
        *,
        rng: random.Random | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._workers = workers
        self._matching = matching
        self._clock = clock
        self._rng = rng or random.Random()

    async def poll(self, keys: Sequence[str] = ()) -> PollReport:
        """Poll every feed that is due, with ``keys`` only those polled for them."""
        results: list[tuple[bool, int]] = []
        gate = asyncio.Semaphore(_BATCH)
        async with asyncio.TaskGroup() as group:
            while True:
                await gate.acquire()
                found = await self._claim(keys)
                if not found:
                    break
                gate.release()
                for feed in found:
                    await gate.acquire()
                    group.create_task(self._one(feed, gate, results))
        failed = sum(not ok for ok, _ in results)
        return PollReport(
            polled=len(results), failed=failed, entries=sum(new for _, new in results)
        )

    async def _claim(self, keys: Sequence[str]) -> list[FeedRow]:
        return await self._store.feeds.claim_due(
            now=self._clock.now(), limit=_BATCH, lease=_LEASE, keys=keys
        )

    async def _one(
        self, feed: FeedRow, gate: asyncio.Semaphore, results: list[tuple[bool, int]]
    ) -> None:
        try:
            results.append(await self._poll(feed))
        finally:
            gate.release()

    async def _poll(self, feed: FeedRow) -> tuple[bool, int]:
        state = _load_state(feed)
        outcome, listing = await self._ask(state, self._clock.now())
        now = self._clock.now()
        state = decide(state, outcome, now, self._rng)
        # A long list takes the matcher a while, which the event loop must not wait for.
        entries = await asyncio.to_thread(self._listed, feed, listing.entries if listing else ())
        new = await self._store.feeds.save_poll(
            feed.id,
            state=_STATE.dump_json(state).decode(),
            error=state.error,
            next_poll_at=state.next_poll_at,
            entries=entries,
            source=(listing and listing.title) or urlsplit(feed.url).hostname or feed.url,
            now=now,
        )
        event(_log, "poll", feed=feed.url, new=new, error=state.error)
        return not state.error, new

    async def _ask(self, state: FeedState, now: datetime) -> tuple[Outcome, Listing | None]:
        """Return what came of asking a feed's server, and what it listed if that is new."""
        try:
            etag, last_modified = state.validators(now)
            fetched = await self._fetcher.fetch(state.url, etag=etag, last_modified=last_modified)
            if fetched.status != 200:
                return Outcome.of_status(fetched), None
            digest = hashlib.sha256(fetched.body).hexdigest()
            if digest == state.body_hash:
                return Outcome.unchanged(fetched), None
            return await self._parse(fetched, digest)
        except TryLater as error:
            return Outcome.failed(error), None
        except GiveUp as error:
            return Outcome.refused(error), None

    async def _parse(self, fetched: Fetched, digest: str) -> tuple[Outcome, Listing]:
        listing = await self._workers.run(
            read_listing, fetched.body, fetched.url, fetched.content_type
        )
        return Outcome.changed(fetched, digest, listing), listing

    def _listed(self, feed: FeedRow, entries: Sequence[Listed]) -> list[ListedEntry]:
        return [self._one_listed(feed, entry) for entry in entries]

    def _one_listed(self, feed: FeedRow, entry: Listed) -> ListedEntry:
        matches = self._matching.match(entry.title, entry.text, entry.language)
        return ListedEntry(
            guid=entry.guid,
            url=entry.url,
            title=entry.title,
            text=entry.text,
            complete=entry.complete,
            published_at=entry.published_at,
            wanted=not feed.public or self._matching.is_wanted(matches),
        )


def _load_state(feed: FeedRow) -> FeedState:
    return _STATE.validate_json(feed.state) if feed.state != "{}" else FeedState(url=feed.url)
