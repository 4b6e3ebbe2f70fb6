"""Whether a stop ends its sentence: abbreviations, initials, ordinals, speakers and the like."""

import re
from dataclasses import dataclass
from functools import lru_cache

from summarizers.datafiles import load
from summarizers.stopwords import stop_words

__all__ = ["Rules", "ends_sentence", "rules_of"]

# What may stand between a stop and the first letter after it.
_OPENERS = re.compile(r"[\s\"'“”‘’„«»‹「『【（(\[¿¡–—\-•]*")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\s\"“”„«»()\[\]—–]+$")
_SPACED_LETTER = re.compile(r"(?:^|[^\w.])([^\W\d_])\.\s$")  # "z. " of "z. B."
_NEXT_LETTER = re.compile(r"[^\W\d_]\.")
_DATE = re.compile(r"(?:\d+\.\s?){2}$")  # the "2020. 10. " of "2020. 10. 3."
_ROMAN = re.compile(r"[ivxlc]+$")
# What goes on after a closed quotation or bracket in Japanese, and who speaks in Chinese.
_PARTICLE = re.compile(r"[とはがをにのでもへや、，]")
_SPEAKER = re.compile(r"[^，。！？\n]{0,12}(?:说|說|道|表示|称|稱|问|問|喊)[，。：:！]")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+$")  # U.S, u.a, т.д
_QUOTES = frozenset("\"”’»“'")
# No name is longer: without the bound, each stop within a run without spaces would read all of it.
_NAMES = re.compile(r"(?:[^\W\d_][\w.'’\-]{0,40}+\s+){1,3}")
# Longer tokens are no abbreviation.
_TOKEN_CHARS = 16
_PARTS = re.compile(r"['’\-]")
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


@dataclass(frozen=True, slots=True)
class Rules:
    """The abbreviations of one language and what goes with them; words in lower case.

    After an abbreviation in ``before`` its sentence goes on, after one in ``closing`` (a
    list's "etc.") it ends where a capital follows, after one in ``either`` only where a word
    follows that opens sentences. Those in ``numbered`` belong to a number after them.
    """

    language: str
    before: frozenset[str]
    either: frozenset[str]
    closing: frozenset[str]
    numbered: frozenset[str]
    starters: frozenset[str]
    speech: re.Pattern[str] | None
    has_ordinals: bool


@lru_cache(maxsize=64)
def rules_of(language: str) -> Rules:
    """Return the rules of a normal language code (see ``normal_language``).

    Where we have no abbreviations of it, they are the English ones. The first call reads a
    data file; the rules of 64 languages are cached. Never raises.
    """
    data = load("abbreviations")
    known = data.get(language) or data["en"]
    # Names keep their titles in any language.
    titles = data["en"]["before"] if language not in data else "mr mrs dr prof st"
    speech = _SPEECH.get(language)
    return Rules(
        language=language,
        before=frozenset(f"{known['before']} {titles}".split()),
        either=frozenset(known["either"].split()),
        closing=frozenset(known.get("closing", "").split()),
        numbered=frozenset(known.get("number", "").split()),
        starters=stop_words(language) | frozenset(_STARTERS.get(language, "").split()),
        speech=re.compile(rf"\b(?:{speech.replace(' ', '|')})\b") if speech else None,
        has_ordinals=language in _ORDINAL_LANGUAGES,
    )


def ends_sentence(text: str, stop: re.Match[str], begin: int, rules: Rules) -> bool:
    """Return whether the sentence that begins at ``begin`` ends at ``stop``, a match in ``text``.

    ``stop`` is one or more stops with what closes after them, ``begin`` is in characters. Pure;
    reads a few words on either side.
    """
    mark, after = stop[0], stop.end()
    if mark[0] in ";\u037e":  # the question mark of Greek
        return rules.language == "el"
    if mark[0] in "。！？｡．!?" and rules.language in ("zh", "ja"):
        ends = True
        if mark[-1] in "）)】］]":  # brackets hold whole sentences, or stand inside one
            ends = text[begin] in "（("
        elif mark[-1] in '”」』’"':  # a quotation, after which its sentence may go on
            ends = not (_PARTICLE.match(text, after) or _SPEAKER.match(text, after))
        return ends
    opened = _OPENERS.match(text, after)
    position = opened.end() if opened else after  # of the next word
    if position >= len(text):
        return True
    if text[position].islower() and not text[position + 1 : position + 2].isupper():
        return mark[0] in "।॥۔。！？"  # iPhone and eBay may open a sentence
    if mark[0] != "." or ".." in mark:
        # After a quotation the sentence goes on if its speaker follows.
        speech = rules.speech
        names = None if _QUOTES.isdisjoint(mark) else _NAMES.match(text, position)
        return (
            speech is None
            or names is None
            or not (speech.match(text, names.end()) or speech.search(text, position, names.end()))
        )
    return not _is_abbreviation(text, stop, begin, position, rules)


def _is_abbreviation(
    text: str, stop: re.Match[str], begin: int, position: int, rules: Rules
) -> bool:
    """Return whether a full stop belongs to its word or number rather than to the sentence.

    ``position`` is where the next word begins.
    """
    mark, place = stop[0], stop.start()
    if len(mark) > 1 and mark[1] != "]":  # something closes after it
        return False
    found = _TOKEN.search(text, max(begin, place - _TOKEN_CHARS), place)
    word = _PARTS.split(found[0])[-1] if found else ""
    if found is None or not word or (word[0].isdigit() and not word.isdigit()):
        return False
    start = found.start()
    if not word.isdigit():
        return _is_abbreviated(text, word, start, begin=begin, position=position, rules=rules)
    # A number: a list's, part of a date, or an ordinal.
    if start == begin or _DATE.search(text, max(start - _TOKEN_CHARS, 0), start):
        return True
    is_short = len(word) <= _ORDINAL_DIGITS
    if text[position].isdigit():
        return is_short or rules.language in ("ko", "hu")
    return is_short and rules.has_ordinals and not _opens(text, position, rules)


def _is_abbreviated(
    text: str, word: str, start: int, *, begin: int, position: int, rules: Rules
) -> bool:
    """Return whether ``word`` at ``start``, no number, is abbreviated here."""
    token = word.lower()
    if len(token) == 1:
        spaced = _SPACED_LETTER.search(text, max(start - 4, 0), start)
        token = f"{spaced[1].lower()}.{token}" if spaced else token  # "b" after "z. " is "z.b"
    if token in rules.numbered:
        return text[position].isdigit()
    if token in rules.before or token in rules.closing:
        return token in rules.before
    if token in rules.either or _LETTERS.match(token):
        return not _opens(text, position, rules)
    if start == begin and _ROMAN.match(token):
        return True
    if len(token) != 1 or not token.isalpha():
        return False
    # A single letter is an initial before another one, or as a capital before a name.
    return _NEXT_LETTER.match(text, position) is not None or (
        word.isupper() and not _opens(text, position, rules, after_initial=True)
    )


def _opens(text: str, position: int, rules: Rules, *, after_initial: bool = False) -> bool:
    """Return whether the word at ``position`` is one that opens sentences rather than names."""
    word = _WORD.match(text, position)
    if word is None:
        return True
    lower = word[0].lower()
    if after_initial and (lower in _SURNAMES or len(lower) == 1):
        return False
    return lower in rules.starters
