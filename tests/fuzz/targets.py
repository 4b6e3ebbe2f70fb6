"""What must hold for any bytes that a stranger's server sends: each function asserts it.

Hypothesis calls them in the suite; ``make fuzz`` calls them for as long as one likes, with a
fuzzer that watches which lines a document reaches.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.errors import DaybriefError
from bot.gather.dates.reader import read_date
from bot.gather.feeds.formats import parse_feed
from bot.gather.feeds.listing import MAX_ENTRIES, read_listing
from bot.gather.feeds.opml import ListedFeed, read_opml, write_opml
from bot.gather.pages.extract import extract_article

__all__ = ["TARGETS"]

URL = "https://harbour.example/news/feed.xml"
NOW = datetime(2025, 6, 5, 7, tzinfo=UTC)
WEB = ("http://", "https://")


def feed(data: bytes) -> None:
    """A feed is read or refused; what is read can be shown, and read again it is known."""
    try:
        entries = parse_feed(data, url=URL).entries
        listing = read_listing(data, URL)
    except DaybriefError:
        return
    for entry in entries:
        assert entry.id
        assert entry.url == "" or entry.url.startswith(WEB)
        assert entry.published_at is None or entry.published_at.tzinfo is UTC
    assert len(listing.entries) <= MAX_ENTRIES
    for one in listing.entries:
        assert one.title
        assert one.guid
        assert one.url.startswith(WEB)
        (one.title + one.text).encode()  # no half of a surrogate pair: a database takes none
        assert "\x00" not in one.title + one.text + one.guid + one.url
    assert read_listing(data, URL, listed=listing.listed).entries == ()


def page(data: bytes) -> None:
    """A page is an article with a text or none at all."""
    try:
        found = extract_article(data, url=URL)
    except DaybriefError:
        return
    assert found.text.strip()
    assert "\x00" not in found.text + found.title
    (found.text + found.title).encode()
    assert found.canonical_url == "" or found.canonical_url.startswith(WEB)
    assert found.published_at is None or found.published_at.tzinfo is UTC


def date(data: bytes) -> None:
    """A date is an instant that may be, and reads the same when written down."""
    at = read_date(data.decode("utf-8", "replace"))
    if at is not None:
        assert at.tzinfo is UTC
        assert read_date(at.isoformat()) == at


def opml(data: bytes) -> None:
    """A list of feeds is read or refused; written and read again it is the same list."""
    try:
        feeds = read_opml(data).feeds
    except DaybriefError:
        return
    for one in feeds:
        assert one.url.lower().startswith((*WEB, "feed:"))
    written = write_opml([ListedFeed(url=one.url) for one in feeds], title="Mine", now=NOW)
    assert [one.url for one in read_opml(written.encode()).feeds] == [one.url for one in feeds]


TARGETS: dict[str, Callable[[bytes], None]] = {
    "feed": feed,
    "page": page,
    "date": date,
    "opml": opml,
}
