"""The small language in which the catalogue writes the words that give a topic away.

===============  ====================================================================
``North Korea``  whole words; a capital must be one in the text, a small letter need not:
                 ``Turkey`` is no bird, ``US`` no pronoun. Any punctuation is a space
``Paris!``       exactly so, without the endings below
``nordkorean*``  the last word may go on, by up to ``MAX_TAIL_CHARS`` letters
``коре{я,и}``    each of the spellings in turn, exactly
``~Jordan``      weak: half a hit, none beside another name, none where a decoy occurs
``=米``          in a script without spaces: only between punctuation or at an end
===============  ====================================================================

In languages whose press always sets its accents, an accent in the alias must be one in the
text (``Bär`` is no bar, ``ópera`` does not operate), but for capitals, which may go without.

A plain alias also takes its language's plain endings: an English, French or Spanish
plural, a German genitive, the cases of a Russian noun, Arabic and Hebrew prefixes; what
``endings`` says of others.
Scripts without spaces match anywhere, Hangul from the start of a word (particles follow).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from bot.topics.endings import agreeing, inflected
from bot.topics.fold import fold, is_hangul, is_unspaced

__all__ = ["MAX_TAIL_CHARS", "Spelling", "plain", "spellings"]

# Long enough for "nordkorean|ischen" and "Klima|schutzgesetz", short of swallowing a line.
MAX_TAIL_CHARS = 14

_BRACES = re.compile(r"\{([^{}]*)\}")
_WEAK, _EXACT, _OPEN, _ALONE = "~", "!", "*", "="

# Not English, nor "any": there Erdoğan is Erdogan too. Not Russian: е stands for ё.
_ACCENTED = frozenset(
    {"cs", "de", "es", "fi", "fr", "hu", "it", "pl", "pt", "ro", "sv", "tr"}
    | {"ca", "da", "et", "is", "lt", "lv", "nb", "sk", "sl", "vi"}
)

# What a plain alias may end in, by language; chosen for few false friends, not for grammar.
_ENDINGS = dict.fromkeys(("en", "fr", "es", "pt", "de", "nl", "sv", "da", "nb"), ("", "s"))
_PREFIXES = {
    "ar": ("", "و", "ب", "ل", "ف", "ك", "وب", "ول"),
    "he": ("", "ב", "ל", "מ", "ה", "ו", "ש", "כ", "וב", "ול", "שב"),
}
# Before what it belongs to, the Arabic article loses its alif: "للصين" is "to China".
_ARTICLE, _TO_THE = "ال", "لل"
# Cases of East Slavic nouns by the ending of the nominative; the first that fits counts.
_CASES = {
    "ия": ("ия", "ии", "ию", "ией", "иею"),
    "ія": ("ія", "ії", "ію", "ією", "іі", "іяй"),
    "а": ("а", "ы", "и", "у", "е", "ой", "ою", "ей", "і"),
    "я": ("я", "и", "ю", "е", "ей", "ею", "ями", "ях", "і", "ї"),
    "ь": ("ь", "я", "ю", "ем", "е", "и", "ью", "ей"),
    "й": ("й", "я", "ю", "ем", "е", "и"),
}
_AFTER_CONSONANT = ("", "а", "у", "ом", "ым", "е", "ы", "и", "ов", "ам", "ами", "ах")
_VOWELS = frozenset("аеёиоуыэюяіїє")


class Spelling(NamedTuple):
    """One way to write an alias, and the folded ``texts`` (its forms) to look for.

    A text begins and ends with a space where a word must. ``capitals`` are the offsets
    that must be capital in the original, ``accents`` those that must carry this accented
    letter. ``is_open``: the word may go on, in one of ``tails`` if there are any.
    ``is_acronym``: written in capitals alone. A named tuple, as thousands are made at every start.
    """

    texts: tuple[str, ...]
    shown: str
    capitals: tuple[int, ...]
    accents: tuple[tuple[int, str], ...]
    is_open: bool
    is_weak: bool
    is_acronym: bool
    tails: frozenset[str] = frozenset()


def spellings(alias: str, language: str = "") -> Iterable[Spelling]:
    """Return the spellings of one ``alias`` as written in the catalogue for ``language``.

    Several, in their order, for one with braces. ``language`` is ISO 639-1 or "any"; unknown ones
    have no endings. The alias must begin with a letter: that is not checked. One without any
    would be found in every text, or raises IndexError.
    """
    is_weak = alias.startswith(_WEAK)
    written = alias.removeprefix(_WEAK)
    if written.startswith(_ALONE):
        word = written.removeprefix(_ALONE)
        return (Spelling((f" {fold(word)} ",), word, (), (), False, is_weak, False),)
    if "{" in written:
        words = list(_expand(written))
    elif written.endswith(_EXACT):
        words = [written.removesuffix(_EXACT)]
    else:
        return (_spelling(written, language, is_weak=is_weak, has_forms=True),)
    return [_spelling(word, language, is_weak=is_weak, has_forms=False) for word in words]


def plain(alias: str) -> str:
    """Return ``alias`` as a person would write it: the first spelling, without marks.

    Never raises.
    """
    first = next(_expand(alias)) if "{" in alias else alias
    return first.removeprefix(_WEAK).removeprefix(_ALONE).rstrip(_EXACT + _OPEN)


def _spelling(written: str, language: str, *, is_weak: bool, has_forms: bool) -> Spelling:
    """Return the spelling of a word or phrase, with the forms of ``language`` if it has any."""
    word = written.removesuffix(_OPEN)
    is_open = word is not written
    folded = fold(word).rstrip()
    # The space that must stand before and after a word, if its script has any.
    is_spaced = folded.isascii()
    before = " " if is_spaced or is_hangul(folded[0]) or not is_unspaced(folded[0]) else ""
    after = " " if is_spaced or not is_unspaced(folded[-1]) else ""
    # Aliases start with a letter (a test holds the data to it), so offsets in both agree.
    small = "".join(char.lower()[:1] for char in word)  # "İ" would become two
    offset = len(before)
    capitals: tuple[int, ...] = ()
    if small != word:
        capitals = tuple(at for at, char in enumerate(word, offset) if char.isupper())
    accents: tuple[tuple[int, str], ...] = ()
    if not word.isascii() and language in _ACCENTED:
        letters = enumerate(zip(small, fold(small), strict=True), offset)
        accents = tuple((at, char) for at, (char, unaccented) in letters if char != unaccented)
    is_acronym = len(capitals) > 1 and word.isupper()
    has_forms = has_forms and not (is_open or is_acronym)
    tails: frozenset[str] = frozenset()
    forms: Sequence[str] = (folded,)
    if has_forms:
        found = inflected(folded, language)
        if found is None:
            forms = list(_forms(folded, language))
        else:
            forms, tails = found
            is_open = True
        if before and " " in folded and len(forms) > 1:
            # Where the first words of a name differ, so do the places of what comes after.
            common = offset + _common(forms)
            capitals = tuple([at for at in capitals if at < common])
            accents = tuple([place for place in accents if place[0] < common])
    if is_open:
        after = ""
    return Spelling(
        tuple([f"{before}{form}{after}" for form in forms]),
        word,
        capitals,
        accents,
        is_open,
        is_weak,
        is_acronym,
        tails,
    )


def _expand(alias: str) -> Iterator[str]:
    """Yield every spelling of ``alias``, one for each choice in its braces."""
    parts = _BRACES.split(alias)  # text and choices take turns
    choices = [part.split(",") if n % 2 else [part] for n, part in enumerate(parts)]
    for spelling in product(*choices):
        yield "".join(spelling)


def _common(forms: Sequence[str]) -> int:
    """Return how many letters all ``forms`` begin with alike."""
    first, last = min(forms), max(forms)
    pairs = enumerate(zip(first, last, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(last)))


def _forms(word: str, language: str) -> Iterable[str]:
    """Return a folded ``word`` with its language's plain endings, prefixes or cases."""
    if language in ("be", "ru", "uk"):
        *before, last = word.split(" ")
        heads = agreeing(before, language)
        return [" ".join((*head, form)) for head in heads for form in _cases(last)]
    if language in _PREFIXES:
        forms = [prefix + word for prefix in _PREFIXES[language]]
        if word.startswith(_ARTICLE):
            forms.append(_TO_THE + word.removeprefix(_ARTICLE))
        return forms
    if len(word) < 3:  # "EU" has no plural worth a false friend
        return (word,)
    return [word + ending for ending in _ENDINGS.get(language, ("",))]


def _cases(word: str) -> Iterable[str]:
    """Return the cases of a folded East Slavic noun."""
    for ending, cases in _CASES.items():
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return [stem + case for case in cases]
    if not word or word[-1] in _VOWELS or word[-1].isascii():
        return (word,)
    return [word + ending for ending in _AFTER_CONSONANT]
