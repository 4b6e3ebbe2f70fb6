"""Marks of footnotes in a sentence: "[2]", "[14-15]", "(1)" behind a word, "¹²"."""

import re

__all__ = ["footnote_chars"]

# A raised number behind one or two letters is a unit's: km².
_BRACKETED = r"[\[［〔]\s?(?:[a-z]{2,12}\.?\s)?\d{1,3}(?:\s?[-–,]\s?\d{1,3})*\s?[\]］〕]"
_RAISED = r"[¹²³⁰⁴-⁹]++"
# A number in brackets stands for a note behind a small word alone: "Holm (2)" has two goals, or
# is two years old, and "section (2)" is one of a law.
_ROUND = r"(?<=[^\W\d_])\s?[(（]\d[)）]"
_MAYBE = re.compile(r"[\[［〔¹²³⁰⁴-⁹]|[(（]\d[)）]")
_ANY_ROUND = re.compile(r"[(（]\d{1,2}[)）]")
_END = re.compile(
    rf"(?:\s?{_BRACKETED}|(?:(?<=[^\W\d_]{{3}})|(?<=[.,;:!?»”\"’)])){_RAISED}|{_ROUND})++[.。!?]?$"
)
_INSIDE = re.compile(
    rf"(?<=[^\s\[(（]){_BRACKETED}|\s{_BRACKETED}(?=\s*[.,;:!?。，；、])"
    rf"|(?:(?<=[^\W\d_]{{3}})|(?<=[.,;:!?»”\"’)])){_RAISED}(?![^\W\d_])"
    rf"|{_ROUND}(?=[.,;:]|\s*$)"
)
_LAST_WORD = re.compile(r"([^\W\d_]+)\.?\s?[(（]")
# Behind these a number in brackets counts, or is the day of a month: "hoje (5)".
_COUNTED = re.compile(
    "hoje|ontem|amanhã|feira|sábado|domingo|hoy|ayer|mañana|lunes|martes|miércoles|jueves|viernes|"
    "oggi|ieri|domani|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|bugün|dün|"
    "senin|selasa|rabu|kamis|jumat|sabtu|minggu|ahad|isnin|khamis|hari|"
    "(?:sub)?sections?|(?:sub)?paragraphs?|articles?|clauses?|art|abs|para|rules?|no|nr|absatz|"
    "artikeln?|satz|alinéas?|artículos?|apartados?|artigos?|articol[oi]|comma|lid|stk|пункт\\w*|"
    "стат\\w+|ст|п|bet|pasal|ayat"
)


def footnote_chars(text: str) -> int | None:
    """Return how many characters of footnote marks ``text`` ends with; None if others stand inside.

    A stop behind the marks belongs to them: what is left of "so [2]." is "so". A number in
    brackets that counts ("section (2)", "Holm (2)") is no mark, nor is a square metre's. Linear.
    """
    if _MAYBE.search(text) is None:  # the common case
        return 0
    end = _END.search(text)
    chars = 0
    if end is not None and _is_note(text, end.start(), end.end()):
        chars = len(text) - end.start()
    for mark in _INSIDE.finditer(text, 0, len(text) - chars):
        if _is_note(text, mark.start(), mark.end()):
            return None
    return chars


def _is_note(text: str, start: int, end: int) -> bool:
    """Return whether what stands there, which looks like a mark, is none that counts."""
    if text[start:end].lstrip()[:1] not in "(（":
        return True
    if _ANY_ROUND.search(text, end) or _ANY_ROUND.search(text, 0, start):  # a row of results
        return False
    before = _LAST_WORD.search(text, max(start - 24, 0), end)
    if before is None or not before[1].islower():
        return False
    return _COUNTED.fullmatch(before[1]) is None
