"""The terms of a sentence: what two sentences must share to be alike."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import chain

from summarizers.stopwords import stop_words

__all__ = ["Terms", "find_words", "terms_of"]

# Runs without spaces between words come first, so that they are cut into overlapping pairs;
# vowel signs (\u0900-\u0dff) belong to their word, though Python counts them as no letters.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"
    r"|[^\W_][\w\u0900-\u0dff]*+(?:[.,]\d++)*+"  # what was taken is never given back
)
# The same where nothing but ASCII stands, in a third of the time.
_ASCII_WORD = re.compile(r"[A-Za-z0-9]\w*+(?:[.,]\d++)*+", re.ASCII)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
# Inflections mostly change the end of a word. Measured on English and Vietnamese
# news: 6 letters did as well as Porter's stemmer.
_STEM_CHARS = 6
# Korean particles follow a stem of mostly two or three syllables.
_STEM_SYLLABLES = 3
# An unspaced word is mostly two characters long.
_PIECE_CHARS = 2


# Words remembered per language: a newspaper of some days has as many.
_MAX_KNOWN = 50_000


def find_words(text: str) -> list[str]:
    """Return the words of ``text`` in order, as they stand; numbers and unspaced runs included.

    A run of characters of an unspaced script is one word, together with letters or digits of
    another script right before it; at a repetition mark (々) it is parted. Linear; never raises.
    """
    words: list[str] = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    return words


@lru_cache(maxsize=32)
def terms_of(language: str) -> "Terms":
    """Return the Terms of a normal language code; those of 32 languages are cached.

    Without a list of its function words, as for "", none are left out. It remembers the words it
    met, up to 50,000 and those of the last call. Threads may share it. The first call in a
    process reads a data file.
    """
    return Terms(language)


class Terms:
    """Turns texts of one language into terms; each distinct word is worked on once.

    A term is the beginning of a word in lower case, a number, or a pair of
    characters where words are not spaced. Function words yield none.
    """

    def __init__(self, language: str) -> None:
        self._known = _KnownWords(stop_words(language))

    def __call__(self, text: str) -> list[str]:
        """Return the terms of ``text`` in order, repetitions included."""
        return self.of_words(find_words(text))

    def of_words(self, words: Iterable[str]) -> list[str]:
        """Return the terms of ``words``, which ``find_words`` found, in their order.

        A word has one term, an unspaced run many, a function word or single letter none. A run
        that begins with a digit or a letter of a spaced script counts as one word.
        """
        known = self._known
        if len(known) > _MAX_KNOWN:
            known.clear()
        return list(chain.from_iterable(map(known.__getitem__, words)))


class _KnownWords(dict[str, tuple[str, ...]]):
    """The terms of words, found when they are first asked for."""

    def __init__(self, functions: Collection[str]) -> None:
        super().__init__()
        self._functions = functions

    def __missing__(self, word: str) -> tuple[str, ...]:
        lower = word.lower()
        found: tuple[str, ...]
        if lower in self._functions or (len(lower) == 1 and not lower.isdigit()):
            found = ()
        elif _UNSPACED.match(lower):
            starts = range(max(len(lower) - 1, 1))
            found = tuple(lower[start : start + _PIECE_CHARS] for start in starts)
        elif lower[0].isdigit():
            found = (lower,)
        else:
            found = (lower[: _STEM_SYLLABLES if _HANGUL.match(lower) else _STEM_CHARS],)
        self[word] = found
        return found
