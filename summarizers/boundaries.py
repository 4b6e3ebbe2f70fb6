"""Whether a stop ends its sentence: abbreviations, initials, ordinals, speakers and the like."""

import re
from dataclasses import dataclass
from functools import lru_cache

from summarizers.languages import load, stop_words

__all__ = ["Rules", "Stop", "rules_of"]

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
_NAMES = re.compile(r"(?:[^\W\d_][\w.'’\-]*\s+){1,3}")
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
    """What one language knows of its stops; words in lower case.

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
    """Return the rules of a normal language code; English ones where we have none."""
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


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop in ``text``, in the sentence that begins at ``begin``."""

    text: str
    match: re.Match[str]
    begin: int
    rules: Rules

    def ends_sentence(self) -> bool:
        """Say whether the sentence ends here."""
        mark = self.match[0]
        if mark[0] in ";\u037e":  # the question mark of Greek
            return self.rules.language == "el"
        if mark[0] in "。！？｡．!?" and self.rules.language in ("zh", "ja"):
            return not self._goes_on()
        position = self._next_word()
        if position >= len(self.text):
            return True
        if self.text[position].islower() and not self.text[position + 1 : position + 2].isupper():
            return mark[0] in "।॥۔。！？"  # iPhone and eBay may open a sentence
        if mark[0] != "." or ".." in mark:
            return not self._is_attributed(position)
        return not self._is_abbreviation(position)

    def _next_word(self) -> int:
        opened = _OPENERS.match(self.text, self.match.end())
        return opened.end() if opened else self.match.end()

    def _goes_on(self) -> bool:
        """Say whether a Chinese or Japanese sentence goes on after what closes behind the stop."""
        last, rest = self.match[0][-1], self.match.end()
        if last in "）)】］]":
            return self.text[self.begin] not in "（("
        if last not in '”」』’"':
            return False
        return bool(_PARTICLE.match(self.text, rest) or _SPEAKER.match(self.text, rest))

    def _is_attributed(self, position: int) -> bool:
        """Say whether a quotation ended, and its speaker follows at ``position``."""
        speech = self.rules.speech
        if speech is None or not any(mark in self.match[0] for mark in "\"”’»“'"):
            return False
        names = _NAMES.match(self.text, position)
        return names is not None and (
            speech.match(self.text, names.end()) is not None
            or speech.search(self.text, position, names.end()) is not None
        )

    def _is_abbreviation(self, position: int) -> bool:
        """Say whether the full stop belongs to its word rather than to the sentence."""
        mark, place = self.match[0], self.match.start()
        if len(mark) > 1 and mark[1] != "]":  # something closes after it
            return False
        found = _TOKEN.search(self.text, max(self.begin, place - _TOKEN_CHARS), place)
        word = _PARTS.split(found[0])[-1] if found else ""
        if found is None or not word:
            return False
        if word[0].isdigit():
            return self._is_ordinal(word, found.start(), position)
        return self._is_short(word, found.start(), position)

    def _is_short(self, word: str, start: int, position: int) -> bool:
        """Say whether ``word`` at ``start``, no number, is abbreviated here."""
        rules = self.rules
        token = self._joined(word.lower(), start)
        if token in rules.numbered:
            return self.text[position].isdigit()
        if token in rules.before or token in rules.closing:
            return token in rules.before
        if token in rules.either or _LETTERS.match(token):
            return not self._opens(position)
        if start == self.begin and _ROMAN.match(token):
            return True
        return len(token) == 1 and token.isalpha() and self._is_initial(word, position)

    def _joined(self, token: str, start: int) -> str:
        """Return ``token`` with the letter before it: "b" after "z. " is "z.b"."""
        if len(token) > 1:
            return token
        before = _SPACED_LETTER.search(self.text, max(start - 4, 0), start)
        return f"{before[1].lower()}.{token}" if before else token

    def _is_initial(self, letter: str, position: int) -> bool:
        if _NEXT_LETTER.match(self.text, position):
            return True
        return letter.isupper() and not self._opens(position, after_initial=True)

    def _is_ordinal(self, token: str, start: int, position: int) -> bool:
        """Say whether a number is an ordinal, a list's number or part of a date."""
        if not token.isdigit():
            return False
        if start == self.begin or _DATE.search(self.text, max(start - _TOKEN_CHARS, 0), start):
            return True
        is_short = len(token) <= _ORDINAL_DIGITS
        if self.text[position].isdigit():
            return is_short or self.rules.language in ("ko", "hu")
        return is_short and self.rules.has_ordinals and not self._opens(position)

    def _opens(self, position: int, *, after_initial: bool = False) -> bool:
        """Say whether the word at ``position`` is one that opens sentences rather than names."""
        word = _WORD.match(self.text, position)
        if word is None:
            return True
        lower = word[0].lower()
        if after_initial and (lower in _SURNAMES or len(lower) == 1):
            return False
        return lower in self.rules.starters
