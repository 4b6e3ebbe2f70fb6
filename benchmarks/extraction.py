"""How well articles are extracted from pages without boilerplate: ours compared with trafilatura.

    python -m benchmarks.extraction [--data DIR] [--passes] [--json]

``--data`` is a folder with real pages and their articles: ``pages/``, as marked by a person (zyte)
or by a parser written for the site (fundus), and ``pages-strangers/``, with whole articles of a
reader view's tests (reader) or pieces that an extractor must find or leave out (segments); and
``seed-page.txt``. Without it nothing is measured. F1 is that of mean precision and mean recall (see
``extraction_sets``). A page from which nothing is extracted counts as an empty text.

"ahead" is how far our F1 is above that of ``favor_precision``, in reader and segments above the
better of trafilatura's; "worse" how many pages are .3 below ``favor_precision`` in precision and
recall together; "refused" how many articles are not told. ``is_about`` is measured with what
feeds would tell of the page's own article and of another one. ``--passes`` takes each of our
passes out in turn, and prints what F1 gains or loses. All of it runs in two processes.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import trafilatura

from benchmarks.extraction_passes import PASSES, without_each
from benchmarks.extraction_relevance import pairs, refusals, relevance
from benchmarks.extraction_seed import seed_lines
from benchmarks.extraction_sets import SETS, Page, Score, page_score, read_pages, score
from benchmarks.floors import unmet
from bot.errors import NotAnArticle
from bot.gather.pages.extract import extract_article

__all__ = ["main"]

_PROCESSES = 2
_CHUNK = 4
# Instants closer than this count as equal, since some sites leave out the seconds.
_SAME_S = 60.0
# Precision and recall together that a page may be below the peer's before it counts as worse.
_WORSE = 0.3
_PRECISE = "trafilatura precision"
_DEFAULT = "trafilatura default"
_METHODS = ("ours", _PRECISE, _DEFAULT)
# A change of F1 is printed in these.
_POINT = 0.0001


@dataclass(frozen=True, slots=True)
class Reading:
    """The ``texts`` of a page and the milliseconds each took, by method, and what else we read.

    ``refusal`` is the code of the reason why ours is "", else "".
    """

    page: Page
    texts: Mapping[str, str]
    ms: Mapping[str, float]
    published_at: datetime | None
    language: str
    refusal: str


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    options = _parser().parse_args(argv)
    figures: dict[str, Any] = {"benchmark": "extraction"}
    readings: list[Reading] = []
    if options.data:
        pages = list(read_pages(options.data, options.only))
        _read(pages[0])  # what is loaded once is no page's time
        with Pool(_PROCESSES) as pool:
            readings = pool.map(_read, pages, _CHUNK)
            figures["sets"] = {name: _measured(own) for name, own in _by_set(readings).items()}
            figures["instants"] = _instants(readings)
            figures["is_about"] = relevance(pool.map(refusals, _jobs(readings), _CHUNK))
            if options.passes:
                texts = pool.map(without_each, pages, _CHUNK)
                figures["passes"] = _pass_changes(readings, texts)
        figures["seed"] = seed_lines((options.data / "seed-page.txt").read_text("utf-8"), _article)
    if options.worst:
        _print_worst(readings, options.worst)
    if not options.json:
        _print_tables(figures)
    print(json.dumps(figures))
    missed = unmet("extraction", figures)
    print("".join(f"{line}\n" for line in missed), end="", file=sys.stderr)
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmarks.extraction",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="where the real pages are")
    parser.add_argument("--only", default="", help="pages whose names hold this")
    parser.add_argument("--passes", action="store_true", help="take each of our passes out in turn")
    parser.add_argument(
        "--worst", type=int, default=0, help="show so many pages that trafilatura reads better"
    )
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _read(page: Page) -> Reading:
    texts, ms = {}, {}
    began = time.process_time()
    published_at, language, refusal = None, "", ""
    try:
        found = extract_article(page.html, url=page.url)
        texts["ours"], language, published_at = found.text, found.language, found.published_at
    except NotAnArticle as error:
        texts["ours"], refusal = "", error.reason.code
    ms["ours"] = 1_000 * (time.process_time() - began)
    for name, is_precise in ((_PRECISE, True), (_DEFAULT, False)):
        began = time.process_time()
        read = trafilatura.extract(page.html, favor_precision=is_precise, include_comments=False)
        texts[name], ms[name] = read or "", 1_000 * (time.process_time() - began)
    return Reading(page, texts, ms, published_at, language, refusal)


def _article(html: bytes) -> str:
    return _read(Page("seed", "https://news.example/story", html)).texts["ours"]


def _by_set(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    """Return the readings of each set that has any, in the order of ``SETS``."""
    groups = {name: [one for one in readings if one.page.set == name] for name in SETS}
    return {name: own for name, own in groups.items() if own}


def _measured(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return the figures of one set."""
    pages = [one.page for one in readings]
    found: dict[str, Any] = {"pages": len(pages)}
    f1 = {}
    for method in _METHODS:
        scored = score(pages, [one.texts[method] for one in readings])
        f1[method] = scored.f1
        found[method] = {
            "f1": round(scored.f1, 4),
            "precision": round(scored.precision, 4),
            "recall": round(scored.recall, 4),
            "ms": round(sum(one.ms[method] for one in readings) / len(readings), 1),
        }
    peers = (_PRECISE,) if pages[0].set in {"zyte", "fundus"} else (_PRECISE, _DEFAULT)
    found["ahead"] = round(f1["ours"] - max(f1[name] for name in peers), 4)
    if pages[0].set == "segments":
        found["refused"] = sum(bool(one.refusal and one.page.wanted) for one in readings)
    else:
        found["worse"] = sum(_behind(one) >= _WORSE for one in readings)
        found["refused"] = sum(bool(one.refusal) and one.page.is_article for one in readings)
    return found


def _behind(reading: Reading) -> float:
    """Return how far ours is below ``favor_precision``, in precision and recall together."""
    return _together(reading, _PRECISE) - _together(reading, "ours")


def _together(reading: Reading, method: str) -> float:
    scored = page_score(reading.page, reading.texts[method])
    return scored.precision + scored.recall


def _instants(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return how often the publication instant is found, to the minute."""
    known = [(one, truth) for one in readings if (truth := one.page.published_at) is not None]
    right = 0
    for one, given in known:
        truth = given if given.tzinfo else given.replace(tzinfo=UTC)
        found = one.published_at
        right += found is not None and abs((found - truth).total_seconds()) < _SAME_S
    return {"of": len(known), "right": right, "share": round(right / max(len(known), 1), 4)}


def _jobs(readings: Sequence[Reading]) -> list[tuple[Page, Page | None]]:
    """Return the pages that hold an article and are told, each with another one."""
    told = [one for one in readings if not one.refusal and (one.page.is_article or one.page.wanted)]
    others = pairs([one.page for one in told], {one.page.name: one.language for one in told})
    return [(one.page, others.get(one.page.name)) for one in told]


def _pass_changes(
    readings: Sequence[Reading], texts: Sequence[Mapping[str, str]]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return how F1 changes without each pass, and in how many pages the text does, by set.

    ``texts`` are those of the readings, in their order, by the pass that was out.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in PASSES}
    by_page = {one.page.name: without for one, without in zip(readings, texts, strict=True)}
    for set_name, own in _by_set(readings).items():
        pages = [one.page for one in own]
        ours = [one.texts["ours"] for one in own]
        whole = score(pages, ours)
        for name in PASSES:
            without = [by_page[page.name][name] for page in pages]
            found[name][set_name] = {
                "change": round(score(pages, without).f1 - whole.f1, 4),
                "pages": sum(a != b for a, b in zip(ours, without, strict=True)),
            }
    return found


def _print_worst(readings: Sequence[Reading], count: int) -> None:
    """Print the pages furthest behind ``favor_precision``, with extra and missing lines."""
    whole = [one for one in readings if one.page.set != "segments"]
    for one in sorted(whole, key=_behind, reverse=True)[:count]:
        page, text = one.page, one.texts["ours"]
        head = f"\n== {page.name}  {-_behind(one):+.3f}  {page.url} {one.refusal}"
        print(head, _worded("ours", page_score(page, text)), sep="\n")
        print(_worded(_PRECISE, page_score(page, one.texts[_PRECISE])))
        truth = " ".join(page.body.split())
        for line in text.split("\n"):
            if line not in truth:
                print(f"  + {line[:160]}")
        read = " ".join(text.split())
        for line in page.body.split("\n"):
            if line.strip() and " ".join(line.split()) not in read:
                print(f"  - {line.strip()[:160]}")


def _worded(method: str, scored: Score) -> str:
    return f"   {method}: precision {scored.precision:.3f}, recall {scored.recall:.3f}"


def _print_tables(figures: Mapping[str, Any]) -> None:
    for name, found in figures.get("sets", {}).items():
        title = f"{name}, {found['pages']} pages"
        print(f"{title:32}{'F1':>10}{'precision':>12}{'recall':>10}{'ms':>8}")
        for method in _METHODS:
            row = found[method]
            print(
                f"  {method:30}{row['f1']:>10.4f}{row['precision']:>12.4f}"
                f"{row['recall']:>10.4f}{row['ms']:>8.1f}"
            )
        counts = [f"{key} {found[key]}" for key in ("ahead", "worse", "refused") if key in found]
        print(f"  {', '.join(counts)}")
    if "passes" in figures:
        _print_passes(figures["passes"])
    if "instants" in figures:
        print(f"\npublication instants right: {figures['instants']}")
        for kind, forms in figures["is_about"].items():
            for form, row in forms.items():
                said = f"{row['refused']} of {row['of']}, {row['share']:.3f}"
                print(f"refused as another article, told the {kind} {form}: {said}")
        print(f"the starting document: {figures['seed']}")


def _print_passes(passes: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Print a row for each pass: the change of F1 in points of .0001, and how many texts change."""
    print(f"\n{'F1 without it, points':24}", *(f"{name:>14}" for name in SETS), sep="")
    for name, row in passes.items():
        print(f"{name:24}", end="")
        for set_name in SETS:
            one = row.get(set_name)
            cell = f"{one['change'] / _POINT:+.0f} ({one['pages']})" if one else ""
            print(f"{cell:>14}", end="")
        print()


if __name__ == "__main__":
    sys.exit(main())
