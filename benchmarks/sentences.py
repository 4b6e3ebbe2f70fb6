"""Quality and speed of sentence splitting, compared with four other splitters.

    python -m benchmarks.sentences [--data DIR] [--strangers FILE] [--json]

The boundaries are those of tests/data/summarizers/boundaries: texts written for this
project, one file per language, where each boundary within a line is marked. DIR may contain
other such files. F1 counts a boundary as found if the sentence ends at the same character,
apart from white space. The texts and our rules have the same author, which favours our figure.

FILE holds cases of other splitters' tests, a JSON object a line: the "set" it is of, its
"language", its "text" and the "sentences" wanted. They are measured by the share of texts all of
whose sentences are found; without FILE this part is skipped.
"""

import argparse
import json
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.floors import unmet
from summarizers import split_sentences

__all__ = ["Boundaries", "boundary_f1", "exact_share", "main", "read_boundaries", "read_strangers"]

BOUNDARIES = Path(__file__).parent.parent / "tests" / "data" / "summarizers" / "boundaries"
_MARK = "‖"
_GROUPS = ("English", "other Latin", "other scripts")
# For the speed, all texts are split this many times.
_ROUNDS = 20

# From a text and its language to the end offsets of its sentences.
Splitter = Callable[[str, str], set[int]]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """A text without its marks, and the end offsets of all its sentences but the last."""

    language: str
    text: str
    ends: frozenset[int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if a floor is not met, 2 without data, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences", description=__doc__)
    parser.add_argument("--data", type=Path, default=BOUNDARIES, help="folder of marked texts")
    parser.add_argument("--strangers", type=Path, help="file of other splitters' test cases")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args(arguments)
    items = read_boundaries(options.data)
    if not items:
        print(f"no marked texts (*.txt) in {options.data}", file=sys.stderr)
        return 2
    splitters = _splitters()
    results = {name: _measure(splitter, items) for name, splitter in splitters.items()}
    if not options.json:
        _print_table(results, items)
    report: dict[str, Any] = {"benchmark": "sentences", "boundaries": _count(items), "f1": results}
    if options.strangers is None or not options.strangers.is_file():
        print("strangers' cases skipped: no file of them (--strangers FILE)", file=sys.stderr)
    else:
        report["strangers"] = _measure_strangers(splitters, read_strangers(options.strangers))
        if not options.json:
            _print_strangers(report["strangers"])
    lines = unmet("sentences", report)
    print(*lines, sep="\n", file=sys.stderr, end="\n" if lines else "")
    print(json.dumps(report))
    return 1 if lines else 0


def read_boundaries(folder: Path) -> list[Boundaries]:
    """Return the marked texts in the files ``LANGUAGE.txt`` of ``folder``."""
    return [
        _parse(path.stem, line)
        for path in sorted(folder.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]


def read_strangers(path: Path) -> dict[str, list[Boundaries]]:
    """Return the cases in the file ``path`` by the set they are of.

    Where sentences overlap or repeat, each is searched behind the one before.
    """
    sets: dict[str, list[Boundaries]] = {}
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        text = case["text"].rstrip()
        ends = _ends_of(text, case["sentences"]) - {len(text)}
        sets.setdefault(case["set"], []).append(Boundaries(case["language"], text, frozenset(ends)))
    return sets


def exact_share(splitter: Splitter, items: Sequence[Boundaries]) -> float:
    """Return the share of texts whose boundaries are all found, and no other, in [0, 1]."""
    exact = sum(
        splitter(item.text, item.language) - {len(item.text)} == item.ends for item in items
    )
    return exact / len(items) if items else 0.0


def boundary_f1(splitter: Splitter, items: Sequence[Boundaries]) -> float:
    """Return F1 over all boundaries within the texts, in [0, 1]."""
    hits = misses = extras = 0
    for item in items:
        found = {end for end in splitter(item.text, item.language) if end < len(item.text)}
        hits += len(found & item.ends)
        misses += len(item.ends - found)
        extras += len(found - item.ends)
    return 2 * hits / (2 * hits + misses + extras) if hits else 0.0


def ours(text: str, language: str) -> set[int]:
    """Return the end offsets of the sentences by our splitter."""
    return {end for _, end in split_sentences(text, language)}


def _parse(language: str, line: str) -> Boundaries:
    text, ends = "", set()
    *parts, last = line.rstrip().split(_MARK)
    for part in parts:
        text += part
        ends.add(len(text.rstrip()))
    return Boundaries(language, text + last, frozenset(ends))


def _splitters() -> dict[str, Splitter]:
    return {
        "daybrief": ours,
        "sentencex": _sentencex(),
        "pysbd": _pysbd(),
        "nltk, untrained": _nltk(),
        "blingfire": _blingfire(),
    }


def _sentencex() -> Splitter:
    import sentencex

    return lambda text, language: _ends_of(text, list(sentencex.segment(language, text)))


def _pysbd() -> Splitter:
    import pysbd

    known: dict[str, Any] = {}

    def split(text: str, language: str) -> set[int]:
        if language not in known:
            try:
                known[language] = pysbd.Segmenter(language=language, clean=False)
            except ValueError:  # it supports half of our languages
                known[language] = pysbd.Segmenter(language="en", clean=False)
        return _ends_of(text, known[language].segment(text))

    return split


def _nltk() -> Splitter:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    tokenizer = PunktSentenceTokenizer()
    return lambda text, _: {end for _, end in tokenizer.span_tokenize(text)}


def _blingfire() -> Splitter:
    import blingfire

    return lambda text, _: _ends_of(text, blingfire.text_to_sentences(text).split("\n"))


def _ends_of(text: str, sentences: Sequence[str]) -> set[int]:
    """Return the end offsets of ``sentences`` in ``text``, each searched after the previous."""
    ends, position = set(), 0
    for sentence in sentences:
        found = text.find(sentence.strip(), position)
        if found >= 0:
            position = found + len(sentence.strip())
            ends.add(position)
    return ends


def _measure(splitter: Splitter, items: Sequence[Boundaries]) -> dict[str, float]:
    scores = {}
    for group in _GROUPS:
        members = [item for item in items if _group(item) == group]
        if members:
            scores[group] = round(boundary_f1(splitter, members), 3)
    chars = sum(len(item.text) for item in items) * _ROUNDS
    start = time.process_time()
    for _ in range(_ROUNDS):
        for item in items:
            splitter(item.text, item.language)
    scores["Mchar/s"] = round(chars / max(time.process_time() - start, 1e-9) / 1e6, 2)
    return scores


def _measure_strangers(
    splitters: dict[str, Splitter], sets: dict[str, list[Boundaries]]
) -> dict[str, dict[str, float]]:
    return {
        name: {label: round(exact_share(splitter, items), 3) for label, items in sets.items()}
        for name, splitter in splitters.items()
    }


def _print_strangers(results: dict[str, dict[str, float]]) -> None:
    print("texts of other splitters' tests whose boundaries are all found")
    for name, shares in results.items():
        print(f"{name:18}" + "".join(f"{label:>15}{share:7.3f}" for label, share in shares.items()))


def _group(item: Boundaries) -> str:
    """Return the group of a text: by its language, and the script of most of its letters."""
    if item.language == "en":
        return "English"
    letters = [letter for letter in item.text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return "other Latin" if latin * 2 > len(letters) else "other scripts"


def _count(items: Sequence[Boundaries]) -> dict[str, int]:
    return {
        "in all": sum(len(i.ends) for i in items),
        "languages": len({i.language for i in items}),
    }


def _print_table(results: dict[str, dict[str, float]], items: Sequence[Boundaries]) -> None:
    count = _count(items)
    print(f"{count['in all']} boundaries in {count['languages']} languages: F1, and speed")
    columns = list(next(iter(results.values())))
    print(f"{'':18}" + "".join(f"{column:>15}" for column in columns))
    for name, scores in results.items():
        print(f"{name:18}" + "".join(f"{scores[column]:15.3f}" for column in columns))


if __name__ == "__main__":
    sys.exit(main())
