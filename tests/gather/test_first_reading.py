"""The first reading of a feed tells its news, not its archive."""

from datetime import timedelta

import pytest

from bot.domain.feed_entry import FeedEntry
from bot.gather.polling.first_reading import NEWS_AGE, is_first_reading, latest_at, news_of
from tests.fakes.clock import START

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def entry(days=None):
    """Return an entry so many days old, undated by default."""
    at = None if days is None else START - days * DAY
    return FeedEntry(
        guid=f"{days}", url="", title="", text="", complete=False, language="", published_at=at
    )


@pytest.mark.parametrize(
    ("ages", "taken"),
    [
        ([1, 400, 3, 8], [1, 3]),
        ([7, 7.001], [7]),
        ([-2, 30], [-2]),
        ([30, None, 40], [None]),
        ([400, 21, 90, 30, 1000], [21, 90, 30]),
        ([21, 400], [21, 400]),
        ([], []),
        ([None, None], [None, None]),
    ],
)
def test_what_is_older_than_a_week_is_archive_unless_there_is_nothing_else(ages, taken):
    found = news_of([entry(days) for days in ages], START)
    assert [one.guid for one in found] == [f"{days}" for days in taken]


def test_a_feed_that_was_not_read_for_a_week_is_read_as_if_for_the_first_time():
    assert is_first_reading(None, START)
    assert not is_first_reading(START - NEWS_AGE, START)
    assert is_first_reading(START - NEWS_AGE - INSTANT, START)


def test_the_latest_entry_is_worth_a_word_where_it_is_no_news():
    assert latest_at([], START) is None
    assert latest_at([START - 30 * DAY, START - DAY], START) is None
    assert latest_at([START - 30 * DAY, START - 21 * DAY], START) == START - 21 * DAY
