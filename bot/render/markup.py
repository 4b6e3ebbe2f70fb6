"""Lines of marked text, written as Telegram's HTML and as plain text.

Everything is escaped here and nowhere else, so no text can become markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.render.limits import Size, utf16_units

__all__ = [
    "ARROW",
    "QUOTE_SIZE",
    "Block",
    "Line",
    "Pointers",
    "Span",
    "bold",
    "italic",
    "link",
    "moment",
    "optional_link",
    "words",
]

# The label of a link whose sentence stands in a quote; without its link it says nothing.
ARROW = "↗"

# Telegram decodes these four names and numbers, no others ("HTML style").
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})

# An entity as MTProto sends it: constructor, offset and length of four bytes each, and
# up to eight more for a date, or for the length and padding of an address.
_ENTITY_BYTES = 20

# What a quote takes up beside its lines, the line break before it included.
QUOTE_SIZE = Size(units=1, entities=1, entity_bytes=_ENTITY_BYTES)


class Pointers(IntEnum):
    """Which links point to their sentence: none, those above the quotes, or all.

    With ``BARE`` none does, and links that a message can do without are bare text.
    """

    BARE = 0
    NONE = 1
    TOLD = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text between two tags; both are "" for bare text.

    A link leads to ``page``, or to its ``target``, which points into the page; "{}" in
    ``opening`` is where that address goes. One that ``is_optional`` may be left to its text.
    """

    text: str
    opening: str = ""
    closing: str = ""
    page: str = ""
    target: str = ""
    is_optional: bool = False

    def html(self, pointers: Pointers, pointed_from: Pointers) -> str:
        """Return the span in Telegram's HTML, escaped.

        A link leads to its ``target`` if ``pointers`` are ``pointed_from`` or more, else to its
        ``page``.
        """
        if not self._is_marked(pointers):
            return _escaped(self.text)
        address = self.target if pointers >= pointed_from else self.page
        return f"{self.opening.format(_escaped(address))}{_escaped(self.text)}{self.closing}"

    def size(self, pointers: Pointers, pointed_from: Pointers) -> Size:
        """Return what the span takes up in a message, if written with these arguments."""
        units = utf16_units(self.text)
        if not self._is_marked(pointers):
            return Size(units)
        address = self.target if pointers >= pointed_from else self.page
        return Size(units, 1, _ENTITY_BYTES + len(address))

    def _is_marked(self, pointers: Pointers) -> bool:
        return bool(self.opening) and not (self.is_optional and pointers is Pointers.BARE)


Line = tuple[Span, ...]


def words(text: str) -> Span:
    """Return bare text. This and the functions below take any text: it is escaped later.

    It should be one line (``one_line``): nothing is folded or left out.
    """
    return Span(text)


def bold(text: str) -> Span:
    """Return bold text."""
    return Span(text, "<b>", "</b>")


def italic(text: str) -> Span:
    """Return italic text."""
    return Span(text, "<i>", "</i>")


def link(text: str, *, page: str, target: str) -> Span:
    """Return a link to ``target``, which is a place on ``page``.

    Both are ASCII, as of ``safe_url`` and ``link_to``: sizes count their characters as bytes.
    """
    return Span(text, '<a href="{}">', "</a>", page, target)


def optional_link(text: str, *, page: str) -> Span:
    """Return a link to ``page``, as ``link`` does, that a message may show as bare text."""
    return Span(text, '<a href="{}">', "</a>", page, page, is_optional=True)


def moment(text: str, at: datetime, form: str) -> Span:
    """Return an instant that each reader sees on their own clock.

    ``text`` is what stands where a client cannot; ``form`` says what is shown: "w" the
    weekday, "d" the date, "t" the time. ``at`` is aware, which is not checked; seconds are the
    finest unit.
    """
    return Span(text, f'<tg-time unix="{int(at.timestamp())}" format="{form}">', "</tg-time>")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together, one or more, then those of its quotes, if any.

    ``open_quote`` is shown whole, ``quote`` folded to three rows until it is tapped.
    """

    lines: tuple[Line, ...]
    quote: tuple[Line, ...] = ()
    open_quote: tuple[Line, ...] = ()

    @property
    def pages(self) -> tuple[str, ...]:
        """The addresses that its links lead to, each once, in order."""
        pages = (span.page for line in self._all_lines for span in line)
        return tuple(dict.fromkeys(filter(None, pages)))

    def html(self, pointers: Pointers) -> str:
        """Return the block in Telegram's HTML, which has a line for each of its lines."""
        html = _html(self.lines, pointers, Pointers.TOLD)
        if self.open_quote:
            quoted = _html(self.open_quote, pointers, Pointers.TOLD)
            html += f"\n<blockquote>{quoted}</blockquote>"
        if self.quote:
            quoted = _html(self.quote, pointers, Pointers.ALL)
            html += f"\n<blockquote expandable>{quoted}</blockquote>"
        return html

    def size(self, pointers: Pointers = Pointers.BARE) -> Size:
        """Return what the block takes up in a message, if written with these ``pointers``.

        Line breaks between its lines and before its quotes count, none around it.
        """
        size = self.seen_size(pointers)
        return size + QUOTE_SIZE + _size(self.quote, pointers, Pointers.ALL) if self.quote else size

    def seen_size(self, pointers: Pointers = Pointers.BARE) -> Size:
        """Return the same for what is seen without a tap: all but the folded quote."""
        size = _size(self.lines, pointers, Pointers.TOLD)
        if self.open_quote:
            size += QUOTE_SIZE + _size(self.open_quote, pointers, Pointers.TOLD)
        return size

    def plain(self, *, max_urls: int) -> str:
        """Return the block without markup, the addresses of its links on lines of their own.

        The lines of the quotes follow the others. Each address (the page's, never the target)
        stands once, below the first line that links to it; ``max_urls`` of them at most.
        """
        rows: list[str] = []
        shown: set[str] = set()
        for line in self._all_lines:
            rows.append("".join(map(_plain, line)).rstrip())
            for span in line:
                if span.page and span.page not in shown and len(shown) < max_urls:
                    shown.add(span.page)
                    rows.append(span.page)
        return "\n".join(rows)

    @property
    def _all_lines(self) -> tuple[Line, ...]:
        return self.lines + self.open_quote + self.quote


def _html(lines: Sequence[Line], pointers: Pointers, pointed_from: Pointers) -> str:
    rows = ("".join(span.html(pointers, pointed_from) for span in line) for line in lines)
    return "\n".join(rows)


def _size(lines: Sequence[Line], pointers: Pointers, pointed_from: Pointers) -> Size:
    units, entities, entity_bytes = len(lines) - 1, 0, 0
    for line in lines:
        for span in line:
            size = span.size(pointers, pointed_from)
            units += size.units
            entities += size.entities
            entity_bytes += size.entity_bytes
    return Size(units, entities, entity_bytes)


def _plain(span: Span) -> str:
    """Return the text of ``span`` where it is no link: an arrow points to nothing there."""
    is_arrow = bool(span.page) and span.text.startswith(ARROW)
    return span.text.removeprefix(ARROW).lstrip() if is_arrow else span.text


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
