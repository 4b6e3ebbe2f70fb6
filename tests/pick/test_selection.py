"""Which stories a briefing tells, and where."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.room import RoomSettings
from bot.pick import SectionCandidates, Selection, pick, shortlist
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate, told, wanted

ROOM = RoomSettings()


def story(n, *, match=0.5, age_h=1.0, outlets=1, **fields):
    articles = [
        stored(10 * n + k, source=f"S{k}", age_h=age_h, text="Something happened.", **fields)
        for k in range(outlets)
    ]
    return candidate(n, *articles, match=match)


def ids(picked: Selection) -> dict[str, list[int]]:
    return {
        one.wanted.key: [chosen.candidate.story_id for chosen in one.chosen]
        for one in picked.sections
    }


def test_each_section_has_its_best_stories_first():
    picked = pick([wanted("a", *(story(n, age_h=n) for n in (5, 2, 9, 1)))], {}, ROOM, NOW)
    assert ids(picked) == {"a": [1, 2, 5]}


def test_what_reports_nothing_stands_behind_all_reports():
    offers = [story(n, kind="offer", outlets=9, match=1.0) for n in (1, 2)]
    picked = pick([wanted("a", *offers, story(3, age_h=90, match=0.1))], {}, ROOM, NOW)
    assert ids(picked) == {"a": [3, 1, 2]}


def test_a_title_without_a_text_stands_before_what_reports_nothing():
    bare = candidate(3, stored(30, "T", ""), match=0.1)
    picked = pick([wanted("a", story(1, kind="guide"), bare, story(2))], {}, ROOM, NOW)
    assert ids(picked) == {"a": [2, 3, 1]}


def test_what_reports_nothing_keeps_no_report_out_of_the_shortlist():
    offers = [story(n, kind="offer", outlets=9, match=1.0) for n in range(1, 40)]
    report = story(50, age_h=90, match=0.1)
    assert 50 in shortlist([wanted("a", *offers, report)], {}, ROOM, NOW)


def test_a_story_stands_where_it_matches_best():
    picked = pick(
        [wanted("a", story(1, match=0.4), story(2)), wanted("b", story(1, match=0.6))],
        {}, ROOM, NOW,
    )  # fmt: skip
    assert ids(picked) == {"a": [2], "b": [1]}


def test_of_equal_matches_the_earlier_section_has_it():
    picked = pick([wanted("a", story(1)), wanted("b", story(1), story(2))], {}, ROOM, NOW)
    assert ids(picked) == {"a": [1], "b": [2]}


def test_a_weightier_section_matches_better():
    picked = pick(
        [wanted("a", story(1), story(2)), wanted("b", story(1, match=0.4), weight=2.0)],
        {}, ROOM, NOW,
    )  # fmt: skip
    assert ids(picked) == {"a": [2], "b": [1]}


def test_every_section_has_its_first_story_before_another_has_its_second():
    sections = [
        wanted("a", *(story(n, outlets=5) for n in range(1, 5))),
        wanted("b", story(11, age_h=60)),
        wanted("c", story(21, age_h=70), story(22, age_h=70)),
    ]
    assert ids(pick(sections, {}, replace(ROOM, stories_in_all=3), NOW)) == {
        "a": [1],
        "b": [11],
        "c": [21],
    }
    assert ids(pick(sections, {}, replace(ROOM, stories_in_all=4), NOW))["a"] == [1, 2]


def test_where_places_run_out_the_weightier_stories_have_them():
    sections = [wanted(f"k{n}", story(n, outlets=n)) for n in range(1, 6)]
    picked = ids(pick(sections, {}, replace(ROOM, stories_in_all=2), NOW))
    assert picked == {"k1": [], "k2": [], "k3": [], "k4": [4], "k5": [5]}


def test_a_section_without_stories_of_its_own_borrows_one_before_anothers_third():
    best = [story(n, age_h=n, match=0.9) for n in (1, 2, 3, 4)]
    sections = [wanted("a", *best), wanted("b", *(story(n, age_h=n) for n in (1, 2, 3, 4)))]
    assert ids(pick(sections, {}, ROOM, NOW)) == {"a": [1, 2, 4], "b": [3]}


def test_a_story_is_not_borrowed_from_its_only_section():
    sections = [wanted("a", story(1, match=0.9)), wanted("b", story(1))]
    assert ids(pick(sections, {}, ROOM, NOW)) == {"a": [1], "b": []}


def test_a_borrower_passes_over_what_cannot_be_told():
    best = [story(n, age_h=n, match=0.9) for n in (1, 2, 3, 4)]
    sections = [wanted("a", *best), wanted("b", *(story(n, age_h=n) for n in (3, 4)))]
    picked = pick(sections, {}, ROOM, NOW, tellable=lambda one: one.candidate.story_id != 3)
    assert ids(picked) == {"a": [1, 2], "b": [4]}
    picked = pick(sections, {}, ROOM, NOW, tellable=lambda one: one.candidate.story_id < 3)
    assert ids(picked) == {"a": [1, 2], "b": []}


def test_what_cannot_be_told_makes_room_for_the_next():
    asked = []

    def tellable(chosen):
        asked.append(chosen.candidate.story_id)
        return chosen.candidate.story_id != 1

    section = wanted("a", *(story(n, age_h=n) for n in (1, 2, 3, 4)))
    assert ids(pick([section], {}, ROOM, NOW, tellable=tellable)) == {"a": [2, 3, 4]}
    assert asked == [1, 2, 3, 4]


def test_a_told_story_with_nothing_new_is_held_back_and_counted_once():
    sections = [
        wanted("a", story(1, age_h=30, match=0.6), story(2)),
        wanted("b", story(1, age_h=30)),
    ]
    picked = pick(sections, {1: told(1)}, ROOM, NOW)
    assert ids(picked) == {"a": [2], "b": []}
    assert [one.held_back for one in picked.sections] == [1, 0]


def test_a_told_story_with_news_is_an_update():
    old = stored(1, "Strike goes on", "Miners are on strike.", age_h=40)
    new = stored(2, "Strike over", "Miners voted 812 to 94 to accept the offer.", age_h=2)
    before = told(1, "Miners are on strike.")
    picked = pick([wanted("a", candidate(1, old, new), story(2))], {1: before}, ROOM, NOW)
    [update, fresh] = sorted(
        picked.sections[0].chosen, key=lambda chosen: chosen.candidate.story_id
    )
    assert update.told == before
    assert fresh.told is None


def test_articles_in_other_languages_are_left_out():
    mixed = candidate(1, stored(1, language="en"), stored(2, language="de"), stored(3, language=""))
    german = story(2, language="de")
    room = replace(ROOM, languages=("en",))
    [section] = pick([wanted("a", mixed, german)], {}, room, NOW).sections
    [chosen] = section.chosen
    assert [one.id for one in chosen.candidate.articles] == [1, 3]


def test_a_section_of_any_language_tells_what_there_is_no_other_of():
    mixed = candidate(1, stored(1, language="en"), stored(2, language="de"))
    german = story(2, language="de")
    room = replace(ROOM, languages=("en",))
    asked = wanted("feed:1", mixed, german, any_language=True)
    [section] = pick([asked], {}, room, NOW).sections
    assert {
        chosen.candidate.story_id: [one.article.language for one in chosen.candidate.articles]
        for chosen in section.chosen
    } == {1: ["en"], 2: ["de"]}
    assert shortlist([asked], {}, room, NOW) == {1, 2}


@pytest.mark.parametrize("field", ["stories_per_topic", "stories_in_all"])
def test_a_limit_of_nothing_gives_nothing(field):
    section = wanted("a", story(1), story(2))
    assert ids(pick([section], {}, replace(ROOM, **{field: 0}), NOW)) == {"a": []}


def test_a_room_with_one_story_a_topic_lends_in_the_first_round():
    sections = [
        wanted("a", story(1, match=0.9), story(2, match=0.9)),
        wanted("b", story(2)),
    ]
    room = replace(ROOM, stories_per_topic=1)
    assert ids(pick(sections, {}, room, NOW)) == {"a": [1], "b": [2]}


def test_a_borrowed_story_takes_one_place():
    best = [story(n, age_h=n, match=0.9) for n in (1, 2, 3, 4)]
    sections = [wanted("a", *best), wanted("b", *(story(n, age_h=n) for n in (1, 2, 3, 4)))]
    picked = pick(sections, {}, replace(ROOM, stories_in_all=4), NOW)
    assert ids(picked) == {"a": [1, 2, 4], "b": [3]}


def test_where_no_place_is_left_nothing_is_borrowed():
    best = [story(n, age_h=n, match=0.9) for n in (1, 2, 3)]
    sections = [wanted("a", *best), wanted("b", story(3, age_h=3))]
    picked = pick(sections, {}, replace(ROOM, stories_in_all=2), NOW)
    assert ids(picked) == {"a": [1, 2], "b": []}


def test_what_cannot_be_told_takes_no_place():
    sections = [wanted(f"k{n}", story(n, age_h=n)) for n in (1, 2, 3)]
    room = replace(ROOM, stories_in_all=2)
    picked = pick(sections, {}, room, NOW, tellable=lambda one: one.candidate.story_id != 1)
    assert ids(picked) == {"k1": [], "k2": [2], "k3": [3]}


def test_what_cannot_be_borrowed_takes_no_place():
    best = [story(n, age_h=n, match=0.9) for n in (1, 2, 3, 4)]
    sections = [wanted("a", *best), wanted("b", story(4, age_h=4))]
    room = replace(ROOM, stories_in_all=3)
    picked = pick(sections, {}, room, NOW, tellable=lambda one: one.candidate.story_id != 4)
    assert ids(picked) == {"a": [1, 2, 3], "b": []}


def test_where_places_run_out_a_sections_weight_counts_too():
    sections = [
        wanted("a", story(1, outlets=2)),
        wanted("b", story(2), weight=2.0),
        wanted("c", story(3, outlets=4)),
    ]
    picked = pick(sections, {}, replace(ROOM, stories_in_all=2), NOW)
    assert ids(picked) == {"a": [], "b": [2], "c": [3]}


def test_a_section_weighs_one_unless_it_is_said():
    plain = SectionCandidates(key="a", name="A", candidates=(story(1), story(2)))
    weighty = wanted("b", story(1), weight=1.5)
    assert ids(pick([plain, weighty], {}, ROOM, NOW)) == {"a": [2], "b": [1]}


def test_of_equal_stories_the_older_one_comes_first():
    assert ids(pick([wanted("a", *map(story, (3, 1, 2)))], {}, ROOM, NOW)) == {"a": [1, 2, 3]}


def test_a_story_without_an_article_in_the_rooms_languages_is_in_no_section():
    german = story(1, language="de")
    room = replace(ROOM, languages=("en",))
    picked = pick([wanted("a", german)], {1: told(1)}, room, NOW)
    assert [(one.chosen, one.held_back) for one in picked.sections] == [((), 0)]


STORIES = st.builds(
    story,
    st.integers(1, 12),
    match=st.sampled_from([0.2, 0.5, 0.5, 1.0]),
    age_h=st.sampled_from([1.0, 5.0, 30.0, 80.0]),
    outlets=st.integers(1, 4),
)
SECTIONS = st.lists(
    st.lists(STORIES, max_size=8, unique_by=lambda one: one.story_id), max_size=5
).map(lambda lists: [wanted(f"k{n}", *stories) for n, stories in enumerate(lists)])


@settings(max_examples=150, deadline=None)
@given(
    sections=SECTIONS,
    told_ids=st.sets(st.integers(1, 12)),
    per_topic=st.integers(1, 4),
    in_all=st.integers(1, 9),
)
def test_limits_hold_no_story_comes_twice_and_held_back_counts_are_right(
    sections, told_ids, per_topic, in_all
):
    room = RoomSettings(stories_per_topic=per_topic, stories_in_all=in_all)
    # All were seen more than an hour before, none of their articles is new.
    before = {n: told(n, age_h=0.5) for n in told_ids}
    picked = pick(sections, before, room, NOW)
    assert picked == pick(sections, before, room, NOW)
    chosen = [n for stories in ids(picked).values() for n in stories]
    offered = {one.story_id for section in sections for one in section.candidates}
    assert len(chosen) == len(set(chosen)) <= in_all
    assert all(len(stories) <= per_topic for stories in ids(picked).values())
    assert sum(one.held_back for one in picked.sections) == len(offered & told_ids)
    assert not set(chosen) & told_ids
    # Nothing is left out while there is a place for it.
    if per_topic >= 4 and in_all >= 9 and len(sections) == 1:
        assert len(chosen) == min(len(offered - told_ids), 4)
    for one in picked.sections:
        keys = {story.story_id for story in one.wanted.candidates}
        assert {chosen.candidate.story_id for chosen in one.chosen} <= keys


@settings(max_examples=100, deadline=None)
@given(sections=SECTIONS, in_all=st.integers(1, 9))
def test_no_section_with_news_of_its_own_goes_without_while_another_has_two(sections, in_all):
    picked = pick(sections, {}, RoomSettings(stories_in_all=in_all), NOW)
    told_ids = {n for stories in ids(picked).values() for n in stories}
    counts = [len(one.chosen) for one in picked.sections]
    for one in picked.sections:
        untold = [c.story_id for c in one.wanted.candidates if c.story_id not in told_ids]
        if untold and not one.chosen:
            assert max(counts) < 3


STORIES = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from([0.2, 0.5, 0.9])),
    max_size=40,
    unique_by=lambda one: one[0],
)


@settings(max_examples=150, deadline=None)
@given(
    sections=st.lists(STORIES, min_size=1, max_size=4),
    known=st.dictionaries(st.integers(1, 40), st.sampled_from([0.5, 12.0, 48.0]), max_size=8),
    in_all=st.integers(1, 5),
    per_topic=st.integers(1, 3),
    refused=st.sets(st.integers(1, 40), max_size=8),
)
def test_from_the_shortlist_the_same_is_picked_as_from_all(
    sections, known, in_all, per_topic, refused
):
    """With up to eight stories that turn out to have nothing to quote."""
    room = replace(ROOM, stories_in_all=in_all, stories_per_topic=per_topic)
    before = {n: told(n, "Something else happened.", age_h=age) for n, age in known.items()}
    everything = [
        wanted(f"k{at}", *(story(n, match=m, age_h=n % 30, outlets=n % 3 + 1) for n, m in own))
        for at, own in enumerate(sections)
    ]
    likely = shortlist(everything, before, room, NOW)
    shorter = [
        replace(
            one,
            candidates=tuple(c for c in one.candidates if c.story_id in likely | before.keys()),
        )
        for one in everything
    ]

    def is_tellable(chosen):
        return chosen.candidate.story_id not in refused

    both = [pick(some, before, room, NOW, tellable=is_tellable) for some in (everything, shorter)]
    assert ids(both[0]) == ids(both[1])
    assert [one.held_back for one in both[0].sections] == [
        one.held_back for one in both[1].sections
    ]


def test_the_texts_of_few_stories_are_read():
    many = [wanted(key, *map(story, range(at, at + 300))) for key, at in (("a", 1), ("b", 1001))]
    assert len(shortlist(many, {}, ROOM, NOW)) < 40


def test_what_was_told_and_has_not_grown_is_not_read():
    sections = [wanted("a", story(1, age_h=30), story(2, age_h=30))]
    before = {1: told(1, age_h=24), 2: told(2, age_h=48)}
    assert shortlist(sections, before, ROOM, NOW) == {2}


def test_of_a_section_the_texts_of_eight_more_than_are_told_are_read():
    section = wanted("a", *(story(n, age_h=n / 10) for n in range(1, 301)))
    assert shortlist([section], {}, ROOM, NOW) == set(range(1, 7 + 8 + 1))


def test_what_came_at_the_moment_of_telling_has_not_grown_since():
    section = wanted("a", story(1, age_h=24), story(2, age_h=24))
    before = {1: told(1, age_h=24), 2: told(2, age_h=24.5)}
    assert shortlist([section], before, ROOM, NOW) == {2}
