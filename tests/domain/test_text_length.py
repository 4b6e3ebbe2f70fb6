"""The length of a text, comparable across scripts."""

import pytest

from bot.domain.text_length import text_length


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("ferry", 5), ("Fähre", 5), ("паром", 5), ("渡し船がまた走る。", 18), ("나룻배", 6),
     ("ＡＢ（）", 8), ("𠮷", 2), ("ボート B", 8)],
)  # fmt: skip
def test_east_asian_characters_count_double(text, length):
    assert text_length(text) == length
