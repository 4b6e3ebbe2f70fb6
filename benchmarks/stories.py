"""Quality and speed of grouping articles into stories, compared with two other methods.

    python -m benchmarks.stories [--data DIR] [--json]

Without ``--data`` the week of the sample newsroom is grouped, labelled by its events. DIR has
``stories/uci_stories.jsonl.gz`` and ``stories/allsides30d_semisynth.jsonl.gz``. Scores are
B-cubed precision, recall and F (Bagga and Baldwin 1998), and F1 over pairs of articles.
"""

import argparse
import gzip
import json
import math
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from bot.domain.article import Article
from bot.group import group_articles
from bot.topics.tokens import search_tokens
from bot.tryout.newsroom import SampleArticle, load_newsroom
from summarizers.stopwords import story_stop_words

__all__ = ["main"]

Groups = list[list[int]]

_MORNING = datetime(2026, 6, 5, 5, 30, tzinfo=UTC)
_SHUFFLE_SEED = 1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A set of articles with the label of each article's story."""

    name: str
    articles: Sequence[Article]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The scores of one method on one set; all but the last two are in [0, 1]."""

    precision: float
    recall: float
    f: float
    pairs_f: float
    stories: int
    articles_per_s: float


class MissingData(Exception):
    """A file of labelled articles is missing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 2 without data, else 0."""
    options = _parser().parse_args(arguments)
    try:
        sets = _read_sets(options.data) if options.data else [_sample_newsroom()]
    except MissingData as error:
        print(error, file=sys.stderr)
        return 2
    results = {
        labelled.name: {name: _score(run, labelled) for name, run in _METHODS.items()}
        for labelled in sets
    }
    if not options.json:
        _print_table(sets, results)
    print(json.dumps({"benchmark": "stories", "sets": _plain(results)}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.stories", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, help="directory with the labelled sets")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    return parser


# ── Sets ────────────────────────────────────────────────────────────────────────────────


def _read_sets(data: Path) -> list[Labelled]:
    uci = _read(data / "stories" / "uci_stories.jsonl.gz")
    allsides = _read(data / "stories" / "allsides30d_semisynth.jsonl.gz")
    return [
        _timed("uci headlines, as filed", uci),
        _shuffled("uci headlines, shuffled", uci),
        _timed("allsides 30 days", allsides),
    ]


def _timed(name: str, rows: Sequence[Mapping[str, Any]]) -> Labelled:
    articles = [_article(row, datetime.fromtimestamp(row["ts"], UTC)) for row in rows]
    return Labelled(name, articles, _labels(rows))


def _shuffled(name: str, rows: Sequence[Mapping[str, Any]]) -> Labelled:
    """Return ``rows`` in random order and with equal times.

    The headlines of a story were filed within seconds of each other, so that order and times
    would give the story away.
    """
    rows = random.Random(_SHUFFLE_SEED).sample(rows, len(rows))
    return Labelled(name, [_article(row, _MORNING) for row in rows], _labels(rows))


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise MissingData(f"benchmarks.stories: no such file: {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _labels(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(row["story"]) for row in rows]


def _article(row: Mapping[str, Any], at: datetime) -> Article:
    return Article(
        url=f"https://news.example/{row['id']}",
        title=row["title"],
        text=row.get("lead", ""),
        language=row["lang"],
        source=row.get("outlet", ""),
        published_at=at,
        seen_at=at,
    )


def _sample_newsroom() -> Labelled:
    """Return the newsroom's articles; an event in two languages counts as one story."""
    newsroom = load_newsroom()
    languages = {outlet.slug: outlet.language for outlet in newsroom.outlets}
    samples = newsroom.articles
    return Labelled(
        "sample newsroom",
        [_sample(sample, languages[sample.outlet]) for sample in samples],
        [sample.event for sample in samples],
    )


def _sample(sample: SampleArticle, language: str) -> Article:
    at = _MORNING + timedelta(days=sample.day) - timedelta(hours=sample.age_h)
    return Article(
        url=f"https://news.example/{sample.slug}",
        title=sample.title,
        text="\n".join(sample.paragraphs),
        language=language,
        source=sample.outlet,
        published_at=at,
        seen_at=at,
    )


# ── Peers ───────────────────────────────────────────────────────────────────────────────

# The rule of NewsBlur's clustering (apps/clustering, 2026), with its own figures: equal titles, or
# titles of at least five significant words each (numbers do not count) that share three words and
# 60% of the shorter title. Words in more than fifty titles are not looked up.
_TITLE_WORDS = 5
_SHARED_WORDS = 3
_SHARED_PART = 0.6
_COMMON_TITLES = 50
# The cosine threshold, of .10 to .50 in steps of .05, at which single-pass clustering scores best
# on both sets together.
_LEADER_COSINE = 0.20


def title_rule(articles: Sequence[Article]) -> Groups:
    """Return stories by similarity of titles alone, by the rule of NewsBlur."""
    words = [_significant(article.title) for article in articles]
    parent = list(range(len(articles)))
    first: dict[str, int] = {}
    for n, article in enumerate(articles):
        _unite(parent, n, first.setdefault(" ".join(search_tokens(article.title)), n))
    titles: defaultdict[str, list[int]] = defaultdict(list)
    for n, significant in enumerate(words):
        if len(significant) >= _TITLE_WORDS:
            for word in significant:
                titles[word].append(n)
    for found in titles.values():
        if len(found) <= _COMMON_TITLES:
            for a, b in combinations(found, 2):
                if _share_enough(words[a], words[b]):
                    _unite(parent, a, b)
    return _groups([_root(parent, n) for n in range(len(articles))])


def _significant(title: str) -> frozenset[str]:
    words = (word for word in re.findall(r"\w+", title.lower()) if len(word) > 1)
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
        if word not in story_stop_words("en") and not word.isdigit()
    )


def _share_enough(a: frozenset[str], b: frozenset[str]) -> bool:
    shared = len(a & b)
    return shared >= _SHARED_WORDS and shared >= _SHARED_PART * min(len(a), len(b))


def _unite(parent: list[int], a: int, b: int) -> None:
    parent[_root(parent, a)] = _root(parent, b)


def _root(parent: list[int], n: int) -> int:
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = parent[n]
    return n


def leader(articles: Sequence[Article]) -> Groups:
    """Return stories by single-pass clustering: cosine of tf-idf to each story's first article.

    The search is exact, and document frequencies are taken over all articles in advance, which
    is to the advantage of this peer.
    """
    counted = [Counter(search_tokens(f"{article.title} {article.text}")) for article in articles]
    seen_in = Counter(term for counts in counted for term in counts)
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    story_of = []
    for n, counts in enumerate(counted):
        vector = _unit({t: c * math.log(len(counted) / seen_in[t]) for t, c in counts.items()})
        cosine: defaultdict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for other, other_weight in postings[term]:
                cosine[other] += weight * other_weight
        best = max(cosine, key=lambda other: cosine[other], default=n)
        if cosine[best] < _LEADER_COSINE:
            best = n
            for term, weight in vector.items():
                postings[term].append((n, weight))
        story_of.append(best)
    return _groups(story_of)


def _unit(weights: Mapping[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / norm for term, weight in weights.items()}


def _groups(story_of: Sequence[int]) -> Groups:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for n, story in enumerate(story_of):
        groups[story].append(n)
    return list(groups.values())


_METHODS: dict[str, Callable[[Sequence[Article]], Groups]] = {
    "daybrief": group_articles,
    "title rule (NewsBlur's)": title_rule,
    "leader, cosine": leader,
}


# ── Scores ──────────────────────────────────────────────────────────────────────────────


def _score(run: Callable[[Sequence[Article]], Groups], labelled: Labelled) -> Score:
    started = time.process_time()  # of the CPU: other programs take none of it
    groups = run(labelled.articles)
    took_s = time.process_time() - started
    story_of = {n: story for story, group in enumerate(groups) for n in group}
    found = [story_of[n] for n in range(len(labelled.articles))]
    precision, recall = b_cubed(labelled.labels, found)
    return Score(
        precision=precision,
        recall=recall,
        f=_harmonic(precision, recall),
        pairs_f=pairs_f(labelled.labels, found),
        stories=len(groups),
        articles_per_s=len(found) / took_s,
    )


def b_cubed(labels: Sequence[str], found: Sequence[int]) -> tuple[float, float]:
    """Return B-cubed precision and recall: the means of the values per article."""
    both, true, ours = Counter(zip(labels, found, strict=True)), Counter(labels), Counter(found)
    precision = sum(count * count / ours[story] for (_, story), count in both.items())
    recall = sum(count * count / true[label] for (label, _), count in both.items())
    return precision / len(found), recall / len(found)


def pairs_f(labels: Sequence[str], found: Sequence[int]) -> float:
    """Return F1 over the pairs of articles that are in the same story."""
    right = _pairs(Counter(zip(labels, found, strict=True)))
    ours, true = _pairs(Counter(found)), _pairs(Counter(labels))
    return _harmonic(right / ours if ours else 0.0, right / true if true else 0.0)


def _pairs(sizes: Mapping[Any, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


# ── Output ──────────────────────────────────────────────────────────────────────────────


def _print_table(sets: Sequence[Labelled], results: Mapping[str, Mapping[str, Score]]) -> None:
    for labelled in sets:
        stories = len(set(labelled.labels))
        print(f"{labelled.name}: {len(labelled.articles)} articles, {stories} stories")
        print(f"  {'':24}{'P':>7}{'R':>7}{'F':>7}{'pairs F':>9}{'stories':>9}{'articles/s':>12}")
        for line in _lines(results[labelled.name]):
            print(line)


def _lines(scores: Mapping[str, Score]) -> Iterator[str]:
    for name, score in scores.items():
        yield (
            f"  {name:24}{score.precision:7.3f}{score.recall:7.3f}{score.f:7.3f}"
            f"{score.pairs_f:9.3f}{score.stories:9}{score.articles_per_s:12,.0f}"
        )


def _plain(results: Mapping[str, Mapping[str, Score]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        name: {
            method: {key: round(value, 4) for key, value in asdict(score).items()}
            for method, score in scores.items()
        }
        for name, scores in results.items()
    }


if __name__ == "__main__":
    sys.exit(main())
