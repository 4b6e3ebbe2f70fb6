"""Blind pairs for ``benchmarks.reading``: a story as told, against LexRank or its lead.

LexRank is sumy's as its tutorials have it: the articles' texts one after another, all sentences
(by our splitter, since sumy's own needs a download) ranked by sumy, the best in the order of the
text. The lead is the first sentences of the article that the story quotes first. Both have as many
sentences as ours, which are the first three told.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.reading_counters import Line
from benchmarks.reading_lines import digest
from benchmarks.sumy_peers import rank
from summarizers import split_sentences

__all__ = ["PEERS", "Pair", "Pairs", "make_pairs", "write_pairs"]

PEERS = ("lexrank", "lead")
_SENTENCES = 3
# LexRank is quadratic; a story's texts are read up to here.
_MAX_SENTENCES = 400


@dataclass(frozen=True, slots=True)
class Pair:
    """A story told twice: ``ours`` and what ``peer`` (of PEERS) tells of it."""

    id: str
    peer: str
    title: str
    language: str
    ours: str
    theirs: str


@dataclass(slots=True)
class Pairs:
    """Pairs in a random order; ``swaps`` has the ids whose A is not ours in ``pairs.jsonl``.

    ``ties`` counts stories, by peer, that both tell in the same sentences; they are no pairs.
    """

    pairs: list[Pair] = field(default_factory=list)
    swaps: frozenset[str] = frozenset()
    ties: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PEERS, 0))


def make_pairs(path: Path, lines: Sequence[Line], seed: int, count: int) -> Pairs:
    """Return up to ``count`` pairs of stories in ``lines``, half of them for each peer.

    No story serves twice, and updates serve never. Which ones do depends on titles and ``seed``,
    a pair's id on its texts: most are the same in another run. ``path`` is the app's SQLite
    database.
    """
    stories: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.is_update:
            stories[line.story].append(line)
    made = Pairs()
    wanted = {"lexrank": count // 2, "lead": count - count // 2}
    texts = _texts(path)
    drawn = {story: digest(seed, told[0].title) for story, told in stories.items()}
    for story in sorted(stories, key=lambda name: (drawn[name], name)):
        peer = PEERS[int(drawn[story][-1], 16) % len(PEERS)]
        if wanted[peer] <= 0:
            continue
        told = stories[story][:_SENTENCES]
        language = told[0].language
        if peer == "lead":
            theirs = _lead(told[0].article, language, len(told))
        else:
            theirs = _lexrank(texts[int(story.partition("-")[2])], language, len(told))
        if len(theirs) < len(told):
            continue
        if sorted(map(str.strip, theirs)) == sorted(line.sentence.strip() for line in told):
            made.ties[peer] += 1
            continue
        wanted[peer] -= 1
        ours = "\n".join(" ".join(line.sentence.split()) for line in told)
        title, other = told[0].title, "\n".join(theirs)
        id_ = f"p{digest(title, ours, other)[:10]}"
        made.pairs.append(Pair(id_, peer, title, language, ours, other))
    made.pairs.sort(key=lambda pair: digest(seed, pair.id))
    made.swaps = frozenset(pair.id for pair in made.pairs if digest(pair.id, seed) < "8")
    return made


def write_pairs(pairs: Pairs, out: Path) -> None:
    """Write ``pairs.jsonl``, ``pairs-swapped.jsonl`` and ``key.jsonl`` into the folder ``out``.

    The second has the same pairs the other way round, in the opposite order: for a judge who has
    not seen the first. The key says which text of each row is ours.
    """
    rows, key = [], []
    for is_swapped in (False, True):
        for pair in reversed(pairs.pairs) if is_swapped else pairs.pairs:
            ours_is_b = (pair.id in pairs.swaps) != is_swapped
            a, b = (pair.theirs, pair.ours) if ours_is_b else (pair.ours, pair.theirs)
            row_id = f"{pair.id}s" if is_swapped else pair.id
            rows.append({"id": row_id, "language": pair.language, "title": pair.title,
                         "A": a, "B": b})  # fmt: skip
            key.append({"id": row_id, "pair": pair.id, "ours": "B" if ours_is_b else "A",
                        "against": pair.peer})  # fmt: skip
    count = len(pairs.pairs)
    _write(out / "pairs.jsonl", rows[:count])
    _write(out / "pairs-swapped.jsonl", rows[count:])
    _write(out / "key.jsonl", key)


def _lead(text: str, language: str, count: int) -> list[str]:
    spans = split_sentences(text, language)[:count]
    return [" ".join(text[start:end].split()) for start, end in spans]


def _lexrank(texts: Sequence[str], language: str, count: int) -> list[str]:
    found = [
        " ".join(text[start:end].split())
        for text in texts
        for start, end in split_sentences(text, language)
    ][:_MAX_SENTENCES]
    best = rank("lexrank", found, "", language)[:count]
    return [found[index] for index in sorted(best)]


def _texts(path: Path) -> dict[int, list[str]]:
    """Return the newest texts of each story's articles, by the story's id."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT story_id, text FROM story_article JOIN article_text "
            "ON article_text.article_id = story_article.article_id "
            "WHERE article_text.id = (SELECT max(id) FROM article_text AS newest "
            "WHERE newest.article_id = story_article.article_id) ORDER BY story_id, article_text.id"
        ).fetchall()
    texts: dict[int, list[str]] = defaultdict(list)
    for story, text in rows:
        texts[story].append(text)
    return texts


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, "utf-8")
