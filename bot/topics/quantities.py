"""Quantities in a sentence: how many of what, in figures or words, in any language we have."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from bot.topics.fold import fold, is_unspaced, squeeze
from summarizers.stopwords import stop_words, story_stop_words

__all__ = ["Quantity", "quantities"]

# Numbers in words by language, from two to twelve as they are counted, then other forms of some
# with their value. "One" is an article or a pronoun in many languages. Folded as texts are.
_COUNTED = {
    "ar": "اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
    "da": "to tre fire fem seks syv otte ni ti elleve tolv",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "en": "two three four five six seven eight nine ten eleven twelve",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nb": "to tre fire fem seks sju åtte ni ti elleve tolv",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pl": "dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze",
    "ru": "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "sv": "två tre fyra fem sex sju åtta nio tio elva tolv",
    "tr": "iki üç dört beş altı yedi sekiz dokuz on onbir oniki",
    "uk": "два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять",
}
_OTHER_FORMS = {
    "ar": {"ثلاث": 3, "أربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثماني": 8, "تسع": 9, "عشر": 10},
    "pl": {"dwie": 2, "dwóch": 2, "dwoje": 2, "trzech": 3, "troje": 3, "czterech": 4, "pięciu": 5}
    | {"sześciu": 6, "siedmiu": 7, "ośmiu": 8, "dziewięciu": 9, "dziesięciu": 10, "pięcioro": 5},
    "pt": {"duas": 2},
    "ru": {"две": 2, "двух": 2, "двое": 2, "двоих": 2, "трех": 3, "трое": 3, "троих": 3}
    | {"четырех": 4, "четверо": 4, "четверых": 4, "пяти": 5, "пятеро": 5, "пятерых": 5, "шести": 6}
    | {"шестеро": 6, "шестерых": 6, "семи": 7, "семеро": 7, "семерых": 7, "восьми": 8}
    | {"восьмеро": 8, "восьмерых": 8, "девяти": 9, "десяти": 10},
    "uk": {"дві": 2, "двох": 2, "двоє": 2, "трьох": 3, "троє": 3, "чотирьох": 4, "четверо": 4}
    | {"п'яти": 5, "п'ятеро": 5, "шести": 6, "семи": 7, "восьми": 8},
}


def _folded(word: str) -> str:
    return fold(squeeze(word)).strip()


_VALUES = {
    language: {_folded(word): float(n) for n, word in enumerate(words.split(), 2)}
    | {_folded(word): float(n) for word, n in _OTHER_FORMS.get(language, {}).items()}
    for language, words in _COUNTED.items()
}
# What a number is multiplied by, by the word after it (also "1.2bn").
_SCALES = {
    1e3: "thousand thousands tausend mille mil mila duizend tusen tusinde tys "
    "tysiące tysięcy tysiąca тыс тысяча тысячи тысяч тис тисяча тисячі тисяч bin "
    "الف ألف ألفا آلاف هزار हजार k",
    1e5: "lakh lakhs लाख",
    1e6: "million millions millionen mio millones millon millón millón milhao milhão milhões "
    "milioni milione milion miliony milionów miliona miljoen miljoner miljon millioner mln m млн "
    "миллион миллиона миллионов мільйон мільйона мільйони мільйонів milyon مليون ملايين میلیون",
    1e7: "crore crores करोड़",
    1e9: "billion billions bn milliarde milliarden mrd milliard milliards miliardi miliardo "
    "miliard miliardy miliardów miliarda miljard miljarder milliarder mld млрд миллиард миллиарда "
    "миллиардов мільярд мільярда мільярди мільярдів milyar مليار مليارات میلیارد bilhao bilhão "
    "bilhões अरब",
}
_SCALE_OF = {_folded(word): scale for scale, words in _SCALES.items() for word in words.split()}
_EAST_ASIAN = {"百": 1e2, "千": 1e3, "천": 1e3, "万": 1e4, "萬": 1e4, "만": 1e4} | dict.fromkeys(
    "亿億억", 1e8
)
_HAN = {digit: float(value) for value, digit in enumerate("二三四五六七八九十", 2)} | {"两": 2.0}
# After these a Han digit names a day of the week, or a rank.
_NO_COUNT_AFTER = frozenset("周期第星拜")
# A figure with its groups and decimals; a clock time or a score as a whole, to be passed over;
# a word, or a sign.
_PIECE = re.compile(
    r"\d+[:–-]\d+|\d{1,3}(?:[.,' ]\d{3}){1,5}(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[^\W\d_]+|[%$€£¥]"
)
_PERCENT = frozenset({"%", "percent", "prozent", "cent", "procent", "процент", "процентов"})
# Percent, said before the number.
_PERCENT_BEFORE = frozenset({"yuzde"})
_CURRENCIES = frozenset("$€£¥")
_YEARS = range(1900, 2100)
# A unit is looked for among so many words after a number; after them the next thing is told.
_UNIT_WORDS = 3
_LEADING_WORDS = 8
_STEM_CHARS = 5
# "About 40" and 41, "nearly 12,000" and 11,842: the same, to so much of the larger.
_SAME = 0.045
_SMALL = 15.0


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the words around it, folded and cut to five letters.

    ``units`` are those after it that may be its unit, ``around`` these and those before it.
    """

    value: float
    units: frozenset[str]
    around: frozenset[str]

    def is_of(self, other: "Quantity") -> bool:
        """Return whether two numbers count the same things.

        One at the end of its sentence does by what led up to it ("the injured are now 19").
        """
        if self.units:
            return not self.units.isdisjoint(other.units)
        return not self.around.isdisjoint(other.around)

    def is_same(self, other: "Quantity") -> bool:
        """Return whether two numbers are one, where one of them may be rounded.

        Below 15 only equal numbers are, or such as were rounded to a whole one.
        """
        larger = max(abs(self.value), abs(other.value))
        apart = abs(self.value - other.value)
        if larger < _SMALL:
            rounded = self.value.is_integer() != other.value.is_integer()
            return apart == 0 or (rounded and apart <= _SAME * larger)
        texts = (f"{value:.6g}" for value in (self.value, other.value))
        # Rounded: it has two digits at most before the zeros at its end.
        coarse = any(
            len(text.split("e")[0].replace(".", "").strip("0")) <= len("10") for text in texts
        )
        return apart <= (_SAME * larger if coarse else 0.0)


def quantities(sentence: str, language: str) -> list[Quantity]:
    """Return the quantities of a sentence in their order.

    Neither years, nor clock times and scores, nor "one". Numbers in words count where we have
    those of ``language`` (ISO 639-1). Linear in ``sentence``; never raises.
    """
    pieces = list(chain.from_iterable(map(_split, _PIECE.findall(squeeze(sentence)))))
    values = _VALUES.get(language, {})
    found = []
    at = 0
    while at < len(pieces):
        start, at = at, at + 1
        before = pieces[start - 1] if start else ""
        value = _value(pieces[start], values)
        if value is None or (before in _NO_COUNT_AFTER and pieces[start] in _HAN):
            continue
        while at < len(pieces) and (scale := _scale(pieces[at])):
            value *= scale
            at += 1
        if at > start + 1 and pieces[at - 1] in _EAST_ASIAN and at + 1 < len(pieces):
            rest, scale = _value(pieces[at], values), _EAST_ASIAN.get(pieces[at + 1])
            if rest is not None and scale:  # 38億7000万
                value += rest * scale
                at += 2
        if at == start + 1 and _is_year(pieces[start]):
            continue
        units = _units(pieces[at : at + _UNIT_WORDS], language)
        if before in _CURRENCIES:
            units |= {before}
        elif _folded(before) in _PERCENT_BEFORE:
            units |= {"%"}
        leading = _units(pieces[max(start - _LEADING_WORDS, 0) : start], language)
        found.append(Quantity(value, units, units | leading))
    return found


def _split(piece: str) -> Iterator[str]:
    """Yield a piece, letter by letter where a script has no spaces."""
    if is_unspaced(piece[0]):
        yield from piece
    else:
        yield piece


def _value(piece: str, values: Mapping[str, float]) -> float | None:
    """Return the number that a piece is, None if it is none."""
    if not piece[0].isdecimal():
        return _HAN.get(piece) or values.get(_folded(piece))
    if not piece.isascii():  # digits of another script
        return float(piece) if piece.isdecimal() else None
    groups = re.split(r"[.,' ]", piece)
    if not all(map(str.isdecimal, groups)):
        return None
    if len(groups) > 1 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:]):
        return float("".join(groups))
    return float("".join(groups[:-1]) + "." + groups[-1]) if len(groups) > 1 else float(piece)


def _scale(piece: str) -> float | None:
    return _EAST_ASIAN.get(piece) or _SCALE_OF.get(_folded(piece))


def _units(pieces: Iterable[str], language: str) -> frozenset[str]:
    units = set()
    for piece in pieces:
        if piece[0].isdecimal():
            continue
        word = _folded(piece)
        if piece == "%" or word in _PERCENT:
            units.add("%")
        elif piece in _CURRENCIES:
            units.add(piece)
        elif word and word not in story_stop_words(language) and word not in _small(language):
            units.add(word[:_STEM_CHARS])
    return frozenset(units)


@lru_cache(maxsize=64)
def _small(language: str) -> frozenset[str]:
    """Return the function words of a language, folded."""
    return frozenset(map(_folded, stop_words(language)))


def _is_year(piece: str) -> bool:
    return len(piece) == len("2000") and piece.isdecimal() and int(piece) in _YEARS
