"""Polling policy: a pure function from old state, poll outcome and time to the new state.

The rules are those a publisher would want (see docs/decisions/0026): validators byte for byte
and renewed with every answer, hints obeyed, backoff after failures, and an end for feeds that
are gone.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from bot.errors import DaybriefError, SourceUnavailable
from bot.reasons import Reason

__all__ = ["Answer", "FeedState", "PollOutcome", "decide"]

MIN_INTERVAL_S = 5 * 60.0
MAX_INTERVAL_S = 6 * 3600.0
USUAL_INTERVAL_S = 30 * 60.0
# The longest silence after failures; a feed comes back by itself within a day.
MAX_BACKOFF_S = 24 * 3600.0
# Fetched without validators once a day: some servers answer 304 for ever.
FULL_EVERY = timedelta(hours=24)
# A permanent redirect is followed for good after this many equal answers over this long.
MOVE_ANSWERS = 3
MOVE_AFTER = timedelta(hours=24)
# 410 is deliberate, but a second answer makes sure.
GONE_ANSWERS = 2
# Spread, so that feeds polled together drift apart.
JITTER = 0.1
# A feed is polled twice as often as it publishes.
PER_RHYTHM = 0.5
# The entries that a feed's rhythm is computed from; older ones may be of another year.
_RHYTHM_ENTRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """The polling state of a feed; plain values only, stored as one JSON object.

    ``next_poll_at`` is None for a feed that has ended. ``moved_*`` record a permanent redirect
    that is not yet followed for good. Instants are aware and in UTC.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    next_poll_at: datetime | None = None
    interval_s: float = USUAL_INTERVAL_S
    failures: int = 0
    gone_count: int = 0
    moved_to: str = ""
    moved_count: int = 0
    moved_first_at: datetime | None = None
    last_full_at: datetime | None = None

    def validators(self, now: datetime) -> tuple[str, str]:
        """Return ETag and Last-Modified for a conditional GET; "" once a full GET is due.

        That is once in 24 hours. ``now`` is aware.
        """
        if self.last_full_at is None or now - self.last_full_at >= FULL_EVERY:
            return "", ""
        return self.etag, self.last_modified


class Answer(Protocol):
    """The parts of a fetch's answer that the policy depends on."""

    @property
    def status(self) -> int:
        """The HTTP status of the last hop."""
        ...

    @property
    def etag(self) -> str:
        """The validator as the server sent it, byte for byte; "" if it sent none."""
        ...

    @property
    def last_modified(self) -> str:
        """The date as the server sent it, byte for byte; "" if it sent none."""
        ...

    @property
    def moved_to(self) -> str:
        """The new address, if every redirect was permanent; else ""."""
        ...

    @property
    def max_age_s(self) -> float | None:
        """How many seconds the answer may be cached, None without a hint."""
        ...

    @property
    def retry_after_s(self) -> float | None:
        """How many seconds the server asks to be left alone, None if it does not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """The outcome of polling a feed once.

    ``answer`` is None if there was none that could be used: then there is an ``error``. ``digest``
    identifies a body that was read, None if none was; ``dates`` are those of its entries.
    ``error`` is why there is nothing to read; ``lasting`` errors are retried more slowly.
    """

    answer: Answer | None = None
    digest: str | None = None
    dates: tuple[datetime, ...] = ()
    error: Reason | None = None
    retry_after_s: float | None = None
    lasting: bool = False

    @classmethod
    def changed(cls, answer: Answer, digest: str, listing: "ListedDates") -> "PollOutcome":
        """Return the outcome of a new body, sent with status 200, of which ``listing`` was read.

        ``digest`` is compared with that of the next body; "" makes every next one a new one.
        """
        return cls(answer=answer, digest=digest, dates=tuple(listing.dates))

    @classmethod
    def unchanged(cls, answer: Answer) -> "PollOutcome":
        """Return the outcome of the same body as last time, sent in spite of our validators."""
        return cls(answer=answer)

    @classmethod
    def of_status(cls, answer: Answer) -> "PollOutcome":
        """Return the outcome of a status other than 200: not modified, gone, missing, refused.

        Only 304 is a success; any other status is an error, 200 included.
        """
        if answer.status == 304:
            return cls(answer=answer)
        reasons = {404: Reason("feed-not-there"), 410: Reason("feed-ended")}
        error = reasons.get(answer.status) or Reason("http-status", {"status": answer.status})
        return cls(answer=answer, error=error, retry_after_s=answer.retry_after_s)

    @classmethod
    def failed(cls, error: DaybriefError) -> "PollOutcome":
        """Return the outcome of a fetch without a usable answer: network trouble, a busy server.

        A wait that the server asked for is kept. No lasting error: see ``refused``.
        """
        wait = error.retry_after_s if isinstance(error, SourceUnavailable) else None
        return cls(error=error.reason, retry_after_s=wait)

    @classmethod
    def refused(cls, reason: Reason) -> "PollOutcome":
        """Return the outcome of what cannot be used: no feed, too large, an unsafe address.

        The error is a lasting one.
        """
        return cls(error=reason, lasting=True)


class ListedDates(Protocol):
    """The parts of a parsed feed that the policy depends on."""

    @property
    def dates(self) -> Sequence[datetime]:
        """When its entries were published, in any order, as far as that is known."""
        ...


def decide(state: FeedState, outcome: PollOutcome, now: datetime, rng: random.Random) -> FeedState:
    """Return the state after a poll at ``now``; ``rng`` gives the jitter.

    After success the next poll is due in 5 minutes to 6 hours by the feed's rhythm (half an hour
    with fewer than two past dates, as before with none), and not while its answer stays fresh,
    for 6 hours at most; after failures in up to a day, twice as long each time, or when the
    server asks for it within a day; after two 410s in a row never, so that ``next_poll_at`` is
    None. To each wait up to a tenth is added. ``url`` becomes the address of a permanent redirect
    met three times in a row, failures aside, over a day. ``state`` stays as it is; ``now`` and the
    dates are aware. Pure but for ``rng``. An outcome must have an answer or an error:
    AssertionError otherwise.
    """
    if outcome.error is None:
        return _after_success(state, outcome, now, rng)
    is_gone = outcome.answer is not None and outcome.answer.status == 410
    gone_count = state.gone_count + 1 if is_gone else 0
    failures = state.failures + 1
    base_s = max(state.interval_s, USUAL_INTERVAL_S) if outcome.lasting else state.interval_s
    wait_s = min(base_s * 2.0 ** min(failures, 16), MAX_BACKOFF_S)
    wait_s = max(wait_s, min(outcome.retry_after_s or 0.0, MAX_BACKOFF_S))
    has_ended = gone_count >= GONE_ANSWERS
    return replace(
        state,
        failures=failures,
        gone_count=gone_count,
        next_poll_at=None if has_ended else _later(now, wait_s, rng),
    )


def _after_success(
    state: FeedState, outcome: PollOutcome, now: datetime, rng: random.Random
) -> FeedState:
    answer = outcome.answer
    assert answer is not None
    interval_s = state.interval_s
    if outcome.dates:
        interval_s = USUAL_INTERVAL_S
        newest = sorted((date for date in outcome.dates if date <= now), reverse=True)
        if len(newest) > 1:
            # Half the middle gap between the newest entries, the silence since the newest being
            # one of them: a night without news does not slow the polls of the morning.
            points = [now, *newest[:_RHYTHM_ENTRIES]]
            gaps = sorted((later - earlier).total_seconds() for later, earlier in pairwise(points))
            rhythm_s = gaps[len(gaps) // 2] * PER_RHYTHM
            interval_s = min(max(rhythm_s, MIN_INTERVAL_S), MAX_INTERVAL_S)
    wait_s = max(interval_s, min(answer.max_age_s or 0.0, MAX_INTERVAL_S))
    state = replace(
        state,
        body_hash=state.body_hash if outcome.digest is None else outcome.digest,
        interval_s=interval_s,
        failures=0,
        gone_count=0,
        next_poll_at=_later(now, wait_s, rng),
    )
    if answer.status == 200:
        etag, last_modified, full_at = answer.etag, answer.last_modified, now
        state = replace(state, etag=etag, last_modified=last_modified, last_full_at=full_at)
    else:  # a 304 may leave its validators out: then those we sent still hold
        etag = answer.etag or state.etag
        last_modified = answer.last_modified or state.last_modified
        state = replace(state, etag=etag, last_modified=last_modified)
    return _after_move(state, answer.moved_to, now)


def _after_move(state: FeedState, target: str, now: datetime) -> FeedState:
    """Return ``state`` with a permanent redirect counted, or followed for good."""
    if not target or target == state.url:
        if not state.moved_to:
            return state
        return replace(state, moved_to="", moved_count=0, moved_first_at=None)
    if target != state.moved_to or state.moved_first_at is None:
        return replace(state, moved_to=target, moved_count=1, moved_first_at=now)
    count = state.moved_count + 1
    if count < MOVE_ANSWERS or now - state.moved_first_at < MOVE_AFTER:
        return replace(state, moved_count=count)
    return replace(state, url=target, moved_to="", moved_count=0, moved_first_at=None)


def _later(now: datetime, wait_s: float, rng: random.Random) -> datetime:
    """Return ``wait_s`` after ``now``, or up to a tenth more of it."""
    return now + timedelta(seconds=wait_s * rng.uniform(1.0, 1.0 + JITTER))
