"""The entries of a fetched feed, ready for the store. Runs in a worker process."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.domain.feed_entry import FeedEntry
from bot.domain.text_length import text_length
from bot.gather.feeds.entries import Entry, Feed, newest
from bot.gather.feeds.formats import parse_feed
from bot.gather.feeds.tails import without_tails
from bot.gather.http.earlier_keys import earlier_page_key
from bot.gather.http.urls import page_key
from bot.gather.pages.clean import clean_text
from bot.gather.pages.html_text import Line, folded, lines_of_html
from bot.gather.pages.language import detect_language
from bot.gather.pages.repeats import digest, repeated, without
from bot.gather.values import Listing

__all__ = ["Listing", "read_listing"]

# News feeds list 10 to 200; what is further down in an archive is no news.
MAX_ENTRIES = 500
# Of 1,000 digests of one feed, two are alike once in 10^9 feeds.
_DIGEST_BYTES = 6
# The first word of what is listed: its digests are of the keys of today, not of earlier ones.
_KEYS_OF_TODAY = "keys-2"
# An entry of such a length, in paragraphs, is the whole article, not a teaser; of East Asian
# characters half as many do.
_COMPLETE_CHARS = 500
_COMPLETE_PARAGRAPHS = 2


def read_listing(
    body: bytes, url: str, content_type: str | None = None, *, listed: str = ""
) -> Listing:
    """Return what the feed in ``body``, fetched from ``url``, lists, in its order.

    ``listed`` is that of the last ``Listing``: its entries are left out; "" leaves none out. So
    there may be no entries. Entries without a title get their first words as one; those without
    an address to link to, or without any words, are left out. Of a long archive the newest 500
    count. Short lines that three of the new whole articles share are taken out, unless less than
    half remains. The language of a feed that declares none is that of most of its new entries.
    Raises NotAFeed if ``body`` is no feed, or an attack. Blocks for up to seconds; meant for a
    worker process.
    """
    feed = parse_feed(body, url=url, content_type=content_type)
    by_id = {entry.id: entry for entry in reversed(feed.entries) if entry.url}
    entries = newest(list(reversed(by_id.values())), MAX_ENTRIES)
    digests = _digests(entries)
    before = frozenset(listed.split())
    known = [not before.isdisjoint(known_by) for known_by in digests]
    if before and _KEYS_OF_TODAY not in before:
        earlier = _digests(entries, earlier_page_key)
        known = [a or not before.isdisjoint(b) for a, b in zip(known, earlier, strict=True)]
    feed_entries = [
        _feed_entry(entry, feed)
        for entry, is_known in zip(entries, known, strict=True)
        if not is_known
    ]
    # Lines that the publisher puts below many of its articles.
    again = {
        digest(line) for line in repeated(entry.text for entry in feed_entries if entry.complete)
    }
    feed_entries = [replace(entry, text=without(entry.text, again)) for entry in feed_entries]
    languages = [entry.language for entry in feed_entries]
    return Listing(
        title=feed.title,
        language=feed.language or max(dict.fromkeys(languages), key=languages.count, default=""),
        entries=tuple(entry for entry in feed_entries if entry.title),
        dates=tuple(entry.published_at for entry in entries if entry.published_at),
        listed=" ".join((_KEYS_OF_TODAY, *(name for known_by in digests for name in known_by))),
        sitemaps=feed.sitemaps,
    )


def _digests(
    entries: Sequence[Entry], page_key: Callable[[str], str] = page_key
) -> list[tuple[str, ...]]:
    """Return the digests that identify each entry: of its guid, and of its own address.

    A publisher may change the guid, the title or the date of what is still the same entry, or
    link to it by https, after years of http. An address that several entries share
    identifies none of them.
    """
    keys = [page_key(entry.url) for entry in entries]
    uses = Counter(keys)
    return [
        tuple(
            blake2b(name.encode("utf-8", "replace"), digest_size=_DIGEST_BYTES).hexdigest()
            for name in dict.fromkeys((page_key(entry.id), *([key] if uses[key] == 1 else [])))
        )
        for entry, key in zip(entries, keys, strict=True)
    ]


def _feed_entry(entry: Entry, feed: Feed) -> FeedEntry:
    """Return an entry with clean text; its language is the feed's where none is detected."""
    lines = lines_of_html(entry.html)
    if not lines:
        lines = [Line(line) for raw in entry.text.splitlines() if (line := folded(raw))]
    body = without_tails(lines, url=entry.url, title=entry.title, site=feed.title)
    text = clean_text("\n".join(body.lines))
    is_long = text_length(text) >= _COMPLETE_CHARS and text.count("\n") + 1 >= _COMPLETE_PARAGRAPHS
    return FeedEntry(
        guid=entry.id,
        url=entry.url,
        title=entry.title or text.split("\n", 1)[0][:120],
        text=text,
        complete=is_long and not body.cut_off,
        language=detect_language(text or entry.title) or feed.language,
        published_at=entry.published_at,
    )
