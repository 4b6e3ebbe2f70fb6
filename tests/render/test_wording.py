"""Foreign text keeps its words and loses its tricks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.limits import utf16_units
from bot.render.wording import cut, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Dam\n refilled\t\u2028early\u00a0 ", "Dam refilled early"),
        ("a\0b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\ud83d alone \udc00", "\ufffd alone \ufffd"),
        ("closed \u2067אבג\u2069 stays", "closed \u2067אבג\u2069 stays"),
        ("open \u2067 goes", "open goes"),
        ("\u2069 first \u2066", "first"),
        ("e\u0301 👨‍👩‍👧 \u200fא", "e\u0301 👨‍👩‍👧 \u200fא"),
        ("\0 \u202e", ""),
    ],
)
def test_a_line_has_the_words_and_nothing_that_acts(text, line):
    assert one_line(text) == line


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_a_line_can_be_sent_and_is_stable(text):
    line = one_line(text)
    line.encode()
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "units", "shorter"),
    [
        ("short", 5, "short"),
        ("two words in one", 15, "two words in…"),
        ("two words", 4, "two…"),
        ("two wordsandmore", 9, "two word…"),
        ("unbroken", 4, "unb…"),
        ("a👍🏽b", 4, "a…"),
        ("a👍🏽b", 6, "a👍🏽b"),
        ("👨‍👩‍👧👨‍👩‍👧", 10, "👨‍👩‍👧…"),
        ("ae\u0301z", 3, "a…"),
        ("aน\u0e49\u0e33z", 4, "a…"),
        ("aｶ\uff9ez", 3, "a…"),
        ("aक\u094dषz", 4, "a…"),
        ("\u2067אבג ד\u2069", 5, "אבג…"),
        ("😀😀", 3, "😀…"),
        ("a🇰🇵🇰🇵", 8, "a…"),
        ("a12\u20e3z", 4, "a1…"),
        ("aकिz", 3, "a…"),
        ("a\u1112\u1161\u11abz", 4, "a…"),
    ],
)
def test_a_cut_falls_between_words_or_at_least_between_characters(text, units, shorter):
    assert cut(text, units) == shorter


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_fits_and_says_that_it_was_cut(text, units):
    shorter = cut(text, units)
    assert utf16_units(shorter) <= units
    assert shorter == text or shorter.endswith("…")
