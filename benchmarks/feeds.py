"""Losses and speed of feed parsing: ours compared with feedparser and fastfeedparser.

    python -m benchmarks.feeds [--data DIR] [--json] [--rounds 3]

``--data`` is a folder with ``feeds/`` and ``feeds-legacy-encodings/``, and the titles of the
latter in ``pages/*.json``. Without it, only documents crafted to lose text are read. Entries count
as lost where feedparser finds more of them; JSON Feed, which feedparser does not read, cannot
lose any. Texts are faulty where they break a line that HTML does not, by another parser of HTML
than ours, hold an entity, or end in a note where they "appeared first", by its words.
Speed is the CPU time for the whole set, the best of all rounds; the peers alternate.
"""

import argparse
import html
import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import fastfeedparser
import feedparser
import lxml.html
from lxml import etree

from benchmarks.floors import unmet
from bot.errors import NotAFeed
from bot.gather.feeds.formats import parse_feed
from bot.gather.feeds.listing import read_listing

__all__ = ["main"]

_CRAFTED = Path(__file__).parents[1] / "tests" / "data" / "gather" / "losses.json"
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"}
    | {"details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend"}
    | {"li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody"}
    | {"td", "tfoot", "th", "thead", "tr", "ul"}
)
_BLOCK_TAG = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))})[\s/>]", re.IGNORECASE)
_CODE = re.compile("<(?:code|pre|samp|kbd)[ >]", re.IGNORECASE)
# How WordPress ends its feeds' texts, in the languages that it is run in most.
_APPEARED = re.compile(
    r"the post .* (?:appeared first|first appeared) on|erschien zuerst|est apparu en premier"
    r"|se publicó primero|apareció primero|apareceu primeiro|è apparso per la prima|proviene da"
    r"|verscheen eerst op|pojawił się poczatkowo|pochodzi z serwisu|dukkede først op|först på"
    r"|сначала появилась|впервые появилась|вперше з.явилась|最初に表示|最早出现在|最先出現於"
    r"|ilk olarak|dök först upp|apareix primer a|nejdříve publikován"
    r"|ظهرت أولاً|הופיע לראשונה|đã xuất hiện đầu tiên|pertama kali tampil",
    re.IGNORECASE,
)
_URL = "https://harbour.example/feed.xml"


@dataclass(frozen=True, slots=True)
class Read:
    """An entry as a parser returns it, with white space in title and text folded."""

    title: str
    url: str
    text: str = ""


Peer = Callable[[bytes], list[Read]]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(argv)
    warnings.simplefilter("ignore")  # feedparser warns about documents that are broken on purpose
    figures: dict[str, Any] = {"benchmark": "feeds", "crafted": _crafted()}
    if options.data:
        documents = _documents(options.data / "feeds") + _documents(
            options.data / "feeds-legacy-encodings"
        )
        figures |= _entries(documents) | {"legacy": _legacy(options.data)}
        figures["faults"] = _faults(documents)
        figures |= _speed(documents, options.rounds)
    if not options.json:
        _print_table(figures)
    print(json.dumps(figures))
    missed = unmet("feeds", figures)
    for line in missed:
        print(line, file=sys.stderr)
    return int(bool(missed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.feeds", description=__doc__)
    parser.add_argument("--data", type=Path, help="where the real feeds are")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _documents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def _ours(body: bytes) -> list[Read]:
    try:
        feed = parse_feed(body, url=_URL)
    except NotAFeed:
        return []
    return [Read(_folded(entry.title), entry.url) for entry in feed.entries]


def _feedparser(body: bytes) -> list[Read]:
    return _reads(feedparser.parse(body).entries)


def _fastfeedparser(body: bytes) -> list[Read]:
    try:
        return _reads(fastfeedparser.parse(body).entries)
    except Exception:  # noqa: BLE001 - it raises whatever its XML and JSON parsers raise
        return []


_PEERS: dict[str, Peer] = {
    "ours": _ours,
    "feedparser": _feedparser,
    "fastfeedparser": _fastfeedparser,
}


def _reads(entries: Sequence[Any]) -> list[Read]:
    return [
        Read(
            _folded(entry.get("title")),
            entry.get("link") or "",
            _folded(entry.get("description") or entry.get("summary")),
        )
        for entry in entries
    ]


def _crafted() -> dict[str, int]:
    """Return how many of the crafted documents each peer reads without loss."""
    cases = json.loads(_CRAFTED.read_text("utf-8"))
    kept = {name: sum(_is_kept(read, case) for case in cases) for name, read in _PEERS.items()}
    return kept | {"of": len(cases)}


def _is_kept(read: Peer, case: dict[str, str]) -> bool:
    body = case["xml"].encode(case["encoding"])
    entries = read(body)
    if not entries or (entries[0].title, entries[0].url) != (case["title"], case["url"]):
        return False
    # The peers return markup, ours plain text: only ours is compared with the expected text.
    return read is not _ours or _folded(_text(body)) == case["text"]


def _text(body: bytes) -> str:
    """Return the text of the first entry as the product stores it."""
    return read_listing(body, _URL).entries[0].text


def _entries(documents: Sequence[bytes]) -> dict[str, Any]:
    """Return by how many entries each parser falls short of feedparser, and what ours loses."""
    lost = dict.fromkeys(("ours", "fastfeedparser"), 0)
    total = untitled = unlinked = 0
    for body in documents:
        reference = _feedparser(body)
        total += len(reference)
        for name in lost:
            lost[name] += max(len(reference) - len(_PEERS[name](body)), 0)
        ours = _ours(body)
        if len(ours) == len(reference):
            pairs = list(zip(ours, reference, strict=True))
            untitled += sum(bool(b.title) and not a.title for a, b in pairs)
            unlinked += sum(b.url.startswith("http") and not a.url for a, b in pairs)
    return {
        "documents": len(documents),
        "entries": total,
        "lost": lost,
        "titles_lost": untitled,
        "links_lost": unlinked,
    }


def _faults(documents: Sequence[bytes]) -> dict[str, int]:
    """Return how many entries are stored with each fault, and of how many."""
    counts = dict.fromkeys(("inner newlines", "raw entities", "appeared first", "of"), 0)
    for body in documents:
        try:
            listed = read_listing(body, _URL).entries
        except NotAFeed:
            continue
        sources = {
            entry.get("link"): max((entry.get("summary") or "", *_contents(entry)), key=len)
            for entry in feedparser.parse(body, sanitize_html=False).entries
        }
        for entry in listed:
            lines = entry.text.split("\n")
            counts["of"] += 1
            counts["inner newlines"] += _breaks(lines, sources.get(entry.url) or "")
            shown = f"{entry.title}\n{entry.text}"
            # Of code they are shown as they are.
            counts["raw entities"] += not _CODE.search(sources.get(entry.url) or "") and any(
                html.unescape(found) != found for found in _ENTITY.findall(shown)
            )
            counts["appeared first"] += _APPEARED.search(lines[-1]) is not None
    return counts


def _contents(entry: Any) -> list[str]:
    return [content.get("value") or "" for content in entry.get("content") or ()]


def _breaks(lines: Sequence[str], source: str) -> bool:
    """Return whether two of ``lines`` are one in ``source``, by libxml2's parser of HTML."""
    if len(lines) < 2 or not source.strip():
        return False
    if not _BLOCK_TAG.search(source):  # as in plain text a blank line parts paragraphs
        source = re.sub(r"\n\s*\n", "<br>", source)
    pieces = [""]
    preformatted = 0

    def add(text: str | None) -> None:
        first, *others = (text or "").split("\n") if preformatted else [text or ""]
        pieces[-1] += first
        pieces.extend(others)

    root = lxml.html.fragment_fromstring(source, create_parent=True)
    for event, node in etree.iterwalk(root, ("start", "end", "comment")):
        is_element = isinstance(node.tag, str)
        style = node.get("style", "") if is_element else ""
        is_block = is_element and (node.tag in _BLOCKS or "display:block" in style.replace(" ", ""))
        pieces += [""] * is_block
        if event == "start" and is_element:
            preformatted += node.tag == "pre" or "white-space" in style
            add(node.text)
        elif event != "start":
            preformatted -= is_element and (node.tag == "pre" or "white-space" in style)
            add(node.tail)
    blocks = [_letters(piece) for piece in pieces]
    for line, following in pairwise(lines):
        end, pair = _letters(line), _letters(line + following)
        is_end = not end or any(block.endswith(end) for block in blocks)
        if not is_end and any(pair in block for block in blocks):
            return True
    return False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, html.unescape(text).casefold()))


def _legacy(data: Path) -> dict[str, int]:
    """Return how many titles of feeds in legacy encodings each parser reads exactly.

    Soft hyphens, which a browser shows where a line breaks only, do not count.
    """
    truth: dict[str, str] = {}
    for path in data.glob("pages/*.json"):
        page = json.loads(path.read_text("utf-8"))
        truth[page["url"]] = _folded(page.get("title")).replace("\xad", "")
    exact: dict[str, int] = {}
    count = 0
    for name, read in _PEERS.items():
        found = [
            entry for body in _documents(data / "feeds-legacy-encodings") for entry in read(body)
        ]
        exact[name] = sum(
            bool(entry.title) and truth.get(entry.url) == entry.title.replace("\xad", "")
            for entry in found
        )
        count = max(count, len(found))
    return exact | {"of": count}


def _speed(documents: Sequence[bytes], rounds: int) -> dict[str, Any]:
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, read in _PEERS.items():
            started = time.process_time()
            for body in documents:
                read(body)
            taken = time.process_time() - started
            best[name] = min(taken, best.get(name, taken))
    ratio = best["feedparser"] / best["ours"]
    return {"cpu_s": {n: round(s, 3) for n, s in best.items()}, "ratio": round(ratio, 1)}


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def _print_table(figures: dict[str, Any]) -> None:
    print(f"{'':24}" + "".join(f"{name:>16}" for name in _PEERS))
    crafted = figures["crafted"]
    _print_row(f"crafted, of {crafted['of']}", crafted)
    if "lost" in figures:
        _print_row(f"lost, of {figures['entries']}", {"feedparser": 0} | figures["lost"])
        legacy = figures["legacy"]
        _print_row(f"legacy titles, of {legacy['of']}", legacy)
        _print_row("CPU, s", figures["cpu_s"])
        for fault, count in figures["faults"].items():
            _print_row(f"texts: {fault}", {"ours": count})
        print(f"\nfeedparser takes {figures['ratio']} times as long as ours")


def _print_row(name: str, values: dict[str, Any]) -> None:
    print(f"{name:24}" + "".join(f"{values.get(peer, ''):>16}" for peer in _PEERS))


if __name__ == "__main__":
    sys.exit(main())
