"""Which story matters most."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pick.ranking import freshness, rank
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate

MATCHES = st.floats(0.01, 1.0)


@given(one=MATCHES, three=MATCHES, age_h=st.floats(0, 300))
def test_three_outlets_outrank_one_of_equal_age_however_well_it_matches(one, three, age_h):
    single = candidate(1, stored(1, age_h=age_h), match=one)
    broad = candidate(2, *(stored(n, source=f"S{n}", age_h=age_h) for n in (2, 3, 4)), match=three)
    assert rank(broad, NOW) > rank(single, NOW)


def test_copies_and_second_articles_of_an_outlet_add_no_breadth():
    alone = candidate(1, stored(1, source="A"))
    copied = candidate(
        1, stored(1, source="A"), stored(2, source="A"), stored(3, source="B"), copies={3}
    )
    assert rank(copied, NOW) == rank(alone, NOW)


def test_the_newest_article_that_is_no_copy_makes_a_story_fresh():
    stale = candidate(1, stored(1, age_h=48))
    copied = candidate(1, stored(1, age_h=48), stored(2, age_h=1), copies={2})
    renewed = candidate(1, stored(1, age_h=48), stored(2, age_h=1))
    assert rank(copied, NOW) == rank(stale, NOW) < rank(renewed, NOW)


def test_a_story_of_copies_alone_still_has_its_outlets():
    assert candidate(1, stored(1, source="A"), copies={1}).outlets == {"A": "A"}


def test_the_better_match_comes_first_of_equals():
    assert rank(candidate(1, stored(1), match=0.9), NOW) > rank(candidate(2, stored(2)), NOW)


def test_freshness_halves_every_half_life():
    day = timedelta(days=1)
    assert freshness(NOW, NOW, day) == 1.0
    assert freshness(NOW - day, NOW, day) == 0.5
    assert freshness(NOW - 3 * day, NOW, day) == 0.125


def test_a_fast_clock_gains_nothing():
    assert freshness(NOW + timedelta(hours=5), NOW) == 1.0


def test_a_claimed_date_later_than_our_first_sight_gains_nothing():
    honest = candidate(1, stored(1, age_h=20))
    boasting = candidate(1, stored(1, age_h=20, published_at=NOW + timedelta(days=1)))
    assert rank(honest, NOW) == rank(boasting, NOW)


def test_a_story_counts_by_its_outlets_and_half_of_that_for_a_bare_match():
    def of(outlets, match):
        articles = [stored(n, source=f"S{n}", age_h=0) for n in range(outlets)]
        return rank(candidate(1, *articles, match=match), NOW)

    assert [of(outlets, 1.0) for outlets in (1, 3, 7)] == [1.0, 2.0, 3.0]
    assert of(3, 0.5) == 1.5
    assert of(3, 0.0) == 1.0


def test_what_is_as_old_as_the_last_daily_edition_counts_half():
    assert freshness(NOW - timedelta(days=1), NOW) == 0.5
    aged, new = (candidate(1, stored(1, age_h=age_h), match=1.0) for age_h in (24, 0))
    assert rank(aged, NOW) == rank(new, NOW) / 2
    assert rank(aged, NOW, timedelta(hours=12)) == rank(new, NOW) / 4


def test_what_is_older_than_a_thousand_half_lives_or_empty_does_not_matter():
    assert freshness(NOW - timedelta(days=1_075), NOW) == 0.0
    assert rank(candidate(1, stored(1, age_h=24 * 1_075)), NOW) == 0.0


@pytest.mark.parametrize(("less", "more"), [("opinion", "news"), ("horoscope", "opinion")])
def test_of_equal_stories_the_one_of_the_weightier_kind_ranks_higher(less, more):
    ranks = []
    for kind in (less, more):
        one = stored(1, "Title", "Text.")
        one = replace(one, article=replace(one.article, kind=kind))
        ranks.append(rank(candidate(1, one), NOW))
    assert ranks[0] < ranks[1]


def test_one_report_makes_a_story_of_opinions_news():
    report, comment = stored(1, "Title", "Text."), stored(2, "Title", "Text.")
    comment = replace(comment, article=replace(comment.article, kind="opinion"))
    assert rank(candidate(1, report, comment), NOW) == rank(candidate(1, report, report), NOW)
