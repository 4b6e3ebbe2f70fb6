"""Names of outlets: which are ones, and which belong to a host."""

import unicodedata
from urllib.parse import urlsplit

from bot.gather.http.urls import registrable_domain

__all__ = ["resembles"]

_MIN_WORD_CHARS = 4
_MIN_INITIALS = 2
# Parts of hosts that name a server, not whose it is.
_OF_SERVERS = frozenset({"", "www", "m", "mobile", "amp", "feed", "feeds", "rss", "news", "blog"})


def resembles(name: str, url: str) -> bool:
    """Return whether an outlet's name is that of the host of ``url``, as far as letters show it.

    It is if a part of the host, without its ending, holds a word of the name (of four letters or
    more), the name holds such a part, or its initials are one. Case, accents and punctuation do
    not count. Never raises.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    domain = registrable_domain(host)
    own = [domain.partition(".")[0], *host.lower().removesuffix(domain).split(".")]
    labels = [_letters(label) for label in own if label not in _OF_SERVERS]
    words = [_letters(word) for word in name.replace("-", " ").split()]
    whole = "".join(words)
    initials = "".join(word[0] for word in words if word)
    return whole != "" and any(
        label in whole
        or whole in label
        or any(len(word) >= _MIN_WORD_CHARS and word in label for word in words)
        or (len(initials) >= _MIN_INITIALS and initials == label)
        for label in labels
        if label
    )


def _letters(text: str) -> str:
    """Return the letters and digits of a text, folded and without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if letter.isalnum())
