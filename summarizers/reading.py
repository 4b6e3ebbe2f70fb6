"""What a reader can be given on its own: the guard between a text and a summary.

A sentence is *unfit* when it is no statement of the story: a heading, a caption, a byline,
a sign-up line, a question, a teaser, half a quotation. It *leans* when it opens with
something only the sentence before explains ("He", "The report said", "However"): it may be
told right after that one, never without it. A dateline is stepped over.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from summarizers.languages import UNSPACED, load
from summarizers.quotes import is_balanced

__all__ = ["Guard", "Verdict", "ends_with_stop"]

# Shorter "sentences" are headings and cries; longer ones lists without a full stop.
_WORDS = range(4, 90)
_CHARS_UNSPACED = range(8, 300)
# A heading in capitals, or a list of names and numbers.
_MAX_CAPITALS = 0.5
_SHORT_CHARS = 40

_ENDED = re.compile(r"[.!?…。！？।॥۔؟።။។։;%][\"'”’»«“)\]」』】）〉》\u00a0\u202f ]*$")
_QUESTION = re.compile(r"[?？؟;][\"'”’»«“)\]」』】）\u00a0\u202f ]*$")
_TRAILING = re.compile(r"(?:\.\.\.|…|:|,|;)[\"'”’»«)\]」』】）]*$")
_OPENERS = " \t\"'“”‘’„«»‹「『【（([¿¡\u00a0\u202f"
_LIST_MARK = re.compile(r"(?:[-•*·▪►▶■□◆◇○●※→|#>]|\d{1,2}[.)]|[—–]\s)\s?")
_ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\w|\|\s|\bpic\.twitter|^@\w|\s#\w+\s+#\w")
_CREDIT = re.compile(
    r"[(（\[][^)）\]]*(?:Getty|AFP|Reuters|REUTERS|AP Photo|EPA|Photo|Foto|Ảnh|Фото|写真|图|사진)[^)）\]]*[)）\]]"
    r"|(?:/|\bvia )\s?(?:AFP|AP|Reuters|REUTERS|Getty|EPA|dpa)\b"
)
_BYLINE = re.compile(
    r"(?:By|Von|Par|Por|Di|Door|Av|Af)\s(?:[A-Z][\w.'’-]*\s){1,3}[A-Z][\w.'’-]*"
    r"(?:\s?[,|]|\s(?:for|in|and|und|et|y|e|en|Published|Updated|The|[A-Z]{3,}))"
)
_SPACED_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")

_AGENCY = (
    r"AP|A\.P\.|AFP|dpa|dpa-AFX|DPA|CNN|UPI|EFE|ANSA|TASS|Reuters|REUTERS|Thomson Reuters[^)]{0,20}|Xinhua|KCNA|Yonhap|"
    r"Bloomberg|PTI|ANI|IANS|BBC|NBC|CBS|ABC|SID|sid|APA|KNA|epd|Belga|ANP|TT|NTB|Ritzau|STT|PAP|ČTK|TASR|MTI|"
    r"Anadolu|AA|DHA|İHA|Kyodo|Jiji|TTXVN|VNA|Antara|WAM|SPA|SANA|LUSA|Lusa|Agerpres|AP Photo|CNN Business|"
    r"The Conversation|RNS|KABC|WTVD|Business Insider|Politico|The Hill|InsideClimate News|"
    r"Рейтер|Интерфакс|ТАСС|РИА Новости|رويترز|أ ف ب|د ب أ|Dân trí|Dân Trí|Chinhphu\.vn|PLO|VTC News|VOV"
)
_DASH = r"(?:--+|—|–|-|―|/\s?)"
_DATELINE = re.compile(
    rf"(?:[^\W\d_][^().!?\"“”:;\n]{{0,70}}\s?)?\((?:{_AGENCY})\)\s?(?:{_DASH}\s*|[:.]\s)?"
    rf"|[^\W\d_][^()!?\"“”:;\n]{{1,50}}\s\([^()\n]{{2,30}}\)\s?{_DASH}\s+"
    rf"|\([^()\n]{{2,30}}\)\s?(?:--+|—|–|-)\s+"
    r"|[(（]\s?[가-힣A-Za-z]+\s?=\s?[가-힣A-Za-z0-9 ]+[)）]\s*(?:[가-힣·\s]{2,20}(?:기자|특파원)\s*=?\s*)?=?\s*"
    r"|\[[^\]\n]{2,30}(?:기자|특파원|=)[^\]\n]{0,10}\]\s*"
    r"|【[^】\n]{2,30}】\s*"
    r"|[\u3400-\u9fff\d]{2,20}(?:电|電|讯|訊)\s?(?:[(（【][^)）】\n]{2,24}[)）】])?\s?(?=[^，,\s])"
    r"|[A-ZĐ]{2,5}\s?[-–]\s+"
    rf"|[А-ЯЁІЇЄ][^().!?\n]{{2,40}}[.,]?\s(?:/[^/\n]{{2,20}}/\.?|{_DASH}\s?(?:РИА Новости|ТАСС|Интерфакс)[.,])\s*"
)
_CAPITAL_PLACE = re.compile(
    rf"([^\W\d_][^!?\"“”:;()\n]{{1,55}}?)\s?(?:--+|—|–)\s*|([^\W\d_][^!?\"“”:;()\n]{{1,55}}?)\s-\s+"
)
_PLACE_WORDS = 7
# "The report said" points back, "the report by the auditors" says itself which one.
_SPECIFYING = (
    "of|by|from|for|that|who|which|on|to|in|at|between|with|against|about|behind|into|over|whose|where|"
    "von|des|der|über|zur|zum|im|aus|mit|für|gegen|zu|am|vom|de|du|d|sur|entre|del|della|di|da|do|dos|das|"
    "que|che|qui|van|voor|tegen|av|om|mot|på|til|för"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of a sentence: ``skip`` characters are its dateline."""

    skip: int = 0
    is_fit: bool = True
    leans: bool = False


_UNFIT = Verdict(is_fit=False)


class Guard:
    """Judges sentences of one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._patterns = _patterns(language)

    def judge(self, text: str, *, opens: bool = False, stops: bool = True) -> Verdict:
        """Return the verdict on one whole sentence.

        ``opens`` says that it begins its paragraph, ``stops`` that statements of its text
        end with a full stop, so that what does not is a heading.
        """
        skip = _dateline_chars(text) if opens else 0
        rest = text[skip:] if skip else text
        if not self._is_statement(rest, stops=stops):
            return _UNFIT
        lower = rest.lstrip(_OPENERS).lower()
        patterns = self._patterns
        if patterns.labels.match(lower) or patterns.furniture.search(lower):
            return _UNFIT
        return Verdict(skip=skip, leans=patterns.leaning.match(lower) is not None)

    def _is_statement(self, text: str, *, stops: bool) -> bool:
        """Say whether ``text`` has the shape of a whole statement."""
        if self._language in UNSPACED or _SPACED_HAN.search(text[:4]):
            fits = len(text) in _CHARS_UNSPACED
        else:
            fits = text.count(" ") + 1 in _WORDS
        return (
            fits and (not stops or ends_with_stop(text)) and _is_prose(text) and is_balanced(text)
        )


def ends_with_stop(text: str) -> bool:
    """Say whether ``text`` ends as statements do, quotation marks and brackets aside."""
    return _ENDED.search(text[-8:]) is not None


def _is_prose(text: str) -> bool:
    """Say whether ``text`` is neither a question, a teaser, a list item, a caption nor a byline."""
    tail = text[-8:]
    if _QUESTION.search(tail) or _TRAILING.search(tail) or _LIST_MARK.match(text):
        return False
    first = text.lstrip(_OPENERS)[:2]
    if first[:1].islower() and not first[1:].isupper():
        return False  # the rest of a sentence; but iPhones exist
    if _BYLINE.match(text) or _ADDRESS.search(text) or _CREDIT.search(text):
        return False
    return not _shouts(text)


def _shouts(text: str) -> bool:
    """Say whether a text is mostly in capitals, as headings and lists of names are."""
    capitals = sum(map(str.isupper, text))
    return capitals > _SHORT_CHARS // 4 and capitals > _MAX_CAPITALS * sum(map(str.isalpha, text))


def _dateline_chars(text: str) -> int:
    """Return how many characters of a dateline ``text`` begins with, 0 if there is none."""
    match = _DATELINE.match(text)
    if match is None:
        match = _CAPITAL_PLACE.match(text)
        if match is None or not _is_place(match[1] or match[2] or ""):
            return 0
    after = text[match.end() : match.end() + 2].lstrip("\"“”‘'«»„「")[:1]
    goes_on = bool(after) and (after.isupper() or after.isdigit() or not after.isascii())
    return match.end() if goes_on and not after.islower() else 0


def _is_place(head: str) -> bool:
    """Say whether ``head`` is a dateline's place: a city in capitals, perhaps with a date."""
    words = head.replace(",", " ").split()
    return (
        0 < len(words) <= _PLACE_WORDS
        and len(words[0]) > 2
        and words[0].isupper()
        and all(word[0].isupper() or word[0].isdigit() for word in words)
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What one language calls furniture, and how its sentences point back; lower case."""

    furniture: re.Pattern[str]
    labels: re.Pattern[str]
    leaning: re.Pattern[str]


_NEVER = r"(?!)"


@lru_cache(maxsize=64)
def _patterns(language: str) -> _Patterns:
    data = load("reading")
    known = data.get(language, {})
    english = data["en"]
    furniture = [english["furniture"], known.get("furniture", "")]
    labels = [english["labels"], known.get("labels", "")]
    joined = "|".join(dict.fromkeys(part for part in furniture if part))
    edge = r"\b" if language not in UNSPACED and language != "ko" else ""
    return _Patterns(
        furniture=re.compile(f"{edge}(?:{joined})"),
        labels=re.compile(f"(?:{'|'.join(dict.fromkeys(part for part in labels if part))})(?!\\w)"),
        leaning=re.compile(_leaning(known, language)),
    )


def _leaning(known: dict[str, str], language: str) -> str:
    """Return the pattern of openings that point back."""
    if not known:
        return _NEVER
    edge = "" if language in UNSPACED else r"(?![\w’'-])"
    opening = rf"(?:{known['opening']}){edge}"
    if known["nouns"]:
        article = rf"(?:{known['articles']})\s?" if known["articles"] else ""
        opening += rf"|{article}(?:{known['nouns']})(?![\w-])(?!\s(?:{_SPECIFYING})\b)"
    if known["also"] and edge:
        opening += rf"|(?:[\w’'-]+,?\s){{1,4}}(?:{known['also']})(?![\w-])"
    return opening
