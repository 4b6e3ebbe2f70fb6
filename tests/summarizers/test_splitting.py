"""Where sentences end."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sentences import boundary_f1, ours, read_boundaries
from summarizers import split_sentences

DATA = Path(__file__).parent.parent / "data" / "summarizers"
BOUNDARIES = read_boundaries(DATA / "boundaries")
# Written after the rules, and never used to change them.
UNSEEN = read_boundaries(DATA / "boundaries_unseen")
LANGUAGES = sorted({item.language for item in BOUNDARIES})


def _sentences(text, language="en"):
    return [text[start:end] for start, end in split_sentences(text, language)]


def test_the_set_is_large_enough():
    assert sum(len(item.ends) for item in BOUNDARIES) >= 300
    assert len(LANGUAGES) >= 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_boundaries_are_found(language):
    assert boundary_f1(ours, [item for item in BOUNDARIES if item.language == language]) >= 0.95


def test_boundaries_the_rules_were_not_made_for_are_found():
    assert sum(len(item.ends) for item in UNSEEN) >= 40
    assert boundary_f1(ours, UNSEEN) >= 0.95


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300), language=st.sampled_from(["", *LANGUAGES]))
def test_sentences_lie_in_order_and_hold_all_that_is_not_white_space(text, language):
    spans = split_sentences(text, language)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


def test_a_newline_ends_a_sentence():
    assert _sentences("Orun dam refilled\nThe lake is full.") == [
        "Orun dam refilled",
        "The lake is full.",
    ]


def test_a_wrapped_paragraph_is_one():
    text = (
        "The reservoir behind the Orun dam reached 91 percent of its capacity\n"
        "on Wednesday, the river authority said in a statement sent from the\n"
        "Harbour Post building. Engineers had expected the lake to need more\n"
        "time after the repairs of the northern wall.\n"
    )
    assert len(_sentences(text)) == 2


def test_a_line_that_goes_on_in_lower_case_belongs_to_the_one_before():
    assert _sentences("The lake,\nfull again, shone.\n\nmore") == [
        "The lake,\nfull again, shone.",
        "more",
    ]


def test_a_short_speech_stays_whole_and_a_long_one_is_split():
    assert len(_sentences('"We won. We won it all," she said. Then she left.')) == 2
    long = '"' + "We rebuilt the wall of the dam with our own hands. " * 8 + 'We won."'
    assert len(_sentences(long)) > 5


def test_mixed_quotation_marks_count_as_one_kind():
    text = 'They called it “illegal", saying it broke the law. The report was long.'
    assert len(_sentences(text)) == 2


def test_an_unclosed_quotation_holds_nothing():
    assert len(_sentences("“We won. We lost. They left.")) == 3


def test_a_sentence_begins_after_the_space_before_it():
    text = "The gates are shut.  Nobody waits.\nThe ferry sails."
    spans = split_sentences(text, "en")
    assert spans == [(0, 19), (21, 34), (35, 51)]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        # Who speaks belongs to the quotation before.
        ("en", "“Why now?” asked Anna Ort. Then it rained.", 2),
        ("en", "“Why now?” Anna Ort asked. Then it rained.", 2),
        ("de", "„Warum jetzt?“ Anna Ort fragte das. Dann regnete es.", 2),
        ("fr", "« Pourquoi ? » Anne Ort demande. Puis il pleut.", 2),
        ("es", "«¿Por qué?» Ana Ort preguntó. Luego llovió.", 2),
        ("it", "«Perché?» Anna Ort disse. Poi piovve.", 2),
        # Words that open sentences, and others, after what may be an abbreviation.
        ("en", "He flew to the U.S. Meanwhile it rained.", 2),
        ("en", "He flew to the U.S. Senate on Monday.", 1),
        ("de", "Er flog in die U.S.A. Gestern kam er an.", 2),
        ("de", "Er flog in die U.S.A. Regierung kam an.", 1),
        ("en", "The mayor is J. Ort. He lives there.", 2),
        ("en", "It was signed by J. May on Monday.", 1),
        # Numbers with a stop.
        ("de", "Am 3. Oktober regnete es.", 1),
        ("de", "Es waren 103. Oktober war nass.", 2),
        ("en", "It was the 3. October was wet.", 2),
        ("ko", "2020. 10. 3. 비가 왔다.", 1),
        ("ko", "행사는 2025. 6월에 열린다.", 1),
        ("hu", "A vásár 2025. 10 napig tart.", 1),
        ("en", "The fair was in 2025. 10 people came.", 2),
        # Question marks of Greek.
        ("el", "Πού είναι; Εδώ.", 2),
        ("en", "Where; Here.", 1),
        # Chinese and Japanese.
        ("zh", "“港口開了。”市長說：船來了。", 1),
        ("ja", "「港は開いた。」と市長は言った。船が来た。", 2),
        ("en", "The new iPhone is out. iPhone sales rose.", 2),
        ("en", "It rained at St. Pauli on Monday.", 1),
    ],
)
def test_a_stop_ends_a_sentence_where_readers_would_say_so(language, text, count):
    assert len(split_sentences(text, language)) == count


@pytest.mark.timeout(60)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_long_run_without_spaces_is_split_in_linear_time(language):
    text = "He said so. " + "ab..’Cd" * 100_000
    assert len(_sentences(text, language)) == 100_001
