"""The stories that most outlets told, whatever they are about."""

from datetime import timedelta

import pytest

from tests.fakes.clock import START
from tests.fakes.editions import add_report

HOUR = timedelta(hours=1)


@pytest.fixture
def add(store):
    """Store a story with a report of each of ``sources``; return its id."""

    async def add(name, *sources, **fields):
        reports = [
            await add_report(
                store, f"{name}{n}", source=source, outlet=source, url=f"https://{n}.example/{name}",
                **fields,
            )
            for n, source in enumerate(sources)
        ]  # fmt: skip
        return (await store.articles.assign({-1: reports}))[-1]

    return add


async def broadest(store, *, since=START - 24 * HOUR, languages=(), limit=9):
    found = await store.articles.broadest(since=since, languages=languages, limit=limit)
    return [story.id for story in found]


async def test_the_broadest_come_first_and_of_equals_the_last_seen(store, add):
    one = await add("mill", "A", "A", "A")
    three = await add("ferry", "A", "B", "C")
    old = await add("weir", "D", "E", seen_at=START - 5 * HOUR)
    new = await add("dam", "D", "E", seen_at=START - 2 * HOUR)
    assert await broadest(store) == [three, new, old, one]
    assert await broadest(store, limit=2) == [three, new]
    (first, *_) = await store.articles.broadest(since=START - 24 * HOUR, languages=(), limit=1)
    assert {stored.article.source for stored in first.articles} == {"A", "B", "C"}
    assert {stored.article.text for stored in first.articles} == {""}
    assert first.matches == {}


async def test_what_is_private_or_old_or_in_other_languages_does_not_count(store, add):
    german = await add("mill", "A", "B", language="de")
    english = await add("dam", "A", language="en")
    await add("circle", "A", "B", public=False)
    await add("weir", "A", "B", seen_at=START - 25 * HOUR)
    assert await broadest(store) == [german, english]
    assert await broadest(store, languages=("en", "fr")) == [english]
    assert await broadest(store, languages=("fr",)) == []
