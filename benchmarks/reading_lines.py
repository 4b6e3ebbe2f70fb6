"""The lines that rooms were told, read from an app's database, for ``benchmarks.reading``."""

import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

from benchmarks.reading_counters import Line, sentences
from bot.domain.content import load_content

__all__ = ["Told", "digest", "read_lines"]

_EDITIONS = """
SELECT content.edition_id, edition.room_id, content.value
FROM content JOIN edition ON edition.id = content.edition_id ORDER BY content.edition_id
"""
_PARTS = "SELECT id, html FROM part WHERE edition_id = ? ORDER BY n"
_TEXTS = """
SELECT article_text.id, article_text.text, article.title, article.source, article.language
FROM article_text JOIN article ON article.id = article_text.article_id
"""
_NUMBER = re.compile(r"^\d{1,3}\.\s*")
# "(CNN)", "LONDON (Reuters) -", "BHOPAL:"
_MAX_DATELINE_CHARS = 60
_DATELINE_ENDS = ("-", "–", "—", ":", "|", ")")
_BOLD = "\0"
_LETTERS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Told:
    """The lines in the order told; ``unplaced`` are quotes that no message shows."""

    lines: list[Line] = field(default_factory=list)
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class _Quote:
    edition: int
    room: int
    story: int
    start: int
    end: int
    text: str
    article_title: str
    outlet: str
    language: str


def read_lines(path: Path) -> Told:
    """Return the lines of all editions in the SQLite database at ``path``.

    What stands in an expandable quote is "folded", all else "seen"; a story's title is the last
    bold text before a line.
    """
    told = Told()
    placed: list[tuple[int, _Quote, int, str, str]] = []
    with closing(sqlite3.connect(path)) as connection:
        texts = {number: words for number, *words in connection.execute(_TEXTS)}
        for edition, room, value in connection.execute(_EDITIONS):
            parts = connection.execute(_PARTS, (edition,))
            messages = [(part, _Message(html)) for part, html in parts]
            for shown in load_content(value).stories:
                for span in (*shown.sentences, *shown.more):
                    words = texts[span.text_id]
                    quote = _Quote(edition, room, shown.story_id, span.start, span.end, *words)
                    sentence = quote.text[span.start : span.end]
                    found = next(
                        (
                            (part, message, *place)
                            for part, message in messages
                            if (place := message.find(sentence)) is not None
                        ),
                        None,
                    )
                    if found is None:
                        told.unplaced += 1
                        continue
                    part, message, at, position = found
                    placed.append((at, quote, part, position, message.title_at(at)))
    placed.sort(key=lambda row: (row[1].edition, row[2], row[0]))
    by_story: dict[tuple[int, int], list[tuple[_Quote, str, str]]] = defaultdict(list)
    for _, quote, _, position, title in placed:
        by_story[quote.edition, quote.story].append((quote, position, title))
    known: set[tuple[int, int]] = set()
    for (_, story), rows in by_story.items():
        is_update = (rows[0][0].room, story) in known
        known.add((rows[0][0].room, story))
        told.lines += _lines(rows, is_update=is_update)
    return told


def digest(*parts: object) -> str:
    """Return a digest of texts and numbers: the same in every run, and in no order."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _lines(rows: Sequence[tuple[_Quote, str, str]], *, is_update: bool) -> list[Line]:
    """Return the lines of a story in one edition.

    Their ids stay while title, sentence and what is told before it stay: so do verdicts.
    """
    title = rows[0][2]
    lines: list[Line] = []
    last: _Quote | None = None
    for quote, position, _ in rows:
        text, sentence = quote.text, quote.text[quote.start : quote.end]
        lead_in = text[: quote.start].rpartition("\n")[2]
        told_from = quote.start - len(lead_in) if _is_dateline(lead_in) else quote.start
        earlier, later = sentences(text[:told_from]), sentences(text[quote.end :])
        if earlier and _squeezed(earlier[0]) == _squeezed(quote.article_title):
            earlier = earlier[1:]
        place = len(earlier)
        is_next = (
            last is not None
            and last.text == text
            and last.end <= quote.start
            and not text[last.end : told_from].strip()
        )
        line = Line(
            id=f"l{digest(title, *(other.sentence for other in lines), sentence)[:10]}",
            edition=quote.edition,
            story=f"{quote.edition}-{quote.story}",
            title=title,
            position=position,
            place=place,
            gap=place > 0 if last is None else not is_next,
            outlet=quote.outlet,
            language=quote.language,
            sentence=sentence,
            before=earlier[-1] if earlier else "",
            after=later[0] if later else "",
            article_title=quote.article_title,
            article=text,
            lead_in=lead_in,
            follows=text[quote.end :].partition("\n")[0],
            is_first=last is None,
            is_update=is_update,
            told_before=tuple(other.sentence for other in lines),
        )
        if lines:
            lines[-1] = replace(lines[-1], told_next=sentence)
        lines.append(line)
        last = quote
    return lines


def _is_dateline(lead_in: str) -> bool:
    """Return whether what stands before a sentence in its paragraph is a dateline or kicker."""
    text = lead_in.strip()
    return 0 < len(text) <= _MAX_DATELINE_CHARS and text.endswith(_DATELINE_ENDS)


class _Message(HTMLParser):
    """A message's text without white space, and which of it is bold or folded."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._text = ""
        self._at = 0
        self._folds: list[tuple[int, int]] = []
        self._titles: list[tuple[int, str]] = []
        self._bold: list[str] | None = None
        self._fold_from = -1
        self.feed(html)
        self.close()

    def find(self, sentence: str) -> tuple[int, str] | None:
        """Return where a sentence stands, and whether it is seen or folded; None if it is not.

        Each call goes on behind what the last one found, and begins anew where that fails.
        """
        wanted = _compact(sentence)
        at = self._text.find(wanted, self._at)
        if at < 0:
            at = self._text.find(wanted)
        if at < 0 or not wanted:
            return None
        self._at = at + len(wanted)
        is_folded = any(start <= at < end for start, end in self._folds)
        return at, "folded" if is_folded else "seen"

    def title_at(self, at: int) -> str:
        """Return the last bold text before ``at``, without its number."""
        titles = [title for start, title in self._titles if start <= at]
        return _NUMBER.sub("", titles[-1].strip()) if titles else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of where bold text or a folded quote begins."""
        if tag == "b":
            self._bold = []
        elif tag == "blockquote" and any(name == "expandable" for name, _ in attrs):
            self._fold_from = len(self._text)

    def handle_endtag(self, tag: str) -> None:
        """Take note of where it ends."""
        if tag == "b" and self._bold is not None:
            self._titles.append((len(self._text), "".join(self._bold)))
            self._bold = None
        elif tag == "blockquote" and self._fold_from >= 0:
            self._folds.append((self._fold_from, len(self._text)))
            self._fold_from = -1

    def handle_data(self, data: str) -> None:
        """Take text."""
        text = _compact(data)
        if self._bold is not None:
            self._bold.append(data)
            text = _BOLD * len(text)  # a sentence that is the title's again stands below it
        self._text += text


def _compact(text: str) -> str:
    """Return ``text`` without white space, controls and marks of format."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c)[0] != "C")


def _squeezed(text: str) -> str:
    return _LETTERS.sub("", text.casefold())
