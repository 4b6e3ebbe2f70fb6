"""The sums that decide on stories."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.group.graph import StoryGraph

EDGES = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.05, 1.0),
    max_size=30,
)


def build(edges, count=12, stories=None):
    graph = StoryGraph()
    made = {}
    for n in range(count):
        likeness = {a: value for (a, b), value in edges.items() if b == n}
        label = stories[n] if stories else n
        if label not in made:
            made[label] = graph.new_story()
        graph.add(n, likeness, made[label])
    return graph


def links(graph):
    return {
        (a, b): pytest.approx(value)
        for a, others in graph._links.items()
        for b, value in others.items()
    }


def expected_links(graph, edges, alive):
    totals = {}
    for (a, b), value in edges.items():
        if a in alive and b in alive:
            x, y = graph.story_of(a), graph.story_of(b)
            if x != y:
                totals[x, y] = totals.get((x, y), 0.0) + value
                totals[y, x] = totals[x, y]
    return totals


@settings(max_examples=150, deadline=None)
@given(edges=EDGES, gone=st.sets(st.integers(0, 11)), later=st.booleans())
def test_links_are_the_sums_of_what_is_between_two_stories(edges, gone, later):
    graph = build(edges)
    if later:
        graph.settle()
    for n in sorted(gone):
        graph.remove(n)
    if not later:
        graph.settle()
    alive = set(range(12)) - gone
    assert expected_links(graph, edges, alive) == links(graph)


@settings(max_examples=150, deadline=None)
@given(edges=EDGES)
def test_no_link_that_is_strong_enough_is_left_unmerged(edges):
    graph = build(edges)
    merged = graph.settle()
    assert len(merged) == len({gone for gone, _ in merged})
    for a, others in graph._links.items():
        assert all(graph._strength(a, b) < 0.16 for b in others)
    assert graph.settle() == []


def test_a_story_without_articles_is_forgotten():
    graph = build({(0, 1): 1.0}, count=2)
    [(gone, kept)] = graph.settle()
    assert graph.story_of(0) == graph.story_of(1) == kept != gone
    assert graph.remove(0) is None
    assert graph.remove(1) == kept


def test_a_great_story_takes_in_what_a_small_one_does_not():
    def merges(size, likeness):
        edges = {(n, size): likeness for n in range(size)}
        return len(build(edges, size + 1, stories=[0] * size + [1]).settle())

    assert merges(4, 0.15) == 0
    assert merges(40, 0.15) == 1


def test_two_great_stories_need_more_than_a_straggler_does():
    def merges(likeness):
        edges = {(a, b): likeness for a in range(30) for b in range(30, 60)}
        return len(build(edges, 60, stories=[0] * 30 + [1] * 30).settle())

    straggler = {(n, 30): 0.1 for n in range(30)}
    assert len(build(straggler, 31, stories=[0] * 30 + [1]).settle()) == 1
    assert merges(0.05) == 0
    assert merges(0.2) == 1


def test_two_articles_are_one_story_from_a_likeness_of_016_on():
    assert build({(0, 1): 0.16}, count=2).settle() == [(1, 0)]  # the older one is kept
    assert build({(0, 1): 0.1599}, count=2).settle() == []


def test_a_story_is_great_from_nine_articles_on():
    def merges(size, likeness):
        edges = {(n, size): likeness for n in range(size)}
        return len(build(edges, size + 1, stories=[0] * size + [1]).settle())

    assert [merges(8, likeness) for likeness in (0.159, 0.161)] == [0, 1]
    assert [merges(9, likeness) for likeness in (0.149, 0.1495)] == [0, 1]
    assert [merges(16, likeness) for likeness in (0.105, 0.106)] == [0, 1]


def test_the_strongest_link_is_merged_first_and_the_larger_story_kept():
    graph = build({(0, 1): 0.3, (1, 2): 0.9, (0, 2): 0.3}, count=3)
    assert graph.settle() == [(2, 1), (0, 1)]


def test_a_story_keeps_its_other_articles_when_one_is_removed():
    graph = build({(0, 1): 1.0, (1, 2): 1.0, (0, 2): 1.0}, count=3)
    graph.settle()
    kept = graph.story_of(2)
    assert graph.remove(0) is None
    assert graph.story_of(1) == graph.story_of(2) == kept


def test_articles_of_next_to_no_likeness_can_be_removed_one_by_one():
    graph = StoryGraph()
    one, other = graph.new_story(), graph.new_story()
    graph.add(1, {}, one)
    graph.add(2, {}, one)
    graph.add(3, {1: 1e-10, 2: 1e-10}, other)
    assert [graph.remove(article) for article in (1, 2, 3)] == [None, one, other]


def twin_stories(*pairs, german=4, english=1):
    """Return a graph of a story in German and one in English, with twins by their places."""
    graph = StoryGraph()
    one, other = graph.new_story(), graph.new_story()
    for n in range(german):
        graph.add(n, {}, one, "de")
    for n in range(english):
        twins = [a for a, b in pairs if b == n]
        graph.add(german + n, {}, other, "en", twins)
    return graph


def test_stories_of_two_languages_are_one_with_enough_twins():
    assert twin_stories((0, 0)).settle() == [(1, 0)]
    assert twin_stories((0, 0), english=4).settle() == []
    assert twin_stories((0, 0), (1, 1), german=8, english=5).settle() == [(1, 0)]
    graph = twin_stories((0, 0), (1, 1), german=8, english=5)
    graph.remove(8)  # one of four is left
    assert graph.settle() == []


def test_what_is_told_in_another_language_does_not_weaken_a_link():
    graph = twin_stories((0, 0))
    graph.settle()
    story = graph.new_story()
    graph.add(9, {4: 0.2}, story, "en")
    assert graph.settle() == [(story, 0)]
