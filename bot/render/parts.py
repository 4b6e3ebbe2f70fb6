"""Splits a briefing into messages: only between stories, each message within the limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.briefing import Briefing
from bot.render.frame import (
    MAX_HEAD_UNITS,
    also_block,
    closing_blocks,
    later_head,
    line_below_title,
    quiet_blocks,
    section_line,
)
from bot.render.limits import TELEGRAM_LIMITS, MessageLimits, Size, utf16_units
from bot.render.markup import Block, Line, Pointers
from bot.render.story import story_block
from bot.texts import Texts

__all__ = ["Draft", "heads", "split"]

_BLANK_LINE, _LINE_BREAK = "\n\n", "\n"

# A later head is written when the number of messages is known.
_LATER_HEAD_ROOM = Size(units=MAX_HEAD_UNITS)

# What belongs to no section: a list, a remark, the end.
_NO_SECTION = -1


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block that is never split, and what parts it from the one before.

    ``heading`` stands above the first piece of a section in each message. Only stories
    belong to a ``section``; it is -1 for all else.
    """

    block: Block
    section: int = _NO_SECTION
    heading: Line = ()
    parting: str = _BLANK_LINE

    @property
    def headed(self) -> "_Piece":
        """The piece with its heading written above it."""
        if not self.heading:
            return self
        return replace(self, block=replace(self.block, lines=(self.heading, *self.block.lines)))

    @property
    def size(self) -> Size:
        """What the piece takes up, its parting included."""
        return self.block.size() + Size(units=len(self.parting))


class Draft:
    """A message in the making. The first of a briefing has no head; later ones get one at the end.

    Its first piece is taken whatever its size: it must fit by itself.
    """

    def __init__(
        self, head_room: Size = _LATER_HEAD_ROOM, limits: MessageLimits = TELEGRAM_LIMITS
    ) -> None:
        self._pieces: list[_Piece] = []
        self._headed = _NO_SECTION
        self._size = head_room
        self._limits = limits

    @property
    def size(self) -> Size:
        """What the message takes up at most, the room for its head included; links unpointed."""
        return self._size

    @property
    def story_count(self) -> int:
        """How many stories the message tells; O(n) in its pieces."""
        return sum(piece.section != _NO_SECTION for piece in self._pieces)

    def opens(self, piece: _Piece) -> None:
        """Add ``piece``, the first of a briefing, which no heading stands above."""
        self._add(replace(piece, parting=""))
        self._headed = _NO_SECTION

    def takes(self, piece: _Piece) -> bool:
        """Add ``piece`` if there is room for it; return whether there was.

        Pieces come in reading order; the first one is always taken.
        """
        if piece.section != self._headed:
            piece = piece.headed
        if not self._pieces:
            piece = replace(piece, parting=_BLANK_LINE)
        elif not self._limits.hold(self._size + piece.size):
            return False
        self._add(piece)
        return True

    def _add(self, piece: _Piece) -> None:
        self._pieces.append(piece)
        self._size += piece.size
        self._headed = piece.section

    def html(self, head: Block | None) -> str:
        """Return the message in Telegram's HTML, below ``head``.

        Its links point to their sentences if there is room for all that do, else those above the
        quotes if there is room for these, else none; then those go that can be spared.
        ``head`` is at most as large as the room kept for it: else the message may be over the
        limits, which is not checked.
        """
        blocks = [piece.block for piece in self._pieces]
        beside = self._size - sum((block.size() for block in blocks), start=Size())
        pointers = Pointers.BARE
        for wanted in (Pointers.ALL, Pointers.TOLD, Pointers.NONE):
            size = sum((block.size(wanted) for block in blocks), start=beside)
            if self._limits.hold(replace(size, units=0)):
                pointers = wanted
                break
        rows = "".join(piece.parting + piece.block.html(pointers) for piece in self._pieces)
        return head.html(pointers) + rows if head else rows

    def plain(self, head: Block | None) -> str:
        """Return the message without markup, with as many addresses as there is room for.

        Where there is not room for all, those of the last stories go first; the first one of a
        story stays longest. Without any, what is over the limits stays so, as in ``html``.
        """
        blocks = [piece.block for piece in self._pieces]
        shown = [len(block.pages) for block in blocks]
        over = utf16_units(self._plain(head, shown)) - self._limits.units
        for kept in (1, 0):  # of each story
            for index in reversed(range(len(blocks))):
                while over > 0 and shown[index] > kept:
                    shown[index] -= 1
                    over -= utf16_units(blocks[index].pages[shown[index]]) + 1  # its line break
        return self._plain(head, shown)

    def _plain(self, head: Block | None, shown: Sequence[int]) -> str:
        rows = "".join(
            piece.parting + piece.block.plain(max_urls=max_urls)
            for piece, max_urls in zip(self._pieces, shown, strict=True)
        )
        return head.plain(max_urls=0) + rows if head else rows


def split(briefing: Briefing, texts: Texts, limits: MessageLimits = TELEGRAM_LIMITS) -> list[Draft]:
    """Return the fewest messages that hold ``briefing`` in order, at least one.

    Its stories must each fit into a message of their own, as after ``fit_briefing`` with
    the same ``limits``: else a message is over them. CPU work, linear
    in the stories, without I/O. Raises what ``closing_blocks`` does.
    """
    first, *others = _pieces(briefing, texts)
    drafts = [Draft(Size(), limits)]
    drafts[0].opens(first)
    for piece in others:
        if not drafts[-1].takes(piece):
            drafts.append(Draft(_LATER_HEAD_ROOM, limits))
            drafts[-1].takes(piece)
    return drafts


def heads(briefing: Briefing, drafts: Sequence[Draft], texts: Texts) -> list[Block | None]:
    """Return what stands above each of ``drafts``: nothing above the first, which opens itself.

    In their order, at least one; of ``split`` of the same ``briefing``. Linear, without I/O.
    """
    return [None, *(later_head(briefing, n, len(drafts), texts) for n in range(2, len(drafts) + 1))]


def _pieces(briefing: Briefing, texts: Texts) -> Iterator[_Piece]:
    """Yield what a briefing is made of, in order, at least one piece."""
    if not briefing.stories:
        for block in quiet_blocks(briefing, texts):
            yield _Piece(block)
        return
    number = 0
    opening = line_below_title(briefing, texts)
    was_headline = False
    for index, section in enumerate(briefing.sections):
        heading = section_line(section, texts)
        for place, story in enumerate(section.stories):
            number += 1
            block = story_block(
                story, number, today=briefing.local_date, texts=texts, opening=opening
            )
            opening = ()
            # Titles alone stand one below the other.
            is_headline = len(block.lines) == 1 and not block.quote
            parting = _LINE_BREAK if place and is_headline and was_headline else _BLANK_LINE
            yield _Piece(block, index, heading, parting)
            was_headline = is_headline
    if also := also_block(briefing, texts):
        yield _Piece(also)
    for index, block in enumerate(closing_blocks(briefing, texts)):
        yield _Piece(block, parting=_LINE_BREAK if index else _BLANK_LINE)
