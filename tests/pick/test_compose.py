"""A whole briefing in one call."""

import pickle
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.briefing import Quiet
from bot.domain.room import Length, RoomSettings
from bot.pick import compose, rank, sentence_hash
from bot.reasons import Reason
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate, told, wanted

ROOM = RoomSettings(method="lead")
DAM = stored(1, "Orun dam", "The Orun dam is full again after a winter of heavy snow.", age_h=9)
MINE = stored(2, "Velt mine", "Miners at the Velt copper mine accepted the new offer.", age_h=8)


def brief(*sections, before=(), room=ROOM, zone="Europe/Berlin", now=NOW):
    return compose(
        sections,
        {one.story_id: one for one in before},
        settings=room,
        now=now,
        zone=zone,
        outlets={"Harbour Post": ("ZZ", False)},
    )


def test_sections_with_stories_come_first_and_the_others_are_quiet():
    briefing = brief(
        wanted("climate", candidate(1, DAM)),
        wanted("ai", failed_sources=("Meridian Ledger",)),
        wanted("mines", candidate(2, MINE), own_words=True),
    )
    assert [(one.name, one.own_words) for one in briefing.sections] == [
        ("Climate", False),
        ("Mines", True),
    ]
    assert briefing.quiet == (Quiet(name="Ai", failed_sources=("Meridian Ledger",), key="ai"),)
    assert [one.story_id for one in briefing.stories] == [1, 2]


def test_what_another_section_tells_is_named_and_not_denied():
    mine = stored(3, "Mine of Velt", "Miners at Velt voted 812 to 94 to stay at work.", age_h=2)
    briefing = brief(
        wanted("climate", candidate(1, DAM, match=0.9), candidate(3, mine, match=0.9)),
        wanted("water", candidate(1, DAM, match=0.2), candidate(5, MINE, match=0.5)),
        wanted("rivers", candidate(3, mine, match=0.1), candidate(1, DAM, match=0.1)),
        wanted("ai"),
        room=replace(ROOM, stories_per_topic=2, stories_in_all=3),
    )
    told = [one.story_id for one in briefing.stories]
    assert sorted(told) == [1, 3, 5]
    (rivers, ai) = briefing.quiet
    assert (rivers.name, ai.name, ai.see) == ("Rivers", "Ai", ())
    assert rivers.see == tuple(story_id for story_id in told if story_id != 5)


def test_a_story_told_before_is_held_back():
    briefing = brief(wanted("climate", candidate(1, DAM)), before=[told(1, age_h=5)])
    assert briefing.quiet == (Quiet(name="Climate", held_back=1, key="climate"),)
    assert briefing.sections == ()


def test_a_story_says_why_it_was_chosen_and_of_whose_texts():
    articles = [
        stored(n, f"Orun dam {n}", f"The Orun dam held 9{n} per cent.", source=f"S{n:02}", age_h=9)
        for n in range(1, 15)
    ]
    dam = candidate(1, *articles, match=0.51239)
    mine = candidate(2, MINE, stored(3, "Again", "Velt has new rules.", age_h=7))
    briefing = brief(wanted("climate", dam), wanted("mines", mine))
    first, second = briefing.stories
    assert [section.key for section in briefing.sections] == ["climate", "mines"]
    assert first.coverage == tuple(range(1, 13))  # no more than twelve
    assert (first.outlets, first.match) == (14, 0.512)
    assert first.weight == round(rank(dam, NOW), 3)
    (lead,) = (one for one in articles if one.article.title == first.title)
    assert first.text_id == lead.text_id
    assert second.coverage == (2,)  # one outlet, its first


def test_a_section_counts_what_it_holds_back():
    briefing = brief(
        wanted("climate", candidate(1, DAM), candidate(2, MINE)), before=[told(1, age_h=5)]
    )
    assert [(section.key, section.held_back) for section in briefing.sections] == [("climate", 1)]


def test_a_story_with_nothing_to_quote_makes_room_for_the_next():
    empty = candidate(3, stored(3, "Nothing but a title", "Nothing but a title"))
    section = wanted("climate", empty, candidate(1, DAM))
    briefing = brief(section, room=replace(ROOM, stories_per_topic=1))
    assert [one.story_id for one in briefing.stories] == [1]
    assert [one.story_id for one in brief(section).stories] == [1, 3]
    one = brief(section, room=replace(ROOM, stories_in_all=1))
    assert [story.story_id for story in one.stories] == [1]


def test_a_story_told_by_its_title_stands_once_in_the_section_it_matches_best():
    text = "Everybody is very happy about such things."
    empty = candidate(3, stored(3, "Nothing but a title", text), match=0.4)
    better = replace(empty, match=0.9)
    briefing = brief(wanted("climate", empty), wanted("rail", better))
    assert [(one.key, [s.story_id for s in one.stories]) for one in briefing.sections] == [
        ("rail", [3])
    ]
    assert [quiet.see for quiet in briefing.quiet] == [(3,)]


def test_a_title_without_a_text_is_told_behind_the_stories_that_have_one():
    bare = candidate(3, stored(3, "Nothing but a title", ""))
    section = wanted("climate", bare, candidate(1, DAM))
    assert [one.story_id for one in brief(section).stories] == [1, 3]
    one = brief(section, room=replace(ROOM, stories_per_topic=1))
    assert [story.story_id for story in one.stories] == [1]
    (alone,) = brief(wanted("climate", bare)).stories
    assert (alone.title, alone.sentences) == ("Nothing but a title", ())


def test_headlines_need_no_text():
    empty = candidate(3, stored(3, "Nothing but a title", ""))
    briefing = brief(wanted("climate", empty), room=replace(ROOM, length=Length.HEADLINES))
    assert [one.title for one in briefing.stories] == ["Nothing but a title"]


def test_two_stories_never_say_the_same_sentence():
    twin = stored(9, "Another title", DAM.article.text, source="Velt Mail")
    briefing = brief(wanted("climate", candidate(1, DAM), candidate(5, twin)))
    assert len(briefing.stories) == 1


def test_the_local_date_is_the_zones():
    late = NOW.replace(hour=23)
    assert brief(now=late, zone="Asia/Seoul").local_date == date(2026, 6, 6)
    assert brief(now=late, zone="America/New_York").local_date == date(2026, 6, 5)
    assert brief(zone="Asia/Seoul").zone == "Asia/Seoul"


def test_a_story_that_raises_is_left_out_with_its_reason_and_the_others_are_told():
    unread = stored(3, "Broken")
    unread = replace(unread, article=replace(unread.article, text=5))
    broken = candidate(3, unread)
    briefing = brief(wanted("climate", broken, candidate(1, DAM)), wanted("mines", broken))
    assert [one.story_id for one in briefing.stories] == [1]
    assert [one.values["story"] for one in briefing.left_out] == [3]
    assert [one.name for one in briefing.quiet] == ["Mines"]


def test_a_quiet_topic_says_why():
    why = Reason("no-sources")
    quiet = (Quiet(name="Climate", reason=why, key="climate"),)
    assert brief(wanted("climate", reason=why)).quiet == quiet


def test_arguments_and_briefing_cross_to_another_process():
    section = wanted("climate", candidate(1, DAM))
    again = pickle.loads(pickle.dumps(((section,), {1: told(1)}, ROOM)))
    assert again == ((section,), {1: told(1)}, ROOM)
    briefing = brief(section)
    assert pickle.loads(pickle.dumps(briefing)) == briefing


SENTENCES = [
    "The Orun dam is full again after a winter of heavy snow.",
    "Miners at the Velt copper mine voted 812 to 94 to accept the offer.",
    "Storm Edda hit the coast of Lorvia with gusts of 131 kilometres an hour.",
    "The river authority opened both gates of the dam on Thursday morning.",
    "Work at the mine resumes on Monday with the first shift underground.",
    "Three people were hurt when a tree fell on a bus near Corrin.",
    "Kestrel-2 sent its first picture from orbit to the students of Tarn Hill.",
]
PARAGRAPHS = st.lists(st.sampled_from(SENTENCES), max_size=5)


@st.composite
def rooms(draw):
    """Return sections, what was told, and settings."""
    count = draw(st.integers(1, 6))
    stories = []
    for n in range(1, count + 1):
        texts = draw(st.lists(PARAGRAPHS, min_size=1, max_size=3))
        articles = [
            stored(
                10 * n + k,
                f"Title {n} {k}",
                draw(st.sampled_from([" ", "\n"])).join(text),
                age_h=draw(st.sampled_from([40.0, 20.0, 2.0])),
                source=f"S{draw(st.integers(1, 3))}",
            )
            for k, text in enumerate(texts)
        ]
        articles.sort(key=lambda one: one.article.dated_at)
        stories.append(candidate(n, *articles, match=draw(st.sampled_from([0.3, 0.9]))))
    keys = draw(st.integers(1, 3))
    sections = [
        wanted(f"k{k}", *draw(st.lists(st.sampled_from(stories), unique=True))) for k in range(keys)
    ]
    before = [
        told(n, *draw(st.lists(st.sampled_from(SENTENCES), max_size=3)), age_h=10.0)
        for n in draw(st.sets(st.integers(1, count)))
    ]
    room = replace(
        ROOM,
        length=draw(st.sampled_from(Length)),
        sentences=draw(st.integers(1, 3)),
        stories_per_topic=draw(st.integers(1, 3)),
        stories_in_all=draw(st.integers(1, 4)),
    )
    return sections, before, room


@settings(max_examples=70, deadline=None)
@given(rooms())
def test_a_briefing_quotes_verbatim_says_nothing_twice_and_keeps_its_limits(drawn):
    sections, before, room = drawn
    briefing = brief(*sections, before=before, room=room)
    assert briefing == brief(*sections, before=before, room=room)
    articles = {
        one.text_id: one.article
        for section in sections
        for story in section.candidates
        for one in story.articles
    }
    quotations = [q for story in briefing.stories for q in (*story.sentences, *story.more)]
    assert all(articles[q.text_id].text[q.start : q.end] == q.text for q in quotations)
    assert all(articles[q.text_id].url == q.url for q in quotations)
    hashes = [sentence_hash(q.text) for q in quotations]
    assert len(hashes) == len(set(hashes))
    assert not set(hashes) & {h for one in before for h in one.hashes}
    ids = [story.story_id for story in briefing.stories]
    assert len(ids) == len(set(ids)) <= room.stories_in_all
    assert all(len(section.stories) <= room.stories_per_topic for section in briefing.sections)
    assert len(briefing.sections) + len(briefing.quiet) == len(sections)
    updates = {story.story_id for story in briefing.stories if story.updated_since}
    assert updates == set(ids) & {one.story_id for one in before}
    if room.length is not Length.HEADLINES:
        assert all(story.sentences for story in briefing.stories if story.updated_since)
        for section in briefing.sections:  # titles alone stand behind what has a sentence
            have = [bool(story.sentences) for story in section.stories]
            assert have == sorted(have, reverse=True)
