"""The catalogue of outlets."""

import re
from collections import Counter

import pytest

from bot.gather.catalogue.sources import MAX_SOURCES, Source, Sources, load_sources
from bot.topics import load_topics

SOURCES = load_sources()


def source(name: str, *, country: str = "GB", language: str = "en", **more: object) -> Source:
    facts = {"about": "", "categories": ("news",), "tier": "A", "kind": "feed", **more}
    return Source(
        name=name,
        feed_url=f"https://{name}.example/{facts['kind']}",
        homepage=f"https://{name}.example/",
        country=country,
        language=language,
        **facts,
    )


def every() -> tuple[Source, ...]:
    return SOURCES._sources


def test_the_catalogue_has_what_the_facts_say():
    assert len(SOURCES) > 900
    assert len({outlet.language for outlet in every()}) > 40
    assert {outlet.kind for outlet in every()} == {"feed", "sitemap"}
    assert {outlet.tier for outlet in every()} == {"A", "B", "C"}


def test_every_source_can_be_asked_and_named():
    for outlet in every():
        assert re.match(r"https?://[^/]+\.[^/]+(?:/|$)", outlet.feed_url), outlet
        assert outlet.name.strip() == outlet.name != "", outlet
        assert re.fullmatch(r"[a-z]{2,3}", outlet.language), outlet
        assert re.fullmatch(r"[A-Z]{2}|", outlet.country), outlet
        assert re.fullmatch(r"[A-Z]{2}|", outlet.about), outlet
    assert len({outlet.feed_url for outlet in every()}) == len(SOURCES)


def test_outlets_that_a_government_runs_are_marked():
    assert {"RT", "Anadolu Ajansı"} <= {outlet.name for outlet in every() if outlet.state_run}
    assert not any(outlet.state_run for outlet in every() if "bbc" in outlet.feed_url)


def test_a_source_is_found_by_its_address():
    outlet = every()[0]
    assert SOURCES.by_url(outlet.feed_url) is outlet
    assert SOURCES.by_url("https://nowhere.example/") is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ru", "ko"])
def test_every_topic_has_sources_in_each_language_we_speak(language):
    for topic in load_topics().all():
        found = SOURCES.for_topic(topic.slug, languages=(language, "en"))
        assert 8 <= len(found) <= MAX_SOURCES, topic.slug
        assert len(set(found)) == len(found)
        assert {outlet.language for outlet in found} <= {language, "en"}
        assert max(Counter(outlet.name for outlet in found).values()) <= 2
        assert any(outlet.language == language for outlet in found), topic.slug


def test_a_countrys_own_outlets_come_first():
    found = SOURCES.for_topic("kenya", languages=("en",))
    assert found[0].country == "KE"
    assert {outlet.country for outlet in found} - {"KE"}


def test_a_country_without_a_press_we_could_read_is_told_of_by_its_neighbour():
    found = SOURCES.for_topic("north-korea", languages=("en",))
    assert found[0].country == "KR"


def test_a_subject_has_its_own_outlets_first():
    first, *_ = SOURCES.for_topic("tennis", languages=("en",))
    assert "tennis" in first.categories


def test_news_about_another_country_is_not_general():
    sources = Sources([source("here"), source("about", about="BR", country="GB")])
    assert [outlet.name for outlet in sources.for_topic("film")] == ["here"]
    assert [outlet.name for outlet in sources.for_topic("brazil")] == ["about", "here"]


def test_general_news_comes_from_many_countries_and_world_desks_first():
    sources = Sources(
        [
            source("a1"),
            source("a2"),
            source("b", country="IN"),
            source("c", country="CA", categories=("news", "world")),
        ]
    )
    assert [outlet.name for outlet in sources.for_topic("film")] == ["c", "a1", "b", "a2"]


def test_a_country_may_be_given_for_a_topic_that_is_none():
    sources = Sources([source("a"), source("b", country="IN")])
    assert sources.for_topic("monsoon", country="IN")[0].name == "b"


def test_the_languages_are_those_of_two_letters():
    sources = Sources([source("a"), source("b", language="cnr"), source("c", language="")])
    assert sources.languages == {"en"}


def test_languages_take_turns():
    sources = Sources(
        [source("e1"), source("e2", country="US"), source("d", country="DE", language="de")]
    )
    names = [outlet.name for outlet in sources.for_topic("film", languages=("de", "en"))]
    assert names == ["d", "e1", "e2"]
