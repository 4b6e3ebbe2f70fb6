"""How well ``summarizers.fitness`` tells lines that readers find fit, and its weights.

    python -m benchmarks.fitness LINES VERDICTS [LINES VERDICTS ...] [--write]

LINES and VERDICTS are what ``benchmarks.reading`` writes and judges hand in (docs/judging.md). The
table comes from weights fitted without the article that is looked at (eight parts, by title): of
the lines that the model finds fittest, what share did the readers? ``--write`` fits to all
lines and writes summarizers/data/fitness.json.
"""

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.floors import unmet
from summarizers import Document
from summarizers.candidates import CandidateSentence
from summarizers.fitness import SIGNS, signs_of
from summarizers.languages import normal_language, word_count
from summarizers.news_signs import roots_of
from summarizers.page_signs import Page
from summarizers.story import read_story
from summarizers.terms import terms_of

__all__ = ["main"]

Floats = npt.NDArray[np.float64]

_WEIGHTS = Path(__file__).parent.parent / "summarizers" / "data" / "fitness.json"
_PARTS = 8
# How strongly weights are drawn to 0, in lines: with few lines most signs say little.
_DRAWN = 5.0
_STEPS = 30
_SHARES = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A line as the model sees it, and whether every judge found it fit."""

    part: int
    opens: bool
    signs: list[float]
    is_fit: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for first and for later lines, and a line of JSON; return 1 below a floor."""
    parser = argparse.ArgumentParser(prog="benchmarks.fitness", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="LINES VERDICTS")
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args(arguments)
    if len(options.files) % 2:
        parser.error("each file of lines needs its verdicts")
    lines = list(_read(list(zip(options.files[::2], options.files[1::2], strict=True))))
    figures: dict[str, object] = {"benchmark": "fitness", "lines": len(lines)}
    weights = {}
    for name, opens in (("opening", True), ("following", False)):
        own = [line for line in lines if line.opens is opens]
        signs = np.array([line.signs for line in own])
        is_fit = np.array([line.is_fit for line in own], dtype=np.float64)
        figures[f"{name} ranked"] = _print_table(name, own, signs, is_fit)
        fitted = _fit(signs, is_fit).round(3).tolist()
        weights[name] = dict(zip((*SIGNS, "constant"), fitted, strict=True))
    if options.write:
        _WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures))
    return 1 if unmet("fitness", figures) else 0


def _read(files: Sequence[tuple[Path, Path]]) -> Iterator[_Judged]:
    """Yield the lines that were judged; those in a language unknown to the judge were not."""
    verdicts: defaultdict[str, list[str]] = defaultdict(list)
    for _, path in files:
        for row in path.read_text(encoding="utf-8").splitlines():
            verdict = json.loads(row)
            verdicts[verdict["id"]].append(verdict["verdict"])
    read: set[str] = set()
    for path, _ in files:
        for row in path.read_text(encoding="utf-8").splitlines():
            line = json.loads(row)
            if line["id"] in verdicts and line["id"] not in read and not line["update"]:
                read.add(line["id"])
                yield _judged(line, all(given == "fit" for given in verdicts[line["id"]]))


def _judged(line: dict[str, object], is_fit: bool) -> _Judged:
    language, text, title, heading, article = (
        str(line[key]) for key in ("language", "sentence", "title", "article title", "article")
    )
    language = normal_language(language)
    terms, place = terms_of(language), int(str(line["place"]))
    before = line["told before"]
    told = list(map(str, before)) if isinstance(before, list) else []
    shown = [terms(shown) for shown in (title, *told)] if told else []
    page = _read_page(article, heading, language)
    signs = signs_of(
        next((found for found in page if found.text == text), None)
        or CandidateSentence(
            document=0,
            place=place,
            start=0,
            end=0,
            text=text,
            words=word_count(text, language),
            terms=terms(text),
        ),
        Page(language, heading, page, len(page)),
        language=language,
        title=roots_of(language, terms(title)),
        shown=roots_of(language, chain.from_iterable(shown)),
        told=[found.place for found in page if found.text in told],
        follows=not line["gap"] and bool(told),
        is_lead=title == heading,
    )
    part = zlib.crc32(heading.encode()) % _PARTS
    return _Judged(part=part, opens=bool(line["opening"]), signs=signs, is_fit=is_fit)


@lru_cache(maxsize=256)
def _read_page(text: str, title: str, language: str) -> list[CandidateSentence]:
    return read_story([Document(text=text, title=title)], language).candidates


def _print_table(name: str, lines: Sequence[_Judged], signs: Floats, is_fit: Floats) -> float:
    """Print how many of the fittest lines are fit; return how often a fit one ranks higher."""
    parts = np.array([line.part for line in lines])
    ranks = np.zeros(len(lines))
    for part in range(_PARTS):
        weights = _fit(signs[parts != part], is_fit[parts != part])
        ranks[parts == part] = _predicted(weights, signs[parts == part])
    order = np.argsort(-ranks)
    print(f"{name}: {len(lines)} lines, of which {is_fit.mean():.1%} fit")
    for share in _SHARES:
        count = max(int(len(lines) * share), 1)
        kept = is_fit[order[:count]].mean()
        print(f"  fittest {share:4.0%}: {kept:.1%} fit, from {ranks[order[count - 1]]:.2f}")
    fit, unfit = ranks[is_fit == 1], ranks[is_fit == 0]
    higher = (fit[:, None] > unfit[None, :]).mean() if len(fit) and len(unfit) else 0.0
    return round(float(higher), 3)


def _fit(signs: Floats, is_fit: Floats) -> Floats:
    """Return the weights of a logistic regression by Newton's steps, the constant last."""
    inputs = np.hstack([signs, np.ones((len(signs), 1))])
    drawn = np.eye(inputs.shape[1]) * _DRAWN
    drawn[-1, -1] = 0.01  # the constant is free
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        predicted = 1 / (1 + np.exp(-inputs @ weights))
        spread = predicted * (1 - predicted) + 1e-6
        slope = inputs.T @ (is_fit - predicted) - drawn @ weights
        weights = weights + np.linalg.solve(inputs.T @ (inputs * spread[:, None]) + drawn, slope)
    return weights


def _predicted(weights: Floats, signs: Floats) -> Floats:
    predicted: Floats = 1 / (1 + np.exp(-(signs @ weights[:-1] + weights[-1])))
    return predicted


if __name__ == "__main__":
    sys.exit(main())
