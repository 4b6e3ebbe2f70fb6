"""The words that a language uses often, whatever happens."""

import gzip
from functools import lru_cache
from importlib.resources import files

__all__ = ["common_words"]

# Norwegian by its other codes.
_SAME_LIST = {"no": "nb", "nn": "nb"}


@lru_cache(maxsize=64)
def common_words(language: str) -> frozenset[str]:
    """Return the terms (see ``content_terms``) of a language's common words, by its ISO 639-1 code.

    Those that make up 5 in a million of its running words or more, some 10,000; none where
    we have no list, or words say little (Thai, Vietnamese). The first call for a language
    reads a file and takes some 10 ms; 1.5 MB are kept then.
    """
    code = _SAME_LIST.get(language, language)
    if not (code.isascii() and code.isalpha()):
        return frozenset()
    file = files("bot.group").joinpath("data", "common_words", f"{code}.txt.gz")
    if not file.is_file():
        return frozenset()
    return frozenset(gzip.decompress(file.read_bytes()).decode("utf-8").splitlines())
