"""How much one chat may ask."""

import pytest

from bot.chat.throttle import Admission, Throttle

SERVE, WARN, IGNORE = Admission.SERVE, Admission.WARN, Admission.IGNORE


def test_one_request_too_many_is_warned_of_once_and_then_ignored():
    throttle = Throttle(max_requests=2, window_s=10)
    assert [throttle.judge(1, at) for at in (0, 1, 2, 3, 4)] == [SERVE, SERVE, WARN, IGNORE, IGNORE]


def test_a_request_is_forgotten_when_its_window_has_passed():
    throttle = Throttle(max_requests=2, window_s=10)
    assert [throttle.judge(1, at) for at in (0, 5, 10, 11, 22)] == [
        SERVE,
        SERVE,
        SERVE,
        WARN,
        SERVE,
    ]


def test_one_chat_takes_nothing_from_another():
    throttle = Throttle(max_requests=1)
    assert [throttle.judge(chat, 0) for chat in range(100)] == [SERVE] * 100


@pytest.mark.parametrize(("after", "verdict"), [(9.999, WARN), (10, SERVE)])
def test_a_window_ends_exactly_after_its_length(after, verdict):
    throttle = Throttle(max_requests=1, window_s=10)
    assert throttle.judge(1, 100) is SERVE
    assert throttle.judge(1, 100 + after) is verdict


@pytest.mark.parametrize(("after", "verdict"), [(9.999, IGNORE), (10, WARN)])
def test_one_who_goes_on_is_warned_again_after_another_window(after, verdict):
    throttle = Throttle(max_requests=0, window_s=10)
    assert throttle.judge(1, 100) is WARN
    assert throttle.judge(1, 100 + after) is verdict


def test_what_was_refused_does_not_count_against_a_reader():
    throttle = Throttle(max_requests=1, window_s=10)
    verdicts = [throttle.judge(1, at) for at in (0, 9, 9.5, 10)]
    assert verdicts == [SERVE, WARN, IGNORE, SERVE]


def test_one_chat_is_warned_whatever_another_was_told():
    throttle = Throttle(max_requests=1, window_s=10)
    verdicts = [throttle.judge(chat, 0) for chat in (1, 2, 1, 2, 1, 2)]
    assert verdicts == [SERVE, SERVE, WARN, WARN, IGNORE, IGNORE]


@pytest.mark.parametrize(("others", "verdict"), [(9_999, WARN), (10_000, SERVE)])
def test_of_more_than_ten_thousand_chats_the_longest_silent_one_is_forgotten(others, verdict):
    throttle = Throttle(max_requests=1, window_s=1e9)
    for chat in range(others + 1):
        throttle.judge(chat, chat)
    assert throttle.judge(0, others) is verdict


def test_one_who_asks_in_between_is_not_the_longest_silent():
    throttle = Throttle(max_requests=2, window_s=1e9)
    throttle.judge(0, 0)
    for chat in range(1, 10_000):
        throttle.judge(chat, chat)
    throttle.judge(0, 10_000)
    throttle.judge(10_000, 10_001)  # chat 1 goes
    assert throttle.judge(0, 10_002) is WARN
    assert [throttle.judge(1, 10_003) for _ in range(3)] == [SERVE, SERVE, WARN]


def test_by_default_ten_requests_in_ten_seconds_are_served():
    throttle = Throttle()
    assert [throttle.judge(1, 0) for _ in range(11)] == [SERVE] * 10 + [WARN]
    assert throttle.judge(1, 9.9) is IGNORE
    assert throttle.judge(1, 10) is SERVE
