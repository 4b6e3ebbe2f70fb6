import json
import re
import tracemalloc
from pathlib import Path

import pytest

from bot import topics as package
from bot.domain.subscription import TOP
from bot.topics import COUNTRY, ORGANIZATION, PLACE, SUBJECT, Topics, load_topics
from bot.topics.aliases import plain
from bot.topics.catalogue import load_topics as fresh
from bot.topics.entries import TopicDefinition

CATALOG = Path(package.__file__).parent / "catalog"
SIX = ("en", "de", "fr", "es", "ru", "ko")


@pytest.fixture(scope="module")
def topics():
    return load_topics()


@pytest.fixture(scope="module")
def aliases(topics):
    """What gives each topic away, by slug and language."""
    return {entry.slug: entry.aliases() for entry in topics.definitions()}


def slug(topic):
    return topic and topic.slug


def test_there_are_a_hundred_and_fifty_subjects_and_forty_countries_at_least(topics):
    groups = [topic.group for topic in topics.all()]
    assert len(groups) >= 150 + 40
    assert groups.count(COUNTRY) >= 40
    assert groups.count(SUBJECT) >= 150


def test_the_groups_come_in_turn_each_by_name(topics):
    groups = [SUBJECT, COUNTRY, PLACE, ORGANIZATION]
    order = [(groups.index(topic.group), topic.name()) for topic in topics.all()]
    assert order == sorted(order)


def test_there_are_the_states_of_america_sixty_cities_forty_regions_and_sixty_organizations(topics):
    places = [topic for topic in topics.all() if topic.group == PLACE]
    assert len([topic for topic in places if topic.sign == "🇺🇸"]) == 50
    assert len([topic for topic in places if topic.sign == "🏙"]) >= 60
    assert len([topic for topic in places if topic.sign == "📍"]) >= 40
    assert len([topic for topic in topics.all() if topic.group == ORGANIZATION]) >= 60


def test_a_place_is_near_its_country_and_an_organization_near_its_subject(topics):
    for topic in topics.all():
        near = topics.get(topic.near)
        kind = {PLACE: COUNTRY, ORGANIZATION: SUBJECT}.get(topic.group)
        assert (near and near.group) == kind, topic.slug


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("Berlin", ("berlin", "germany")),
        ("Paris", ("paris", "france")),
        ("Georgia", ("georgia", "georgia-usa")),
        ("New York", ("new-york-city",)),
        ("New York state", ("new-york-state",)),
        ("Washington", ("washington-dc", "washington-state", "usa")),
        ("Barcelona", ("barcelona", "fc-barcelona")),
        ("Labour", ("labour-party", "jobs")),
        ("Texas", ("texas",)),
        ("München", ("munich",)),
        ("Pékin", ("beijing", "china")),
        ("World Bank", ("world-bank",)),
        ("Atlantis", ()),
        ("", ()),
    ],
)
def test_all_topics_of_an_ambiguous_name_are_found(topics, words, slugs):
    assert tuple(topic.slug for topic in topics.find_all(words)) == slugs
    assert slug(topics.find(words)) == (slugs[0] if slugs else None)


@pytest.mark.parametrize("words", ["company", "state", "US state", "US"])
def test_what_tells_namesakes_apart_names_none_of_them(topics, words):
    assert slug(topics.find(words)) == ("usa" if words == "US" else None)


def test_slugs_are_distinct_and_fit_a_command_argument(topics):
    slugs = [topic.slug for topic in topics.all()]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)
    # subscription callbacks carry slugs: 64 bytes are Telegram's limit
    assert max(map(len, slugs)) <= 40


def test_every_topic_has_a_sign_a_country_its_flag(topics):
    assert topics.get("north-korea").sign == "🇰🇵"
    assert topics.get("ai").sign == "🤖"
    for topic in topics.all():
        assert 0 < len(topic.sign) <= 2, topic.slug
        assert not re.search(r"\w", topic.sign), topic.slug
        if topic.group == COUNTRY:
            assert re.fullmatch("[\U0001f1e6-\U0001f1ff]{2}", topic.sign), topic.slug
    assert TopicDefinition({"slug": "beekeeping"}).named().topic.sign == ""


def test_every_core_topic_has_a_name_in_six_languages(topics):
    for topic in topics.all():
        if topic.is_core:
            assert all(topic.names.get(language) for language in SIX), topic.slug


def test_every_core_subject_has_aliases_in_six_languages(topics, aliases):
    for topic in topics.all():
        if topic.is_core and topic.group == SUBJECT:
            words = aliases[topic.slug]
            assert all(len(words.get(language, ())) >= 3 for language in SIX), topic.slug


def test_every_core_country_has_words_beside_its_name_in_six_languages():
    for data in json.loads((CATALOG / "countries.json").read_text("utf-8")):
        if data.get("core"):
            assert all(data["words"].get(language) for language in SIX), data["slug"]


def test_every_topic_has_a_name_and_aliases_in_english_at_least(topics, aliases):
    for topic in topics.all():
        assert topic.names.get("en"), topic.slug
        assert topic.slug == TOP or {"en", "any"} & aliases[topic.slug].keys(), topic.slug


def test_the_core_is_no_smaller_than_it_was(topics):
    core = [topic.group for topic in topics.all() if topic.is_core]
    assert core.count(SUBJECT) >= 65
    assert core.count(COUNTRY) >= 113


def test_a_topic_may_begin_in_english_alone():
    beekeeping = {
        "slug": "beekeeping",
        "names": {"en": "Beekeeping"},
        "words": {"en": ["beekeeper", "beehive"]},
    }
    topics = Topics(lambda: [TopicDefinition(beekeeping)])
    (topic,) = topics.all()
    assert not topic.is_core
    assert topic.name("de") == topic.name("ko") == "Beekeeping"
    assert topics.find("beekeeping") is topic
    assert "beekeeping" in topics.match("Beekeepers count their beehives", "", "en")


def test_north_korea_is_told_in_six_languages(aliases):
    words = {
        language: set(map(plain, listed)) for language, listed in aliases["north-korea"].items()
    }
    assert {"North Korea", "North Korean", "DPRK"} <= words["en"]
    assert {"Nordkorea", "Pjöngjang"} <= words["de"]
    assert "Corée du Nord" in words["fr"]
    assert "Corea del Norte" in words["es"]
    assert {"КНДР", "Пхеньян", "Ким Чен Ын"} <= words["ru"]
    assert {"북한", "평양", "김정은"} <= words["ko"]
    assert {"Pyongyang", "Kim Jong-un"} <= words["any"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Film et télé", ["Film et télé"]),
        ("Film & télé", ["Film", "télé"]),
        ("Oro (metallo)", ["Oro"]),
    ],
)
def test_where_a_subject_has_no_words_its_name_gives_it_away(name, words):
    data = {"slug": "x", "names": {"en": "X", "it": name}, "words": {"en": ["xylo"]}}
    assert TopicDefinition(data).aliases() == {"en": ["xylo"], "it": words}
    assert TopicDefinition(data).languages() == {"en", "it"}


@pytest.mark.parametrize("languages", [("de",), ("ru", "any"), ("xx",)])
def test_the_aliases_of_some_languages_are_those_of_all(topics, aliases, languages):
    for entry in topics.definitions():
        some = entry.aliases(languages)
        assert some == {
            code: words for code, words in aliases[entry.slug].items() if code in languages
        }
        assert entry.languages() == aliases[entry.slug].keys()


def test_the_catalogue_and_a_matcher_of_it_take_little_memory():
    tracemalloc.start()
    try:
        topics = fresh.__wrapped__()
        held, _ = tracemalloc.get_traced_memory()
        topics.match("Orun", "", "pl")
        _, peak = tracemalloc.get_traced_memory()
        with_matcher, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 3_000_000  # of which the files are 1
    assert with_matcher - held < 2_000_000
    assert peak < 14_000_000  # while the files are read


def test_an_unknown_slug_is_none(topics):
    assert topics.get("atlantis") is None


def test_every_topic_is_found_by_its_slug_and_its_english_name(topics):
    for topic in topics.all():
        assert topics.find(topic.slug) is topic
        assert topics.find(topic.slug.replace("-", " ").upper()) is topic
        assert topics.find(topic.name()) is topic


def test_every_name_in_any_language_finds_its_own_topic(topics):
    strangers = {
        (topic.slug, language, name)
        for topic in topics.all()
        for language, name in topic.names.items()
        if topics.find(name) is not topic
    }
    # Poles say so of both, and so do Bosnians and Basques
    assert strangers == {("congo-brazzaville", code, "Kongo") for code in ("pl", "bs", "eu")}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("North   Korea", "north-korea"),
        ("/north_korea", "north-korea"),
        ("NORTH-KOREA", "north-korea"),
        ("dprk", "north-korea"),
        ("Nordkorea", "north-korea"),
        ("corée du nord", "north-korea"),
        ("coree du nord", "north-korea"),
        ("북한", "north-korea"),
        ("朝鲜", "north-korea"),
        ("北朝鮮", "north-korea"),
        ("КНДР", "north-korea"),
        ("северная корея", "north-korea"),
        ("South Korea", "south-korea"),
        ("한국", "south-korea"),
        ("USA", "usa"),
        ("U.S.", "usa"),
        ("United States", "usa"),
        ("Estados Unidos", "usa"),
        ("美国", "usa"),
        ("England", "uk"),
        ("Großbritannien", "uk"),
        ("Grossbritannien", "uk"),
        ("Türkei", "turkey"),
        ("Türkiye", "turkey"),
        ("West Germany", "germany"),
        ("USSR", "russia"),
        ("Burma", "myanmar"),
        ("côte d’ivoire", "ivory-coast"),
        ("AI", "ai"),
        ("Künstliche Intelligenz", "ai"),
        ("machine learning", "ai"),
        ("soccer", "football"),
        ("Klimawandel", "climate"),
        ("기후변화", "climate"),
        ("cambio climático", "climate"),
        ("Formula 1", "formula-1"),
        ("Electric vehicles", "electric-cars"),
        ("NATO", "nato"),
        ("Formel 1", "formula-1"),
        ("MotoGP", "motorsport"),
    ],
)
def test_a_topic_is_found_by_what_people_call_it(topics, words, expected):
    assert slug(topics.find(words)) == expected


@pytest.mark.parametrize("words", ["", "   ", "!!!", "putin", "banana", "glacier", "x" * 999])
def test_words_that_only_hint_at_a_topic_find_none(topics, words):
    assert topics.find(words) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("nort-korea", "north-korea"),
        ("noth korea", "north-korea"),
        ("clmate", "climate"),
        ("artifical-inteligence", "ai"),
        ("germny", "germany"),
        ("cybersecuirty", "cybersecurity"),
        ("footbal", "football"),
        ("Deutchland", "germany"),
        ("ukrain", "ukraine"),
        ("klimawandl", "climate"),
        ("northkoera", "north-korea"),
        ("chnia", "china"),
        ("frnce", "france"),
        ("itly", "italy"),
        ("enviroment", "environment"),
        ("북하", "north-korea"),
        ("기후변하", "climate"),
        ("климт", "climate"),
        ("austr", "austria"),
    ],
)
def test_a_typo_is_answered_with_the_topic_meant_first(topics, words, expected):
    assert topics.suggest(words)[0].slug == expected


@pytest.mark.parametrize(
    "words",
    [
        *("ibadan", "tiger", "gates", "castro", "musk", "wine", "bridge", "putin"),
        *("macron", "strike", "drought", "ferry", "oscar", "stalin", "yale", "danube"),
    ],
)
def test_a_word_of_ones_own_is_not_taken_for_a_typo(topics, words):
    assert topics.suggest(words) == ()


def test_korea_alone_suggests_both_koreas(topics):
    assert {topic.slug for topic in topics.suggest("korea", n=2)} == {"north-korea", "south-korea"}


@pytest.mark.parametrize(
    "words", ["", "?", "xyzzy", "banana", "qqqq", "asdfghjkl", "a", "\x00" * 500]
)
def test_nothing_near_suggests_nothing(topics, words):
    assert topics.suggest(words) == ()


def test_suggestions_are_distinct_and_no_more_than_asked(topics):
    for n in range(5):
        found = topics.suggest("guinea", n=n)
        assert len(found) == len({topic.slug for topic in found}) <= n


def test_the_catalogue_is_read_once():
    assert load_topics() is fresh()


def test_three_topics_are_suggested_unless_more_are_asked_for(topics):
    assert len(topics.suggest("guinea")) == 3
    assert len(topics.suggest("guinea", n=9)) > 3
    assert topics.suggest("guinea", n=0) == topics.suggest("guinea", n=-1) == ()


def test_countries_are_told_by_title_and_by_text(topics):
    in_title, in_text = topics.countries("Budapest waits", "Polish banks wait, too.", "en")
    assert (in_title, in_text) == ({"hungary"}, {"poland"})


def test_a_subject_is_no_country_and_a_weak_word_names_none(topics):
    assert topics.countries("Earthquake felt by Jordan", "", "en") == (set(), set())
