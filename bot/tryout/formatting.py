"""What Telegram makes of a text and its entities before it shows them.

Control characters go, entities that cross are split or dropped, blanks at both ends go with
what stood on them. The rules are those of TDLib's ``fix_formatted_text``, which the tests hold
this against.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.tryout.markup import Entity, sort_key, utf16_length

__all__ = ["MAX_ENTITIES", "MAX_UNITS", "FormattingError", "bot_commands", "formatted", "nested"]

# A message's length in UTF-16 units (Bot API: 1-4096 characters after entities parsing).
MAX_UNITS = 4096
# Telegram's servers drop what is beyond; styles such as bold go before links and quotes.
MAX_ENTITIES = 100
# What all entities of a message may take together, as Telegram's server developers put it
# (tdlib/telegram-bot-api issue 165).
MAX_ENTITY_BYTES = 9500
# Styles may cross anything and are split there; the others stand whole or not at all.
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
# What has no styles inside.
_UNSTYLED = frozenset({"pre", "code", "date_time"})
# Entities with something behind them may stand on blanks.
_MAY_BE_BLANK = frozenset({"pre", "code", "text_link", "text_mention"})
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Only the last one of several direction marks stays; a joiner keeps each one's place.
_MANY_MARKS = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
_BLANKS = " \n"
# What shows nothing: a message of only that is empty.
_INVISIBLE = re.compile("[\\s\u1680\u180e\u2000-\u200f\u202f\u205f\u2800\u3000\ufffc]*")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32}|(?!@))(?![\w/<>])")


class FormattingError(Exception):
    """A text that Telegram refuses; the words are Telegram's own."""


def formatted(text: str, entities: Iterable[Entity] = ()) -> tuple[str, tuple[Entity, ...]]:
    """Return text and entities as Telegram shows them; raise FormattingError if it refuses."""
    text, kept = nested(text, entities)
    text, kept = _trimmed(text, _fixed(_on_words(text, kept)))
    if _INVISIBLE.fullmatch(text):
        raise FormattingError("text must be non-empty")
    if utf16_length(text) > MAX_UNITS:
        raise FormattingError("message is too long")
    if sum(map(_bytes, kept)) > MAX_ENTITY_BYTES:
        raise FormattingError("ENTITIES_TOO_LONG")
    return text, tuple(_on_words(text, _capped(kept)))


def nested(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Return the text cleaned, and entities of which each is inside of or beside another."""
    kept = _fixed([one for one in entities if _is_well_placed(one)])
    text, kept = _cleaned(text, kept)
    return text, _fixed([one for one in kept if one.length > 0])


def _bytes(one: Entity) -> int:
    """Return what an entity takes on the way to Telegram's servers, at most."""
    return 20 + len(str(one.extra.get("url", "")).encode("utf-8", "replace"))


def bot_commands(text: str) -> tuple[Entity, ...]:
    """Return the commands in a text that somebody typed, as Telegram finds them."""
    return tuple(
        Entity("bot_command", utf16_length(text[: found.start()]), len(found[0]))
        for found in _COMMAND.finditer(text)
    )


def _is_well_placed(one: Entity) -> bool:
    if not 0 <= one.offset <= 1_000_000:
        raise FormattingError(f"receive an entity with incorrect offset {one.offset}")
    if not 0 <= one.length <= 1_000_000:
        raise FormattingError(f"receive an entity with incorrect length {one.length}")
    return one.length > 0


# ---------------------------------------------------------------------- crossing entities


def _fixed(entities: Iterable[Entity]) -> list[Entity]:
    """Return entities that nest, none of them twice: the outer and earlier one stays."""
    ordered = sorted(entities, key=sort_key)
    styles = [one for one in ordered if one.type in _STYLES]
    quotes = _apart([one for one in ordered if one.type in _QUOTES])
    others = _apart([one for one in ordered if one.type not in {*_STYLES, *_QUOTES}])
    whole = [one for one in others if not any(_cross(one, quote) for quote in quotes)] + quotes
    whole.sort(key=sort_key)
    return sorted([*whole, *_split(styles, whole)], key=sort_key)


def _apart(entities: Sequence[Entity]) -> list[Entity]:
    """Return those that begin after the one before has ended."""
    kept: list[Entity] = []
    for one in entities:
        if not kept or one.offset >= kept[-1].end:
            kept.append(one)
    return kept


def _cross(one: Entity, quote: Entity) -> bool:
    """Say whether ``one`` is neither inside nor outside of ``quote``."""
    ends_inside = one.offset < quote.end < one.end
    return ends_inside or one.offset < quote.offset < one.end


def _split(styles: Sequence[Entity], whole: Sequence[Entity]) -> list[Entity]:
    """Return the styles, merged by kind, and cut wherever a whole entity begins or ends."""
    cutter = _Cutter(styles)
    for at, is_unstyled in _cuts(whole):
        before = len(cutter.made)
        cutter.cut(at)
        if is_unstyled:
            del cutter.made[before:]
    cutter.cut(max((one.end for one in styles), default=0))
    return cutter.made


def _cuts(whole: Iterable[Entity]) -> Iterator[tuple[int, bool]]:
    """Yield where entities begin and end, in order, and whether what ends has no styles."""
    around: list[Entity] = []
    for one in whole:
        while around and one.offset >= around[-1].end:
            last = around.pop()
            yield last.end, last.type in _UNSTYLED
        yield one.offset, False
        around.append(one)
    for last in reversed(around):
        yield last.end, last.type in _UNSTYLED


class _Cutter:
    """Goes over sorted styles once, and cuts those that run at each cut."""

    def __init__(self, styles: Sequence[Entity]) -> None:
        self.made: list[Entity] = []
        self._waiting = list(reversed(styles))
        self._running: dict[str, tuple[int, int]] = {}

    def cut(self, at: int) -> None:
        """Take up the styles that begin before ``at``, and end what runs there."""
        while self._waiting and self._waiting[-1].offset < at:
            one = self._waiting.pop()
            begin, end = self._running.get(one.type, (0, -1))
            if one.offset <= end:
                self._running[one.type] = begin, max(end, one.end)
            else:
                self._flush(one.offset)
                self._running[one.type] = one.offset, one.end
        self._flush(at)

    def _flush(self, at: int) -> None:
        for style in _STYLES:
            begin, end = self._running.get(style, (at, at))
            if begin >= at:
                continue
            self.made.append(Entity(style, begin, min(end, at) - begin))
            if end <= at:
                del self._running[style]
            else:
                self._running[style] = at, end


def _capped(entities: Sequence[Entity]) -> list[Entity]:
    """Return as many entities as Telegram keeps; custom emoji are not for every bot, so none."""
    styles = _split([one for one in entities if one.type in _STYLES], ())
    whole = [one for one in entities if one.type not in {*_STYLES, "custom_emoji"}]
    whole = whole[:MAX_ENTITIES]
    return _fixed([*whole, *styles[: MAX_ENTITIES - len(whole)]])


# ---------------------------------------------------------------------- blanks


def _cleaned(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Return the text without what Telegram takes out, and the entities moved along."""
    widths = [utf16_length(character) for character in text]
    kept_widths = [
        0 if _DROPPED.match(character) else width
        for character, width in zip(text, widths, strict=True)
    ]
    places = dict(
        zip(accumulate(widths, initial=0), accumulate(kept_widths, initial=0), strict=True)
    )
    moved = [_moved(one, places) for one in entities]
    shown = _CONTROL.sub(" ", _DROPPED.sub("", text))
    return _MANY_MARKS.sub("\u200c", shown), moved


def _moved(one: Entity, places: dict[int, int]) -> Entity:
    """Return an entity at its new place; refuse one that is not on whole characters."""
    last = max(places)
    if one.offset > last or (one.offset not in places):
        if one.offset < last:
            raise FormattingError("entity begins in a middle of a UTF-16 symbol")
        raise FormattingError(
            f"entity begins after the end of the text at UTF-16 offset {one.offset}"
        )
    if one.end not in places:
        where = f"entity beginning at UTF-16 offset {one.offset} ends"
        if one.end < last:
            raise FormattingError(f"{where} in a middle of a UTF-16 symbol")
        raise FormattingError(f"{where} after the end of the text at UTF-16 offset {one.end}")
    begin = places[one.offset]
    return replace(one, offset=begin, length=places[one.end] - begin)


def _on_words(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that hold more than blanks, from their first word on."""
    blank = [character in _BLANKS for character in text for _ in range(utf16_length(character))]
    waiting = [one for one in reversed(list(entities)) if one.length > 0]
    open_ones: list[Entity] = []
    kept: list[Entity] = []
    last_word = -1
    for at in range(len(blank) + 1):
        while open_ones and open_ones[-1].end <= at:
            one = open_ones.pop()
            if last_word >= one.offset or one.type in _MAY_BE_BLANK:
                kept.append(one)
        while waiting and waiting[-1].offset <= at:
            open_ones.append(waiting.pop())
        if at < len(blank) and not blank[at]:
            last_word = at
        elif at < len(blank):
            _begin_later(open_ones, at)
    return sorted(kept, key=sort_key)


def _begin_later(open_ones: list[Entity], at: int) -> None:
    """Move the beginning of what begins on a blank, up to an entity that may stand on it."""
    for place in reversed(range(len(open_ones))):
        one = open_ones[place]
        if one.offset != at or one.type in _MAY_BE_BLANK:
            return
        open_ones[place] = replace(one, offset=at + 1, length=one.length - 1)
        if one.length == 1:
            open_ones.pop()


def _trimmed(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Return text and entities without the blanks at both ends."""
    text = text.rstrip(_BLANKS)
    end = utf16_length(text)
    clipped = [
        replace(one, length=min(one.end, end) - one.offset) for one in entities if one.offset < end
    ]
    # Blanks that an entity stands on stay.
    lead = min([len(text) - len(text.lstrip(_BLANKS)), *(one.offset for one in clipped)])
    moved = [replace(one, offset=one.offset - lead) for one in clipped]
    return text[lead:], sorted(moved, key=sort_key)
