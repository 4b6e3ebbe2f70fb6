"""From feeds to entries: poll what is due, remember what it listed."""

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from bot.domain.ports import Clock
from bot.errors import StoreUnavailable, reason_of
from bot.gather.catalogue.outlets import OutletName, load_outlets
from bot.gather.http.fetch import Fetcher
from bot.gather.polling.feed_reader import FeedReader
from bot.gather.polling.first_reading import is_first_reading, news_of
from bot.gather.polling.policy import FeedState, PollOutcome, decide
from bot.logs import event
from bot.reasons import Reason
from bot.steps.matching import Matching
from bot.store import Store
from bot.store.feeds import FeedRow, PolledFeed
from bot.workers import AnyWorkers

__all__ = ["PollReport", "Polling"]

# Feeds claimed at once, and feeds in hand: those of one host wait for each other, and must
# not keep the others waiting. How many requests are open is the fetcher's to limit.
_CLAIMED = 128
_IN_HAND = 512
# A poll that has not ended by then belongs to a process that died.
_LEASE = timedelta(minutes=10)
# Polls that end within so short a time are recorded together.
_TOGETHER_S = 0.05
# So few entries are matched within a millisecond or two.
_FEW = 4
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
        self._reader = FeedReader(fetcher, workers, clock)
        self._matching = matching
        self._clock = clock
        self._rng = rng or random.Random()

    async def poll(self, keys: Sequence[str] = ()) -> PollReport:
        """Poll every feed that is due, with ``keys`` only those that serve them, or everything.

        Up to 512 polls are in hand at once; results are stored together as they come in. A
        feed that fails is recorded with its reason; it is left to its lease, of 10 minutes, if
        the database refuses even that. Takes as long as the slowest feed at least, and
        as long as more come due. Raises an ExceptionGroup, perhaps of groups, that holds
        StoreUnavailable; feeds claimed and not recorded by then, or when the run is cancelled,
        are released. Entries are stored, not read: see ``Reading``.
        """
        run = _Run()
        try:
            async with asyncio.TaskGroup() as group:
                saving = group.create_task(self._save(run))
                async with asyncio.TaskGroup() as polls:
                    while feeds := await self._store.feeds.claim_due(
                        now=self._clock.now(), limit=_CLAIMED, lease=_LEASE, keys=keys
                    ):
                        run.claimed.update(feed.id for feed in feeds)
                        for feed in feeds:
                            await run.room.acquire()
                            run.in_hand += 1
                            polls.create_task(self._poll_feed(feed, run))
                run.end()
        finally:
            if run.claimed:  # cancelled, or the database did not answer: nothing is known of these
                with suppress(StoreUnavailable):
                    await self._store.feeds.give_back(run.claimed)
        return saving.result()

    async def _poll_feed(self, feed: FeedRow, run: "_Run") -> None:
        try:
            polled = await self._poll(feed)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: it ends this poll alone
            event(_log, "feed-broken", level=logging.ERROR, feed=feed.id, exc_info=error)
            polled = self._broken(feed, reason_of(error))
        run.add(polled)
        event(
            _log,
            "poll",
            feed=feed.id,
            # Where a feed is that a reader added is nobody else's business.
            url=feed.url if feed.public else None,
            new=len(polled.entries),
            error=polled.error,
        )

    async def _save(self, run: "_Run") -> PollReport:
        """Record what was polled, as much as there is at a time, until all has ended."""
        polled = failed = entries = 0
        while done := await run.take():
            entries += await self._record(done)
            run.claimed.difference_update(poll.feed_id for poll in done)
            polled += len(done)
            failed += sum(bool(poll.error) for poll in done)
        return PollReport(polled=polled, failed=failed, entries=entries)

    async def _record(self, polls: Sequence[PolledFeed]) -> int:
        """Store polls, and return how many entries are new.

        What the database refuses is divided until it stands alone: a feed is recorded as
        broken then, after its other entries.
        """
        try:
            names = ((poll.outlet, poll.source, poll.naming) for poll in polls)
            best = await self._store.outlets.learn(names)
            polls = [replace(poll, source=best.get(poll.outlet, poll.source)) for poll in polls]
            return await self._store.feeds.save_polls(polls, now=self._clock.now())
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: divided until it stands alone
            if len(polls) > 1:
                middle = len(polls) // 2
                return await self._record(polls[:middle]) + await self._record(polls[middle:])
            (poll,) = polls
            event(_log, "poll-refused", level=logging.ERROR, feed=poll.feed_id, exc_info=error)
            new = 0
            if len(poll.entries) > 1:
                middle = len(poll.entries) // 2
                for entries in (poll.entries[:middle], poll.entries[middle:]):
                    new += await self._record([replace(poll, entries=entries)])
            # Nothing of what the feed brought is in this.
            bare = PolledFeed(
                feed_id=poll.feed_id,
                state="{}",
                error=reason_of(error),
                next_poll_at=poll.next_poll_at,
                source="",
            )
            try:
                await self._store.feeds.save_polls([bare], now=self._clock.now())
            except StoreUnavailable:
                raise
            except Exception as worse:  # noqa: BLE001 - a bulkhead: its lease brings the feed back
                event(_log, "poll-lost", level=logging.ERROR, feed=poll.feed_id, exc_info=worse)
            return new

    def _broken(self, feed: FeedRow, reason: Reason) -> PolledFeed:
        """Return a poll that came to nothing, whatever the feed's state holds."""
        state = FeedState(url=feed.url)
        state = decide(state, PollOutcome.refused(reason), self._clock.now(), self._rng)
        return PolledFeed(
            feed_id=feed.id,
            state=_STATE.dump_json(state).decode(),
            error=reason,
            next_poll_at=state.next_poll_at,
            source=feed.source or _host(feed.url),
        )

    async def _poll(self, feed: FeedRow) -> PolledFeed:
        stored = feed.state != "{}"
        state = _STATE.validate_json(feed.state) if stored else FeedState(url=feed.url)
        now = self._clock.now()
        is_first = is_first_reading(state.last_full_at, now)
        outcome, listing = await self._reader.ask(state, feed.listed)
        state = decide(state, outcome, self._clock.now(), self._rng)
        wanted: set[str] = set()
        broken: dict[str, Reason] = {}
        entries = listing.entries if listing else ()
        # What is left out of them counts as listed, so that it never comes in later.
        entries = news_of(entries, now) if is_first else entries

        def match() -> None:
            for entry in entries:
                try:
                    matches = self._matching.match(entry.title, entry.text, entry.language)
                except Exception as error:  # noqa: BLE001 - a bulkhead: it ends this entry alone
                    event(_log, "entry-broken", level=logging.ERROR, feed=feed.id, exc_info=error)
                    broken[entry.guid] = reason_of(error)
                    continue
                if not feed.public or feed.is_front or self._matching.is_wanted(matches):
                    wanted.add(entry.guid)

        # A long list takes the matcher a while, which the event loop must not wait for.
        if len(entries) <= _FEW:
            match()
        else:
            await asyncio.to_thread(match)
        name = None if listing is None else _outlet_name(feed, listing.title)
        return PolledFeed(
            feed_id=feed.id,
            state=_STATE.dump_json(state).decode(),
            error=outcome.error,
            next_poll_at=state.next_poll_at,
            entries=entries,
            wanted=wanted,
            broken=broken,
            listed=(listing and listing.listed) or None,
            source=name.name if name else feed.source or _host(feed.url),
            outlet=name.outlet if name else "",
            naming=name.naming if name else 0,
        )


class _Run:
    """The polls of one refresh: some in hand, some done and not yet recorded."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(_IN_HAND)
        self.claimed: set[int] = set()
        self.in_hand = 0
        self._done: list[PolledFeed] = []
        self._news = asyncio.Event()
        self._has_ended = False

    def add(self, polled: PolledFeed) -> None:
        """Add a poll that has ended, and make room for another."""
        self.in_hand -= 1
        self._done.append(polled)
        self._news.set()
        self.room.release()

    def end(self) -> None:
        """Record that no more polls come."""
        self._has_ended = True
        self._news.set()

    async def take(self) -> list[PolledFeed]:
        """Return the polls to be recorded, in the order they ended; none once all has ended.

        Waits for the first, then 0.05 s for more while others are in hand. May be cancelled.
        """
        await self._news.wait()
        if self.in_hand and not self._has_ended:
            await asyncio.sleep(_TOGETHER_S)
        done, self._done = self._done, []
        if not self._has_ended:
            self._news.clear()
        return done


def _outlet_name(feed: FeedRow, title: str) -> OutletName:
    """Return the id of a feed's outlet, and the best name that it has by the feed and its title."""
    outlets = load_outlets()
    # A name that was given with the feed tells outlets apart, as its title does.
    given = "" if feed.outlet or feed.source == _host(feed.url) else feed.source
    outlet = feed.outlet or outlets.id_of(feed.url, given or title)
    return outlets.named_by_feed(outlet, feed.url, title=title, given=given)


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
