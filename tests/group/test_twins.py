"""One event in two languages: what names and figures say of it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.group import StoryWindow, group_articles
from tests.fakes.news import NOW, article

CASES = Path(__file__).parents[1] / "data" / "stories" / "twins-open.jsonl"


def news(title, text, language, *, hours=0.0, **fields):
    return article(title, text, language=language, age_h=-hours, **fields)


def test_of_labelled_pairs_in_two_languages_none_of_two_events_is_one_story():
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    articles = [
        news(one["title"], one["text"], one["language"], hours=one["hours"], source=one["source"])
        for case in cases
        for one in (case["a"], case["b"])
    ]
    stories = group_articles(articles)
    joined = {n for n in range(len(cases)) if any({2 * n, 2 * n + 1} <= {*s} for s in stories)}
    assert [case["id"] for n, case in enumerate(cases) if n in joined and not case["same"]] == []
    assert sum(case["same"] for n, case in enumerate(cases) if n in joined) >= 12


@pytest.mark.parametrize(
    ("german", "is_one"),
    [
        # A figure that few things have, and a country that few articles name.
        ("In Estland haben 1.437 Bahner die Arbeit niedergelegt.", True),
        # A figure of two digits, and a name.
        ("In Estland streiken die Bahner, 37 Züge der Kurvalinie fallen aus.", True),
        # A name alone.
        ("Estlands Kurvalinie bekommt neue Wagen.", False),
        # The figure, and another country.
        ("In Portugal haben 1.437 Bahner die Arbeit niedergelegt.", False),
    ],
)
def test_stories_of_two_languages_are_one_by_figures_names_and_country(german, is_one):
    english = news(
        "Railway strike in Estonia",
        "Some 1,437 railway workers are on strike in Estonia. The Kurvalinie cancelled 37 trains.",
        "en",
    )
    assert (len(group_articles([english, news("Bahnstreik", german, "de")])) == 1) is is_one


def test_days_apart_a_figure_is_no_sign_of_one_event():
    english = news("Strike in Estonia", "Some 1,437 railway workers are on strike.", "en")
    german = news("Streik in Estland", "1.437 Bahner streiken.", "de", hours=60)
    assert len(group_articles([english, german])) == 2


def test_what_many_articles_of_a_language_have_is_no_sign_even_once_they_are_forgotten():
    strikes = [
        news(f"{title} in Estonia", f"All 1,437 {workers} are away.", "en", hours=-130)
        for title, workers in (
            ("Bakers march", "bakers"),
            ("Schools shut", "teachers"),
            ("Ferries idle", "sailors"),
            ("Empty courts", "judges"),
            ("Quiet mines", "miners"),
        )
    ]
    window = StoryWindow()
    window.add([*strikes, news("Wetter", "Es regnet.", "de", hours=-130)], NOW - timedelta(days=5))
    english = news("Strike in Estonia", "Some 1,437 railway workers are on strike.", "en")
    german = news("Streik in Estland", "1.437 Bahner streiken.", "de")
    first, second = window.add([english, german], NOW)
    assert first != second


def test_names_of_two_alphabets_are_one_name():
    russian = news(
        "Лео Вирталь оправдан",
        "Суд оправдал дрессировщика Лео Вирталя и его брата Якоба Норнена по 37 обвинениям.",
        "ru",
    )
    swedish = news(
        "Leo Virtal frias", "Leo Virtal och hans bror Jakob Nornen frias på 37 punkter.", "sv"
    )
    assert len(group_articles([russian, swedish])) == 1


def test_two_stories_of_one_language_are_not_bridged_by_a_third_in_another():
    first = news("Storm Kelda hits Reval", "Storm Kelda cut power to 41,300 homes.", "en")
    second = news("Ferry firm Norrvik sold", "Norrvik was bought for 2.13 billion crowns.", "en")
    both = news(
        "Sturm Kelda und Norrvik",
        "Kelda nahm 41.300 Haushalten den Strom. Norrvik kostet 2,13 Milliarden Kronen.",
        "de",
    )
    stories = group_articles([first, second, both])
    assert sorted(map(len, stories)) == [1, 2]
    assert [0, 1] not in stories
