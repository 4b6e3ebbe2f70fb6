"""Quotation marks and brackets."""

import pytest

from summarizers.quotes import held_spans, is_balanced, quoted


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


def test_a_high_mark_closes_a_low_one_before_a_comma():
    text = "„Es regnet. Niemand kommt,“ sagte er."
    assert [text[a:b] for a, b in held_spans(text)] == ["„Es regnet. Niemand kommt,“"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("He said ‘Go. Now,’ and left.", ["‘Go. Now,’"]),
        ("He said 'Go. Now,' and left.", ["'Go. Now,'"]),
        ("The workers' union. It's the '80s, isn't it?", []),
        ("He likes ‘Orun’ and ‘Velby’.", ["‘Orun’", "‘Velby’"]),
        ("a ' Maistre . ' He", ["' Maistre . '"]),
        ("A wizard '' is . In '' Chaos '' , he wins .", ["'' Chaos ''"]),
        ("(so ‘it’ is) ‘now’", ["(so ‘it’ is)", "‘now’"]),
        ("‘" + "long " * 20 + "’", []),
    ],
)
def test_single_marks_hold_what_they_enclose(text, held):
    assert [text[a:b] for a, b in quoted(text, 60).spans] == held


@pytest.mark.parametrize(
    ("text", "closers"),
    [
        ("What to do ? ' Anna left .", ["'"]),
        ('It is " so . " He left', ['"']),
        ("'' It rains , '' she wrote . '' Why ?", ["''"]),
        ("It’s so.", []),
    ],
)
def test_marks_that_close_behind_white_space_are_told(text, closers):
    found = quoted(text, 60).closers
    assert [text[start:end] for start, end in found.items()] == closers
