"""Quotation marks and brackets: what they hold, and whether they are all closed.

All kinds of double quotation marks count as one kind, because real copy mixes them
(“illegal", »so«, „so“). What a mark does is told by its neighbours first, by its own
shape only where these leave it open.
"""

import re

__all__ = ["has_marks", "held_spans", "is_balanced"]

_DOUBLE = '"“”„‟«»＂〝〞「」『』《》'
_OPENING_SHAPES = "“„‟«〝「『《"
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "］": "［"}
_MARKS = re.escape(_DOUBLE + "".join(_BRACKETS) + "".join(_BRACKETS.values()))
_MARK = re.compile(f"[{_MARKS}]")
# Two apostrophes may stand for one mark; to look for them takes twice as long.
_MARK_OR_TWO = re.compile(f"[{_MARKS}]|''")
_ANY = re.compile(f"[{_MARKS}‘]")
_BEFORE_OPENING = re.compile(r"[\s(\[{（【［\-–—/:：,，、‘'¿¡]")
_AFTER_CLOSING = re.compile(r"[\s)\]}）】］.,;:!?…。！？，、；：—–/’']")
# Smileys and list marks ("a)", "12)") close nothing.
_LIST_MARK = re.compile(r"\s*\w{1,2}$")
# Nobody nests deeper; more are marks that nothing closes, and would cost quadratic time.
_MAX_DEPTH = 16


def held_spans(text: str) -> list[tuple[int, int]]:
    """Return the outermost spans in double quotation marks or brackets, marks included, in order.

    Single quotation marks count for nothing here, but two apostrophes are a double one. Each is
    (start, end) in characters. What is opened and never closed holds nothing; of more than 16
    open at once the outermost count as never closed. Cost is linear in the length of ``text``.
    """
    return _scan(text)[0]


def has_marks(text: str) -> bool:
    """Return whether ``text`` has a mark that ``is_balanced`` looks at.

    Much faster than ``is_balanced``, which is True wherever this is False.
    """
    return _ANY.search(text) is not None or "''" in text


def is_balanced(text: str) -> bool:
    """Return whether every double quotation mark and bracket in ``text`` has its partner.

    Of single marks there must not be more ‘ than ’; straight ones count for nothing. A list
    mark such as "a)" at its beginning needs none. False where more than 16 are open at once.
    Cost is linear in the length of ``text``.
    """
    if text.count("‘") > text.count("’"):
        return False
    return _scan(text)[1]


def _scan(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Return the outermost closed spans, and whether nothing was left over."""
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    clean = True
    marks = _MARK_OR_TWO if "''" in text else _MARK
    for match in marks.finditer(text):
        mark, start, end = match[0], match.start(), match.end()
        kind = _kind(text, mark, start, end, inside=any(held == '"' for held, _ in stack))
        if kind[0] == "<":
            stack.append((kind[1:], start))
            if len(stack) > _MAX_DEPTH:
                del stack[0]
                clean = False
            continue
        what = kind[1:]
        depth = len(stack) - 1  # of what was opened last of this kind, -1 if nothing was
        while depth >= 0 and stack[depth][0] != what:
            depth -= 1
        if depth < 0:
            clean = clean and kind == ">(" and _LIST_MARK.match(text[:start]) is not None
            continue
        clean = clean and depth == len(stack) - 1
        opened = stack[depth][1]
        del stack[depth:]
        while spans and spans[-1][0] > opened:  # spans inside this one
            spans.pop()
        spans.append((opened, end))
    return spans, clean and not stack


def _kind(text: str, mark: str, start: int, end: int, *, inside: bool) -> str:
    """Return "<" or ">" and what is opened or closed by the mark at ``start``.

    ``inside`` is whether a double quotation mark is open.
    """
    if mark in _BRACKETS:
        return ">" + _BRACKETS[mark]
    if mark not in _DOUBLE and mark != "''":
        return "<" + mark
    opens = start == 0 or _BEFORE_OPENING.match(text, start - 1) is not None
    closes = end == len(text) or _AFTER_CLOSING.match(text, end) is not None
    if opens == closes:
        opens = not inside if mark in "\"''＂" else mark in _OPENING_SHAPES
    if inside and opens and mark in "\"''＂" and closes:
        opens = False
    return '<"' if opens else '>"'
