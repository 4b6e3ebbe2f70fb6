"""Pages of long lists, and rows of buttons."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.message import Button, Keyboard

__all__ = ["button_label", "button_rows", "page_buttons", "page_of"]

_Item = TypeVar("_Item")

# Of a longer label a phone shows no more, in half a row still less.
_MAX_LABEL_CHARS = 40
_PER_ROW = 2


def page_of(items: Sequence[_Item], number: int, per_page: int) -> tuple[int, Sequence[_Item]]:
    """Return a page's number and its items; one that is not there is the last. From 0."""
    page = max(0, min(number, _count(len(items), per_page) - 1))
    return page, items[page * per_page : (page + 1) * per_page]


def page_buttons(page: int, total: int, per_page: int, data: Callable[[int], str]) -> Keyboard:
    """Return the row that leads to the pages around, by their ``data``; none for a single page.

    The first leads back to the last page, and the last on to the first, so that none is far.
    """
    count = _count(total, per_page)
    if count < 2:
        return ()
    before, after = (page - 1) % count, (page + 1) % count
    return (
        (
            Button(text="‹", data=data(before)),
            Button(text=f"{page + 1}/{count}", data=data(page)),
            Button(text="›", data=data(after)),
        ),
    )


def button_rows(buttons: Sequence[Button], per_row: int = _PER_ROW) -> Keyboard:
    """Return ``buttons`` in rows of ``per_row``, in order."""
    starts = range(0, len(buttons), per_row)
    return tuple(tuple(buttons[at : at + per_row]) for at in starts)


def button_label(text: str) -> str:
    """Return ``text`` as a button shows it: one line, cut after 40 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_LABEL_CHARS else f"{line[: _MAX_LABEL_CHARS - 1]}…"


def _count(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))
