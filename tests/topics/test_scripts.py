"""Which languages a text may be in, by its letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics import languages_of_script


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("rare earths", ()),
        ("Köln", ()),
        ("", ()),
        ("2026 !", ()),
        ("плотина Орун", ("ru", "uk", "bg", "sr")),
        ("рыбы плотины", ("ru",)),
        ("гребля Їрун", ("uk",)),
        ("φράγμα", ("el",)),
        ("סכר אורון", ("he",)),
        ("سد أورون", ("ar", "fa", "ur")),
        ("گرگان", ("fa",)),
        ("ओरुन बाँध", ("hi", "mr", "ne")),
        ("เขื่อน", ("th",)),
        ("水库", ("zh", "ja")),
        ("ダム水庫", ("ja",)),
        ("오룬 댐", ("ko",)),
        ("ёлка Orun dam of Velt", ()),
    ],
)
def test_letters_tell_the_languages(text, languages):
    assert languages_of_script(text) == languages


@given(st.text())
def test_any_text_is_taken(text):
    assert all(len(code) == 2 for code in languages_of_script(text))
