"""Countries as the press of each language writes them: short names, abbreviations, cases."""

import json
from pathlib import Path

import pytest

from bot.topics import COUNTRY, load_topics
from bot.topics import catalogue as catalogue_module
from bot.topics.aliases import plain
from bot.topics.endings import INFLECTED, inflected

PRESS = Path(catalogue_module.__file__).parent / "catalog" / "press.json"


@pytest.fixture(scope="module")
def countries():
    topics = load_topics()
    for language in ("pl", "fi", "hu", "ja"):  # automata are built at the first text
        topics.match("", "", language)

    def match(title, language, text=""):
        found = topics.match(title, text, language)
        return {slug for slug in found if topics.get(slug).group == COUNTRY}

    return match


@pytest.mark.parametrize(
    ("language", "title", "expected"),
    [
        ("pl", "Most na granicy z Rosją otwarty", {"russia"}),
        ("pl", "Rolnicy z Norwegii sadzą lipy", {"norway"}),
        ("pl", "Ministrowie Korei Południowej i Ukrainy", {"south-korea", "ukraine"}),
        ("pl", "Deszcze w Moskwie", {"russia"}),
        ("cs", "Most do Norska je hotov", {"norway"}),
        ("cs", "Ministr v Severní Koreji", {"north-korea"}),
        ("sk", "Dohoda Južnej Kórey s Nórskom", {"south-korea", "norway"}),
        ("sl", "Novi most v Rusiji", {"russia"}),
        ("hr", "Novi most u Rusiji", {"russia"}),
        ("bs", "SAD ukida carine", {"usa"}),
        ("sr", "Нови мост у Русији", {"russia"}),
        ("sr", "Novi most u Rusiji", {"russia"}),
        ("cnr", "Novi most u Rusiji", {"russia"}),
        ("uk", "Міст у Північній Кореї", {"north-korea"}),
        ("be", "Новы мост у Нарвегіі", {"norway"}),
        ("hu", "Új híd Norvégiában", {"norway"}),
        ("hu", "Oroszországgal tárgyalnak", {"russia"}),
        ("fi", "Saksassa rakennetaan silta", {"germany"}),
        ("fi", "Yhdysvalloissa sataa", {"usa"}),
        ("et", "Norras ehitatakse sild", {"norway"}),
        ("lt", "Naujas tiltas Norvegijoje", {"norway"}),
        ("lv", "Jauns tilts Norvēģijā", {"norway"}),
        ("el", "Νέα γέφυρα της Νορβηγίας", {"norway"}),
        ("el", "Στις ΗΠΑ χιονίζει", {"usa"}),
        ("ro", "Podul Norvegiei e gata", {"norway"}),
        ("ro", "Ministrul Coreei de Nord", {"north-korea"}),
        ("sq", "Ura e re e Norvegjisë", {"norway"}),
        ("tr", "ABD'de kar yağdı", {"usa"}),
        ("az", "Norveçdə yeni körpü", {"norway"}),
        ("ka", "ახალი ხიდი ნორვეგიაში", {"norway"}),
        ("hy", "Նոր կամուրջ Նորվեգիայում", {"norway"}),
        ("ta", "ஜப்பானில் புதிய பாலம்", {"japan"}),
        ("ml", "ജപ്പാനിൽ പുതിയ പാലം", {"japan"}),
        ("bn", "জাপানের নতুন সেতু", {"japan"}),
        ("mr", "जपानने पूल उघडला", {"japan"}),
        ("sw", "Marekani yafungua daraja", {"usa"}),
        ("ja", "米、橋を開通", {"usa"}),
        ("ja", "日米が協議", {"usa", "japan"}),
        ("zh", "俄乌在新地点会谈", {"russia", "ukraine"}),
        ("zh-Hant", "北韓開通新鐵路", {"north-korea"}),
        ("zh", "上海新桥开通", {"china"}),
        ("ar", "جسر جديد للصين", {"china"}),
        ("ar", "أميركا تبني جسرا", {"usa"}),
        ("he", "גשר חדש בארה״ב", {"usa"}),
        ("pt-BR", "EUA abrem ponte", {"usa"}),
        ("no", "Nord-Korea åpner bro", {"north-korea"}),
        ("vi", "Mỹ mở cầu mới", {"usa"}),
        ("id", "AS buka jembatan", {"usa"}),
    ],
)
def test_a_headline_names_its_country_as_its_press_does(countries, language, title, expected):
    assert countries(title, language) == expected


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("vi", "Con my be nga"),  # without its marks and capitals, none of these is a country
        ("ja", "米の価格が上がる"),  # rice
        ("ja", "南米の橋"),
        ("fi", "Saksanpähkinä on hyvää"),  # a name goes on in its cases only
        ("pl", "Rosjolina rośnie"),
        ("hu", "Perulok a folyónál"),
        ("id", "as roda patah"),
    ],
)
def test_a_word_that_only_looks_like_a_name_is_none(countries, language, title):
    assert countries(title, language) == set()


def test_the_longest_name_counts_where_one_is_in_another(countries):
    assert countries("Põhja-Korea avas silla", "et") == {"north-korea"}


def test_what_the_press_says_is_filed_under_countries_of_the_catalogue():
    topics = load_topics()
    for language, by_slug in json.loads(PRESS.read_text("utf-8")).items():
        for slug, words in by_slug.items():
            assert topics.get(slug) is not None, (language, slug)
            assert len(words) == len(set(words)), (language, slug)
            assert all(plain(word)[0].isalnum() for word in words), (language, slug)


@pytest.mark.parametrize("language", sorted(INFLECTED))
def test_a_name_as_it_is_stays_one_of_its_forms(language):
    for name in ("rusija", "iran", "norge", "ρωσια", "русија", "რუსეთი", "ജപ്പാൻ", "பாலம்"):
        found = inflected(name, language)
        assert found is not None
        (stem, *_), tails = found
        assert name.startswith(stem)
        assert name.removeprefix(stem) in tails


def test_words_before_the_last_agree_with_it():
    found = inflected("severni korea", "cs")
    assert found is not None
    assert {"severni kor", "severniho kor"} <= set(found[0])


def test_a_language_without_rules_has_no_endings():
    assert inflected("france", "en") is None
