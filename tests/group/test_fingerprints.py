"""Copies of one text are told by 63 bits."""

import random
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.group import copies, fingerprint, is_copy

WORDS = [
    f"{a}{b}" for a in ("ka", "lo", "mi", "su", "te", "vor") for b in ("ran", "tel", "bo", "n")
]


def prose(seed, length=200):
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) + rng.choice(WORDS) for _ in range(length))


def test_a_fingerprint_fits_a_signed_database_integer():
    assert all(0 < fingerprint(prose(seed)) < 2**63 for seed in range(50))


def test_typography_case_and_layout_do_not_count():
    text = "“The Élysée said,” it wrote — and so on. " + prose(1)
    plain = '"THE Elysee said," it\nwrote - and  so on.   ' + prose(1).upper()
    assert fingerprint(text) == fingerprint(plain)


def test_a_copy_with_another_lead_and_a_shorter_end_is_a_copy():
    words = prose(2, 300).split()
    copy = "By our own correspondent in Corrin " + " ".join(words[:-30])
    assert is_copy(fingerprint(" ".join(words)), fingerprint(copy))


def test_different_texts_are_no_copies():
    prints = [fingerprint(prose(seed)) for seed in range(120)]
    assert copies(prints) == set()


def test_half_a_text_is_no_copy():
    words = prose(3, 200).split()
    half = " ".join(words[:100] + prose(4, 100).split())
    assert not is_copy(fingerprint(" ".join(words)), fingerprint(half))


def test_texts_too_short_to_tell_are_copies_of_nothing():
    assert fingerprint("Orun dam is full") == 0
    assert not is_copy(0, 0)
    assert copies([0, 0, 5, 5]) == {3}


def test_the_first_of_several_copies_is_the_original():
    a, b = fingerprint(prose(5)), fingerprint(prose(6))
    assert copies([a, b, a, a, b]) == {2, 3, 4}


def test_unspaced_scripts_have_fingerprints_too():
    text = "조선민주주의인민공화국과 러시아가 평양에서 회담을 열고 협력을 논의했다고 보도했다"
    assert is_copy(fingerprint(text), fingerprint(f"{text}."))


def test_another_process_makes_the_same_fingerprint():
    program = f"from bot.group import fingerprint; print(fingerprint({prose(7)!r}))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) == fingerprint(prose(7))


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400), words=st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_text_has_a_fingerprint_and_is_a_copy_of_itself(text, words):
    whole = " ".join([text, *words])
    print_ = fingerprint(whole)
    assert 0 <= print_ < 2**63
    assert is_copy(print_, fingerprint(whole)) == (print_ != 0)


def test_a_fingerprint_is_for_ever_since_it_is_stored():
    assert fingerprint(prose(7)) == 8738043350545933147
    assert fingerprint(prose(8, 20)) == 2305842738428380152
    korean = "조선민주주의인민공화국과 러시아가 평양에서 회담을 열고 협력을 논의했다고 보도했다"
    assert fingerprint(korean) == 269090077735452608


def test_twenty_words_are_enough_to_tell_a_text_by_and_nineteen_are_not():
    words = prose(9, 20).split()
    assert fingerprint(" ".join(words)) != 0
    assert fingerprint(" ".join(words[:19])) == 0


def test_two_thousand_words_are_read():
    words = prose(10, 2000)
    assert fingerprint(f"{words} {prose(11, 4000)}") == fingerprint(words)


def test_copies_differ_in_twelve_bits_at_most():
    whole = fingerprint(prose(12))
    assert is_copy(whole, whole ^ (2**12 - 1))
    assert not is_copy(whole, whole ^ (2**13 - 1))
    assert not is_copy(1, 0)
