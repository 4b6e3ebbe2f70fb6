"""What an article names."""

import pytest

from bot.group.facts import FactFinder
from bot.group.terms import terms
from tests.fakes.news import article


def facts(title, text="", *, language="en", finder=None):
    found = article(title, text, language=language)
    return (finder or FactFinder(language)).find(found, terms(found))


def test_capitals_inside_a_sentence_are_names():
    assert facts("Ferry to Corrin stays in port").names == {"corrin"}


def test_a_word_that_opens_a_sentence_is_a_name_if_it_stays_capital():
    text = "Corrin has closed its port. The ferry waits."
    assert facts("Corrin closes its port", text).names == {"corrin"}
    assert facts("Ferry waits outside port", "The ferry waits.").names == frozenset()


def test_a_headline_in_capitals_is_read_by_what_was_learned():
    finder = FactFinder("en")
    title = "Ferry Waits Outside Corrin Port"
    assert facts(title, finder=finder).names == frozenset()
    facts("A storm holds up the ferry", "It waits outside Corrin and its port.", finder=finder)
    assert facts(title, finder=finder).names == {"corrin"}


def test_a_headline_without_names_lets_its_lead_speak():
    found = facts("Guesthouses empty", "Owners in Corrin count the rooms that nobody took.")
    assert found.names == {"corrin"}
    assert not found.has_names


def test_nouns_are_no_names_where_all_are_capital():
    found = facts("Fähre nach Corrin bleibt im Hafen", language="de")
    assert found.names == frozenset()


@pytest.mark.parametrize(
    ("language", "title", "countries"),
    [
        ("en", "Budapest in no hurry", {"hungary"}),
        ("de", "Polnische Bahn streikt", {"poland"}),
        ("ja", "フィリピン南部で地震", {"philippines"}),
        ("xx", "Korda ferry", set()),
    ],
)
def test_countries_are_named_by_people_and_capital_in_any_script(language, title, countries):
    assert facts(title, language=language).countries == countries


def test_the_countries_of_a_headline_come_before_those_of_its_lead():
    found = facts("Quake shakes Chile", "It was felt in Peru, too.")
    assert found.countries == {"chile"}
    assert found.all_countries == {"chile", "peru"}


def test_a_country_of_many_articles_is_not_rare():
    finder = FactFinder("en")
    assert facts("Snow in Chile", finder=finder).rare_countries == {"chile"}
    for _ in range(5):
        found = facts("Snow in Chile", finder=finder)
    assert found.rare_countries == frozenset()
