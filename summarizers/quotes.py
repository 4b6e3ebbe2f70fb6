"""Quotation marks and brackets: what they hold, and whether they are all closed.

All kinds of double quotation marks count as one kind, because real copy mixes them
(“illegal", »so«, „so“). What a mark does is told by its neighbours first, by its own
shape only where these leave it open.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Quoted", "has_marks", "held_spans", "is_balanced", "quoted"]

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
# The common cases of a closed text: quotations with words at their marks, brackets, none nested.
_OTHERS = f"[^{_MARKS}‘]*+"
_PLAIN = re.compile(
    rf"(?:{_OTHERS}(?:(?<!\S)[\"“«„](?=\w){_OTHERS}(?<=[\w.,!?…])[\"”»“](?![^\s.,;:!?…])"
    rf"|\({_OTHERS}\)))*+{_OTHERS}"
)
# Smileys and list marks ("a)", "12)") close nothing.
_LIST_MARK = re.compile(r"\s*\w{1,2}$")
# Nobody nests deeper; more are marks that nothing closes, and would cost quadratic time.
_MAX_DEPTH = 16
# Straight marks with white space on both sides, as in copy whose words were cut apart.
_SPACED = re.compile(r"(?<!\S)(?:[\"＂]|'')(?!\S)")
_SINGLE_MARK = re.compile("['‘’]")
# A single mark that opens, closes, or stands between spaces; other apostrophes are of words.
_SINGLE = re.compile(
    r"(?P<opens>(?<![\w.,!?…’'])‘(?=\S)"
    r"|(?<![^\s(\[“\"—–-])'(?=\w)(?!'|\d\ds?\b|(?:t(?:is|was|il)|em|n|cause|bout|round)\b))"
    r"|(?P<closes>(?<=[.,!?…;])['’](?!['’\w])|(?<=[^\W\dsS_])['’](?!['’\w]))"
    r"|(?<!\S)'(?!\S)"
)
_STOP_BEFORE = re.compile(r"[.,!?…]\s")
_WORD_AFTER = re.compile(r"\s+([^\W\d_])")


class Quoted(NamedTuple):
    """What the quotation marks and brackets of a text hold.

    ``spans`` are the outermost (start, end), in order and apart; ``closers`` are the marks that
    close after white space ("so . ' He"): where each begins, and where it ends.
    """

    spans: list[tuple[int, int]]
    closers: dict[int, int]


def quoted(text: str, max_chars: int) -> Quoted:
    """Return what double and single quotation marks and brackets of ``text`` hold.

    Spans of more than ``max_chars`` characters are left out. Single marks count where they are
    no apostrophes: a quotation in them ends at the next mark that can close it. Cost is linear
    in the length of ``text``.
    """
    spans, _, spaced = _scan(text)
    if spans:
        spans = [span for span in spans if span[1] - span[0] <= max_chars]
    closers: dict[int, int] = {}
    if spaced:
        marks = _SPACED.finditer(text)
        closers = {mark.start(): mark.end() for mark in marks if not spaced[mark.start()]}
    if "‘" in text or " '" in text or text[0:1] == "'":
        single = _single_spans(text, closers)
        spans += [span for span in single if span[1] - span[0] <= max_chars]
        spans = _outermost(spans)
    return Quoted(spans, closers)


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
    if _PLAIN.fullmatch(text) is not None and "''" not in text:
        return True
    return text.count("‘") <= text.count("’") and _scan(text)[1]


def _scan(text: str) -> tuple[list[tuple[int, int]], bool, dict[int, bool]]:
    """Return the outermost closed spans, whether nothing was left over, and marks between spaces.

    Of the last: where they are, and whether each opens.
    """
    spans: list[tuple[int, int]] = []
    if text.isascii() and not _has_ascii_mark(text):
        return spans, True, {}
    kinds: list[str] = []  # of what is open, and where it began
    starts: list[int] = []
    clean = True
    marks = _MARK_OR_TWO if "''" in text else _MARK
    spaced = _spaced_marks(text) if _has_spaced(text) else {}
    low = False  # whether the double mark opened last was a low one, which “ closes
    for match in marks.finditer(text):
        mark, (start, end) = match[0], match.span()
        inside = '"' in kinds
        if start in spaced:
            kind = '<"' if spaced[start] else '>"'
        else:
            kind = _kind(text, mark, start, end, inside=inside, low=low and inside)
        what = kind[1:]
        if kind[0] == "<":
            low = mark in "„‟" if what == '"' else low
            kinds.append(what)
            starts.append(start)
            if len(kinds) > _MAX_DEPTH:
                del kinds[0], starts[0]
                clean = False
            continue
        depth = len(kinds) - 1  # of what was opened last of this kind, -1 if nothing was
        while depth >= 0 and kinds[depth] != what:
            depth -= 1
        if depth < 0:
            clean = clean and kind == ">(" and _LIST_MARK.match(text[:start]) is not None
            continue
        clean = clean and depth == len(kinds) - 1
        opened = starts[depth]
        del kinds[depth:], starts[depth:]
        while spans and spans[-1][0] > opened:  # spans inside this one
            spans.pop()
        spans.append((opened, end))
    return spans, clean and not kinds, spaced


def _has_ascii_mark(text: str) -> bool:
    """Return whether plain ASCII has a mark at all; ten times as fast as to search for any."""
    return (
        '"' in text
        or "(" in text
        or "''" in text
        or ")" in text
        or "[" in text
        or "]" in text
        or "{" in text
        or "}" in text
    )


def _kind(text: str, mark: str, start: int, end: int, *, inside: bool, low: bool = False) -> str:
    """Return "<" or ">" and what is opened or closed by the mark at ``start``.

    ``inside`` is whether a double quotation mark is open, ``low`` whether it was a low one.
    """
    if mark in _BRACKETS:
        return ">" + _BRACKETS[mark]
    if mark not in _DOUBLE and mark != "''":
        return "<" + mark
    opens = start == 0 or _BEFORE_OPENING.match(text, start - 1) is not None
    closes = end == len(text) or _AFTER_CLOSING.match(text, end) is not None
    if opens == closes:
        straight = mark in "\"''＂" or (low and mark == "“")
        opens = not inside if straight else mark in _OPENING_SHAPES
    if inside and opens and mark in "\"''＂" and closes:
        opens = False
    return '<"' if opens else '>"'


def _has_spaced(text: str) -> bool:
    """Return whether a straight double mark may stand between spaces; faster than to look."""
    return ('"' in text or "''" in text) and (
        ' " ' in text
        or " '' " in text
        or text.startswith(('" ', "'' "))
        or text.endswith((' "', " ''"))
    )


def _spaced_marks(text: str) -> dict[int, bool]:
    """Return where straight double marks stand between spaces, and whether each opens."""
    marks = _MARK_OR_TWO if "''" in text else _MARK

    def kind(match: re.Match[str]) -> bool | None:
        start, end = match.span()
        opens = start == 0 or _BEFORE_OPENING.match(text, start - 1) is not None
        closes = end == len(text) or _AFTER_CLOSING.match(text, end) is not None
        return _spaced_kind(text, match) if opens == closes else opens

    matches = [match for match in marks.finditer(text) if match[0] in _DOUBLE or match[0] == "''"]
    return _resolved([(match.start(), kind(match)) for match in matches])


def _spaced_kind(text: str, match: re.Match[str]) -> bool | None:
    """Return whether a mark between spaces opens, None if its neighbours don't tell.

    At the beginning it opens; between a stop and lower case ("so ? ' he said") it closes.
    """
    start, end = match.span()
    if not start:
        return True
    after = _WORD_AFTER.match(text, end)
    closes = after is not None and after[1].islower() and _STOP_BEFORE.match(text, start - 2)
    return False if closes else None


def _resolved(marks: Sequence[tuple[int, bool | None]]) -> dict[int, bool]:
    """Return where each mark begins and whether it opens, those too that are None.

    A mark opens if the next one closes, so they are resolved from the end. Of those behind the
    last that is known the first is its partner or begins anew; if none is known the last closes.
    """
    next_opens = True
    for behind, (_, known) in enumerate(reversed(marks)):
        if known is not None:
            next_opens = known if behind % 2 else not known
            break
    opens: dict[int, bool] = {}
    for start, known in reversed(marks):
        next_opens = not next_opens if known is None else known
        opens[start] = next_opens
    return opens


def _single_spans(text: str, closers: dict[int, int]) -> list[tuple[int, int]]:
    """Return the spans in single marks; add those that close after white space to ``closers``."""
    found = (_SINGLE.match(text, mark.start()) for mark in _SINGLE_MARK.finditer(text))
    matches = [match for match in found if match]
    opens = _resolved([(match.start(), _single_kind(text, match)) for match in matches])
    spans: list[tuple[int, int]] = []
    opened = -1
    for match in matches:
        if opens[match.start()]:
            opened = match.start()
            continue
        if not match["closes"]:
            closers[match.start()] = match.end()
        if opened >= 0:
            spans.append((opened, match.end()))
            opened = -1
    return spans


def _single_kind(text: str, match: re.Match[str]) -> bool | None:
    if match["opens"] or match["closes"]:
        return match["opens"] is not None
    return _spaced_kind(text, match)


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``spans`` in order, without those inside others; those that overlap are joined."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept
