"""Splits a briefing into messages: only between stories, each message within the limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.briefing import Briefing
from bot.render.frame import MAX_HEAD_UNITS, closing_blocks, opening_block, section_line
from bot.render.limits import TELEGRAM_LIMITS, MessageLimits, Size, utf16_units
from bot.render.markup import Block, Line, Pointers
from bot.render.story import story_block
from bot.texts import Texts

__all__ = ["Draft", "split"]

_BLANK_LINE = "\n\n"

# A later head is written when the number of messages is known.
_LATER_HEAD_ROOM = Size(units=MAX_HEAD_UNITS)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block that is never split, and what parts it from the one before.

    ``heading`` stands above the first piece of a section in each message. Only stories
    belong to a ``section``; it is -1 for what closes the briefing.
    """

    block: Block
    section: int = -1
    heading: Line = ()
    parting: str = _BLANK_LINE

    @property
    def headed(self) -> "_Piece":
        """The piece with its heading written above it."""
        if not self.heading:
            return self
        return replace(self, block=Block((self.heading, *self.block.lines), self.block.quote))

    @property
    def size(self) -> Size:
        """What the piece takes up, its parting included."""
        return self.block.size() + Size(units=len(self.parting))


class Draft:
    """A message in the making; ``head`` is put on top at the end.

    Its first piece is taken whatever its size: it must fit by itself.
    """

    def __init__(self, head_room: Size, limits: MessageLimits = TELEGRAM_LIMITS) -> None:
        self._pieces: list[_Piece] = []
        self._size = head_room
        self._limits = limits

    @property
    def size(self) -> Size:
        """What the message takes up at most, the room for its head included; links unpointed."""
        return self._size

    @property
    def story_count(self) -> int:
        """How many stories the message tells; O(n) in its pieces."""
        return sum(piece.section >= 0 for piece in self._pieces)

    def takes(self, piece: _Piece) -> bool:
        """Add ``piece`` if there is room for it; return whether there was.

        Pieces come in reading order; the first one is always taken.
        """
        if not self._pieces:
            piece = replace(piece.headed, parting=_BLANK_LINE)
        elif piece.section != self._pieces[-1].section:
            piece = piece.headed
        size = self._size + piece.size
        if self._pieces and not self._limits.hold(size):
            return False
        self._pieces.append(piece)
        self._size = size
        return True

    def html(self, head: Block) -> str:
        """Return the message in Telegram's HTML.

        Its links point to their sentences if there is room for all that do, else those above the
        quotes if there is room for these, else none.
        ``head`` is at most as large as the room kept for it: else the message may be over the
        limits, which is not checked.
        """
        blocks = [head, *(piece.block for piece in self._pieces)]
        pointers = Pointers.NONE
        for wanted in (Pointers.ALL, Pointers.TOLD):
            size = sum((block.size(wanted) for block in blocks), start=Size())
            if size.entity_bytes <= self._limits.entity_bytes:
                pointers = wanted
                break
        rows = (piece.parting + piece.block.html(pointers) for piece in self._pieces)
        return head.html(pointers) + "".join(rows)

    def plain(self, head: Block) -> str:
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

    def _plain(self, head: Block, shown: Sequence[int]) -> str:
        rows = (
            piece.parting + piece.block.plain(max_urls=max_urls)
            for piece, max_urls in zip(self._pieces, shown, strict=True)
        )
        return head.plain(max_urls=0) + "".join(rows)


def split(briefing: Briefing, texts: Texts, limits: MessageLimits = TELEGRAM_LIMITS) -> list[Draft]:
    """Return the fewest messages that hold ``briefing`` in order, at least one.

    Its stories must each fit into a message of their own, as after ``fit_briefing`` with
    the same ``limits``: else a message is over them. CPU work, linear
    in the stories, without I/O. Raises what ``opening_block`` and ``closing_blocks`` do.
    """
    drafts = [Draft(opening_block(briefing, texts).size(), limits)]
    for piece in _pieces(briefing, texts):
        if not drafts[-1].takes(piece):
            drafts.append(Draft(_LATER_HEAD_ROOM, limits))
            drafts[-1].takes(piece)
    return drafts


def _pieces(briefing: Briefing, texts: Texts) -> Iterator[_Piece]:
    number = 0
    for index, section in enumerate(briefing.sections):
        heading = section_line(section, texts)
        for story in section.stories:
            number += 1
            block = story_block(story, number, today=briefing.local_date, texts=texts)
            yield _Piece(block, index, heading)
    for index, block in enumerate(closing_blocks(briefing, texts)):
        yield _Piece(block, parting="\n" if index else _BLANK_LINE)
