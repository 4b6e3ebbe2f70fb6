"""Languages: their codes, their data, and a guess where none is named."""

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

__all__ = ["guess_language", "load", "normal_language", "stop_words", "word_count"]

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
    """Return the code whose data we use for ``language``: "en" for "en-GB", "no" for "nb"."""
    code = language.replace("_", "-").split("-")[0].strip().lower()
    return _ALIASES.get(code, code)


def guess_language(text: str) -> str:
    """Return the likely language of ``text`` by its script and function words, else "en"."""
    sample = text[:_SAMPLE_CHARS]
    scripts = [match.lastgroup or "" for match in _GUESS.finditer(sample)]
    if len(scripts) * 4 > len(sample):
        return "ja" if scripts.count("ja") * 10 > len(scripts) else _commonest(scripts)
    words = [word.lower() for word in _WORD.findall(sample)]
    hits = {code: sum(word in known for word in words) for code, known in _all_stop_words().items()}
    best = max(hits, key=lambda code: (hits[code], code == "en"))
    return best if hits[best] else "en"


def word_count(text: str, language: str) -> int:
    """Return the length of ``text`` in words as a budget counts them."""
    if language not in UNSPACED:
        return len(text.split())
    return (sum(map(len, text.split())) + 1) // 2


def stop_words(language: str) -> frozenset[str]:
    """Return the function words of a normal language code, empty where we have no list."""
    return _all_stop_words().get(language, frozenset())


@lru_cache(maxsize=8)
def load(name: str) -> dict[str, Any]:
    """Return the data file ``name`` of this package: language codes to what is known of them."""
    text = files(__package__).joinpath("data", f"{name}.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@lru_cache(maxsize=1)
def _all_stop_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in load("stopwords").items()}


def _commonest(items: list[str]) -> str:
    return max(set(items), key=lambda item: (items.count(item), item))
