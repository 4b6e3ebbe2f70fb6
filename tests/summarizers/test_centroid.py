"""The default method, and the same for sumy."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizers import Budget, Document, competing_units, features, summarize
from summarizers.centroid import choose_centroid, rank_centroid
from summarizers.openings import find_openers
from summarizers.story import read_story
from tests.fakes.effort import calls


def _texts(documents, **options):
    summary = summarize([Document(text) for text in documents], language="en", **options)
    return [sentence.text for sentence in summary.sentences]


def test_what_all_outlets_tell_comes_first(flood):
    assert "burst its banks" in _texts(flood, budget=Budget(sentences=1))[0]


def test_the_same_is_not_said_twice(flood):
    texts = _texts(flood, budget=Budget(words=200))
    assert sum("burst its banks" in text for text in texts) == 1
    assert len(texts) > 3


def test_a_page_of_notices_among_the_documents_is_passed_over(flood):
    notices = (
        "Visitors accept the use of small data files on their own machines.\n"
        "Questions about accounts are answered between nine and five on weekdays."
    )
    texts = _texts([notices, *flood], budget=Budget(sentences=3))
    assert all(text not in notices for text in texts)


def test_two_articles_of_one_outlet_have_one_voice():
    ferry = "The ferry to Orla sank on Monday in heavy weather."
    fire = "A fire destroyed the market hall of Velt at noon."
    texts = [ferry, f"{ferry} Nobody was hurt.", fire, f"{fire} Nobody was hurt."]

    def first(sources):
        documents = [Document(t, source=s) for t, s in zip(texts, sources, strict=True)]
        return str(summarize(documents, budget=Budget(sentences=1), language="en"))

    assert first(["A", "B", "C", "D"]) == ferry
    assert first(["A", "A", "B", "C"]) == fire


def test_an_update_prefers_what_is_new(flood):
    known = ["The river Tarn flooded 400 homes near Lowmoor.", "Rescue teams worked with 30 boats."]
    texts = _texts(flood, budget=Budget(sentences=1), known=known)
    assert not any("Rescue" in text or "flooded" in text for text in texts)


def test_a_title_draws_its_subject(flood):
    # A question is never told: what stands behind it goes on from nothing.
    texts = [text.replace("\n", "\nWhat next?\n") for text in flood]
    plain = [Document(text) for text in texts]
    titled = [Document(text, title="Railway to Velt closed until Friday") for text in texts]
    budget = Budget(sentences=2)
    assert "railway" not in str(summarize(plain, budget=budget, language="en"))
    assert "railway" in str(summarize(titled, budget=budget, language="en"))


def test_a_long_text_is_read_by_its_most_telling_sentences():
    lines = [f"Visitor {n} bought ticket x{n} at gate y{n} of pier z{n}, v{n}." for n in range(900)]
    lines[80] = "Every visitor bought a ticket at the gate of a pier."
    text = "\n".join(lines)
    story = read_story([Document(text)], "en")
    assert story.lengths == [900]
    assert len(story.candidates) < 150
    assert any(candidate.place == 80 for candidate in story.candidates)


def test_many_documents_are_read_by_their_beginnings_and_most_telling_sentences():
    texts = [
        "\n".join(f"Visitor {n}{d} bought ticket x{n}{d} at gate y{n}{d}." for n in range(30))
        for d in "abcdefgh"
    ]
    story = read_story([Document(text) for text in texts], "en")
    assert story.lengths == [30] * 8
    assert len(story.candidates) < 150
    for document in range(8):
        places = [found.place for found in story.candidates if found.document == document]
        assert places[:4] == [0, 1, 2, 3]


def test_work_is_linear_in_length():
    def work(count):
        text = "\n".join(
            f"The river {n} rose by {n % 97} near the town of Lowmoor {n % 13}."
            for n in range(count)
        )
        return calls(lambda: summarize([Document(text)], budget=Budget(words=200), language="en"))

    work(1_000)  # what is loaded once
    assert work(10_000) < 6 * work(2_500)


def test_sumy_takes_it_as_a_summarizer():
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    from summarizers.sumy_adapter import CentroidSummarizer

    class Words:
        def to_words(self, text):
            return tuple(text.rstrip(".").split())

    sentences = [
        Sentence("River flood", Words(), is_heading=True),
        Sentence("The river burst its banks and the flood reached the town.", Words()),
        Sentence("Nobody had a coat.", Words()),
        Sentence("The flood of the river closed the town for a week.", Words()),
    ]
    document = ObjectDocumentModel([Paragraph(sentences)])
    summarizer = CentroidSummarizer()
    summarizer.stop_words = {"the", "a", "of", "and"}
    chosen = summarizer(document, 2)
    assert [str(one) for one in chosen] == [str(sentences[1]), str(sentences[3])]
    assert summarizer.stop_words >= {"the"}
    assert len(summarizer(document, "100%")) == 3
    assert summarizer(ObjectDocumentModel([]), 3) == ()


WORDS = ["river", "flood", "Orun", "dam", "ferry", "harbour", "minister", "opened", "12"]
LINES = st.lists(st.sampled_from(WORDS), min_size=4, max_size=9).map(
    lambda words: f"The {' '.join(words)} again."
)


@given(
    texts=st.lists(st.lists(LINES, min_size=1, max_size=5), min_size=1, max_size=3),
    known=st.lists(LINES, max_size=2),
    words=st.integers(10, 120),
)
def test_a_short_story_is_told_as_a_long_one_would_be(texts, known, words):
    documents = [Document("\n".join(lines), "The river again") for lines in texts]
    story = read_story(documents, "en", known=known)
    budget = Budget(words=words)
    assert sorted(choose_centroid(story, budget)) == sorted(rank_centroid(story, budget))
    # As where the news must come first.
    story = replace(story, openers=find_openers(story, None)[0])
    assert sorted(choose_centroid(story, budget)) == sorted(rank_centroid(story, budget))


def test_a_long_chain_of_leaning_sentences_costs_no_more_than_it_has_features():
    lines = [
        f"He said that boat {i} would leave pier {i * 13 % 97} in week {i * 7 % 91}."
        for i in range(50)
    ]
    text = "\n".join(["The mayor of Orun spoke to the council on Monday.", *lines])
    story = read_story([Document(text)], "en")
    assert len(story.candidates) > 45
    compared = competing_units.CompetingUnits(
        story.candidates, features.Features(story, [0]), [45], np.ones(len(story.candidates))
    )
    # The sentence itself and the four before it that it may be told with.
    assert len(compared.position) == 5
    assert len(compared.columns) == sum(
        len(set(one.terms)) + len(set(pairwise(one.terms))) for one in story.candidates[41:46]
    )


# The weights were measured on sets of news (docs/decisions): what they rank is held here, so
# that none of them changes by itself.
VOCABULARY = (
    *("river", "flood", "Orun", "dam", "ferry", "harbour", "minister", "opened", "twelve"),
    *("gates", "copper", "miners", "strike", "school", "teams", "boats", "valley", "storm"),
    *("bridge", "rain", "homes", "mayor", "council", "water", "pumps", "winter", "farms"),
    *("snow", "Velt", "railway"),
)


def made_up(seed, sentences, title, source=""):
    rng = random.Random(seed)
    lines = [
        f"The {' '.join(rng.choices(VOCABULARY, k=rng.randint(4, 18)))} again."
        for _ in range(sentences)
    ]
    return Document("\n".join(lines), title, source)


SINGLE = [made_up(1, 40, "Orun dam opened")]
CLUSTER = [
    made_up(2, 16, "Miners strike", "A"),
    made_up(3, 12, "Copper and snow", "A"),
    made_up(4, 9, "", "B"),
    made_up(5, 20, "Velt railway"),
]
LONG = [made_up(6, 120, "Storm over the valley")]
TOLD = ["The ferry to the harbour opened twelve gates."]


@pytest.mark.parametrize(
    ("documents", "known", "budget", "ranking"),
    [
        (SINGLE, (), Budget(sentences=99), [1, 2, 3, 5, 4, 7, 21, 33, 34, 38, 24, 30, 15, 37]),
        (
            CLUSTER,
            (),
            Budget(sentences=99),
            [37, 38, 39, 28, 40, 16, 1, 30, 21, 22, 42, 47, 48, 49, 12, 14, 54, 25],
        ),
        (
            CLUSTER,
            TOLD,
            Budget(sentences=99),
            [35, 36, 0, 1, 16, 40, 33, 22, 6, 8, 47, 12, 14, 51, 46],
        ),
        (LONG, (), Budget(words=120), [0, 1, 3, 5, 10, 11, 7, 16]),
    ],
)
def test_the_ranking_is_that_of_the_weights_as_they_were_measured(
    documents, known, budget, ranking
):
    assert rank_centroid(read_story(documents, "en", known=known), budget) == ranking


@pytest.mark.parametrize("words", [20, 30, 45, 60, 80])
def test_a_story_that_leaves_no_choice_is_told_as_the_ranking_would(words):
    budget, count = Budget(words=words), 0
    for seed in range(60):
        documents = [made_up(seed, 2 + seed % 5, "Orun dam opened")]
        story = read_story(documents, "en", known=TOLD if seed % 4 == 0 else ())
        story = replace(story, openers=find_openers(story, None)[0])
        chosen = choose_centroid(story, budget)
        assert sorted(chosen) == sorted(rank_centroid(story, budget))
        count += len(chosen)
    assert count > 50


def test_what_was_chosen_in_any_order_is_told_in_reading_order():
    (single,) = {tuple(s.start for s in summarize(SINGLE, budget=Budget(sentences=6)).sentences)}
    assert single == tuple(sorted(single))
    told = summarize(CLUSTER, budget=Budget(sentences=9), language="en").sentences
    places = [(sentence.document, sentence.start) for sentence in told]
    opening = places[0][0]
    assert places == sorted(places, key=lambda place: (place[0] != opening, *place))
    assert len({document for document, _ in places}) > 1
