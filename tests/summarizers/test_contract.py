"""What every method keeps, whatever the text."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizers import (
    DEFAULT_METHOD,
    METHODS,
    Budget,
    Document,
    Summary,
    summarize,
    summarize_in_turn,
)
from summarizers.choosing import Choice
from summarizers.languages import word_count
from summarizers.main_text import fold, is_heading
from summarizers.story import CandidateSentence, Story, read_story
from summarizers.terms import terms_of

_WORDS = st.sampled_from(
    [
        "dam",
        "Orun",
        "river",
        "said",
        "the",
        "He",
        "It",
        "rose",
        "3.5",
        "Dr.",
        "water",
        "“so”",
        "U.S.",
        "\0",
    ]
)
_SENTENCES = st.builds(
    lambda words, stop: " ".join(words).capitalize() + stop,
    st.lists(_WORDS, min_size=1, max_size=12),
    st.sampled_from([".", ".", ".", "!", "?", "", "…", '."']),
)
_PROSE = st.lists(_SENTENCES, max_size=12).map("\n".join) | st.lists(_SENTENCES).map(" ".join)
_TEXTS = _PROSE | st.text(max_size=200)
_DOCUMENTS = st.lists(
    st.builds(Document, text=_TEXTS, title=st.text(max_size=20), source=st.sampled_from(["", "A"])),
    max_size=4,
)
_LANGUAGES = st.sampled_from(["", "en", "de", "zh", "th", "ko", "xx", "en-GB"])


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25, deadline=None)
@given(documents=_DOCUMENTS, words=st.integers(0, 200), language=_LANGUAGES)
def test_every_sentence_is_verbatim_and_within_the_budget(method, documents, words, language):
    summary = summarize(documents, budget=Budget(words=words), language=language, method=method)
    assert all(documents[s.document].text[s.start : s.end] == s.text for s in summary.sentences)
    if language not in ("zh", "th"):
        assert (
            sum(word_count(s.text, "xx") for s in summary.sentences) <= max(words, 0)
            or not language
        )
    places = [(s.document, s.start) for s in summary.sentences]
    assert len(set(places)) == len(places)
    assert summary.method in (method, "lead")


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=10, deadline=None)
@given(documents=_DOCUMENTS, count=st.integers(0, 5))
def test_no_more_sentences_than_asked_for(method, documents, count):
    summary = summarize(documents, budget=Budget(sentences=count), language="en", method=method)
    assert len(summary.sentences) <= count


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "word",
        "\0\0\0",
        "\ud800 lone \udfff surrogates here.",
        "😀 " * 500,
        "a" * 200_000,
        "a. " * 5_000,
        "。" * 999,
        "(" * 20_000,
        '"a. ' * 5_000,
        "“A b c d. " * 2_000,
        "A (AP " * 4_000,
    ],
)
def test_any_text_gives_a_valid_summary(method, text):
    summary = summarize([Document(text)], budget=Budget(words=30), method=method)
    assert isinstance(summary, Summary)
    assert all(text[s.start : s.end] == s.text for s in summary.sentences)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_summarizes_a_story_of_several_articles(method, flood):
    documents = [Document(text) for text in flood]
    summary = summarize(documents, budget=Budget(sentences=3), language="en", method=method)
    assert len(summary.sentences) == 3
    assert summary.method == method


@pytest.mark.parametrize("method", ["centroid", "lead"])
@settings(max_examples=100, deadline=None)
@given(
    documents=_DOCUMENTS,
    sizes=st.lists(st.integers(0, 4), min_size=1, max_size=3),
    known=st.lists(_SENTENCES, max_size=2),
)
def test_in_turn_none_repeats_those_before(method, documents, sizes, known):
    budgets = [Budget(sentences=size) for size in sizes]
    in_turn = summarize_in_turn(
        documents, budgets=budgets, language="en", method=method, known=known
    )
    first = next(iter(in_turn))
    assert first == summarize(
        documents, budget=budgets[0], language="en", method=method, known=known
    )
    told = [frozenset(terms_of("en")(sentence)) for sentence in known]
    for budget, summary in zip(budgets, in_turn, strict=True):
        assert len(summary.sentences) <= budget.sentences
        new = [frozenset(terms_of("en")(one.text)) for one in summary.sentences]
        assert not any(terms and terms <= other for terms in new for other in told)
        told += new


def test_a_megabyte_is_summarized_in_time():
    text = "\n".join(
        f"The river {n} rose by {n % 90} centimetres near Lowmoor on Monday." for n in range(15_000)
    )
    summary = summarize([Document(text)], budget=Budget(words=60), language="en")
    assert summary.sentences


def test_without_a_language_it_is_guessed(flood):
    documents = [Document(text) for text in flood]
    budget = Budget(sentences=2)
    assert summarize(documents, budget=budget) == summarize(documents, budget=budget, language="en")


def test_words_are_counted_by_pairs_of_characters_where_they_are_not_spaced():
    text = "水库周三蓄水量达到百分之九十一。工程师原本预计还需要一年时间。"
    summary = summarize([Document(text)], budget=Budget(words=8), language="zh")
    assert [s.text for s in summary.sentences] == ["水库周三蓄水量达到百分之九十一。"]


def test_what_was_told_is_not_told_again(flood):
    documents = [Document(text) for text in flood]
    first = summarize(documents, budget=Budget(sentences=1), language="en").sentences[0].text
    known = [first, "Rescue teams brought 900 people to a school on the hill!"]
    later = summarize(documents, budget=Budget(sentences=5), language="en", known=known)
    texts = [s.text for s in later.sentences]
    assert texts
    assert not any("burst its banks" in text or "900 people" in text for text in texts)


def test_what_is_not_wanted_is_left_out_with_what_leans_on_it():
    text = "Mayor Petra Holm visited the dam. She praised the engineers of the town."
    documents = [Document(text)]
    both = summarize(documents, budget=Budget(sentences=2), language="en")
    assert len(both.sentences) == 2
    none = summarize(
        documents,
        budget=Budget(sentences=2),
        language="en",
        wanted=lambda s: not s.startswith("Mayor"),
    )
    assert none.sentences == ()


def test_the_document_that_tells_the_news_opens_and_the_others_follow_by_time(flood):
    days = [datetime(2026, 6, day, tzinfo=UTC) for day in (3, 2, 1)]
    documents = [Document(text, published_at=day) for text, day in zip(flood, days, strict=True)]
    summary = summarize(documents, budget=Budget(words=200), language="en", method="lead")
    order = list(dict.fromkeys(s.document for s in summary.sentences))
    assert order == [0, 2, 1]
    for document in order:
        starts = [s.start for s in summary.sentences if s.document == document]
        assert starts == sorted(starts)


def test_a_method_without_an_opinion_gives_way_to_the_lead():
    text = "Aaaa bbbb cccc dddd.\nEeee ffff gggg hhhh."
    summary = summarize(
        [Document(text)], budget=Budget(sentences=1), language="en", method="lexrank"
    )
    assert summary.method == "lead"
    assert summary.sentences[0].start == 0


def test_if_nothing_stands_alone_an_article_may_open_with_a_pronoun():
    text = "He resigned from the council on Monday. He gave no reasons to anyone."
    summary = summarize([Document(text)], budget=Budget(sentences=1), language="en")
    assert [s.text for s in summary.sentences] == ["He resigned from the council on Monday."]


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="no method 'magic'"):
        summarize([], budget=Budget(words=1), method="magic")


@pytest.mark.parametrize(
    "wrong", [{}, {"words": 1, "sentences": 1}, {"words": -1}, {"sentences": -1}]
)
def test_a_budget_is_either_words_or_sentences(wrong):
    with pytest.raises(ValueError, match="budget"):
        Budget(**wrong)


def test_the_default_is_the_centroid():
    assert DEFAULT_METHOD == "centroid"
    assert (
        summarize([Document("One small dam was built here.")], budget=Budget(words=9)).method
        == "centroid"
    )


def test_importing_the_package_loads_no_heavy_library():
    code = (
        "import sys, summarizers as s;"
        "heavy = ('numpy', 'nltk', 'sumy', 'requests');"
        "before = [name for name in heavy if name in sys.modules];"
        "s.summarize([s.Document('The dam at Orun was refilled.')], budget=s.Budget(words=9));"
        "print(before, [name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['numpy']"


def test_a_summary_reads_as_its_sentences(flood):
    summary = summarize([Document(flood[0])], budget=Budget(sentences=2), language="en")
    assert str(summary) == " ".join(s.text for s in summary.sentences)


def lead(*lines, language="en", sentences=9, **options):
    """Return the sentences that the lead takes of an article of these lines."""
    summary = summarize(
        [Document("\n".join(lines))],
        budget=Budget(sentences=sentences),
        language=language,
        method="lead",
        **options,
    )
    return [sentence.text for sentence in summary.sentences]


def test_a_sentence_that_shares_more_than_three_fifths_of_its_terms_says_the_same():
    first = "The Orun dam closed a ferry and a harbour gate."
    other = "The Orun dam closed its copper mine in winter."  # three of six terms
    same = "The Orun dam closed a ferry in winter."  # four of five terms
    shorter = "The Orun dam closed a gate."
    assert lead(first, other) == [first, other]
    assert lead(first, same) == [first]
    assert lead(first, shorter) == [first]


def test_the_place_and_agency_before_a_report_are_neither_quoted_nor_compared():
    text = "CORRIN (AP) — The river authority opened both gates of the dam on Thursday."
    assert lead(text) == ["The river authority opened both gates of the dam on Thursday."]
    (candidate,) = read_story([Document(text)], "en").candidates
    assert "corrin" not in candidate.terms
    assert (candidate.start, candidate.end) == (text.index("The river"), len(text))


def test_sentences_of_a_script_without_stops_are_no_headings():
    text = "ท่าเรือจะเปิดอีกครั้งในวันจันทร์ สำนักงานท่าเรือกล่าวว่าเรือพร้อมแล้วสำหรับผู้โดยสารทุกคน"
    assert "".join(lead(text, language="th")) != ""


def test_a_budget_of_nothing_is_one_and_less_than_nothing_is_none():
    assert lead("The river authority opened both gates.", sentences=0) == []
    for wrong in ({"words": -1}, {"sentences": -1}):
        with pytest.raises(ValueError, match="negative"):
            Budget(**wrong)


def test_a_budget_of_words_is_kept_to_the_word():
    first, second = "The dam at Orun is full.", "Two bridges near Velt stay closed."
    for words, taken in ((11, [first]), (12, [first, second]), (5, [])):
        summary = summarize(
            [Document(f"{first}\n{second}")],
            budget=Budget(words=words),
            language="en",
            method="lead",
        )
        assert [sentence.text for sentence in summary.sentences] == taken


def test_a_unit_has_two_sentences_before_the_one_that_leans_four_in_a_longer_text():
    chain = [
        CandidateSentence(0, at, 0, 3, "He.", 1, ["he"], before=at - 1 if at else None)
        for at in range(2_000)
    ]
    story = Story(chain, [[]], [""], [2_000], "en", [])
    choice = Choice(story, Budget(sentences=9))
    assert choice.unit(2) == (0, 1, 2)
    assert choice.unit(3) == choice.unit(1_999) == ()
    text = Choice(story, Budget(words=9))
    assert text.unit(4) == (0, 1, 2, 3, 4)
    assert text.unit(5) == ()
    choice.take((0, 1, 2))
    assert choice.unit(5) == (3, 4, 5)


def test_a_title_with_a_capital_that_grows_in_lower_case_is_told():
    assert is_heading("İzmir'de yağmur.", fold("İzmir’de yağmur"))
