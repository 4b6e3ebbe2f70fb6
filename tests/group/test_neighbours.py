"""Finding the articles that are like a new one."""

import pytest

from bot.group.neighbours import IndexedArticle, Neighbours


def entry(*words, language="en", day=0.0):
    weight = len(words) ** -0.5
    return IndexedArticle(language, day, dict.fromkeys(words, weight))


def test_likeness_is_the_cosine_of_two_articles_of_a_day():
    neighbours = Neighbours()
    assert neighbours.add(1, entry("dam", "snow")) == {}
    assert neighbours.add(2, entry("dam", "gate")) == {1: pytest.approx(0.5)}


def test_a_trace_of_likeness_is_none():
    neighbours = Neighbours()
    neighbours.add(1, entry("dam", *(f"a{n}" for n in range(30))))
    assert neighbours.add(2, entry("dam", *(f"b{n}" for n in range(30)))) == {}


def test_weak_likeness_fades_away_and_strong_likeness_stays():
    neighbours = Neighbours()
    neighbours.add(1, entry("dam", "snow", "gate"))
    weak, strong = entry("dam", "bus", "cup", day=3), entry("dam", "snow", "gate", day=30)
    assert neighbours.add(2, weak)[1] < 0.3
    assert neighbours.add(3, strong)[1] == pytest.approx(1.0)
    assert neighbours.add(4, entry("dam", "clock", "seal", day=60)) == {}


def test_a_word_of_very_many_articles_leads_only_to_the_newest():
    neighbours = Neighbours()
    for key in range(400):
        neighbours.add(key, entry("election", f"town{key}"))
    found = neighbours.add(999, entry("election", "result"))
    assert 0 < len(found) <= 300
    assert min(found) >= 100


def test_what_is_removed_is_not_found_and_leaves_no_posting():
    neighbours = Neighbours()
    for key in range(400):
        neighbours.add(key, entry("election", f"town{key}"))
    for key in range(400):
        neighbours.remove(key)
    assert neighbours._postings == {}
    assert neighbours.add(1, entry("election")) == {}


def test_an_article_can_go_after_all_others_of_its_words_have_gone():
    neighbours = Neighbours()
    crowd = range(200)  # more than one word leads to: the first ones fall out of its posting
    for key in crowd:
        neighbours.add(key, entry("dam"))
    for key in reversed(crowd):
        neighbours.remove(key)
    assert neighbours.add(999, entry("dam")) == {}
