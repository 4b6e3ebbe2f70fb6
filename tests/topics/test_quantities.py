"""How many of what a sentence says."""

import pytest

from bot.topics.quantities import quantities


def values(sentence, language="en"):
    return [quantity.value for quantity in quantities(sentence, language)]


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("It cost $1.2bn, or 1,180,000,000 crowns.", "en", [1.2e9, 1.18e9]),
        ("Es kostet 1,2 Mrd. Euro, 2.300 Fälle.", "de", [1.2e9, 2300]),
        ("Près de 3 000 coureurs et trois loups", "fr", [3000, 3]),
        ("赤字38億7000万円", "ja", [3_870_000_000]),
        ("植树40.8万棵，五人受伤", "zh", [408_000, 5]),
        ("周二，两人受伤", "zh", [2]),
        ("Пятеро рыбаков и 12 лодок", "ru", [5, 12]),
        ("One of them won 3-2 at 15:00 in 1952.", "en", []),
        ("Üç ev, on kişi", "tr", [3, 10]),
        ("The lights are on", "en", []),
        ("", "xx", []),
    ],
)
def test_numbers_are_read_in_figures_and_words(sentence, language, expected):
    assert values(sentence, language) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("41 houses", "about 40 houses", True),
        ("11,842 voters", "almost 12,000 voters", True),
        ("$1.18bn", "nearly $1.2bn", True),
        ("41 houses", "43 houses", False),
        ("3.7%", "3.9%", False),
        ("three wolves", "four wolves", False),
        ("$1.2bn", "$1.5bn", False),
    ],
)
def test_a_rounded_number_is_the_same(one, other, is_same):
    [first], [second] = quantities(one, "en"), quantities(other, "en")
    assert first.is_same(second) == second.is_same(first) == is_same
    assert first.is_of(second)


def test_a_number_at_the_end_counts_what_led_up_to_it():
    [told] = quantities("In the fire 12 people were injured.", "en")
    [later] = quantities("The number of people injured rose to 19", "en")
    [other] = quantities("The speed of the wind rose to 19", "en")
    assert later.is_of(told)
    assert not other.is_of(told)
