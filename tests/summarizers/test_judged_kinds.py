"""Kinds of lines that readers found unfit on pages nobody had tuned for."""

import pytest

from summarizers import Budget, Document, summarize
from summarizers.guard import guard_of
from summarizers.leaning import leaning_of
from summarizers.openings import find_openers
from summarizers.story import read_story
from summarizers.terms import find_words


def is_fit(language, text):
    return guard_of(language).judge(text, find_words(text), opens=True).is_fit


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ada Lund (2nd L) and Jonas Reil (R) sit with their mothers in Tarn in May 2010."),
        ("en", "Jonas Reil (above) had urged Ada Lund to share the memo with the council."),
        ("de", "Ada Lund (links) und Jonas Reil stehen vor dem Rathaus von Orun."),
        ("fr", "Ada Lund (à gauche) et Jonas Reil arrivent à la mairie d'Orun."),
        ("es", "Ada Lund (izq.) y Jonas Reil llegan al ayuntamiento de Orun."),
        ("ja", "大川市の森田市長（左）と北山市の西田市長が握手した。"),
        ("ja", "沼田県：大川市、北山市、西原村、中野市、東山町、南川市、岩田町"),
        ("en", "Velt county: Orun, Tarn, Lowmoor, Holm and Upper Marsh."),
        ("en", "Here is a list of the accused, some of them named, some not."),
        ("de", "Hier ist eine Liste der Angeklagten mit und ohne Namen."),
        ("en", "Tarn Airways said it would respond shortly to a request for comment on it."),
        ("de", "Die Firma reagierte zunächst nicht auf eine Anfrage der Zeitung."),
        ("es", "La empresa no respondió de inmediato a una solicitud de comentarios."),
        ("fr", "L'entreprise n'a pas répondu à nos demandes."),
        (
            "de",
            'Der Artikel "Orun baut" wurde am 5.11.2021 in der Rubrik Stadt veröffentlicht.',
        ),
    ],
)
def test_what_is_of_a_picture_a_list_or_the_newsroom_is_not_told(language, text):
    assert not is_fit(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The party (left) won the vote in Tarn county on Monday."),
        ("en", "Lund (27) and Reil (30) won the race in Tarn on Sunday."),
        ("ja", "沼田県：大川市、北山市、西原村、中野市では停電が続いている。"),
        ("en", "The court: Lund, who is 40, must pay 300 crowns to Reil."),
        ("en", "The ministry responded to the strike with an offer of 3 percent."),
        ("de", "Die Firma reagierte am Montag auf die Anfrage des Gerichts mit einer Klage."),
    ],
)
def test_what_only_looks_so_is_told(language, text):
    assert is_fit(language, text)


def test_a_day_in_brackets_is_no_footnote():
    text = "A prefeitura de Velt reabre o posto a partir da tarde de hoje (5)."
    verdict = guard_of("pt").judge(text, find_words(text))
    assert verdict.is_fit
    assert not verdict.drop


@pytest.mark.parametrize(
    ("language", "text", "points"),
    [
        ("en", "In truth the mill is worth little, so such a sale may never pay.", True),
        ("en", "Villages in Tarn county have run a similar scheme since 1990.", True),
        ("en", "Villages in Tarn county will share the cost of the bridge.", False),
        ("de", "In Orun gab es außerdem Streit um die Brücke.", True),
        ("de", "Ein ähnlicher Streit begann 1990 in Velt.", True),
        ("de", "In Orun begann 1990 ein Streit um die Brücke.", False),
        ("fr", "En Velt, une telle mesure coûterait 3 millions de couronnes.", True),
        ("sv", "I Velt skulle en sådan bro kosta 3 miljoner kronor.", True),
    ],
)
def test_such_a_thing_points_back_wherever_it_stands(language, text, points):
    assert leaning_of(language).of(text, find_words(text)).points is points


MAYOR = (
    "The camp at Tarn bridge was cleared by 200 officers of Velt on Wednesday. "
    "Mayor Jonas Reil had sent the order at 3 a.m. from his office. "
    "Tents and 40 tonnes of boards were taken to the harbour on 12 lorries, police said. "
    "Reil gave the people of the camp until Friday to fetch what is theirs."
)


def test_a_surname_that_was_not_shown_is_not_told_behind_what_does_not_have_it():
    document = Document(MAYOR, "Police clear camp at Tarn bridge")
    first, second, third, fourth = MAYOR.replace(". ", ".\n").replace("a.m.\n", "a.m. ").split("\n")
    for wanted, told in (({first, third, fourth}, [first, third]), (None, [first, second])):
        summary = summarize(
            [document],
            budget=Budget(words=200 if wanted else 30),
            language="en",
            wanted=None if wanted is None else wanted.__contains__,
        )
        assert [sentence.text for sentence in summary.sentences] == told


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "es",
            "La policía de Orun investiga otros robos de camiones en Tarn",
            "En ese marco, la policía de Orun investiga desde el lunes otros robos de camiones. "
            "El ministro Jonas Reil anunció el lunes en Tarn que 40 agentes buscan los camiones.",
        ),
        (
            "en",
            "Orun police look into other lorry thefts in Tarn",
            "In that case, police of Orun said on Monday they look into lorry thefts in Tarn. "
            "Minister Jonas Reil said on Monday that 40 officers search for the lorries of Tarn.",
        ),
    ],
)
def test_a_first_sentence_that_says_in_that_case_does_not_open(language, title, text):
    story = read_story([Document(text, title)], language)
    openers, _ = find_openers(story)
    assert 0 not in openers


AGAIN = "The council in Orun is going to close the Tarn bridge for repairs, it seems."
ADDS = "Mayor Ada Lund said on Monday that the bridge at Tarn will be closed for 14 months."


@pytest.mark.parametrize(
    ("first", "opening"),
    [
        (AGAIN, ADDS),
        (AGAIN.replace("it seems", "Mayor Ada Lund says"), None),
        (AGAIN.replace("it seems", "from 4 May"), None),
    ],
)
def test_what_says_the_title_again_and_adds_nothing_does_not_open(first, opening):
    text = f"{first}\n{ADDS}\nThe council of Velt pays 3.4 million crowns, a spokesman said."
    story = read_story([Document(text, "Orun council to close Tarn bridge for repairs")], "en")
    openers, is_news = find_openers(story, 0)
    assert is_news
    assert [story.candidates[index].text for index in openers] == [opening or first]
