import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.fold import fold, is_hangul, is_unspaced, opening, squeeze
from bot.topics.tokens import search_tokens


@given(st.text())
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_ascii_is_folded_and_parted_as_beside_other_letters(text):
    assert fold(text) == fold(f"{text}é")[:-1]
    assert [*search_tokens(text), "й"] == search_tokens(f"{text} й")


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll")), max_size=20))
def test_case_makes_no_difference_where_letters_have_one_small_form(text):
    upper = text.upper()
    if len(upper) == len(text) and upper.lower() == text.lower():
        assert fold(upper) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élysée", "elysee"),
        ("İstanbul ıslak", "istanbul islak"),
        ("Łódź, Đà Nẵng", "lodz  da nang"),
        ("Ёлка й Україна", "елка й україна"),
        ("ＡＢＣ", "abc"),
        ("ガス", "ガス"),
        ("N'Djamena’s", "n djamena s"),
    ],
)
def test_letters_fold_to_what_readers_type(text, folded):
    assert fold(text) == folded


def test_squeezing_composes_letters_and_drops_soft_hyphens():
    decomposed = unicodedata.normalize("NFD", "Pjöng\xadjang \n\t heute")
    assert squeeze(decomposed) == "Pjöngjang heute"


def test_hangul_han_and_thai_are_unspaced_and_latin_and_cyrillic_are_not():
    assert all(map(is_unspaced, "북朝カก"))
    assert not any(map(is_unspaced, "aéяع"))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The Élysée's COVID-19 plan", ["the", "elysee", "s", "covid", "19", "plan"]),
        ("북한은", ["북한", "한은"]),
        ("朝鲜 半島", ["朝鲜", "半島"]),
        ("AI를 쓰다", ["ai", "를", "쓰다"]),
        ("Straße", ["strasse"]),
        ("ไทย", ["ไท", "ทย"]),
        (" — … ", []),
    ],
)
def test_search_tokens_are_words_or_pairs_of_letters(text, tokens):
    assert search_tokens(text) == tokens


@given(st.text())
def test_search_tokens_hold_no_quote_space_or_operator(text):
    for token in search_tokens(text):
        assert token
        assert not set(token) & set(" \"'*^:()-+")


@given(st.text(alphabet="북한군은발사 朝鲜 ab", max_size=12))
def test_what_is_searched_is_a_run_of_the_tokens_of_what_holds_it(words):
    wanted = search_tokens(words)
    stored = search_tokens(f"vor {words} nach")
    assert any(
        stored[at : at + len(wanted)] == wanted for at in range(len(stored) - len(wanted) + 1)
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        *(("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff")),
        *(("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7af")),
        *(("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff")),
    ],
)
def test_an_unspaced_script_begins_and_ends_where_its_blocks_do(first, last):
    assert is_unspaced(first)
    assert is_unspaced(last)
    assert not is_unspaced(chr(ord(first) - 1))
    assert not is_unspaced(chr(ord(last) + 1))


def test_korean_syllables_are_hangul_and_their_neighbours_are_not():
    shown = [is_hangul(char) for char in ("\uabff", "\uac00", "힣", "\ud7af", "\ud7b0")]
    assert shown == [False, True, True, True, False]


def test_every_accent_goes_and_every_letter_with_a_stroke_is_plain():
    assert fold("àéîõüåčőǎạ") == "aeiouacoaa"
    assert fold("ıłŁøØđĐ") == "illoodd"


@given(st.text())
def test_squeezing_twice_changes_nothing(text):
    assert squeeze(squeeze(text)) == squeeze(text)


def test_accents_that_no_letter_carries_are_squeezed_out():
    assert squeeze("Росси\u0301я  и\u0306 \u0301 x") == "Россия й x"
    assert search_tokens("İSTANBUL Росси\u0301я") == ["istanbul", "россия"]


@pytest.mark.parametrize(
    ("text", "limit", "read"),
    [
        ("one two", 9, "one two"),
        ("one two", 7, "one two"),
        ("one two", 6, "one "),
        ("one two", 4, "one "),
        ("one two", 3, "one"),
        ("one two", 2, ""),
        ("re\xadactor", 2, ""),
        ("북한산", 2, "북한"),
        ("", 0, ""),
    ],
)
def test_an_opening_ends_with_a_whole_word(text, limit, read):
    assert opening(text, limit) == read
