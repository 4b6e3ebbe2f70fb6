"""Text of one direction within a line of the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.direction import is_right_to_left, isolated

SADA = "صدى"


@pytest.mark.parametrize(
    ("text", "is_rtl"),
    [
        ("", False),
        ("12 – 3", False),
        ("Ορούν", False),
        ("港", False),
        (SADA, True),
        ("אורון", True),
        (f"91% {SADA} Orun", True),
        (f"Orun {SADA}", False),
    ],
)
def test_the_first_letter_says_where_a_line_begins(text, is_rtl):
    assert is_right_to_left(text) is is_rtl


@pytest.mark.parametrize(
    ("text", "in_right_to_left", "is_isolated"),
    [
        ("Orun", False, False),
        ("Orun", True, True),
        ("Ορούν", True, True),
        ("12:30", True, False),
        (SADA, True, False),
        (SADA, False, True),
        (f"Orun {SADA}", False, True),
        (f"{SADA} Orun", True, True),
    ],
)
def test_what_has_letters_of_the_other_direction_is_isolated(text, in_right_to_left, is_isolated):
    shown = isolated(text, in_right_to_left=in_right_to_left)
    assert shown == (f"\u2068{text}\u2069" if is_isolated else text)


@given(text=st.text(), in_right_to_left=st.booleans())
def test_isolates_are_all_that_is_added(text, in_right_to_left):
    shown = isolated(text, in_right_to_left=in_right_to_left)
    assert shown in (text, f"\u2068{text}\u2069")
