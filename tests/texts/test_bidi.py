"""Signs of direction in foreign words turn nothing that stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import plain_message
from bot.reasons import Reason
from bot.texts import explain, texts_for
from bot.texts.bidi import commands_isolated, contained

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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("مثل /schedule 07:30 18:00.", "مثل \u2066/schedule 07:30 18:00\u2069."),
        ("مثل /subscribe اورون، /help", "مثل \u2066/subscribe\u2069 اورون، \u2066/help\u2069"),
        ("/subscribe https://orun.example", "\u2066/subscribe https://orun.example\u2069"),
        ("<b>/help</b>", "<b>\u2066/help\u2069</b>"),
        (
            "/brief <a href='https://orun.example/dam'>x</a>",
            "\u2066/brief\u2069 <a href='https://orun.example/dam'>x</a>",
        ),
        ("orun/dam 24/7 //x /UTC", None),
    ],
)
def test_a_command_is_one_piece_of_a_line_from_right_to_left(said, shown):
    assert commands_isolated(said) == (shown or said)
    assert commands_isolated(commands_isolated(said)) == commands_isolated(said)


def test_commands_are_isolated_only_where_lines_run_from_right_to_left():
    sentence = "That button no longer works. Send /settings."
    assert "\u2066/settings\u2069" in texts_for("fa")._(sentence)
    assert texts_for("en")._(sentence) == sentence


@given(st.text(st.sampled_from("/ab1.: <>\u2066\u2069ج"), max_size=40))
def test_isolating_commands_closes_what_it_opens_and_loses_nothing(text):
    shown = commands_isolated(text)
    assert depths(shown)[-1] == depths(text)[-1]
    assert [c for c in shown if c not in SIGNS] == [c for c in text if c not in SIGNS]
