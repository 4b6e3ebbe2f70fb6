"""When to ask a feed again: old state, what came of asking, and the time give the new state.

Pure. The rules are those a publisher would want (see docs/decisions/0026): validators byte
for byte and renewed with every answer, hints obeyed, silence after failures, and an end for
what is gone.
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
# Asked once a day without validators: some servers answer 304 for ever.
FULL_EVERY = timedelta(hours=24)
# A permanent move is believed when this many answers over this long say the same.
MOVE_ANSWERS = 3
MOVE_AFTER = timedelta(hours=24)
# 410 is said on purpose, but a second time makes sure.
GONE_ANSWERS = 2
# Spread, so that feeds polled together drift apart.
JITTER = 0.1
# A feed is asked twice as often as it publishes.
PER_RHYTHM = 0.5
# What its last entries say of a feed's rhythm; older ones may be of another year.
_RHYTHM_ENTRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What polling remembers of a feed; plain values only, kept as one JSON object.

    ``next_poll_at`` is None for a feed that has ended.
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
        """Return ETag and Last-Modified for a conditional GET; "" where a full one is due."""
        if self.last_full_at is None or now - self.last_full_at >= FULL_EVERY:
            return "", ""
        return self.etag, self.last_modified


class Answer(Protocol):
    """What a fetch tells that polling is decided by."""

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
        """The new address, if every hop said that the move is permanent; else ""."""
        ...

    @property
    def max_age_s(self) -> float | None:
        """How long the answer may be kept, if the server said so."""
        ...

    @property
    def retry_after_s(self) -> float | None:
        """How long the server asks to be left alone, if it does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What came of asking a feed.

    ``answer`` is None if no answer came. ``digest`` is that of a body that was read.
    ``dates`` are those of its entries. ``error`` is why there is nothing to read.
    """

    answer: Answer | None = None
    digest: str = ""
    dates: tuple[datetime, ...] = ()
    error: Reason | None = None
    retry_after_s: float | None = None
    lasting: bool = False

    @classmethod
    def changed(cls, answer: Answer, digest: str, listing: "ListedDates") -> "PollOutcome":
        """Return that of a body which we had not seen before."""
        return cls(answer=answer, digest=digest, dates=tuple(listing.dates))

    @classmethod
    def unchanged(cls, answer: Answer) -> "PollOutcome":
        """Return that of the same body as last time, from a server that ignores validators."""
        return cls(answer=answer)

    @classmethod
    def of_status(cls, answer: Answer) -> "PollOutcome":
        """Return that of a status other than 200: not modified, gone, missing, or refused."""
        if answer.status == 304:
            return cls(answer=answer)
        said = {404: Reason("feed-not-there"), 410: Reason("feed-ended")}
        error = said.get(answer.status) or Reason("http-status", {"status": answer.status})
        return cls(answer=answer, error=error, retry_after_s=answer.retry_after_s)

    @classmethod
    def failed(cls, error: DaybriefError) -> "PollOutcome":
        """No answer that could be used: network trouble, or a busy server."""
        wait = error.retry_after_s if isinstance(error, SourceUnavailable) else None
        return cls(error=error.reason, retry_after_s=wait)

    @classmethod
    def refused(cls, reason: Reason) -> "PollOutcome":
        """Return that of what cannot be used: no feed, too large, an address we refuse."""
        return cls(error=reason, lasting=True)


class ListedDates(Protocol):
    """What a feed lists, as far as its rhythm goes."""

    @property
    def dates(self) -> Sequence[datetime]:
        """When its entries were published, as far as that is known."""
        ...


def decide(state: FeedState, outcome: PollOutcome, now: datetime, rng: random.Random) -> FeedState:
    """Return the state after asking at ``now``; ``rng`` gives the jitter."""
    if outcome.error is not None:
        return _after_failure(state, outcome, now, rng)
    assert outcome.answer is not None
    return _after_success(state, outcome, outcome.answer, now, rng)


def _after_success(
    state: FeedState, outcome: PollOutcome, answer: Answer, now: datetime, rng: random.Random
) -> FeedState:
    is_full = answer.status == 200
    interval_s = _rhythm_s(outcome.dates, now) if outcome.dates else state.interval_s
    wait_s = max(interval_s, min(answer.max_age_s or 0.0, MAX_INTERVAL_S))
    state = replace(
        state,
        body_hash=outcome.digest or state.body_hash,
        interval_s=interval_s,
        failures=0,
        gone_count=0,
        next_poll_at=_later(now, wait_s, rng),
        last_full_at=now if is_full else state.last_full_at,
        # A 304 may leave its validators out: then those we sent still hold.
        etag=answer.etag if is_full else answer.etag or state.etag,
        last_modified=answer.last_modified
        if is_full
        else answer.last_modified or state.last_modified,
    )
    return _after_move(state, answer.moved_to, now)


def _after_failure(
    state: FeedState, outcome: PollOutcome, now: datetime, rng: random.Random
) -> FeedState:
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


def _after_move(state: FeedState, target: str, now: datetime) -> FeedState:
    """Follow a permanent move for good once it was said often and long enough."""
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


def _rhythm_s(dates: Sequence[datetime], now: datetime) -> float:
    """Return half the usual gap between a feed's newest entries, within our bounds.

    The silence since the newest counts as a gap, so that a feed that fell silent is asked
    less and less.
    """
    newest = sorted((date for date in dates if date <= now), reverse=True)[:_RHYTHM_ENTRIES]
    if len(newest) < 2:
        return USUAL_INTERVAL_S
    points = [now, *newest]
    gaps = sorted((a - b).total_seconds() for a, b in pairwise(points))
    usual = max(gaps[len(gaps) // 2], gaps[0])
    return min(max(usual * PER_RHYTHM, MIN_INTERVAL_S), MAX_INTERVAL_S)


def _later(now: datetime, wait_s: float, rng: random.Random) -> datetime:
    return now + timedelta(seconds=wait_s * rng.uniform(1.0, 1.0 + JITTER))
