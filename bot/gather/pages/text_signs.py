"""How a text is told: as a report, to a reader who shall do something, or about its writer."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

import regex

from summarizers.opening_words import reporting_words

__all__ = ["TextSigns", "text_signs"]

# What a text is told as shows in its beginning.
_MAX_CHARS = 12_000
# Ideographs and syllables that count as a word.
_CHARS_A_WORD = 2
# Vietnamese parts syllables by spaces.
_SYLLABLES_A_WORD = 2
_MIN_QUOTED_CHARS = 20
_MAX_QUOTED_CHARS = 600
# Prepositions that seldom name a source, though they may: "pour l'opposition, …".
_FOR = frozenset({"pour", "para", "per", "după", "pēc", "conforme"})
# However many days a text names, they tell no more: programmes name many.
_MAX_DAYS = 0.75
_QUOTED_WEIGHT = 5.0
_NEWS_WEIGHT, _MAX_NEWS = 0.3, 0.9
_MIN_ENDED_LETTERS = 5  # a verb with the ending of an order; shorter words end so by accident

_QUOTES = '“”„"«»‟「『」』＂'
# Speech between quotation marks, and behind a dash that opens a line.
_QUOTED = regex.compile(
    rf"[{_QUOTES}][^{_QUOTES}\n]{{{_MIN_QUOTED_CHARS},{_MAX_QUOTED_CHARS}}}+[{_QUOTES}]"
)
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*")
# English has "don't" and "you're"; elsewhere an apostrophe parts words ("j'ajoute").
_ENGLISH_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+)*")
# Where a sentence begins: at its line, behind a stop, a colon, a number or a bullet.
_SENTENCE = regex.compile(r"(?:^|[\n.!?:;।。！？؟])[\s\d.)\-–•*·▢□✔✓»«\"'“„]*")
_NUMBERED_DATE = regex.compile(
    r"(?<!\d)(?:\d{1,2}[./]\s?\d{1,2}[./]\s?(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)"
    r"|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
# "Ihnen" in the midst of a sentence, where German says "you" to strangers.
_GERMAN_POLITE = regex.compile(r"(?<=[\p{Ll}\d,] )(?:Sie|Ihnen|Ihre?[mnrs]?)\b")
# Quantities as recipes have them: "200 g", "2 EL", "大さじ2", "соль — 1 ч. л.".
_UNITS = (
    r"(?:k?gr?|m?g|m[lL]|c[lL]|d[lL]|l|lbs?|oz|cups?|tbsps?|tsps?|tablespoons?|teaspoons?|pinch"
    r"|cloves?|EL|TL|Esslöffel|Teelöffel|Prisen?|Päckchen|Pck|Pkg|Bund|Zehen?|Becher|Tassen?|Msp"
    r"|c\.? ?à\.? ?[sc]|cuill[eè]res?|gousses?|pincées?|sachets?|tasses?|cucharad(?:it)?as?|tazas?"
    r"|dientes?|pizcas?|gramos|cucchiai(?:ni|no|o)?|spicchi|spicchio|pizzic[oh]i?|bicchier[ei]"
    r"|gramm[io]|colher(?:es)?|xícaras?|dentes?|pitadas?|gramas|eetlepels?|theelepels?|teentjes?"
    r"|snuf(?:je)?|msk|tsk|krm|klyft(?:a|or)|spsk|fed|ss|ts|rkl|łyż(?:k[ai]|ecz(?:ka|ki|ek))"
    r"|szklan(?:ka|ki|ek)|ząb(?:ek|ki)|szczypt[ay]|dag|dkg|lžíc[eí]?|lžič(?:ka|ky|ek)|hrn(?:ek|ky)"
    r"|strouž(?:ek|ky)|evőkanál|kávéskanál|teáskanál|gerezd|csipet|linguri(?:ță|țe)?|linguri|căni?"
    r"|căței|κ\.? ?[σγ]|φλιτζάνι[α]?|κουταλι[άέ]ς?|γρ|ст\.? ?л|ч\.? ?л|стакан[аы]?|к?гр?|мл|шт"
    r"|зубч(?:ик|ика|иков)|щепот(?:ка|ки)|склян(?:ка|ки)|ложк[аи]|yemek kaşığı|çay kaşığı"
    r"|su bardağı|tatlı kaşığı|diş|tutam|adet|ملاعق|ملعقة|كوب|أكواب|غرام|جرام"
    r"|فصوص|גרם|כפות|כפיות|כוסות|कप|चम्मच|ग्राम|কাপ|চামচ|গ্রাম|sdm|sdt|siung|butir|gram|lembar|batang|muỗng|thìa|quả|củ"
    r"|大さじ|小さじ|カップ|グラム|個|本|枚|合|큰술|작은술|컵|개|쪽|克|毫升|勺|汤匙|茶匙|个|片)"
)
_QUANTITY = regex.compile(
    rf"(?:\d|[½¼¾⅓⅔⅛])\s?{_UNITS}(?![\p{{L}}\p{{M}}])|(?:大さじ|小さじ|カップ)\s?\d"
    r"|\d\s?(?:個|本|枚|合|큰술|작은술|컵|개|쪽|克|毫升|勺|汤匙|茶匙|个|片)"
)
_MAX_INGREDIENT_CHARS = 70
_STEP = regex.compile(
    r"(?i)(?:step|schritt|étape|paso|passo|stap|steg|trin|trinn|vaihe|krok|pas|βήμα|lépés|шаг|крок"
    r"|adım|الخطوة|مرحله|שלב|चरण|ধাপ|langkah|bước|단계|手順|ステップ|步骤|步驟)\W{0,3}\d"
    r"|step (?:one|two|three|four)\b|الخطوة ال(?:أولى|ثانية|ثالثة)"
    r"|第[一二三四五六]步|\d{1,2}\s?단계|\d{1,2}\s?\.\s?adım"
)
_CODE = regex.compile(
    r"\s*(?:[$#]\s(?:\w+ )?\w|>>>|#!|(?:sudo|npm|pip|git|cd|apt(?:-get)?|docker|curl) \w"
    r"|import \w+|from \w+ import|(?:async )?def \w+\(|class \w+[:({]|function ?\w*\("
    r"|(?:var|let|const|public|private|static) \w+|#include|<\?|</?[a-z]\w*[ >]|SELECT\b.*\bFROM\b"
    r"|[\w.]+ ?= ?[\w.\"'\[{(]+|[\w.]+\([^()]*\);?$|[{}\[\]();,]+$)|.*[;{]\s*$"
)
# "____" and "......", which pupils fill in.
_BLANK = regex.compile(r"_{3,}|(?:\. ?){6,}|…{2,}")
_FOOTNOTE = regex.compile(r"\[\d{1,3}\]|\[citation needed\]|\[(?:edit|Bearbeiten|modifier|править)")
_TITLE_END = regex.compile(r"\s[-–—|·]\s|[|(（]")
_MAX_TITLE_WORDS = 4  # of an entry; a longer title is a headline
_MAX_ARTICLE_CHARS = 8  # "The ", "Das „"
_MAX_COPULA_CHARS = 12
# What follows a title in its entry: a bracket, "is", "was" or what stands for it.
_IS = regex.compile(
    r"[”»\"]?\s*(?:[(（]|[—–]\s|とは|は|이란|란\s|은\s|는\s|是|(?:is|are|was|were|ist|sind|war|waren|bezeichnet"
    r"|est|sont|était|fut|désigne|es|son|era|fue|è|sono|fu|é|são|foi|zijn|är|var|er|on|oli|jest|są"
    r"|był|była|było|to|je|jsou|byl|byla|bylo|sú|bol|bola|este|sunt|egy|είναι|ήταν|это|был|была"
    r"|было|є|це|був|була|е|са|беше|adalah|ialah|merupakan|là|هو|هي|كان|كانت|הוא|היא|היה|है|था|থী|হল"
    r"|হলো|است|یک|yra|buvo|ir|bija|คือ|เป็น)(?![\p{L}\p{M}]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSigns:
    """What the words and lines of a text say about what it is.

    ``words`` is about how many words there are. ``reported`` is how much it is told as a report,
    from 0 to about 6: verbs of saying, days, speech and words of news in 100; None where the
    language's words are not known. ``i``, ``we`` and ``address`` are so many in 100 outside of
    speech; ``address`` are "you" and orders. ``ingredients``, ``steps`` and ``code`` are lines of
    these, ``questions`` lines that end as such, ``footnotes`` and ``blanks`` marks of notes and
    gaps to fill in. ``said`` is of ``reported`` what verbs and marks of speech add. ``is_titled``
    is whether the text opens with its short title, ``is_definition`` whether it then says what
    that is, as entries do.
    """

    words: int = 0
    reported: float | None = None
    said: float = 0.0
    i: float = 0.0
    we: float = 0.0
    address: float = 0.0
    ingredients: int = 0
    steps: int = 0
    code: int = 0
    footnotes: int = 0
    blanks: int = 0
    questions: int = 0
    is_titled: bool = False
    is_definition: bool = False


def text_signs(text: str, *, title: str, language: str) -> TextSigns:
    """Return how ``text`` is told, by its first 12,000 characters, one paragraph a line.

    ``title`` is the article's. In a ``language`` that is not known only lines and marks count.
    Pure, linear, about 3 ms; never raises.
    """
    text = text[:_MAX_CHARS].replace("’", "'")
    lines = [line for line in text.split("\n") if line.strip()]
    outside = _QUOTED.sub(" ", text)
    quoted = 1 - len(outside) / max(len(text), 1)
    counted = _counted(text, outside, language)
    is_titled, is_definition = _opens_with_title(title, lines[0] if lines else "")
    said = counted.per_100(counted.says) + _QUOTED_WEIGHT * quoted
    reported = (
        said
        + min(counted.per_100(counted.days) / 2, _MAX_DAYS)
        + min(_NEWS_WEIGHT * counted.per_100(counted.news), _MAX_NEWS)
    )
    short = [line for line in lines if len(line) <= _MAX_INGREDIENT_CHARS]
    return TextSigns(
        words=counted.words,
        reported=reported if counted.is_known else None,
        said=said,
        i=counted.per_100(counted.i),
        we=counted.per_100(counted.we),
        address=counted.per_100(counted.address),
        ingredients=sum(_QUANTITY.search(line) is not None for line in short),
        steps=sum(_STEP.match(line.lstrip()) is not None for line in lines),
        code=sum(_CODE.match(line) is not None for line in short),
        questions=sum(line.rstrip(' "”»').endswith(("?", "？", "؟")) for line in lines),
        blanks=len(_BLANK.findall(text)),
        footnotes=len(_FOOTNOTE.findall(text)),
        is_titled=is_titled,
        is_definition=is_definition,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    words: int
    says: int
    days: int
    news: int
    i: int
    we: int
    address: int
    is_known: bool

    def per_100(self, count: float) -> float:
        return 100 * count / max(self.words, 1)


def _counted(text: str, outside: str, language: str) -> _Counted:
    """Return how often words of a language stand in a text, and ``outside`` of its speech."""
    known, persons = reporting_words(language), _persons(language)
    lower, of_writer = text.lower(), outside.lower()
    numbered = len(_NUMBERED_DATE.findall(text))
    if known.is_unspaced:
        says, days, news = (
            sum(map(lower.count, w)) for w in (known.verbs_of_saying, known.dates, persons.news)
        )
        i, we, address = (sum(map(of_writer.count, w)) for w in persons.words)
        words = max(len(text) // _CHARS_A_WORD, 1)
        return _Counted(words, says, days + numbered, news, i, we, address, is_known=True)
    pattern = _ENGLISH_TOKEN if language == "en" else _TOKEN
    tokens = pattern.findall(lower)
    outer = tokens if outside == text else pattern.findall(of_writer)
    says = _count(tokens, known.verbs_of_saying) + sum(
        known.according.match(tokens, at) > 0
        for at, token in enumerate(tokens)
        if token not in _FOR
    )
    days = _count(tokens, known.dates)
    news = _count(tokens, persons.news - known.verbs_of_saying)
    i, we, address = (_count(outer, words) for words in persons.words)
    if persons.orders:
        begun = (pattern.match(of_writer, at.end()) for at in _SENTENCE.finditer(of_writer))
        address += sum(word is not None and word.group() in persons.orders for word in begun)
    if persons.endings:
        address += sum(
            token.endswith(persons.endings) and len(token) > _MIN_ENDED_LETTERS for token in outer
        )
    if language == "de":
        address += len(_GERMAN_POLITE.findall(outside))
    words = len(tokens) // _SYLLABLES_A_WORD if language == "vi" else len(tokens)
    return _Counted(words, says, days + numbered, news, i, we, address, is_known=known.is_known)


def _count(tokens: Sequence[str], words: Collection[str]) -> int:
    """Return how many of ``words`` stand in ``tokens``; one may be of two tokens."""
    single = sum(token in words for token in tokens)
    if not any(" " in word for word in words):
        return single
    return single + sum(f"{first} {second}" in words for first, second in pairwise(tokens))


def _opens_with_title(title: str, opening: str) -> tuple[bool, bool]:
    """Return whether an opening begins with the whole of a short title, and says what that is."""
    head = _TITLE_END.split(title.strip(), maxsplit=1)[0].strip().casefold()
    if not 0 < len(_TOKEN.findall(head)) <= _MAX_TITLE_WORDS:
        return False, False
    begun = opening[: 2 * len(head) + _MAX_ARTICLE_CHARS + _MAX_COPULA_CHARS].casefold()
    at = begun.find(head)
    if not 0 <= at <= _MAX_ARTICLE_CHARS:
        return False, False
    return True, _IS.match(begun, at + len(head)) is not None


@dataclass(frozen=True, slots=True)
class _Persons:
    """The words of a language for who writes and who reads.

    ``words`` are those for "I", "we" and "you"; ``orders`` verbs that give one where a sentence
    begins, and ``endings`` those of such verbs anywhere.
    """

    words: tuple[frozenset[str], frozenset[str], frozenset[str]]
    news: frozenset[str]
    orders: frozenset[str]
    endings: tuple[str, ...]


@lru_cache(maxsize=64)
def _persons(language: str) -> _Persons:
    data = _text_words().get(language, {})
    i, we, you = (frozenset(data.get(key, ())) for key in ("i", "we", "you"))
    return _Persons(
        (i, we, you),
        news=frozenset(data.get("tells", ())),
        orders=frozenset(data.get("do", ())),
        endings=tuple(data.get("endings", ())),
    )


@cache
def _text_words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files("bot.gather.pages").joinpath("text_words.json").read_text("utf-8")
    data: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(text)
    return data
