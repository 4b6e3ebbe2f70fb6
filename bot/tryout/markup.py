"""Telegram's HTML, read as Telegram reads it: the same tags, the same refusals.

The rules are those of TDLib's parser, which the tests hold it against.
"""

import re
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Entity", "MarkupError", "parse_html", "utf16_length"]

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
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\0\v"
_ENTITY = re.compile(r"&(?:#(?:x(?P<hex>[0-9A-Fa-f]*)|(?P<dec>[0-9]*))|(?P<name>[A-Za-z]*));?")
_MAX_ENTITY_CHARS = 10
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
# Only addresses with a dot in their host, or of Telegram's own schemes, become links.
_LINK = re.compile(
    r"(?:(?:https?|ftp)://)?(?:[^/?#@\s]+@)?(?:[^/?#\s.]+\.)+[^/?#\s.]+(?:[/?#].*)?|tg://.+",
    re.DOTALL,
)


class MarkupError(Exception):
    """A message that Telegram refuses; the text is Telegram's own."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text; ``offset`` and ``length`` count UTF-16 units."""

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the entity as the Bot API writes it."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


def utf16_length(text: str) -> int:
    """Return the length of ``text`` in UTF-16 units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the plain text and its entities; raise MarkupError with Telegram's words."""
    return _Parser(text).parse()


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end: where it began, in the text and in its units."""

    tag: str
    values: dict[str, str]
    begin: int
    offset: int


class _Parser:
    """One pass over a text. Positions are of characters; errors name bytes, as Telegram does."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._plain: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "<":
                self._tag()
            elif character == "&" and (decoded := self._decode()):
                self._push(decoded)
            else:
                self._push(character)
                self._at += 1
        if self._open:
            raise MarkupError(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"'
            )
        return _trimmed("".join(self._plain), self._entities)

    def _push(self, character: str) -> None:
        self._plain.append(character)
        self._units += utf16_length(character)

    def _decode(self) -> str:
        """Read an entity at the present place; "" if there is none, and nothing is read."""
        found = _ENTITY.match(self._text, self._at)
        assert found is not None
        if found["name"] is not None:
            character = _NAMED.get(found["name"], "")
        else:
            digits, base = (found["hex"], 16) if found["hex"] is not None else (found["dec"], 10)
            code = int(digits, base) if digits and len(digits) < _MAX_ENTITY_CHARS else 0
            too_long = len(found[0].rstrip(";")) >= _MAX_ENTITY_CHARS
            valid = 0 < code < 0x10FFFF and not too_long and not 0xD800 <= code < 0xE000
            character = chr(code) if valid else ""
        if character:
            self._at = found.end()
        return character

    def _tag(self) -> None:
        begin = self._at
        self._at += 1
        if self._peek() == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = self._until_space_or_end().lower()
        if not self._peek():
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _KINDS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        values: dict[str, str] = {}
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            self._attribute(tag, begin, values)
        self._at += 1
        if tag == "span" and values.get("class") != "tg-spoiler":
            raise MarkupError(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}'
            )
        self._open.append(_Open(tag, values, len(self._plain), self._units))

    def _attribute(self, tag: str, begin: int, values: dict[str, str]) -> None:
        name_at = self._at
        while self._peek() and self._peek() not in _SPACE + "=>/\"'":
            self._at += 1
        name = self._text[name_at : self._at].lower()
        if not name:
            raise MarkupError(
                f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}'
            )
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise self._unclosed(tag, begin)
            values[name] = ""
            return
        self._at += 1
        self._skip_space()
        if not self._peek():
            raise self._unclosed(tag, begin)
        values[name] = self._quoted() if self._peek() in "\"'" else self._token()
        if not self._peek():  # here Telegram does not name the tag
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")

    def _quoted(self) -> str:
        quote = self._peek()
        self._at += 1
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            if self._peek() == "&" and (decoded := self._decode()):
                value.append(decoded)
            else:
                value.append(self._peek())
                self._at += 1
        if self._peek() == quote:
            self._at += 1
        return "".join(value)

    def _token(self) -> str:
        begin = self._at
        while self._peek() and (
            (self._peek().isascii() and self._peek().isalnum()) or self._peek() in ".-"
        ):
            self._at += 1
        if self._peek() and self._peek() not in _SPACE + ">":
            raise MarkupError(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return self._text[begin : self._at].lower()

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            raise MarkupError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self._at += 1
        name = self._until_space_or_end()
        self._skip_space()
        if self._peek() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self._at += 1
        last = self._open.pop()
        if name and name != last.tag:
            raise MarkupError(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{last.tag}>", found "</{name}>"'
            )
        if self._units > last.offset:
            self._close(last)

    def _close(self, last: _Open) -> None:
        kind, extra = _KINDS[last.tag], dict[str, Any]()
        if last.tag == "a":
            url = last.values.get("href", "") or "".join(self._plain[last.begin :])
            if not _LINK.fullmatch(url):
                return
            extra["url"] = url if "://" in url else f"http://{url}/"
        elif last.tag == "blockquote" and "expandable" in last.values:
            kind = "expandable_blockquote"
        elif last.tag == "tg-time":
            extra = _time(last.values)
        elif last.tag == "code" and last.values.get("class", "").startswith("language-"):
            extra["language"] = last.values["class"].removeprefix("language-")
        elif last.tag == "tg-emoji":
            extra["custom_emoji_id"] = last.values.get("emoji-id", "")
        self._entities.append(Entity(kind, last.offset, self._units - last.offset, extra))

    def _until_space_or_end(self) -> str:
        begin = self._at
        while self._peek() and self._peek() not in _SPACE + ">":
            self._at += 1
        return self._text[begin : self._at].removeprefix("/")

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in _SPACE:
            self._at += 1

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode("utf-8", "surrogatepass"))

    def _unclosed(self, tag: str, begin: int) -> MarkupError:
        return MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')


def _time(values: dict[str, str]) -> dict[str, Any]:
    unix, form = values.get("unix", ""), values.get("format", "")
    if not unix.isdigit():
        raise MarkupError("Invalid time specified")
    if not _TIME_FORMAT.fullmatch(form):
        raise MarkupError("Invalid date format used")
    return {"unix_time": int(unix), "date_time_format": form}


def _trimmed(plain: str, entities: list[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Return text and entities without the white space at both ends."""
    lead = utf16_length(plain) - utf16_length(plain.lstrip())
    text = plain.strip()
    whole = utf16_length(text)
    kept = []
    for one in entities:
        begin = max(one.offset - lead, 0)
        end = min(one.offset + one.length - lead, whole)
        if end > begin:
            kept.append(Entity(one.type, begin, end - begin, one.extra))
    kept.sort(key=lambda one: (one.offset, -one.length))
    return text, tuple(kept)
