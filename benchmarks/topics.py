"""Quality of country recognition in news: our catalogue compared with plain word lists.

    python -m benchmarks.topics [--data ../shared/data] [--json]

Reuters-21578 labels each article with the places it is about. Macro F is the mean over
places with at least ``MIN_ARTICLES`` articles, so a rare country counts as much as a frequent
one. Weights and aliases were tuned on these same articles, so the figures do not predict
performance on others; the odd-numbered half is reported separately to show how much they vary.
Former places count as their present successors ("ussr" as russia).
"""

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.topics import Topics, load_topics

__all__ = ["main"]

MIN_ARTICLES = 5  # with fewer, one article moves a label's F by more than methods differ
_DATA = Path("../shared/data")
_FILE = Path("stories/reuters.jsonl.gz")
# Former places whose successors the names in the catalogue do not give.
_BECAME = {
    "congo": "congo-brazzaville",
    "czechoslovakia": "czechia",
    "yemen-arab-republic": "yemen",
    "yemen-demo-republic": "yemen",
    "yugoslavia": "serbia",
}

Recognise = Callable[[str, str], set[str]]


class Labelled(NamedTuple):
    """An article and the slugs of the places it is about."""

    number: int
    title: str
    text: str
    places: frozenset[str]


class Result(NamedTuple):
    """The scores of one method: macro precision, recall and F over all, and F on the odd half."""

    precision: float
    recall: float
    f: float
    f_odd_half: float
    ms_per_article: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 2 without data, else 0."""
    options = _parser().parse_args(arguments)
    path = options.data / _FILE
    if not path.is_file():
        print(f"No labelled articles at {path}: name the data with --data DIR.", file=sys.stderr)
        return 2
    topics = load_topics()
    raw = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    slugs = {label: _slug(topics, label) for article in raw for label in article["places"]}
    articles = [
        Labelled(
            number,
            article["title"],
            article["body"],
            frozenset(slugs[label] for label in article["places"]),
        )
        for number, article in enumerate(raw)
    ]
    results = {
        name: _measure(recognise, articles)
        for name, recognise in _methods(topics, slugs, options.data).items()
    }
    if not options.json:
        _print_table(results)
    plain = {
        name: {key: round(value, 4) for key, value in result._asdict().items()}
        for name, result in results.items()
    }
    print(json.dumps({"benchmark": "topics", "articles": len(articles), "methods": plain}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.topics", description=__doc__)
    parser.add_argument("--data", type=Path, default=_DATA, help=f"directory that holds {_FILE}")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


def _slug(topics: Topics, label: str) -> str:
    """Return the catalogue's slug for a place of the data set, or ``label`` if it has none."""
    topic = topics.get(label) or topics.find(label)
    return _BECAME.get(label) or (topic.slug if topic else label)


def _methods(topics: Topics, slugs: Mapping[str, str], data: Path) -> dict[str, Recognise]:
    """Return the methods by name, ours last."""
    words = {label: {label.replace("-", " ")} for label in slugs}
    names = {label: words[label] | _english_names(topics, slug) for label, slug in slugs.items()}
    methods = {
        "slug words": _word_list(words, slugs),
        "+ CLDR names": _word_list(names, slugs),
    }
    demonyms = data / "demonyms.json"
    if demonyms.is_file():
        listed = json.loads(demonyms.read_text("utf-8"))
        more = {label: names[label] | set(listed.get(label, ())) for label in slugs}
        methods["+ demonyms, capitals"] = _word_list(more, slugs)

    def ours(title: str, text: str) -> set[str]:
        return set(topics.match(title, text, "en"))

    return methods | {"ours": ours}


def _english_names(topics: Topics, slug: str) -> set[str]:
    topic = topics.get(slug)
    return {topic.name().casefold()} if topic else set()


def _word_list(words: Mapping[str, set[str]], slugs: Mapping[str, str]) -> Recognise:
    """Return a method that searches for any of a label's words anywhere, the longest first."""
    owners: dict[str, set[str]] = defaultdict(set)
    for label, spellings in words.items():
        for spelling in spellings:
            owners[spelling].add(slugs[label])
    longest_first = sorted(map(re.escape, owners), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")

    def recognise(title: str, text: str) -> set[str]:
        line = " ".join(f"{title} . {text}".casefold().split())
        return set().union(*(owners[word] for word in pattern.findall(line)))

    return recognise


def _measure(recognise: Recognise, articles: Sequence[Labelled]) -> Result:
    started = time.perf_counter()
    found = [recognise(article.title, article.text) for article in articles]
    took_s = time.perf_counter() - started
    frequency = Counter(place for article in articles for place in article.places)
    places = sorted(place for place, count in frequency.items() if count >= MIN_ARTICLES)
    pairs = list(zip(articles, found, strict=True))
    precision, recall, f = _macro(pairs, places)
    odd_half = _macro([pair for pair in pairs if pair[0].number % 2], places)[2]
    return Result(precision, recall, f, odd_half, 1000 * took_s / len(articles))


def _macro(
    pairs: Sequence[tuple[Labelled, set[str]]], places: Sequence[str]
) -> tuple[float, float, float]:
    """Return mean precision, recall and F over ``places``, without those that label no article."""
    right: Counter[str] = Counter()
    claimed: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for article, found in pairs:
        right.update(article.places & found)
        claimed.update(found)
        true.update(article.places)
    met = [place for place in places if true[place]]
    precision = sum(right[place] / max(claimed[place], 1) for place in met) / len(met)
    recall = sum(right[place] / true[place] for place in met) / len(met)
    f = sum(2 * right[place] / (claimed[place] + true[place]) for place in met) / len(met)
    return precision, recall, f


def _print_table(results: Mapping[str, Result]) -> None:
    print(f"{'':22}{'precision':>10}{'recall':>8}{'macro F':>9}{'odd half':>10}{'ms/article':>12}")
    for name, result in results.items():
        print(
            f"{name:22}{result.precision:>10.3f}{result.recall:>8.3f}{result.f:>9.3f}"
            f"{result.f_odd_half:>10.3f}{result.ms_per_article:>12.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
