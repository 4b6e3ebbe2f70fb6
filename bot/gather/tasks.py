"""What workers are asked to do, by name: the libraries load there, not in the bot's process.

There they would take 10 MB for nothing.
"""

# ruff: noqa: PLC0415

from bot.gather.values import Extracted, Listing

__all__ = ["extract_article", "find_feeds", "read_listing"]


def extract_article(html: bytes, *, url: str, content_type: str | None = None) -> Extracted:
    """Return what ``bot.gather.pages.extract`` does."""
    from bot.gather.pages.extract import extract_article as work

    return work(html, url=url, content_type=content_type)


def find_feeds(html: bytes, *, url: str) -> tuple[str, ...]:
    """Return what ``bot.gather.feeds.discovery`` does."""
    from bot.gather.feeds.discovery import find_feeds as work

    return work(html, url=url)


def read_listing(
    body: bytes, url: str, content_type: str | None = None, *, listed: str = ""
) -> Listing:
    """Return what ``bot.gather.feeds.listing`` does."""
    from bot.gather.feeds.listing import read_listing as work

    return work(body, url, content_type, listed=listed)
