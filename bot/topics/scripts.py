"""Which languages a text may be in, by its letters alone."""

from collections import Counter

__all__ = ["languages_of_script"]

# The first and the last letter of a script's main blocks, and its languages, most spoken first. Of
# Latin letters none can be told, nor of those that are in no list.
_SCRIPTS = (
    ("\u0370", "\u03ff", ("el",)),
    ("\u0400", "\u052f", ("ru", "uk", "bg", "sr")),
    ("\u0531", "\u058f", ("hy",)),
    ("\u0590", "\u05ff", ("he",)),
    ("\u0600", "\u077f", ("ar", "fa", "ur")),
    ("\u0900", "\u097f", ("hi", "mr", "ne")),
    ("\u0980", "\u09ff", ("bn",)),
    ("\u0a00", "\u0a7f", ("pa",)),
    ("\u0a80", "\u0aff", ("gu",)),
    ("\u0b80", "\u0bff", ("ta",)),
    ("\u0c00", "\u0c7f", ("te",)),
    ("\u0c80", "\u0cff", ("kn",)),
    ("\u0d00", "\u0d7f", ("ml",)),
    ("\u0d80", "\u0dff", ("si",)),
    ("\u0e00", "\u0e7f", ("th",)),
    ("\u0e80", "\u0eff", ("lo",)),
    ("\u1000", "\u109f", ("my",)),
    ("\u10a0", "\u10ff", ("ka",)),
    ("\u1200", "\u137f", ("am",)),
    ("\u1780", "\u17ff", ("km",)),
    ("\u3040", "\u30ff", ("ja",)),
    ("\u4e00", "\u9fff", ("zh", "ja")),
    ("\uac00", "\ud7a3", ("ko",)),
)
# Letters of one language alone among those that share its script.
_OWN_LETTERS = {
    "uk": "іїєґ",
    "sr": "ђћљњџј",
    "ru": "ыэё",
    "fa": "پچژگ",
    "ur": "ٹڈڑے",
}


def languages_of_script(text: str) -> tuple[str, ...]:
    """Return the languages (ISO 639-1) that write as ``text`` does, the likeliest first.

    Those of the script that most of its letters are of; where letters are of one language
    alone, that one. Kana make a text Japanese. Empty for Latin letters, which many languages share,
    and for scripts without a list. Linear; never raises.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for letter in text:
        if not letter.isalpha():
            continue
        found[next((codes for a, z, codes in _SCRIPTS if a <= letter <= z), ())] += 1
    if ("ja",) in found:
        return ("ja",)
    if not found:
        return ()
    codes = found.most_common(1)[0][0]
    folded = text.casefold()
    own = [code for code in codes if set(_OWN_LETTERS.get(code, "")).intersection(folded)]
    return tuple(own) or codes
