"""Article → story: which articles tell one event, and which are copies of one text."""

from bot.group.fingerprints import copies, fingerprint, is_copy
from bot.group.same_page import is_same_article
from bot.group.window import Merge, StoryWindow, group_articles

__all__ = [
    "Merge",
    "StoryWindow",
    "copies",
    "fingerprint",
    "group_articles",
    "is_copy",
    "is_same_article",
]
