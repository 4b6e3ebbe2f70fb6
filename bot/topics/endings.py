"""What a name may end in, by language: cases and postpositions as rules, not as lists of names.

A rule is the ending of the name as dictionaries give it, and all that may stand in its place.
The rules are generous: a form that does not exist is in no text, and costs nothing.
"""

from functools import cache
from itertools import product

from bot.topics.fold import fold

__all__ = ["INFLECTED", "agreeing", "inflected"]

# The rules of a family: "ending: what may stand there", the first that fits counts. A hyphen
# is nothing at all. Written without accents, as text is folded.
_SLAVIC = """
ija: ija ije iji ijo iju ijom
ja: ja ji je jo ju jom jou
ia: ia ii ie io iu iou iom ij
ie: ie ii i im
ea: ea ei ee eo eu eou ey eje eji ejo
ka: ka ki ce ke ku ko kou kom ej
ga: ga gi dze ze gu ge go gou gom
ra: ra ry rze re ru ro rou rom ri
ta: ta ty cie te tu to tou tom ti
da: da dy dzie de du do dou dom di
a: a y i e ie u o ou om oj ej
o: o a u em om e ie
y: y - ow om ami ach ech u um ych ym ymi
e: e ych ym ymi a u em i ih im ama
i: i iho imu im ih ich a u
t: t tu ta tem tom te cie ty towi tovi
r: r ru ra rem rom re rze rowi rovi
d: d du da dem dom de dzie dowi dovi
: - a u e ie em om ovi owi i y
"""
_SERBIAN = """
ја: ја је ји ју јом
а: а е и у о ом ој
о: о а у ом
е: е их им а у ем ама
: - а у ом ем е и
"""
_HUNGARIAN_ENDINGS = (
    "- ban ben nak nek ra re rol tol bol hoz hez val vel t ot et at ert ig on en n ba be ul i "
    "iak iakat val vel nal nel ok ek kal kel "
    + " ".join(f"{letter}{vowel}l" for letter in "bcdfgjklmnprstvz" for vowel in "ae")
)
_FINNISH = """
: - n in ssa issa sta ista an en in on un iin lla illa lta ilta lle ille ksi iksi na ina a ia ta
"""
_ESTONIAN = "- i l il le ile lt ilt s is sse isse st ist ga iga ni ini ks iks t it na ta ita"
_TURKIC = (
    "- da de ta te dan den tan ten a e ya ye nin nun in un i u yi yu ni nu li lu la le yla yle "
    "də dən ə yə ni nı nın ın ı ga qa ka"
)
_KAZAKH = (
    "- да де та те дан ден тан тен нан нен ға ге қа ке ның нің дың дің тың тің ды ді ты ті ны ні "
    "мен бен пен лық лік дық дік"
)
_LITHUANIAN = """
ija: ija ijos ijai iją ijoje ijon
a: a os ai oje on
e: e es ei eje
ai: ai u ams us uose ais
os: os u oms as ose omis
as: as o ui a u e ai
is: is io iui i iu yje y
us: us aus ui u umi uje
: - o ui a u e
"""
_LATVIAN = """
a: a as ai u am
e: e es ei i em
s: s a am u i m
: - as ai u am
"""
_GREEK = """
ια: ια ιας ιαν
α: α ας αν
η: η ης ην
ος: ος ου ο
ο: ο ου
ες: ες ων
: -
"""
_ROMANIAN = """
ia: ia iei
ea: ea eei eii ei
a: a ei ii
: - ul ului u
"""
_ALBANIAN = """
a: a es e en se ne
ia: ia ise ine i
: - i it in un ut se ne s es en
"""
_BASQUE = "- k n ko ra ri rekin ren tik an eko era ek etik"
_GEORGIAN = """
ი: ი ის ს ში მა მ იდან დან თან ზე ისთვის
ა: ა ის ას აში ამ იდან დან ასთან აზე
: - ს ში მ დან სთან ზე
"""
_ARMENIAN = "- ի ում ը ն ին ից ով յի յում"
_MONGOLIAN = "- ын ийн д т ыг ийг аас ээс тай той тэй руу рүү н"
_BENGALI = "- র ের কে তে য় ে ও ই য়ের"
_MARATHI = "- ने ला त च्या चा ची चे शी हून तील वर ाने ाला ात ाच्या ाचा ाची ाचे ाशी ातील ावर"
_NEPALI = "- को ले मा लाई का की बाट"
_GUJARATI = "- માં ના ની નો નું ને એ થી"
_TELUGU = "- లో కు కి పై తో ను ని లోని నుంచి"
_KANNADA = "- ದ ದಲ್ಲಿ ಕ್ಕೆ ಗೆ ವನ್ನು ವು ನ ನಲ್ಲಿ ಿನ ಿನಲ್ಲಿ ಯ ಯಲ್ಲಿ ಯನ್ನು"
_TAMIL = """
்: ் ின் ில் ுக்கு ை ிலிருந்து ுடன் ால் ிடம்
ா: ா ாவின் ாவில் ாவுக்கு ாவை ாவிலிருந்து ாவுடன் ாவால் ாவிடம்
ி: ி ியின் ியில் ிக்கு ியை ியிலிருந்து ியுடன் ியால்
: - வின் வில் வுக்கு வை யின் யில் க்கு யை
"""
_MALAYALAM = """
ൻ: ൻ നിൽ ന്റെ നെ നും നോട് നിലെ നിലേക്ക്
ൽ: ൽ ലിൽ ലിന്റെ ലിനെ ലിലെ ലിലേക്ക് ലും
്: ് ിൽ ിന്റെ ിനെ ിലെ ിലേക്ക് ും
: - യിൽ യുടെ യെ യും യ്ക്ക് യിലെ യിലേക്ക് വിൽ വിന്റെ വിലെ വിനെ
"""
_SINHALA = "- ව ේ යේ වේ ට යට වට යෙන් යෙ"

_RULES = {
    **dict.fromkeys(("bs", "cs", "hr", "pl", "sk", "sl"), _SLAVIC),
    "sr": _SERBIAN + _SLAVIC,
    "hu": f": {_HUNGARIAN_ENDINGS}",
    "fi": _FINNISH,
    "et": f": {_ESTONIAN}",
    **dict.fromkeys(("az", "tr", "uz"), f": {_TURKIC}"),
    "kk": f": {_KAZAKH}",
    "lt": _LITHUANIAN,
    "lv": _LATVIAN,
    "el": _GREEK,
    "ro": _ROMANIAN,
    "sq": _ALBANIAN,
    "eu": f": {_BASQUE}",
    "ka": _GEORGIAN,
    "hy": f": {_ARMENIAN}",
    "mn": f": {_MONGOLIAN}",
    "bn": f": {_BENGALI}",
    "mr": f": {_MARATHI}",
    "ne": f": {_NEPALI}",
    "gu": f": {_GUJARATI}",
    "te": f": {_TELUGU}",
    "kn": f": {_KANNADA}",
    "ta": _TAMIL,
    "ml": _MALAYALAM,
    "si": f": {_SINHALA}",
}
# The same for all words but the last: adjectives agree ("Severní Koreje"), and in Romanian and
# Polish the noun comes first ("Coreei de Nord", "Korei Północnej").
_FIRST_SLAVIC = """
ea: ea ei ee
ia: ia ii ie
a: a ej e ou oj u o
i: i iho imu im
e: e ych ym ih im ima
y: y ow om ach ami e
"""
_FIRST_RULES = {
    **dict.fromkeys(("bs", "cs", "hr", "pl", "sk", "sl"), _FIRST_SLAVIC),
    "sr": "а: а е ој у\nе: е их им" + _FIRST_SLAVIC,
    "el": "α: α ας\nες: ες ων",
    "ro": _ROMANIAN.replace(": - ul ului u", ""),
    "lt": "ji: ji sios\noji: oji osios\nos: os u oms ose\nes: es iu ems",
    "lv": "a: a as ai u",
    "ru": "ая: ая ой ую",
    "uk": "а: а ої ій у ою",
    "be": "ая: ая ай ую",
}
# At most this many forms of the words before the last: three agree in no name we know.
_MAX_AGREEING = 40

INFLECTED = frozenset(_RULES)


@cache
def _parsed(rules: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = [line.partition(":") for line in rules.splitlines() if line]
    return tuple(
        (
            fold(ending.strip()).strip(),
            tuple("" if end == "-" else fold(end).strip() for end in ends.split()),
        )
        for ending, _, ends in lines
    )


@cache
def _tails(ends: tuple[str, ...]) -> frozenset[str]:
    return frozenset(ends)


def inflected(folded: str, language: str) -> tuple[list[str], frozenset[str]] | None:
    """Return how the forms of a ``folded`` name begin, and what its last word may end in then.

    None for a ``language`` (ISO 639-1) that has no rules here. The beginnings are several where
    the words before the last agree with it; the first is that of the name as it is.
    """
    rules = _RULES.get(language)
    if rules is None:
        return None
    *before, last = folded.split(" ")
    stem, tails = last, frozenset({""})
    for ending, ends in _parsed(rules):
        # a stem of two letters would be found in other words
        if last.endswith(ending) and len(last) - len(ending) > 1:
            stem, tails = last[: len(last) - len(ending)], _tails(ends)
            break
    heads = agreeing(before, language)
    return [" ".join((*head, stem)) for head in heads], tails


def agreeing(words: list[str], language: str) -> list[tuple[str, ...]]:
    """Return the forms of the words before a name's last one, as they are first."""
    rules = _parsed(_FIRST_RULES.get(language, ""))
    choices = []
    for word in words:
        forms = [word]
        for ending, ends in rules:
            if word.endswith(ending) and len(word) - len(ending) > 2:
                stem = word[: len(word) - len(ending)]
                forms += [stem + end for end in ends if stem + end != word]
                break
        choices.append(forms)
    count = 1
    for forms in choices:
        count *= len(forms)
    return list(product(*choices)) if count <= _MAX_AGREEING else [tuple(words)]
