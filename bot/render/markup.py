"""Lines of marked text, written as Telegram's HTML and as plain text.

Everything is escaped here and nowhere else, so no text can become markup.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.render.limits import Size, utf16_units

__all__ = ["ARROW", "Block", "Line", "Span", "bold", "italic", "link", "moment", "words"]

# The label of a link whose sentence stands in a quote; without its link it says nothing.
ARROW = "↗"

# Telegram decodes these four names and numbers, no others ("HTML style").
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text between two tags; both are "" for bare text.

    ``page`` is the address of a link without the pointer into the page, else "".
    """

    text: str
    opening: str = ""
    closing: str = ""
    page: str = ""

    @property
    def html(self) -> str:
        """The span in Telegram's HTML."""
        return f"{self.opening}{_escaped(self.text)}{self.closing}"


Line = tuple[Span, ...]


def words(text: str) -> Span:
    """Return bare text."""
    return Span(text)


def bold(text: str) -> Span:
    """Return bold text."""
    return Span(text, "<b>", "</b>")


def italic(text: str) -> Span:
    """Return italic text."""
    return Span(text, "<i>", "</i>")


def link(text: str, *, page: str, target: str = "") -> Span:
    """Return a link to ``target``, by default to ``page`` itself."""
    return Span(text, f'<a href="{_escaped(target or page)}">', "</a>", page)


def moment(text: str, at: datetime, form: str) -> Span:
    """Return an instant that each reader sees on their own clock.

    ``text`` is what stands where a client cannot; ``form`` says what is shown: "w" the
    weekday, "d" the date, "t" the time.
    """
    return Span(text, f'<tg-time unix="{int(at.timestamp())}" format="{form}">', "</tg-time>")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together, then those of its expandable quote, if any."""

    lines: tuple[Line, ...]
    quote: tuple[Line, ...] = ()

    @property
    def html(self) -> str:
        """The block in Telegram's HTML."""
        rows = ["".join(span.html for span in line) for line in self.lines]
        if self.quote:
            quoted = "\n".join("".join(span.html for span in line) for line in self.quote)
            rows.append(f"<blockquote expandable>{quoted}</blockquote>")
        return "\n".join(rows)

    @property
    def size(self) -> Size:
        """What the block takes up in a message."""
        spans = [span for line in self._rows() for span in line]
        units = sum(utf16_units(span.text) for span in spans) + len(self._rows()) - 1
        entities = sum(bool(span.opening) for span in spans) + bool(self.quote)
        return Size(units, entities, len(self.html.encode()))

    def plain(self, *, max_urls: int) -> str:
        """Return the block without markup, the addresses of its links on lines of their own.

        Each address stands once, below the first line that links to it; ``max_urls``
        of them at most.
        """
        return "\n".join(_plain_rows(self._rows(), max_urls))

    def _rows(self) -> tuple[Line, ...]:
        return self.lines + self.quote


def _plain_rows(lines: Sequence[Line], max_urls: int) -> Iterator[str]:
    shown: set[str] = set()
    for line in lines:
        yield "".join(span.text for span in line if span.text != ARROW).rstrip()
        for span in line:
            if span.page and span.page not in shown and len(shown) < max_urls:
                shown.add(span.page)
                yield span.page


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
