"""How many headlines and own words are told to those who asked, and to nobody else.

    python -m benchmarks.topic_cases [--half open|closed] [--failing]

Cases invented by people who had not seen the rules (tests/data/topics). Printed are, of what
should be told, the share that is (recall), of what should not, the share that is not (avoided),
and by language; told is what matches as well as the product asks for. ``--failing`` prints the
cases that fail: for the open half only, since the other must stay unread.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.floors import unmet
from bot.pick.ranking import TOLD_FROM
from bot.topics import QueryMatcher, Topics, load_topics, parse_query

__all__ = ["main"]

_CASES = Path(__file__).parent.parent / "tests" / "data" / "topics"
_Case = Mapping[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.topic_cases", description=__doc__)
    parser.add_argument("--half", choices=("open", "closed"), default="open")
    parser.add_argument("--failing", action="store_true")
    options = parser.parse_args(arguments)
    if options.failing and options.half != "open":
        parser.error("failing cases are printed of the open half only")
    topics = load_topics()
    figures: dict[str, object] = {"benchmark": "topic_cases", "half": options.half}
    kinds: tuple[tuple[str, Callable[[_Case], bool]], ...] = (
        ("headlines", lambda case: _is_about(case, topics)),
        ("queries", _is_found),
    )
    for kind, is_told in kinds:
        path = _CASES / f"{kind}-{options.half}.jsonl"
        cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        found: Counter[bool] = Counter()
        total: Counter[bool] = Counter()
        right: Counter[str] = Counter()
        for case in cases:
            expected = bool(case["expected"])
            total[expected] += 1
            if is_told(case) is expected:
                found[expected] += 1
                right[case["language"]] += 1
            elif options.failing:
                print(json.dumps(case, ensure_ascii=False))
        told_wrongly = total[False] - found[False]
        figures[kind] = {
            "cases": len(cases),
            "recall": round(found[True] / total[True], 3),
            "avoided": round(found[False] / total[False], 3),
            "precision": round(found[True] / max(found[True] + told_wrongly, 1), 3),
        }
        languages = Counter(case["language"] for case in cases)
        print(kind, *(f"{code} {right[code]}/{count}" for code, count in languages.most_common()))
    print(json.dumps(figures))
    return 1 if unmet("topic_cases", figures) else 0


def _is_about(case: _Case, topics: Topics) -> bool:
    topic = topics.find(case["topic"])
    matches = topics.match(case["title"], case["lead"], case["language"])
    match = matches.get(topic.slug) if topic is not None else None
    return match is not None and match.score >= TOLD_FROM


def _is_found(case: _Case) -> bool:
    matcher = QueryMatcher({"query": parse_query(case["query"])})
    match = matcher.match(case["title"], case["lead"], case["language"]).get("query")
    return match is not None and match.score >= TOLD_FROM


if __name__ == "__main__":
    sys.exit(main())
