"""Quality of summaries, compared with sumy, the lead, a random choice and an oracle.

    python -m benchmarks.summaries [--data DIR] [--sets NAME,…] [--plot FILE] [--json]

DIR contains NAME.jsonl.gz of {id, lang, documents: [{title, text}], summary: [reference, …]};
without it ../shared/data/summaries is used, if it exists. Every system gets the same budget of
words and returns whole sentences only. Figures are F1 of ROUGE-1, -2 and -L, in percent. Our
own methods run with the guard against unsuitable sentences; faults are counted for all systems by
simple rules that are independent of the guard; ms is CPU time per item.
"""

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from benchmarks.floors import unmet
from benchmarks.scoring import Reference, Rouge, paired_interval
from benchmarks.summary_plot import plot
from benchmarks.sumy_peers import PEERS, rank
from summarizers import METHODS, Budget, Document, split_sentences, summarize
from summarizers.languages import word_count

__all__ = ["Item", "main"]

# In words: about the length of the references of each set.
BUDGETS = {
    "multinews": 200,
    "multinews100": 200,
    "allsides": 60,
    "vims": 180,
    "vmds": 160,
    "cnndm": 50,
    "bbc": 120,
    "kr50": 70,
}
_DEFAULT_DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "summaries"
_OURS = "centroid"
_RIVAL = "sumy lexrank"


@dataclass
class Item:
    """A story to summarize, its reference summaries, and values that the systems share."""

    documents: list[Document]
    language: str
    references: list[str]
    budget: int

    @cached_property
    def reference(self) -> Reference:
        """The references, ready for scoring."""
        return Reference(self.references, self.language)

    @cached_property
    def sentences(self) -> list[tuple[int, str]]:
        """Every sentence of all documents, with its position in its document, from 0."""
        return [
            (place, document.text[start:end])
            for document in self.documents
            for place, (start, end) in enumerate(split_sentences(document.text, self.language))
        ]

    @property
    def title(self) -> str:
        """The titles of all documents, joined."""
        return " ".join(document.title for document in self.documents)

    def filled(self, ranking: Iterable[int]) -> list[str]:
        """Return the sentences of ``ranking``, best first, that fit the budget, in text order."""
        left, chosen = self.budget, []
        for index in ranking:
            words = word_count(self.sentences[index][1], self.language)
            if words <= left:
                left -= words
                chosen.append(index)
        return [self.sentences[index][1] for index in sorted(chosen)]


System = Callable[[Item], list[str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print tables and a line of JSON; return 1 if a floor is not met, 2 without data, else 0."""
    options = _parser().parse_args(arguments)
    names = [name for name in BUDGETS if not options.sets or name in options.sets.split(",")]
    sets = {name: _read(options.data / f"{name}.jsonl.gz", BUDGETS[name]) for name in names}
    sets = {name: items[:: options.every] for name, items in sets.items() if items}
    if not sets:
        print(f"no sets (NAME.jsonl.gz) in {options.data}: say where with --data", file=sys.stderr)
        return 2
    report = {}
    for name, items in sets.items():
        outputs, spent = {}, {}
        for system, run in _systems().items():
            start = time.process_time()
            outputs[system] = [run(item) for item in items]
            spent[system] = round(1000 * (time.process_time() - start) / len(items), 3)
        report[name] = _judge(items, outputs)
        for system, ms in spent.items():
            report[name][system]["ms"] = ms
        if not options.json:
            _print_set(name, len(items), report[name])
    if options.plot:
        options.plot.write_text(plot(report), "utf-8")
    figures = {"benchmark": "summaries", "sets": report}
    # The floors hold for whole sets only.
    lines = unmet("summaries", figures) if options.every == 1 else []
    print(*lines, sep="\n", file=sys.stderr, end="\n" if lines else "")
    print(json.dumps(figures))
    return 1 if lines else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.summaries", description=__doc__)
    parser.add_argument("--data", type=Path, default=_DEFAULT_DATA, help="folder of the sets")
    parser.add_argument("--sets", default="", help="names of the sets, with commas (all)")
    parser.add_argument("--every", type=int, default=1, help="take every so many items only")
    parser.add_argument("--plot", type=Path, help="draw quality against cost into this SVG file")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    return parser


def _read(path: Path, budget: int) -> list[Item]:
    """Return the items of a set, [] if the file does not exist."""
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [
        Item(
            [Document(document["text"], document["title"]) for document in row["documents"]],
            row["lang"],
            row["summary"],
            budget,
        )
        for row in rows
    ]


def _systems() -> dict[str, System]:
    ours: dict[str, System] = {method: partial(_summarized, method) for method in METHODS}
    peers: dict[str, System] = {f"sumy {name}": partial(_peer, name) for name in PEERS}
    return {**ours, **peers, "lead, raw": _lead, "random": _random, "oracle": _oracle}


def _summarized(method: str, item: Item) -> list[str]:
    budget = Budget(words=item.budget)
    summary = summarize(item.documents, budget=budget, language=item.language, method=method)
    return [sentence.text for sentence in summary.sentences]


def _peer(name: str, item: Item) -> list[str]:
    texts = [text for _, text in item.sentences]
    return item.filled(rank(name, texts, item.title, item.language))


def _lead(item: Item) -> list[str]:
    """Return the first sentence of each document, then the second of each, and so on."""
    turns = sorted(range(len(item.sentences)), key=lambda index: item.sentences[index][0])
    return item.filled(turns)


def _random(item: Item) -> list[str]:
    order = list(range(len(item.sentences)))
    random.Random(len(item.documents[0].text)).shuffle(order)
    return item.filled(order)


def _oracle(item: Item) -> list[str]:
    """Return the sentences that score best, chosen greedily with the references at hand."""
    chosen: list[int] = []
    left, best = item.budget, 0.0
    lengths = [word_count(text, item.language) for _, text in item.sentences]
    while True:
        trials = [
            (item.reference.score(_joined(item, [*chosen, index])).mean, index)
            for index in range(len(lengths))
            if lengths[index] <= left and index not in chosen
        ]
        value, index = max(trials, default=(0.0, -1))
        if value <= best:
            return [item.sentences[index][1] for index in sorted(chosen)]
        best, left = value, left - lengths[index]
        chosen.append(index)


def _joined(item: Item, indexes: Iterable[int]) -> str:
    return " ".join(item.sentences[index][1] for index in sorted(indexes))


def _judge(items: Sequence[Item], outputs: dict[str, list[list[str]]]) -> dict[str, Any]:
    """Return each system's scores and faults, and the lead of our default method over it."""
    scores = {
        system: [
            item.reference.score(" ".join(own)) for item, own in zip(items, texts, strict=True)
        ]
        for system, texts in outputs.items()
    }
    report: dict[str, Any] = {}
    for system, own in scores.items():
        report[system] = {**_means(own), **_faults(items, outputs[system])}
        gains = [
            100 * (ours.mean - theirs.mean) for ours, theirs in zip(scores[_OURS], own, strict=True)
        ]
        low, high = paired_interval(gains)
        ahead = {"mean": sum(gains) / len(gains), "low": low, "high": high}
        report[system]["ahead"] = {name: round(value, 2) for name, value in ahead.items()}
    return report


def _means(scores: Sequence[Rouge]) -> dict[str, float]:
    parts = {"r1": "r1", "r2": "r2", "rl": "rl", "mean": "mean"}
    return {
        name: round(100 * sum(getattr(score, part) for score in scores) / len(scores), 2)
        for name, part in parts.items()
    }


_PRONOUN = re.compile(
    r"\W*(?:he|she|it|they|his|her|their|this|these|those|but|and|however|also|er|sie|dies|aber|"
    r"anh ta|cô ta|ông này|bà này|họ|nhưng|tuy nhiên|그는|그녀는|그러나|하지만)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r".{0,40}\((?:CNN|AP|Reuters|AFP)\)")
_PROMOTION = re.compile(
    r"sign up|newsletter|click here|all rights reserved|image caption|getty images|follow us|"
    r"xem thêm|ảnh:|무단 ?전재",
    re.IGNORECASE,
)
_QUOTE_MARKS = re.compile('["“”„«»]')


def _faults(items: Sequence[Item], outputs: Sequence[list[str]]) -> dict[str, float]:
    """Return the percentage of summaries with each fault, and the mean of the worst overlaps."""
    found: Counter[str] = Counter()
    repetition = 0.0
    for item, sentences in zip(items, outputs, strict=True):
        found.update({fault for fault, has in _FAULTS.items() if has(item, sentences)})
        repetition += _worst_overlap(sentences)
    shares = {fault: round(100 * found[fault] / len(items), 1) for fault in _FAULTS}
    return {**shares, "worst overlap": round(repetition / len(items), 3)}


def _dangles(item: Item, sentences: Sequence[str]) -> bool:
    """Return whether a sentence begins with a pronoun but the sentence before it is not shown."""
    shown = set(sentences)
    before = {own: other for (_, other), (_, own) in pairwise(item.sentences)}
    return any(
        _PRONOUN.match(sentence) and not _is_shown(before.get(sentence), shown)
        for sentence in sentences
    )


def _is_shown(sentence: str | None, shown: set[str]) -> bool:
    # A shown sentence may lack its dateline.
    return sentence is not None and any(sentence.endswith(other) for other in shown)


def _asks(_: Item, sentences: Sequence[str]) -> bool:
    return any(sentence.rstrip("\"'”’»").endswith(("?", "？")) for sentence in sentences)


def _half_quotes(_: Item, sentences: Sequence[str]) -> bool:
    return any(len(_QUOTE_MARKS.findall(sentence)) % 2 for sentence in sentences)


def _is_dated(_: Item, sentences: Sequence[str]) -> bool:
    return any(_DATELINE.match(sentence) for sentence in sentences)


def _promotes(_: Item, sentences: Sequence[str]) -> bool:
    return any(_PROMOTION.search(sentence) for sentence in sentences)


_FAULTS: dict[str, Callable[[Item, Sequence[str]], bool]] = {
    "dangling": _dangles,
    "question": _asks,
    "half quote": _half_quotes,
    "dateline": _is_dated,
    "promotion": _promotes,
}


def _worst_overlap(sentences: Sequence[str]) -> float:
    """Return the greatest share of the shorter sentence's word pairs that two sentences share."""
    pairs = []
    for sentence in sentences:
        words = re.findall(r"\w+", sentence.lower())
        pairs.append(set(pairwise(words)))
    return max(
        (len(a & b) / max(min(len(a), len(b)), 1) for a, b in combinations(pairs, 2)),
        default=0.0,
    )


def _print_set(name: str, count: int, report: dict[str, Any]) -> None:
    print(f"\n{name}: {count} items, {BUDGETS[name]} words")
    columns = ["r1", "r2", "rl", "mean", *_FAULTS, "worst overlap", "ms"]
    print(f"{'':18}" + "".join(f"{c:>11}" for c in columns) + f"   {_OURS} ahead, 95% interval")
    for system, row in report.items():
        ahead, low, high = row["ahead"].values()
        cells = "".join(f"{row[column]:11.2f}" for column in columns)
        print(f"{system:18}{cells}   {ahead:+6.2f} [{low:+.2f}, {high:+.2f}]")


if __name__ == "__main__":
    sys.exit(main())
