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
    "Block",
    "Line",
    "Pointers",
    "Span",
    "bold",
    "italic",
    "link",
    "moment",
    "words",
]

# The label of a link whose sentence stands in a quote; without its link it says nothing.
ARROW = "↗"

# Telegram decodes these four names and numbers, no others ("HTML style").
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})

# An entity as MTProto sends it: constructor, offset and length of four bytes each, and
# up to eight more for a date, or for the length and padding of an address.
_ENTITY_BYTES = 20


class Pointers(IntEnum):
    """Which links point to their sentence: none, those above the quotes, or all."""

    NONE = 0
    TOLD = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text between two tags; both are "" for bare text.

    A link leads to ``page``, or to its ``target``, which points into the page; "{}" in
    ``opening`` is where that address goes.
    """

    text: str
    opening: str = ""
    closing: str = ""
    page: str = ""
    target: str = ""

    def html(self, *, is_pointed: bool) -> str:
        """Return the span in Telegram's HTML, escaped.

        ``is_pointed``: a link leads to its ``target`` rather than to its ``page``.
        """
        opening = self.opening.format(_escaped(self._address(is_pointed)))
        return f"{opening}{_escaped(self.text)}{self.closing}"

    def size(self, *, is_pointed: bool) -> Size:
        """Return what the span takes up in a message, if written with this ``is_pointed``."""
        units = utf16_units(self.text)
        if not self.opening:
            return Size(units)
        return Size(units, 1, _ENTITY_BYTES + len(self._address(is_pointed)))

    def _address(self, is_pointed: bool) -> str:
        return self.target if is_pointed else self.page


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


def moment(text: str, at: datetime, form: str) -> Span:
    """Return an instant that each reader sees on their own clock.

    ``text`` is what stands where a client cannot; ``form`` says what is shown: "w" the
    weekday, "d" the date, "t" the time. ``at`` is aware, which is not checked; seconds are the
    finest unit.
    """
    return Span(text, f'<tg-time unix="{int(at.timestamp())}" format="{form}">', "</tg-time>")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together, one or more, then those of its expandable quote, if any."""

    lines: tuple[Line, ...]
    quote: tuple[Line, ...] = ()

    @property
    def pages(self) -> tuple[str, ...]:
        """The addresses that its links lead to, each once, in order."""
        pages = (span.page for line in self.lines + self.quote for span in line)
        return tuple(dict.fromkeys(filter(None, pages)))

    def html(self, pointers: Pointers) -> str:
        """Return the block in Telegram's HTML, which has a line for each of its lines."""
        told = _html(self.lines, is_pointed=pointers >= Pointers.TOLD)
        if not self.quote:
            return told
        quoted = _html(self.quote, is_pointed=pointers >= Pointers.ALL)
        return f"{told}\n<blockquote expandable>{quoted}</blockquote>"

    def size(self, pointers: Pointers = Pointers.NONE) -> Size:
        """Return what the block takes up in a message, if written with these ``pointers``.

        Line breaks between its lines and before its quote count, none around it.
        """
        told = _size(self.lines, is_pointed=pointers >= Pointers.TOLD)
        if not self.quote:
            return told
        quoted = _size(self.quote, is_pointed=pointers >= Pointers.ALL)
        return told + quoted + Size(units=1, entities=1, entity_bytes=_ENTITY_BYTES)

    def plain(self, *, max_urls: int) -> str:
        """Return the block without markup, the addresses of its links on lines of their own.

        The lines of the quote follow the others. Each address (the page's, never the target)
        stands once, below the first line that links to it; ``max_urls`` of them at most.
        """
        rows: list[str] = []
        shown: set[str] = set()
        for line in self.lines + self.quote:
            rows.append("".join(span.text for span in line if span.text != ARROW).rstrip())
            for span in line:
                if span.page and span.page not in shown and len(shown) < max_urls:
                    shown.add(span.page)
                    rows.append(span.page)
        return "\n".join(rows)


def _html(lines: Sequence[Line], *, is_pointed: bool) -> str:
    rows = ("".join(span.html(is_pointed=is_pointed) for span in line) for line in lines)
    return "\n".join(rows)


def _size(lines: Sequence[Line], *, is_pointed: bool) -> Size:
    sizes = (span.size(is_pointed=is_pointed) for line in lines for span in line)
    return sum(sizes, start=Size(units=len(lines) - 1))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
