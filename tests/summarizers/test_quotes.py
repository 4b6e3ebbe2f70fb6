"""Quotation marks and brackets."""

import pytest

from summarizers.quotes import held_spans, is_balanced


@pytest.mark.parametrize(
    "text",
    [
        "no marks",
        'a "b" c',
        'They called it “illegal", saying so.',
        "Er sagte „gut“ und »ja«.",
        "Il dit « oui ».",
        "他说：“好。”",
        "彼は「はい」と言った。",
        "(so) [it] is",
        "''Two apostrophes,'' she said.",
        "a) the first point",
        "the 'single' ones",
        "‘We won,’ she said.",
    ],
)
def test_what_is_closed_is_balanced(text):
    assert is_balanced(text)


@pytest.mark.parametrize(
    "text",
    [
        '"We won, she said.',
        'We won," she said.',
        "(so it is",
        "so it is)",
        "‘We won, she said.",
        "„Ja, sagte er.",
        "([so)",
    ],
)
def test_half_of_a_pair_is_not(text):
    assert not is_balanced(text)


def test_the_outermost_spans_are_held():
    text = 'A (b "c" d) e "f" g'
    assert [text[a:b] for a, b in held_spans(text)] == ['(b "c" d)', '"f"']


def test_what_is_not_closed_holds_nothing():
    assert held_spans('A "b c') == []
