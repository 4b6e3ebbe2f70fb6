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


def likeness(value, *, day=0.0, first="en", second="en"):
    """Return how alike two articles are that share ``value`` of their terms."""
    neighbours = Neighbours()
    neighbours.add(1, IndexedArticle(first, 0.0, {"dam": 1.0}))
    return neighbours.add(2, IndexedArticle(second, day, {"dam": value})).get(1)


def test_a_likeness_below_a_twentieth_is_none():
    assert likeness(0.05) == 0.05
    assert likeness(0.0499) is None


@pytest.mark.parametrize("day", [1.2, -1.2])
def test_a_weak_likeness_fades_by_its_weakness_in_a_day_and_a_fifth(day):
    assert likeness(0.19, day=day) == pytest.approx(0.19 / 2)
    assert likeness(0.19, day=2 * day) is None  # a quarter of it is noise
    assert likeness(0.28, day=2 * day) == pytest.approx(0.28 * (0.28 / 0.38) ** 2)


def test_a_strong_likeness_does_not_fade():
    assert likeness(0.38, day=30) == 0.38
    assert likeness(0.379, day=100) == pytest.approx(0.379 * (0.379 / 0.38) ** (100 / 1.2))


def test_two_known_languages_must_be_the_same():
    shown = {
        languages: likeness(1.0, first=languages[0], second=languages[1])
        for languages in (("en", "de"), ("en", ""), ("", "de"), ("", ""), ("de", "de"))
    }
    assert [languages for languages, value in shown.items() if value is None] == [("en", "de")]


def test_a_word_leads_to_the_newest_sixty_articles():
    neighbours = Neighbours()
    for key in range(200):
        neighbours.add(key, entry("dam"))
    assert sorted(neighbours.add(999, entry("dam"))) == list(range(140, 200))


def test_a_light_word_leads_to_the_newest_twenty():
    def found(weight):
        neighbours = Neighbours()
        for key in range(200):
            neighbours.add(key, IndexedArticle("en", 0.0, {"dam": 1.0}))
        return sorted(neighbours.add(999, IndexedArticle("en", 0.0, {"dam": weight})))

    assert found(0.15) == list(range(140, 200))
    assert found(0.149) == list(range(180, 200))


def test_the_two_hundred_likest_are_remembered_the_likest_first():
    neighbours = Neighbours()
    words = ("dam", "ferry", "snow", "gate")
    for place, word in enumerate(words):
        for n in range(60):
            likeness = 0.3 + place / 10 + n / 1000
            neighbours.add(100 * place + n, IndexedArticle("en", 0.0, {word: likeness}))
    found = neighbours.add(9999, IndexedArticle("en", 0.0, dict.fromkeys(words, 1.0)))
    assert len(found) == 200
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert next(iter(found)) == 359


def test_a_trace_of_one_article_hides_no_other():
    neighbours = Neighbours()
    neighbours.add(1, IndexedArticle("en", 0.0, {"dam": 1.0}))
    neighbours.add(2, IndexedArticle("de", 0.0, {"ferry": 1.0}))
    neighbours.add(3, IndexedArticle("en", 0.0, {"snow": 1.0}))
    new = IndexedArticle("en", 0.0, {"dam": 0.01, "ferry": 0.5, "snow": 0.9})
    assert neighbours.add(4, new) == {3: 0.9}
