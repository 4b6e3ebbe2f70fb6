"""Telegram's own HTML parser (TDLib), offline."""

import json
from typing import Any

import tdjson

__all__ = ["parse_html"]


def _execute(**request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()))
    return answer


_execute(**{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and the entities of ``html``.

    An entity has ``offset`` and ``length`` in UTF-16 units and a ``type``, which for a link
    holds its ``url``. The parser does not check lengths. Raises AssertionError with TDLib's
    message if it rejects the HTML.
    """
    mode = {"@type": "textParseModeHTML"}
    answer = _execute(**{"@type": "parseTextEntities", "text": html, "parse_mode": mode})
    assert answer["@type"] == "formattedText", answer.get("message")
    return answer["text"], answer["entities"]
