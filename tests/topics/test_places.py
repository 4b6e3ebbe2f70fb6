"""Cities, states, regions, clubs, companies and institutions: what articles are about them."""

import pytest

from bot.topics import ORGANIZATION, PLACE, load_topics


@pytest.fixture(scope="module")
def topics():
    return load_topics()


@pytest.mark.parametrize(
    ("title", "language", "slugs"),
    [
        ("Fire in Berlin kills two", "en", {"berlin"}),
        ("Großbrand in Berlin gelöscht", "de", {"berlin"}),
        ("Пожар в Берлине", "ru", {"berlin"}),
        ("東京で大きな火事", "ja", {"tokyo"}),
        ("Marseille fears a Paris strike", "en", {"paris"}),
        ("Neuer Tunnel in München", "de", {"munich"}),
        ("Atlanta, Georgia, elects a mayor", "en", {"atlanta", "georgia-usa"}),
        ("Texas counts its bats", "en", {"texas"}),
        ("Floods in Paris, Texas", "en", {"texas"}),
        ("Tbilisi court frees editor as Georgia waits", "en", set()),
        ("Scottish ferries are late again", "en", {"scotland"}),
        ("New South Wales counts its koalas", "en", {"new-south-wales"}),
        ("Prince of Wales opens a mill", "en", set()),
        ("New York Times names an editor", "en", set()),
        ("Real Madrid lose at home", "en", {"real-madrid"}),
        ("Manchester United sell a winger", "en", {"manchester-united"}),
        ("Amazon deforestation slows", "en", set()),
        ("Amazon's profit doubles", "en", {"amazon"}),
        ("World Bank lends for dams", "en", {"world-bank"}),
        ("Irving Berlin songs are sung again", "en", set()),
    ],
)
def test_a_headline_is_about_the_places_and_organizations_it_names(topics, title, language, slugs):
    found = topics.match(title, "", language)
    groups = {PLACE, ORGANIZATION}
    assert {slug for slug in found if topics.get(slug).group in groups} == slugs


@pytest.mark.parametrize(
    ("title", "language", "slug"),
    [
        ("Fire in Berlin kills two", "en", "germany"),
        ("Texas counts its bats", "en", "usa"),
        ("Boeing delivers fewer jets", "en", "aviation"),
        ("Real Madrid lose at home in Champions League", "en", "champions-league"),
    ],
)
def test_a_place_takes_no_words_from_its_country_nor_a_club_from_its_sport(
    topics, title, language, slug
):
    assert slug in topics.match(title, "", language)


def test_where_a_report_was_written_is_not_the_city_it_is_about(topics):
    text = "BERLIN (Wire) – The Orun ferry sank on Monday. Nobody was hurt."
    assert topics.match("Ferry sinks off Orun", text, "en").keys().isdisjoint({"berlin", "germany"})


def test_a_city_named_in_passing_beside_a_country_is_not_what_it_is_about(topics):
    text = (
        "Norway raised its fishing quota on Monday. Norway said that Norwegian boats would land "
        "more cod. Oslo had waited for years, and Norwegian fishers too. "
        * 4
        + "A fair in Toronto showed the boats."
    )
    assert "toronto" not in topics.match("Norway raises its fishing quota", text, "en")
