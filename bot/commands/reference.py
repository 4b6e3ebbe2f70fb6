"""The reference of commands: ``python -m bot.commands.reference`` prints docs/commands.md."""

from bot.commands.onboarding import COMMANDS, PERSONAL_COMMANDS

__all__ = ["reference"]

_HEAD = """\
# Commands
What the bot's menu says, in its order. In groups only admins change anything, and the
commands marked * are not offered. Wherever a topic is asked for, your own words (with
“phrases”, +must and -never) or a web address do as well.

| command | what it does |
|---|---|
"""


def reference() -> str:
    """Return the text of docs/commands.md."""
    rows = [
        f"| `/{name}`{'*' if name in PERSONAL_COMMANDS else ''} | {said} |"
        for name, said in COMMANDS
    ]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(reference(), end="")
