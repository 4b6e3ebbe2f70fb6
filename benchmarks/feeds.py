"""Losses and speed of feed parsing: ours compared with feedparser and fastfeedparser.

    python -m benchmarks.feeds [--data DIR] [--json] [--rounds 3]

``--data`` is a folder with ``feeds/`` and ``feeds-legacy-encodings/``, and the titles of the
latter in ``pages/*.json``. Without it, only documents crafted to lose text are read. Entries count
as lost where feedparser finds more of them; JSON Feed, which feedparser does not read, cannot
lose any. Speed is the CPU time for the whole set, the best of all rounds; the peers alternate.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastfeedparser
import feedparser

from bot.errors import NotAFeed
from bot.gather.feeds.formats import parse_feed
from bot.gather.feeds.listing import read_listing

__all__ = ["main"]

_CRAFTED = Path(__file__).parents[1] / "tests" / "data" / "gather" / "losses.json"
_URL = "https://harbour.example/feed.xml"


@dataclass(frozen=True, slots=True)
class Read:
    """An entry as a parser returns it, with white space in title and text folded."""

    title: str
    url: str
    text: str = ""


Peer = Callable[[bytes], list[Read]]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; return 0."""
    options = _parser().parse_args(argv)
    warnings.simplefilter("ignore")  # feedparser warns about documents that are broken on purpose
    figures: dict[str, Any] = {"benchmark": "feeds", "crafted": _crafted()}
    if options.data:
        documents = _documents(options.data / "feeds") + _documents(
            options.data / "feeds-legacy-encodings"
        )
        figures |= _entries(documents) | {"legacy": _legacy(options.data)}
        figures |= _speed(documents, options.rounds)
    if not options.json:
        _print_table(figures)
    print(json.dumps(figures))
    return 0


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


def _legacy(data: Path) -> dict[str, int]:
    """Return how many titles of feeds in legacy encodings each parser reads exactly."""
    truth: dict[str, str] = {}
    for path in data.glob("pages/*.json"):
        page = json.loads(path.read_text("utf-8"))
        truth[page["url"]] = _folded(page.get("title"))
    exact: dict[str, int] = {}
    count = 0
    for name, read in _PEERS.items():
        found = [
            entry for body in _documents(data / "feeds-legacy-encodings") for entry in read(body)
        ]
        exact[name] = sum(
            bool(entry.title) and truth.get(entry.url) == entry.title for entry in found
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
        print(f"\nfeedparser takes {figures['ratio']} times as long as ours")


def _print_row(name: str, values: dict[str, Any]) -> None:
    print(f"{name:24}" + "".join(f"{values.get(peer, ''):>16}" for peer in _PEERS))


if __name__ == "__main__":
    sys.exit(main())
