"""The abbreviations of each language, and the words that tell where its sentences begin."""

import re
from dataclasses import dataclass
from functools import lru_cache

from summarizers.datafiles import load
from summarizers.stopwords import stop_words

__all__ = ["Rules", "rules_of"]

# The code whose entry in the data holds for every language.
_ANY = "*"
# Of an abbreviation that a language has itself, its own kind counts.
_KINDS = ("before", "either", "closing", "number", "unit", "moment")
# A language without an entry gets the one of a neighbour that abbreviates alike.
_NEIGHBOURS = {"be": "ru", "ky": "kk", "mk": "bg", "tg": "ru", "ti": "am", "ne": "hi", "gl": "pt"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The abbreviations of one language and what goes with them; words in lower case.

    ``known`` are abbreviations of any kind. After one in ``before`` its sentence goes on, after
    one in ``closing`` (a list's "etc.") it ends where a capital follows, after one in ``either``
    only where one of the ``starters`` follows, the words that open sentences. Those in
    ``numbered`` belong to a number after them, ``units`` to one before them. ``moments`` (a.m.,
    B.C.) end where a capital follows, unless all before them is a fronted adverbial: one of the
    ``fronts`` opens it, and it has none of the ``verbs``. After a time the sentence also goes on
    with one of the ``days`` or ``zones``, and if one of the ``determiners`` stands before it
    ("the 8 p.m. News"). ``functions`` are the function words; ``speech`` finds verbs of speech.
    Ordinals have a full stop if ``has_ordinals``.
    """

    language: str
    known: frozenset[str]
    before: frozenset[str]
    either: frozenset[str]
    closing: frozenset[str]
    numbered: frozenset[str]
    units: frozenset[str]
    moments: frozenset[str]
    starters: frozenset[str]
    functions: frozenset[str]
    fronts: frozenset[str]
    verbs: frozenset[str]
    days: frozenset[str]
    zones: frozenset[str]
    determiners: frozenset[str]
    speech: re.Pattern[str] | None
    has_ordinals: bool


@lru_cache(maxsize=64)
def rules_of(language: str) -> Rules:
    """Return the rules of a normal language code (see ``normal_language``).

    What holds for every language ("p. 5", "Mr. Smith") comes with those of each; where we have
    no abbreviations of one, they are the English ones. The first call reads a data file; the
    rules of 64 languages are cached. Never raises.
    """
    data = load("abbreviations")
    code = language if language in data else _NEIGHBOURS.get(language, language)
    known = data.get(code) or data["en"]

    own = frozenset(" ".join(known.get(kind, "") for kind in _KINDS).split())

    def words(kind: str) -> frozenset[str]:
        shared = frozenset(data[_ANY].get(kind, "").split())
        return frozenset(known.get(kind, "").split()) | (shared - own if kind in _KINDS else shared)

    functions = stop_words(language) or stop_words(code)
    speech = "|".join(sorted(map(re.escape, known.get("speech", "").split())))
    return Rules(
        language=language,
        known=frozenset().union(*map(words, _KINDS)),
        before=words("before"),
        either=words("either"),
        closing=words("closing"),
        numbered=words("number"),
        units=words("unit"),
        moments=words("moment"),
        starters=functions | words("opening"),
        functions=functions,
        fronts=words("front"),
        verbs=words("verb"),
        days=words("day"),
        zones=words("zone"),
        determiners=words("determiner"),
        speech=re.compile(rf"\b(?:{speech})\b") if speech else None,
        has_ordinals=language in data[_ANY]["ordinals"].split(),
    )
