"""Whether a stop ends its sentence: abbreviations, initials, ordinals, speakers and the like.

Where the signs leave it open it does not: two sentences in one piece can be read, a fragment
cannot.
"""

import re

from summarizers.abbreviations import Rules
from summarizers.fronted import is_fronted, moment_goes_on

__all__ = ["ends_sentence", "is_small"]

# What may stand between a stop and the first letter after it.
_OPENERS = re.compile(r"[\s\"'“”‘’„«»‹「『【（(\[¿¡–—\-•`]*")
# Here each noun has a capital, and may stand before an exclamation mark.
_CAPITAL_NOUNS = frozenset(["de", "lb"])
_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[\"“”„«»()\[\]—–]")
# "z. " of "z. B.", "т. " of "т. нар."
_SPACED_LETTER = re.compile(r"(?:^|[^\w.])([^\W\d_]{1,3})\.\s$")
_NEXT_LETTER = re.compile(r"[^\W\d_]\.")
_DATE = re.compile(r"(?:\d+\.\s?){2}$")  # the "2020. 10. " of "2020. 10. 3."
_LAST_WORD = re.compile(r"[^\W\d_]+(?=\.?\s*$)")
_MONTH_AND_YEAR = re.compile(r"[^\W\d_]+\.?\s\d{4}(?!\w)")  # "April 2020"
_ROMAN = re.compile(r"[ivxlc]+$")
_CAPITAL_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})$")
# What goes on after a closed quotation or bracket in Japanese, and who speaks in Chinese.
_PARTICLE = re.compile(r"[とはがをにのでもへや、，]")
# No sentence begins with one of these before a noun, but a name may end in a full stop.
_NAME_PARTICLE = re.compile(r"[がをの][\u30a0-\u30ff\u3400-\u9fff]")
_SPEAKER = re.compile(r"[^，。！？\n]{0,12}(?:说|說|道|表示|称|稱|问|問|喊)[，。：:！]")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+$")  # U.S, u.a, т.д
_SHORT_PARTS = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,3}){1,4}$")  # D.O.Ca, m.in, Sp.z.o.o
_SPACES = frozenset(" \u00a0\u202f")
# What stands before a noun that a name follows.
_ARTICLE = re.compile(
    r"d(?:er|ie|as|en|em|es)|[dst]?einer?|eine[ms]?|im|am|vom|zum|zur|beim|ins|l[ea]s?|du|des|une?|aux?|"
    r"cett?e|ce|[ns]otre|leur|(?:l|d|qu)['’]\w*"
)
_QUOTES = frozenset("\"”’»“'")
# No name is longer: without the bound, each stop within a run without spaces would read all of it.
_NAMES = re.compile(r"(?:[^\W\d_][\w.'’\-]{0,40}+\s+){1,3}")
# Longer tokens are no abbreviation.
_TOKEN_CHARS = 16
_PARTS = re.compile(r"['’\-]")
# Ordinals of one or two digits have a full stop.
_ORDINAL_DIGITS = 2
# Stops of scripts without capitals: what follows tells nothing.
_UNSPACED = frozenset("।॥۔。！？")
# Words that open sentences, but also follow an initial as a surname.
_SURNAMES = frozenset(["may", "will", "so", "an", "do", "go", "my", "no", "yet", "his"])
# What no sentence begins with: "so., but", "first line. / second", "Com. & Adm.", "so ! ."
_GOES_ON = re.compile(r"[,;:/&]|[.!?](?:\s|$)")
# A bracket that holds no sentence, and belongs to the one before: "so.” (Ort 55)."
_SOURCE = re.compile(r"\([^().!?…]{0,60}\)\.(?!\w)")
# An address goes on behind a full stop: jane.Ort@mail.example, www.ort.Example, Ort.Com.
_ADDRESS_CHARS = 64
_ADDRESS = re.compile(r"@|://|\bwww\.")
_DOMAIN = re.compile(r"(?:com|net|org|info|gov|edu|biz|tv|io|co)(?![^\W_])", re.IGNORECASE)
_RIGHT = re.compile(r"\S*")
_LEFT = re.compile(r"\S*$")
# Words without a vowel are abbreviations ("pgt."); short ones, and not in capitals (BBC).
_VOWELLESS = re.compile(
    r"[A-ZÀ-ÖØ-Þa-z\u0400-\u04ff\u0391-\u03a9]?"
    r"(?:[bcdfghjklmnpqrstvwxzßçñþ]{1,4}|[бвгґдђжзйклљмнњпрстћфхцчџшщќѓжғқңһ]{1,4}|[β-δζθκλμνξπ-τφ-ψ]{1,4})$"
)
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýаеёиоуыэюяєіїүұөәαεηιουωάέήίόύώ")
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxzбвгджзклмнпрстфхцчшщ")
_VOWELLESS_CHARS = 5
# Here consonants make whole words: "vlk", "krk", "smrt".
_VOWELLESS_LANGUAGES = frozenset(["cs", "sk", "sl", "sr", "mk", "bg"])


def ends_sentence(text: str, stop: re.Match[str], begin: int, rules: Rules) -> bool:
    """Return whether the sentence that begins at ``begin`` ends at ``stop``, a match in ``text``.

    ``stop`` is one or more stops with what closes after them, ``begin`` is in characters. Pure;
    reads a few words on either side.
    """
    mark, after = stop[0], stop.end()
    # The common case, much faster.
    if mark == "." and text[after] == " " and rules.language != "hy":
        letter = text[after + 1]
        if letter.isalnum() and not letter.islower():
            return not _is_abbreviation(text, stop, begin, after + 1, rules)
    if mark[0] in ";\u037e":  # the question mark of Greek
        return rules.language == "el"
    if mark[0] in "。！？｡．!?" and rules.language in ("zh", "ja"):
        return _ends_in_han(text, stop, begin, rules)
    opened = _OPENERS.match(text, after)
    position = opened.end() if opened else after  # of the next word
    if position >= len(text):
        return True
    if is_small(text[position]) and not text[position + 1 : position + 2].isupper():
        return mark[0] in _UNSPACED  # iPhone and eBay may open a sentence
    return mark[0] in _UNSPACED or (
        not _goes_on(text, stop, position) and _ends_before(text, stop, begin, position, rules)
    )


def is_small(letter: str) -> bool:
    """Return whether ``letter`` is a small one of an alphabet whose sentences begin with capitals.

    Those of Georgian count as small in Unicode, and begin sentences.
    """
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"


def _ends_in_han(text: str, stop: re.Match[str], begin: int, rules: Rules) -> bool:
    """Return whether a sentence of Chinese or Japanese ends at ``stop``."""
    mark, after = stop[0], stop.end()
    if mark[-1] in "）)】］]":  # brackets hold whole sentences, or stand inside one
        return text[begin] in "（("
    if mark[-1] in '”」』’"':  # a quotation, after which its sentence may go on
        return not (_PARTICLE.match(text, after) or _SPEAKER.match(text, after))
    return not (mark == "。" and rules.language == "ja" and _NAME_PARTICLE.match(text, after))


def _goes_on(text: str, stop: re.Match[str], position: int) -> bool:
    """Return whether what follows at ``position`` cannot begin a sentence, in any language."""
    if _GOES_ON.match(text, position):
        return True
    if text[position - 1] == "(" and _SOURCE.match(text, position - 1):
        return True
    after = stop.end()
    if text[after].isspace():
        return False
    # With no space after it, the stop may stand in an address.
    left = _LEFT.search(text, max(stop.start() - _ADDRESS_CHARS, 0), stop.start())
    right = _RIGHT.match(text, after, min(after + _ADDRESS_CHARS, len(text)))
    around = f"{left[0] if left else ''}.{right[0] if right else ''}"
    return _ADDRESS.search(around) is not None or _DOMAIN.match(text, after) is not None


def _ends_before(text: str, stop: re.Match[str], begin: int, position: int, rules: Rules) -> bool:
    """Return whether a sentence ends before the word at ``position``, which may begin one."""
    mark = stop[0]
    if mark[0] == "." and rules.language == "hy":  # a colon there
        return "«" not in text[stop.end() : position]
    if mark[0] == ":":  # the full stop of Armenian
        return True
    if mark[0] != "." or ".." in mark or ". ." in mark:
        return _ends_loudly(text, stop, begin, position, rules)
    return not _is_abbreviation(text, stop, begin, position, rules)


def _ends_loudly(text: str, stop: re.Match[str], begin: int, position: int, rules: Rules) -> bool:
    """Return whether an exclamation, a question or an ellipsis ends its sentence."""
    mark = stop[0]
    word = _WORD.match(text, position)
    following = word[0] if word else ""
    if mark.strip("\"”’»“')]") in ("[...", "...", "…", ". . ."):
        if stop.start() and text[stop.start() - 1] in "[(" and mark[-1] not in ".…":
            return False  # "[...]" stands for words of its sentence
        if following == "I" and text[position + 1 : position + 2] in ("", " ", "'", "’"):
            return False  # a capital anywhere
    # After a quotation the sentence goes on if its speaker follows.
    if not _QUOTES.isdisjoint(mark):
        names = _NAMES.match(text, position)
        speech = rules.speech
        return (
            speech is None
            or names is None
            or not (speech.match(text, names.end()) or speech.search(text, position, names.end()))
        )
    return not (mark in ("!", "?") and _is_named(text, stop, begin, following, rules))


def _is_named(text: str, stop: re.Match[str], begin: int, following: str, rules: Rules) -> bool:
    """Return whether a mark belongs to a name that goes on: "by V! News", "at Guess? Inc."."""
    place, after = stop.start(), stop.end()
    is_apart = text[place - 1 : place] in _SPACES  # French has a space before its mark
    place -= is_apart
    name = _token(text, begin, place)
    start = place - len(name)
    name = name.lstrip("¡")  # "la cadena ¡Velbo! Mercados"
    is_next = text[after + 1 : after + 1 + len(following)] == following
    is_capital = name[:1].isupper() and (len(name) == 1 or not name.isupper())
    if not (is_capital and following[:1].isupper() and is_next):
        return False
    end = after + 1 + len(following)
    if following.lower() in rules.either and text[end : end + 1] == ".":  # a legal form
        return True
    if stop[0] == "?" or following.lower() in rules.starters:
        return False
    if len(name) == 1 or rules.language in _CAPITAL_NOUNS or is_apart:
        return len(name) == 1 or _is_apposed(text, begin, start, rules)
    if start == begin:  # "Yahoo! Finance fell" or "Goal! Orun lead": neither is news without
        return bool(rules.functions) and name.lower() not in rules.functions
    before = text[max(begin, start - _TOKEN_CHARS) : start].split(" ")
    return before[-1] == "" and before[-2].isalpha() and before[-2].islower()  # not ", Anna! Bob"


def _is_apposed(text: str, begin: int, start: int, rules: Rules) -> bool:
    """Return whether what begins at ``start`` is the name of a thing named before it.

    An article and a noun stand there: "Die Gruppe Los! Velt siegt", "le collectif Respire ! Velt".
    """
    before = text[max(begin, start - 2 * _ADDRESS_CHARS) : start].rsplit(None, 2)
    if len(before) < 2:
        return False
    article, noun = before[-2].split()[-1].lower(), before[-1]
    is_noun = noun.isalpha() and noun.lower() not in rules.functions
    if rules.language in _CAPITAL_NOUNS:
        is_noun &= noun[0].isupper()
    return is_noun and _ARTICLE.fullmatch(article) is not None


def _is_abbreviation(
    text: str, stop: re.Match[str], begin: int, position: int, rules: Rules
) -> bool:
    """Return whether a full stop belongs to its word or number rather than to the sentence.

    ``position`` is where the next word begins.
    """
    mark, place = stop[0], stop.start()
    if mark != "." and mark[1] != "]" and not (mark == ".)" and text[begin] != "("):
        return False  # something closes after it
    found = _token(text, begin, place)
    word = found if found.isalnum() else _PARTS.split(found)[-1]
    if not word or (word[0].isdigit() and not word.isdigit()):
        return False
    if word.isdigit():
        start = place - len(found)
        return _is_numeral(text, found, start, begin=begin, position=position, rules=rules)
    start = place - len(word)
    return _is_abbreviated(text, word, start, begin=begin, position=position, rules=rules)


def _is_numeral(
    text: str, found: str, start: int, *, begin: int, position: int, rules: Rules
) -> bool:
    """Return whether the number in ``found`` at ``start`` is a list's, of a date, or an ordinal."""
    if start == begin or _DATE.search(text, max(start - _TOKEN_CHARS, 0), start):
        return True
    is_short = len(found) <= _ORDINAL_DIGITS
    if text[position].isdigit():
        return is_short or rules.language in ("ko", "hu")
    if not is_short or not found.isdigit() or _opens(text, position, rules):  # "3-2." is a result
        return False
    if _MONTH_AND_YEAR.match(text, position):
        return True
    return rules.has_ordinals and not _is_cardinal(text, start, begin, rules)


def _is_cardinal(text: str, start: int, begin: int, rules: Rules) -> bool:
    """Return whether the number at ``start`` counts: "Platz 2.", "ul. Długa 5.", "č. 5."."""
    before = _LAST_WORD.search(text, max(begin, start - _TOKEN_CHARS), start)
    if before is None:
        return False
    word = before[0]
    is_name = word[0].isupper() and word.lower() not in rules.functions
    return word.lower() in rules.numbered or (is_name and before.start() > begin)


def _token(text: str, begin: int, place: int) -> str:
    """Return what stands before ``place`` up to white space, a quotation mark or the like."""
    before = text[max(begin, place - _TOKEN_CHARS) : place]
    if not before or before[-1].isspace():
        return ""
    token = before.rsplit(None, 1)[-1]
    return token if token.isalnum() else _BREAK.split(token)[-1]


def _is_abbreviated(
    text: str, word: str, start: int, *, begin: int, position: int, rules: Rules
) -> bool:
    """Return whether ``word`` at ``start``, no number, is abbreviated here."""
    token = word.lower()
    if text[start - 2 : start - 1] == ".":
        spaced = _SPACED_LETTER.search(text, max(start - 5, 0), start)
        joined = f"{spaced[1].lower()}.{token}" if spaced else token  # "z.b" for "z. B."
        if spaced and (len(token) == len(spaced[1]) == 1 or joined in rules.known):
            token = joined
    if token in rules.known:
        goes_on = _known_goes_on(text, token, start, begin=begin, position=position, rules=rules)
        if goes_on is not None:  # in capitals it may be a name: BP, FT
            is_name = len(word) > 1 and word.isupper() and token in rules.before
            return goes_on and not (is_name and _opens(text, position, rules))
    if "." in token and (_LETTERS.match(token) or _SHORT_PARTS.match(token)):
        return not _opens(text, position, rules) or is_fronted(text, begin, start, rules)
    if start == begin and _ROMAN.match(token):
        return True
    if word.isupper() and len(word) > 1 and _CAPITAL_ROMAN.match(word):
        return rules.has_ordinals and not _opens(text, position, rules)
    if len(token) != 1 or not token.isalpha():
        return _is_vowelless(word, rules) and not _opens(text, position, rules)
    return _is_initial(text, word, start, begin=begin, position=position, rules=rules)


def _known_goes_on(
    text: str, token: str, start: int, *, begin: int, position: int, rules: Rules
) -> bool | None:
    """Return whether the sentence goes on after an abbreviation we know, None if it is none here.

    What belongs to a number is none without one.
    """
    is_before_number = text[position].isdigit()
    if token in rules.numbered and is_before_number:
        return True
    if token in rules.units and text[max(begin, start - 2) : start].strip()[-1:].isdigit():
        return is_before_number
    if token in rules.before:
        return True
    if token in rules.moments:
        return moment_goes_on(text, begin, start, position, rules)
    if token in rules.closing or token in rules.either:
        opens = token in rules.closing or _opens(text, position, rules)
        return not opens or is_fronted(text, begin, start, rules)
    return None


def _is_initial(
    text: str, word: str, start: int, *, begin: int, position: int, rules: Rules
) -> bool:
    """Return whether a single letter is an initial: before another one, or before a name.

    Small vowels are words, and a small letter after an apostrophe is the end of one ("isn't").
    """
    if _NEXT_LETTER.match(text, position):
        return True
    is_capital = not is_small(word)
    is_whole = start == begin or text[start - 1] not in "'’"
    return (is_capital or (is_whole and word in _CONSONANTS)) and not _opens(
        text, position, rules, after_initial=is_capital
    )


def _is_vowelless(word: str, rules: Rules) -> bool:
    return (
        len(word) <= _VOWELLESS_CHARS
        and rules.language not in _VOWELLESS_LANGUAGES
        and _VOWELLESS.match(word) is not None
        and word[0].lower() not in _VOWELS
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
