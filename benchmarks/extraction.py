"""How well articles are extracted from pages without boilerplate: ours compared with trafilatura.

    python -m benchmarks.extraction [--data DIR] [--json]

``--data`` is a folder with ``pages/``, real pages (``.html.gz``) and their articles (``.json``) as
marked by a person (zyte) or by a parser written for the site (fundus), and ``seed-page.txt``.
Without it nothing is measured. Texts are compared as in published work: by counted shingles of
four tokens, in Chinese, Japanese and Korean of four characters; F1 is that of mean precision and
mean recall. A page from which nothing is extracted counts as an empty text.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from statistics import fmean
from typing import Any

import regex
import trafilatura

from benchmarks.floors import unmet
from bot.errors import NotAnArticle
from bot.gather.pages.extract import extract_article

__all__ = ["main"]

_SHINGLE = 4
_TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])\w)+"
)
# Instants closer than this count as equal, since some sites leave out the seconds.
_SAME_S = 60.0
# In the starting document, every longer line but the caption is a paragraph of the article.
_PARAGRAPH_CHARS = 95


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its ground truth; ``published_at`` is None if it is not known."""

    name: str
    url: str
    html: bytes
    body: str
    published_at: datetime | None

    @property
    def set(self) -> str:
        """The collection the page belongs to: the part of ``name`` before the first ``__``."""
        return self.name.split("__", 1)[0]


Peer = Callable[[Page], str]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(argv)
    figures: dict[str, Any] = {"benchmark": "extraction"}
    if options.data:
        pages = list(_pages(options.data / "pages", options.only))
        figures["sets"] = {
            name: _measured([page for page in pages if page.set == name])
            for name in sorted({page.set for page in pages})
        }
        figures["instants"] = _instants(pages)
        figures["seed"] = _seed((options.data / "seed-page.txt").read_text("utf-8"))
    if options.worst:
        _print_worst(pages, options.worst)
    if not options.json:
        _print_table(figures)
    print(json.dumps(figures))
    missed = unmet("extraction", figures)
    print("".join(f"{line}\n" for line in missed), end="", file=sys.stderr)
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.extraction", description=__doc__)
    parser.add_argument("--data", type=Path, help="where the real pages are")
    parser.add_argument("--only", default="", help="pages whose names hold this")
    parser.add_argument("--worst", type=int, default=0, help="show so many pages we read worst")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _pages(folder: Path, only: str) -> Iterator[Page]:
    for path in sorted(folder.glob("*.json")):
        if only not in path.stem:
            continue
        truth = json.loads(path.read_text("utf-8"))
        published = truth.get("published")
        yield Page(
            name=path.stem,
            url=truth["url"],
            html=gzip.decompress(path.with_suffix(".html.gz").read_bytes()),
            body=truth["body"],
            published_at=datetime.fromisoformat(published) if published else None,
        )


def _ours(page: Page) -> str:
    try:
        return extract_article(page.html, url=page.url).text
    except NotAnArticle:
        return ""


def _precise(page: Page) -> str:
    return trafilatura.extract(page.html, favor_precision=True, include_comments=False) or ""


def _default(page: Page) -> str:
    return trafilatura.extract(page.html, include_comments=False) or ""


_PEERS: dict[str, Peer] = {
    "ours": _ours,
    "trafilatura precision": _precise,
    "trafilatura default": _default,
}


def _measured(pages: Sequence[Page]) -> dict[str, Any]:
    found: dict[str, Any] = {"pages": len(pages)}
    for name, read in _PEERS.items():
        began = time.process_time()
        texts = [read(page) for page in pages]
        took_s = time.process_time() - began
        scores = [_score(text, page.body) for text, page in zip(texts, pages, strict=True)]
        precision, recall = (fmean(column) for column in zip(*scores, strict=True))
        found[name] = {
            "f1": round(2 * precision * recall / (precision + recall), 4),
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "ms": round(1_000 * took_s / len(pages), 1),
        }
    found["ahead"] = round(found["ours"]["f1"] - found["trafilatura precision"]["f1"], 4)
    return found


def _score(text: str, truth: str) -> tuple[float, float]:
    """Return precision and recall of the shingles of ``text``, each in [0, 1]."""
    ours, theirs = _shingles(text), _shingles(truth)
    shared = (ours & theirs).total()
    precision = shared / ours.total() if ours else float(not theirs)
    recall = shared / theirs.total() if theirs else float(not ours)
    return precision, recall


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if len(tokens) < _SHINGLE:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(*(tokens[at:] for at in range(_SHINGLE)), strict=False))


def _instants(pages: Sequence[Page]) -> dict[str, Any]:
    """Return how often the publication instant is found, to the minute."""
    known = [page for page in pages if page.published_at]
    right = sum(_is_right(page) for page in known)
    return {"of": len(known), "right": right, "share": round(right / max(len(known), 1), 4)}


def _is_right(page: Page) -> bool:
    try:
        found = extract_article(page.html, url=page.url).published_at
    except NotAnArticle:
        return False
    truth = page.published_at
    assert truth is not None
    truth = truth if truth.tzinfo else truth.replace(tzinfo=UTC)
    return found is not None and abs((found - truth).total_seconds()) < _SAME_S


def _seed(text: str) -> dict[str, dict[str, int]]:
    """Return how many boilerplate lines of the starting document are kept, and paragraphs lost."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    caption = next(line for line in lines if line.endswith(")") and "(Kim Jong Un" in line)
    article = [line for line in lines if len(line) > _PARAGRAPH_CHARS and line != caption]
    furniture = [line for line in lines if line not in article]
    found = {}
    for name, html in _wrappings(lines, caption).items():
        page = Page(name, "https://news.example/story", html.encode(), "", None)
        left = _ours(page).split("\n")
        kept = " ".join(left)
        found[name] = {
            "furniture left": sum(line in left for line in furniture if "'Illegal'" not in line),
            "paragraphs lost": sum(line not in kept for line in article),
        }
    return found


def _wrappings(lines: Sequence[str], caption: str) -> dict[str, str]:
    """Return the document as HTML in three forms: with article and figure, of divs, and flat."""
    words = caption.split(" (", 1)[0]
    image = f'<img src="/a.jpg" alt="{escape(words)}">'
    figure = f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>"
    as_article = "".join(figure if line == caption else f"<p>{escape(line)}</p>" for line in lines)
    divs = "".join(f"<div>{escape(line)}</div>" for line in lines)
    flat = "<br><br>".join(escape(line) for line in lines)
    return {
        name: f"<html><head><title>inkl</title></head><body>{body}</body></html>"
        for name, body in (
            ("figure", f"<article>{as_article}</article>"),
            ("div", divs),
            ("flat", f"<div>{flat}</div>"),
        )
    }


def _print_worst(pages: Sequence[Page], count: int) -> None:
    """Print the worst pages by the lower of precision and recall, with extra and missing lines."""
    scored = []
    for page in pages:
        text = _ours(page)
        precision, recall = _score(text, page.body)
        scored.append((min(precision, recall), precision, recall, page, text))
    for _, precision, recall, page, text in sorted(scored, key=lambda row: row[0])[:count]:
        print(f"\n== {page.name}  precision {precision:.3f}  recall {recall:.3f}  {page.url}")
        truth = " ".join(page.body.split())
        for line in text.split("\n"):
            if line not in truth:
                print(f"  + {line[:160]}")
        read = " ".join(text.split())
        for line in page.body.split("\n"):
            if line.strip() and " ".join(line.split()) not in read:
                print(f"  - {line.strip()[:160]}")


def _print_table(figures: dict[str, Any]) -> None:
    for name, found in figures.get("sets", {}).items():
        print(f"{name}, {found['pages']} pages{'F1':>26}{'precision':>12}{'recall':>10}{'ms':>8}")
        for peer in _PEERS:
            row = found[peer]
            print(
                f"  {peer:30}{row['f1']:>10.4f}{row['precision']:>12.4f}"
                f"{row['recall']:>10.4f}{row['ms']:>8.1f}"
            )
    if "instants" in figures:
        print(f"\npublication instants right: {figures['instants']}")
        print(f"the starting document: {figures['seed']}")


if __name__ == "__main__":
    sys.exit(main())
