"""Kinds of articles by their page's own words, compared with type, section or path alone.

    python -m benchmarks.kinds [--data FILE] [--half open|closed|all] [--pages FILE] [--json]

The cases of tests/data/kinds are invented pages in 16 languages, written before any rule and by
somebody else than the rules. The rules were mended on the open half only. Precision and recall
are over what is not news, of the right kind; "traps" are pages of news that look like another
kind, and their figure is the share called news.

Those of --pages have their whole text: {language, url, title, types, text, report}. "recall" is the
share of those that are no "report" and are found to be none, "lost" that of reports called so.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.floors import unmet
from bot.domain.article_kind import NO_REPORTS
from bot.gather.pages.kinds import PageSigns, kind_of

__all__ = ["PAGES", "main", "page_kind", "page_scores"]

PAGES = Path(__file__).parent.parent / "tests" / "data" / "kinds" / "pages-open.jsonl"
CASES = Path(__file__).parent.parent / "tests" / "data" / "kinds" / "cases.jsonl"
# For the speed, the cases are read this many times.
_ROUNDS = 5
# What a reader of schema.org alone would know.
_KIND_OF_TYPE = {
    "OpinionNewsArticle": "opinion",
    "AnalysisNewsArticle": "analysis",
    "LiveBlogPosting": "live",
    "ItemList": "list",
    "Review": "review",
    "ReviewNewsArticle": "review",
    "CriticReview": "review",
    "ClaimReview": "fact-check",
    "SatiricalArticle": "satire",
    "AdvertiserContentArticle": "commercial",
    "Recipe": "recipe",
    "Quiz": "quiz",
    "VideoObject": "media",
    "PodcastEpisode": "media",
    "ImageGallery": "media",
}
# The English words of sections, in the singular.
_KINDS = frozenset(
    {
        *("opinion", "analysis", "live", "list", "review", "fact-check", "satire", "recipe"),
        *("horoscope", "quiz", "obituary", "interview", "digest", "weather", "game"),
    }
)


class Case(NamedTuple):
    """A page, its kind, and what it is counted under."""

    page: PageSigns
    kind: str
    language: str
    is_trap: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, 2 without data, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kinds", description=__doc__)
    parser.add_argument("--data", type=Path, default=CASES, help="file of cases (JSON lines)")
    parser.add_argument("--half", choices=("open", "closed", "all"), default="all")
    parser.add_argument("--pages", type=Path, default=PAGES, help="file of whole pages")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args(arguments)
    for path in (options.data, options.pages):
        if not path.is_file():
            print(f"no cases at {path}", file=sys.stderr)
            return 2
    cases = [
        _case(raw)
        for raw in map(json.loads, options.data.read_text("utf-8").splitlines())
        if options.half in {"all", raw["half"]}
    ]
    methods: dict[str, Callable[[PageSigns], str]] = {
        "type alone": _by_type,
        "section alone": lambda page: _by_names(page.sections),
        "path alone": lambda page: _by_names(page.url.split("/")[3:]),
        "daybrief": kind_of,
    }
    results = {name: _scores(method, cases) for name, method in methods.items()}
    report = {
        "benchmark": "kinds",
        "cases": len(cases),
        "half": options.half,
        "methods": results,
        "kinds": _groups(cases, lambda case, found: {case.kind, found} - {"news"}),
        "languages": _groups(cases, lambda case, _: {case.language}),
        "pages": page_scores(options.pages),
        "ms": _ms(cases),
    }
    if not options.json:
        _print_table(report)
    lines = unmet("kinds", report)
    print(*lines, sep="\n", file=sys.stderr, end="\n" if lines else "")
    print(json.dumps(report))
    return 1 if lines else 0


def page_kind(raw: dict[str, Any]) -> str:
    """Return the kind of a page with its text, as one of --pages has it."""
    return kind_of(
        PageSigns(
            url=raw["url"],
            title=raw["title"],
            lead=raw["text"].partition("\n")[0],
            types=raw["types"],
            text=raw["text"],
            language=raw["language"],
        )
    )


def page_scores(path: Path) -> dict[str, float]:
    """Return how many pages there are, the recall of what reports nothing, and reports lost."""
    pages = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    start = time.process_time()
    found = [(page["report"], page_kind(page) in NO_REPORTS) for page in pages]
    ms = 1000 * (time.process_time() - start) / max(len(pages), 1)
    reports = [is_none for is_report, is_none in found if is_report]
    others = [is_none for is_report, is_none in found if not is_report]
    return {
        "pages": len(pages),
        "recall": round(sum(others) / max(len(others), 1), 3),
        "lost": round(sum(reports) / max(len(reports), 1), 3),
        "ms": round(ms, 2),
    }


def _case(raw: dict[str, Any]) -> Case:
    page = PageSigns(
        url=raw["url"],
        title=raw["title"],
        lead=raw["lead"],
        types=raw["jsonld_type"],
        sections=[raw["section"]],
        og_type=raw["og_type"],
        categories=raw["feed_categories"],
    )
    is_trap = raw["kind"] == "news" and raw["why"].startswith(("trap", "weak"))
    return Case(page, raw["kind"], raw["language"], is_trap)


def _by_type(page: PageSigns) -> str:
    return next((_KIND_OF_TYPE[name] for name in page.types if name in _KIND_OF_TYPE), "news")


def _by_names(names: Sequence[str]) -> str:
    """Return the kind that a name is, in English, with or without "s"."""
    for name in names:
        lower = name.lower()
        singular = "obituary" if lower == "obituaries" else lower.removesuffix("s")
        if found := {lower, singular} & _KINDS:
            return min(found)
    return "news"


def _scores(method: Callable[[PageSigns], str], cases: Sequence[Case]) -> dict[str, float]:
    found = [(case, method(case.page)) for case in cases]
    right = sum(case.kind == kind != "news" for case, kind in found)
    claimed = sum(kind != "news" for _, kind in found)
    true = sum(case.kind != "news" for case, _ in found)
    traps = [kind == "news" for case, kind in found if case.is_trap]
    return {
        "precision": round(right / max(claimed, 1), 3),
        "recall": round(right / max(true, 1), 3),
        "traps": round(sum(traps) / max(len(traps), 1), 3),
    }


def _groups(
    cases: Sequence[Case], names: Callable[[Case, str], set[str]]
) -> dict[str, dict[str, int]]:
    """Return right, wrong and missed by kind or by language."""
    counts: dict[str, Counter[str]] = {}
    for case in cases:
        found = kind_of(case.page)
        for name in sorted(names(case, found)):
            count = counts.setdefault(name, Counter(right=0, wrong=0, missed=0))
            is_own = name in {found, case.language}
            count["right"] += found == case.kind != "news"
            count["wrong"] += found not in {"news", case.kind} and is_own
            count["missed"] += case.kind not in {"news", found} and name in {
                case.kind,
                case.language,
            }
    return {name: dict(counts[name]) for name in sorted(counts)}


def _ms(cases: Sequence[Case]) -> float:
    """Return the milliseconds a page takes, in processor time."""
    start = time.process_time()
    for _ in range(_ROUNDS):
        for case in cases:
            kind_of(case.page)
    return round(1000 * (time.process_time() - start) / max(_ROUNDS * len(cases), 1), 3)


def _print_table(report: dict[str, Any]) -> None:
    print(f"{report['cases']} cases ({report['half']}), {report['ms']} ms each")
    print(f"{'':16}{'precision':>10}{'recall':>8}{'traps':>8}")
    for name, scores in report["methods"].items():
        print(f"{name:16}" + "{precision:10.3f}{recall:8.3f}{traps:8.3f}".format(**scores))
    print("pages: {pages}, recall {recall:.3f}, lost {lost:.3f}, {ms} ms".format(**report["pages"]))
    for group in ("kinds", "languages"):
        print(f"{group:16}{'right':>10}{'wrong':>8}{'missed':>8}")
        for name, count in report[group].items():
            print(f"{name:16}" + "{right:10}{wrong:8}{missed:8}".format(**count))


if __name__ == "__main__":
    sys.exit(main())
