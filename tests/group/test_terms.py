"""Which words tell an article, and how much each weighs."""

import math

import pytest

from bot.group.terms import Rarity, terms
from tests.fakes.news import article


def test_a_word_of_the_title_counts_twice_as_much_as_one_of_the_lead():
    assert terms(article("Dam", "Dam ferry dam")) == {"dam": 4.0, "ferry": 1.0}


def test_the_lead_is_eight_hundred_characters_and_eighty_words():
    pad = "x" * 790
    assert set(terms(article("", f"{pad} ferry abcd"))) == {pad[:7], "ferry", "abc"}
    words = [f"w{n:04}" for n in range(100)]
    assert list(terms(article("", " ".join(words)))) == words[:80]


def test_words_are_known_by_their_first_seven_letters():
    assert terms(article("", "reservoir reservoirs reservation reserve")) == {
        "reservo": 2.0,
        "reserva": 1.0,
        "reserve": 1.0,
    }


def test_single_letters_count_in_scripts_where_they_are_words():
    assert terms(article("", "x 水 5", language="xx")) == {"水": 1.0}


def test_words_that_say_nothing_are_left_out():
    assert terms(article("The dam and the river", "")) == {"dam": 2.0, "river": 2.0}


def rarity(articles, count):
    return -math.log((count + 0.5) / (articles + 1001))


def test_a_term_weighs_by_its_count_damped_and_by_its_rarity():
    seen = Rarity()
    seen.add({"dam": 1.0, "ferry": 1.0})
    seen.add({"dam": 1.0})
    vector = seen.add({"ferry": 1.0, "dam": 2.0, "new": 1.0})
    weights = {
        "dam": (1 + math.log(2)) * rarity(3, 3),
        "new": rarity(3, 1),
        "ferry": rarity(3, 2),
    }
    norm = math.hypot(*weights.values())
    assert vector == pytest.approx({term: weight / norm for term, weight in weights.items()})
    assert list(vector) == ["dam", "new", "ferry"]


def test_what_is_forgotten_was_never_seen():
    seen, fresh = Rarity(), Rarity()
    for counted in ({"dam": 1.0, "ferry": 1.0}, {"dam": 1.0}):
        seen.add(counted)
    fresh.add({"dam": 1.0})
    seen.remove({"dam": 1.0, "ferry": 1.0})
    asked = {"dam": 1.0, "ferry": 3.0}
    assert seen.add(asked) == fresh.add(asked)


def test_the_eighty_heaviest_terms_are_kept():
    counted = {f"t{n}": float(n) for n in range(1, 101)}
    assert list(Rarity().add(counted)) == [f"t{n}" for n in range(100, 20, -1)]
