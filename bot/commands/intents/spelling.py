"""Commands as people type them: several in one message, full-width, run together, misspelt."""

import re
from collections.abc import Collection
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

__all__ = ["MAX_COMMANDS", "TypedCommand", "nearest", "typed_commands"]

# A message holds no more commands than a person types.
MAX_COMMANDS = 5
_COMMAND = re.compile(
    r"[/／](?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.DOTALL
)
_NEXT = re.compile(r"\n\s*(?=[/／][A-Za-z])")
_MIN_LIKENESS = 0.7


class TypedCommand(NamedTuple):
    """A command: ``name`` in small letters, the ``bot`` it names ("" for any), and the rest."""

    name: str
    bot: str
    rest: str


def typed_commands(text: str) -> tuple[TypedCommand, ...]:
    """Return the commands of ``text``, () if it does not begin with one.

    Each further one begins a line; up to five, what follows those belongs to the fifth. A line
    that is no command belongs to the one before. Linear in the text.
    """
    found: list[TypedCommand] = []
    for line in _NEXT.split(text.strip(), maxsplit=MAX_COMMANDS - 1):
        command = _COMMAND.fullmatch(line.strip())
        if command is not None:
            found.append(
                TypedCommand(command["name"].lower(), command["bot"] or "", command["rest"] or "")
            )
        elif found:
            last = found.pop()
            found.append(last._replace(rest=f"{last.rest}\n{line}"))
        else:
            return ()
    return tuple(found)


def nearest(name: str, names: Collection[str]) -> str:
    """Return the one of ``names`` that ``name`` is most likely a slip for, "" if none is near."""
    found = process.extractOne(
        name, sorted(names), scorer=OSA.normalized_similarity, score_cutoff=_MIN_LIKENESS
    )
    return found[0] if found else ""
