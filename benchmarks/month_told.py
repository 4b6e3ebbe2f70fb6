"""What simulated readers were told, as the chats got it, held against the stream's labels.

``Diary`` watches a run of ``benchmarks.month``; the functions count what it saw.
"""

import re
import sqlite3
import statistics
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from benchmarks.month_press import Item
from benchmarks.stories import b_cubed, pairs_f
from bot.domain.briefing import Briefing, BriefingStory
from bot.domain.content import load_content

__all__ = [
    "Arrival",
    "Diary",
    "ToldStory",
    "ages",
    "arrivals",
    "examples",
    "repeats",
    "stored_stories",
]

_EDITIONS = """
SELECT edition.id, chat.telegram_id, content.value,
    (SELECT count(*) FROM part WHERE part.edition_id = edition.id)
FROM edition JOIN room ON room.id = edition.room_id JOIN chat ON chat.id = room.chat_id
    LEFT JOIN content ON content.edition_id = edition.id
WHERE edition.id > ? AND edition.filled_at IS NOT NULL
"""
_TEXT = """
SELECT article.canonical_url, article_text.text
FROM article_text JOIN article ON article.id = article_text.article_id WHERE article_text.id = ?
"""
_URL = "SELECT canonical_url FROM article WHERE id = ?"
_STORIES = """
SELECT article.canonical_url, story_article.story_id
FROM story_article JOIN article ON article.id = story_article.article_id
"""
# An edition that failed at first is filled after later ones: so many are looked at again.
_LOOK_BACK = 500
_TAG = re.compile(r"<[^>]+>")
_HREF = re.compile(r'href="([^"#]+)')
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A story as one edition told it: the label of its title, and of all that it quotes.

    ``story`` is its id in the store; ``marked`` says that it was told as an update. ``title`` and
    ``lead_at`` are those of the article that it bears the title of.
    """

    chat: int
    edition: int
    at: datetime
    story: int
    label: str
    labels: frozenset[str]
    marked: bool
    lead_at: datetime
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """What a chat got at one instant: editions, and messages that it had just got before."""

    chat: int
    at: datetime
    editions: int
    doubled: int


@dataclass(frozen=True, slots=True)
class _Got:
    """An edition as it came: its chat, id and instant, and its text without white space."""

    chat: int
    edition: int
    at: datetime
    text: str


class Diary:
    """Takes note of each delivery of an app whose SQLite database is at ``path``.

    ``items`` are what the sites publish, by the addresses of their pages.
    """

    def __init__(self, path: Path, items: Mapping[str, Item]) -> None:
        self._path = path
        self._items = items
        self._seen: set[int] = set()
        self._texts: dict[int, tuple[Item | None, str, str]] = {}
        self._last_texts: dict[int, frozenset[str]] = {}
        self.tellings: list[ToldStory] = []
        self.arrivals: list[Arrival] = []
        self.story_of: dict[str, int] = {}
        self.counts: Counter[str] = Counter()

    def take(self, sent: Sequence[tuple[int, str]], now: datetime) -> None:
        """Take note of the messages (chat, markup) that were sent at ``now``, in their order."""
        texts: dict[int, list[str]] = defaultdict(list)
        for chat, text in sent:
            texts[chat].append(text)
            self._count_links(text)
        editions: Counter[int] = Counter()
        with closing(sqlite3.connect(self._path)) as connection:
            since = max(self._seen, default=0) - _LOOK_BACK
            for number, chat, value, parts in connection.execute(_EDITIONS, (since,)).fetchall():
                if number in self._seen:
                    continue
                self._seen.add(number)
                self.counts["editions"] += 1
                self.counts["without messages"] += not parts
                editions[chat] += bool(parts)
                if value is not None:
                    got = _Got(chat, number, now, compact(" ".join(texts[chat])))
                    self._read(connection, load_content(value), got)
        for chat, messages in texts.items():
            distinct = frozenset(messages)
            again = distinct & self._last_texts.get(chat, frozenset())
            self._last_texts[chat] = distinct
            doubled = len(messages) - len(distinct) + len(again)
            self.arrivals.append(Arrival(chat, now, editions[chat], doubled))
            self.counts["messages"] += len(messages)

    def look_at_stories(self) -> None:
        """Take note of the story of each stored article; one that is deleted keeps its last."""
        with closing(sqlite3.connect(self._path)) as connection:
            self.story_of.update(connection.execute(_STORIES))

    def _read(self, connection: sqlite3.Connection, said: Briefing, got: "_Got") -> None:
        self.counts["without a story"] += not said.stories
        for story in said.stories:
            lead = self._text(connection, story.text_id)[0]
            quoted: list[Item] = []
            sentences: list[str] = []
            for span in (*story.sentences, *story.more):
                item, text, published = self._text(connection, span.text_id)
                sentence = compact(text[span.start : span.end])
                self.counts["sentences"] += 1
                title = compact(item.title) if item else ""
                is_own = sentence in published
                self.counts["from a title"] += not is_own and sentence in title
                self.counts["not verbatim"] += not sentence or not (is_own or sentence in title)
                self.counts["not shown"] += sentence not in got.text
                quoted += [item] if item else []
                # Thousands of chats are told the same: one string for all.
                sentences.append(sys.intern(text[span.start : span.end]))
            lead = lead or next(iter(quoted), None)
            if lead is None:
                self.counts["without an article"] += 1
                continue
            self.tellings.append(
                ToldStory(
                    chat=got.chat,
                    edition=got.edition,
                    at=got.at,
                    story=story.story_id,
                    label=lead.label,
                    labels=frozenset({lead.label, *(item.label for item in quoted)}),
                    marked=story.updated_since is not None,
                    lead_at=lead.at,
                    title=lead.title,
                    sentences=tuple(sentences),
                )
            )
            self._count_walls(connection, story, lead)

    def _count_walls(
        self, connection: sqlite3.Connection, story: BriefingStory, lead: Item
    ) -> None:
        if not lead.walled:
            return
        self.counts["walled leads"] += 1
        self.counts["walled leads, not said"] += not story.is_paywalled
        urls = [connection.execute(_URL, (number,)).fetchone() for number in story.coverage]
        others = [self._items.get(row[0]) for row in urls if row]
        is_free = any(item is not None and not item.walled for item in others)
        self.counts["walled leads beside a free report"] += is_free

    def _count_links(self, text: str) -> None:
        for url in _HREF.findall(text):
            item = self._items.get(unescape(url))
            self.counts["links"] += item is not None
            self.counts["walled links"] += item is not None and item.walled

    def _text(self, connection: sqlite3.Connection, text_id: int) -> tuple[Item | None, str, str]:
        """Return the item of a stored text, the text, and the item's without white space."""
        if text_id not in self._texts:
            url, text = connection.execute(_TEXT, (text_id,)).fetchone() or ("", "")
            item = self._items.get(url)
            self._texts[text_id] = item, text, compact(item.text) if item else ""
        return self._texts[text_id]


def compact(markup: str) -> str:
    """Return the text of a message's markup without white space and marks of format."""
    text = unescape(_TAG.sub("", markup)) if "<" in markup or "&" in markup else markup
    return _BLANK.sub("", unicodedata.normalize("NFC", text))


# ── Counts ──────────────────────────────────────────────────────────────────────────────


def repeats(tellings: Iterable[ToldStory]) -> dict[str, float]:
    """Return how often ``tellings``, in the order told, tell a label that their chat knew.

    ``repeats`` are not marked as updates though the label of their title was told by an earlier
    edition, ``under another id`` those of them whose story has an id not told before; ``marked``
    splits into ``marked, known`` and ``marked, new label``. ``twice`` counts stories whose label
    the same edition told above, ``mixed`` those that quote reports of several labels. Shares are
    of all told stories.
    """
    counts: Counter[str] = Counter()
    for seen in _seen(tellings):
        told, is_known = seen.told, seen.before is not None
        counts["told"] += 1
        counts["mixed"] += len(told.labels) > 1
        counts["twice"] += seen.is_twice
        counts["marked"] += told.marked
        counts["marked, known"] += told.marked and is_known
        counts["marked, new label"] += told.marked and not is_known
        counts["repeats"] += is_known and not told.marked
        counts["under another id"] += is_known and not told.marked and seen.is_new_id
    of = max(counts["told"], 1)
    shares = {f"{name} share": round(counts[name] / of, 4) for name in _SHARES}
    return {name: counts[name] for name in _COUNTS} | shares


def examples(tellings: Iterable[ToldStory]) -> list[dict[str, Any]]:
    """Return what readers would judge, each once: repeats, stories twice in an edition, updates.

    A row has how many chats got it (``chats``), its titles and sentences, and beside them those
    of the same label's last story that an earlier edition told the first of these chats.
    """
    rows: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
    for seen in _seen(tellings):
        told, before = seen.told, seen.before
        is_repeat = before is not None and not told.marked
        kind = "update" if told.marked else "repeat" if is_repeat else "twice"
        if not (told.marked or is_repeat or seen.is_twice):
            continue
        key = kind, told.title, told.sentences
        if key in rows:
            rows[key]["chats"] += 1
            continue
        rows[key] = {
            "kind": kind,
            "chats": 1,
            "label": told.label,
            "at": told.at.isoformat(),
            "title": told.title,
            "sentences": told.sentences,
            "told at": before and before.at.isoformat(),
            "told title": before and before.title,
            "told sentences": before and before.sentences,
        }
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class _Seen:
    """A told story, and what its chat knew; ``before`` is the label's last in earlier editions."""

    told: ToldStory
    before: ToldStory | None
    is_twice: bool
    is_new_id: bool


def _seen(tellings: Iterable[ToldStory]) -> Iterator[_Seen]:
    """Yield ``tellings``, which are in the order told, each with what its chat knew by then."""
    known: dict[int, dict[str, ToldStory]] = defaultdict(dict)
    ids: dict[int, set[int]] = defaultdict(set)
    now: dict[int, list[ToldStory]] = defaultdict(list)  # of a chat's last edition
    for told in tellings:
        chat, edition = told.chat, now[told.chat]
        if edition and edition[-1].edition != told.edition:
            for earlier in edition:
                known[chat].update(dict.fromkeys(earlier.labels, earlier))
                ids[chat].add(earlier.story)
            edition.clear()
        is_twice = any(told.label in above.labels for above in edition)
        yield _Seen(told, known[chat].get(told.label), is_twice, told.story not in ids[chat])
        edition.append(told)


_COUNTS = (
    *("told", "repeats", "under another id", "marked", "marked, known", "marked, new label"),
    *("twice", "mixed"),
)
_SHARES = ("repeats", "marked", "twice", "mixed")


def arrivals(got: Iterable[Arrival], expected: Mapping[int, Iterable[datetime]]) -> dict[str, int]:
    """Return how what chats ``got`` differs from the instants ``expected`` of each.

    ``missing`` are instants at which a chat got nothing, ``unasked`` those at which it got
    something and expected nothing; ``twice`` counts second editions at one instant and messages
    that a chat got a second time.
    """
    wanted = {(chat, at) for chat, instants in expected.items() for at in instants}
    had = {(arrival.chat, arrival.at): arrival for arrival in got}
    return {
        "slots": len(wanted),
        "missing": len(wanted - had.keys()),
        "unasked": len(had.keys() - wanted),
        "twice": sum(max(a.editions - 1, 0) + a.doubled for a in had.values()),
    }


def stored_stories(story_of: Mapping[str, int], items: Mapping[str, Item]) -> dict[str, float]:
    """Return how stored stories agree with labels: B-cubed, and F1 over pairs of articles."""
    known = [(items[url].label, story) for url, story in story_of.items() if url in items]
    if not known:
        return {"articles": 0}
    labels, found = [label for label, _ in known], [story for _, story in known]
    precision, recall = b_cubed(labels, found)
    return {
        "articles": len(known),
        "stories": len(set(found)),
        "labels": len(set(labels)),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f": round(2 * precision * recall / (precision + recall), 4),
        "pairs f": round(pairs_f(labels, found), 4),
    }


def ages(tellings: Sequence[ToldStory]) -> dict[str, Any]:
    """Return days between the article that bears a told story's title and the edition."""
    days = sorted((telling.at - telling.lead_at) / _DAY for telling in tellings)
    if len(days) < 2:
        return {}
    tenths = statistics.quantiles(days, n=10)
    return {
        "median": round(statistics.median(days), 2),
        "ninth in ten": round(tenths[-1], 2),
        "over a day": round(sum(n > 1 for n in days) / len(days), 4),
        "over three days": round(sum(n > 3 for n in days) / len(days), 4),
        "most": round(days[-1], 2),
    }
