"""What two sentences must share to be alike."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizers.terms import find_words, terms_of


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("en", "Reservoirs and the reservoir", ["reserv", "reserv"]),
        ("en", "Dam, dam: DAM!", ["dam", "dam", "dam"]),
        ("en", "A 5 x 1,250.75 dams", ["5", "1,250.75", "dams"]),
        ("ko", "저수지가 수요일에", ["저수지", "수요일"]),
        ("zh", "水庫在港", ["水庫", "庫在", "在港"]),
        ("zh", "水", []),
        ("hi", "बंदरगाह", ["बंदरगा"]),
    ],
)
def test_a_term_is_the_beginning_of_a_word_or_a_pair_of_characters(language, text, terms):
    assert terms_of(language)(text) == terms


def test_words_are_found_as_they_stand():
    assert find_words("The dam's 1,250 gates: 水庫 opened") == [
        *("The", "dam", "s", "1,250", "gates", "水庫", "opened")
    ]


@given(st.text(alphabet="aB7_.,-' éक्ड", max_size=30))
def test_words_are_found_as_by_an_expression_that_gives_back_what_it_took(text):
    plain = re.compile(r"[^\W_][\w\u0900-\u0dff]*(?:[.,]\d+)*")
    assert find_words(text) == plain.findall(text)
