"""Text in the one form in which words are compared: small letters, no accents, no punctuation.

Folding keeps the length, so an offset in the folded text is an offset in the text itself.
"""

import re
import unicodedata

__all__ = ["fold", "is_hangul", "is_unspaced", "opening", "plain_arabic", "squeeze"]

# Letters that Unicode does not decompose although readers type them without the stroke or dot.
_PLAIN = {"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"}
# й is и with a breve to Unicode, and a letter of its own to readers of Cyrillic.
_WHOLE = frozenset("йЙїЇўЎ")
_ACCENTS = range(0x0300, 0x0370)
_LOOSE_ACCENTS = re.compile("[\u0300-\u036f]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
# Vowels, hamza and madda above and below, the superscript alef, and the stroke that stretches.
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
# Persian says "of" by a hamza on a last he, or by a ye behind it: کرهٔ شمالی, کره‌ی شمالی.
_JOINING_YE = re.compile("ه\u200cی(?!\\w)")
# Arabic's kaf and ye as Persian has them, and the letters that only differ at a word's end.
_ARABIC_LETTERS = str.maketrans("كيىةۀ", "کییهه")
_LAST_CACHED = 0xFFFF  # one plane: bounds the table's memory at some 6 MB, whatever is read

# Scripts written without spaces between words; Hangul has spaces, but glues its particles on.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Kana
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7AF),  # Hangul
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x3FFFF),  # Han, rare
)


def squeeze(text: str) -> str:
    """Return ``text`` in NFC, without soft hyphens, every run of white space as one space.

    There is none at its ends. Accents that no letter carries inside one code point are dropped,
    too: the stress mark of "Росси́я", the dot that case folding leaves of "İ". Never raises.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.replace("\xad", ""))
        if _LOOSE_ACCENTS.search(text):
            text = unicodedata.normalize("NFC", _LOOSE_ACCENTS.sub("", text))
    return " ".join(text.split())


def opening(text: str, limit: int) -> str:
    """Return the first ``limit`` characters of ``text``, less a word that this would cut in two.

    Words of unspaced scripts are cut. ``limit`` is 0 or more. Never raises.
    """
    end = limit
    if len(text) > limit and _is_of_word(text[limit]):
        while end and _is_of_word(text[end - 1]):
            end -= 1
    return text[:end]


def fold(text: str) -> str:
    """Return ``text`` letter for letter in small letters without accents.

    Digits stay, and so do the marks of scripts that write vowels so; all else becomes spaces.
    The result is as long as ``text``. Accents are only dropped where a letter carries them
    inside one code point: call ``squeeze`` first. й, ї, ў and ß stay as they are. Never raises.
    """
    if text.isascii():  # eight times as fast
        return text.encode("ascii").translate(_ASCII_TABLE).decode("ascii")
    return text.translate(_TABLE)


def plain_arabic(text: str) -> str:
    """Return ``text`` with one form of each letter of Arabic script; other scripts as they are.

    Without signs of vowels, hamza and madda; kaf and ye as Persian has them; a last "ta" as "he";
    without what Persian puts on or behind a last "he" to join a word to the next. It may be
    shorter than ``text``. Linear; never raises.
    """
    if text.isascii() or _ARABIC.search(text) is None:
        return text
    apart = _ARABIC_MARKS.sub("", unicodedata.normalize("NFD", _JOINING_YE.sub("ه", text)))
    return unicodedata.normalize("NFC", apart.translate(_ARABIC_LETTERS))


def is_unspaced(char: str) -> bool:
    """Return whether ``char`` belongs to a script in which a word need not end at a space.

    These are Thai, Lao, Burmese, Khmer, kana, Han ideographs and Hangul syllables; half-width
    kana, single Korean letters and signs such as 々 and 〇 are not. Raises
    TypeError unless it is one character.
    """
    code = ord(char)
    return code >= 0x0E00 and any(first <= code <= last for first, last in _UNSPACED)


def is_hangul(char: str) -> bool:
    """Return whether ``char``, one character, is a Korean syllable; a letter of one is not."""
    return "\uac00" <= char <= "\ud7af"


def _is_of_word(char: str) -> bool:
    return char == "\xad" or (fold(char) != " " and not is_unspaced(char))


class _Table(dict[int, str]):
    """Folded letters by code point, filled as they are met: one letter or a space for each."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _PLAIN:
            folded = _PLAIN[char]
        elif not char.isalnum():
            # Vowel signs (Thai, Devanagari …) are marks, not letters, and belong to their word.
            folded = char if unicodedata.category(char)[0] == "M" else " "
        else:
            wide = unicodedata.normalize("NFKC", char)
            char = wide if len(wide) == 1 else char
            if char not in _WHOLE:
                apart = unicodedata.normalize("NFD", char)
                if all(ord(mark) in _ACCENTS for mark in apart[1:]):
                    char = apart[0]
            # Case folding makes one of the two small sigmas; it makes two letters of others,
            # as of ß.
            forms = (char.casefold(), char.lower(), char)
            folded = next(form for form in forms if len(form) == 1)
        if code <= _LAST_CACHED:
            self[code] = folded
        return folded


_TABLE = _Table()
_ASCII_TABLE = bytes(ord(_TABLE[code]) for code in range(128)) + bytes(128)
