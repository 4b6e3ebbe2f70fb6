"""Items of a list that stand within one line: "1. Bread 2. Milk", "a) so b) so", "• so • so"."""

import re

from summarizers.abbreviations import Rules

__all__ = ["item_marks"]

_BULLETS = "•⁃●▪◦‣■►"
_FIRST = re.compile(
    rf"(?P<bullet>[{_BULLETS}][ \u00a0]?)?(?P<number>\d{{1,2}}|[a-z])(?P<style>\.\)|\)|\.)\s?(?=\S)"
    rf"|(?P<only>[{_BULLETS}])\s*(?=\S)"
)
# The last character and the last word before a mark.
_BEFORE = re.compile(r"([^\W_]*)([^\w\s]*)\s*$")
_BEFORE_CHARS = 24
_STOPS = '.!?…;:"”’»)]'


def item_marks(text: str, rules: Rules) -> list[tuple[int, int]]:
    """Return the spans of the marks of items in ``text``, a paragraph, in order.

    None unless ``text`` begins with a mark. The next ones are of the same form, each number or
    letter one more than the last, and what they open does not go on in lower case. Numbers in
    running text ("the 2. Division", "1.milk, 2.bread") are none. Cost is linear.
    """
    if not text or (text[0] not in _BULLETS and not (text[0].isdigit() or text[1:2] in (".", ")"))):
        return []
    first = _FIRST.match(text)
    if first is None:
        return []
    marks = [first.span()]
    if first["only"]:
        position = text.find(f" {first['only']} ", first.end())
        while position >= 0:
            marks.append((position + 1, position + 3))
            position = text.find(f" {first['only']} ", position + 2)
        return marks
    number, style, bullet = first["number"], first["style"], first["bullet"] or ""
    if not bullet and number not in ("1", "a"):  # "2. Dünya Savaşı 3. yılında"
        return marks if style != "." else []
    if not number.isdigit() and not text[first.end()].isupper():
        return marks if style != "." else []
    while (number := _next(number)) is not None:
        mark = f"{bullet}{number}{style}"
        end = marks[-1][1]
        position = text.find(f" {mark} ", end)
        while position >= 0 and not _is_item(text, position, position + len(mark) + 2, rules):
            position = text.find(f" {mark} ", position + 1)
        if position < 0:
            break
        marks.append((position + 1, position + len(mark) + 1))
    return marks


def _next(number: str) -> str | None:
    """Return the number or letter after ``number``, None after "z"."""
    if number.isdigit():
        return str(int(number) + 1)
    return chr(ord(number) + 1) if number != "z" else None


def _is_item(text: str, position: int, opened: int, rules: Rules) -> bool:
    """Return whether an item's mark stands at the space at ``position``, its words at ``opened``.

    A number after a comma or a function word is one of its sentence ("am 2. Mai").
    """
    if not text[opened : opened + 1].isupper():
        return False
    before = _BEFORE.search(text, max(position - _BEFORE_CHARS, 0), position)
    if before is None:
        return False
    word, mark = before.groups()
    return mark[-1] in _STOPS if mark else word.lower() not in rules.functions
