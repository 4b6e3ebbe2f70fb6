"""The tasks of the worker processes; each imports its libraries when it is called.

So the bot's own process, which only names the tasks, saves the libraries' 10 MB.
"""

# ruff: noqa: PLC0415

from bot.gather.values import Extracted, FeedList, Listing

__all__ = ["extract_article", "find_feeds", "read_feed_list", "read_listing"]


def extract_article(
    html: bytes,
    *,
    url: str,
    content_type: str | None = None,
    expected_title: str = "",
    expected_text: str = "",
) -> Extracted:
    """Run ``bot.gather.pages.extract.extract_article``; raises what it does, NotAnArticle mostly.

    Like all tasks here it blocks: it is to be run by ``Workers``, never on the loop. Arguments
    and results can be pickled.
    """
    from bot.gather.pages.extract import extract_article as work

    return work(
        html,
        url=url,
        content_type=content_type,
        expected_title=expected_title,
        expected_text=expected_text,
    )


def find_feeds(html: bytes, *, url: str) -> tuple[str, ...]:
    """Run ``bot.gather.feeds.discovery.find_feeds``, which does not fetch, nor raise.

    At most 10 addresses, the likeliest first; some are guesses, where there may be no feed.
    """
    from bot.gather.feeds.discovery import find_feeds as work

    return work(html, url=url)


def read_listing(
    body: bytes, url: str, content_type: str | None = None, *, listed: str = ""
) -> Listing:
    """Run ``bot.gather.feeds.listing.read_listing``; raises NotAFeed as it does.

    ``listed`` is that of the last ``Listing``, "" the first time.
    """
    from bot.gather.feeds.listing import read_listing as work

    return work(body, url, content_type, listed=listed)


def read_feed_list(body: bytes) -> FeedList:
    """Run ``bot.gather.feeds.opml.read_opml``; raises NotAFeed and TooLarge as it does."""
    from bot.gather.feeds.opml import read_opml as work

    return work(body)
