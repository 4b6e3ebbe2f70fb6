"""The document that a caller wants to open a summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizers import METHODS, Budget, Document, summarize_in_turn

DAM = Document(
    "The Orun dam is full again after a winter of heavy snow. "
    "The reservoir holds 310 million cubic metres of water for the farms of the valley. "
    "Farmers of the valley may draw water from the Orun dam again.",
    title="Orun dam is full",
)
SNOW = Document(
    "Communes in the hills want a share of the water of the Orun dam. "
    "Mayors of eleven villages wrote to the owners of the reservoir.",
    title="Snow fills the Orun dam",
)
SHORT = Document("Two gates of the dam were opened at 04:15 by nine men.", title="Gates opened")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lead", [0, 1, 2])
def test_the_lead_opens_whatever_the_method_chose(method, lead):
    documents = [DAM, SNOW, SHORT]
    (summary,) = summarize_in_turn(
        documents, budgets=[Budget(sentences=2)], language="en", method=method, lead=lead
    )
    assert summary.sentences[0].document == lead
    assert len(summary.sentences) <= 2


def test_a_lead_without_a_sentence_does_not_open():
    (summary,) = summarize_in_turn(
        [DAM, Document("", title="Gates")], budgets=[Budget(sentences=2)], language="en", lead=1
    )
    assert [one.document for one in summary.sentences] == [0, 0]


@given(words=st.integers(0, 60), lead=st.integers(0, 2), method=st.sampled_from(METHODS))
def test_the_budget_holds_with_a_lead(words, lead, method):
    (summary,) = summarize_in_turn(
        [DAM, SNOW, SHORT], budgets=[Budget(words=words)], language="en", method=method, lead=lead
    )
    assert sum(len(one.text.split()) for one in summary.sentences) <= words
