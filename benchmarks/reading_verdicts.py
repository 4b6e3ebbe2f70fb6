"""Sums of what judges said of lines and pairs: shares, with Wilson intervals of 95%.

    python -m benchmarks.reading_verdicts FILES [--out DIR] [--json]

FILES are JSON lines, a file a judge: {"id", "verdict"} of ``lines.jsonl`` and {"id", "better":
"A", "B" or "tie"} of ``pairs.jsonl`` and ``pairs-swapped.jsonl``; other fields are the judge's.
DIR is where ``benchmarks.reading`` wrote those and the key; the folder of the first file without
it. docs/judging.md says how the judges judge. ``--data`` is accepted and not used.
"""

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

__all__ = ["VERDICTS", "Share", "agreement", "line_shares", "main", "pair_shares", "wilson"]

VERDICTS = (
    *("fit", "cut", "furniture", "dangling", "tease", "weak", "twice", "misleading", "merged"),
)
_Z = 1.96  # of 95%
_SCORES = {"A": {"A": 1.0, "B": 0.0}, "B": {"A": 0.0, "B": 1.0}}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``; a tie of two counts as half of one."""

    count: float
    of: int

    def __str__(self) -> str:
        """Return the share with its interval and counts: "76.0% [70.8, 80.5] (228 of 300)"."""
        low, high = wilson(self.count, self.of)
        share = self.count / max(self.of, 1)
        return f"{share:.1%} [{100 * low:.1f}, {100 * high:.1f}] ({self.count:g} of {self.of})"


def wilson(count: float, of: int) -> tuple[float, float]:
    """Return the Wilson score interval of 95% for a share; (0, 1) of nothing.

    Wilson, J. Am. Stat. Assoc. 22 (1927) 209; ``count`` may be a fraction, from 0 to ``of``.
    """
    if not of:
        return 0.0, 1.0
    share, z2 = count / of, _Z * _Z
    middle = share + z2 / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    scale = 1 + z2 / of
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


def line_shares(lines: Sequence[Row], judges: Sequence[Mapping[str, str]]) -> dict[str, Share]:
    """Return the shares of lines by name, of those that a judge has judged.

    ``judges`` have a verdict by the id of a line. A line is fit if every judge who judged it says
    so; any other verdict counts where one judge gave it.
    """
    given = {
        row["id"]: {judge[row["id"]] for judge in judges if row["id"] in judge} for row in lines
    }
    judged = [row for row in lines if given[row["id"]]]
    seen = [row for row in judged if row["position"] == "seen"]
    fit = {row["id"] for row in judged if given[row["id"]] == {"fit"}}
    stories = {row["story"] for row in seen}
    spoilt = {row["story"] for row in seen if row["id"] not in fit}
    shares = {
        "fit, seen at once": _share(seen, fit),
        "fit, all": _share(judged, fit),
        "fit, openings": _share([row for row in judged if row["opening"]], fit),
        "stories with an unfit line at first sight": Share(len(spoilt), len(stories)),
    }
    for verdict in VERDICTS[1:]:
        said = {row["id"] for row in judged if verdict in given[row["id"]]}
        shares[verdict] = _share(judged, said)
    for language, count in Counter(row["language"] for row in judged).most_common():
        if count > 1:
            own = [row for row in judged if row["language"] == language]
            shares[f"fit, {language or 'unknown'}"] = _share(own, fit)
    return shares


def pair_shares(key: Sequence[Row], judges: Sequence[Mapping[str, str]]) -> dict[str, Share]:
    """Return by peer the share of pairs in which ours is better; a tie is half.

    ``judges`` have "A", "B" or "tie" by the id of a row of the key. What was said of a pair, in
    both orders and by all judges, is averaged first: pairs are counted, not votes.
    """
    votes: dict[tuple[str, str], list[float]] = defaultdict(list)
    orders: dict[str, list[float]] = defaultdict(list)
    for row in key:
        for judge in judges:
            if row["id"] in judge:
                vote = _SCORES[row["ours"]].get(judge[row["id"]], 0.5)
                votes[row["against"], row["pair"]].append(vote)
                orders[row["ours"]].append(vote)
    means: dict[str, list[float]] = defaultdict(list)
    for (peer, _), own in votes.items():
        means[peer].append(sum(own) / len(own))
    shares = {f"better than {peer}": Share(sum(own), len(own)) for peer, own in means.items()}
    # Far apart, they show a judge who prefers what stands first.
    for place, own in sorted(orders.items()):
        shares[f"better, votes with ours as {place}"] = Share(sum(own), len(own))
    return shares


def agreement(judges: Sequence[Mapping[str, str]]) -> float | None:
    """Return Cohen's kappa of fit against unfit, the mean over judges two by two; None for one."""
    kappas = []
    for one, other in combinations(judges, 2):
        both = [(one[id_] == "fit", other[id_] == "fit") for id_ in one.keys() & other.keys()]
        if not both:
            continue
        first, second = (sum(side) / len(both) for side in zip(*both, strict=True))
        by_chance = first * second + (1 - first) * (1 - second)
        observed = sum(a == b for a, b in both) / len(both)
        kappas.append(1.0 if by_chance == 1 else (observed - by_chance) / (1 - by_chance))
    return sum(kappas) / len(kappas) if kappas else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the shares; return 2 for verdicts that are none, or none at all of FILES, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading_verdicts", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="JSON lines, a file a judge")
    parser.add_argument("--out", type=Path, help="folder of lines.jsonl and key.jsonl")
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    options = parser.parse_args(arguments)
    if not options.files:
        print("no verdicts: name their files")
        return 0
    folder = options.out or options.files[0].parent
    lines, key = _rows(folder / "lines.jsonl"), _rows(folder / "key.jsonl")
    told = [_rows(path) for path in options.files]
    if wrong := _wrong(told, {row["id"] for row in (*lines, *key)}):
        print(*wrong, sep="\n", file=sys.stderr)
        return 2
    of_lines = [{r["id"]: r["verdict"] for r in rows if "verdict" in r} for rows in told]
    of_pairs = [{r["id"]: r["better"] for r in rows if "better" in r} for rows in told]
    shares = {
        **(line_shares(lines, of_lines) if any(of_lines) else {}),
        **pair_shares(key, of_pairs),
    }
    kappa = agreement([judge for judge in of_lines if judge])
    if not options.json:
        for name, share in shares.items():
            print(f"{name:42} {share}")
        if kappa is not None:
            print(f"{'agreement on fit (kappa)':42} {kappa:.2f}")
    figures = {
        name: {"count": share.count, "of": share.of, "interval": wilson(share.count, share.of)}
        for name, share in shares.items()
    }
    print(json.dumps({"benchmark": "reading_verdicts", "shares": figures, "kappa": kappa}))
    return 0


def _share(rows: Iterable[Row], ids: set[str]) -> Share:
    found = [row["id"] in ids for row in rows]
    return Share(sum(found), len(found))


def _wrong(told: Sequence[Sequence[Row]], ids: set[str]) -> list[str]:
    """Return a line for each verdict that is none, or is of nothing that was asked."""
    wrong = []
    for row in (row for rows in told for row in rows):
        if row.get("id") not in ids:
            wrong.append(f"{row.get('id')}: no line or pair that was asked about")
        elif row.get("verdict", "fit") not in VERDICTS:
            wrong.append(f"{row['id']}: no verdict: {row['verdict']}")
        elif row.get("better", "tie") not in ("A", "B", "tie"):
            wrong.append(f"{row['id']}: neither A nor B nor tie: {row['better']}")
    return wrong


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
