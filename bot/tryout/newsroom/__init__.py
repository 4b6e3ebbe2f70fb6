"""A week of an invented press: outlets, their feeds and their pages, to try the bot on.

Local events, places and people are invented; what is told of real countries and
real people is public, dated and told in our own words. The product shows all of it as
SAMPLE.
"""

from bot.tryout.newsroom.load import load_newsroom
from bot.tryout.newsroom.model import (
    DAYS,
    FEED_PATH,
    FeedFormat,
    Outlet,
    Retitled,
    SampleArticle,
)
from bot.tryout.newsroom.newsroom import Newsroom

__all__ = [
    "DAYS",
    "FEED_PATH",
    "FeedFormat",
    "Newsroom",
    "Outlet",
    "Retitled",
    "SampleArticle",
    "load_newsroom",
]
