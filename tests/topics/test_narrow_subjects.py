"""Narrow subjects: told by their own words, without taking any from the broad ones."""

import pytest

from bot.topics import load_topics
from bot.topics.catalogue import Topics
from bot.topics.entries import TopicDefinition

TOPICS = load_topics()


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Electric cars outsell diesel in Corrin", {"electric-cars", "cars"}),
        ("Pellworth driver joins Formula One team", {"formula-1", "motorsport"}),
        ("Earthquake shakes the Orun valley", {"earthquakes", "disasters"}),
        ("Chess grandmaster, 14, beats her teacher", {"chess"}),
        ("Offshore wind farm off Corrin supplies 40,000 homes", {"wind", "energy"}),
        ("Rare earth mine to open in Velt", {"rare-earths"}),
        ("Hacker group posts stolen data of Pellworth clinic", {"cyberattacks"}),
        ("Primary school teachers end strike", {"education-schools", "education"}),
        ("Supreme Court justice to step down", {"supreme-court", "law"}),
        ("Vaccine against measles reaches Lorvia", {"vaccines", "health"}),
        ("Railway line to Corrin reopens", {"railways", "transport"}),
    ],
)
def test_a_narrow_subject_is_told_beside_the_broad_one(title, slugs):
    assert slugs <= TOPICS.match(title, "", "en").keys()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Apple growers fear late frost", "apple"),
        ("Bruno Mars adds a night in Pellworth", "mars"),
        ("Gold medal for Pellworth swimmer", "gold"),
        ("Tear gas fired at Orun harbour", "oil-and-gas"),
        ("Village marks Lunar New Year", "moon"),
        ("Nurse trained in assault and battery defence", "batteries"),
        ("Prisoner ends hunger strike", "hunger"),
        ("A golden evening by the river", "gold"),
        ("Boxing Day sales begin early", "boxing"),
        ("Mayor opens railway of hope exhibition of old-fashioned hats", "fashion"),
    ],
)
def test_a_false_friend_is_no_narrow_subject(title, slug):
    assert slug not in TOPICS.match(title, "", "en")


def test_a_longer_word_of_a_narrow_subject_counts_for_the_broad_one_where_it_says_so():
    broad = {"slug": "boats", "names": {"en": "Boats"}, "words": {"en": ["boat"]}}
    narrow = {"slug": "ferries", "names": {"en": "Ferries"}, "words": {"en": ["ferry boat"]}}
    also = narrow | {"also": {"boats": {"en": ["ferry boat"]}}}
    assert match(broad, narrow) == {"ferries"}
    assert match(broad, also) == {"ferries", "boats"}


def match(*subjects):
    topics = Topics(lambda: [TopicDefinition(subject) for subject in subjects])
    return topics.match("Ferry boat sinks", "", "en").keys()


def test_what_a_narrow_subject_gives_to_a_broad_one_is_of_the_catalogue():
    slugs = {topic.slug for topic in TOPICS.all()}
    given = {slug for entry in TOPICS.definitions() for slug in entry.also}
    assert given
    assert given <= slugs
