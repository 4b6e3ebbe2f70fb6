"""From articles to stories: permanent ids, and a window that a restart does not change."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import StoreUnavailable
from bot.group import StoryWindow
from bot.steps.grouping import Grouping
from tests.fakes.clock import START
from tests.fakes.editions import add_report as add
from tests.fakes.editions import ask, send_edition
from tests.fakes.rooms import open_room

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAM = (
    (
        "Orun dam refilled a year early",
        "The Orun dam is full again after a winter of snow, the river authority said.",
    ),
    (
        "Snow fills the Orun reservoir",
        "Melting snow has filled the reservoir behind the Orun dam a year before the plan.",
    ),
)
STRIKE = (
    (
        "Velt miners vote to end their strike",
        "Miners at the Velt copper mine voted 812 to 94 to accept the company's offer.",
    ),
    (
        "Strike at the Velt copper mine is over",
        "Work at the copper mine in Velt resumes after the miners accepted an offer.",
    ),
)
# Says what both say, so often that it ties their stories together.
BRIDGE = [(f"{a[0]}; {b[0]}", f"{a[1]} {b[1]}") for a, b in zip(DAM, STRIKE, strict=True)] * 4
STORIES = "SELECT article_id, story_id FROM story_article ORDER BY article_id"


@pytest.fixture
def grouping(store, clock):
    return Grouping(store, clock)


@pytest.fixture
def add_report(store):
    """Store a report (title, text), and return its id."""
    numbers = iter(range(1000))

    async def add_report(report, *, seen_at=START - HOUR, **fields):
        title, text = report
        stored = await add(
            store, str(next(numbers)), title=title, text=text, seen_at=seen_at, **fields
        )
        return stored.id

    return add_report


async def stories(store):
    return dict(await ask(store, STORIES))


async def test_articles_on_one_event_are_one_story_with_an_id_of_the_store(
    store, grouping, add_report
):
    ids = [await add_report(report) for report in (DAM[0], STRIKE[0], DAM[1], STRIKE[1])]
    assert await grouping.group() == 4
    found = await stories(store)
    assert list(found) == ids
    assert [found[article] for article in ids] == [1, 2, 1, 2]
    assert await ask(store, "SELECT id, merged_into FROM story ORDER BY id") == [
        (1, None),
        (2, None),
    ]


async def test_what_has_a_story_is_not_grouped_again(store, grouping, add_report):
    await add_report(DAM[0])
    assert [await grouping.group() for _ in range(2)] == [1, 0]
    before = await stories(store)
    await add_report(STRIKE[0])
    assert await grouping.group() == 1
    assert (await stories(store)).items() >= before.items()


async def test_without_articles_there_is_nothing_to_do(grouping):
    assert await grouping.group() == 0


async def test_a_later_article_joins_its_story_and_moves_its_end(store, grouping, add_report):
    first = await add_report(DAM[0], seen_at=START - 3 * HOUR)
    await grouping.group()
    later = await add_report(DAM[1], seen_at=START - HOUR)
    await grouping.group()
    found = await stories(store)
    assert found[first] == found[later]
    await store.articles.add_matches([(first, {"x": 1.0})])
    (story,) = await store.articles.stories_for(["x"], since=START - DAY, feed_keys=[])
    assert (story.first_at, story.last_at) == (START - 3 * HOUR, START - HOUR)


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_restart_changes_no_story(store, clock, grouping, add_report, restarts):
    """The same articles in the same batches, by one process or by three."""
    others = (
        ("Election in Lorvia", "Voters in Lorvia choose between nine lists on Sunday."),
        ("Lorvia votes for a new parliament", "Nine lists stand in the election of Lorvia."),
    )
    batches = ((DAM[0], STRIKE[0], others[0]), (STRIKE[1],), (DAM[1], others[1]))
    for batch in batches:
        for report in batch:
            await add_report(report)
        await (Grouping(store, clock) if restarts else grouping).group()
    # In the order of adding: dam, strike, election, strike, dam, election.
    assert list((await stories(store)).values()) == [1, 2, 3, 2, 1, 3]


async def test_two_stories_that_turn_out_to_be_one_are_merged_and_so_is_what_was_told(
    store, grouping, add_report
):
    ids = [await add_report(report) for report in (*DAM, *STRIKE)]
    await grouping.group()
    room = await open_room(store)
    for story, sentence in ((1, 11), (2, 22)):
        await send_edition(store, room, str(story), now=START, told={story: [sentence]})
    ids += [await add_report(report) for report in BRIDGE]
    assert await grouping.group() == len(BRIDGE)
    assert await ask(store, "SELECT id, merged_into FROM story ORDER BY id") == [(1, None), (2, 1)]
    assert await stories(store) == dict.fromkeys(ids, 1)
    assert await store.editions.told(room.id) == {1: (START, frozenset({11, 22}))}


async def test_an_id_given_out_in_a_batch_is_not_merged_away_as_a_temporary_one(
    store, grouping, add_report
):
    """What is one by the end of its first batch never was two."""
    for report in (*DAM, *STRIKE, *BRIDGE):
        await add_report(report)
    await grouping.group()
    assert set((await stories(store)).values()) == {1}
    assert await ask(store, "SELECT count(*) FROM story WHERE merged_into IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    ("age", "is_known"), [(5 * DAY, True), (5 * DAY + timedelta(seconds=1), False)]
)
@pytest.mark.parametrize("restarts", [False, True])
async def test_a_story_can_be_joined_for_five_days(  # noqa: PLR0917 - a table
    store, clock, add_report, age, is_known, restarts
):
    grouping = Grouping(store, clock)
    await add_report(DAM[0], seen_at=START)
    await grouping.group()
    clock.advance(age)
    # Published on the first day: what is apart in time is apart in any case.
    await add_report(DAM[1], seen_at=clock.now(), published_at=START)
    await (Grouping(store, clock) if restarts else grouping).group()
    assert (len(set((await stories(store)).values())) == 1) is is_known


@pytest.mark.parametrize("place", ["assign", "merge"])
async def test_after_a_failure_the_window_is_what_the_store_holds(
    store, grouping, add_report, monkeypatch, place
):
    await add_report(DAM[0])
    await grouping.group()

    async def away(*_args):
        raise StoreUnavailable("store-unavailable")

    await add_report(DAM[1])
    await add_report(STRIKE[0])
    with monkeypatch.context() as broken:
        broken.setattr(store.articles, place, away)
        with pytest.raises(StoreUnavailable):
            await grouping.group()
    await add_report(STRIKE[1])
    assert await grouping.group() == (3 if place == "assign" else 1)
    assert list((await stories(store)).values()) == [1, 1, 2, 2]


async def test_an_article_that_is_refused_is_taken_alone_and_the_others_find_their_stories(
    store, grouping, add_report, monkeypatch
):
    assign, refused = store.articles.assign, []
    for report in (*DAM, *STRIKE):
        await add_report(report)

    async def breaks(groups):
        ids = sorted(member.id for members in groups.values() for member in members)
        if 1 in ids and ids not in refused:
            refused.append(ids)
            raise ValueError("that row")
        return await assign(groups)

    monkeypatch.setattr(store.articles, "assign", breaks)
    assert await grouping.group() == 4
    assert refused == [[1, 2, 3, 4], [1, 2], [1]]
    assert list((await stories(store)).values()) == [1, 1, 2, 2]


async def test_a_known_article_that_breaks_the_window_is_left_out_and_the_others_stay(
    store, clock, grouping, add_report, monkeypatch
):
    ids = [await add_report(report) for report in (STRIKE[0], DAM[0])]
    await grouping.group()
    before = await stories(store)

    class Fragile(StoryWindow):
        def seed(self, articles, story_ids):
            if articles[0].title == STRIKE[0][0]:
                raise ValueError("that one")
            super().seed(articles, story_ids)

    monkeypatch.setattr("bot.steps.grouping.StoryWindow", Fragile)
    later = await add_report(DAM[1])
    await Grouping(store, clock).group()
    found = await stories(store)
    assert {known: found[known] for known in ids} == before
    assert found[later] == found[ids[1]]


async def test_two_runs_at_once_group_each_article_once(store, grouping, add_report):
    for report in (*DAM, *STRIKE):
        await add_report(report)
    assert sorted(await asyncio.gather(grouping.group(), grouping.group())) == [0, 4]
    assert list((await stories(store)).values()) == [1, 1, 2, 2]


async def test_what_nobody_else_may_see_has_a_story_as_well(store, grouping, add_report):
    await add_report(DAM[0], public=False, matches={"feed:1": 1.0})
    assert await grouping.group() == 1


async def test_an_article_of_the_future_is_dated_by_when_it_was_seen(store, grouping, add_report):
    """A publisher's fast clock keeps no story open."""
    await add_report(DAM[0], seen_at=START, published_at=START + 9 * DAY)
    await grouping.group()
    (row,) = await store.articles.grouped_since(START)
    assert row[0].article == replace(row[0].article, published_at=START + 9 * DAY)
    await store.articles.add_matches([(1, {"x": 1.0})])
    (story,) = await store.articles.stories_for(["x"], since=START, feed_keys=[])
    assert story.last_at == START


async def test_an_article_deleted_meanwhile_is_passed_over_and_the_others_find_their_stories(
    store, grouping, add_report, monkeypatch
):
    """Its feed was private, and its last reader left."""
    for report in (*DAM, *STRIKE):
        await add_report(report)
    ungrouped = store.articles.ungrouped

    async def before_it_goes(limit, **options):
        articles = await ungrouped(limit, **options)
        async with store.database.write() as connection:
            await connection.execute(text("DELETE FROM article WHERE id = 3"))
        return articles

    monkeypatch.setattr(store.articles, "ungrouped", before_it_goes)
    assert await grouping.group() == 4
    found = await stories(store)
    assert list(found) == [1, 2, 4]
    assert found[1] == found[2] != found[4]


async def test_an_article_that_can_have_no_story_is_left_to_the_next_run(
    store, grouping, add_report, monkeypatch
):
    for report in DAM:
        await add_report(report)
    assign = store.articles.assign

    async def refuses(groups):
        if any(member.id == 1 for members in groups.values() for member in members):
            raise ValueError("that row")
        return await assign(groups)

    with monkeypatch.context() as broken:
        broken.setattr(store.articles, "assign", refuses)
        await grouping.group()
        assert list(await stories(store)) == [2]
    assert await grouping.group() == 1
    assert list((await stories(store)).values()) == [1, 1]
