"""Which sentences of a text can be quoted on their own.

A sentence is *unfit* when it is no statement of the story: a heading, a caption, a byline,
a sign-up line, a question, a teaser, half a quotation. What a page glues before a sentence is
stepped over: a dateline, a kicker, words of a player. What a sentence leans on is told by
``summarizers.leaning``.
"""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizers.clauses import clauses_of
from summarizers.footnotes import footnote_chars
from summarizers.furniture import furniture_of
from summarizers.glued import glue_of
from summarizers.languages import UNSPACED
from summarizers.phrases import Openings
from summarizers.quotes import is_balanced
from summarizers.stopwords import stop_words

__all__ = ["Guard", "Verdict", "guard_of", "have_stops"]

# Shorter "sentences" are headings and cries; longer ones lists without a full stop.
_WORDS = range(4, 90)
_CHARS_UNSPACED = range(8, 300)
_MAX_CHARS = 1_000
# A heading in capitals, or a list of names and numbers.
_MAX_CAPITALS = 0.5
# A text whose sentences mostly end with a stop has headings where they do not.
_STOP_SHARE = 0.5
_STOP_SAMPLE = 200
# A heading has few words, and is left out of account when stops are counted.
_HEADING_CHARS = 40

_ASCII_CAPITALS = string.ascii_uppercase.encode()
_NO_LETTERS = bytes(set(range(256)) - set(string.ascii_letters.encode()))
_CAPITALS = re.compile(r"[A-ZÀ-ÞА-ЯΑ-Ω]{4}")
# A sentence ends with its last sign before what closes after it.
_CLOSERS = "\"'”’»«“)]」』】）〉》\u00a0\u202f "
_STOPS = ".!?…。！？।॥۔؟።။។։;%"
_QUESTION_MARKS = "?？؟;"
_TRAILING = (":", ",", ";", "…", "...")
_OPENERS = " \t….\"'“”‘’„«»‹「『【（([¿¡\u00a0\u202f"
_LIST_MARK = r"(?:[-•*·▪►▶■□◆◇○●※→|#>]|\d{1,2}[.)]|[—–]\s)"
# Without one of these it has no address, no markup, no credit and no mark of a footnote.
_ODDER = re.compile(r"[@|#/<&(（\[［〔¹²³⁰⁴-⁹]")
_MARKUP = re.compile(r"\|\s|\bpic\.twitter|\bt\.co/|^@\w|\s#\w+\s+#\w|</?[a-z]+>|&[a-z]{2,8};|&#\d")
# Without one of these a sentence has no address, no markup, no credit, and nothing to be closed.
# One class of characters: most sentences are passed by looking through them once.
_ODD = re.compile(r"[@|#/<&(（\[［{【)）\]］}】\"“”„‟«»＂〝〞「」『』《》‘〔¹²³⁰⁴-⁹]")
# Half a word at the end of a line of print: "au- jourd'hui". Of a pair a conjunction follows.
_BROKEN = re.compile(r"- (?<=[^\W\d_]{2}- )([^\W\d_]{2,})")  # its dash first: sooner found
_PAIRING = frozenset(["bzw", "beziehungsweise", "sowie", "statt", "resp", "respektive"])
_CREDIT = re.compile(
    r"[(（\[][^)）\]]*(?:Getty|AFP|Reuters|REUTERS|AP Photo|EPA|Photo|Foto|Ảnh|Фото|写真|图|사진)"
    r"[^)）\]]*[)）\]]"
    r"|/\s?(?:AFP|AP|Reuters|REUTERS|Getty|EPA|dpa)\b"
)
_BYLINE = (
    r"(?:By|Von|Par|Por|Di|Door|Av|Af)\s(?:[A-Z][\w.'’-]*\s){1,3}[A-Z][\w.'’-]*"
    r"(?:\s?[,|]|\s(?:for|in|and|und|et|y|e|en|Published|Updated|The|[A-Z]{3,}))"
)
# All of it in brackets, or a player's button before it.
_ASIDE = r"[(（\[].*[)）\]]\.?$|(?:CLOSE|WATCH|READ|LISTEN|MORE|PHOTOS|VIDEO|PICTURED)\s"
# A label and what belongs to it, without a verb: "Velt county: Orun, Tarn, Lowmoor, Holm".
_LABELLED = re.compile(
    r"[^：:。、,]{1,20}：\s?(?:[^、。：]{1,14}[、・]){3}[^。：]{1,400}(?<![るたすいだ])。?$"
    r"|(?:[^\s:,.]{1,20}\s){0,2}[^\s:,.]{1,20}:\s(?:[A-ZÀ-ÞА-Я][^,;:.]{0,24},\s){3,60}"
    r"[A-ZÀ-ÞА-Я][^,;:.]{0,24}\.?$"
)
_NO_STATEMENT = re.compile(f"{_LIST_MARK}|{_BYLINE}|{_ASIDE}")
# Where in a picture somebody stands: "Ada Lund (2nd left)", "Reil (above)".
_PLACED = re.compile(
    r"[A-ZÀ-ÞА-ЯŞİ][\w.’'-]{0,30}[”\"’]?\s[(](?:(?:2nd|3rd|second|third|far|top|bottom|front)\s)?"
    r"(?:left|right|cent(?:er|re)|above|below|pictured|L|R|C|[Ll]inks|[Rr]echts|li\.|re\.|"
    r"Mitte|im Bild|oben|unten|à (?:gauche|droite)|au centre|izq\.|der\.|"
    r"a la (?:izquierda|derecha)|a (?:sinistra|destra)|à (?:esquerda|direita)|t\.\s?[vh]\.|"
    r"till (?:vänster|höger)|til (?:venstre|høyre|højre)|слева|справа|в центре|solda|sağda)[)]"
    r"|[(（](?:左|右|中央|左から|右から|왼쪽|오른쪽|가운데)[)）]"
)
# A caption ends with a full date and has no verb we know.
_DATED = re.compile(
    r"(?:\b\d{1,2}\.?\s[^\W\d_]{3,}\.?|\b[^\W\d_]{3,}\.?\s\d{1,2},)\s(?:19|20)\d\d[.)\s]*$"
)
_DIGITS = frozenset("0123456789")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|did|does|do|said|"
    r"says|told|"
    r"took|made|went|came|won|lost|began|left|met|held|led|gave|got|found|became|fell|rose|saw|set|hit|"
    r"died|ran|sent|shot|spoke|stood|wrote|put|cut|kept|sold|paid|felt|let|[a-z]{2,}ed|"
    r"ist|sind|war|waren|wurde|wurden|hat|haben|hatte|est|sont|était|été|a|ont|es|son|fue|era|ha|han|"
    r"è|sono|foi|são|is|heeft|werd|är|blev|har|er|var|jest|był|była|był|był|byl|byla)\b"
)
# English captions put what they show in the present tense, and the date behind its weekday or
# a comma.
_POSED = re.compile(
    r"(?:,|day,?)\s(?:[A-Z][a-z]{2,8}\.?\s\d{1,2},|\d{1,2}\s[A-Z][a-z]{2,8})\s\d{4}\W*$"
)
_ENGLISH_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|did|does|do|said|"
    r"says|told|took|takes? effect|made|went|came|won|lost|began|begins?|starts?|ends?|expires?|"
    r"opens?|closes?|left|met|held|led|gave|got|found|became|fell|rose|saw|set|hit|died|ran|sent|shot|spoke|"
    r"stood|wrote|put|cut|kept|sold|paid|felt|let|brought|bought|built|broke|chose|drew|drove|fought|"
    r"grew|knew|laid|lay|meant|read|sat|sought|spent|struck|swore|taught|thought|threw|wore)\b"
)
_PAST = re.compile(r"\b(?!(?:united|red|armed|wounded|injured|hundred|masked)\b)[a-z]{2,}ed\b")
_SPACED_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is fit to be quoted.

    Its first ``skip`` characters are glued on: a dateline, a kicker, words of a player; its last
    ``drop`` are marks of footnotes. ``asks``: it is a question.
    """

    skip: int = 0
    drop: int = 0
    is_fit: bool = True
    asks: bool = False


_FIT = Verdict()
_UNFIT = Verdict(is_fit=False)
_QUERY = Verdict(is_fit=False, asks=True)


class Guard:
    """Judges sentences of one language, a normal language code.

    Of a language without data only English furniture is told.
    The first guard of a language in a process compiles its patterns. Immutable, so that threads
    may share it.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._furniture = furniture_of(language)
        self._glue = glue_of(language)
        self._clauses = clauses_of(language)
        self._functions = stop_words(language)
        self._openings = Openings([*self._furniture.openings, *self._clauses.openings])

    def judge(
        self,
        text: str,
        words: Sequence[str],
        *,
        opens: bool = False,
        stops: bool = True,
        is_first: bool = False,
    ) -> Verdict:
        """Return the verdict on one whole sentence, of which find_words found ``words``.

        ``text`` is not empty and has no white space around it. ``opens``: it begins its
        paragraph. ``stops``: statements of its text end with a full stop (see ``have_stops``),
        so that what does not is a heading. ``is_first``: no sentence of its text is fit before
        it; there a place may stand before a colon. An unfit sentence has no ``skip``. Linear in
        the length of ``text``.
        """
        furniture = self._furniture
        begun = furniture.beginnings.of(words)
        lower = text.lower()
        kinds = furniture.kinds(lower, begun)
        bare = lower.lstrip(_OPENERS)
        # Most sentences open with no word of a page.
        begins = self._openings.match(bare) is not None
        skip = self._glue.chars(
            text,
            lower,
            begun,
            opens=opens,
            has_button=begins,
            is_strong="strong" in kinds,
            is_first=is_first,
        )
        rest = text[skip:] if skip else text
        is_odd = _ODD.search(rest) is not None or "''" in rest or "www." in rest
        is_marked = is_odd and (_ODDER.search(rest) is not None or "www." in rest)
        drop = footnote_chars(rest) if is_marked else 0
        ending = rest
        if drop:
            rest = rest[:-drop].rstrip()
            drop = len(ending) - len(rest)
            # A stop behind the mark is left off with it.
            ending = ending if ending[-1] in _STOPS else rest
        core = ending.rstrip(_CLOSERS)
        if core and core[-1] in _QUESTION_MARKS:
            return _QUERY
        if (
            skip is None
            or drop is None
            or not core
            or core.endswith(_TRAILING)
            or (stops and core[-1] not in _STOPS)
            or not self._is_statement(rest, is_odd=is_odd)
            or (is_marked and (_MARKUP.search(rest) or _CREDIT.search(rest)))
        ):
            return _UNFIT
        if skip:
            lower = rest.lower()
            kinds = furniture.kinds(lower, begun)
            bare, begins = lower.lstrip(_OPENERS), True
        if (
            furniture.is_furniture(rest, bare, words, begun, kinds, opens=begins)
            or (is_marked and furniture.invites(rest, bare))
            or self._clauses.is_fragment(rest, bare, words, opens=begins)
        ):
            return _UNFIT
        return Verdict(skip=skip, drop=drop) if skip or drop else _FIT

    def _is_statement(self, text: str, *, is_odd: bool) -> bool:
        """Return whether ``text`` has the shape of a whole statement.

        It is of a sentence's length, neither a list item, the rest of a sentence, a caption,
        a byline nor a heading; its marks, which only odd ones have (see ``_ODD``), are closed.
        """
        length = len(text)
        if self._language in UNSPACED or (not text[:4].isascii() and _SPACED_HAN.search(text[:4])):
            fits = length in _CHARS_UNSPACED
        else:
            fits = length <= _MAX_CHARS and text.count(" ") + 1 in _WORDS
        if not fits or _NO_STATEMENT.match(text):
            return False
        is_labelled = (":" in text or "：" in text) and _LABELLED.match(text)
        if is_labelled or (is_odd and _PLACED.search(text)):
            return False
        first = text.lstrip(_OPENERS)[:2]
        if first[:1].islower() and not first[1:].isupper():  # but iPhones exist
            return False
        # Headings and lists of names are mostly in capitals. Counted quickly first, as if all
        # that is not ASCII were capitals: a bound that few sentences pass.
        ascii_only = text.encode("ascii", "ignore")
        letters = ascii_only.translate(None, _NO_LETTERS)
        small = len(letters.translate(None, _ASCII_CAPITALS))
        letter_count = len(letters)
        shouts = (
            letter_count - small + length - len(ascii_only) > _MAX_CAPITALS * letter_count
            and _CAPITALS.search(text) is not None
            and sum(map(str.isupper, text)) > _MAX_CAPITALS * sum(map(str.isalpha, text))
        )
        # A caption names who is where on which date, and nothing that happens.
        is_dated = not _DIGITS.isdisjoint(text[-4:]) and _DATED.search(text[-40:]) is not None
        if (
            shouts
            or (is_dated and self._is_caption(text))
            or ("- " in text and self._is_broken(text))
        ):
            return False
        return not is_odd or is_balanced(text)

    def _is_broken(self, text: str) -> bool:
        """Return whether a word of ``text`` is in two halves, as far as that can be told."""
        functions = self._functions
        if not functions:
            return False
        return any(
            word[1].islower() and word[1] not in functions and word[1] not in _PAIRING
            for word in _BROKEN.finditer(text)
        )

    def _is_caption(self, text: str) -> bool:
        """Return whether ``text``, which ends with a full date, tells nothing that happened."""
        if _VERB.search(text) is None:
            return True
        if self._language != "en" or _POSED.search(text[-40:]) is None:
            return False
        return _ENGLISH_VERB.search(text) is None and _PAST.search(text) is None


@lru_cache(maxsize=64)
def guard_of(language: str) -> Guard:
    """Return the Guard of a normal language code; those of 64 languages are cached."""
    return Guard(language)


def have_stops(sentences: Sequence[str], language: str) -> bool:
    """Return whether the sentences of a text end with a stop, as far as they are no headings.

    At least half of the longer ones (over 40 characters) among the first 200 must, quotation
    marks and brackets aside; without longer ones it is taken for granted. ``language`` is a
    normal language code; False for Thai, Lao, Khmer and Burmese.
    """
    if language in UNSPACED - {"zh", "ja"}:
        return False
    sample = [text for text in sentences[:_STOP_SAMPLE] if len(text) > _HEADING_CHARS]
    stopped = sum(text.rstrip(_CLOSERS)[-1:] in _STOPS for text in sample)
    return stopped >= _STOP_SHARE * len(sample)
