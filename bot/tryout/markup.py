"""Telegram's HTML, read as Telegram reads it: the same tags, the same refusals.

The rules are those of TDLib's ``parse_html`` (version 1.8.69), which the tests hold it against.
What Telegram does with a text after that is in ``formatting``.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from bot.tryout.links import SPACE, LinkError, ascii_lower, checked_link, linked_user

__all__ = ["Entity", "MarkupError", "parse_html", "sort_key", "utf16_length"]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
# Of entities with one beginning and one end, the lower one is the outer one (TDLib's order).
_ORDER = {
    "expandable_blockquote": 0,
    "blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 48,
    "text_link": 49,
    "text_mention": 49,
    "bot_command": 50,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_PRE_WITH_LANGUAGE = 10
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(
    r"(?P<all>&(?:#(?:[xX](?P<hex>[0-9A-Fa-f]*)|(?P<dec>[0-9]*))|(?P<name>[A-Za-z]*)));?"
)
# Longer references stay as they are, the semicolon not counted.
_MAX_REFERENCE_CHARS = 9
_PLAIN = re.compile(r"[^<&]+")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_WORD_END = re.compile(rf"[{SPACE}>]")
_NAME_END = re.compile(rf"[{SPACE}=>/\"']")
_WHOLE = re.compile(r"-?[0-9]+")
_MAX_EMOJI = 2**63


class MarkupError(Exception):
    """A message that Telegram refuses; the text is Telegram's own."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text; ``offset`` and ``length`` count UTF-16 units."""

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Where the text goes on without it."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """Return the entity as the Bot API writes it."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


def sort_key(entity: Entity) -> tuple[int, int, int]:
    """Return what entities are sorted by: an outer one comes before what it holds."""
    order = _ORDER.get(entity.type, 50)
    if entity.type == "pre" and "language" in entity.extra:
        order = _PRE_WITH_LANGUAGE
    return entity.offset, -entity.length, order


def utf16_length(text: str) -> int:
    """Return the length of ``text`` in UTF-16 units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the plain text and its entities, sorted; raise MarkupError with Telegram's words."""
    return _Parser(text).parse()


@dataclass(frozen=True, slots=True)
class _Open:
    """A tag that waits for its end: where it began, in our pieces and in UTF-16 units."""

    tag: str
    values: dict[str, str]
    piece: int
    offset: int


class _Parser:
    """One pass over a text. Positions are of characters; errors name bytes, as Telegram does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._pieces: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._text):
            if self._text[self._at] == "<":
                self._tag()
            elif self._text[self._at] == "&":
                self._push(self._reference())
            elif found := _PLAIN.match(self._text, self._at):
                self._at = found.end()
                self._push(found[0])
        if self._open:
            tag = self._open[-1].tag
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{tag}"')
        plain = "".join(self._pieces)
        if any("\ud800" <= character < "\ue000" for character in plain):
            raise _refusal(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return plain, tuple(sorted(map(_without_loose_language, self._entities), key=sort_key))

    def _push(self, piece: str) -> None:
        self._pieces.append(piece)
        self._units += utf16_length(piece)

    def _reference(self) -> str:
        """Read ``&…`` and return its character; a "&" if it is none of those that decode."""
        found = _REFERENCE.match(self._text, self._at)
        assert found is not None
        if found["name"] is not None:
            character = _NAMED.get(found["name"], "")
        else:
            code = int(found["hex"] or "0", 16) or int(found["dec"] or "0")
            is_short = len(found["all"]) <= _MAX_REFERENCE_CHARS
            character = chr(code) if is_short and 0 < code < 0x10FFFF else ""
        self._at = found.end() if character else self._at + 1
        return character or "&"

    def _tag(self) -> None:
        begin = self._at
        self._at += 1
        if self._peek() == "/":
            self._at += 1
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = ascii_lower(self._until(_WORD_END))
        if self._peek() == "\0":
            raise self._refusal("Unclosed start tag", begin)
        if tag not in _KINDS:
            raise self._refusal(f'Unsupported start tag "{tag}"', begin)
        values: dict[str, str] = {}
        while self._peek() != ">":
            self._skip_space()
            if self._peek() != ">":
                self._attribute(tag, begin, values)
        self._at += 1
        if tag == "span" and values.get("class") != "tg-spoiler":
            raise self._refusal('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_Open(tag, values, len(self._pieces), self._units))

    def _attribute(self, tag: str, begin: int, values: dict[str, str]) -> None:
        name = self._until(_NAME_END)
        if not name:
            raise self._refusal(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_space()
        if self._peek() == "=":
            self._at += 1
            self._skip_space()
        elif self._peek() != "\0":
            if name == "expandable":
                values[name] = ""
            return
        if self._peek() == "\0":
            raise self._refusal(f'Unclosed start tag "{tag}"', begin)
        value = self._quoted() if self._peek() in "\"'" else self._token()
        if self._peek() == "\0":  # here Telegram does not name the tag
            raise self._refusal("Unclosed start tag", begin)
        # Telegram passes over classes that it has no use for, as if they were not there.
        if name != "class" or value.startswith("tg-" if tag == "span" else "language-"):
            values[name] = value

    def _quoted(self) -> str:
        quote = self._peek()
        self._at += 1
        value: list[str] = []
        while self._peek() not in (quote, "\0"):
            if self._peek() == "&":
                value.append(self._reference())
            else:
                value.append(self._peek())
                self._at += 1
        if self._peek() == quote:
            self._at += 1
        return "".join(value)

    def _token(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        assert found is not None
        begin, self._at = self._at, found.end()
        if not _WORD_END.match(self._peek()):
            raise self._refusal("Unexpected end of name token", begin)
        return ascii_lower(found[0])

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            raise self._refusal("Unexpected end tag", begin)
        tag = ascii_lower(self._until(_WORD_END))
        self._skip_space()
        if self._peek() != ">":
            raise self._refusal("Unclosed end tag", begin)
        self._at += 1
        last = self._open.pop()
        if tag and tag != last.tag:
            where = f"Unmatched end tag at byte offset {self._byte(begin)}"
            raise _refusal(f'{where}, expected "</{last.tag}>", found "</{tag}>"')
        if self._units > last.offset:
            self._close(last)

    def _close(self, last: _Open) -> None:
        made = Entity(_KINDS[last.tag], last.offset, self._units - last.offset)
        match last.tag:
            case "a":
                self._close_link(made, last)
            case "pre" | "code":
                self._close_code(made, last)
            case "tg-time":
                self._close_time(made, last.values)
            case "tg-emoji":
                emoji = {"custom_emoji_id": _emoji(last.values.get("emoji-id", ""))}
                self._entities.append(replace(made, extra=emoji))
            case "blockquote" if "expandable" in last.values:
                self._entities.append(replace(made, type="expandable_blockquote"))
            case _:
                self._entities.append(made)

    def _close_link(self, made: Entity, last: _Open) -> None:
        """Take note of a link; one without an address links to what it says, if to anything."""
        url = last.values.get("href") or "".join(self._pieces[last.piece :])
        if user := linked_user(url):
            person = {"id": user, "is_bot": False, "first_name": ""}
            self._entities.append(replace(made, type="text_mention", extra={"user": person}))
            return
        try:
            self._entities.append(replace(made, extra={"url": checked_link(url)}))
        except LinkError:  # Telegram shows the bare text
            return

    def _close_code(self, made: Entity, last: _Open) -> None:
        """Take note of code; ``pre`` and ``code`` around one text are one, with its language."""
        language = last.values.get("class", "").removeprefix("language-")
        if last.tag == "code" and language:
            made = replace(made, extra={"language": language})
        before = self._entities[-1] if self._entities else None
        if before and before.type != made.type and {before.type, made.type} == {"pre", "code"}:
            one = before.extra or made.extra
            if one and (before.offset, before.length) == (made.offset, made.length):
                self._entities[-1] = replace(before, type="pre", extra=one)
                return
        self._entities.append(made)

    def _close_time(self, made: Entity, values: dict[str, str]) -> None:
        form = _time_format(values.get("format", ""))
        unix = _lenient_int32(values.get("unix", ""))
        if unix > 0:
            extra = {"unix_time": unix} | ({"date_time_format": form} if form else {})
            self._entities.append(replace(made, extra=extra))

    def _until(self, end: re.Pattern[str]) -> str:
        begin = self._at
        found = end.search(self._text, begin)
        self._at = found.start() if found else len(self._text)
        return self._text[begin : self._at]

    def _skip_space(self) -> None:
        while self._peek() != "\0" and self._peek() in SPACE:
            self._at += 1

    def _peek(self) -> str:
        """Return the next character; a NUL at the end, which Telegram takes for one as well."""
        return self._text[self._at] if self._at < len(self._text) else "\0"

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode("utf-8", "surrogatepass"))

    def _refusal(self, words: str, at: int) -> MarkupError:
        return _refusal(f"{words} at byte offset {self._byte(at)}")


def _refusal(words: str) -> MarkupError:
    return MarkupError(f"can't parse entities: {words}")


def _without_loose_language(entity: Entity) -> Entity:
    """Return code without its language, which only counts together with ``pre``."""
    return replace(entity, extra={}) if entity.type == "code" else entity


def _emoji(given: str) -> str:
    is_canonical = _WHOLE.fullmatch(given) and str(int(given)) == given
    if not is_canonical or not -_MAX_EMOJI <= int(given) < _MAX_EMOJI or given == "0":
        raise _refusal("Invalid custom emoji identifier specified")
    return given


def _time_format(given: str) -> str:
    """Return a format in its usual order; of two letters for one thing the last counts."""
    if given in {"r", "R"}:
        return "r"
    if not re.fullmatch(r"[wWdDtT]*", given):
        raise _refusal("Invalid date format used")
    dates, times = re.findall(r"[dD]", given), re.findall(r"[tT]", given)
    return "".join(["w" * ("w" in given.lower()), *dates[-1:], *times[-1:]])


def _lenient_int32(given: str) -> int:
    """Return the number ``given`` begins with, in the 32 bits that Telegram has for it."""
    found = re.match(r"-?[0-9]+", given)
    wrapped = int(found[0]) & 0xFFFFFFFF if found else 0
    return wrapped - (1 << 32) if wrapped >= 1 << 31 else wrapped
