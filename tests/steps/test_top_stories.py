"""What most outlets told, as a section of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.subscription import TOP
from bot.pick import TOLD_FROM, Told
from bot.steps.candidate_loader import CandidateLoader
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import add_report, send_edition, subscribe
from tests.fakes.rooms import open_room

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def add(store):
    """Store a story with a report of each of ``sources``, of the topic ``about``; return its id."""

    async def add(name, *sources, about="", **fields):
        matches = {about: 0.9} if about else {}
        reports = [
            await add_report(
                store, f"{name}{n}", source=source, outlet=source, matches=matches,
                url=f"https://{n}.example/{name}", **fields,
            )
            for n, source in enumerate(sources)
        ]  # fmt: skip
        return (await store.articles.assign({-1: reports}))[-1]

    return add


@pytest.fixture
def load(store):
    """Return the sections of a room that reads ``keys`` as a briefing at START gets them."""

    async def load(*keys, told=(), edition_at=None, languages=None):
        room = await open_room(store)
        room = replace(room, settings=replace(room.settings, languages=languages))
        if edition_at:
            await send_edition(store, room, now=edition_at)
        await subscribe(store, room, *keys)
        subscriptions = await store.subscriptions.of_room(room.id)
        known = {story_id: Told(story_id, START - DAY) for story_id in told}
        return await CandidateLoader(store, load_topics()).load(room, subscriptions, known, START)

    return load


def ids_of(section):
    return {candidate.story_id for candidate in section.candidates}


async def test_top_stories_come_whatever_they_are_about_with_their_texts(load, add):
    ferry = await add("ferry", "A", "B", "C")
    mill = await add("mill", "D", about="energy")
    (section,) = await load("top")
    assert section.name == "Top stories"
    assert ids_of(section) == {ferry, mill}
    assert all(article.article.text for found in section.candidates for article in found.articles)


async def test_a_story_of_a_topic_that_the_room_reads_matches_it_better(load, add):
    mill = await add("mill", "A", "B", about="energy")
    energy, top = await load("energy", "top")
    assert ids_of(energy) == ids_of(top) == {mill}
    assert energy.candidates[0].match > top.candidates[0].match == TOLD_FROM


async def test_one_subject_or_outlet_does_not_crowd_out_the_others(load, add):
    for n in range(4):
        await add(f"mill{n}", "A", "B", "C", about="energy", seen_at=START - HOUR * (n + 1))
    one = await add("dam", "F")
    (section,) = await load("top")
    assert one in ids_of(section)
    assert len(section.candidates) == 3
    for n in range(5):
        await add(f"ferry{n}", "F")
    (section,) = await load()
    assert len(section.candidates) == 2 + 3


async def test_what_was_told_comes_along_beyond_the_limits(load, add):
    mills = [
        await add(f"mill{n}", "A", "B", about="energy", seen_at=START - HOUR * (n + 1))
        for n in range(4)
    ]
    (section,) = await load("top", told=mills)
    assert ids_of(section) == set(mills)


async def test_only_what_came_in_since_the_last_edition_counts_and_two_days_at_most(load, add):
    new = await add("mill", "A")
    await add("dam", "B", seen_at=START - 6 * HOUR)
    await add("weir", "C", seen_at=START - 3 * DAY)
    (section,) = await load("top", edition_at=START - 5 * HOUR)
    assert ids_of(section) == {new}


async def test_other_languages_and_private_articles_are_no_top_stories(load, add):
    await add("mill", "A", "B", language="de")
    await add("dam", "A", public=False)
    english = await add("weir", "C")
    (section,) = await load("top", languages=("en",))
    assert ids_of(section) == {english}


def test_no_article_matches_the_top_stories_by_its_words():
    topics = load_topics()
    assert TOP not in topics.match("Top stories of the day", "The news: top stories, headlines.")
    for words in ("top stories", "Headlines", "Schlagzeilen", "новости", "ニュース"):
        assert topics.find(words).slug == TOP
