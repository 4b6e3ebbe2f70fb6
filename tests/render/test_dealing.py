"""Turns, on sizes alone."""

import pytest

from bot.render.dealing import Allowance, Hand, Passage, deal
from bot.render.limits import TELEGRAM_LIMITS, Size
from tests.fakes.briefings import quote

LINK = Size(1, 1, 30)


def passage(length=1, units=10, source="A", may_be_seen=True):
    return Passage(
        (quote("S"),) * length,
        text=Size(units),
        link=LINK,
        arrow=LINK,
        source=source,
        may_be_seen=may_be_seen,
        rows=(1,),
    )


def hands(*stories):
    return [Hand(list(passages), Size(), TELEGRAM_LIMITS) for passages in stories]


def dealt(dealing, seen_units=None, whole=None):
    room = Allowance(seen_units, whole)
    for hand in dealing:
        hand.open(room)
    deal(dealing, room)
    return [(len(hand.seen), len(hand.folded)) for hand in dealing]


def test_with_room_for_all_every_story_has_all():
    folded = passage(may_be_seen=False)
    assert dealt(hands([passage(), passage(), folded], [], [passage(3)])) == [
        (2, 1),
        (0, 0),
        (1, 0),
    ]


def test_what_cannot_be_seen_goes_into_the_quote_and_so_does_all_behind_it():
    stories = hands([passage(), passage(units=90), passage(source="B")])
    assert dealt(stories, seen_units=60) == [(1, 2)]


def test_a_sentence_of_the_article_above_needs_no_second_link():
    assert dealt(hands([passage(), passage()]), seen_units=24) == [(2, 0)]
    assert dealt(hands([passage(), passage()]), seen_units=23) == [(1, 1)]
    assert dealt(hands([passage(), passage(source="B")]), seen_units=25) == [(1, 1)]
    assert dealt(hands([passage(), passage(source="B")]), seen_units=26) == [(2, 0)]


def test_no_story_has_a_fourth_sentence_while_another_waits_for_its_second():
    long = [passage() for _ in range(6)]
    stories = hands(long, [passage(), passage(units=500)])
    assert dealt(stories, whole=Size(300, 99, 9999)) == [(3, 0), (1, 0)]
    stories = hands(long, [passage()])
    assert dealt(stories, whole=Size(300, 99, 9999)) == [(6, 0), (1, 0)]


def test_a_second_passage_of_many_sentences_comes_before_the_fourth_of_others():
    stories = hands([passage() for _ in range(6)], [passage(), passage(4, units=40)])
    assert dealt(stories, whole=Size(100, 99, 9999))[1] == (2, 0)


@pytest.mark.parametrize("whole", [Size(33, 99, 999), Size(99, 2, 999), Size(99, 99, 89)])
def test_room_ends_in_every_measure(whole):
    stories = hands([passage(), passage(source="B"), passage(source="C")])
    assert dealt(stories, whole=whole) == [(2, 0)]


def test_a_story_has_its_own_room():
    dealing = [Hand([passage(), passage(units=9000), passage()], Size(), TELEGRAM_LIMITS)]
    assert dealt(dealing) == [(2, 0)]
