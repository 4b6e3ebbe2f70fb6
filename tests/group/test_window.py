"""Which articles are one story, and how long that is remembered."""

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.group import Merge, StoryWindow, group_articles
from tests.fakes.news import NOW, article

DAM = [
    article(
        "Orun dam refilled a year early",
        "The Orun dam is full again after a winter of snow, the river authority said.",
        age_h=9,
    ),
    article(
        "Snow fills the Orun reservoir",
        "Melting snow has filled the reservoir behind the Orun dam a year before the plan.",
        age_h=8,
        source="Velt Mail",
    ),
]
STRIKE = [
    article(
        "Velt miners vote to end their strike",
        "Miners at the Velt copper mine voted 812 to 94 to accept the company's offer.",
        age_h=7,
    ),
    article(
        "Strike at the Velt copper mine is over",
        "Work at the copper mine in Velt resumes after the miners accepted an offer.",
        age_h=6,
    ),
]
# Says what the dam's and the strike's articles say, so that it ties their stories together.
BRIDGE = [
    article(f"{a.title}; {b.title}", f"{a.text} {b.text}", age_h=5)
    for a, b in zip(DAM, STRIKE, strict=True)
] * 4


def test_articles_on_one_event_are_one_story():
    assert group_articles([DAM[0], STRIKE[0], DAM[1], STRIKE[1]]) == [[0, 2], [1, 3]]


def test_a_list_is_not_the_story_of_one_of_its_items():
    ten_things = replace(DAM[1], kind="list")
    assert group_articles([DAM[0], ten_things]) == [[0], [1]]
    window = StoryWindow(keep=timedelta(days=1))
    window.add([ten_things], NOW)
    window.add([], NOW + timedelta(days=3))
    assert len(window) == 0


@pytest.mark.parametrize(
    ("title", "is_alone"),
    [
        ("10 things you need to know this morning", True),
        ("Morning briefing: the dam is full again", True),
        ("3 people saved at the Orun dam", False),
        ("Orun dam: what we know", False),
    ],
)
def test_a_headline_of_many_things_heads_no_story_whatever_its_kind(title, is_alone):
    digest = article(title, f"{DAM[0].text} {STRIKE[0].text}", age_h=6, source="Lorvia Post")
    window = StoryWindow()
    dam, many = window.add([DAM[0], digest], NOW)
    assert (dam != many) is is_alone


def test_a_later_article_joins_the_story_it_tells():
    window = StoryWindow()
    [dam, strike] = window.add([DAM[0], STRIKE[0]], NOW)
    assert dam != strike
    assert window.add([STRIKE[1], DAM[1]], NOW) == [strike, dam]


def test_new_stories_have_negative_ids_until_they_are_renamed():
    window = StoryWindow()
    [dam, strike] = window.add([DAM[0], STRIKE[0]], NOW)
    assert dam < 0
    assert strike < 0
    window.rename({dam: 11, strike: 12})
    assert window.add([DAM[1], STRIKE[1]], NOW) == [11, 12]


def test_a_seeded_window_knows_the_stories_of_the_store():
    window = StoryWindow()
    window.seed([DAM[0], STRIKE[0]], [7, 8])
    [dam, strike, other] = window.add([DAM[1], STRIKE[1], article("Election in Lorvia")], NOW)
    assert (dam, strike) == (7, 8)
    assert other < 0


def test_seeding_keeps_apart_what_the_store_keeps_apart():
    window = StoryWindow()
    window.seed(DAM, [7, 8])
    assert window.take_merges() == []
    assert len(window) == 2


def test_seeding_needs_a_story_for_each_article():
    with pytest.raises(ValueError, match="shorter"):
        StoryWindow().seed(DAM, [1])


def test_a_story_is_forgotten_with_its_last_article():
    window = StoryWindow(keep=timedelta(days=3))
    window.seed([DAM[0]], [7])
    later = NOW + timedelta(days=4)
    [story] = window.add([article(DAM[1].title, DAM[1].text, age_h=-95)], later)
    assert story < 0
    assert len(window) == 1


def test_what_is_forgotten_leaves_nothing_behind():
    window = StoryWindow(keep=timedelta(days=1))
    empty = pickle.dumps(window)
    window.add([*DAM, *STRIKE, article("북한 지도자가 러시아를 방문했다", language="ko")], NOW)
    window.add([], NOW + timedelta(days=9))
    assert len(window) == 0
    assert len(pickle.dumps(window)) < len(empty) + 300


def test_only_so_many_articles_are_remembered_the_newest():
    window = StoryWindow(max_articles=1)
    [dam, _] = window.add([DAM[0], STRIKE[0]], NOW)
    assert len(window) == 1
    assert window.add([DAM[1]], NOW) != [dam]


def test_a_story_of_another_language_is_another_story():
    german = article(DAM[0].title, DAM[0].text, language="de")
    assert group_articles([DAM[0], german]) == [[0], [1]]


def test_an_article_of_unknown_language_may_join_any_story():
    unknown = article(DAM[0].title, DAM[0].text, language="")
    assert group_articles([DAM[0], unknown]) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (
            "북한 지도자가 러시아 안보 서기를 만났다",
            "북한 지도자는 평양에서 러시아 안보 서기와 만났다",
            "서울 지하철 요금이 다음 달 인상된다",
        ),
        (
            "欧州中央銀行が政策金利を引き下げた",
            "欧州中央銀行、政策金利の引き下げを決定",
            "東京で震度四の地震が発生した",
        ),
        (
            "Землетрясение в Орунской долине повредило плотину",
            "Плотину в Орунской долине повредило землетрясение",
            "Центральный банк Лорвии снизил ставку",
        ),
    ],
)
def test_stories_are_found_in_other_scripts(one, same, other):
    articles = [article(title, language="xx") for title in (one, other, same)]
    assert group_articles(articles) == [[0, 2], [1]]


def test_a_few_common_words_make_no_story():
    articles = [
        article("This is what they said about it", "It was the year in which all of them had it."),
        article("That is where he was on Monday", "They said that it was all about the new year."),
    ]
    assert group_articles(articles) == [[0], [1]]


def test_articles_without_a_word_are_stories_of_their_own():
    assert group_articles([article("", ""), article("?!", "…"), article("the", "of")]) == [
        [0],
        [1],
        [2],
    ]


def test_a_sequel_finds_its_story_after_two_days():
    sequel = article(
        "Work resumes at the Velt copper mine",
        "The first shift went down at the Velt copper mine after the strike of the miners.",
        age_h=-41,
    )
    assert group_articles([STRIKE[1], DAM[0], sequel]) == [[0, 2], [1]]


def test_a_mere_resemblance_fades_with_the_days():
    now = article("Storm hits the coast of Lorvia", "Gusts tore roofs off houses in Corrin.")
    soon = article("Ferry waits out the storm", "Passengers slept on benches in Lorvia.", age_h=0.5)
    late = article("Ferry waits out the storm", "Passengers slept on benches in Lorvia.", age_h=-95)
    assert len(group_articles([now, soon])) == 1
    assert len(group_articles([now, late])) == 2


def test_stories_that_turn_out_to_be_one_are_reported_once():
    window = StoryWindow()
    window.seed([*DAM, *STRIKE], [7, 7, 8, 8])
    ids = window.add(BRIDGE, NOW)
    assert set(ids) == {7}
    assert window.take_merges() == [Merge(8, 7)]
    assert window.take_merges() == []
    assert window.add([STRIKE[0], DAM[0]], NOW) == [7, 7]


def test_stories_of_an_earlier_batch_are_joined_in_the_groups_too():
    fillers = [article(f"a{n:03} b{n:03}", age_h=5.5) for n in range(100)]
    stories = group_articles([*DAM, *STRIKE, *fillers, *BRIDGE])
    assert stories[0] == [0, 1, 2, 3, *range(104, 112)]
    assert len(stories) == 101


def test_the_stores_id_survives_a_merge_with_a_new_story():
    window = StoryWindow()
    window.seed(DAM, [7, 7])
    [strike, _] = window.add(STRIKE, NOW)
    window.add(BRIDGE, NOW)
    assert window.take_merges() == [Merge(strike, 7)]


def test_a_name_given_too_late_is_passed_over():
    window = StoryWindow()
    window.seed(DAM, [7, 7])
    [strike, _] = window.add(STRIKE, NOW)
    window.add(BRIDGE, NOW)
    window.rename({strike: 9, 7: 7, -99: 10})
    assert window.add([STRIKE[0], DAM[0]], NOW) == [7, 7]


def test_two_stories_given_one_name_are_one():
    window = StoryWindow()
    [dam, strike] = window.add([DAM[0], STRIKE[0]], NOW)
    window.rename({dam: 5, strike: 5})
    assert window.add([DAM[0], STRIKE[0]], NOW) == [5, 5]
    assert window.take_merges() == []


def test_a_window_can_be_pickled_between_batches():
    window = StoryWindow()
    window.seed([DAM[0]], [7])
    window = pickle.loads(pickle.dumps(window))
    assert window.add([DAM[1]], NOW) == [7]


PHRASES = [
    "orun dam refilled early", "velt miners end strike", "lorvia election result close",
    "storm edda hits coast", "kestrel satellite sends picture", "river cup final penalty",
]  # fmt: skip
TITLES = st.lists(st.sampled_from(PHRASES), min_size=0, max_size=2).map(" ".join)
ARTICLES = st.builds(
    article,
    TITLES,
    TITLES,
    age_h=st.floats(-200, 200),
    language=st.sampled_from(["en", "de", ""]),
)


@settings(max_examples=60, deadline=None)
@given(articles=st.lists(ARTICLES, max_size=25))
def test_every_article_stands_in_exactly_one_story(articles):
    stories = group_articles(articles)
    assert sorted(n for story in stories for n in story) == list(range(len(articles)))
    assert stories == sorted(stories)
    assert stories == group_articles(articles)


@settings(max_examples=80, deadline=None)
@given(
    batches=st.lists(st.lists(ARTICLES, max_size=6), max_size=8),
    keep_days=st.integers(1, 6),
    max_articles=st.integers(1, 20),
    rename=st.booleans(),
)
def test_an_id_once_given_changes_only_by_a_reported_merge(
    batches, keep_days, max_articles, rename
):
    window = StoryWindow(keep=timedelta(days=keep_days), max_articles=max_articles)
    living: set[int] = set()
    permanent = 100
    for day, batch in enumerate(batches):
        ids = window.add(batch, NOW + timedelta(days=day))
        assert len(ids) == len(batch)
        assert len(window) <= max_articles
        merges = window.take_merges()
        for merge in merges:
            assert merge.gone in living
            assert merge.kept in living
            living.discard(merge.gone)
        # What is not known yet is new, and says so by its sign.
        assert all(story < 0 for story in set(ids) - living)
        living.update(ids)
        if rename:
            names = {}
            for story in {story for story in ids if story < 0}:
                permanent += 1
                names[story] = permanent
            window.rename(names)
            living = {names.get(story, story) for story in living}


def test_an_article_is_remembered_for_five_days():
    window = StoryWindow()
    window.add([DAM[0]], NOW)
    dated_at = DAM[0].dated_at
    window.add([], dated_at + timedelta(days=5))
    assert len(window) == 1
    window.add([], dated_at + timedelta(days=5, seconds=1))
    assert len(window) == 0


def test_of_two_new_stories_that_are_one_the_older_is_kept():
    window = StoryWindow()
    [dam, strike] = (window.add([articles[0]], NOW)[0] for articles in (DAM, STRIKE))
    window.add([DAM[1], STRIKE[1], *BRIDGE], NOW)
    assert window.take_merges() == [Merge(strike, dam)]
    assert (dam, strike) == (-1, -2)


def test_a_story_that_is_renamed_to_itself_stays():
    window = StoryWindow()
    window.seed([DAM[0]], [7])
    window.rename({7: 7})
    assert window.add([DAM[1]], NOW) == [7]
