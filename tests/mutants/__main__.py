"""``make mutants``: mutation testing. Change the source in one place, and check that a test fails.

python -m tests.mutants [--seed N] [--count 60] [--minutes 10] [--only bot/desk]

A mutant that survives all tests is printed as a diff, for a person to decide whether a test is
missing or the change cannot be observed. Each mutant is run against the quick tests of its own
folder, on SQLite: a mutant that only other folders' tests, PostgreSQL or a slow test would kill
survives here.
"""

import argparse
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tests.mutants.drawing import draw
from tests.mutants.judging import BrokenTests, Limits, Verdict, judge
from tests.mutants.report import line_of, summary
from tests.mutants.sites import list_sites

__all__ = ["main"]

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run the mutants and print the report; return the exit code.

    0 however many survive, 1 if a test fails without a mutation, 2 for a bad argument, 130 if
    interrupted.
    """
    options = _parser().parse_args(arguments)
    sites = list_sites(root, options.only)
    if not sites:
        print(f"mutants: there is nothing to change in {options.only!r}", file=sys.stderr)
        return 2
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    drawn = draw(sites, options.count, seed, root)
    print(f"{len(drawn)} of {len(sites)} possible mutants, drawn with --seed {seed}", flush=True)
    limits = Limits(total_s=options.minutes * 60)
    try:
        verdicts = judge(drawn, root, limits, _tell)
    except BrokenTests as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print("\n".join(summary(verdicts, len(drawn), root)))
    return 0


def _tell(verdict: Verdict) -> None:
    print(line_of(verdict), flush=True)


class _Parser(argparse.ArgumentParser):
    """An argument parser that reports an error in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"mutants: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("mutants", usage="python -m tests.mutants [options]")
    parser.add_argument("--seed", type=int, metavar="N", help="draw what another run drew")
    parser.add_argument("--count", type=_positive, default=60, metavar="N", help="how many (60)")
    parser.add_argument("--minutes", type=_positive, default=10, metavar="N", help="at most (10)")
    parser.add_argument("--only", default="", metavar="PATH", help="a folder or file: bot/desk")
    return parser


def _positive(word: str) -> int:
    number = int(word) if word.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is no positive number")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
