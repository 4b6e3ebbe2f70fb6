"""Names of outlets: which are ones, and which belong to a host."""

import unicodedata
from urllib.parse import urlsplit

from bot.gather.http.urls import registrable_domain

__all__ = ["resembles"]

_MIN_WORD_CHARS = 4
_MIN_INITIALS = 2


def resembles(name: str, url: str) -> bool:
    """Return whether an outlet's name is that of the host of ``url``, as far as letters show it.

    It is if the host's domain holds a word of it (of four letters or more), it holds the domain
    without its ending, or its initials are that. Case, accents and punctuation do not count.
    Never raises.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    label = _letters(registrable_domain(host).partition(".")[0])
    words = [_letters(word) for word in name.replace("-", " ").split()]
    words = [word for word in words if word]
    whole = "".join(words)
    initials = "".join(word[0] for word in words)
    return bool(label and whole) and (
        label in whole
        or whole in label
        or any(len(word) >= _MIN_WORD_CHARS and word in label for word in words)
        or (len(initials) >= _MIN_INITIALS and initials == label)
    )


def _letters(text: str) -> str:
    """Return the letters and digits of a text, folded and without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if letter.isalnum())
