"""Whether the local server reads HTML as Telegram's own parser: verdict, error text, entities.

    python -m benchmarks.parity [--short] [--json] [--messages 100000] [--seed 1]

Random messages, half of them soups of tags and broken pieces, half trees of the tags that
briefings use, are read by ``bot.tryout.markup`` and by TDLib. They agree on a message if both
refuse it in the same words, or give the same text and the same entities, each with its place and
what it holds. ``--short`` reads 10,000. Exits with 1 if they differ on any. ``--data`` is not
used.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.tryout.markup import MarkupError, parse_html
from tests.fakes.telegram_oracle import expected_html

__all__ = ["BITS", "TAGS", "VALUES", "differing", "main", "read"]

_SHORT = 10_000
_USUAL = 100_000
# Differing messages that are shown.
_SHOWN = 5

TAGS = ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "span"]
TAGS += ["code", "pre", "blockquote", "a", "tg-emoji", "tg-time", "p", "B", "Pre", ""]
VALUES = ["tg-spoiler", "tg-x", "language-py", "language-", "http://a.b", "a.b/c d", "x", "5", "0"]
VALUES += ["tg://user?id=7", "-1", "99999999999", "wt", "r", "tw", "WdT", "é😀", "&amp;", "&#65;"]
VALUES += ["", "javascript:x", "http://[::1]/", "A.B:80?q=1#f", "9223372036854775808"]
BITS = ["a", "é", "😀", " ", "\n", "&lt;", "&gt", "&amp;", "&quot;", "&#65;", "&#x1F600;", "&nbsp;"]
BITS += ["&", "&#", "&#xd800;", "&#0;", "&#9999999;", "\0", "\r", "<", "</", ">", "/", "=", "'"]
BITS += ['"', "\u2028", "http://x.y", "</b>", "</ b>", "</>", "</a >", "<b", "<a href="]
BITS += ["<a href='x"]

# Tags as briefings have them, with how each is closed, and what stands in and between them.
_OURS = [(f"<{tag}>", f"</{tag}>") for tag in ("b", "i", "u", "s", "code", "pre", "tg-spoiler")]
_OURS += [("<blockquote>", "</blockquote>"), ("<blockquote expandable>", "</blockquote>")]
_OURS += [("<a href='http://a.b/?x=1&amp;y=2#:~:text=c'>", "</a>"), ('<a href="a.b">', "</a>")]
_OURS += [("<tg-time unix='1749187800' format='wt'>", "</tg-time>")]
_TEXTS = ["a", "é", "😀", "👩‍👩‍👧", "e\u0301", "한", "１", "Orun dam", "&lt;", "&amp;", "&quot;"]
_TEXTS += ["http://x.y", "@name", "/word", "#word", "\u200f", "\u202e", "\xa0", "\u2028", "\t"]
_TEXTS += [" ", "  ", "\n", "\n\n"]
# Of a hundred pieces of a tree: tags of ours up to the first, then ends, texts, bits, other tags.
_OPENED, _CLOSED, _TEXT, _BIT = 30, 50, 93, 97
_UNCLOSED = 0.07


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 1 if the two differ on a message, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.parity", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--short", action="store_true", help=f"{_SHORT} messages")
    parser.add_argument("--messages", type=int, default=_USUAL)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    count = _SHORT if options.short else options.messages
    found = differing(count, options.seed)
    figures = {"messages": count, "agree": count - len(found), "differ": len(found)}
    if not options.json:
        for name, value in figures.items():
            print(f"{name:<10} {value}")
        for html in found[:_SHOWN]:
            print(f"  {html!r}\n    ours   {read(html)}\n    theirs {expected_html(html)}")
    print(json.dumps({"benchmark": "parity", **figures, "holds": not found}))
    return 1 if found else 0


def read(html: str) -> tuple[str, list[dict[str, Any]]] | str:
    """Return text and entities as the local server reads them, or why it refuses ``html``."""
    try:
        text, entities = parse_html(html)
    except MarkupError as error:
        return str(error)
    return text, [entity.as_json() for entity in entities]


def differing(count: int, seed: int) -> list[str]:
    """Return those of ``count`` random messages on which the two do not agree.

    The same for the same ``seed``. A hundred thousand take some ten seconds.
    """
    return [html for html in _messages(count, seed) if read(html) != expected_html(html)]


def _messages(count: int, seed: int) -> Iterator[str]:
    rng = random.Random(seed)
    tags = [f"<{tag}{more}>" for tag in TAGS for more in ("", " class='language-py'", " href=x.y")]
    pieces = [*BITS, *tags, *(f"</{tag}>" for tag in TAGS)]
    for number in range(count):
        if number % 2:
            yield _tree(rng)
        else:
            yield "".join(rng.choices(pieces, k=rng.randint(1, 7)))


def _tree(rng: random.Random) -> str:
    """Return a message of our tags, now and then with one that is none of ours or not closed."""
    pieces: list[str] = []
    ends: list[str] = []
    for _ in range(rng.randint(1, 14)):
        kind = rng.randrange(100)
        if kind < _OPENED:
            start, end = rng.choice(_OURS)
            pieces.append(start)
            ends.append(end)
        elif kind < _CLOSED and ends:
            pieces.append(ends.pop())
        elif kind < _TEXT:
            pieces.append(rng.choice(_TEXTS))
        elif kind < _BIT:
            pieces.append(rng.choice(BITS))
        else:
            tag, value = rng.choice(TAGS), rng.choice(VALUES)
            pieces.append(f"<{tag} {rng.choice(('href', 'class', 'unix', 'format'))}='{value}'>")
            ends.append(f"</{tag}>")
    if rng.random() >= _UNCLOSED:
        pieces += reversed(ends)
    return "".join(pieces)


if __name__ == "__main__":
    sys.exit(main())
