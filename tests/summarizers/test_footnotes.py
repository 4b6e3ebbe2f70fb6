"""Marks of footnotes, and what looks like them."""

import pytest

from summarizers import Budget, Document, summarize
from summarizers.footnotes import footnote_chars


@pytest.mark.parametrize(
    ("text", "chars"),
    [
        ("The dam was finished in 1931.[2]", 3),
        ("The dam was finished in 1931. [2][3]", 7),
        ("Der Damm wurde 1931 fertig.¹²", 2),
        ("Il habite encore la vallée (1).", 5),
        ("The dam was finished in 1931.", 0),
        ("Holm (2) and Ort (1) scored in Velt.", 0),
        ("Under section (2) of the act it may be closed.", 0),
        ("The lake has 40 km² and 3 m³.", 0),
        ("She said [15] people came to Velt.", 0),
        ("The mayor need[s] more time.", 0),
    ],
)
def test_marks_at_the_end_are_counted(text, chars):
    assert footnote_chars(text) == chars


@pytest.mark.parametrize(
    "text",
    [
        "The dam[2] was finished in 1931.",
        "Der Damm¹ wurde 1931 fertig.",
        "大坝 [14-15] ，建于1931年。",
    ],
)
def test_marks_inside_cannot_be_left_off(text):
    assert footnote_chars(text) is None


def test_a_quotation_ends_before_its_footnote():
    text = (
        "The dam of Velt was finished in 1931 after nine years.[2]\n"
        "Its wall[3] holds back the whole lake of Orun in spring.\n"
        "Engineers in Orun plan a second dam for 40 million crowns."
    )
    told = summarize(
        [Document(text=text, title="The dam of Velt")], budget=Budget(sentences=3), language="en"
    ).sentences
    assert [sentence.text for sentence in told] == [
        "The dam of Velt was finished in 1931 after nine years.",
        "Engineers in Orun plan a second dam for 40 million crowns.",
    ]
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in told)


@pytest.mark.parametrize("piece", ["¹", "[1] ", "(1) ", "a¹ "])
def test_endless_marks_are_looked_at_in_time(piece):
    assert footnote_chars(piece * 2_000 + "end.") in (None, 0)
