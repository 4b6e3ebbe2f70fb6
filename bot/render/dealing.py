"""Deals the room of a briefing to its stories, in turns.

Every story gets its first sentence, then every story its second, and so on, so that no story is
starved by a longer one. Only sizes are reckoned here, each sentence's once.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from bot.domain.briefing import Quotation
from bot.render.limits import MessageLimits, Size
from bot.render.markup import QUOTE_SIZE

__all__ = ["Allowance", "Hand", "Passage", "deal"]

# From this sentence on a story waits until every other has two.
_FOURTH = 4

# What parts a sentence from the one before it on the same line, and from its link.
_SPACE = Size(units=1)
_LINE_BREAK = Size(units=1)


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that are told together or not at all, and what they take up.

    ``text`` is their size with what parts them, without their last link; ``link`` is the size of
    that link where it names the outlet, ``arrow`` where an arrow is enough. ``source`` tells
    apart whose link it is, None for sentences of several. ``may_be_seen`` says that they may
    stand above the quote; ``rows`` are those of their lines on a phone, with the links.
    """

    quotations: tuple[Quotation, ...]
    text: Size
    link: Size
    arrow: Size
    source: Hashable
    may_be_seen: bool
    rows: tuple[int, ...]

    def seen_size(self, after: Hashable) -> Size:
        """Return what it takes up above the quote, behind sentences of ``after`` (a source)."""
        if self.source is not None and self.source == after:  # the link stands at the end
            return _SPACE + self.text
        return _LINE_BREAK + self.text + _SPACE + self.link

    def folded_size(self, after: Hashable) -> Size:
        """Return what it takes up in the quote, on the line below one of ``after``."""
        is_known = self.source is not None and self.source == after
        return _LINE_BREAK + self.text + _SPACE + (self.arrow if is_known else self.link)


@dataclass(slots=True)
class Hand:
    """What a story has been dealt: ``seen`` and ``folded``, of its ``passages`` in order.

    ``size`` is what the story takes up so far, and ``has_quote`` whether that includes a folded
    quote. ``room`` is what it may take up at most.
    """

    passages: Sequence[Passage]
    size: Size
    room: MessageLimits
    has_quote: bool = False
    seen: list[Passage] = field(default_factory=list)
    folded: list[Passage] = field(default_factory=list)
    _next: int = 0

    @property
    def count(self) -> int:
        """How many sentences it has; O(n)."""
        return sum(len(passage.quotations) for passage in (*self.seen, *self.folded))

    @property
    def most(self) -> int:
        """How many sentences it could have; O(n)."""
        return sum(len(passage.quotations) for passage in self.passages)

    @property
    def is_starved(self) -> bool:
        """Whether it has no second sentence, and could have; O(n)."""
        return self.count < 2 <= self.most

    @property
    def next(self) -> Passage | None:
        """The passage that is dealt next, None if there is none."""
        return self.passages[self._next] if self._next < len(self.passages) else None

    @property
    def opening_size(self) -> Size:
        """What its first passage takes up above the quote; nothing if it has none."""
        return self.passages[0].seen_size(None) if self.passages else Size()

    def open(self, room: "Allowance") -> None:
        """Add its first passage above the quote, if it has one, whatever ``room`` there is."""
        if self.passages:
            size = self.opening_size
            room.spend(size, size.units)
            self.seen.append(self.passages[0])
            self.size += size
            self._next = 1

    def skip(self) -> None:
        """Leave out the next passage, for good; ``next`` is None after the last."""
        self._next += 1

    def takes(self, room: "Allowance") -> bool:
        """Add the next passage, seen or folded, if there is ``room``; return whether there was.

        Where there is not, nothing has changed. Raises IndexError without a ``next``.
        """
        passage = self.passages[self._next]
        if passage.may_be_seen and not self.folded:
            size = passage.seen_size(self.seen[-1].source if self.seen else None)
            if self.room.hold(self.size + size) and room.takes(size, is_seen=True):
                self.seen.append(passage)
                self.size += size
                self._next += 1
                return True
        size = passage.folded_size(self.folded[-1].source if self.folded else None)
        size = size if self.has_quote else size + QUOTE_SIZE - _LINE_BREAK
        if self.room.hold(self.size + size) and room.takes(size, is_seen=False):
            self.folded.append(passage)
            self.has_quote = True
            self.size += size
            self._next += 1
            return True
        return False


@dataclass(slots=True)
class Allowance:
    """What is left of a briefing's room: units to be seen before a tap, and all in all.

    None is any amount.
    """

    seen_units: int | None
    whole: Size | None

    def takes(self, size: Size, *, is_seen: bool) -> bool:
        """Take ``size`` out of the room if it is there; return whether it was."""
        if is_seen and self.seen_units is not None and size.units > self.seen_units:
            return False
        if self.whole is not None:
            left = self.whole - size
            if min(left.units, left.entities, left.entity_bytes) < 0:
                return False
        self.spend(size, size.units if is_seen else 0)
        return True

    def spend(self, size: Size, seen_units: int) -> None:
        """Take ``size`` out of the room, ``seen_units`` of it seen, even if it is not there."""
        if self.whole is not None:
            self.whole -= size
        if self.seen_units is not None:
            self.seen_units -= seen_units


def deal(hands: Sequence[Hand], room: Allowance) -> None:
    """Deal to ``hands``, best first, what ``room`` has: in rounds, a sentence a story and round.

    Passages keep their order and are dealt whole, in the round of their last sentence; one without
    room is left out. No story gets a fourth sentence while another that has a second is without
    it. The first passage is dealt before all rounds, by the caller. Linear in the sentences times
    the rounds.
    """
    longest = max((hand.most for hand in hands), default=0)
    for number in range(2, longest + 1):
        if number >= _FOURTH:
            _deal_round([hand for hand in hands if hand.is_starved], number, room)
            if any(hand.is_starved for hand in hands):
                continue
        _deal_round(hands, number, room)


def _deal_round(hands: Sequence[Hand], number: int, room: Allowance) -> None:
    """Deal what comes next to each of ``hands``, up to its sentence of this ``number``.

    That is more than one where it had to wait.
    """
    for hand in hands:
        while (passage := hand.next) and hand.count + len(passage.quotations) <= number:
            if not hand.takes(room):
                hand.skip()
