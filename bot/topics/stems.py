"""The forms of a word: one stem for its numbers and cases, and for the spellings of a name.

The endings are those of inflection, not of derivation: "rockets" is "rocket", "rocketry" is not.
"""

import re
from typing import NamedTuple

__all__ = ["Stems", "stems_of"]

_MAX_CACHED = 100_000  # words of one language: some 15 MB at most

# English words whose number is no ending.
_IRREGULAR = """
child children|man men|woman women|person people|mouse mice|goose geese|foot feet|tooth teeth
ox oxen|penny pence|criterion criteria|phenomenon phenomena|bacterium bacteria|fungus fungi
cactus cacti|nucleus nuclei|stimulus stimuli|crisis crises|thesis theses|analysis analyses
oasis oases|diagnosis diagnoses|hypothesis hypotheses|parenthesis parentheses|index indices
wolf wolves|wife wives|life lives|knife knives|leaf leaves|half halves|shelf shelves|calf calves
thief thieves|loaf loaves|elf elves|scarf scarves|hoof hooves|policewoman policewomen
policeman policemen|fisherman fishermen|fireman firemen|serviceman servicemen|gunman gunmen
grandchild grandchildren|stepchild stepchildren|schoolchild schoolchildren|gray grey
airplane aeroplane|aluminum aluminium|program programme|pajamas pyjamas|defense defence
"""
_IRREGULAR_SLAVIC = """
человек люди людей людям людьми людях|ребенок дети детей детям детьми детях
людина люди людей людям людьми людях|czlowiek ludzie ludzi ludziom|dziecko dzieci dziecka dzieciom
"""
# Names that the press spells in more than one way, folded; in stems, so that cases count as well.
_SPELLINGS = """
kyiv kiev kyjiw kiew kijow kyjev|kharkiv kharkov charkiw charkow|odesa odessa|lviv lvov lwiw
mykolaiv nikolaev mykolajiw|chernobyl chornobyl tschernobyl|dnipro dnepr dnjepr
zelenski selenski zelenskiy|covid covid19|quran koran|gaddafi qaddafi kadhafi gadhafi
hezbollah hizbollah hizbullah hisbollah|houthi huthi|mohammed muhammad mohamed mohammad
beijing peking pekin|mumbai bombay|kolkata calcutta|yangon rangoon|turkiye turkey
tashkent taschkent|bishkek bischkek
"""


class _Rule(NamedTuple):
    """How words of a language end: what is cut off, the letters left at least, and what follows."""

    endings: frozenset[str]
    longest: int
    left: int
    then: tuple[tuple[re.Pattern[str], str], ...] = ()
    before: tuple[tuple[re.Pattern[str], str], ...] = ()
    # What ``then`` can change ends so; with none, anything may. It spares most words the search.
    touches: tuple[str, ...] = ()


def _rule(
    endings: str,
    left: int,
    then: tuple[tuple[str, str], ...] = (),
    before: tuple[tuple[str, str], ...] = (),
    touches: str = "",
) -> _Rule:
    every = frozenset(endings.split())
    return _Rule(
        every,
        max(map(len, every), default=0),
        left,
        tuple((re.compile(pattern), put) for pattern, put in then),
        tuple((re.compile(pattern), put) for pattern, put in before),
        tuple(touches.split()),
    )


# A Slavic name in -sky has an ending for each way to write it in Latin letters.
_NAMES = ((r"sk(?:yy|yi|yj|iy|ij|ii|y|i)$", "ski"),)
_UMLAUTS = ((r"(?<![aeouq])ue", "u"), (r"(?<![aeou])([ao])e(?![uiy])", r"\1"))
_ENGLISH = _rule(
    "",
    2,
    then=(
        (r"(?<=...)iz(e[ds]?|ing|er|ation)$", r"is\1"),
        (r"(is|us|ss|x|ch|sh)es?$|(?<=.[^siu])s$", r"\1"),
        (r"(?<=..)ie$", "y"),
        (r"(?<=...)our$", "or"),
        (r"(?<=..)tre$", "ter"),
        *_NAMES,
    ),
    # Of names, an umlaut is written in two letters: "Mueller".
    before=((r"^([bcdfhjklmnprstvwxz]{1,3}[uoa])e(?=[^aeiou]..)", r"\1"),),
    touches="s e our ized izing izer ization ky kyy kyi kyj kiy kij kii ki",
)
_GERMAN = _rule(
    "ern em er en es e n", 4, then=(*_UMLAUTS, (r"(?<=..[bdfghklmnrtaoy])s$", ""), *_NAMES)
)
_FRENCH = _rule(
    "",
    3,
    then=(
        (r"eaux$", "eau"),
        (r"(?<=..)aux$", "al"),
        (r"(?<=...)[sx]$", ""),
        (r"(?<=...)e$", ""),
        *_NAMES,
    ),
)
_SPANISH = _rule(
    "", 3, then=((r"(?<=..[aeo])s$", ""), (r"(?<=...)e$", ""), (r"(?<=..)z$", "c"), *_NAMES)
)
_PORTUGUESE = _rule(
    "",
    3,
    then=(
        (r"(?:oes|aes|aos|ao)$", "ao"),
        (r"(?<=..[aeo])is$", "l"),
        (r"(?<=...)is$", "il"),
        (r"el$", "il"),
        (r"ns$", "m"),
        (r"(?<=..[aeou])s$", ""),
        (r"(?<=...)e$", ""),
        *_NAMES,
    ),
)
_ITALIAN = _rule("io ie ia ii i e a o", 3, then=((r"([cg])h$", r"\1"), *_NAMES))
_DUTCH = _rule(
    "en e s",
    3,
    then=((r"([aeou])\1", r"\1"), (r"([bcdfgklmnprst])\1$", r"\1"), (r"v$", "f"), (r"z$", "s")),
)
_NORDIC = _rule(
    "arnas ornas ernas arna orna erna ernes enes erne ene ens ets ers ar or er en et na es e a n s",
    4,
)
_POLISH = _rule(
    "iami iach owie iego iemu ami ach owi iom iej ego emu ymi imi ich ych iem om ow em ej ym im"
    " ie ia iu io ii y i a e o u",
    3,
    then=((r"(?<=..)dz$", "d"), (r"(?<=..)c$", "t"), *_NAMES),
)
_CZECH = _rule(
    "ovi ove emi ami ech ich ych ymi imi eho emu iho imu ach ami um ou em am ej ym im a e i o u y",
    3,
)
_RUSSIAN = _rule(
    "иями иях иям ием ией ию ии ия ие ий ями ами ого его ому ему ыми ими ах ях ам ям ов ев ёв ой ей"
    " ом ем ём ью ый ая яя ое ее ые ую юю ых их ым им а я о е ё и ы у ю ь й",
    3,
    then=((r"(?<=.[бвгджзклмнпрстфхцчшщ])[ое](?=[кцнл]$)", ""), (r"нн$", "н")),
    before=((r"ё", "е"),),
)
_UKRAINIAN = _rule(
    "іями іях іям ією ію ії ія ій ями ами ого ього ому ьому ими іми ові еві єві ах ях ам ям ів їв"
    " ою ею єю ом ем єм ей ий их им а я о е є и і ї у ю ь й",
    3,
    then=(
        (r"(?<=.[бвгджзклмнпрстфхцчшщ])[ое](?=[кцнл]$)", ""),
        (r"і(?=[бвгджзклмнпрстфхцчшщ]$)", "о"),
    ),
)
_BULGARIAN = _rule("овете ове ите ата ята ият ът ят та то те а я и о е ия", 3)
_ARABIC = _rule(
    "يه ها ان ات ون ين ية ه ة ي",
    3,
    before=(
        (r"[أإآٱ]", "ا"),
        (r"ى$", "ي"),
        (r"^[وفبكل]?ال(?=...)|^لل(?=...)|^و(?=....)", ""),
    ),
)
_PERSIAN = _rule("هایی های ها ان ات ی", 3, before=((r"ي", "ی"), (r"ك", "ک"), (r"[أإآ]", "ا")))
_HINDI = _rule("ियाँ ियां ियों ाओं ाएं ाएँ ुओं ुएं ों ें ां ाँ ीं ो े ी ा ि", 2, before=((r"\u093c", ""),))
_HEBREW = _rule("ים ות", 3, before=((r"^[הבלמשו]?ה(?=...)|^[בלמו](?=....)", ""),))
_GREEK = _rule("ουσ ων οσ ου οι εσ ασ ησ εισ εωσ η α ο ε ι", 3)
_TURKISH = _rule(
    "larindan lerinden larinda lerinde larinin lerinin larini lerini larina lerine lari leri"
    " larin lerin lardan lerden larda lerde lara lere lar ler",
    3,
    then=_NAMES,
)

_RULES = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "ca": _SPANISH,
    "gl": _PORTUGUESE,
    "pt": _PORTUGUESE,
    "it": _ITALIAN,
    "nl": _DUTCH,
    "sv": _NORDIC,
    "da": _NORDIC,
    "no": _NORDIC,
    "nb": _NORDIC,
    "nn": _NORDIC,
    "pl": _POLISH,
    "cs": _CZECH,
    "sk": _CZECH,
    "tr": _TURKISH,
    "az": _TURKISH,
    "ru": _RUSSIAN,
    "uk": _UKRAINIAN,
    "bg": _BULGARIAN,
    "ar": _ARABIC,
    "fa": _PERSIAN,
}
# The rule of a script where the language has none of it: a foreign name keeps its own endings.
_OF_SCRIPT = (
    ("\u0370", "\u03ff", _GREEK, ()),
    ("\u0400", "\u052f", _RUSSIAN, ("ru", "uk", "bg")),
    ("\u0590", "\u05ff", _HEBREW, ()),
    ("\u0600", "\u077f", _ARABIC, ("ar", "fa")),
    ("\u0900", "\u097f", _HINDI, ()),
)
_LATIN_END = "\u024f"
_OTHERS = {code for *_, codes in _OF_SCRIPT for code in codes}


class Stems(dict[str, str]):
    """Stems by folded word, found when first asked for; a word without letters is its own."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        latin = _RULES.get(language, _ENGLISH)
        self._latin = _ENGLISH if language in _OTHERS else latin

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_CACHED:
            self.clear()
        rule = self._latin if word.isascii() else self._rule_for(word[0])
        stem = word
        if rule is _ENGLISH:
            stem = _ENGLISH_WORDS.get(word, word)
        elif rule in (_RUSSIAN, _UKRAINIAN, _POLISH):
            stem = _SLAVIC_WORDS.get(word, word)
        is_whole = len(stem) < 3 or not stem[0].isalpha()
        if not is_whole and not (rule is _ENGLISH and stem in _ONE_FORM):
            short = _cut(stem, rule)
            stem = _SPELLED.get(short) or _SPELLED.get(stem, short)
        self[word] = stem
        return stem

    def _rule_for(self, letter: str) -> _Rule:
        if letter <= _LATIN_END:
            return self._latin
        for first, last, rule, codes in _OF_SCRIPT:
            if first <= letter <= last:
                return _RULES[self._language] if self._language in codes else rule
        return _NO_RULE


def _cut(word: str, rule: _Rule) -> str:
    for pattern, put in rule.before:
        word = pattern.sub(put, word)
    for n in range(min(rule.longest, len(word) - rule.left), 0, -1):
        if word[-n:] in rule.endings:
            word = word[:-n]
            break
    if rule.touches and not word.endswith(rule.touches):
        return word
    for pattern, put in rule.then:
        word = pattern.sub(put, word)
    return word


_NO_RULE = _rule("", 3)
_ONE_FORM = frozenset({"gas", "has", "his", "new", "news", "was", "the", "its", "this", "series"})


def _firsts(groups: str) -> dict[str, str]:
    """Return the first word of its group by each of the others."""
    firsts: dict[str, str] = {}
    for group in re.split(r"[|\n]", groups.strip()):
        first, *others = group.split()
        firsts.update(dict.fromkeys(others, first))
    return firsts


_ENGLISH_WORDS = _firsts(_IRREGULAR)
_SLAVIC_WORDS = _firsts(_IRREGULAR_SLAVIC)
_SPELLED = _firsts(_SPELLINGS)
_BY_LANGUAGE: dict[str, Stems] = {}


def stems_of(language: str) -> Stems:
    """Return the stems of words in ``language`` (ISO 639-1, with or without a region).

    Words of a script that the language does not use have the endings of that script; Latin words
    of a language without rules, the English ones. A word is folded, as ``fold`` does, and its stem
    is no word to be shown. Two forms of one word have one stem; that is a guess by their letters,
    and now and then two words have one. Tables are shared by the process.
    """
    code = language.partition("-")[0].lower()
    if code not in _RULES:
        code = "en"
    found = _BY_LANGUAGE.get(code)
    if found is None:
        found = _BY_LANGUAGE[code] = Stems(code)
    return found
