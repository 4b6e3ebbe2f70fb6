import json
import shutil
from pathlib import Path

import pytest

import bot.topics
from bot.topics import territories
from bot.topics.aliases import plain, spellings
from bot.topics.fold import squeeze

CATALOG = Path(bot.topics.__file__).parent / "catalog"


def texts(alias, language=""):
    return {text for spelling in spellings(alias, language) for text in spelling.texts}


def read(name):
    return json.loads((CATALOG / name).read_text("utf-8"))


def every_alias():
    for name in ("subjects.json", "countries.json"):
        for entry in read(name):
            for group in (entry.get("words", {}), entry.get("not", {})):
                for language, kinds in group.items():
                    for words in kinds.values() if isinstance(kinds, dict) else [kinds]:
                        for word in words:
                            yield entry["slug"], language, word


def test_a_plain_alias_is_whole_words_with_its_languages_endings():
    assert texts("rare earth", "en") == {" rare earth ", " rare earths "}


def test_an_exact_alias_has_no_other_form():
    assert texts("Paris!", "en") == {" paris "}


def test_an_open_alias_has_no_end():
    assert texts("nordkorean*", "de") == {" nordkorean"}


def test_braces_give_each_spelling():
    assert texts("коре{я,и} {a,b}") == {" корея a ", " корея b ", " кореи a ", " кореи b "}


def test_russian_nouns_are_declined():
    assert {" россия ", " россии ", " россию ", " россией "} <= texts("Россия", "ru")
    assert {" путин ", " путина ", " путину ", " путиным "} <= texts("Путин", "ru")
    assert texts("Чили", "ru") == {" чили "}


def test_hangul_begins_a_word_and_han_stands_anywhere():
    assert texts("북한", "ko") == {" 북한"}
    assert texts("朝鲜", "zh") == {"朝鲜"}


def test_arabic_names_take_prefixes():
    assert " وروسيا " in texts("روسيا", "ar")


def test_capitals_are_asked_for_at_their_places():
    (spelling,) = spellings("Kim Jong-un")
    assert spelling.texts == (" kim jong un ",)
    assert spelling.capitals == (1, 5)
    assert not spelling.is_acronym


def test_a_letter_whose_small_form_is_two_characters_moves_no_place():
    (spelling,) = spellings("İnönü", "tr")
    assert spelling.capitals == (1,)
    assert [at for at, _ in spelling.accents] == [3, 5]


@pytest.mark.parametrize("alias", ["US", "U.S.", "NATO"])
def test_words_in_capitals_are_acronyms_without_plural(alias):
    (spelling,) = spellings(alias, "en")
    assert spelling.is_acronym
    assert len(spelling.texts) == 1


def test_the_marks_do_not_show():
    assert [plain(alias) for alias in ("~Jordan", "Paris!", "russe*", "a{b,c}")] == [
        "Jordan",
        "Paris",
        "russe",
        "ab",
    ]


def test_every_alias_of_the_catalogue_is_written_clean():
    for slug, language, alias in every_alias():
        bare = alias.removeprefix("~").rstrip("*!")
        where = f"{slug} {language} {alias!r}"
        assert alias == squeeze(alias), where
        assert bare[0].isalnum(), where
        assert alias.count("{") == alias.count("}"), where
        assert "*" not in bare, where
        assert "!" not in bare, where


def test_no_open_alias_is_so_short_that_it_swallows_strange_words():
    short = [
        alias for _, _, alias in every_alias() if alias.endswith("*") and len(alias.strip("~*")) < 3
    ]
    assert short == []


def test_the_territory_names_in_the_data_are_those_of_cldr(tmp_path):
    shutil.copy(CATALOG / "countries.json", tmp_path)
    territories.write(tmp_path)
    for name in ("territories.json", "cities.json"):
        written = (tmp_path / name).read_text("utf-8")
        assert written == (CATALOG / name).read_text("utf-8")


def test_a_countrys_leaders_carry_the_day_they_were_known_for():
    for country in read("countries.json"):
        has_leader = any("leader" in kinds for kinds in country["words"].values())
        assert has_leader == ("leaders_as_of" in country), country["slug"]


@pytest.mark.parametrize(
    ("alias", "language", "forms"),
    [
        ("Ия", "ru", {"ия", "ии", "ию", "ией", "иею"}),
        ("Нація", "uk", {"нація", "нації", "націю", "нацією"}),
        ("Нева", "ru", {"нева", "невы", "неви", "неву", "неве", "невой", "невою", "невей", "неві"}),
        (
            "Земля",
            "ru",
            {"земля", "земли", "землю", "земле", "землей", "землею", "землями", "землях", "землі"},
        ),
        ("Кремль", "ru", {"кремль", "кремля", "кремлю", "кремлем", "кремле", "кремли"}),
        ("Китай", "ru", {"китай", "китая", "китаю", "китаем", "китае", "китаи"}),
        ("Linux", "ru", {"linux"}),
        ("רוסיה", "he", {"רוסיה", "ברוסיה", "לרוסיה", "מרוסיה", "הרוסיה", "ורוסיה", "שרוסיה"}),
        ("eu", "en", {"eu"}),
        ("dam", "en", {"dam", "dams"}),
        ("Dam", "xx", {"dam"}),
    ],
)
def test_a_word_has_the_forms_of_its_language(alias, language, forms):
    assert {text.strip() for text in texts(alias, language)} >= forms
    assert len(texts(alias, language)) <= len(forms) + 4


def test_one_capital_makes_no_acronym():
    (spelling,) = spellings("X", "en")
    assert (spelling.capitals, spelling.is_acronym) == ((1,), False)


def test_accents_are_asked_for_where_the_press_of_the_language_sets_them():
    ((german,), (english,)) = (spellings("Bär", language) for language in ("de", "en"))
    assert (german.accents, english.accents) == (((2, "ä"),), ())


def test_a_weak_word_is_told_from_others():
    assert [spelling.is_weak for spelling in spellings("~Jordan{s,n}")] == [True, True]
    assert [spelling.is_weak for spelling in spellings("Jordan")] == [False]
