"""The catalogue of outlets, and which feeds it has polled for what."""

import re
from collections import Counter
from functools import cache

import pytest

from bot.domain.subscription import TOP
from bot.gather.catalogue.choosing import ENOUGH_OWN, MAX_SOURCES, REGION
from bot.gather.catalogue.outlets import outlet_id
from bot.gather.catalogue.sources import Desks, Source, Sources, load_sources
from bot.topics import COUNTRY, SUBJECT, load_topics

SOURCES = load_sources()
SLUGS = [topic.slug for topic in load_topics().all()]
# The top stories are of no subject: general news tells them.
SUBJECTS = [t.slug for t in load_topics().all() if t.group == SUBJECT and t.slug != TOP]
COUNTRIES = [topic.slug for topic in load_topics().all() if topic.group == COUNTRY]

GENERAL = ("world", TOP)


def source(name: str, outlet: str = "", **more: str) -> Source:
    facts = {"language": "en", "country": f"{name[0]}X".upper(), "kind": "national", **more}
    return Source(
        outlet=outlet or name,
        name=name,
        feed_url=f"https://{name}.example/feed",
        homepage=f"https://{name}.example/",
        **facts,
    )


def sources(**desks: list[Source]) -> Sources:
    """Return a catalogue with the subject "chess", the roles of "corrin", and ``general``."""
    every = {each.feed_url: each for desk in desks.values() for each in desk}

    def urls(name: str) -> list[str]:
        return [each.feed_url for each in desks.get(name, ())]

    def by_language(name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in desks.get(name, ()):
            found.setdefault(each.language, []).append(each.feed_url)
        return found

    roles = ("specialist", "national", "world", REGION)
    return Sources(
        every.values(),
        Desks(
            subjects={"chess": by_language("chess")},
            countries={"corrin": {role: urls(role) for role in roles}},
            general=by_language("general"),
            words={"grandmaster": "chess"},
            near={"rook-club": "chess", "velt": "corrin"},
        ),
    )


def test_a_topic_without_desks_gets_those_of_the_one_it_is_near():
    found = sources(chess=named(3, "a"), national=named(4, "b"), general=named(2, "c"))
    assert found.for_topic("rook-club") == found.for_topic("chess")
    assert found.for_topic("velt") == found.for_topic("corrin")
    assert {each.name[0] for each in found.for_topic("elsewhere")} == {"c"}
    assert found.topic_of("velt ferries") == "corrin"
    assert SOURCES.for_topic("berlin") == SOURCES.for_topic("germany")


def named(count: int, letter: str, **more: str) -> list[Source]:
    return [source(f"{letter}{number}", country=f"C{number}", **more) for number in range(count)]


def names(found: tuple[Source, ...]) -> str:
    return " ".join(each.name for each in found)


def test_every_source_can_be_asked_and_named():
    for each in SOURCES:
        assert re.match(r"https?://[^/]+\.[^/]+(?:/|$)", each.feed_url), each
        assert each.name.strip() == each.name != "", each
        assert re.fullmatch(r"[a-z]{2,3}", each.language), each
        assert re.fullmatch(r"[A-Z]{2}|", each.country), each
        assert re.fullmatch(r"[A-Z]{2}|", each.about), each
        assert each.tier in {"A", "B", "C"}
        assert each.format in {"feed", "sitemap"}
        assert each.state in {"", "public", "state-run"}
        assert each.paywall in {"", "metered", "hard"}
    assert len({each.feed_url for each in SOURCES}) == len(SOURCES) > 5_000


def test_an_outlet_has_one_id_and_the_catalogue_of_names_knows_it():
    facts = {(each.outlet, each.country, each.kind, each.state) for each in SOURCES}
    assert len(facts) == len({outlet for outlet, *_ in facts}) > 3_000
    strange = [each.feed_url for each in SOURCES if outlet_id(each.feed_url) != each.outlet]
    assert strange == []


def test_outlets_that_a_government_runs_are_marked_and_public_ones_are_not_taken_for_them():
    state_run = {each.outlet for each in SOURCES if each.state_run}
    assert {"rt", "wam", "news-cn", "tass-ru"} <= state_run
    assert not {"bbc-news", "dw", "npr", "guardian"} & state_run


def test_a_reader_of_english_gets_a_name_in_their_letters():
    of_outlet = [each for each in SOURCES if each.outlet == "dailynk-com"]
    assert {each.name for each in of_outlet if each.language == "en"} == {"Daily NK"}
    assert not {each.name for each in of_outlet if each.language == "ko"} & {"Daily NK"}


def test_a_source_is_found_by_its_address():
    each = next(iter(SOURCES))
    assert SOURCES.by_url(each.feed_url) is each
    assert SOURCES.by_url("https://nowhere.example/") is None


@cache
def own_urls(slug: str, language: str = "en") -> frozenset[str]:
    roles = SOURCES.own(slug, languages=(language,)).values()
    return frozenset(each.feed_url for role in roles for each in role)


@pytest.mark.parametrize("slug", SUBJECTS)
def test_every_subject_has_six_english_feeds_of_its_own(slug):
    assert len(own_urls(slug)) >= 6
    found = SOURCES.for_topic(slug)
    if slug != "world":
        assert {each.feed_url for each in found} <= own_urls(slug)


def test_nearly_every_country_has_three_feeds_of_its_own_in_english_or_its_languages():
    few = []
    for slug in COUNTRIES:
        roles = SOURCES._countries[slug]
        own = [*roles.get("specialist", ()), *roles.get("national", ())]
        if len({each.outlet for each in own}) < 3:
            few.append(slug)
    assert len(few) <= 4, few


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ru", "ko"])
def test_no_topic_with_six_feeds_of_its_own_gets_general_news(language):
    general = Counter()
    for slug in SLUGS:
        found = SOURCES.for_topic(slug, languages=(language, "en"))
        desk = load_topics().get(slug).near or slug
        own = own_urls(desk, language) | own_urls(desk)
        strange = [each for each in found if each.feed_url not in own]
        assert len(found) <= MAX_SOURCES
        assert len({each.feed_url for each in found}) == len(found)
        assert {each.language for each in found} <= {language, "en"}
        assert max(Counter(each.outlet for each in found).values()) <= 2, slug
        if len(found) - len(strange) >= ENOUGH_OWN and slug not in GENERAL:
            general[slug] += len(strange)
        elif slug not in GENERAL:
            assert len(found) == ENOUGH_OWN, slug  # no padding beyond it
    assert +general == Counter()


def test_every_language_we_speak_has_news_for_every_topic():
    for language in ("en", "de", "fr", "es", "ru", "ko"):
        for slug in SLUGS:
            assert len(SOURCES.for_topic(slug, languages=(language,))) >= ENOUGH_OWN, slug


def test_north_korea_is_told_by_those_who_watch_it():
    first = [each.outlet for each in SOURCES.for_topic("north-korea")][:3]
    assert set(first) == {"nk-news", "dailynk-com", "38-north"}


def test_a_subjects_desks_come_first_and_nothing_beside_six_of_them():
    catalogue = sources(chess=named(6, "c"), general=named(9, "g"))
    assert names(catalogue.for_topic("chess")) == "c0 c1 c2 c3 c4 c5"


def test_general_news_fills_up_to_six():
    catalogue = sources(chess=named(2, "c"), general=named(9, "g"))
    assert names(catalogue.for_topic("chess")) == "c0 c1 g0 g1 g2 g3"


def test_unknown_topics_get_general_news():
    catalogue = sources(chess=named(2, "c"), general=named(20, "g"))
    assert len(catalogue.for_topic("beekeeping")) == MAX_SOURCES
    assert {each.name[0] for each in catalogue.for_topic("beekeeping")} == {"g"}


def test_an_outlet_gives_two_feeds_by_its_id_not_its_name():
    desks = [source(f"bell{n}", outlet="bell") for n in range(5)]
    catalogue = sources(chess=desks, general=named(1, "g"))
    assert names(catalogue.for_topic("chess")) == "bell0 bell1 g0"


def test_no_country_and_no_government_fills_a_row_that_others_could():
    one = [source(f"a{n}", country="AX") for n in range(12)]
    states = [source(f"s{n}", country=f"S{n}", state="state-run") for n in range(6)]
    others = [source(f"o{n}", country=f"O{n}", kind="trade") for n in range(5)]
    found = sources(chess=[*one, *states, *others]).for_topic("chess")
    assert Counter(each.name[0] for each in found) == {"a": 4, "s": 3, "o": 5}


def test_where_there_is_nothing_else_a_row_is_of_one_country():
    one = [source(f"a{n}", country="AX") for n in range(15)]
    assert len(sources(chess=one).for_topic("chess")) == MAX_SOURCES


def test_a_country_is_told_by_its_roles_in_order_and_by_two_desks_of_its_region():
    catalogue = sources(
        specialist=named(2, "s"),
        national=named(4, "n"),
        world=named(2, "w"),
        region=named(5, "r"),
        general=named(9, "g"),
    )
    assert names(catalogue.for_topic("corrin")) == "s0 s1 n0 n1 n2 n3 w0 w1 r0 r1"


def test_a_desk_of_a_region_that_is_general_news_is_not_asked_where_there_is_enough():
    region = [source("all"), source("near")]
    catalogue = sources(national=named(6, "n"), region=region, general=[region[0]])
    assert names(catalogue.for_topic("corrin")).endswith("n5 near")
    catalogue = sources(national=named(3, "n"), region=region, general=[region[0]])
    assert "all" in names(catalogue.for_topic("corrin"))


def test_languages_take_turns_and_what_is_unreadable_is_left_out():
    german = named(3, "d", language="de")
    catalogue = sources(chess=[*named(3, "e"), *german, source("f", language="fr")])
    assert names(catalogue.for_topic("chess", languages=("de", "en"))) == "d0 e0 d1 e1 d2 e2"
    assert catalogue.for_topic("chess", languages=("xx",)) == ()


def test_two_codes_of_one_language_read_the_same():
    catalogue = sources(chess=[source("n", language="no")])
    assert names(catalogue.for_topic("chess", languages=("nb", "nn"))) == "n"


def test_the_languages_are_those_of_two_letters():
    catalogue = sources(chess=[source("a"), source("b", language="cnr")])
    assert catalogue.languages == {"en"}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("F1 qualifying", "formula-1"),
        ("grand prix", "formula-1"),
        ("Champions League final", "champions-league"),
        ("chess olympiad", "chess"),
        ("sweden -chess", "sweden"),
        ("village fête", ""),
        ("-chess", ""),
        ("", ""),
    ],
)
def test_own_words_reach_desks(words, slug):
    assert SOURCES.topic_of(words) == slug


def test_own_words_get_six_of_their_desk_and_then_general_news():
    catalogue = sources(chess=named(9, "c"), general=named(9, "g"))
    assert [e.name[0] for e in catalogue.for_words("Grandmaster Orun")] == [*"ccccccgggggg"]
    assert {each.name[0] for each in catalogue.for_words("orun dam")} == {"g"}


def test_every_free_word_leads_to_a_desk():
    assert [word for word, slug in SOURCES._words.items() if not SOURCES.knows(slug)] == []


def test_the_front_of_an_outlet_is_its_own_page_in_the_readers_language():
    assert SOURCES.front_of("bbc-news", languages=("en",)).desk in {"top", "world"}
    assert SOURCES.front_of("dailynk-com", languages=("ko",)).language == "ko"
    assert SOURCES.front_of("nowhere") is None


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("bbc", "bbc-news"),
        ("BBC News", "bbc-news"),
        ("the guardian", "guardian"),
        ("Guardian", "guardian"),
        ("daily nk", "dailynk-com"),
        ("Al Jazeera", "al-jazeera"),
    ],
)
def test_an_outlet_is_found_by_its_name(name, outlet):
    assert SOURCES.of_outlet(name, languages=("en",)).outlet == outlet


@pytest.mark.parametrize("name", ["time", "nature", '"bbc"', "-bbc", "bbc -sport orun", "", "x"])
def test_ordinary_and_quoted_words_are_no_outlet(name):
    assert SOURCES.of_outlet(name, languages=("en",)) is None


def test_a_name_of_two_outlets_finds_the_one_of_the_readers_language_or_none():
    assert SOURCES.of_outlet("20 minutes", languages=("en",)) is None
    assert SOURCES.of_outlet("público", languages=("pt",)).country == "PT"
    assert SOURCES.of_outlet("público", languages=("es",)).country == "ES"
