"""What languages are called: by themselves, and in English."""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale

__all__ = ["find_language", "native_name"]


@lru_cache(maxsize=64)
def native_name(code: str) -> str:
    """Return what a language calls itself, with a capital: "Deutsch" for "de".

    ``code`` is one that Babel knows; others raise its UnknownLocaleError or ValueError. Cached;
    the first call reads a file.
    """
    name = Locale(code).get_language_name(code) or code
    return name[:1].upper() + name[1:]


def find_language(words: str, codes: Iterable[str]) -> str | None:
    """Return which of ``codes`` the words name, None if none.

    A code ("de", "de-AT"), the language's own name or its English one, in any case.
    """
    wanted = words.strip().casefold()
    plain = wanted.replace("_", "-").partition("-")[0]
    for code in codes:
        english = Locale("en").languages.get(code, code)
        if wanted in {native_name(code).casefold(), english.casefold()} or plain == code:
            return code
    return None
