"""How likely a line is fit: what it rests on, and that briefings leave out what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizers import Budget, Document, summarize
from summarizers.added_signs import ADDED_SIGNS, added_signs
from summarizers.candidates import CandidateSentence
from summarizers.fitness import SIGNS, fitness_of, follows_likely, opens_likely, signs_of
from summarizers.news_signs import roots_of
from summarizers.page_signs import Page
from summarizers.story import read_story
from summarizers.terms import terms_of

TITLE = "Orun council votes to close the Tarn bridge"


def candidate(text, language="en", place=0):
    terms = terms_of(language)(text)
    words = len(text.split())
    return CandidateSentence(
        document=0, place=place, start=0, end=len(text), text=text, words=words, terms=terms
    )


def fitness(text, *, opens=True, language="en", title=TITLE, place=0, page=(), **seen):
    line = candidate(text, language, place)
    signs = signs_of(
        line,
        Page(language, title, page or [line], len(page)),
        language=language,
        title=roots_of(language, terms_of(language)(title)),
        **seen,
    )
    return fitness_of(signs, opens=opens)


@pytest.mark.parametrize(
    ("language", "title", "news", "platitude"),
    [
        (
            "en",
            TITLE,
            "The council of Orun voted on Monday to close the Tarn bridge for 14 months.",
            "In the life of every town there are decisions that you would rather put off.",
        ),
        (
            "de",
            "Stadtrat von Orun sperrt die Tarnbrücke",
            "Der Stadtrat von Orun hat am Montag beschlossen, die Tarnbrücke 14 Monate zu sperren.",
            "Im Leben einer jeden Stadt gibt es Entscheidungen, die wir lieber verschieben.",
        ),
        (
            "fr",
            "Le conseil d'Orun ferme le pont du Tarn",
            "Le conseil d'Orun a voté lundi la fermeture du pont du Tarn pendant 14 mois.",
            "Dans la vie de chaque ville, il y a des choix que nous aimons remettre à plus tard.",
        ),
    ],
)
def test_news_opens_likelier_than_a_platitude(language, title, news, platitude):
    likely, unlikely = (fitness(t, language=language, title=title) for t in (news, platitude))
    assert likely > 0.5
    assert unlikely < 0.3


def test_a_line_behind_a_gap_is_less_likely_fit_than_one_that_goes_on():
    shown = roots_of("en", terms_of("en")(TITLE))
    text = "Repairs of the bridge cost 3.4 million crowns, the engineer said."
    seen = {"opens": False, "shown": shown, "place": 4}
    assert fitness(text, follows=True, **seen) > fitness(text, follows=False, **seen)


@given(st.text(max_size=300), st.sampled_from(["en", "de", "ja", "ko", "ar", "th", "xx"]))
def test_any_text_has_a_number_for_each_sign_and_a_probability(text, language):
    line = candidate(text, language)
    page = Page(language, text, [line], 1)
    signs = signs_of(line, page, language=language, title=frozenset())
    assert len(signs) == len(SIGNS)
    assert all(-2 <= sign <= 2 for sign in signs)
    for opens in (True, False):
        assert 0 < fitness_of(signs, opens=opens) < 1


def test_a_briefing_leaves_out_what_readers_find_unfit_and_a_longer_summary_does_not():
    news = "The council of Orun voted on Monday to close the Tarn bridge for 14 months."
    colour = "Bridges are places of partings, of long evenings, and of dreams by the water."
    cost = "Repairs of the bridge cost 3.4 million crowns, engineer Ada Lund said."
    document = Document(f"{news}\n{cost}\nPhoto: Ada Lund\n{colour}", TITLE)
    told = summarize([document], budget=Budget(sentences=4), language="en", lead=0)
    assert [sentence.text for sentence in told.sentences] == [news, cost]
    longer = summarize([document], budget=Budget(words=90), language="en", lead=0)
    assert colour in [sentence.text for sentence in longer.sentences]


REPORT = (
    "The council of Orun voted on Monday to close the Tarn bridge for 14 months. "
    "Mayor Ada Lund said repairs would cost 3.4 million crowns. "
    "The council of Velt had offered to pay half of it, a spokesman said on Tuesday."
)
SERMON = (
    "You have a bridge in you, and so do I! "
    "Have we ever asked ourselves where it leads us? "
    "It is up to you whether you walk over it or not."
)


@pytest.mark.parametrize("opens", [True, False])
def test_the_same_line_is_likelier_fit_on_a_page_that_reports(opens):
    text = "The bridge at Tarn was built by engineers of the province of Orun in three summers."
    title = "A bridge at Tarn"
    seen = {"opens": opens, "title": title, "place": 3}
    if not opens:
        seen["shown"] = roots_of("en", terms_of("en")(title))
    on_report, on_sermon = (
        fitness(text, page=read_story([Document(page, title)], "en").candidates, **seen)
        for page in (REPORT, SERMON)
    )
    assert on_report > on_sermon + 0.1


def test_a_page_counts_what_was_passed_over():
    page = read_story([Document(REPORT, "A bridge at Tarn")], "en").candidates
    line = candidate("The mayor hoped that the crowns of Velt would come.", place=3)
    passing, telling = (
        dict(
            zip(
                SIGNS,
                signs_of(
                    line,
                    Page("en", "A bridge at Tarn", page, 3),
                    language="en",
                    title=frozenset(),
                    told=told,
                ),
                strict=True,
            )
        )
        for told in ([0], [0, 1, 2])
    )
    assert passing["share passed over"] > telling["share passed over"] == 0
    assert passing["distance"] > telling["distance"] == 0


def test_of_a_text_of_three_sentences_only_what_is_bad_is_refused():
    line = candidate("The Orun dam is full again after a winter of heavy snow.")
    for sentences, told in ((3, True), (4, False)):
        page = Page("en", "Orun dam", [line], sentences)
        assert opens_likely(0.4, page) is told
        assert follows_likely(0.4, page) is told
        assert follows_likely(0.4, page, is_lead=False) is told
        assert not opens_likely(0.2, page)


def test_alone_below_the_opening_the_next_sentence_need_not_be_as_likely():
    page = Page("en", "Orun dam", [], 9)
    assert follows_likely(0.5, page, is_next=True)
    assert not follows_likely(0.5, page)


def test_an_opening_of_a_few_words_is_asked_too():
    page = Page("en", "Orun dam", [], 9)
    assert opens_likely(0.3, page, is_brief=True)
    assert not opens_likely(0.2, page, is_brief=True)


def test_an_opening_from_the_fourth_sentence_on_must_be_likelier():
    page = Page("en", "Orun dam", [], 9)
    assert opens_likely(0.55, page)
    assert not opens_likely(0.55, page, is_late=True)
    assert opens_likely(0.65, page, is_late=True)


def added(text, *, title=TITLE, told=(), language="en"):
    """Return what a line adds, by sign."""
    own = roots_of(language, terms_of(language)(title))
    above = (term for shown in told for term in terms_of(language)(shown))
    line = candidate(text, language)
    signs = added_signs(line, language=language, title=own, shown=own | roots_of(language, above))
    return dict(zip(ADDED_SIGNS, signs, strict=True))


@pytest.mark.parametrize(
    ("language", "title", "again", "more"),
    [
        (
            "en",
            TITLE,
            "The Orun council has voted that the Tarn bridge will be closed.",
            "The Orun council voted 9 to 4 that Brask will repair the Tarn bridge.",
        ),
        (
            "de",
            "Stadtrat von Orun sperrt die Tarnbrücke",
            "Der Stadtrat von Orun hat die Tarnbrücke gesperrt.",
            "Der Stadtrat von Orun hat die Tarnbrücke für 14 Monate gesperrt.",
        ),
        (
            "es",
            "El concejo de Orun cierra el puente del Tarn",
            "El concejo de Orun cerró el puente del Tarn.",
            "El concejo de Orun cerró por 14 meses el puente del Tarn.",
        ),
    ],
)
def test_what_says_the_title_again_adds_no_mark(language, title, again, more):
    assert added(again, title=title, language=language)["adds no mark"] == 1
    assert added(more, title=title, language=language)["adds marks"] > 0


def test_what_was_told_is_no_new_root():
    text = "Repairs of the bridge cost 3.4 million crowns, the engineer said."
    assert added(text, told=[text])["new roots"] == 0 < added(text)["new roots"]
    assert added(text, told=[text])["roots of its own"] == added(text)["roots of its own"]


def test_a_sentence_knows_whether_it_begins_a_paragraph():
    text = (
        "The council of Orun met on Monday. It closed the bridge.\nRepairs cost 3.4 million crowns."
    )
    story = read_story([Document(text=text, title=TITLE)], "en")
    assert [line.begins for line in story.candidates] == [True, False, True]
