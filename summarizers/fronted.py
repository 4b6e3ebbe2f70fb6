"""Adverbials before the subject: "At 5 a.m. Mr. Ort left" is one sentence."""

import re

from summarizers.abbreviations import Rules

__all__ = ["is_fronted", "moment_goes_on"]

_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"([^\W\d_]+)\s+[\d:.]{1,5}\s*$")
# What opens a clause within its sentence: "He noted: In 44 B.C. it fell".
_CLAUSE = re.compile(r"[:;]\s|,\s(?:and|but|or|while)\s|(?<!\S)[\"“«„]")
# A longer piece has a subject and a verb.
_FRONTED_CHARS = 60
# Looked at before a time: its number, and the word before that.
_BEFORE_CHARS = 24
# Words that are no function words, numbers or capitals: "at the old town hall at 6 a.m."
_MAX_CONTENT_WORDS = 2
_TIME = re.compile(r"\s+[Tt]ime\b")


def is_fronted(text: str, begin: int, end: int, rules: Rules, *, is_time: bool = False) -> bool:
    """Return whether all from ``begin`` to ``end`` is an adverbial that needs a sentence.

    The clause that ends there counts, behind a colon, an opening quotation mark or ", and".
    It opens with a preposition or the like (or is but a time, if ``is_time``), and has neither
    a verb we know nor room for a subject. Reads at most 60 characters.
    """
    for clause in _CLAUSE.finditer(text, max(begin, end - _FRONTED_CHARS), end):
        begin = clause.end()
    if end - begin > _FRONTED_CHARS:
        return False
    words = _WORD.findall(text, begin, end)
    if not words:
        return True
    first = words[0].lower()
    if first not in rules.fronts and not (is_time and (first.isdigit() or first in rules.days)):
        return False
    content = 0
    for word in words:
        lower = word.lower()
        if lower in rules.verbs:
            return False
        plain = lower in rules.functions or lower in rules.fronts or lower in rules.days
        content += not plain and not word[0].isdigit() and len(word) > 1
    return content <= _MAX_CONTENT_WORDS


def moment_goes_on(text: str, begin: int, start: int, position: int, rules: Rules) -> bool:
    """Return whether the sentence goes on after a time such as "5 a.m." or "44 B.C.".

    The abbreviation begins at ``start``, the next word at ``position``.
    """
    word = _WORD.match(text, position)
    if word is None:
        return False
    following = word[0]
    if (
        following[0].isdigit()
        or (following.isupper() and following.lower() in rules.zones)
        or following.lower() in rules.days
    ):
        return True
    before = text[max(begin, start - _BEFORE_CHARS) : start].rstrip()
    if not before or not before[-1].isdigit():  # "A.D. 79", "the a.m. Edition"
        return following.lower() not in rules.starters
    if _TIME.match(text, word.end()):  # "6 p.m. London time"
        return True
    determiner = _LAST_WORD.search(before)
    if determiner and determiner[1].lower() in rules.determiners:
        return following.lower() not in rules.starters
    return is_fronted(text, begin, start, rules, is_time=True)
