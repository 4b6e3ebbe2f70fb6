"""Summaries that many readers share."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pick import sentence_hash, shared_summaries
from bot.pick.shared_summaries import summaries_of_new
from summarizers import Budget, Document, summarize_in_turn

SENTENCES = (
    "The dam at Orun was full on Monday after a week of rain.",
    "Farmers along the river Tarn opened their gates by hand.",
    "He said that nobody had asked them to.",
    "A crane lifted the last of the old sluices out of the bed.",
    "The ministry will pay for twelve new pumps before winter.",
    "Two bridges stay closed until engineers have looked at them.",
)
DOCUMENTS = (
    Document("\n".join(SENTENCES[:4]), title="Orun dam full", source="A"),
    Document("\n".join(SENTENCES[3:]), title="Pumps for the Tarn", source="B"),
)
BUDGETS = (Budget(sentences=2), Budget(sentences=2))


def ask(never, documents=DOCUMENTS, method="centroid"):
    hashes = frozenset(map(sentence_hash, never))
    return summaries_of_new(documents, budgets=BUDGETS, language="en", method=method, never=hashes)


def alone(never, method="centroid"):
    return summarize_in_turn(
        DOCUMENTS,
        budgets=BUDGETS,
        language="en",
        method=method,
        wanted=lambda sentence: sentence not in never,
    )


@settings(max_examples=60, deadline=None)
@given(
    readers=st.lists(
        st.tuples(
            st.sets(st.sampled_from((*SENTENCES, "Something of another story."))),
            st.sampled_from(["centroid", "lead"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_each_reader_gets_what_that_reader_alone_would(readers):
    for never, method in readers:
        assert ask(never, method=method) == alone(never, method)


def test_what_was_told_of_other_stories_makes_no_second_summary():
    first = ask({"Something of another story."})
    assert ask({"Something else of another story.", "And more."}) is first
    assert ask({SENTENCES[0]}) is not first


def test_a_longer_text_is_another_story():
    longer = (Document(DOCUMENTS[0].text + "\nIt is over.", title="Orun dam full"), DOCUMENTS[1])
    assert ask(()) is not ask((), documents=longer)


@pytest.mark.parametrize(("bound", "size"), [("_MOST", 3), ("_MOST_CHARS", 150)])
def test_the_memory_has_an_end(monkeypatch, bound, size):
    shared_summaries.forget_summaries()
    monkeypatch.setattr(shared_summaries, bound, size)
    for n in range(10):
        ask((), documents=(Document(f"{SENTENCES[0]}\nGate {n} is open."),))
        assert len(shared_summaries._summaries) <= 3
        assert len(shared_summaries._quotable) <= 3
