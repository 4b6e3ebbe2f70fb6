"""The printed report: a line per mutant, a diff of each survivor, and the scores by folder."""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutants.judging import Verdict
from tests.mutants.sites import Site

__all__ = ["line_of", "summary"]


def line_of(verdict: Verdict) -> str:
    """Return a line: place, change, outcome, seconds, and the test that failed."""
    site = verdict.site
    where = f"{site.path}:{site.line}"
    words = f"{where:<40} {site.what:<32} {verdict.state:<10} {verdict.seconds:5.1f} s"
    return f"{words}  {verdict.test}".rstrip()


def summary(verdicts: Sequence[Verdict], drawn: int, root: Path) -> Iterator[str]:
    """Yield the lines of the report, when ``drawn`` mutants were to be run."""
    for verdict in sorted(verdicts, key=lambda verdict: (verdict.site.path, verdict.site.line)):
        if not verdict.is_killed:
            yield ""
            yield f"{verdict.state}: {verdict.site.path}:{verdict.site.line}, {verdict.site.what}"
            yield from diff(verdict.site, root)
    yield ""
    yield f"{'folder':<14} {'killed':>9} {'timeout':>8} {'survived':>9} {'unfinished':>11}"
    by_folder: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_folder[verdict.site.folder].append(verdict)
    for folder in sorted(by_folder):
        yield _shares(folder, by_folder[folder])
    yield _shares("all", verdicts)
    if len(verdicts) < drawn:
        yield f"The time was up: {len(verdicts)} of {drawn} mutants were judged."


def diff(site: Site, root: Path) -> Iterator[str]:
    """Yield a unified diff of the change."""
    before = (root / site.path).read_bytes()
    old, new = before.decode().splitlines(), site.apply(before).decode().splitlines()
    names = f"a/{site.path}", f"b/{site.path}"
    yield from difflib.unified_diff(old, new, *names, n=2, lineterm="")


def _shares(name: str, verdicts: Sequence[Verdict]) -> str:
    """Return a row of the table; the share is killed ÷ (killed + survived), timeouts as killed."""
    count = {
        state: sum(verdict.state == state for verdict in verdicts)
        for state in ("killed", "timeout", "survived", "unfinished")
    }
    killed = count["killed"] + count["timeout"]
    known = killed + count["survived"]
    share = f"{100 * killed / known:.0f}%" if known else "-"
    row = f"{name:<14} {f'{killed}/{known}':>9} {count['timeout']:>8} {count['survived']:>9}"
    return f"{row} {count['unfinished']:>11} {share:>5}"
