"""Why something could not be done, as a value: sentences are made where they are shown.

A reason is stored and logged by its code, and told in the reader's language
(``bot.texts.explain``). Codes are never renamed: they stand in databases.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["LEGACY", "Reason", "Value", "dump_reason", "load_reason"]

# What fills a blank of a sentence: several texts are listed as the reader's language lists them;
# a reason, which is never stored within another, is told in its own sentence.
Value: TypeAlias = "str | int | float | tuple[str, ...] | Reason"

# The code of a reason that was stored as prose, which is its ``text`` (schema 0002 and before).
LEGACY = "legacy"


@dataclass(frozen=True, slots=True)
class Reason:
    """A ``code`` (kebab case), and the ``values`` that its sentence has blanks for."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it for a log: ``http-status status=503``."""
        return " ".join((self.code, *(f"{name}={value}" for name, value in self.values.items())))


def dump_reason(reason: Reason | None) -> str:
    """Return ``reason`` as it is stored: its code and, if it has values, a JSON object of them.

    "" for None. Raises TypeError if a value is a reason itself.
    """
    if reason is None:
        return ""
    if not reason.values:
        return reason.code
    return f"{reason.code} {json.dumps(dict(reason.values), ensure_ascii=False)}"


def load_reason(text: str) -> Reason | None:
    """Return the reason that ``dump_reason`` wrote, None for "".

    Prose, such as a hand wrote into a row, becomes the ``text`` of a LEGACY reason; a single word
    counts as a code. Codes are not checked: one with a blank in it, which ``dump_reason`` takes, is
    prose here. Never raises.
    """
    if not text:
        return None
    code, _, values = text.partition(" ")
    try:
        found = json.loads(values) if values else {}
        given = {str(name): _value(value) for name, value in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return Reason(LEGACY, {"text": text})
    return Reason(code, given)


def _value(value: object) -> Value:
    if isinstance(value, list):
        return tuple(map(str, value))
    if isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} fills no blank")
