"""Tables of commands: ``python -m bot.commands.reference`` writes docs/commands.md and README's."""

import re
from pathlib import Path

from bot.commands.registry import Command, listed

__all__ = ["reference", "with_table"]

_HEAD = """\
# Commands
What the bot can be asked; its menu shows those in **bold**. In groups only admins change
anything, and the commands marked * are not offered. Wherever a topic is asked for, your own
words (with “phrases”, +must and -never) or a web address do as well.

"""
# Between these, README has the table.
_BEGIN, _END = "<!-- commands: python -m bot.commands.reference -->", "<!-- end of commands -->"


def reference() -> str:
    """Return the text of docs/commands.md, in Markdown; no I/O."""
    return f"{_HEAD}{_table()}"


def with_table(readme: str) -> str:
    """Return the text of README.md with its table of commands up to date.

    Raises ValueError if it has no place for one.
    """
    place = re.compile(f"{re.escape(_BEGIN)}\n.*?{re.escape(_END)}", re.DOTALL)
    if not place.search(readme):
        raise ValueError(f"README.md has no lines {_BEGIN} and {_END}")
    return place.sub(lambda _: f"{_BEGIN}\n{_table()}{_END}", readme)


def _table() -> str:
    rows = [
        f"| {_shown(command)}{'' if command.in_groups else '*'} | {command.summary} |"
        for command in listed()
    ]
    return "\n".join(["| command | what it does |", "|---|---|", *rows, ""])


def _shown(command: Command) -> str:
    return f"**`/{command.name}`**" if command.in_menu else f"`/{command.name}`"


if __name__ == "__main__":
    root = Path(__file__).parents[2]
    (root / "docs" / "commands.md").write_text(reference(), encoding="utf-8")
    readme = root / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8")), encoding="utf-8")
