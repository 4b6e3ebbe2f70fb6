"""The small language in which the catalogue writes the words that give a topic away.

===============  ====================================================================
``North Korea``  whole words; a capital must be one in the text, a small letter need not:
                 ``Turkey`` is no bird, ``US`` no pronoun. Any punctuation is a space
``nordkorean*``  the last word may go on, by up to ``MAX_TAIL_CHARS`` letters
``коре{я,и}``    each of the spellings in turn
``~Jordan``      weak: half a hit, none beside another name, none where a decoy occurs
===============  ====================================================================

A plain alias also takes its language's plain endings: an English, French or Spanish
plural, a German genitive, the cases of a Russian noun, Arabic and Hebrew prefixes.
Scripts without spaces match anywhere, Hangul from the start of a word (particles follow).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from bot.topics.fold import fold, is_unspaced, squeeze

__all__ = ["MAX_TAIL_CHARS", "Pattern", "patterns", "plain"]

# Long enough for "nordkorean|ischen" and "Klima|schutzgesetz", short of swallowing a line.
MAX_TAIL_CHARS = 14

_BRACES = re.compile(r"\{([^{}]*)\}")
_HANGUL = re.compile("[\uac00-\ud7af]")

# What a plain alias may end in, by language; chosen for few false friends, not for grammar.
_ENDINGS = {
    "en": ("", "s"),
    "fr": ("", "s"),
    "es": ("", "s"),
    "pt": ("", "s"),
    "de": ("", "s"),
    "nl": ("", "s"),
    "sv": ("", "s"),
    "da": ("", "s"),
    "nb": ("", "s"),
}
_PREFIXES = {"ar": ("", "و", "ب", "ل", "ف"), "he": ("", "ב", "ל", "מ", "ה", "ו", "ש")}
# Cases of East Slavic nouns by the ending of the nominative; the longest that fits counts.
_CASES = {
    "ия": ("ия", "ии", "ию", "иеи", "ией", "иею"),
    "ія": ("ія", "ії", "ію", "ією"),
    "а": ("а", "ы", "и", "у", "е", "ой", "ою", "ей", "і"),
    "я": ("я", "и", "ю", "е", "ей", "ею", "ями", "ях", "і"),
    "ь": ("ь", "я", "ю", "ем", "е", "и", "ью", "ей"),
    "й": ("й", "я", "ю", "ем", "е", "и"),
}
_AFTER_CONSONANT = ("", "а", "у", "ом", "ым", "е", "ы", "и", "ов", "ам", "ами", "ах")
_VOWELS = frozenset("аеёиоуыэюяіїє")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One spelling to look for in folded text.

    ``text`` begins and ends with a space where a word must. ``shown`` is what a hit is
    called. ``capitals`` are the offsets in ``text`` that must be capital in the original.
    ``is_open``: the word may go on. ``is_acronym``: written in capitals alone.
    """

    text: str
    shown: str
    capitals: tuple[int, ...]
    is_open: bool
    is_weak: bool
    is_acronym: bool


def patterns(alias: str, language: str = "") -> Iterator[Pattern]:
    """Yield the patterns of one ``alias`` as written in the catalogue for ``language``."""
    is_weak = alias.startswith("~")
    for spelling in _expand(squeeze(alias.removeprefix("~"))):
        is_open = spelling.endswith("*")
        word = spelling.removesuffix("*")
        has_forms = not is_open and "{" not in alias
        for form in _forms(word, language) if has_forms else (word,):
            yield _pattern(form, shown=word, is_open=is_open, is_weak=is_weak)


def plain(alias: str) -> str:
    """Return ``alias`` as a person would write it: the first spelling, without marks."""
    return next(_expand(squeeze(alias.lstrip("~")))).removesuffix("*")


def _pattern(form: str, *, shown: str, is_open: bool, is_weak: bool) -> Pattern:
    text = fold(form).strip()
    lead = len(fold(form)) - len(fold(form).lstrip())
    form = form[lead : lead + len(text)]
    before = "" if _is_boundless(text[0]) else " "
    after = "" if is_open or is_unspaced(text[-1]) else " "
    capitals = tuple(at + len(before) for at, char in enumerate(form) if char.isupper())
    letters = sum(char.isalpha() for char in form)
    return Pattern(
        text=before + text + after,
        shown=shown,
        capitals=capitals,
        is_open=is_open,
        is_weak=is_weak,
        is_acronym=1 < letters == len(capitals),
    )


def _is_boundless(char: str) -> bool:
    """Say whether a word of this script may begin in the middle of a line of letters."""
    return is_unspaced(char) and not _HANGUL.match(char)


def _expand(alias: str) -> Iterator[str]:
    """Yield every spelling of ``alias``, one for each choice in its braces."""
    parts = _BRACES.split(alias)  # text and choices take turns
    choices = [part.split(",") if n % 2 else [part] for n, part in enumerate(parts)]
    for spelling in product(*choices):
        yield "".join(spelling)


def _forms(word: str, language: str) -> Iterator[str]:
    """Yield ``word`` with its language's plain endings or prefixes."""
    if language in ("ru", "uk") and word[-1:].isalpha():
        yield from _cases(word)
    elif word[-1:].isupper() or len(word) < 3:  # "U.S." and "EU" have no plural worth a false friend
        yield word
    elif language in _PREFIXES:
        yield from (prefix + word for prefix in _PREFIXES[language])
    else:
        yield from (word + ending for ending in _ENDINGS.get(language, ("",)))


def _cases(word: str) -> Iterator[str]:
    if word.isupper():
        yield word
        return
    for ending, cases in _CASES.items():
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            yield from (stem + case for case in cases)
            return
    endings = ("",) if word[-1] in _VOWELS else _AFTER_CONSONANT
    yield from (word + ending for ending in endings)
