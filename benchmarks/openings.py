"""Sentences told after a gap: how many that dangle pass, and how many that are sound fall.

    python -m benchmarks.openings [--data DIR] [--half open|closed] [--list] [--json]

DIR contains cases-open.jsonl, cases-closed.jsonl or both, which --half chooses from, of
{id, language, title, shown: [sentence, …], skipped, sentence, dangles, kind};
without it tests/data/openings is used. Each case is read as a document; the
sentences shown are told, and it is asked whether the last may follow them without the one
skipped. A sentence passes if it may. --list prints the cases that are judged wrongly.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizers.choosing import Choice
from summarizers.story import read_story
from summarizers.values import Budget, Document

__all__ = ["main", "passes"]

_DEFAULT_DATA = Path(__file__).parent.parent / "tests" / "data" / "openings"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table by language and a line of JSON; return 2 without data, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.openings", description=__doc__)
    parser.add_argument("--data", type=Path, default=_DEFAULT_DATA, help="folder of the cases")
    parser.add_argument("--half", choices=("open", "closed"), help="both if there are both")
    parser.add_argument("--list", action="store_true", help="print what is judged wrongly")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args(arguments)
    paths = sorted(options.data.glob(f"cases-{options.half or '*'}.jsonl"))
    if not paths:
        print(f"no such cases in {options.data}: say where with --data", file=sys.stderr)
        return 2
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    cases = [json.loads(line) for line in lines if line]
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases:
        is_wrong = passes(case) == case["dangles"]
        what = "dangling" if case["dangles"] else "sound"
        for language in (case["language"], "all"):
            counts[language, what] += 1
            counts[language, f"{what} wrong"] += is_wrong
        if is_wrong and options.list:
            print(what, case["id"], case["kind"], "|", case["title"], "|", *case["shown"])
            print("   ", case["sentence"])
    languages = [*sorted({case["language"] for case in cases}), "all"]
    report = {language: _shares(counts, language) for language in languages}
    if not options.json:
        print(f"{'':10}{'dangling':>10}{'pass, %':>10}{'sound':>10}{'fall, %':>10}")
        for language, row in report.items():
            print(f"{language:10}" + "".join(f"{value:10}" for value in row.values()))
    print(json.dumps({"benchmark": "openings", "half": options.half or "all", "languages": report}))
    return 0


def _shares(counts: Counter[tuple[str, str]], language: str) -> dict[str, float]:
    def share(what: str) -> float:
        return round(100 * counts[language, f"{what} wrong"] / (counts[language, what] or 1), 1)

    return {
        "dangling": counts[language, "dangling"],
        "dangling that pass": share("dangling"),
        "sound": counts[language, "sound"],
        "sound that fall": share("sound"),
    }


def passes(case: dict[str, Any]) -> bool:
    """Return whether the sentence of a case may be told below its title and what is shown."""
    text = "\n".join([*case["shown"], case["skipped"], case["sentence"]])
    document = Document(text, case["title"])
    story = read_story([document], case["language"])
    choice = Choice(story, Budget(sentences=10))
    end = sum(len(sentence) + 1 for sentence in case["shown"])
    start = len(text) - len(case["sentence"])
    told = [at for at, found in enumerate(story.candidates) if found.end <= end]
    choice.take(told)
    return any(
        choice.unit(at) == (at,)
        for at, found in enumerate(story.candidates)
        if found.start >= start
    )


if __name__ == "__main__":
    sys.exit(main())
