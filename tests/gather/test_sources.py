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
    assert len({one.language for one in every()}) > 40
    assert {one.kind for one in every()} == {"feed", "sitemap"}
    assert {one.tier for one in every()} == {"A", "B", "C"}


def test_every_source_can_be_asked_and_named():
    for one in every():
        assert re.match(r"https?://[^/]+\.[^/]+(?:/|$)", one.feed_url), one
        assert one.name.strip() == one.name != "", one
        assert re.fullmatch(r"[a-z]{2,3}", one.language), one
        assert re.fullmatch(r"[A-Z]{2}|", one.country), one
        assert re.fullmatch(r"[A-Z]{2}|", one.about), one
    assert len({one.feed_url for one in every()}) == len(SOURCES)


def test_outlets_that_a_government_runs_are_marked():
    assert {"RT", "Anadolu Ajansı"} <= {one.name for one in every() if one.state_run}
    assert not any(one.state_run for one in every() if "bbc" in one.feed_url)


def test_a_source_is_found_by_its_address():
    one = every()[0]
    assert SOURCES.by_url(one.feed_url) is one
    assert SOURCES.by_url("https://nowhere.example/") is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ru", "ko"])
def test_every_topic_has_sources_in_each_language_we_speak(language):
    for topic in load_topics().all():
        found = SOURCES.for_topic(topic.slug, languages=(language, "en"))
        assert 8 <= len(found) <= MAX_SOURCES, topic.slug
        assert len(set(found)) == len(found)
        assert {one.language for one in found} <= {language, "en"}
        assert max(Counter(one.name for one in found).values()) <= 2
        assert any(one.language == language for one in found), topic.slug


def test_a_countrys_own_outlets_come_first():
    found = SOURCES.for_topic("kenya", languages=("en",))
    assert found[0].country == "KE"
    assert {one.country for one in found} - {"KE"}


def test_a_country_without_a_press_we_could_read_is_told_of_by_its_neighbour():
    found = SOURCES.for_topic("north-korea", languages=("en",))
    assert found[0].country == "KR"


def test_a_subject_has_its_own_outlets_first():
    first, *_ = SOURCES.for_topic("tennis", languages=("en",))
    assert "tennis" in first.categories


def test_news_about_another_country_is_not_general():
    sources = Sources([source("here"), source("about", about="BR", country="GB")])
    assert [one.name for one in sources.for_topic("film")] == ["here"]
    assert [one.name for one in sources.for_topic("brazil")] == ["about", "here"]


def test_general_news_comes_from_many_countries_and_world_desks_first():
    sources = Sources(
        [
            source("a1"),
            source("a2"),
            source("b", country="IN"),
            source("c", country="CA", categories=("news", "world")),
        ]
    )
    assert [one.name for one in sources.for_topic("film")] == ["c", "a1", "b", "a2"]


def test_a_country_may_be_given_for_a_topic_that_is_none():
    sources = Sources([source("a"), source("b", country="IN")])
    assert sources.for_topic("monsoon", country="IN")[0].name == "b"


def test_languages_take_turns():
    sources = Sources(
        [source("e1"), source("e2", country="US"), source("d", country="DE", language="de")]
    )
    names = [one.name for one in sources.for_topic("film", languages=("de", "en"))]
    assert names == ["d", "e1", "e2"]
