"""What is listed with its title alone: once, until its breadth has doubled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.briefing import Briefing, ListedStory, Section
from bot.domain.edition import Edition, EditionKind
from bot.domain.room import UsualLanguages
from bot.render import Rendered
from bot.steps.composing import Composing
from bot.steps.listing import may_list, without_listed
from bot.topics import load_topics
from tests.fakes.briefings import briefing, story
from tests.fakes.editions import add_story, ask, subscribe
from tests.fakes.house import PatientWorkers
from tests.fakes.rooms import open_room

HOUR = timedelta(hours=1)


def listed(number, outlets=1):
    url = f"https://harbour.example/{number}"
    return ListedStory(story_id=number, title=f"Story {number}", url=url, outlets=outlets)


def shown(briefing):
    """Return a rendering that shows all of ``briefing``."""
    return Rendered(messages=(), briefing=briefing, message_of=())


@pytest.mark.parametrize(
    ("outlets", "before", "is_listed"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (5, 3, False), (6, 3, True), (2, 3, False)],
)
def test_a_title_comes_back_when_twice_as_many_outlets_have_it(outlets, before, is_listed):
    assert may_list(outlets, before) is is_listed
    said = Briefing(
        local_date=date(2025, 6, 5), zone="UTC", sections=(), also=(listed(7, outlets), listed(8))
    )
    found = without_listed(said, {7: before} if before else {}, shown)
    assert [one.story_id for one in found.briefing.also] == [7, 8] if is_listed else [8]


def test_a_story_that_was_listed_and_finds_no_room_again_is_left_out():
    stories = [story(f"Story {n}", "A sentence.", story_id=n) for n in (1, 2, 3)]
    sections = (("Energy", stories[:2]), ("Space", stories[2:]))
    said = briefing(
        sections=tuple(Section(name=name, stories=tuple(some)) for name, some in sections)
    )
    calls = []

    def with_room_for_one(briefing):
        calls.append([one.story_id for one in briefing.stories])
        first, *others = briefing.stories
        also = tuple(listed(one.story_id) for one in others)
        section = Section(name="All", stories=(first,))
        return shown(replace(briefing, sections=(section,), also=(*briefing.also, *also)))

    found = without_listed(said, {2: 1, 3: 1}, with_room_for_one)
    assert [one.story_id for one in found.briefing.stories] == [1]
    assert found.briefing.also == ()
    assert calls == [[1, 2, 3], [1]]
    calls.clear()
    found = without_listed(said, {3: 1}, with_room_for_one)
    assert [one.story_id for one in found.briefing.also] == [2]
    assert calls == [[1, 2, 3], [1, 2]]


def test_it_is_rendered_once_where_nothing_was_listed_before():
    calls = []

    def render(briefing):
        calls.append(briefing)
        return shown(briefing)

    without_listed(replace(briefing(story()), also=(listed(7),)), {}, render)
    assert len(calls) == 1


class Listing(PatientWorkers):
    """Workers whose briefings list ``also``, and tell only the stories that are not listed."""

    def __init__(self):
        self.also = ()

    async def run(self, function, /, *args, **kwargs):
        said = await super().run(function, *args, **kwargs)
        ids = {one.story_id for one in self.also}
        sections = (
            replace(one, stories=tuple(s for s in one.stories if s.story_id not in ids))
            for one in said.sections
        )
        return replace(said, sections=tuple(one for one in sections if one.stories), also=self.also)


@pytest.fixture
def database_url(tmp_path):
    """What is asked of the database is proved for every kind in tests/store."""
    return f"sqlite+aiosqlite:///{tmp_path}/x.db"


@pytest.fixture
def workers():
    return Listing()


@pytest.fixture
def compose(store, workers, clock):
    usual = UsualLanguages()
    composing = Composing(store, workers, load_topics(), clock, languages=usual, sample=False)

    async def compose(room, key):
        await composing.compose(Edition(room=room, kind=EditionKind.BRIEF, key=key))
        (found,) = await ask(store, "SELECT max(id) FROM edition")
        return await store.contents.get(room.id, found[0])

    return compose


async def test_what_was_listed_is_not_listed_again_and_may_be_told_in_full_once(
    store, clock, workers, compose
):
    room = await open_room(store)
    await subscribe(store, room, "energy")
    numbers = [await add_story(store, name) for name in ("dam", "mill", "weir", "lock")]
    dam, *others = numbers
    workers.also = tuple(listed(number) for number in others)
    first = await compose(room, "1")
    assert [one.story_id for one in first.stories] == [dam]
    assert [one.story_id for one in first.also] == others
    known = await store.editions.remembered(room.id)
    assert (set(known.told), known.listed) == ({dam}, dict.fromkeys(others, 1))

    clock.advance(HOUR)
    second = await compose(room, "2")
    assert second.also == ()

    # In full, with what came in since.
    workers.also = ()
    clock.advance(HOUR)
    mill = others[0]
    text = (
        "The mill of Orun caught fire in the night of Tuesday. Forty people were brought to safety."
    )
    more = await add_story(store, "fire", text=text, seen_at=clock.now())
    await store.articles.merge([(more, mill)])
    third = await compose(room, "3")
    assert [one.story_id for one in third.stories] == [mill]
    assert not third.stories[0].updated_since
    assert mill in (await store.editions.told(room.id))
    clock.advance(HOUR)
    assert (await compose(room, "4")).stories == ()


async def test_the_articles_of_titles_are_kept_as_long_as_the_edition(
    store, clock, workers, compose
):
    room = await open_room(store)
    await subscribe(store, room, "energy")
    mill = await add_story(store, "mill")
    url = "https://harbour.example/mill"
    workers.also = (ListedStory(story_id=mill, title="The mill is back", url=url),)
    content = await compose(room, "1")
    (one,) = content.also
    assert (one.text_id > 0, one.title) == (True, "")
    clock.advance(timedelta(days=100))
    assert await store.articles.purge(clock.now()) == 0
