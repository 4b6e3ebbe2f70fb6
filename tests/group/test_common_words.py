"""What two reports share of a language's uncommon words."""

import pytest

from bot.group import group_articles
from bot.group.common_words import common_words
from tests.fakes.news import article


def stories(language, *articles):
    return group_articles(
        [
            article(title, text, language=language, source=f"Velt {n}", age_h=-20 * n)
            for n, (title, text) in enumerate(articles)
        ]
    )


TANNERY = (
    "Feuer zerstört Gerberei in Ondrau",
    "In der Nacht zum Freitag ist in Ondrau eine alte Gerberei bis auf die Mauern abgebrannt.",
)
FERRY = (
    "漪洲木船沉没",
    "周一清晨，一艘运送萝卜的木船在漪洲码头沉没，船夫游上了岸。",
)
MAYOR = (
    "Finland: Vestrup votes for brick",
    "Voters in the Finnish town chose brick over timber for the building on Sunday.",
)


@pytest.mark.parametrize(
    ("language", "first", "second", "is_one"),
    [
        # another angle a day later, in a language whose capitals name nothing
        (
            "de",
            TANNERY,
            (
                "Wer bezahlt die nassen Häute?",
                "Vierzig Leute aus Ondrau standen am Samstag vor dem, was von der Gerberei blieb, "
                "und fragten nach ihrem Lohn.",
            ),
            True,
        ),
        # the place alone
        (
            "de",
            TANNERY,
            ("Neuer Chor singt am Fluss", "Am Samstag trat in Ondrau ein Chor von Kindern auf."),
            False,
        ),
        # a script without capitals and spaces
        (
            "zh",
            FERRY,
            (
                "木船太旧",
                "漪洲的居民第二天仍捞萝卜，说木船太旧。",
            ),
            True,
        ),
        # and words that everyone uses there
        ("zh", FERRY, ("学校周一开始放假", "清晨下雪，学校决定周一放假，孩子们都很高兴。"), False),
        # a place, and a country that few articles are about
        (
            "en",
            MAYOR,
            (
                "Masons of Vestrup are glad of the vote",
                "Helsinki pays half of what the building costs, and work begins after the frost.",
            ),
            True,
        ),
        # the country alone
        (
            "en",
            MAYOR,
            ("Rye harvest is late", "Farmers all over Finland wait for a week without rain."),
            False,
        ),
    ],
)
def test_two_uncommon_words_tell_one_event_where_one_is_chance(language, first, second, is_one):
    assert (len(stories(language, first, second)) == 1) == is_one


def test_a_language_without_a_list_has_no_uncommon_words():
    # The words of the German pair, said to be of a language of which nothing is known.
    second = (
        "Wer bezahlt die nassen Häute?",
        "Vierzig Leute aus Ondrau standen am Samstag vor dem, was von der Gerberei blieb, "
        "und fragten nach ihrem Lohn.",
    )
    assert len(stories("lb", TANNERY, second)) == 2


def test_another_script_than_that_of_the_list_has_no_uncommon_words():
    first = ("木船於漪洲碼頭沉沒", "週一清晨，運送蘿蔔之木船於漪洲碼頭沉沒，船夫游至岸邊獲救。")
    second = ("岸邊居民撿蘿蔔", "漪洲居民翌日仍於水裡撈蘿蔔，學童亦來幫忙，市場價格跌至半數。")
    assert len(stories("zh", first, second)) == 2


@pytest.mark.parametrize(
    ("language", "common", "uncommon"),
    [
        ("en", "govern", "jeju"),
        ("de", "regieru", "gerbere"),
        ("ja", "政府", "漪洲"),
        ("no", "norge", "zq"),
    ],
)
def test_common_words_are_terms_of_the_language(language, common, uncommon):
    words = common_words(language)
    assert common in words or f"{common}m" in words or f"{common}me" in words
    assert uncommon not in words
    assert 5_000 < len(words) < 30_000


@pytest.mark.parametrize("language", ["", "th", "vi", "xx", "../de", "de.txt"])
def test_there_are_no_common_words_without_a_list(language):
    assert common_words(language) == frozenset()
