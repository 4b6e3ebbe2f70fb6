"""Speed of summaries and its growth with length, compared with sumy's LexRank.

    python -m benchmarks.summary_speed [--data DIR] [--json]

DIR contains multinews.jsonl.gz and allsides.jsonl.gz as for benchmarks.summaries; without it
../shared/data/summaries is used, and if that is missing, text of invented words drawn by Zipf's
law. Both methods start from the plain text and split it with the same splitter; seconds are CPU
time, the best of several runs.
"""

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.floors import unmet
from benchmarks.sumy_peers import rank
from summarizers import Budget, Document, split_sentences, summarize

__all__ = ["main"]

_DEFAULT_DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "summaries"
_SEED = 1
# sumy's LexRank is quadratic and is not measured beyond a thousand sentences.
_COMPARED = 1_000
_LENGTHS = (_COMPARED, 5_000, 20_000)
_CLUSTERS = 12
_ARTICLES = 60
_ARTICLE_WORDS = range(60, 201)
_RUNS = 3

Story = list[Document]


@dataclass(frozen=True, slots=True)
class Task:
    """Stories to summarize, to ``words`` words each; LexRank also runs if ``is_compared``."""

    name: str
    stories: Sequence[Story]
    words: int = 200
    is_compared: bool = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, 2 without data, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.summary_speed", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the sets")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args(arguments)
    folder = options.data or _DEFAULT_DATA
    if options.data and not (folder / "multinews.jsonl.gz").exists():
        print(f"no multinews.jsonl.gz in {folder}", file=sys.stderr)
        return 2
    summarize([Document("A first sentence loads the word lists.")], budget=Budget(sentences=1))
    rank("lexrank", ["sumy is loaded."], "", "en")
    results = {task.name: _measure(task) for task in _tasks(folder)}
    if not options.json:
        _print_table(results)
    report = {"benchmark": "summary_speed", "tasks": results}
    lines = unmet("summary_speed", report)
    print(*lines, sep="\n", file=sys.stderr, end="\n" if lines else "")
    print(json.dumps(report))
    return 1 if lines else 0


def _measure(task: Task) -> dict[str, float]:
    """Return the seconds of the default method, and of LexRank with the ratio if compared."""
    ours = _seconds(lambda: [_summarize(story, task.words) for story in task.stories], _RUNS)
    if not task.is_compared:
        return {"seconds": round(ours, 4)}
    theirs = _seconds(lambda: [_lexrank(story) for story in task.stories], _RUNS)
    return {
        "seconds": round(ours, 4),
        "lexrank_s": round(theirs, 4),
        "ratio": round(theirs / ours, 1),
    }


def _seconds(work: Callable[[], object], runs: int) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _summarize(story: Story, words: int) -> object:
    return summarize(story, budget=Budget(words=words), language="en")


def _lexrank(story: Story) -> object:
    sentences = [
        document.text[start:end]
        for document in story
        for start, end in split_sentences(document.text, "en")
    ]
    return rank("lexrank", sentences, "", "en")


def _tasks(folder: Path) -> Iterator[Task]:
    clusters = list(_read(folder / "multinews.jsonl.gz")) or list(_made_up(40))
    articles = [[article] for story in _read(folder / "allsides.jsonl.gz") for article in story]
    articles = articles or [[_text(rng, 7)] for rng in map(random.Random, range(_ARTICLES))]
    sentences = list(_sentences(clusters, max(_LENGTHS)))
    for length in _LENGTHS:
        text = "\n".join(sentences[:length])
        is_compared = length <= _COMPARED
        yield Task(f"{length:,} sentences", [[Document(text)]], is_compared=is_compared)
    yield Task(f"{_CLUSTERS} clusters", clusters[:_CLUSTERS])
    short = [story for story in articles if len(story[0].text.split()) in _ARTICLE_WORDS]
    for words in (200, 60):  # room for the whole article, and for two or three sentences
        yield Task(f"{_ARTICLES} short articles to {words} words", short[:_ARTICLES], words=words)


def _read(path: Path) -> Iterator[Story]:
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield [
                Document(document["text"], document["title"])
                for document in json.loads(line)["documents"]
            ]


def _sentences(stories: Sequence[Story], count: int) -> Iterator[str]:
    """Yield ``count`` sentences: those of the stories, then recombinations of their words."""
    found = [
        document.text[start:end]
        for story in stories
        for document in story
        for start, end in split_sentences(document.text, "en")
        if document.text[end - 1] == "." and end - start > 40
    ]
    rng = random.Random(_SEED)
    while len(found) < count:
        words = rng.choice(found).split()
        found.append(" ".join([*words[: len(words) // 2], *rng.choice(found).split()[-8:]]))
    yield from islice(found, count)


def _made_up(count: int) -> Iterator[Story]:
    """Yield ``count`` stories of three documents of 27 sentences, the mean size in the sets."""
    for seed in range(count):
        rng = random.Random(seed)
        yield [_text(rng, 27) for _ in range(3)]


def _text(rng: random.Random, sentences: int) -> Document:
    vocabulary = [f"w{number:x}ord" for number in range(3_000)]
    weights = [1 / (rank + 1) for rank in range(len(vocabulary))]
    drawn = [rng.choices(vocabulary, weights, k=rng.randint(12, 30)) for _ in range(sentences)]
    return Document("\n".join(" ".join(words).capitalize() + "." for words in drawn))


def _print_table(results: dict[str, dict[str, float]]) -> None:
    print(f"{'':32}{'centroid, s':>14}{'LexRank, s':>14}{'ratio':>9}")
    for name, row in results.items():
        peer = f"{row['lexrank_s']:14.3f}{row['ratio']:9.1f}" if "ratio" in row else ""
        print(f"{name:32}{row['seconds']:14.3f}{peer}")


if __name__ == "__main__":
    sys.exit(main())
