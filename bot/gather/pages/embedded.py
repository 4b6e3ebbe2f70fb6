"""The article that a page holds in its scripts, for a browser to put in place."""

import json
from collections.abc import Iterator

import regex
from selectolax.lexbor import LexborHTMLParser

from bot.domain.text_length import text_length
from bot.gather.pages.html_text import lines_of_html

__all__ = ["embedded_lines"]

_MAX_SCRIPT_CHARS = 5_000_000
_MIN_CHARS = 400
_MIN_PARAGRAPHS = 2
# A state for the browser is JSON, and JSON within a string of JSON where it is sent in pieces.
_MAX_DEPTH = 2
# What is never closed is a string too: else each quotation mark were the beginning of a search.
_STRING = regex.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)', regex.DOTALL)
_PARAGRAPH = regex.compile(r"<(?:p|br)[\s/>]", regex.IGNORECASE)


def embedded_lines(tree: LexborHTMLParser) -> list[str]:
    """Return the lines of the longest markup in a string of the page's scripts, [] without one.

    Markup has two paragraphs at least. Linear; scripts of over 5,000,000 characters are left out.
    """
    best: list[str] = []
    for node in tree.css("script"):
        script = node.text()
        if len(script) > _MAX_SCRIPT_CHARS:
            continue
        for markup in _markups(script, _MAX_DEPTH):
            lines = [line.text for line in lines_of_html(markup)]
            if sum(map(text_length, lines)) > sum(map(text_length, best)):
                best = lines
    return best


def _markups(text: str, depth: int) -> Iterator[str]:
    for match in _STRING.finditer(text):
        if match.end() - match.start() < _MIN_CHARS:
            continue
        try:
            value = json.loads(match[0], strict=False)
        except ValueError:  # a string of a script, with escapes of its own
            continue
        if len(_PARAGRAPH.findall(value)) >= _MIN_PARAGRAPHS:
            yield value
        elif depth > 1 and '"' in value:
            yield from _markups(value, depth - 1)
