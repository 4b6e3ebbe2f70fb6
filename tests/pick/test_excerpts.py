"""Leaving sentences out without losing where the others stand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pick.excerpts import excerpt
from summarizers import split_sentences
from tests.fakes.news import stored

SENTENCES = [
    "The dam is full.",
    "Snow fell all winter.",
    "Farmers cheered in Kolm.",
    "It was late.",
]
TEXTS = st.lists(
    st.tuples(st.sampled_from(SENTENCES), st.sampled_from([" ", "\n", "  ", "\n\n"])), max_size=8
).map(lambda pairs: "".join(sentence + gap for sentence, gap in pairs))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, unwanted=st.sets(st.sampled_from(SENTENCES)))
def test_every_sentence_of_an_excerpt_is_found_again_in_the_article(text, unwanted):
    found = excerpt(stored(1, text=text), lambda sentence: sentence not in unwanted)
    wanted = [
        (start, end)
        for start, end in split_sentences(text, "en")
        if text[start:end] not in unwanted
    ]
    if not wanted:
        assert found is None
        return
    spans = split_sentences(found.text, "en")
    assert [found.locate(start, end) for start, end in spans] == wanted


def test_an_article_of_which_all_is_wanted_is_left_as_it_is():
    text = "  The dam is full.\n\nSnow fell  all winter. "
    assert excerpt(stored(1, text=text), bool).text == text


def test_what_spans_a_cut_stands_nowhere():
    found = excerpt(stored(1, text=" ".join(SENTENCES)), lambda sentence: sentence != SENTENCES[1])
    assert found.locate(0, len(found.text)) is None
    end = len(SENTENCES[0])
    assert found.locate(0, end) == (0, end)
    assert found.locate(0, end + 1) is None or found.text[end] == "\n"
