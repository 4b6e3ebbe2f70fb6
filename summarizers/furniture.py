"""Sentences that belong to a page and not to its story: how they are told, in any language.

What a page says of itself is known by several signs together. A call ("Sign up") or a
possessive ("our") counts with what it is about ("newsletter"), a line on a writer with a name,
a role and a house. So news about newsletters, photos, recipes or subscriptions stays. The
words are data, by language; see docs/decisions/0098.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from summarizers.datafiles import load
from summarizers.languages import UNSPACED
from summarizers.phrases import Phrases, alternatives
from summarizers.quotes import has_marks

__all__ = ["Furniture", "furniture_of", "is_spaced", "words_of"]

# Words of these have no spaces between them, or grow endings or vowel signs.
_JOINING = frozenset({"ko", "hi", "bn"})
_NEVER = r"(?!)"
# A head of one word ("Download", "Foto") is no sign by itself.
_IS_WEAK = re.compile(r"[^ (]+")
_AFTER_LABEL = r"\s?(?:[:：|/©]|[–—-]\s)"
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
_NAME = re.compile(
    r"(?!(?:The|A|An|This|That|Our|Der|Die|Das|Le|La|Les|El|Los|Il|Lo|De|Het|Den|Det)\s)"
    r"(?:[A-ZÀ-ÞŠŽČĆĐŁŚĞİΑ-ΩА-ЯЁЇІЄҐ][\w.'’-]*\s){2,4}|"
    r"[\u0590-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
)
# A row of a table is mostly numbers: results, quotations, the numbers of a lottery.
_NUMBERS = 5
_NUMBERS_SHARE = 0.5
_MIN_DIGITS = 6
_DIGIT = re.compile(r"\d")
# A step of a recipe begins with what to do and names so many things of a kitchen; a list of
# ingredients has so many measures.
_KITCHEN_WORDS = 2
_MEASURES = 3
_MEASURE = re.compile(
    r"(?:\d|[½¼¾⅓⅔])\s?(?:k?g|gr|m?l|[cd]l|tbsp|tsp|tablespoons?|teaspoons?|cups?|oz|ounces?|EL|TL|"
    r"cuillères?|cucharad\w+|cucchia\w+|colher\w*|xícaras?|eetlepels?|theelepels?|msk|tsk|krm|spsk|"
    r"ss|ts|rkl|łyż\w+|lžíc\w*|lžič\w*|к?г|мл|л|ст\.|ч\.|ложк\w+|yemek|çay|su bardağı|sendok|muỗng|"
    r"thìa|큰술|작은술|汤匙|克|毫升)(?!\w)|(?:大さじ|小さじ)\s?\d"
)


class Furniture:
    """Tells the furniture of pages in one language, a normal language code.

    Without data of a language only English furniture is told. Immutable.
    """

    def __init__(self, language: str) -> None:
        english, own = load("furniture")["en"], load("furniture").get(language, {})
        reading = load("reading")
        old = [reading["en"], reading.get(language, {})]
        spaced = is_spaced(language)
        known = [english] if language == "en" or not own else [english, own]
        self._phrases = [
            Phrases(
                [*alternatives(old[0]["furniture"]), *english["phrases"]],
                spaced=True,
            )
        ]
        if language != "en" and (own or old[1]):
            patterns = [*alternatives(old[1].get("furniture", "")), *own.get("phrases", [])]
            self._phrases.append(Phrases(filter(None, patterns), spaced=spaced))
        heads = [head for one in known for head in one.get("heads", [])]
        labels = [label for one in old if "labels" in one for label in alternatives(one["labels"])]
        # What ends with a word ends where the word does.
        whole = r"(?:(?<=\W)|(?!\w))" if spaced else ""
        weak = [head for head in heads if _IS_WEAK.fullmatch(head)]
        strong = [head for head in heads if not _IS_WEAK.fullmatch(head)]
        self._labels = re.compile(f"(?:{_any(labels)})(?!\\w)")
        self._heads = re.compile(f"(?:{_any(strong)}){whole}|(?:{_any(weak)}){_AFTER_LABEL}")
        calls = [call for one in known for call in one.get("calls", [])]
        self._calls = re.compile(f"(?:{_any(calls + weak)}){whole}")
        edge = r"\b" if spaced else ""
        self._matters = re.compile(f"{edge}(?:{_any(words_of(known, 'matters'))}){whole}")
        self._ours = re.compile(
            rf"\b(?:{_any(words_of(known, 'ours'))})\s(?:[\w-]+\s){{0,2}}?"
            rf"(?:{_any(words_of(known, 'ourmatters'))}){whole}"
        )
        authors = words_of(known, "authors")
        self._authors = re.compile(f"{edge}(?:{_any(authors)})") if authors else None
        self._steps = re.compile(f"(?:{_any(words_of(known, 'steps'))}){whole}")
        self._kitchen = re.compile(f"{edge}(?:{_any(words_of(known, 'kitchen'))}){whole}")
        self._contacts = re.compile(f"{edge}(?:{_any(words_of(known, 'contacts'))})")
        self._knows_contacts = bool(own.get("contacts")) or language == "en"

    def is_furniture(self, text: str, lower: str, words: Sequence[str]) -> bool:
        """Return whether the sentence ``text`` belongs to its page and not to the story.

        ``lower`` is the sentence in lower case, without opening marks; ``words`` are what
        find_words finds in it. Linear in the length of ``text``.
        """
        if self._labels.match(lower) or self._heads.match(lower):
            return True
        if any(phrases.found(lower, words) for phrases in self._phrases):
            return True
        if self._calls.match(lower) and self._matters.search(lower) and not has_marks(text):
            return True
        if self._ours.search(lower) and not has_marks(text):
            return True
        if self._steps.match(lower) and len(self._kitchen.findall(lower)) >= _KITCHEN_WORDS:
            return not has_marks(text)
        return self._is_authors_line(text, lower) or _is_row(text)

    def invites(self, text: str, lower: str) -> bool:
        """Return whether ``text`` sends its reader to an address: of a page, or for mail.

        An address counts where it opens or ends the sentence, or where a word for writing or
        visiting stands with it; in a language without such words wherever it stands. A report
        may quote an address.
        """
        address = _ADDRESS.search(text)
        if address is None:
            return False
        if not self._knows_contacts or address.start() <= 1:
            return True
        ends = len(text[address.end() :].strip(" .)]。")) == 0
        return ends or self._contacts.search(lower) is not None

    def _is_authors_line(self, text: str, lower: str) -> bool:
        """Return whether a sentence says who wrote it: a name, a role, and for whom."""
        if self._authors is None or _NAME.match(text) is None:
            return False
        return self._authors.search(lower) is not None


@lru_cache(maxsize=64)
def furniture_of(language: str) -> Furniture:
    """Return the Furniture of a normal language code; those of 64 languages are cached.

    The first call for a language in a process compiles its patterns, which takes some 30 ms.
    """
    return Furniture(language)


def is_spaced(language: str) -> bool:
    """Return whether words of ``language`` stand apart and keep their letters when they bend."""
    return language not in UNSPACED and language not in _JOINING


def words_of(known: Iterable[dict[str, list[str]]], kind: str) -> list[str]:
    """Return the patterns of one ``kind`` of all languages ``known``, without doubles."""
    return list(dict.fromkeys(word for one in known for word in one.get(kind, [])))


def _any(patterns: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(patterns)) or _NEVER


def _is_row(text: str) -> bool:
    """Return whether a text is a row of numbers or of measures.

    That is: half of its words, at least five, have digits, or it has three measures of a kitchen.
    """
    digits = len(_DIGIT.findall(text))
    if digits >= _MEASURES and len(_MEASURE.findall(text)) >= _MEASURES:
        return True
    if digits < _MIN_DIGITS:
        return False
    pieces = text.split()
    numbers = sum(_DIGIT.search(piece) is not None for piece in pieces)
    return numbers >= _NUMBERS and numbers > _NUMBERS_SHARE * len(pieces)
