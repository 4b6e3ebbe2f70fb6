"""Languages: their codes, how their words are counted, and a guess where none is named."""

import re

from summarizers.stopwords import all_stop_words

__all__ = ["UNSPACED", "guess_language", "normal_language", "word_count"]

# Written without spaces between words; two characters count as one word.
UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})

# Codes whose sentences follow the rules of another language.
_ALIASES = {"nb": "no", "nn": "no", "hr": "sr", "bs": "sr", "iw": "he", "in": "id", "ms": "id"}

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("ja", r"[\u3040-\u30ff]"),  # kana before Han: Japanese has both
    ("zh", r"[\u4e00-\u9fff]"),
    ("ko", r"[\uac00-\ud7af]"),
    ("th", r"[\u0e00-\u0e7f]"),
    ("hi", r"[\u0900-\u097f]"),
    ("bn", r"[\u0980-\u09ff]"),
    ("pa", r"[\u0a00-\u0a7f]"),
    ("gu", r"[\u0a80-\u0aff]"),
    ("ta", r"[\u0b80-\u0bff]"),
    ("te", r"[\u0c00-\u0c7f]"),
    ("kn", r"[\u0c80-\u0cff]"),
    ("ml", r"[\u0d00-\u0d7f]"),
    ("si", r"[\u0d80-\u0dff]"),
    ("ka", r"[\u10a0-\u10ff]"),
    ("am", r"[\u1200-\u137f]"),
    ("hy", r"[\u0530-\u058f]"),
    ("ar", r"[\u0600-\u06ff]"),
    ("he", r"[\u0590-\u05ff]"),
    ("el", r"[\u0370-\u03ff]"),
    ("ru", r"[\u0400-\u04ff]"),
)
_GUESS = re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in _SCRIPTS))
_WORD = re.compile(r"[^\W\d_]+")
# Read for a guess: enough to meet some dozens of function words.
_SAMPLE_CHARS = 2_000


def normal_language(language: str) -> str:
    """Return the code whose data we use for ``language``: "en" for "en-GB", "no" for "nb".

    Unknown codes come back in lower case, without their region; "" is "". Never raises.
    """
    code = language.replace("_", "-").split("-")[0].strip().lower()
    return _ALIASES.get(code, code)


def guess_language(text: str) -> str:
    """Return the likely language of ``text`` by its script and function words, else "en".

    The result is a normal language code. Only the first 2,000 characters are read; each of
    their words is looked up in the list of each language. The first call in a process reads a
    data file. Never raises.
    """
    sample = text[:_SAMPLE_CHARS]
    scripts = [match.lastgroup or "" for match in _GUESS.finditer(sample)]
    if len(scripts) * 4 > len(sample):
        if scripts.count("ja") * 10 > len(scripts):
            return "ja"
        return max(set(scripts), key=lambda code: (scripts.count(code), code))
    words = [word.lower() for word in _WORD.findall(sample)]
    hits = {code: sum(word in known for word in words) for code, known in all_stop_words().items()}
    best = max(hits, key=lambda code: (hits[code], code == "en"))
    return normal_language(best) if hits[best] else "en"


def word_count(text: str, language: str) -> int:
    """Return the length of ``text`` in words as a Budget counts them.

    ``language`` is a normal language code; in unspaced ones two characters are a word, white
    space not counted, and half a word counts whole. 0 for "".
    """
    if language not in UNSPACED:
        return len(text.split())
    return (sum(map(len, text.split())) + 1) // 2
