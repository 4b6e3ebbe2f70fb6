"""What speaks for one event, and for two of a kind, beyond likeness."""

import json
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from bot.group import StoryWindow, group_articles
from tests.fakes.news import NOW, article

CASES = Path(__file__).parents[1] / "data" / "stories" / "kinds-open.jsonl"


def news(title, text, *, hours=0.0, **fields):
    return article(title, text, age_h=-hours, **fields)


def others(language="en", at=NOW - timedelta(hours=1)):
    """Return as many articles, each of something else, as make a rare name tell something."""
    return [
        article(
            f"Wort{n}a wort{n}b", f"Wort{n}c wort{n}d wort{n}e.", language=language,
            published_at=at, seen_at=at,
        )
        for n in range(300)
    ]  # fmt: skip


def stories(*articles, among=()):
    """Return the stories of ``articles`` as their places, among others."""
    found = group_articles([*among, *articles])
    kept = [[n - len(among) for n in story if n >= len(among)] for story in found]
    return [story for story in kept if story]


def cases():
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def grouped(case):
    """Return the stories of a case's articles, each added as it comes."""
    window = StoryWindow()
    window.add(others(case["language"]), NOW)
    articles = sorted(enumerate(case["articles"]), key=lambda item: item[1]["hours"])
    found = {}
    for n, one in articles:
        at = NOW + timedelta(hours=one["hours"])
        fields = {"language": case["language"], "source": one["source"], "seen_at": at}
        [found[n]] = window.add([article(one["title"], one["text"], published_at=at, **fields)], at)
        for merge in window.take_merges():
            found = {n: merge.kept if old == merge.gone else old for n, old in found.items()}
    return found


def test_of_labelled_events_few_are_merged_and_most_joined():
    apart, joined = [], []
    for case in cases():
        found, events = grouped(case), case["events"]
        pairs = list(combinations(range(len(events)), 2))
        if len(set(events)) > 1:
            apart.append(all(found[a] != found[b] for a, b in pairs if events[a] != events[b]))
        if len(set(events)) < len(events):
            joined.append(all(found[a] == found[b] for a, b in pairs if events[a] == events[b]))
    assert sum(apart) >= 0.95 * len(apart)
    assert sum(joined) >= 0.65 * len(joined)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            ("Fire at Harl mill, two hurt", "Two people were hurt in a fire at a mill in Harl."),
            ("Fire at Osk mill, four hurt", "Four people were hurt in a fire at a mill in Osk."),
        ),
        (  # countries, by their people
            "de",
            ("Finnische Bahn erhöht die Preise", "Die finnische Bahn hat ihre Preise erhöht."),
            ("Ungarische Bahn erhöht die Preise", "Die ungarische Bahn hat ihre Preise erhöht."),
        ),
        (  # a name that opens the sentence
            "tr",
            ("Akpınar'da köprü çöktü", "Akpınar'da bir köprü çöktü. Yaralanan olmadı."),
            ("Gökdere'de köprü çöktü", "Gökdere'de bir köprü çöktü. Yaralanan olmadı."),
        ),
        (  # no capitals: what stands at the head
            "zh",
            ("北溪镇一座桥梁倒塌 无人受伤", "周一，北溪镇一座桥梁倒塌，无人受伤。"),
            ("南岗乡一座桥梁倒塌 无人受伤", "周一，南岗乡一座桥梁倒塌，无人受伤。"),
        ),
        (  # no names at all: between the same words
            "en",
            ("Why the canal vote matters", "The vote on the canal matters because boats decide."),
            ("Why the tram vote matters", "The vote on the tram matters because trams decide."),
        ),
    ],
)
def test_two_events_of_a_kind_are_two(language, first, second):
    one = news(*first, language=language, source="Velt Mail")
    other = news(*second, language=language, hours=2)
    assert stories(one, other) == [[0], [1]]


def test_another_opponent_is_another_match_when_days_lie_between():
    first = ("Harl 3-0 Osk: Tarn double sinks visitors", "Harl beat Osk 3-0 as Tarn scored twice.")
    later = (
        "Harl 3-0 Velt: Tarn double sinks visitors",
        "Harl beat Velt 3-0 as Tarn scored twice.",
    )
    assert stories(news(*first), news(*later, hours=72)) == [[0], [1]]


def test_a_name_that_one_of_two_leaves_out_is_no_conflict():
    one = news("Fire at Harl mill, two hurt", "Two people were hurt in a fire at the mill in Harl.")
    other = news("Mill fire: two hurt", "Two people were hurt when a mill burned, police said.")
    assert stories(one, other) == [[0, 1]]


def test_a_rare_name_makes_one_event_of_a_day():
    one = (
        "Freight train leaves rails at Harlow Junction",
        ("Nine wagons left the rails at Harlow Junction, blocking both lines. Nobody was hurt."),
    )
    other = (
        "Grain everywhere: villagers with buckets help",
        ("Barley was strewn across a meadow after nine wagons tipped over at Harlow on Sunday."),
    )
    assert stories(news(*one), news(*other, hours=8), among=others()) == [[0, 1]]
    assert stories(news(*one), news(*other, hours=50), among=others()) == [[0], [1]]

    # Among a few articles every name is rare, and says nothing.
    assert stories(news(*one), news(*other, hours=8)) == [[0], [1]]


def test_a_capital_stands_for_its_country():
    one = (
        "Hungary's central bank leaves borrowing costs alone",
        ("Hungary's central bank kept its base rate. Policymakers said prices were rising."),
    )
    other = (
        "Budapest in no hurry to ease",
        ("Budapest stayed put again, as prices rise. The base rate has stood since winter."),
    )
    assert stories(news(*one), news(*other, hours=4), among=others()) == [[0, 1]]


def test_the_same_column_of_two_days_is_two_stories():
    title = "Morning briefing: what you need to know today"
    first = news(title, "Good morning. Here is what you need to know: rail talks and rice.")
    second = news(title, "Good morning. Here is what you need to know: a storm.", hours=24)
    assert stories(first, second) == [[0], [1]]
