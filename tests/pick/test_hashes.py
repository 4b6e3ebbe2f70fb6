"""Sentences as numbers."""

import subprocess
import sys
import unicodedata
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pick import sentence_hash

SENTENCE = "The dam's “gates” opened — at last, on 5 June."


@pytest.mark.parametrize(
    "same",
    [
        'The dam’s "gates" opened - at last, on 5 June',
        "  THE DAM'S\n«gates»   opened, at last: on 5 June!",
        "The dam's gates opened at last on ５ June.",  # full-width 5
    ],
)
def test_typography_case_and_white_space_do_not_count(same):
    assert sentence_hash(same) == sentence_hash(SENTENCE)


@pytest.mark.parametrize(
    "other",
    [
        "The dam's gates opened at last on 6 June.",
        "The dam's gate opened at last on 5 June.",
        "At last the dam's gates opened on 5 June.",
    ],
)
def test_another_word_figure_or_order_is_another_sentence(other):
    assert sentence_hash(other) != sentence_hash(SENTENCE)


def test_vowel_signs_count():
    assert sentence_hash("पानी") != sentence_hash("पनी")


def test_signs_alone_stand_for_themselves():
    assert sentence_hash("?") != sentence_hash("!")
    assert sentence_hash(" ? ") == sentence_hash("?")


def test_another_process_makes_the_same_hash():
    program = f"from bot.pick import sentence_hash; print(sentence_hash({SENTENCE!r}))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) == sentence_hash(SENTENCE)


@given(text=st.text())
def test_any_text_has_a_hash_that_fits_a_signed_database_integer(text):
    assert 0 <= sentence_hash(text) < 2**63
    assert sentence_hash(f"  {text}\n") == sentence_hash(text)


@given(st.text())
def test_the_hash_is_that_of_the_words_found_character_by_character(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    spoken = "".join(
        char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in folded
    )
    known_by = " ".join(spoken.split()) or "".join(folded.split())
    digest = blake2b(known_by.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    assert sentence_hash(text) == int.from_bytes(digest, "big") >> 1
