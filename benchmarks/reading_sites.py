"""The press that ``benchmarks.reading`` serves: pages and clusters of a data folder, as outlets.

A page goes to the outlet of its host, as it is; a document of a cluster to one of ten invented
outlets of its language, on a plain page of ours. Every outlet has a feed with titles, teasers and
dates that are assigned: all within the day before the briefing, those of one cluster within three
hours. All outlets are of one server, on a port each.
"""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from benchmarks.loopback import FEED_PATH, LoopbackSites

__all__ = ["CLUSTERS", "Item", "Press", "Sites", "load_press"]

# How many clusters of each set are published; more would take longer than ten minutes to read.
CLUSTERS = {
    "multinews": 60,
    "allsides": 40,
    "vims": 30,
    "vmds": 20,
    "cnndm": 50,
    "kr50": 25,
    "bbc": 15,
}
_INVENTED = (
    *("Orun Courier", "Harbour Post", "Meridian Ledger", "Northlight Wire", "Velt Mail"),
    *("Pellworth Echo", "Corrin Gazette", "Lorvia Observer", "Senn Valley Times", "Quay Dispatch"),
)
_DAY = timedelta(days=1)
_CLUSTER_SPAN = timedelta(hours=3)
# A title made of a sentence ends at a word within this, as headlines do.
_MAX_TITLE_CHARS = 110
_META = re.compile(r"<meta\s[^>]{1,2000}>", re.IGNORECASE)
_CONTENT = re.compile(r"""\scontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,500})</title>", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+(?:[|–—·•»]|-)\s+[^|–—·•»]{1,40}$")


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a feed: its page, title, teaser ("" for none) and date (aware)."""

    page: bytes
    title: str
    teaser: str
    at: datetime


@dataclass(slots=True)
class Press:
    """Outlets by name; ``languages`` are those of outlets that say theirs."""

    outlets: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    languages: dict[str, str] = field(default_factory=dict)


def load_press(data: Path, now: datetime, *, seed: int, share: float = 1.0) -> Press:
    """Return the press of the data folder ``data``, as of ``now`` (aware).

    Reads ``pages``, ``pages-strangers`` and ``summaries``, those that are there. Which clusters
    are taken, and every date, depend on ``seed`` alone. ``share`` takes fewer of everything.
    """
    press, rng = Press(), random.Random(seed)
    pages = [*_pages(data / "pages"), *_strangers(data / "pages-strangers")]
    for outlet, title, path in rng.sample(pages, round(share * len(pages))):
        html = gzip.decompress(path.read_bytes())
        item = Item(html, title or _title_of(html), _teaser_of(html), now - _DAY * rng.random())
        if item.title:
            press.outlets[outlet].append(item)
    for name, count in CLUSTERS.items():
        rows = _rows(data / "summaries" / f"{name}.jsonl.gz")
        for row in rng.sample(rows, min(round(share * count), len(rows))):
            _add_cluster(press, row, now, rng)
    return press


def _pages(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        outlet = truth.get("publisher") or urlsplit(truth["url"]).hostname or path.stem
        yield outlet, truth.get("title") or "", path.with_suffix(".html.gz")


def _strangers(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for path in sorted(folder.glob("*.json")):
        for truth in json.loads(path.read_text("utf-8")):
            host = urlsplit(truth["url"]).hostname or ""
            # Pages whose real address is not known share a host that is none.
            outlet = truth["file"][:16] if host in ("", "fakehost.com") else host
            yield outlet, "", folder / truth["file"]


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _add_cluster(press: Press, row: dict[str, Any], now: datetime, rng: random.Random) -> None:
    begun = now - _CLUSTER_SPAN - (_DAY - _CLUSTER_SPAN) * rng.random()
    documents = row["documents"][: len(_INVENTED)]
    for name, document in zip(rng.sample(_INVENTED, len(documents)), documents, strict=True):
        outlet = name if row["lang"] == "en" else f"{name} ({row['lang']})"
        press.languages[outlet] = row["lang"]
        title = document["title"].strip() or _headline(row["summary"][0])
        paragraphs = [line.strip() for line in document["text"].split("\n") if line.strip()]
        page = _page(title, paragraphs, row["lang"])
        at = begun + _CLUSTER_SPAN * rng.random()
        press.outlets[outlet].append(Item(page, title, paragraphs[0][:200], at))


def _headline(summary: str) -> str:
    """Return the first sentence of a reference summary, up to a word within a headline's length."""
    first = re.split(r"(?<=[.!?])\s", summary.lstrip("–- \n"), maxsplit=1)[0].rstrip(".")
    if len(first) <= _MAX_TITLE_CHARS:
        return first
    return first[:_MAX_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:")


def _page(title: str, paragraphs: Sequence[str], language: str) -> bytes:
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body><main><article><h1>{escape(title)}</h1>"
        f"{body}</article></main></body></html>"
    ).encode()


def _title_of(html: bytes) -> str:
    text = _decoded(html)
    if title := _meta(text, "og:title"):
        return title
    found = _TITLE.search(text)
    title = " ".join(unescape(found.group(1)).split()) if found else ""
    return _SITE_NAME.sub("", title) or title


def _teaser_of(html: bytes) -> str:
    text = _decoded(html)
    return _meta(text, "og:description") or _meta(text, "description")


def _decoded(html: bytes) -> str:
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        # Titles and teasers stand in feeds in UTF-8, whatever the page's encoding is.
        named = re.search(rb"charset=[\"']?([\w-]{2,40})", html[:4096])
        try:
            return html.decode(named.group(1).decode() if named else "cp1252", "replace")
        except LookupError:
            return html.decode("cp1252", "replace")


def _meta(text: str, name: str) -> str:
    for tag in _META.findall(text[:300_000]):
        if re.search(rf"""(?:property|name)\s*=\s*["']{name}["']""", tag, re.IGNORECASE):
            content = _CONTENT.search(tag)
            if content:
                return " ".join(unescape(content.group(1) or content.group(2) or "").split())
    return ""


class Sites(LoopbackSites):
    """The press on loopback, a port an outlet; those that say no language have ""."""

    def __init__(self, press: Press) -> None:
        super().__init__({name: press.languages.get(name, "") for name in press.outlets})
        self._press = press

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the feed of the outlet that is asked, or the page of one of its items."""
        name = self.outlet_of(request)
        items = self._press.outlets[name]
        if request.path == FEED_PATH:
            language = self._press.languages.get(name, "")
            feed = _feed(name, language, items, f"http://{request.host}")
            return web.Response(body=feed, content_type="application/rss+xml")
        number = request.path.removeprefix("/story-")
        if number.isdecimal() and int(number) < len(items):
            return web.Response(body=items[int(number)].page, headers={"Content-Type": "text/html"})
        return web.Response(status=404)


def _feed(name: str, language: str, items: Sequence[Item], base_url: str) -> bytes:
    said = f"<language>{language}</language>" if language else ""
    rows = "".join(
        f"<item><title>{escape(_clean(item.title))}</title><link>{base_url}/story-{n}</link>"
        f"<guid>{base_url}/story-{n}</guid><pubDate>{format_datetime(item.at)}</pubDate>"
        f"<description>{escape(_clean(item.teaser))}</description></item>"
        for n, item in enumerate(items)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(_clean(name))}</title>{said}{rows}</channel></rss>"
    ).encode()


def _clean(text: str) -> str:
    """Return ``text`` without the controls that XML forbids."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
