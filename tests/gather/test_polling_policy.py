"""When to ask a feed again."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.errors import SourceUnavailable
from bot.gather.polling.policy import (
    FULL_EVERY,
    JITTER,
    MAX_BACKOFF_S,
    MAX_INTERVAL_S,
    MIN_INTERVAL_S,
    USUAL_INTERVAL_S,
    FeedState,
    PollOutcome,
    decide,
)
from bot.reasons import Reason
from bot.texts import explain, texts_for

ENGLISH = texts_for("en")
NOW = datetime(2025, 6, 4, 7, tzinfo=UTC)
URL = "https://harbour.example/feed.xml"
NEW_URL = "https://post.example/feed.xml"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    status: int = 200
    etag: str = '"e1"'
    last_modified: str = "Wed, 04 Jun 2025 06:00:00 GMT"
    moved_to: str = ""
    max_age_s: float | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True)
class ListedDates:
    dates: tuple[datetime, ...] = ()


def listing(*minutes_ago: int) -> ListedDates:
    return ListedDates(tuple(NOW - timedelta(minutes=m) for m in minutes_ago))


def after(state: FeedState, *outcomes: PollOutcome, every: timedelta = timedelta(0)) -> FeedState:
    """Return the state after outcomes that come ``every`` so often, from NOW on."""
    for n, outcome in enumerate(outcomes):
        state = decide(state, outcome, NOW + n * every, random.Random(n))
    return state


def wait_s(state: FeedState, now: datetime = NOW) -> float:
    assert state.next_poll_at is not None
    return (state.next_poll_at - now).total_seconds()


def changed(minutes_ago: tuple[int, ...] = (), **fields: object) -> PollOutcome:
    return PollOutcome.changed(Fetched(**fields), "digest", listing(*minutes_ago))


GOOD = FeedState(url=URL, etag='"e0"', last_modified="x", body_hash="h", last_full_at=NOW)


def test_validators_are_kept_byte_for_byte_and_renewed_with_every_body():
    weird = ' W/"a b" '
    state = after(GOOD, changed(etag=weird, last_modified="yesterday, about ten"))
    assert state.validators(NOW) == (weird, "yesterday, about ten")
    assert after(state, changed(etag="", last_modified="")).validators(NOW) == ("", "")


def test_the_same_body_renews_validators_too():
    state = after(GOOD, PollOutcome.unchanged(Fetched(etag='"e2"')))
    assert (state.etag, state.body_hash) == ('"e2"', "h")


def test_a_304_without_validators_keeps_those_we_sent():
    bare = Fetched(status=304, etag="", last_modified="")
    assert after(GOOD, PollOutcome.of_status(bare)).validators(NOW) == ('"e0"', "x")


def test_once_a_day_nothing_is_sent_along():
    assert FeedState(url=URL, etag="x").validators(NOW) == ("", "")
    almost = NOW + FULL_EVERY - timedelta(seconds=1)
    assert GOOD.validators(almost) == ('"e0"', "x")
    assert GOOD.validators(NOW + FULL_EVERY) == ("", "")
    kept = after(GOOD, PollOutcome.of_status(Fetched(status=304)))
    assert kept.validators(NOW + FULL_EVERY) == ("", "")


@pytest.mark.parametrize("status", [200, 304])
def test_what_the_server_says_of_freshness_holds_each_time(status):
    answer = Fetched(status=status, max_age_s=3 * 3600.0)
    outcome = PollOutcome.unchanged(answer) if status == 200 else PollOutcome.of_status(answer)
    assert wait_s(after(GOOD, outcome)) >= 3 * 3600
    # Without the hint, the feed's own rhythm holds again.
    plain = PollOutcome.of_status(Fetched(status=304))
    assert wait_s(after(GOOD, outcome, plain)) <= USUAL_INTERVAL_S * (1 + JITTER)


def test_a_hint_of_a_year_does_not_silence_a_feed():
    state = after(GOOD, changed(max_age_s=31_536_000.0))
    assert wait_s(state) <= MAX_INTERVAL_S * (1 + JITTER)


def test_a_feed_is_asked_in_its_own_rhythm():
    hourly = after(GOOD, changed((0, 60, 120, 180, 240)))
    busy = after(GOOD, changed((0, 1, 2, 3, 4)))
    asleep = after(GOOD, changed((50_000, 60_000, 70_000)))
    assert hourly.interval_s == pytest.approx(1800)
    assert busy.interval_s == MIN_INTERVAL_S
    assert asleep.interval_s == MAX_INTERVAL_S


def test_dates_that_say_nothing_leave_the_usual_rhythm():
    assert after(GOOD, changed((-60, -120))).interval_s == USUAL_INTERVAL_S
    assert after(GOOD, changed((5,))).interval_s == USUAL_INTERVAL_S


def test_failures_are_met_with_growing_silence_and_a_reason():
    failed = PollOutcome.failed(SourceUnavailable("no-answer-in-time"))
    once, often = after(GOOD, failed), after(GOOD, *[failed] * 12)
    assert wait_s(once) < wait_s(often) <= MAX_BACKOFF_S * (1 + JITTER)
    assert failed.error == Reason("no-answer-in-time")
    assert often.failures == 12
    assert often.etag == GOOD.etag


def test_one_good_answer_ends_a_bad_time():
    failed = PollOutcome.failed(SourceUnavailable("unreachable"))
    state = after(GOOD, failed, failed, PollOutcome.of_status(Fetched(status=304)))
    assert state.failures == 0
    assert wait_s(state) <= USUAL_INTERVAL_S * (1 + JITTER)


def test_retry_after_is_heard():
    said = PollOutcome.failed(SourceUnavailable("unreachable", retry_after_s=7_200.0))
    assert wait_s(after(GOOD, said)) >= 7_200
    answered = PollOutcome.of_status(Fetched(status=503, retry_after_s=7_200.0))
    assert wait_s(after(GOOD, answered)) >= 7_200


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_an_error_backs_off_and_never_ends_a_feed(status):
    refused = PollOutcome.of_status(Fetched(status=status))
    state = after(GOOD, *[refused] * 5)
    assert str(status) in explain(refused.error, ENGLISH)
    assert MAX_BACKOFF_S * (1 + JITTER) >= wait_s(state) > USUAL_INTERVAL_S


def test_gone_said_twice_ends_a_feed_and_says_why():
    gone = PollOutcome.of_status(Fetched(status=410))
    assert after(GOOD, gone).next_poll_at is not None
    ended = after(GOOD, gone, gone)
    assert ended.next_poll_at is None
    assert gone.error == Reason("feed-ended")


def test_gone_said_twice_with_an_answer_between_ends_nothing():
    gone = PollOutcome.of_status(Fetched(status=410))
    assert after(GOOD, gone, changed(), gone).next_poll_at is not None


def test_what_is_no_feed_is_asked_less_and_says_why():
    refused = PollOutcome.refused(Reason("no-feed"))
    state = after(GOOD, refused)
    assert refused.error == Reason("no-feed")
    assert wait_s(state) >= 2 * USUAL_INTERVAL_S


def test_a_move_is_believed_after_three_answers_over_a_day():
    moved = changed(moved_to=NEW_URL)
    assert after(GOOD, moved, moved, moved).url == URL
    assert after(GOOD, moved, moved, every=timedelta(hours=30)).url == URL
    state = after(GOOD, moved, moved, moved, every=timedelta(hours=12))
    assert (state.url, state.moved_to) == (NEW_URL, "")


def test_a_move_that_changes_its_mind_starts_again():
    moved, other = changed(moved_to=NEW_URL), changed(moved_to="https://c.example/f")
    state = after(GOOD, moved, other, moved, moved, every=timedelta(hours=12))
    assert (state.url, state.moved_count) == (URL, 2)
    assert after(GOOD, moved, moved, changed(), every=timedelta(hours=12)).moved_count == 0


OUTCOMES = st.one_of(
    st.builds(
        lambda status, age, to: PollOutcome.of_status(
            Fetched(status=status, max_age_s=age, moved_to=to)
        ),
        st.sampled_from([304, 404, 410, 500, 503]),
        st.none() | st.floats(0, 1e9),
        st.sampled_from(["", NEW_URL]),
    ),
    st.builds(
        lambda minutes, age: changed(tuple(minutes), max_age_s=age),
        st.lists(st.integers(-1000, 100_000), max_size=12),
        st.none() | st.floats(0, 1e9),
    ),
    st.builds(
        lambda wait: PollOutcome.failed(SourceUnavailable("unreachable", retry_after_s=wait)),
        st.none() | st.floats(0, 1e9),
    ),
    st.just(PollOutcome.refused(Reason("no-feed"))),
)


@given(outcomes=st.lists(OUTCOMES, min_size=1, max_size=12), seed=st.integers(0, 999))
def test_whatever_happens_the_next_poll_lies_within_bounds(outcomes, seed):
    state, now, rng = GOOD, NOW, random.Random(seed)
    for outcome in outcomes:
        state = decide(state, outcome, now, rng)
        if state.next_poll_at is None:
            assert state.gone_count >= 2
            return
        assert MIN_INTERVAL_S <= wait_s(state, now) <= MAX_BACKOFF_S * (1 + JITTER)
        assert (state.failures == 0) == (outcome.error is None)
        now = state.next_poll_at
    adapter = TypeAdapter(FeedState)
    assert adapter.validate_json(adapter.dump_json(state)) == state


def test_feeds_polled_together_drift_apart():
    rng = random.Random(1)
    waits = {wait_s(decide(GOOD, changed(), NOW, rng)) for _ in range(50)}
    assert len(waits) == 50


class Steady(random.Random):
    """Draws the least jitter, or the most."""

    def __init__(self, *, most: bool = False) -> None:
        super().__init__(0)
        self._most = most

    def uniform(self, a: float, b: float) -> float:
        return b if self._most else a


def waits(*outcomes: PollOutcome, state: FeedState = GOOD, most: bool = False) -> list[float]:
    """Return for how many seconds a feed is left alone after each outcome."""
    found = []
    for outcome in outcomes:
        state = decide(state, outcome, NOW, Steady(most=most))
        found.append(wait_s(state))
    return found


def test_silence_doubles_with_each_failure_up_to_a_day():
    failed = PollOutcome.failed(SourceUnavailable("unreachable"))
    assert waits(*[failed] * 7) == [3600, 7200, 14_400, 28_800, 57_600, 86_400, 86_400]
    assert waits(failed, state=replace(GOOD, failures=99)) == [86_400]
    assert waits(failed, state=replace(GOOD, interval_s=300.0)) == [600]


def test_a_wait_is_a_tenth_longer_at_most():
    assert waits(changed(), most=True) == pytest.approx([1980])
    assert waits(PollOutcome.failed(SourceUnavailable("unreachable")), most=True) == pytest.approx(
        [3960]
    )


def test_what_is_no_feed_is_asked_as_a_usual_feed_at_most():
    refused = PollOutcome.refused(Reason("no-feed"))
    assert waits(refused, state=replace(GOOD, interval_s=300.0)) == [3600]
    assert waits(refused, state=replace(GOOD, interval_s=7200.0)) == [14_400]


def test_the_longer_of_backoff_and_wish_holds_and_no_wish_is_longer_than_a_day():
    for wish_s, waited_s in ((10.0, 3600), (5000.0, 5000), (1e9, 86_400)):
        asked = PollOutcome.failed(SourceUnavailable("unreachable", retry_after_s=wish_s))
        assert waits(asked) == [waited_s]


def test_a_feed_is_asked_every_half_hour_until_its_rhythm_is_known():
    assert waits(changed()) == waits(changed((5,))) == [1800]
    assert FeedState(url=URL).interval_s == 1800


@pytest.mark.parametrize(
    ("minutes_ago", "interval_s"),
    [
        ((0, 60, 120), 1800),
        ((1, 2, 3, 4), 300),
        ((0, 1000, 2000), 21_600),
        ((0, 10), 300),
        ((20, 40), 600),
        ((40, 20), 600),
        # Ten entries, half of them an hour apart and half two; what is older does not count.
        ((60, 120, 180, 240, 300, 420, 540, 660, 780, 900), 3600),
        ((60, 120, 180, 240, 300, 420, 540, 660, 780, 900, 960), 3600),
    ],
)
def test_a_feed_is_asked_twice_in_its_usual_gap(minutes_ago, interval_s):
    assert after(GOOD, changed(minutes_ago)).interval_s == interval_s


def test_an_entry_of_this_moment_counts_and_one_of_the_future_does_not():
    assert after(GOOD, changed((0, 20))).interval_s == 600
    assert after(GOOD, changed((-1, 20))).interval_s == 1800


def test_an_answer_that_stays_fresh_for_six_hours_is_left_alone_so_long():
    assert waits(changed(max_age_s=7200.0)) == [7200]
    assert waits(changed(max_age_s=1e6)) == [21_600]


def test_a_feed_is_fetched_whole_after_twenty_four_hours():
    assert timedelta(hours=24) == FULL_EVERY


def test_a_second_gone_ends_a_feed_whatever_failed_before():
    gone = PollOutcome.of_status(Fetched(status=410))
    failed = PollOutcome.failed(SourceUnavailable("unreachable"))
    assert after(GOOD, failed, failed, gone).gone_count == 1
    assert after(GOOD, gone, failed, gone).gone_count == 1
    assert after(GOOD, gone, gone).gone_count == 2


def test_a_move_to_where_the_feed_is_counts_for_nothing():
    assert after(GOOD, changed(moved_to=URL)).moved_count == 0
    assert after(GOOD, changed(moved_to=NEW_URL)).moved_count == 1


def test_a_body_without_a_digest_forgets_that_of_the_one_before():
    state = FeedState(url=URL, body_hash="a")
    outcome = PollOutcome.changed(Fetched(), "", ListedDates())
    assert decide(state, outcome, NOW, random.Random(1)).body_hash == ""
    same = PollOutcome.unchanged(Fetched())
    assert decide(state, same, NOW, random.Random(1)).body_hash == "a"
