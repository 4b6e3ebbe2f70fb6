"""What holds for a room that chose nothing, and what a morning without its news says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.briefing import Briefing, BriefingStory, Section
from bot.domain.edition import Edition, EditionKind
from bot.domain.room import RoomSettings, UsualLanguages
from bot.pick import Told
from bot.steps.composing import Composing
from bot.steps.top_titles import top_titles
from bot.topics import load_topics
from tests.fakes.clock import START
from tests.fakes.editions import add_report, add_story, ask, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room

HOUR = timedelta(hours=1)
STORY = BriefingStory(story_id=1, title="The weir", url="https://a.example/weir", sentences=())


class Noted(PatientWorkers):
    """Workers that note the settings they are given, and the briefing they return."""

    def __init__(self):
        super().__init__()
        self.settings = None

    async def run(self, function, *args, **kwargs):
        self.settings = kwargs.get("settings", self.settings)
        return await super().run(function, *args, **kwargs)


@pytest.fixture
def workers():
    return Noted()


@pytest.fixture
def compose(store, workers, clock):
    """Compose an edition of a room; return whether it is silent, and its text."""

    async def compose(room, *, method="", languages=("en",)):
        composing = Composing(
            store,
            workers,
            load_topics(),
            clock,
            languages=UsualLanguages(configured=languages),
            sample=False,
            method=method,
        )
        await composing.compose(Edition(room=room, kind=EditionKind.SCHEDULED, key="1"))
        (row,) = await ask(store, "SELECT silent FROM part")
        return bool(row[0])

    return compose


@pytest.fixture
async def room(store):
    room = await open_room(store)
    await subscribe(store, room, "energy")
    return room


async def test_the_owners_method_summarizes_for_a_room_that_chose_none(room, workers, compose):
    await compose(room, method="lexrank")
    assert workers.settings.method == "lexrank"


async def test_a_rooms_own_method_goes_before_the_owners(store, room, workers, compose):
    await store.chats.save_settings(room.id, RoomSettings().choose(method="lead"))
    await compose(await store.chats.get_room(room.id), method="lexrank")
    assert workers.settings.method == "lead"


async def test_a_morning_with_news_rings(store, room, compose):
    await add_story(store, "dam")
    assert await compose(room) is False


async def test_a_morning_without_news_is_silent(room, compose):
    assert await compose(room) is True


async def test_a_morning_without_news_has_the_days_titles(store):
    async def story(name, *sources, **fields):
        reports = [
            await add_report(
                store,
                f"{name}{n}",
                matches={"water": 1.0},
                title=f"The {name} is back",
                text=f"The {name} of Velt opened again on Monday after eleven weeks of work. " * 4,
                source=source,
                outlet=source,
                url=f"https://{n}.example/{name}",
                **fields,
            )
            for n, source in enumerate(sources)
        ]
        return (await store.articles.assign({-1: reports}))[-1]

    await story("mill", "A")
    await story("ferry", "A", "B", "C")
    await story("bridge", "A", "B")
    await story("quarry", "A", "B", "C", "D", language="de")
    await story("gaol", "A", "B", "C", "D", seen_at=START - 30 * HOUR)
    await story("column", "A", "B", "C", "D", kind="opinion")
    await story("diary", "A", "B", "C", "D", public=False)
    weir = await story("weir", "A", "B", "C", "D")
    told = {weir: Told(weir, START - HOUR)}
    quiet = Briefing(local_date=START.date(), zone="Europe/Berlin", sections=())
    found = await top_titles(store, quiet, told, RoomSettings(languages=("en",)), START)
    assert [title for title, _ in found] == [
        "The ferry is back",
        "The bridge is back",
        "The mill is back",
    ]
    assert found[0][1].endswith("/ferry")
    told_one = replace(quiet, sections=(Section(name="Water", stories=(STORY,)),))
    assert await top_titles(store, told_one, {}, RoomSettings(), START) == ()
