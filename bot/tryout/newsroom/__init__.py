"""A week of an invented press, with feeds and pages, to try the bot on.

Local events, places and people are invented; reports on real countries and real people are
public, dated and in our own words. The product marks all of it as SAMPLE.
"""

from bot.tryout.newsroom.load import load_newsroom
from bot.tryout.newsroom.model import (
    DAYS,
    FEED_PATH,
    FIRST_DAY,
    FeedFormat,
    Outlet,
    Retitled,
    SampleArticle,
)
from bot.tryout.newsroom.newsroom import Newsroom

__all__ = [
    "DAYS",
    "FEED_PATH",
    "FIRST_DAY",
    "FeedFormat",
    "Newsroom",
    "Outlet",
    "Retitled",
    "SampleArticle",
    "load_newsroom",
]
