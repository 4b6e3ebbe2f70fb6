"""Sets of real pages with what is known of their articles, and how an extracted text scores.

Texts are compared as in published work: by counted shingles of four tokens, in Chinese, Japanese
and Korean of four characters. Where only pieces of an article are known, each counts that must be
in the text and is, and each that must not be and is.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean

import regex

from bot.domain.text_length import text_length
from bot.gather.pages.body import MIN_LENGTH

__all__ = ["SETS", "Page", "Score", "page_score", "read_pages", "score"]

# By a person; by a parser written for each site; whole bodies of a reader view's tests; pieces.
SETS = ("zyte", "fundus", "reader", "segments")
_STRANGERS = ("reader", "segments")
_SHINGLE = 4
_TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])\w)+"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is known of its article.

    Of a page of "segments" that is the pieces ``wanted`` and ``unwanted``, of others the ``body``.
    ``title`` is "" and ``published_at`` None where they are not known.
    """

    name: str
    url: str
    html: bytes
    body: str = ""
    title: str = ""
    published_at: datetime | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def set(self) -> str:
        """The collection the page belongs to: the part of ``name`` before the first ``__``."""
        return self.name.split("__", 1)[0]

    @property
    def is_article(self) -> bool:
        """Whether the whole article is known, and is long enough to be told."""
        return text_length(self.body) >= MIN_LENGTH


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each in [0, 1]."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean, 0 where both are."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0


def read_pages(data: Path, only: str = "") -> Iterator[Page]:
    """Yield the pages of all sets in the folder ``data`` whose names hold ``only``, by name."""
    for path in sorted((data / "pages").glob("*.json")):
        if only not in path.stem:
            continue
        truth = json.loads(path.read_text("utf-8"))
        published = truth.get("published")
        yield Page(
            name=path.stem,
            url=truth["url"],
            html=gzip.decompress(path.with_suffix(".html.gz").read_bytes()),
            body=truth["body"],
            title=truth.get("title") or "",
            published_at=datetime.fromisoformat(published) if published else None,
        )
    folder = data / "pages-strangers"
    for name in _STRANGERS:
        for truth in json.loads((folder / f"{name}.json").read_text("utf-8")):
            stem = truth["file"].removesuffix(".html.gz")
            if only not in stem:
                continue
            yield Page(
                name=stem,
                url=truth["url"],
                html=gzip.decompress((folder / truth["file"]).read_bytes()),
                body=truth.get("body", ""),
                title=truth.get("title") or "",
                wanted=tuple(truth.get("with", ())),
                unwanted=tuple(truth.get("without", ())),
            )


def score(pages: Sequence[Page], texts: Sequence[str]) -> Score:
    """Return the score of the ``texts`` extracted from the ``pages`` of one set, in their order.

    It is the mean of the pages' scores; of pieces it is that of all pieces together.
    """
    if pages[0].set == "segments":
        found = list(map(_pieces_found, pages, texts))
        kept, surplus = (sum(column) for column in zip(*found, strict=True))
        wanted = sum(len(page.wanted) for page in pages)
        return Score(kept / max(kept + surplus, 1), kept / max(wanted, 1))
    scores = list(map(page_score, pages, texts))
    return Score(fmean(one.precision for one in scores), fmean(one.recall for one in scores))


def page_score(page: Page, text: str) -> Score:
    """Return the score of the ``text`` extracted from a page whose whole body is known."""
    ours, theirs = _shingles(text), _shingles(page.body)
    shared = (ours & theirs).total()
    return Score(
        precision=shared / ours.total() if ours else float(not theirs),
        recall=shared / theirs.total() if theirs else float(not ours),
    )


def _pieces_found(page: Page, text: str) -> tuple[int, int]:
    """Return how many pieces are in the text that must be, and how many that must not be."""
    line = " ".join(text.split())
    wanted = sum(" ".join(piece.split()) in line for piece in page.wanted)
    return wanted, sum(" ".join(piece.split()) in line for piece in page.unwanted)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if len(tokens) < _SHINGLE:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(*(tokens[at:] for at in range(_SHINGLE)), strict=False))
