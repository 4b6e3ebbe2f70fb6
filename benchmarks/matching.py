"""The time to match an article with thousands of queries: ours compared with two simple methods.

    python -m benchmarks.matching [--queries 30000] [--articles 200] [--json] [--data DIR]

Queries are drawn from an invented vocabulary whose words are as unequal in frequency as
words are (Zipf): one word, two words, a phrase, or a word with a -never word. Articles are
drawn from the same vocabulary. ``naive`` evaluates each query in turn; ``re`` selects candidate
queries by one compiled alternation. All must agree. ``--data`` is accepted and not used.
"""

import argparse
import json
import random
import re
import string
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from bot.domain.subscription import Query
from bot.topics import QueryMatcher, query_key

__all__ = ["main"]

_VOCABULARY = 60_000
_WORDS_PER_ARTICLE = 400
# Queries do not contain the most frequent words, as readers search for names and things.
_STOP_WORDS = 2_000
_NAIVE_ARTICLES = 5  # some 50 ms each: enough for a stable mean

Article = tuple[str, str]
Ask = Callable[[str, str], set[str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if the methods disagree, else 0."""
    options = _parser().parse_args(arguments)
    rng = random.Random(7)
    words = _vocabulary(rng)
    queries = _queries(words, options.queries, rng)
    articles = _articles(words, options.articles, rng)
    built_at = time.perf_counter()
    matcher = QueryMatcher(queries)
    build_s = time.perf_counter() - built_at
    peers: dict[str, tuple[Ask, int]] = {
        "ours": (lambda title, text: set(matcher.match(title, text, "en")), len(articles)),
        "naive": (_naive(queries), min(_NAIVE_ARTICLES, len(articles))),
        "re": (_alternation(queries), min(_NAIVE_ARTICLES, len(articles))),
    }
    found = {name: _run(ask, articles[:n]) for name, (ask, n) in peers.items()}
    if any(answers != found["ours"][0][: len(answers)] for answers, _ in found.values()):
        print("The peers disagree: the measurement says nothing.", file=sys.stderr)
        return 1
    per_article = {name: ms for name, (_, ms) in found.items()}
    if not options.json:
        _print_table(per_article, build_s, hits=sum(map(len, found["ours"][0])) / len(articles))
    rounded = {name: round(ms, 4) for name, ms in per_article.items()}
    print(json.dumps({"benchmark": "matching", "queries": len(queries), "ms": rounded}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--queries", type=int, default=30_000)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _vocabulary(rng: random.Random) -> list[str]:
    """Return distinct invented words, none of which is the plural of another."""
    letters = string.ascii_lowercase.replace("s", "")
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        words["".join(rng.choices(letters, k=rng.randint(3, 9)))] = None
    return list(words)


def _queries(words: Sequence[str], n: int, rng: random.Random) -> dict[str, Query]:
    """Return ``n`` queries by key; rare and frequent words are equally likely."""
    queries: dict[str, Query] = {}
    while len(queries) < n:
        first, second = rng.choices(words[_STOP_WORDS:], k=2)
        query = rng.choice(
            (
                Query(terms=(first,)),
                Query(terms=(), must=(first, second)),
                Query(terms=(f"{first} {second}",)),
                Query(terms=(first,), never=(second,)),
            )
        )
        queries[query_key(query)] = query
    return queries


def _articles(words: Sequence[str], n: int, rng: random.Random) -> list[Article]:
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    return [
        (
            " ".join(rng.choices(words, cum_weights=weights, k=10)),
            " ".join(rng.choices(words, cum_weights=weights, k=_WORDS_PER_ARTICLE)),
        )
        for _ in range(n)
    ]


def _naive(queries: Mapping[str, Query]) -> Ask:
    """Return a matcher that evaluates every query."""

    def ask(title: str, text: str) -> set[str]:
        line = f" {title} | {text} "
        return {key for key, query in queries.items() if _fulfils(query, line)}

    return ask


def _alternation(queries: Mapping[str, Query]) -> Ask:
    """Return a matcher that evaluates only queries whose first term a regular expression finds."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for key, query in queries.items():
        by_first[(query.terms + query.must)[0].split()[0]].append(key)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, by_first))})\b")

    def ask(title: str, text: str) -> set[str]:
        line = f" {title} | {text} "
        keys = (key for word in set(pattern.findall(line)) for key in by_first[word])
        return {key for key in keys if _fulfils(queries[key], line)}

    return ask


def _fulfils(query: Query, line: str) -> bool:
    return all(f" {term} " in line for term in query.terms + query.must) and not any(
        f" {term} " in line for term in query.never
    )


def _run(ask: Ask, articles: Sequence[Article]) -> tuple[list[set[str]], float]:
    """Return the answers, and the mean milliseconds per article."""
    for title, text in articles:  # fills the tables of words, which last as long as the process
        ask(title, text)
    started = time.perf_counter()
    answers = [ask(title, text) for title, text in articles]
    return answers, 1000 * (time.perf_counter() - started) / len(articles)


def _print_table(per_article: Mapping[str, float], build_s: float, *, hits: float) -> None:
    print(f"{'':8}{'ms/article':>12}{'÷ ours':>10}")
    for name, ms in per_article.items():
        print(f"{name:8}{ms:>12.3f}{ms / per_article['ours']:>10.0f}")
    print(f"\n{hits:.1f} queries fulfilled an article; ours was built in {build_s:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
