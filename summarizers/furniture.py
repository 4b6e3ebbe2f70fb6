"""Sentences that belong to a page and not to its story: how they are told, in any language.

What a page says of itself is known by several signs together. A call ("Sign up") or a
possessive ("our") counts with what it is about ("newsletter"), a line on a writer with a name,
a role and a house. So news about newsletters, photos, recipes or subscriptions stays. The
words are data, by language; see docs/decisions/0098.
"""

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from operator import itemgetter

from summarizers.datafiles import load
from summarizers.languages import UNSPACED
from summarizers.phrases import Beginnings, Openings, PhraseIndex, alternatives
from summarizers.quotes import has_marks

__all__ = ["Furniture", "button_patterns", "furniture_of", "is_spaced", "words_of"]

# Words of these have no spaces between them, or grow endings or vowel signs.
_JOINING = frozenset({"ko", "hi", "bn"})
_NEVER = r"(?!)"
# Of these each language has its own: what speaks to a page's reader, and what sells.
_ITS_READERS = ("reader", "sells")
# A head of one word ("Download", "Foto") is no sign by itself.
_IS_WEAK = re.compile(r"[^ (]+")
_AFTER_LABEL = r"\s?(?:[:：|/©]|[–—-]\s)"
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
_NAME = re.compile(
    r"(?!(?:The|A|An|This|That|Our|Der|Die|Das|Le|La|Les|El|Los|Il|Lo|De|Het|Den|Det)\s)"
    r"(?:[A-ZÀ-ÞŠŽČĆĐŁŚĞİΑ-ΩА-ЯЁЇІЄҐ][\w.'’-]*\s){2,4}|"
    r"[\u0590-\u06ff\u0900-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
)
_SPEECH = '"“„«”'
_SPEECH_ENDS = '"”“»«'
# A name in quotation marks is shorter than what somebody says.
_SPOKEN = re.compile(r"[\"“„«]\s?[^\"”“»]{25}|‘[^’]{25}|[「『][^」』]{8}|(?<!\w)'[^']{25}")
# A row of a table is mostly numbers: results, quotations, the numbers of a lottery.
_NUMBERS = 5
_NUMBERS_SHARE = 0.5
# A step of a recipe begins with what to do and names so many things of a kitchen; a list of
# ingredients has so many measures.
_KITCHEN_WORDS = 2
_MEASURES = 3
_MEASURE = re.compile(
    r"(?:\d|[½¼¾⅓⅔])\s?(?:g|gr|m?l|[cd]l|tbsp|tsp|tablespoons?|teaspoons?|cups?|oz|ounces?|EL|TL|"
    r"cuillères?|cucharad\w+|cucchia\w+|colher\w*|xícaras?|eetlepels?|theelepels?|msk|tsk|krm|spsk|"
    r"ss|ts|rkl|łyż\w+|lžíc\w*|lžič\w*|г|мл|л|ст\.|ч\.|ложк\w+|yemek|çay|su bardağı|sendok|muỗng|"
    r"thìa|큰술|작은술|汤匙|克|毫升)(?!\w)|(?:大さじ|小さじ)\s?\d"
)
# A list of what goes in, in any words: 1 kg flour, 2 eggs, 120 ml milk. So many parts begin with
# a quantity, some of them with a unit, and none is longer than this.
_LISTED = re.compile(r"[,;•·、，]\s*(?!\d)|[,;•·、，]\s+|\s[–—-]\s")
_QUANTITY = re.compile(r"(?:\d[\d.,/]*|[½¼¾⅓⅔])\s?[½¼¾⅓⅔]?\s?[^\W\d_]")
_QUANTITIES_SHARE = 0.75
_LISTED_CHARS = 40
_LISTED_MEASURES = 2
_WEIGHT = re.compile(r"\d\s?(?:kg|dag|dkg|кг|کیلو|كيلو|公斤|キロ)(?!\w)")


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
        shared = [*alternatives(old[0]["furniture"]), *english["phrases"]]
        phrases = [*alternatives(old[1].get("furniture", "")), *own.get("phrases", [])]
        about = _any(words_of(known, "ourmatters"))
        ours = [rf"{our} (?:[\w-]+ ){{0,2}}?(?:{about})(?!\w)" for our in words_of(known, "ours")]
        patterns = {"strong": words_of(known, "strong"), "phrases": list(filter(None, phrases))}
        for kind in _ITS_READERS:
            patterns[kind] = words_of([own or english], kind)
        everywhere = {"phrases": shared, "ours": ours}
        if spaced:  # one index for both
            patterns["phrases"] += shared
            everywhere = patterns | {"ours": ours}
        self._indexes = [PhraseIndex(everywhere, spaced=True)]
        if not spaced:
            self._indexes.append(PhraseIndex(patterns, spaced=False))
        heads = words_of(known, "heads")
        labels = [
            label for words in old for label in alternatives(words.get("labels", "")) if label
        ]
        # What ends with a word ends where the word does.
        whole = r"(?:(?<=\W)|(?!\w))" if spaced else ""
        weak = [head for head in heads if _IS_WEAK.fullmatch(head)]
        strong = [head for head in heads if not _IS_WEAK.fullmatch(head)]
        openings = [
            *(rf"(?:{label})(?!\w)" for label in labels),
            *(f"(?:{head}){whole}" for head in strong),
            *(f"(?:{head}){_AFTER_LABEL}" for head in weak),
        ]
        self._heads = Openings(openings)
        calls = words_of(known, "calls")
        self._calls = Openings(f"(?:{call}){whole}" for call in calls + weak)
        edge = r"\b" if spaced else ""
        self._matters = re.compile(f"{edge}(?:{_any(words_of(known, 'matters'))}){whole}")
        orders = [f"(?:{order}){whole}" for order in (*calls, *weak, *words_of(known, "steps"))]
        self._orders = Openings(orders)
        imperatives = [f"(?:{word}){whole}" for word in words_of([own or english], "imperatives")]
        self._imperatives = Openings(imperatives)
        self._you = re.compile(rf"{edge}(?:{_any(words_of([own or english], 'you'))}){whole}")
        self._needs_you = "you" in (own or english)
        self._polite = re.compile(_any(own["polite"])) if "polite" in own else None
        buttons = button_patterns(known, spaced=spaced)
        # What words of a page a text may open with, as regular expressions for lower case.
        self.openings = [*openings, *orders, *imperatives, *buttons]
        self._kitchen = re.compile(f"{edge}(?:{_any(words_of(known, 'kitchen'))}){whole}")
        self._contacts = re.compile(f"{edge}(?:{_any(words_of(known, 'contacts'))})")
        self._authors = PhraseIndex({"authors": words_of(known, "authors")}, spaced=spaced)
        offers = {"offers": words_of([own or english], "offers")}
        self._offers = PhraseIndex(offers, spaced=spaced)
        self.beginnings = Beginnings([*self._indexes, self._authors, self._offers])
        self._knows_contacts = bool(own.get("contacts")) or language == "en"

    def kinds(self, lower: str, begun: Set[str]) -> Set[str]:
        """Return the kinds of the page's phrases in ``lower``, a sentence in lower case.

        ``begun`` is what ``beginnings`` has of its words. For most sentences there are none.
        """
        found = self._indexes[0].found(lower, begun)
        for index in self._indexes[1:]:
            found = found | index.found(lower, begun)
        return found

    def is_furniture(
        self,
        text: str,
        lower: str,
        words: Sequence[str],
        begun: Set[str],
        kinds: Set[str],
        *,
        opens: bool,
    ) -> bool:
        """Return whether the sentence ``text`` belongs to its page and not to the story.

        ``lower`` is the sentence in lower case, without opening marks; ``words`` are what
        find_words finds in it, ``begun`` what ``beginnings`` has of them, ``kinds`` what
        ``kinds`` returns. ``opens``: it opens with one of ``openings``, or may do so. What opens
        with a quotation mark is somebody's word, and no furniture, unless all of it stands in
        marks and begins as links to other articles do. Linear.
        """
        if text[0] in _SPEECH:
            return text[-1] in _SPEECH_ENDS and self._heads.match(lower) is not None
        if "phrases" in kinds or (opens and self._heads.match(lower) is not None):
            return True
        if (kinds or opens or self._polite) and self._speaks_to_reader(
            text, lower, begun, kinds, opens=opens
        ):
            return True
        if (
            self._authors.may_have(begun)
            and _NAME.match(text)
            and self._authors.found(lower, begun)
        ):
            return True
        return "0" in begun and self._is_row(text, lower, words)

    def _is_row(self, text: str, lower: str, words: Sequence[str]) -> bool:
        """Return whether a text is a row of numbers, or of measures of a kitchen."""
        numbers = sum(map(str.isdigit, map(itemgetter(0), words)))
        if numbers < _MEASURES:
            return False
        measures = len(_MEASURE.findall(text))
        return (
            (numbers >= _NUMBERS and numbers >= _NUMBERS_SHARE * len(words))
            or (measures >= _MEASURES and self._kitchen.search(lower) is not None)
            or (
                measures + len(_WEIGHT.findall(text)) >= _LISTED_MEASURES
                and _lists_quantities(text)
            )
        )

    def _speaks_to_reader(
        self, text: str, lower: str, begun: Set[str], kinds: Set[str], *, opens: bool
    ) -> bool:
        """Return whether a page speaks of its own, sells, or tells its reader what to do.

        In quotation marks somebody else does. ``opens``: see ``is_furniture``.
        """
        if ("ours" in kinds or (opens and self._orders_about(lower))) and not has_marks(text):
            return True
        return (
            "reader" in kinds
            or ("sells" in kinds and bool(self._offers.found(lower, begun)))
            or (self._polite is not None and self._polite.match(text) is not None)
            or (  # an imperative, which speaks to "you" if need be
                opens
                and self._imperatives.match(lower) is not None
                and (not self._needs_you or self._you.search(lower) is not None)
            )
        ) and _SPOKEN.search(text) is None

    def _orders_about(self, lower: str) -> bool:
        """Return whether a sentence asks its reader for something: to subscribe, or to stir."""
        if self._orders.match(lower) is None:
            return False
        return bool(self._calls.match(lower) and self._matters.search(lower)) or (
            len(self._kitchen.findall(lower)) >= _KITCHEN_WORDS
        )

    def is_labelled(self, lower: str) -> bool:
        """Return whether a sentence opens with a label of the page: "Read more", "Photo:"."""
        return self._heads.match(lower) is not None

    def calls(self, lower: str) -> bool:
        """Return whether a sentence in lower case opens with a call: "Sign up", "Read"."""
        return self._calls.match(lower) is not None

    def means(self, lower: str) -> bool:
        """Return whether a text in lower case names what calls are about: a newsletter, an app."""
        return self._matters.search(lower) is not None

    def invites(self, text: str, lower: str) -> bool:
        """Return whether ``text`` sends its reader to an address: of a page, or for mail.

        An address counts where it opens or ends the sentence, or where a word for writing or
        visiting stands with it; in a language without such words wherever it stands. A report
        may quote an address.
        """
        if "//" not in text and "@" not in text and "www." not in text:
            return False
        address = _ADDRESS.search(text)
        if address is None:
            return False
        if not self._knows_contacts or address.start() <= 1:
            return True
        ends = len(text[address.end() :].strip(" .)]。")) == 0
        return ends or self._contacts.search(lower) is not None


@lru_cache(maxsize=64)
def furniture_of(language: str) -> Furniture:
    """Return the Furniture of a normal language code; those of 64 languages are cached.

    The first call for a language in a process compiles its patterns, which takes some 100 ms.
    """
    return Furniture(language)


def _lists_quantities(text: str) -> bool:
    """Return whether a text, behind its last colon, is a list of quantities and little else."""
    parts = [part.strip() for part in _LISTED.split(re.split("[:：]", text)[-1])]
    quantities = sum(
        len(part) <= _LISTED_CHARS and _QUANTITY.match(part) is not None for part in parts
    )
    return quantities >= _MEASURES and quantities >= _QUANTITIES_SHARE * len(parts)


def button_patterns(known: Sequence[dict[str, list[str]]], *, spaced: bool) -> list[str]:
    """Return the patterns of buttons' words with what parts them, the longest first."""
    whole = r"(?![\w'’-])" if spaced else ""
    buttons = sorted(words_of(known, "buttons"), key=len, reverse=True)
    return [rf"(?:{button}){whole}[\s|•·:/×]*" for button in buttons]


def is_spaced(language: str) -> bool:
    """Return whether words of ``language`` stand apart and keep their letters when they bend."""
    return language not in UNSPACED and language not in _JOINING


def words_of(known: Iterable[dict[str, list[str]]], kind: str) -> list[str]:
    """Return the patterns of one ``kind`` of all languages ``known``, without doubles."""
    return list(dict.fromkeys(word for words in known for word in words.get(kind, [])))


def _any(patterns: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(patterns)) or _NEVER
