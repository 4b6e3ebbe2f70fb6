"""Words of a player or a gallery that stand glued before a sentence, told by their numbers."""

import re

from summarizers.stopwords import stop_words

__all__ = ["begins_sentence", "player_chars"]

# A player says how long its film is, a gallery which picture of how many is shown.
_NUMBER = re.compile(
    r"(?<![\w:.,/])(?:(?:\d{1,2}:)?\d{1,2}:\d\d|\d{1,3}\s?/\s?\d{1,3}"
    r"|\d{1,3}\s[^\W\d_]{1,5}\s\d{1,3})(?![\w:/%]|[.,]\d)\s*"
)
_SCAN_CHARS = 70
_MAX_WORDS = 6  # before "2 of 9", which many sentences have, one
# Behind it may stand a button or two: "1:42 Unmute".
_BUTTON = re.compile(r"[^\W\da-zà-ÿа-я_][\w'’-]*\s+")
_MOST_AFTER = 2
_FIRST_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# These have a capital within a sentence as well.
_ALWAYS_CAPITAL = {
    "en": frozenset({"i"}),
    "de": frozenset({"sie", "ihr", "ihre", "ihrem", "ihren", "ihrer", "ihnen"}),
    "da": frozenset({"i", "de", "dem", "deres"}),
}


def player_chars(text: str, language: str) -> int:
    """Return how many characters of a player or gallery ``text`` begins with; 0 if there are none.

    That is a duration (0:48) or a place in a row (2/9, 2 of 9), a few words without a stop before
    it, and behind it, or behind two buttons more, a function word with a capital: a sentence
    begins there, whatever the words before say. Only in languages with capitals and a list of
    function words. A sentence that begins with a function word has a number of its own, and
    nothing of a player. Constant time.
    """
    known = stop_words(language)
    found = 0
    for match in _NUMBER.finditer(text, 0, _SCAN_CHARS):
        before = text[found : match.start()]
        first = _FIRST_WORD.match(before)
        if (
            len(before.split()) > (1 if any(map(str.isalpha, match[0])) else _MAX_WORDS)
            or any(mark in before for mark in ".!?;")
            or (first is not None and (first[0].lower() in known or first[0][0].islower()))
        ):
            return found
        end = match.end()
        for _ in range(_MOST_AFTER + 1):
            if begins_sentence(text, end, language):
                return end
            button = _BUTTON.match(text, end)
            if button is None:
                break
            end = button.end()
    return 0


def begins_sentence(text: str, start: int, language: str) -> bool:
    """Return whether a function word with a capital stands at ``start`` of ``text``.

    Within a sentence such words have none, so one begins there. False for those that always have
    a capital ("I"), and without a list of function words. Constant time.
    """
    match = _FIRST_WORD.match(text, start)
    if match is None or not match[0][0].isupper():
        return False
    word = match[0].lower()
    return word in stop_words(language) and word not in _ALWAYS_CAPITAL.get(language, ())
