"""Unicode's signs of direction: foreign ones kept to their line, our own around commands."""

import re

__all__ = ["commands_isolated", "contained", "without_open_isolates", "without_overrides"]

# Embeddings and overrides can reverse the rest of a page. Telegram itself removes these
# (TDLib, clean_input_string), so leaving them out changes nothing a reader would see.
_OVERRIDES = re.compile("[\u202a-\u202e]")

# Isolates are harmless while each one is closed; an open one swallows what follows it.
_ISOLATE_OPENERS = "\u2066\u2067\u2068"
_ISOLATES = re.compile("[\u2066-\u2069]")

# A command, as Telegram finds it, with the words in Latin letters and figures behind it.
_WORD = "[0-9A-Za-z](?:[0-9A-Za-z:./-]*[0-9A-Za-z])?"
_COMMAND = re.compile(f"(?<![\\w/<\u2066])/[a-z]+(?![\\w/])(?: {_WORD})*")


def contained(text: str) -> str:
    """Return ``text`` without signs that could turn what stands around it, line by line.

    Overrides and embeddings go, and the isolates of a line in which one is open. Words stay as
    they are. Linear; never raises.
    """
    if text.isascii():
        return text
    lines = _OVERRIDES.sub("", text).split("\n")
    return "\n".join(map(without_open_isolates, lines))


def commands_isolated(text: str) -> str:
    """Return a sentence of a right-to-left language with each command as one piece of its line.

    Otherwise "/topics" is shown with its stroke behind it. Done twice it is done once. In markup
    no tag is touched. Linear; never raises.
    """
    return _COMMAND.sub("\u2066\\g<0>\u2069", text)


def without_overrides(text: str) -> str:
    """Return ``text`` without embeddings and overrides. Linear; never raises."""
    return _OVERRIDES.sub("", text)


def without_open_isolates(line: str) -> str:
    """Return a line without its isolates, unless each one is closed. Linear; never raises."""
    depth = 0
    for sign in _ISOLATES.findall(line):
        depth += 1 if sign in _ISOLATE_OPENERS else -1
        if depth < 0:
            break
    return line if depth == 0 else _ISOLATES.sub("", line)
