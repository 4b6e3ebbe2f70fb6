"""The labelled stream that ``benchmarks.month`` publishes, and its outlets' sites on loopback.

Each article goes to an outlet of its language, drawn so that no two reports of one label share an
outlet. Every outlet has a feed of its newest items, and a page for each. A quarter of the outlets
of a language mark their pages as not free to read.
"""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Self

from aiohttp import web

from benchmarks.loopback import FEED_PATH, LoopbackSites
from bot.domain.ports import Clock
from bot.tryout.newsroom import DAYS, load_newsroom

__all__ = ["Item", "MissingStream", "Sites", "Stream", "load_stream"]

_FILE = Path("stories") / "allsides30d_semisynth.jsonl.gz"
# As many as a feed of an outlet lists, at ten articles a day, over a long weekend.
_LISTED = 40
_TEASER_CHARS = 200
# The outlets of AllSides' stream: a dozen, so that a label's three reports are of three.
_OUTLETS = (
    *("Orun Courier", "Harbour Post", "Meridian Ledger", "Northlight Wire", "Velt Mail"),
    *("Pellworth Echo", "Corrin Gazette", "Lorvia Observer", "Senn Valley Times", "Quay Dispatch"),
    *("Ashmere Standard", "Tollan Review"),
)
_WALLED_EVERY = 4
# The first morning of the sample newsroom's week: the date of its news.
_SAMPLE_MORNING = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)
_DAY = timedelta(days=1)


class MissingStream(Exception):
    """There is no stream where it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A published article; ``at`` is aware, ``label`` names the event that it reports."""

    title: str
    text: str
    outlet: str
    language: str
    label: str
    at: datetime
    walled: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Items, oldest first; readers come on ``begins_at``, a midnight in UTC."""

    items: Sequence[Item]
    begins_at: datetime

    def languages(self) -> list[str]:
        """Return the language of each item: drawing from them draws by their shares."""
        return [item.language for item in self.items]


def load_stream(data: Path | None, *, seed: int) -> Stream:
    """Return the stream of the data folder ``data``, without one the sample newsroom's week.

    Its outlets depend on ``seed`` alone. Raises MissingStream where the folder has none.
    """
    items = sorted(_allsides(data / _FILE, seed) if data else _newsroom(), key=lambda item: item.at)
    begins_at = items[0].at.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return Stream(items, begins_at)


def _allsides(path: Path, seed: int) -> list[Item]:
    if not path.is_file():
        raise MissingStream(f"benchmarks.month: no such file: {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    by_label = defaultdict(list)
    for row in rows:
        by_label[row["story"]].append(row)
    rng = random.Random(seed)
    items = []
    for label, reports in by_label.items():
        outlets = rng.sample(range(len(_OUTLETS)), len(reports))
        for row, outlet in zip(reports, outlets, strict=True):
            items.append(
                Item(
                    title=" ".join(row["title"].split()),
                    text=" ".join(row["lead"].split()) or row["title"],
                    outlet=_OUTLETS[outlet],
                    language=row["lang"],
                    label=label,
                    at=datetime.fromtimestamp(row["ts"], UTC),
                    walled=outlet % _WALLED_EVERY == 0,
                )
            )
    return items


def _newsroom() -> list[Item]:
    """Return the sample newsroom's articles; an event in two languages is one label."""
    newsroom = load_newsroom()
    outlets = {outlet.slug: (n, outlet) for n, outlet in enumerate(newsroom.outlets)}
    mornings = [_SAMPLE_MORNING + n * _DAY for n in range(DAYS)]
    items = []
    for sample in newsroom.articles:
        number, outlet = outlets[sample.outlet]
        items.append(
            Item(
                title=sample.title,
                text="\n".join(sample.paragraphs),
                outlet=outlet.name,
                language=outlet.language,
                label=sample.event,
                at=sample.published_at(mornings),
                walled=number % _WALLED_EVERY == 0,
            )
        )
    return items


class Sites(LoopbackSites):
    """The outlets of a stream on loopback, a port each.

    They publish what is dated up to the clock's now, which stands still during a request.
    Once entered, ``items`` are what stands behind each address of a page, published or not.
    """

    def __init__(self, stream: Stream, clock: Clock) -> None:
        self._clock = clock
        self._by_outlet: dict[str, list[Item]] = defaultdict(list)
        for item in stream.items:
            self._by_outlet[item.outlet].append(item)
        super().__init__({name: items[0].language for name, items in self._by_outlet.items()})
        self.items: Mapping[str, Item] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.items = {
            _page_url(host, n): item
            for host, name in zip(self.allow, self._by_outlet, strict=True)
            for n, item in enumerate(self._by_outlet[name])
        }
        return self

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return an outlet's feed, or an item's page once it is published."""
        items = self._by_outlet[self.outlet_of(request)]
        now = self._clock.now()
        if request.path != FEED_PATH:
            item = self.items.get(f"http://{request.host}{request.path}")
            if item is None or item.at > now:
                return web.Response(status=404)
            return web.Response(body=_page(item), content_type="text/html")
        count = sum(item.at <= now for item in items)
        etag = f'"{count}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        first = max(count - _LISTED, 0)
        body = _feed(items[first:count], request.host, first)
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": etag})


def _page_url(host: str, number: int) -> str:
    return f"http://{host}/story-{number}"


def _feed(items: Sequence[Item], host: str, first: int) -> bytes:
    rows = "".join(
        f"<item><title>{escape(item.title)}</title><link>{_page_url(host, n)}</link>"
        f"<guid>{_page_url(host, n)}</guid><pubDate>{format_datetime(item.at)}</pubDate>"
        f"<description>{escape(_teaser(item.text))}</description></item>"
        for n, item in reversed([*enumerate(items, first)])
    )
    said = items[0].outlet if items else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(said)}</title>{rows}</channel></rss>"
    ).encode()


def _teaser(text: str) -> str:
    """Return the beginning of a text, cut at a word as feeds do."""
    line = text.partition("\n")[0]
    return line if len(line) <= _TEASER_CHARS else line[:_TEASER_CHARS].rsplit(" ", 1)[0] + " …"


def _page(item: Item) -> bytes:
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.text.split("\n"))
    claims = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": item.title}
    if item.walled:
        claims["isAccessibleForFree"] = "False"
    said = json.dumps(claims).replace("<", "\\u003c")
    return (
        f'<!doctype html><html lang="{item.language}"><head><meta charset="utf-8">'
        f'<script type="application/ld+json">{said}</script>'
        f"<title>{escape(item.title)}</title></head><body><main><article>"
        f"<h1>{escape(item.title)}</h1>{body}</article></main></body></html>"
    ).encode()
