"""What the kinds of articles mean."""

from bot.domain.article_kind import (
    KINDS,
    NO_REPORTS,
    PAGES,
    REPORTS,
    is_of_one_event,
    kind_weight,
    telling_turn,
)


def test_what_nobody_else_writes_about_is_of_no_event():
    assert [kind for kind in KINDS if not is_of_one_event(kind)] == [
        *("satire", "commercial", "horoscope", "recipe", "quiz", "game", "digest", "list"),
        *("petition", "event", "offer", "user-post", "guide", "reference", "personal"),
    ]


def test_what_reports_nothing_is_of_no_event_weighs_little_and_is_told_last():
    assert PAGES < NO_REPORTS
    assert not any(map(is_of_one_event, NO_REPORTS))
    assert {kind_weight(kind) for kind in PAGES} == {0.25}
    assert {telling_turn(kind) for kind in NO_REPORTS} == {max(map(telling_turn, KINDS))}
    assert NO_REPORTS.isdisjoint(REPORTS | {"opinion", "review", "digest"})


def test_news_weighs_more_than_opinions_and_these_more_than_what_is_for_fun():
    assert kind_weight("news") == 1
    assert kind_weight("news") > kind_weight("opinion") > kind_weight("horoscope") > 0
    assert {kind_weight(kind) for kind in REPORTS} == {1}


def test_a_kind_of_a_newer_version_counts_as_news():
    assert is_of_one_event("podcast-of-tomorrow")
    assert kind_weight("podcast-of-tomorrow") == 1
    assert telling_turn("podcast-of-tomorrow") == 0


def test_reports_are_told_before_all_else_and_what_is_for_fun_last():
    turns = sorted(KINDS, key=telling_turn)
    assert {kind for kind in KINDS if telling_turn(kind) == 0} == {"news", "weather", "obituary"}
    assert turns.index("analysis") < turns.index("live") < turns.index("opinion")
    assert {telling_turn(kind) for kind in ("digest", "list", "quiz", "game")} == {
        max(map(telling_turn, KINDS))
    }
