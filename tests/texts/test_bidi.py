"""Signs of direction in foreign words turn nothing that stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import plain_message
from bot.reasons import Reason
from bot.texts import explain, texts_for
from bot.texts.bidi import contained

SIGNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def depths(line):
    depth = [0]
    for char in line:
        depth.append(depth[-1] + (char in SIGNS[5:8]) - (char == SIGNS[8]))
    return depth


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("\u202elive\u202c quay", "live quay"),
        ("\u2067open\nthe next line", "open\nthe next line"),
        ("\u2068مرحبا\u2069 quay", "\u2068مرحبا\u2069 quay"),
        ("\u2069closed first\u2068", "closed first"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_overrides_go_and_isolates_that_are_open(text, shown):
    assert contained(text) == shown


@given(st.text(st.sampled_from(SIGNS + "ab \nج"), max_size=40))
def test_no_line_reaches_beyond_itself_and_no_word_is_lost(text):
    shown = contained(text)
    assert not set(shown) & set(SIGNS[:5])
    for line in shown.split("\n"):
        assert min(depths(line)) == 0 == depths(line)[-1]
    assert [c for c in shown if c not in SIGNS] == [c for c in text if c not in SIGNS]
    assert contained(shown) == shown


def test_every_answer_and_every_reason_is_contained():
    answer = plain_message("You read \u202eyawrewop\n\u2067<b>.")
    assert (answer.plain, answer.html) == (
        "You read yawrewop\n<b>.",
        "You read yawrewop\n&lt;b&gt;.",
    )
    reason = Reason("not-read", {"words": "\u202ex", "names": ("\u2066y",)})
    assert explain(reason, texts_for("en")) == "You don't read “x”. You read: y."
