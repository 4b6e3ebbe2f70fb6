"""Where the whole breaks: exactly what is broken is left out, and says why."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.briefing import Section
from bot.errors import GiveUp, NotAnArticle, StoreUnavailable, Unforeseen
from bot.reasons import Reason
from bot.steps.soundness import sound_sections, sound_stories
from tests.fakes.briefings import briefing, story
from tests.fakes.news import stored
from tests.fakes.stories import candidate, wanted


def section(key, *ids):
    return wanted(key, *(candidate(n, stored(n)) for n in ids), weight=2.0)


def ids_of(section):
    return [candidate.story_id for candidate in section.candidates]


class Composer:
    """Composes what holds no story of ``poison``; ``asked`` has the ids it was given."""

    def __init__(self, *poison, error=None):
        self.poison = set(poison)
        self.error = error or Unforeseen("ValueError")
        self.asked = []

    async def __call__(self, sections):
        ids = [story_id for section in sections for story_id in ids_of(section)]
        self.asked.append(ids)
        if self.poison.intersection(ids):
            raise self.error


def broken_ids(reasons):
    assert {reason.code for reason in reasons} <= {"story-broken"}
    return [reason.values["story"] for reason in reasons]


async def test_what_is_sound_stays_as_it_is_and_is_tried_once_a_section():
    sections, compose = [section("a", 1, 2), section("b", 3)], Composer()
    assert await sound_sections(sections, compose) == (sections, [])
    assert compose.asked == [[1, 2], [3]]


async def test_the_broken_stories_of_a_section_are_left_out_and_the_others_keep_their_order():
    sections = [section("a", 1, 2, 3, 4), section("b", 5)]
    compose = Composer(2, 4)
    kept, left_out = await sound_sections(sections, compose)
    assert [ids_of(section) for section in kept] == [[1, 3], [5]]
    assert [(section.key, section.weight, section.reason) for section in kept] == [
        ("a", 2.0, None),
        ("b", 2.0, None),
    ]
    assert compose.asked == [[1, 2, 3, 4], [1], [2], [3], [4], [5]]
    assert broken_ids(left_out) == [2, 4]
    for reason in left_out:
        assert reason.values["kind"] == "Unforeseen"
        assert reason.values["at"].startswith("test_soundness.py:")


async def test_a_section_of_which_nothing_is_left_stays_without_a_reason():
    """Its stories are what is said to be missing."""
    ((kept,), left_out) = await sound_sections([section("a", 1, 2)], Composer(1, 2))
    assert (ids_of(kept), kept.reason) == ([], None)
    assert broken_ids(left_out) == [1, 2]


async def test_the_third_broken_story_ends_its_section_and_no_further_one_is_tried():
    compose = Composer(1, 3, 4)
    ((a, b), left_out) = await sound_sections(
        [section("a", 1, 2, 3, 4, 5), section("b", 6)], compose
    )
    assert (ids_of(a), a.reason) == ([], Reason("unforeseen", {"kind": "ValueError"}))
    assert (ids_of(b), b.reason) == ([6], None)
    assert compose.asked == [[1, 2, 3, 4, 5], [1], [2], [3], [4], [6]]
    assert broken_ids(left_out) == [1, 3, 4]


async def test_a_section_that_breaks_though_none_of_its_stories_does_has_the_reason():
    async def compose(sections):
        if len(sections[0].candidates) > 1:
            raise NotAnArticle("too-slow", seconds=20)

    ((kept,), left_out) = await sound_sections([section("a", 1, 2)], compose)
    assert (ids_of(kept), kept.reason) == ([], Reason("too-slow", {"seconds": 20}))
    assert left_out == []


async def test_an_empty_section_that_breaks_has_the_reason():
    async def compose(_sections):
        raise Unforeseen("KeyError")

    ((kept,), left_out) = await sound_sections([section("a")], compose)
    assert kept.reason == Reason("unforeseen", {"kind": "KeyError"})
    assert left_out == []


@pytest.mark.parametrize(
    "error", [StoreUnavailable("store-unavailable"), ValueError("no"), OSError()]
)
async def test_what_is_no_fault_of_a_story_passes_through(error):
    with pytest.raises(type(error)):
        await sound_sections([section("a", 1)], Composer(1, error=error))


@given(
    sections=st.lists(st.integers(0, 6), max_size=4), poison=st.sets(st.integers(0, 30), max_size=8)
)
def test_what_is_kept_composes_and_only_what_breaks_is_said_to(sections, poison):
    numbers = iter(range(100))
    all_sections = [
        section(f"s{n}", *(next(numbers) for _ in range(size))) for n, size in enumerate(sections)
    ]
    kept, left_out = asyncio.run(sound_sections(all_sections, Composer(*poison)))
    assert [section.key for section in kept] == [section.key for section in all_sections]
    broken = broken_ids(left_out)
    assert poison.issuperset(broken)
    for before, after in zip(all_sections, kept, strict=True):
        bad = [story_id for story_id in ids_of(before) if story_id in poison]
        if len(bad) >= 3:
            assert (ids_of(after), after.reason) == (
                [],
                Reason("unforeseen", {"kind": "ValueError"}),
            )
            assert [story_id for story_id in broken if story_id in ids_of(before)] == bad[:3]
        else:
            assert ids_of(after) == [
                story_id for story_id in ids_of(before) if story_id not in poison
            ]
            assert after.reason is None
            assert [story_id for story_id in broken if story_id in ids_of(before)] == bad


def renderer(*poison):
    """Return what renders anything but ``poison``, and the list of ids it was given."""
    asked = []

    def render(some):
        ids = [told.story_id for told in some.stories]
        asked.append(ids)
        if set(poison).intersection(ids):
            raise IndexError("no such line")

    return render, asked


def in_sections(*groups):
    """Return a briefing with a section for each group of stories."""
    sections = tuple(
        Section(name=f"S{n}", stories=tuple(story(f"T{number}", story_id=number) for number in ids))
        for n, ids in enumerate(groups)
    )
    return briefing(sections=sections, left_out=(Reason("story-broken", {"story": 99}),))


def test_stories_that_break_the_rendering_go_each_tried_alone():
    render, asked = renderer(2, 3)
    before = in_sections([1, 2], [3], [4, 5])
    after = sound_stories(before, render)
    assert asked == [[1], [2], [3], [4], [5]]
    assert [
        (section.name, [s.story_id for s in section.stories]) for section in after.sections
    ] == [
        ("S0", [1]),
        ("S2", [4, 5]),  # a section without stories is no section
    ]
    assert after.left_out[0] == Reason("story-broken", {"story": 99})
    assert broken_ids(after.left_out) == [99, 2, 3]
    assert {reason.values.get("kind") for reason in after.left_out[1:]} == {"IndexError"}


def test_each_story_is_tried_in_its_section_with_all_that_stands_around_it():
    seen = []
    before = in_sections([1], [2])
    sound_stories(before, seen.append)
    assert [(given.sections[0].name, given.left_out) for given in seen] == [
        ("S0", before.left_out),
        ("S1", before.left_out),
    ]


def test_a_briefing_without_broken_stories_stays_as_it_is():
    before = in_sections([1, 2])
    assert sound_stories(before, renderer()[0]) == before


@pytest.mark.parametrize("error", [GiveUp("x"), StoreUnavailable("y"), RecursionError()])
def test_whatever_a_story_raises_in_rendering_is_its_own(error):
    def render(_some):
        raise error

    after = sound_stories(in_sections([1]), render)
    assert after.sections == ()
    assert after.left_out[1].values["kind"] == type(error).__name__
