"""How likely a line is fit: what it rests on, and that briefings leave out what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizers import Budget, Document, summarize
from summarizers.fitness import SIGNS, fitness_of, line_signs
from summarizers.news_signs import roots_of
from summarizers.terms import terms_of

TITLE = "Orun council votes to close the Tarn bridge"


def fitness(text, *, opens=True, language="en", title=TITLE, **seen):
    terms = terms_of(language)
    signs = line_signs(
        text,
        terms(text),
        language=language,
        title=roots_of(language, terms(title)),
        words=len(text.split()),
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
    told = roots_of("en", terms_of("en")(TITLE))
    text = "Repairs of the bridge cost 3.4 million crowns, the engineer said."
    seen = {"opens": False, "told": told, "place": 4}
    assert fitness(text, follows=True, **seen) > fitness(text, follows=False, **seen)


@given(st.text(max_size=300), st.sampled_from(["en", "de", "ja", "ko", "ar", "th", "xx"]))
def test_any_text_has_a_number_for_each_sign_and_a_probability(text, language):
    signs = line_signs(text, terms_of(language)(text), language=language, title=frozenset())
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
