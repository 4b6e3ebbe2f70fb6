"""The broadcast of the benchmark, small: what it counts is what the local Bot API did."""

from benchmarks.virtual_broadcast import broadcast_in_memory, broadcast_over_http
from tests.fakes.virtual_time import run_virtually

HTML = "<b>1. The ferry is back</b>"


def test_with_faults_nothing_is_lost_or_repeated_without_need(tmp_path):
    found = run_virtually(lambda loop: broadcast_over_http(loop, tmp_path, 120, HTML))

    assert (found.lost, found.undue_repeats, found.own_429s) == (0, 0, 0)
    assert found.met["blocked"] == 1
    assert sum(found.met.values()) > 5
    assert sum(found.states.values()) == 120
    assert found.repeats <= sum(found.met[name] for name in ("reset-after", "half", "garbage"))


def test_without_faults_each_chat_has_one_message_at_our_pace(tmp_path):
    found = run_virtually(lambda loop: broadcast_in_memory(loop, tmp_path, 120, HTML))

    assert found.holds
    assert found.states == {"sent": 120}
    assert found.repeats == 0
