"""Where sentences begin and end, in the manner of news.

A newline ends a sentence, unless the line was only wrapped. A stop ends one unless it
belongs to an abbreviation, an initial, an ordinal or a number, stands inside quotation
marks or brackets that close soon, or what follows goes on in lower case.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from summarizers.abbreviations import Rules, rules_of
from summarizers.boundaries import ends_sentence, is_small
from summarizers.languages import guess_language, normal_language
from summarizers.list_items import item_marks
from summarizers.quotes import quoted

__all__ = ["split_sentences"]

_LINE = re.compile(r"\S[^\n\r\u2028\u2029\x0b\x0c\x85]*")
# Letters with two cases: Latin, Greek, Cyrillic, and what their alphabets add.
_CASED = [chr(code) for code in (*range(0x41, 0x250), *range(0x370, 0x530))]
_UPPER = "".join(letter for letter in _CASED if letter.isupper())
_LOWER = "".join(letter for letter in _CASED if letter.islower())
# Every stop begins with one of these; looking for them first is four times as fast.
_MARKS = ".!?…‼⁇⁈⁉؟;\u037e。！？｡．।॥۔።፧፨။։"
# What ends sentences in one language alone, as people type it: its marks, and their form.
_OWN_STOPS = {
    "hy": (":", r"(?<=[\u0561-\u0587»)\d]):(?=\s|$)"),
    "am": (":፡", r"[:፡]{2,}"),
    "ti": (":፡", r"[:፡]{2,}"),
}
# Full stops of scripts that need no space after them; with ! and ? before such letters.
_UNSPACED_STOPS = (
    r"[。！？｡．]+",
    r"[।॥۔።፧፨။։]+",
    r"[!?]+(?=[\u3040-\u30ff\u3400-\u9fff“‘「『])",
    r"(?<=[\u3400-\u9fff])…+",
)
_UNSPACED_CLOSING = r"[\"'”’»)\]」』】）〉》］]*"
# The common case, where words are spaced: white space or the end follows. ". . ." and "! ?"
# are one mark, and "[1]" belongs to the sentence before.
_SPACED_STOP = (
    r"[.!?…‼⁇⁈⁉؟;\u037e]+(?:[ \u00a0]{1,2}[.!?…]+(?![^\s\"'”’»)\]]))*"
    r"(?:[ \u00a0]?\[\d{1,3}\])*"
    r"[\"'”’»«“)\]}›」』】）〉》］`]*(?:[ \u00a0\u202f]»(?![^\s.,;:!?]))?(?=\s|$)"
)
# The space was lost: "cut off.The road", "in 2019.Then", "of the age.XVIII".
_LOST_SPACES = (
    rf"(?<=[{_LOWER}]{{2}})[.!?]+[”’\"»)]?(?=[“\"«„]?[{_UPPER}][{_LOWER}]|[IVX]{{2,5}}\s)",
    rf"(?<=\d)\.(?=[{_UPPER}][{_LOWER}]{{2,}}\s)",
    r"(?<=[다요죠까음임함됨])[.!?]+(?=[“\"‘']?[가-힣A-Z])",
)
# What begins each stop, and stops with what closes after them.
_Patterns = tuple[re.Pattern[str], re.Pattern[str]]
_SPACE = re.compile(r"\s*")
# What is held together inside quotation marks or brackets; a longer speech is split.
_HELD_CHARS = 320
# Thai has no stop: a sentence ends at a space before one of the words that open sentences.
_THAI_OPENING = re.compile(
    r"(?<=[^\s]{12})\s+(?=ทั้งนี้|นอกจากนี้|อย่างไรก็ตาม|ขณะที่|ขณะเดียวกัน|ส่วน|ด้าน|สำหรับ|โดยเมื่อ|ต่อมา|"
    r"เมื่อวันที่|ล่าสุด|จากนั้น|ก่อนหน้านี้|แต่|เขา|เธอ|พวกเขา|ผู้สื่อข่าว|รายงานข่าว|เบื้องต้น|หลังจากนั้น|ดังนั้น|เพราะฉะนั้น)"
)
# A text wrapped at a fixed width has lines of nearly one length.
_WRAPPED_LINES = 4
_WRAPPED_CHARS = range(45, 105)
_WRAPPED_SPREAD = 24


def split_sentences(text: str, language: str = "") -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of ``text``, in order, white space stripped.

    Sentences never overlap, and all that is not white space lies in one of them. Without
    ``language`` (ISO 639-1, with or without a region) it is guessed. CPU work that blocks,
    linear in the length of ``text``. Never raises.
    """
    rules, patterns = _rules_and_patterns(language or guess_language(text))
    spans: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        paragraph = text[start:end]
        marks = item_marks(paragraph, rules)
        if len(marks) < 2:  # the common case
            spans += _sentences(paragraph, start, marks[0][1] if marks else 0, rules, patterns)
            continue
        for (first, opened), (last, _) in zip(marks, [*marks[1:], (end - start, 0)], strict=True):
            item = paragraph[first:last].rstrip()
            spans += _sentences(item, start + first, opened - first, rules, patterns)
    return spans


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the paragraphs: lines, joined again where they were only wrapped."""
    block: list[tuple[int, int]] = []
    last_end = 0
    for match in _LINE.finditer(text):
        start, end = match.span()
        if block and text.count("\n", last_end, start) > 1:
            yield from block if len(block) == 1 else _unwrapped(text, block)
            block = []
        last_end = end
        block.append((start, start + len(match[0].rstrip())))
    yield from _unwrapped(text, block)


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ``lines`` that no blank line parts: one paragraph if wrapped, else each its own.

    A line that goes on in lower case after one without a stop is a wrapped one anyway.
    """
    if len(lines) < 2:  # the common case
        yield from lines
        return
    lengths = [end - start for start, end in lines[:-1]]
    wrapped = (
        len(lines) >= _WRAPPED_LINES
        and min(lengths) in _WRAPPED_CHARS
        and max(lengths) in _WRAPPED_CHARS
        and max(lengths) - min(lengths) <= _WRAPPED_SPREAD
        and any(is_small(text[start]) for start, _ in lines[1:])
    )
    start, end = lines[0]
    for next_start, next_end in lines[1:]:
        goes_on = is_small(text[next_start]) and (text[end - 1].isalpha() or text[end - 1] == ",")
        if not (wrapped or goes_on):
            yield start, end
            start = next_start
        end = next_end
    yield start, end


def _thai(text: str, offset: int) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a Thai paragraph that begins at ``offset``."""
    cuts = [match.span() for match in _THAI_OPENING.finditer(text)]
    starts = [0, *(resume for _, resume in cuts)]
    ends = [*(cut for cut, _ in cuts), len(text)]
    return [(offset + start, offset + end) for start, end in zip(starts, ends, strict=True)]


def _sentences(
    text: str, offset: int, passed: int, rules: Rules, patterns: _Patterns
) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a paragraph or item that begins at ``offset``.

    Stops before ``passed`` belong to the mark of an item.
    """
    if rules.language == "th":
        return _thai(text, offset)
    marks, stops = patterns
    spans: list[tuple[int, int]] = []
    held: list[tuple[int, int]] | None = None  # in order, so that those passed can be dropped
    closers: dict[int, int] = {}
    begin = 0
    length = len(text)
    for mark in marks.finditer(text, passed):
        place = mark.start()
        if place < passed:
            continue
        stop = stops.match(text, place)
        if stop is None:
            continue
        cut = passed = stop.end()
        if cut == length:
            break
        if held is None:
            held, closers = quoted(text, _HELD_CHARS)
            held.reverse()
        if closers:
            cut = closers.get(_after_space(text, cut), cut)
        while held and held[-1][1] <= cut:
            held.pop()
        if (held and held[-1][0] < cut) or not ends_sentence(text, stop, begin, rules):
            continue
        resume = _after_space(text, cut)
        if resume == length:
            break
        spans.append((offset + begin, offset + cut))
        begin = resume
    spans.append((offset + begin, offset + length))
    return spans


def _after_space(text: str, position: int) -> int:
    # One space and a letter behind it, the common case, needs no search.
    if text[position : position + 1] == " " and text[position + 1 : position + 2].isalnum():
        return position + 1
    space = _SPACE.match(text, position)
    return space.end() if space else position


@lru_cache(maxsize=64)
def _rules_and_patterns(language: str) -> tuple[Rules, _Patterns]:
    """Return what splits texts of ``language``, as its callers write it."""
    rules = rules_of(normal_language(language) or "en")
    marks, form = _OWN_STOPS.get(rules.language, ("", r"(?!)"))
    unspaced = "|".join([form, *_UNSPACED_STOPS])
    stops = "|".join([_SPACED_STOP, f"(?:{unspaced}){_UNSPACED_CLOSING}", *_LOST_SPACES])
    return rules, (re.compile(f"[{_MARKS}{marks}]+"), re.compile(stops))
