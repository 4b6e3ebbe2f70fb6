"""Whether a page tells what its feed said it would."""

from collections.abc import Collection

import regex

from bot.gather.pages.likeness import is_like, shares_beginning

__all__ = ["is_about"]

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
# Scripts without spaces between words: of ideographs, two in a row tell a word; of letters, which
# are few, any long text has all pairs.
_IDEOGRAPHIC = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_UNSPACED = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_IDEOGRAPHS = 2
_UNSPACED_CHARS = 4
_HANGUL = regex.compile(r"\p{Hangul}")
# Words are compared by their beginnings, unspaced scripts by runs of characters.
_STEM_CHARS = 5
_MIN_WORD_CHARS = 4
# With fewer beginnings a title says too little to tell.
_MIN_STEMS = 3
_TITLE_SHARE = 0.3
_LEAD_SHARE = 0.4


def is_about(text: str, *, title: str, lead: str, headlines: Collection[str]) -> bool:
    """Return whether ``text`` has to do with the ``title`` and ``lead`` that a feed gave it.

    ``headlines`` are the page's own. One of them like the title is enough; else the text shares
    the beginnings of some words of the title, or more of the lead's. True where both are too
    short to tell, or "". Linear, for any script.
    """
    if any(is_like(title, headline) for headline in headlines):
        return True
    if lead and shares_beginning(lead, text):
        return True
    of_title, of_lead = _stems(title), _stems(lead)
    if len(of_title) < _MIN_STEMS and len(of_lead) < _MIN_STEMS:
        return True
    found = _stems(" ".join([text, *headlines]))
    return (
        len(of_title) >= _MIN_STEMS and len(of_title & found) >= _TITLE_SHARE * len(of_title)
    ) or (len(of_lead) >= _MIN_STEMS and len(of_lead & found) >= _LEAD_SHARE * len(of_lead))


def _stems(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _IDEOGRAPHIC.search(word):
            found |= _runs(word, _IDEOGRAPHS)
        elif _UNSPACED.search(word):
            found |= _runs(word, _UNSPACED_CHARS)
        elif _HANGUL.match(word):
            found.add(word[:2])
        elif len(word) >= _MIN_WORD_CHARS:
            found.add(word[:_STEM_CHARS])
    return frozenset(found)


def _runs(word: str, chars: int) -> set[str]:
    return {word[at : at + chars] for at in range(len(word) - chars + 1)}
