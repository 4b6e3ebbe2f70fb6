"""Where sentences begin and end, in the manner of news.

A newline ends a sentence, unless the line was only wrapped. A stop ends one unless it
belongs to an abbreviation, an initial, an ordinal or a number, stands inside quotation
marks or brackets that close soon, or what follows goes on in lower case.
"""

import re
from collections.abc import Iterator

from summarizers.boundaries import Rules, ends_sentence, rules_of
from summarizers.languages import guess_language, normal_language
from summarizers.quotes import held_spans

__all__ = ["split_sentences"]

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_CLOSING = r"[\"'”’»«“)\]}›」』】）〉》］]"
# A stop with what closes after it. Where words are spaced, only white space or the end may
# follow; full stops of unspaced scripts need none, and "said.The" is told by its letters.
# Every stop begins with one of these; looking for them first is four times as fast.
_MARKS = re.compile(r"[.!?…‼⁇⁈⁉؟;\u037e。！？｡．।॥۔።။។։]+")
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄΑ-Ω", "a-zà-öø-ÿа-яёіїєα-ω"
_STOP = re.compile(
    # full stops of scripts that need no space after them; with ! and ? before such letters
    r"(?:[。！？｡．]+|[।॥۔።။។։]+|[!?]+(?=[\u3040-\u30ff\u3400-\u9fff“‘「『])|(?<=[\u3400-\u9fff])…+)"
    r"[\"'”’»)\]」』】）〉》］]*"
    # the common case: white space or the end follows
    rf"|[.!?…‼⁇⁈⁉؟;\u037e]+(?:\[\d+\])*{_CLOSING}*(?:[ \u00a0\u202f]»(?![^\s.,;:!?]))?(?=\s|$)"
    # the space was lost: "cut off.The road", "in 2019.Then"
    rf"|(?<=[{_LOWER}]{{2}})[.!?]+[”’\"»)]?(?=[“\"«]?[{_UPPER}][{_LOWER}])"
    rf"|(?<=\d)\.(?=[{_UPPER}][{_LOWER}]{{2,}}\s)"
    r"|(?<=[다요죠까음임함됨])[.!?]+(?=[“\"‘']?[가-힣A-Z])"
)
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
    rules = rules_of(normal_language(language) or guess_language(text))
    spans: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        paragraph = text[start:end]
        begin = 0
        for cut, resume in _cuts(paragraph, rules):
            spans.append((start + begin, start + cut))
            begin = resume
        if begin < len(paragraph):
            spans.append((start + begin, end))
    return spans


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the paragraphs: lines, joined again where they were only wrapped."""
    block: list[tuple[int, int]] = []
    last_end = 0
    for match in _LINE.finditer(text):
        inner = match[0]
        left, right = len(inner) - len(inner.lstrip()), len(inner.rstrip())
        gap = text.count("\n", last_end, match.start())
        last_end = match.end()
        if left >= right:  # nothing but white space
            continue
        if block and gap > 1:
            yield from _unwrapped(text, block)
            block = []
        block.append((match.start() + left, match.start() + right))
    yield from _unwrapped(text, block)


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ``lines`` that no blank line parts: one paragraph if wrapped, else each its own.

    A line that goes on in lower case after one without a stop is a wrapped one anyway.
    """
    if not lines:
        return
    lengths = [end - start for start, end in lines[:-1]]
    wrapped = (
        len(lines) >= _WRAPPED_LINES
        and min(lengths) in _WRAPPED_CHARS
        and max(lengths) in _WRAPPED_CHARS
        and max(lengths) - min(lengths) <= _WRAPPED_SPREAD
        and any(text[start].islower() for start, _ in lines[1:])
    )
    start, end = lines[0]
    for next_start, next_end in lines[1:]:
        goes_on = text[next_start].islower() and (text[end - 1].isalpha() or text[end - 1] == ",")
        if not (wrapped or goes_on):
            yield start, end
            start = next_start
        end = next_end
    yield start, end


def _cuts(paragraph: str, rules: Rules) -> Iterator[tuple[int, int]]:
    """Yield where sentences of a paragraph end, and where the next ones begin."""
    if rules.language == "th":
        yield from (match.span() for match in _THAI_OPENING.finditer(paragraph))
        return
    held: list[tuple[int, int]] | None = None  # in order, so that those passed can be dropped
    begin = 0
    for mark in _MARKS.finditer(paragraph):
        stop = _STOP.match(paragraph, mark.start())
        if stop is None:
            continue
        cut = stop.end()
        if cut == len(paragraph):
            return
        if held is None:
            held = [span for span in held_spans(paragraph) if span[1] - span[0] <= _HELD_CHARS]
            held.reverse()
        while held and held[-1][1] <= cut:
            held.pop()
        if held and held[-1][0] < cut:
            continue
        if ends_sentence(paragraph, stop, begin, rules):
            space = _SPACE.match(paragraph, cut)
            begin = space.end() if space else cut
            yield cut, begin
