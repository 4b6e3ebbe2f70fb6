"""Where sentences begin and end, in the manner of news.

A newline ends a sentence, unless the line was only wrapped. A stop ends one unless it
belongs to an abbreviation, an initial, an ordinal or a number, stands inside quotation
marks or brackets that close soon, or what follows goes on in lower case.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from summarizers.languages import guess_language, load, normal_language, stop_words
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
# What may stand between a stop and the first letter after it.
_OPENERS = re.compile(r"[\s\"'“”‘’„«»‹「『【（(\[¿¡–—\-•]*")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\s\"“”„«»()\[\]—–]+$")
_SPACED_LETTERS = re.compile(r"(?:^|[^\w.])([^\W\d_])\.\s$")  # "z. " of "z. B."
_NEXT_LETTER = re.compile(r"[^\W\d_]\.")
_DATE = re.compile(r"(?:\d+\.\s?){2}$")  # the "2020. 10. " of "2020. 10. 3."
_ROMAN = re.compile(r"[ivxlc]+$")
# What goes on after a closed quotation or bracket in Japanese, and who speaks in Chinese.
_PARTICLE = re.compile(r"[とはがをにのでもへや、，]")
_SPEAKER = re.compile(r"[^，。！？\n]{0,12}(?:说|說|道|表示|称|稱|问|問|喊)[，。：:！]")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+$")  # U.S, u.a, т.д
_NAMES = re.compile(r"(?:[^\W\d_][\w.'’\-]*\s+){1,3}")
# Longer tokens are no abbreviation.
_TOKEN_CHARS = 16
# What is held together inside quotation marks or brackets; a longer speech is split.
_HELD_CHARS = 320
# Ordinals of one or two digits have a full stop; where nouns have no capitals, the lower
# case after it tells enough.
_ORDINAL_DIGITS = 2
_ORDINAL_LANGUAGES = frozenset(["de"])
# Words that open sentences, but also follow an initial as a surname.
_SURNAMES = frozenset(["may", "will", "so", "an", "do", "go", "my", "no", "yet", "his"])
# Starters missing among the function words of a language.
_STARTERS = {
    "en": "meanwhile earlier later police officials president yesterday today nobody everyone "
    "asked critics analysts experts",
    "de": "gestern heute morgen zuletzt insgesamt zudem außerdem deshalb daraufhin zuvor",
}
# Who speaks after a quotation that ends with ? or !; the quotation does not end the sentence.
_SPEECH = {
    "en": "said says asked asks wrote told added tweeted shouted cried replied chanted",
    "de": "sagte fragte rief schrieb erklärte",
    "fr": "dit demande demandé lance lancé écrit",
    "es": "dijo preguntó escribió gritó exclamó",
}
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
    ``language`` (ISO 639-1) it is guessed. Cost is linear in the length of ``text``.
    """
    rules = _rules(normal_language(language) or guess_language(text))
    return [span for start, end in _paragraphs(text) for span in _split(text, start, end, rules)]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one language knows of its stops; words in lower case."""

    language: str
    before: frozenset[str]
    either: frozenset[str]
    closing: frozenset[str]
    numbered: frozenset[str]
    starters: frozenset[str]
    speech: re.Pattern[str] | None
    has_ordinals: bool


@lru_cache(maxsize=64)
def _rules(language: str) -> _Rules:
    data = load("abbreviations")
    known = data.get(language) or data["en"]
    # Names keep their titles in any language.
    titles = data["en"]["before"] if language not in data else "mr mrs dr prof st"
    speech = _SPEECH.get(language)
    return _Rules(
        language=language,
        before=frozenset(f"{known['before']} {titles}".split()),
        either=frozenset(known["either"].split()),
        closing=frozenset(known.get("closing", "").split()),
        numbered=frozenset(known.get("number", "").split()),
        starters=stop_words(language) | frozenset(_STARTERS.get(language, "").split()),
        speech=re.compile(rf"\b(?:{speech.replace(' ', '|')})\b") if speech else None,
        has_ordinals=language in _ORDINAL_LANGUAGES,
    )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the paragraphs: lines, joined again where they were only wrapped."""
    block: list[tuple[int, int]] = []
    last_end = 0
    for match in _LINE.finditer(text):
        line = _stripped(text, *match.span())
        gap = text.count("\n", last_end, match.start())
        last_end = match.end()
        if line is None:
            continue
        if block and gap > 1:
            yield from _unwrapped(text, block)
            block = []
        block.append(line)
    yield from _unwrapped(text, block)


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ``lines`` that no blank line parts: one paragraph if wrapped, else each its own.

    A line that goes on in lower case after one without a stop is a wrapped one anyway.
    """
    if not lines:
        return
    wrapped = _is_wrapped(text, lines)
    start, end = lines[0]
    for next_start, next_end in lines[1:]:
        goes_on = text[next_start].islower() and (text[end - 1].isalpha() or text[end - 1] == ",")
        if not (wrapped or goes_on):
            yield start, end
            start = next_start
        end = next_end
    yield start, end


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    lengths = [end - start for start, end in lines[:-1]]
    return (
        len(lines) >= _WRAPPED_LINES
        and min(lengths) in _WRAPPED_CHARS
        and max(lengths) in _WRAPPED_CHARS
        and max(lengths) - min(lengths) <= _WRAPPED_SPREAD
        and any(text[start].islower() for start, _ in lines[1:])
    )


def _split(text: str, start: int, end: int, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the paragraph ``text[start:end]``."""
    paragraph = text[start:end]
    begin = 0
    for cut, resume in _cuts(paragraph, rules):
        yield start + begin, start + cut
        begin = resume
    if begin < len(paragraph):
        yield start + begin, end


def _cuts(paragraph: str, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Yield where sentences of a paragraph end, and where the next ones begin."""
    if rules.language == "th":
        yield from (match.span() for match in _THAI_OPENING.finditer(paragraph))
        return
    held: list[tuple[int, int]] | None = None
    begin = 0
    for mark in _MARKS.finditer(paragraph):
        stop = _STOP.match(paragraph, mark.start())
        if stop is None:
            continue
        cut = stop.end()
        if held is None:
            held = _held(paragraph)
        if any(opened < cut < closed for opened, closed in held):
            continue
        if _ends_sentence(paragraph, stop, begin, rules):
            begin = _after_space(paragraph, cut)
            yield cut, begin


def _after_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _held(paragraph: str) -> list[tuple[int, int]]:
    return [span for span in held_spans(paragraph) if span[1] - span[0] <= _HELD_CHARS]


def _ends_sentence(text: str, stop: re.Match[str], begin: int, rules: _Rules) -> bool:
    """Say whether the sentence that begins at ``begin`` ends with ``stop``."""
    mark = stop[0]
    if mark[0] in ";\u037e":  # the question mark of Greek
        return rules.language == "el"
    if mark[0] in "。！？｡．!?" and rules.language in ("zh", "ja"):
        return not _goes_on(text, stop, begin)
    opened = _OPENERS.match(text, stop.end())
    position = opened.end() if opened else stop.end()
    if position >= len(text):
        return True
    if text[position].islower() and not text[position + 1 : position + 2].isupper():
        return mark[0] in "।॥۔。！？"  # iPhone and eBay may open a sentence
    if mark[0] != "." or ".." in mark:
        return not _is_attributed(text, stop, position, rules)
    return not _is_abbreviation(text, stop, begin, position, rules)


def _goes_on(text: str, stop: re.Match[str], begin: int) -> bool:
    """Say whether a Chinese or Japanese sentence goes on after what closes behind ``stop``."""
    if stop[0][-1] in "）)】］]":
        return text.find("（", begin, begin + 1) < 0 and text.find("(", begin, begin + 1) < 0
    if stop[0][-1] not in '”」』’"':
        return False
    rest = stop.end()
    return _PARTICLE.match(text, rest) is not None or _SPEAKER.match(text, rest) is not None


def _is_attributed(text: str, stop: re.Match[str], position: int, rules: _Rules) -> bool:
    """Say whether a quotation ended with ``stop``, and its speaker follows at ``position``."""
    if rules.speech is None or not any(mark in stop[0] for mark in "\"”’»“'"):
        return False
    names = _NAMES.match(text, position)
    return names is not None and (
        rules.speech.match(text, names.end()) is not None
        or rules.speech.search(text, position, names.end()) is not None
    )


def _is_abbreviation(
    text: str, stop: re.Match[str], begin: int, position: int, rules: _Rules
) -> bool:
    """Say whether the single full stop ``stop`` belongs to its word rather than the sentence."""
    if len(stop[0]) > 1 and stop[0][1] != "]":  # something closes after it
        return False
    place = stop.start()
    found = _TOKEN.search(text, max(begin, place - _TOKEN_CHARS), place)
    if found is None:
        return False
    word = re.split(r"['’\-]", found[0])[-1]
    if not word:
        return False
    if word[0].isdigit():
        return _is_ordinal(text, found.start(), word, begin, position, rules)
    token = _joined(text, found.start(), word.lower())
    if token in rules.numbered:
        return text[position].isdigit()
    if token in rules.before:
        return True
    if token in rules.closing:
        return False
    return _is_open(text, word, token, found.start() == begin, position, rules)


def _joined(text: str, start: int, token: str) -> str:
    """Return ``token`` with the letter before it: "b" after "z. " is "z.b"."""
    before = _SPACED_LETTERS.search(text, max(start - 4, 0), start) if len(token) == 1 else None
    return f"{before[1].lower()}.{token}" if before else token


def _is_open(
    text: str, word: str, token: str, at_start: bool, position: int, rules: _Rules
) -> bool:
    """Say whether an abbreviation that may end a sentence, or an initial, does not do so."""
    if token in rules.either or _LETTERS.match(token):
        return not _starts(text, position, rules)
    if at_start and _ROMAN.match(token):
        return True
    if len(token) != 1 or not token.isalpha():
        return False
    if _NEXT_LETTER.match(text, position):
        return True
    return word.isupper() and not _starts(text, position, rules, initial=True)


def _is_ordinal(
    text: str, start: int, token: str, begin: int, position: int, rules: _Rules
) -> bool:
    """Say whether a number before a full stop is an ordinal, a list's number or part of a date."""
    if not token.isdigit():
        return False
    if start == begin or _DATE.search(text, max(start - _TOKEN_CHARS, 0), start):
        return True
    if text[position].isdigit():
        return len(token) <= _ORDINAL_DIGITS or rules.language in ("ko", "hu")
    return (
        rules.has_ordinals and len(token) <= _ORDINAL_DIGITS and not _starts(text, position, rules)
    )


def _starts(text: str, position: int, rules: _Rules, *, initial: bool = False) -> bool:
    """Say whether the word at ``position`` is one that opens sentences rather than names."""
    word = _WORD.match(text, position)
    if word is None:
        return True
    lower = word[0].lower()
    if initial and (lower in _SURNAMES or len(lower) == 1):
        return False
    return lower in rules.starters


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without the white space around it, None if nothing is left."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    right = len(inner.rstrip())
    return (start + left, start + right) if left < right else None
