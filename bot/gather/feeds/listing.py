"""What a feed lists, ready for the store. Runs in a worker process."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.gather.feeds.entries import Entry, newest
from bot.gather.feeds.formats import parse_feed
from bot.gather.http.urls import page_key
from bot.gather.pages.clean import clean_text
from bot.gather.pages.language import detect_language
from bot.gather.pages.markup import text_of_html
from bot.gather.pages.repeats import digest, repeated, without
from bot.gather.values import Listed, Listing

__all__ = ["Listed", "Listing", "read_listing"]

# News feeds list 10 to 200; what lies deeper in an archive is no news.
MAX_ENTRIES = 500
# Of 1,000 names of one feed, two are alike once in 10^9 feeds.
_NAME_BYTES = 6
# A feed that brings so many characters in paragraphs brings the article, no teaser.
_COMPLETE_CHARS = 600
_COMPLETE_CHARS_CJK = 250
_COMPLETE_PARAGRAPHS = 2
# How a teaser ends: in dots, or by asking to read on.
_CUT_OFF = re.compile(
    r"(?:\.\.\.|…)[\])\s]*$"
    r"|\b(?:read (?:more|on)|continue reading|full (?:story|article)|weiterlesen|mehr lesen|"
    r"lire (?:la suite|plus)|(?:leer|ver) más|leia mais|leggi (?:tutto|di più)|lees (?:meer|verder)"
    r"|"
    r"читать (?:далее|дальше|полностью)|더 ?보기|続きを読む|阅读全文)[\s.:!»›>→)\]]*$",
    re.IGNORECASE,
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def read_listing(
    body: bytes, url: str, content_type: str | None = None, *, listed: str = ""
) -> Listing:
    """Return what the feed in ``body`` lists; raise NotAFeed if it is none.

    ``url`` is where it came from, ``listed`` that of last time: what it lists again is
    left out. Entries without a title are named by their first words; those without an
    address to link to are left out. Of a long archive the newest 500 count.
    """
    feed = parse_feed(body, url=url, content_type=content_type)
    chosen = _chosen(feed.entries)
    names = _names(chosen)
    before = frozenset(listed.split())
    entries = [
        _listed(entry, feed.language)
        for entry, known in zip(chosen, names, strict=True)
        if before.isdisjoint(known)
    ]
    again = {digest(line) for line in repeated(one.text for one in entries if one.complete)}
    entries = [replace(one, text=without(one.text, again)) for one in entries]
    return Listing(
        title=feed.title,
        language=feed.language or _common([one.language for one in entries]),
        entries=tuple(one for one in entries if one.title),
        dates=tuple(one.published_at for one in chosen if one.published_at),
        listed=" ".join(name for known in names for name in known),
        sitemaps=feed.sitemaps,
    )


def _names(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """Return by what each entry is known again: its guid, and its address if no other has it.

    A publisher may change the guid, the title or the date of what is still the same entry,
    or lead to it by https, after years of http.
    """
    keys = [page_key(entry.url) for entry in entries]
    addresses = Counter(keys)
    return [
        tuple(
            blake2b(name.encode("utf-8", "replace"), digest_size=_NAME_BYTES).hexdigest()
            for name in dict.fromkeys((page_key(entry.id), *([key] if addresses[key] == 1 else [])))
        )
        for entry, key in zip(entries, keys, strict=True)
    ]


def _chosen(entries: Iterable[Entry]) -> Sequence[Entry]:
    """Return the entries that count, each once, in the order of the feed."""
    once = list({entry.id: entry for entry in reversed(list(entries)) if entry.url}.values())
    once.reverse()
    return newest(once, MAX_ENTRIES)


def _listed(entry: Entry, language: str) -> Listed:
    raw = text_of_html(entry.html) if "<" in entry.html else entry.html
    text = clean_text(raw or entry.text)
    return Listed(
        guid=entry.id,
        url=entry.url,
        title=entry.title or text.split("\n", 1)[0][:120],
        text=text,
        # The way in which a teaser ends is furniture, and gone from the clean text.
        complete=_is_complete(text) and not _CUT_OFF.search(raw or entry.text),
        language=detect_language(text or entry.title) or language,
        published_at=entry.published_at,
    )


def _is_complete(text: str) -> bool:
    least = _COMPLETE_CHARS_CJK if _CJK.search(text) else _COMPLETE_CHARS
    return len(text) >= least and text.count("\n") + 1 >= _COMPLETE_PARAGRAPHS


def _common(languages: list[str]) -> str:
    return max(set(languages), key=languages.count) if languages else ""
