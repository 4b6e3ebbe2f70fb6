"""What Telegram makes of a text and its entities before it shows them.

Control characters are removed, crossing entities are split or dropped, and blanks at both ends
are trimmed together with the entities on them. The rules are those of TDLib's
``fix_formatted_text``; the tests compare the results with TDLib's.
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
# The limit on all entities of a message together, as Telegram's server developers give it
# (tdlib/telegram-bot-api issue 165).
MAX_ENTITY_BYTES = 9500
# TDLib refuses greater offsets and lengths.
_MAX_PLACE = 1_000_000
# Styles may cross anything and are split there; other entities are kept whole or dropped.
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
# Entities without styles inside.
_UNSTYLED = frozenset({"pre", "code", "date_time"})
# Entities that are kept even if all their text is blank.
_MAY_BE_BLANK = frozenset({"pre", "code", "text_link", "text_mention"})
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Of several direction marks in a row the last one stays; joiners replace the others, so that
# offsets stay the same.
_MANY_MARKS = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
_BLANKS = " \n"
# Characters that show nothing: a message of only these is empty.
_INVISIBLE = re.compile("[\\s\u1680\u180e\u2000-\u200f\u202f\u205f\u2800\u3000\ufffc]*")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32}|(?!@))(?![\w/<>])")


class FormattingError(Exception):
    """A text that Telegram refuses; the message is Telegram's own."""


def formatted(text: str, entities: Iterable[Entity] = ()) -> tuple[str, tuple[Entity, ...]]:
    """Return text and entities as Telegram shows them, the entities sorted by ``sort_key``.

    Raises FormattingError for misplaced entities, and for a text that shows nothing or is too
    long once it is cleaned (4096 UTF-16 units), or whose entities and addresses are (9500 bytes).
    Of more than 100 entities some are dropped, as are custom emoji. ``entities`` may come in any
    order. Slow where much is given: seconds for a million characters, or a thousand entities.
    """
    text, kept = nested(text, entities)
    kept = _fixed(_on_words(text, kept))

    # Blanks are trimmed at both ends, but those at the beginning stay under an entity.
    text = text.rstrip(_BLANKS)
    end = utf16_length(text)
    clipped = [
        replace(entity, length=min(entity.end, end) - entity.offset)
        for entity in kept
        if entity.offset < end
    ]
    lead = len(text) - len(text.lstrip(_BLANKS))
    lead = min([lead, *(entity.offset for entity in clipped)])
    text = text[lead:]
    kept = [replace(entity, offset=entity.offset - lead) for entity in clipped]
    kept.sort(key=sort_key)

    if _INVISIBLE.fullmatch(text):
        raise FormattingError("text must be non-empty")
    if utf16_length(text) > MAX_UNITS:
        raise FormattingError("message is too long")
    # An entity takes at most 20 bytes and its address on the way to Telegram's servers.
    urls = (str(entity.extra.get("url", "")) for entity in kept)
    if sum(20 + len(url.encode("utf-8", "replace")) for url in urls) > MAX_ENTITY_BYTES:
        raise FormattingError("ENTITIES_TOO_LONG")

    # Custom emoji are not for every bot: they are dropped.
    whole = [entity for entity in kept if entity.type not in {*_STYLES, "custom_emoji"}]
    whole = whole[:MAX_ENTITIES]
    styles = _split([entity for entity in kept if entity.type in _STYLES], ())
    return text, tuple(_on_words(text, _fixed([*whole, *styles[: MAX_ENTITIES - len(whole)]])))


def nested(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Return the cleaned text, and its entities, none of which cross; sorted by ``sort_key``.

    Blanks at the ends stay, and empty entities are dropped; a longer ``text`` than a message's is
    taken. Raises FormattingError for an offset or a length below 0 or above 1,000,000, and for an
    entity outside of the text, or that begins or ends within a character, unless it is empty, or
    gone for crossing another or lying in one. Quadratic in the entities.
    """
    given = list(entities)
    for entity in given:
        for name, number in (("offset", entity.offset), ("length", entity.length)):
            if not 0 <= number <= _MAX_PLACE:
                raise FormattingError(f"receive an entity with incorrect {name} {number}")
    # Where each character boundary, in UTF-16 units, is once the dropped characters are gone.
    widths = [utf16_length(character) for character in text]
    new_widths = [
        0 if _DROPPED.match(character) else width
        for character, width in zip(text, widths, strict=True)
    ]
    places = dict(
        zip(accumulate(widths, initial=0), accumulate(new_widths, initial=0), strict=True)
    )
    kept = [entity for entity in given if entity.length > 0]
    moved = [_moved(entity, places) for entity in _fixed(kept)]
    text = _CONTROL.sub(" ", _DROPPED.sub("", text))
    text = _MANY_MARKS.sub("\u200c", text)
    return text, _fixed([entity for entity in moved if entity.length > 0])


def bot_commands(text: str) -> tuple[Entity, ...]:
    """Return the commands in a text that a person typed, as Telegram finds them, in order.

    Each with its slash, and with the bot's name if one follows.
    """
    return tuple(
        Entity("bot_command", utf16_length(text[: command.start()]), len(command[0]))
        for command in _COMMAND.finditer(text)
    )


def _moved(entity: Entity, places: dict[int, int]) -> Entity:
    """Return an entity at its new place; refuse one that begins or ends within a character."""
    end = f"beginning at UTF-16 offset {entity.offset} ends"
    for edge, at in (("begins", entity.offset), (end, entity.end)):
        if at not in places:
            where = f"after the end of the text at UTF-16 offset {at}"
            if at < max(places):
                where = "in a middle of a UTF-16 symbol"
            raise FormattingError(f"entity {edge} {where}")
    begin = places[entity.offset]
    return replace(entity, offset=begin, length=places[entity.end] - begin)


def _on_words(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that hold more than blanks, each from its first word on."""
    blank = [character in _BLANKS for character in text for _ in range(utf16_length(character))]
    waiting = [entity for entity in reversed(list(entities)) if entity.length > 0]
    running: list[Entity] = []
    kept: list[Entity] = []
    last_word = -1
    for at in range(len(blank) + 1):
        while running and running[-1].end <= at:
            ended = running.pop()
            if last_word >= ended.offset or ended.type in _MAY_BE_BLANK:
                kept.append(ended)
        while waiting and waiting[-1].offset <= at:
            running.append(waiting.pop())
        if at == len(blank):
            break
        if not blank[at]:
            last_word = at
            continue
        # Entities that begin on this blank begin later, from the inside out, up to the first
        # that may stand on blanks.
        for place in reversed(range(len(running))):
            entity = running[place]
            if entity.offset != at or entity.type in _MAY_BE_BLANK:
                break
            running[place] = replace(entity, offset=at + 1, length=entity.length - 1)
            if entity.length == 1:
                running.pop()
    return sorted(kept, key=sort_key)


# ---------------------------------------------------------------------- crossing entities


def _fixed(entities: Iterable[Entity]) -> list[Entity]:
    """Return entities that nest, none of them twice: the outer and earlier one stays."""
    ordered = sorted(entities, key=sort_key)
    styles = [entity for entity in ordered if entity.type in _STYLES]
    quotes = _apart([entity for entity in ordered if entity.type in _QUOTES])
    others = _apart([entity for entity in ordered if entity.type not in {*_STYLES, *_QUOTES}])
    nesting = [
        entity
        for entity in others
        if not any(
            entity.offset < quote.end < entity.end or entity.offset < quote.offset < entity.end
            for quote in quotes
        )
    ]
    whole = sorted([*nesting, *quotes], key=sort_key)
    return sorted([*whole, *_split(styles, whole)], key=sort_key)


def _apart(entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities that begin after the kept one before has ended."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _split(styles: Sequence[Entity], whole: Sequence[Entity]) -> list[Entity]:
    """Return the styles, merged by kind, and cut wherever a whole entity begins or ends."""
    cutter = _Cutter(styles)
    for at, is_unstyled in _cuts(whole):
        before = len(cutter.made)
        cutter.cut(at)
        if is_unstyled:
            del cutter.made[before:]
    cutter.cut(max((style.end for style in styles), default=0))
    return cutter.made


def _cuts(whole: Iterable[Entity]) -> Iterator[tuple[int, bool]]:
    """Yield where entities begin and end, in order, and whether the one that ends is unstyled."""
    around: list[Entity] = []
    for entity in whole:
        while around and entity.offset >= around[-1].end:
            last = around.pop()
            yield last.end, last.type in _UNSTYLED
        yield entity.offset, False
        around.append(entity)
    for last in reversed(around):
        yield last.end, last.type in _UNSTYLED


class _Cutter:
    """One pass over sorted styles; those that run at a cut are split there."""

    def __init__(self, styles: Sequence[Entity]) -> None:
        self.made: list[Entity] = []
        self._waiting = list(reversed(styles))
        # Begin and end of the running styles, by type.
        self._running: dict[str, tuple[int, int]] = {}

    def cut(self, at: int) -> None:
        """Start the styles that begin before ``at``, and end what runs there."""
        while self._waiting and self._waiting[-1].offset < at:
            style = self._waiting.pop()
            begin, end = self._running.get(style.type, (0, -1))
            if style.offset <= end:
                self._running[style.type] = begin, max(end, style.end)
            else:
                self._flush(style.offset)
                self._running[style.type] = style.offset, style.end
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
