"""The parameters of a Bot API call, parsed as strictly as Telegram parses them.

The error messages are Telegram's own, from its server's source and from live answers.
"""

import json
import re
from typing import Any

from bot.tryout.formatting import FormattingError, formatted
from bot.tryout.links import LinkError, checked_link
from bot.tryout.markup import Entity, MarkupError, parse_html, utf16_length

__all__ = [
    "ApiError",
    "Json",
    "bad_request",
    "caption_of",
    "decoded",
    "flag",
    "integer",
    "keyboard_of",
    "text_of",
]

Json = dict[str, Any]

_MAX_CAPTION = 1024
_MAX_DATA_BYTES = 64
# The field that an entity of a type must have beside its place.
_NEEDED: dict[str, str] = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
_KEPT: dict[str, tuple[str, ...]] = {kind: (name,) for kind, name in _NEEDED.items()} | {
    "pre": ("language",),
    "date_time": ("unix_time", "date_time_format"),
}
# Telegram finds these by itself, and ignores those that a bot gives.
_FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
_TAKEN = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code"}
    | {"blockquote", "expandable_blockquote", *_KEPT}
)
# What a button may have in place of an address or data.
_OTHER_BUTTONS = ("copy_text", "switch_inline_query", "switch_inline_query_current_chat")


class ApiError(Exception):
    """A refusal: HTTP code, message, and the Bot API's ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(message: str) -> ApiError:
    """Return, for raising, a refusal with code 400."""
    return ApiError(400, f"Bad Request: {message}")


def text_of(given: Json) -> Json:
    """Return ``text`` and, if there are any, ``entities`` of a message, as Telegram shows them.

    Raises ApiError if the text is missing, shows nothing, is too long (4096 UTF-16 units) or
    wrongly marked up, or if its entities and addresses are too long (9500 bytes). Markup is
    HTML by ``parse_mode``, else ``entities``; any other ``parse_mode`` is refused.
    """
    if not given.get("text"):
        raise bad_request("message text is empty")
    text, shown = _formatted(given, "text", "entities")
    entities_json = [entity.as_json() for entity in shown]
    return {"text": text} | ({"entities": entities_json} if shown else {})


def caption_of(given: Json) -> Json:
    """Return ``caption`` and, if there are any, ``caption_entities`` of a file; {} for none.

    White space is none. Raises ApiError if the caption is too long (1024 UTF-16 units), has
    nothing but invisible characters that are no white space, or if its markup is refused as in
    ``text_of``.
    """
    if not _marked(given, "caption", "caption_entities")[0].strip():
        return {}
    text, shown = _formatted(given, "caption", "caption_entities")
    if utf16_length(text) > _MAX_CAPTION:
        raise bad_request("message caption is too long")
    entities_json = [entity.as_json() for entity in shown]
    return {"caption": text} | ({"caption_entities": entities_json} if shown else {})


def keyboard_of(given: Json) -> Json:
    """Return ``reply_markup`` with the inline keyboard of a message, {} for none.

    Reply keyboards, which would replace the reader's own, are accepted and not shown: {}. Empty
    rows are left out. Raises ApiError for a keyboard or a button that is malformed.
    """
    markup = decoded(given, "reply_markup", {})
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    checked = [[_button(button) for button in row] for row in rows if row]
    return {"reply_markup": {"inline_keyboard": checked}} if checked else {}


def decoded(given: Json, name: str, default: Any) -> Any:
    """Return a parameter's value, parsed if it came as a JSON string; ``default`` if it is empty.

    The value may be of any JSON type. Raises ApiError for a string that is not JSON.
    """
    value = given.get(name)
    if value is None or value == "":
        return default
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise bad_request(f"can't parse {name} JSON object") from None


def integer(given: Json, name: str, default: int = 0) -> int:
    """Return the whole number at the beginning of a parameter, 0 if it has none, as Telegram.

    ``default`` is for a parameter that is missing; None is one without a number. Of more than 18
    digits the first 18 count.
    """
    found = re.match(r"-?[0-9]{1,18}", str(given.get(name, default)))
    return int(found[0]) if found else 0


def flag(given: Json, name: str) -> bool:
    """Return whether a parameter is true: True, 1, "true", "yes" or "1", in any case."""
    return str(given.get(name, "")).lower() in {"true", "yes", "1"}


def _formatted(given: Json, name: str, entities_name: str) -> tuple[str, tuple[Entity, ...]]:
    """Return a text and its entities as Telegram shows them."""
    try:
        return formatted(*_marked(given, name, entities_name))
    except FormattingError as error:
        raise bad_request(str(error)) from None


def _marked(given: Json, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    """Return a text and its entities, from markup or as given."""
    text = str(given.get(name) or "")
    mode = str(given.get("parse_mode") or "").lower()
    if mode == "html":
        try:
            plain, found = parse_html(text)
        except MarkupError as error:
            raise bad_request(str(error)) from None
        return plain, list(found)
    if mode:  # daybrief sends no Markdown: it would be a bug
        raise bad_request("unsupported parse_mode")
    given_entities = decoded(given, entities_name, [])
    if not isinstance(given_entities, list):
        raise bad_request("expected an Array of MessageEntity")
    return text, [entity for fields in given_entities if (entity := _entity(fields))]


def _entity(given: Any) -> Entity | None:
    """Return an entity that a bot gave, None for one that Telegram finds by itself."""
    if not isinstance(given, dict):
        raise bad_request("can't parse MessageEntity: Expected an Object")
    kind = str(given.get("type"))
    if kind in _FOUND:
        return None
    if kind not in _TAKEN:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if (needed := _NEEDED.get(kind)) and given.get(needed) is None:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    extra = {name: given[name] for name in _KEPT.get(kind, ()) if given.get(name)}
    if "url" in extra:
        extra["url"] = _url(str(extra["url"]), "entity")
    return Entity(kind, integer(given, "offset"), integer(given, "length"), extra)


def _button(button: Any) -> Json:
    """Return a button, its address in Telegram's spelling."""
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Expected an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if url := button.get("url"):
        return {**button, "url": _url(str(url), "inline keyboard button")}
    if data := button.get("callback_data"):
        if len(str(data).encode("utf-8", "surrogatepass")) > _MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif not any(name in button for name in _OTHER_BUTTONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    return button


def _url(url: str, where: str) -> str:
    try:
        return checked_link(url)
    except LinkError as error:
        raise bad_request(f"{where} URL '{url}' is invalid: {error}") from None
