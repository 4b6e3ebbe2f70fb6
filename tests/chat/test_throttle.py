"""How much one chat may ask."""

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
