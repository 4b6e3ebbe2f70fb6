"""TDLib's results in the form of the Bot API, as a reference for the tryout's own parsing."""

import json
from collections.abc import Iterable
from typing import Any

import tdjson

from bot.tryout.markup import Entity

__all__ = ["expected_commands", "expected_html", "expected_link", "expected_nesting"]

Json = dict[str, Any]

_NAMES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
_KINDS = {name: kind for kind, name in _NAMES.items() if kind != "PreCode"}


def expected_html(html: str) -> tuple[str, list[Json]] | str:
    """Return text and entities of ``html``, or the error message if TDLib rejects it."""
    mode = {"@type": "textParseModeHTML"}
    return _shown(_ask("parseTextEntities", text=html, parse_mode=mode))


def expected_nesting(text: str, entities: Iterable[Entity]) -> tuple[str, list[Json]] | str:
    """Return text and entities as TDLib normalises them, or its error message.

    ``text`` must contain no Markdown. White space at its ends is kept, unlike in a sent message,
    unless there is nothing else.
    """
    given = {"@type": "formattedText", "text": text, "entities": [_theirs(e) for e in entities]}
    return _shown(_ask("parseMarkdown", text=given))


def expected_link(url: str) -> str:
    """Return the target of a link to ``url``, a user id for a mention, or why it is invalid."""
    kind = {"@type": "textEntityTypeTextUrl", "url": url}
    entity = {"@type": "textEntity", "offset": 0, "length": 1, "type": kind}
    given = {"@type": "formattedText", "text": "x", "entities": [entity]}
    answer = _ask("parseMarkdown", text=given)
    if answer["@type"] == "error":
        return str(answer["message"]).rpartition("' is invalid: ")[2]
    kind = answer["entities"][0]["type"]
    return str(kind.get("url") or kind["user_id"])


def expected_commands(text: str) -> list[tuple[int, int]]:
    """Return offset and length of each command in ``text``, in UTF-16 units."""
    found = _ask("getTextEntities", text=text)["entities"]
    commands = [e for e in found if e["type"]["@type"] == "textEntityTypeBotCommand"]
    return [(entity["offset"], entity["length"]) for entity in commands]


def _ask(method: str, **parameters: Any) -> Json:
    request = json.dumps({"@type": method, **parameters}).encode()
    said = tdjson.td_execute(request)
    assert said is not None  # it answers all that may be asked without a client
    answer: Json = json.loads(said)
    return answer


def _shown(answer: Json) -> tuple[str, list[Json]] | str:
    if answer["@type"] == "error":
        words = str(answer["message"])
        return words[0].lower() + words[1:]
    return answer["text"], [_ours(entity) for entity in answer["entities"]]


def _ours(entity: Json) -> Json:
    kind = entity["type"]
    name = kind["@type"].removeprefix("textEntityType")
    shown = {"type": _NAMES[name], "offset": entity["offset"], "length": entity["length"]}
    match name:
        case "PreCode" | "TextUrl" | "CustomEmoji":
            return shown | {key: kind[key] for key in kind if key != "@type"}
        case "MentionName":
            return shown | {"user": {"id": kind["user_id"], "is_bot": False, "first_name": ""}}
        case "DateTime":
            form = _time_format(kind.get("formatting_type"))
            named = {"date_time_format": form} if form else {}
            return shown | {"unix_time": kind["unix_time"]} | named
    return shown


def _time_format(given: Json | None) -> str:
    if given is None:
        return ""
    if given["@type"] == "dateTimeFormattingTypeRelative":
        return "r"

    def letter(part: str, short: str) -> str:
        precision = given[part]["@type"].removeprefix("dateTimePartPrecision")
        return {"None": "", "Short": short, "Long": short.upper()}[str(precision)]

    date, time = letter("date_precision", "d"), letter("time_precision", "t")
    return f"{'w' * given['show_day_of_week']}{date}{time}"


def _theirs(entity: Entity) -> Json:
    extra = dict(entity.extra)
    if user := extra.pop("user", None):
        extra["user_id"] = user["id"]
    name = "PreCode" if "language" in extra else _KINDS[entity.type]
    kind = {"@type": f"textEntityType{name}", **extra}
    place = {"offset": entity.offset, "length": entity.length}
    return {"@type": "textEntity", **place, "type": kind}


_ask("setLogVerbosityLevel", new_verbosity_level=0)
