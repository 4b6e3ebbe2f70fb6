"""A parser for Telegram's HTML: the same tags and the same error messages as Telegram's own.

The rules are those of TDLib's ``parse_html`` (version 1.8.69); the tests compare the results with
TDLib's. What Telegram does with a text after parsing is in ``formatting``.
"""

import re
from contextlib import suppress
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
# Of entities with the same beginning and end, the one with the lower number is the outer one
# (TDLib's order).
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
# Longer numeric references, the semicolon not counted, stay as they are.
_MAX_REFERENCE_CHARS = 9
_PLAIN = re.compile(r"[^<&]+")
_TOKEN_END = re.compile(r"[^A-Za-z0-9.-]")
_WORD_END = re.compile(rf"[{SPACE}>]")
_NAME_END = re.compile(rf"[{SPACE}=>/\"']")
_EMOJI_ID = re.compile(r"-?[1-9][0-9]{0,18}")
_MAX_EMOJI_ID = 2**63


class MarkupError(Exception):
    """A message that Telegram refuses; the error message is Telegram's own."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted span of a text, as the Bot API's MessageEntity.

    ``offset`` and ``length`` count UTF-16 units. ``extra`` holds the fields that only some types
    have, such as ``url``, under the Bot API's names.
    """

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The offset after its last UTF-16 unit."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """Return the entity as the Bot API writes it."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


def sort_key(entity: Entity) -> tuple[int, int, int]:
    """Return what entities are sorted by: the outer ones come before the inner ones.

    That is by offset, then the longest first, then in TDLib's order of types.
    """
    order = _ORDER.get(entity.type, 50)
    if entity.type == "pre" and "language" in entity.extra:
        order = _PRE_WITH_LANGUAGE
    return entity.offset, -entity.length, order


def utf16_length(text: str) -> int:
    """Return the length of ``text`` in UTF-16 units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the plain text and its entities, sorted by ``sort_key``.

    Entities never cross, but may be there twice or in one that may hold none, and the text may
    have blanks at its ends, or be empty or too long: see ``formatted``. Raises MarkupError for
    unknown tags, unclosed or unmatched ones, attributes that are malformed or that a tag with a
    text needs and lacks, and lone surrogates. A link that Telegram makes none of leaves its bare
    text. Quadratic in links within links, else linear.
    """
    return _Parser(text).parse()


@dataclass(frozen=True, slots=True)
class _OpenTag:
    """A start tag without its end tag yet; ``piece`` and ``offset`` are where its text begins."""

    name: str
    values: dict[str, str]
    piece: int
    offset: int


class _Parser:
    """One pass over a text. Positions count characters; errors name bytes, as Telegram does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._pieces: list[str] = []
        self._units = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._text):
            if self._text.startswith("</", self._at):
                self._end_tag()
            elif self._text[self._at] == "<":
                self._start_tag()
            elif self._text[self._at] == "&":
                self._push(self._reference())
            elif plain := _PLAIN.match(self._text, self._at):
                self._at = plain.end()
                self._push(plain[0])
        if self._open:
            name = self._open[-1].name
            raise _error(f'Can\'t find end tag corresponding to start tag "{name}"')
        text = "".join(self._pieces)
        if any("\ud800" <= character < "\ue000" for character in text):
            raise _error(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        # A language only counts for code together with "pre".
        entities = [
            replace(entity, extra={}) if entity.type == "code" else entity
            for entity in self._entities
        ]
        return text, tuple(sorted(entities, key=sort_key))

    def _push(self, piece: str) -> None:
        self._pieces.append(piece)
        self._units += utf16_length(piece)

    def _reference(self) -> str:
        """Read a character reference and return its character; "&" if it is not a valid one."""
        found = _REFERENCE.match(self._text, self._at)
        assert found is not None
        if found["name"] is not None:
            character = _NAMED.get(found["name"], "")
        else:
            code = 0
            if len(found["all"]) <= _MAX_REFERENCE_CHARS:
                code = int(found["hex"] or "0", 16) or int(found["dec"] or "0")
            character = chr(code) if 0 < code < 0x10FFFF else ""
        self._at = found.end() if character else self._at + 1
        return character or "&"

    # ------------------------------------------------------------------ tags

    def _start_tag(self) -> None:
        begin = self._at
        self._at += len("<")
        name = ascii_lower(self._until(_WORD_END))
        if self._peek() == "\0":
            raise self._error_at("Unclosed start tag", begin)
        if name not in _KINDS:
            raise self._error_at(f'Unsupported start tag "{name}"', begin)
        values: dict[str, str] = {}
        while self._peek() != ">":
            self._skip_space()
            if self._peek() != ">":
                self._attribute(name, begin, values)
        self._at += 1
        if name == "span" and values.get("class") != "tg-spoiler":
            raise self._error_at('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_OpenTag(name, values, len(self._pieces), self._units))

    def _attribute(self, tag: str, begin: int, values: dict[str, str]) -> None:
        """Read an attribute of the tag at ``begin`` into ``values``."""
        name = self._until(_NAME_END)
        if not name:
            raise self._error_at(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_space()
        if self._peek() == "=":
            self._at += 1
            self._skip_space()
        elif self._peek() != "\0":
            if name == "expandable":
                values[name] = ""
            return
        if self._peek() == "\0":
            raise self._error_at(f'Unclosed start tag "{tag}"', begin)
        value = self._value()
        if self._peek() == "\0":  # here Telegram does not name the tag
            raise self._error_at("Unclosed start tag", begin)
        # Telegram ignores classes that it has no use for: an earlier class stays.
        if name != "class" or value.startswith("tg-" if tag == "span" else "language-"):
            values[name] = value

    def _value(self) -> str:
        """Read an attribute's value: quoted, or a word, which comes in lower case."""
        quote = self._peek()
        if quote not in "\"'":
            begin = self._at
            word = self._until(_TOKEN_END)
            if not _WORD_END.match(self._peek()):
                raise self._error_at("Unexpected end of name token", begin)
            return ascii_lower(word)
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

    def _end_tag(self) -> None:
        begin = self._at
        self._at += len("</")
        if not self._open:
            raise self._error_at("Unexpected end tag", begin)
        name = ascii_lower(self._until(_WORD_END))
        self._skip_space()
        if self._peek() != ">":
            raise self._error_at("Unclosed end tag", begin)
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            where = f"Unmatched end tag at byte offset {self._byte(begin)}"
            raise _error(f'{where}, expected "</{tag.name}>", found "</{name}>"')
        entity = self._entity(tag)
        if entity is None:
            return
        before = self._entities[-1] if self._entities else entity
        is_same_text = (before.offset, before.length) == (entity.offset, entity.length)
        language = before.extra or entity.extra
        if {before.type, entity.type} == {"pre", "code"} and is_same_text and language:
            # "pre" and "code" around the same text are one entity, with its language.
            self._entities[-1] = replace(before, type="pre", extra=language)
        else:
            self._entities.append(entity)

    def _entity(self, tag: _OpenTag) -> Entity | None:
        """Return the entity of a tag that ends here, None if it makes none."""
        if self._units == tag.offset:
            return None
        kind = _KINDS[tag.name]
        extra: dict[str, Any] = {}
        match tag.name:
            case "a":
                # A link without an address leads to its own text.
                url = tag.values.get("href") or "".join(self._pieces[tag.piece :])
                if user := linked_user(url):
                    kind = "text_mention"
                    extra = {"user": {"id": user, "is_bot": False, "first_name": ""}}
                else:
                    with suppress(LinkError):
                        extra = {"url": checked_link(url)}
            case "code":
                if language := tag.values.get("class", "").removeprefix("language-"):
                    extra = {"language": language}
            case "tg-time":
                extra = _time(tag.values)
            case "tg-emoji":
                emoji_id = tag.values.get("emoji-id", "")
                is_number = _EMOJI_ID.fullmatch(emoji_id)
                if not is_number or not -_MAX_EMOJI_ID <= int(emoji_id) < _MAX_EMOJI_ID:
                    raise _error("Invalid custom emoji identifier specified")
                extra = {"custom_emoji_id": emoji_id}
            case "blockquote" if "expandable" in tag.values:
                kind = "expandable_blockquote"
        if kind in {"text_link", "date_time"} and not extra:
            return None  # Telegram shows the bare text
        return Entity(kind, tag.offset, self._units - tag.offset, extra)

    # ------------------------------------------------------------------ characters

    def _until(self, end: re.Pattern[str]) -> str:
        """Read up to a match of ``end``, or to the end of the text."""
        begin = self._at
        found = end.search(self._text, begin)
        self._at = found.start() if found else len(self._text)
        return self._text[begin : self._at]

    def _skip_space(self) -> None:
        while self._peek() != "\0" and self._peek() in SPACE:
            self._at += 1

    def _peek(self) -> str:
        """Return the next character; a NUL at the end, where Telegram makes no difference."""
        return self._text[self._at] if self._at < len(self._text) else "\0"

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode("utf-8", "surrogatepass"))

    def _error_at(self, message: str, at: int) -> MarkupError:
        return _error(f"{message} at byte offset {self._byte(at)}")


def _error(message: str) -> MarkupError:
    return MarkupError(f"can't parse entities: {message}")


def _time(values: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a ``tg-time`` tag's entity, {} for a time that Telegram ignores."""
    form = values.get("format", "")
    if form in {"r", "R"}:
        form = "r"
    elif re.fullmatch(r"[wWdDtT]*", form):
        # Weekday, date, time; of two letters for the same thing the last one counts.
        dates, times = re.findall(r"[dD]", form), re.findall(r"[tT]", form)
        form = "".join(["w" * ("w" in form.lower()), *dates[-1:], *times[-1:]])
    else:
        raise _error("Invalid date format used")
    # Telegram reads the digits at the beginning, and lets the number overflow 32 bits.
    # 2**32 divides 10**32: no digits before the last 32 count.
    digits = re.match(r"(-?)[0-9]*?([0-9]{1,32})(?![0-9])", values.get("unix", ""))
    unix_time = int(digits[1] + digits[2]) & 0xFFFFFFFF if digits else 0
    if not 0 < unix_time < 1 << 31:
        return {}
    return {"unix_time": unix_time} | ({"date_time_format": form} if form else {})
