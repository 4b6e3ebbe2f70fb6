"""Which addresses become links, and how a link lands on a sentence."""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlsplit

from bot.render.fragment import text_directives

__all__ = ["host_of", "link_to", "safe_url"]

# Longer addresses carry tracking data or an attack, and what some browsers open ends here.
_MAX_URL_CHARS = 2000

# Legal in a URL (RFC 3986), "%" for what is encoded already; all else is encoded.
_LEGAL = "%:/?#[]@!$&'()*+,;=-._~"


@lru_cache(maxsize=4096)  # a story is laid out again and again until it fits, for every reader
def safe_url(url: str) -> str | None:
    """Return ``url`` as it may stand in a link, or None if it must not be one.

    Only http and https, with an address or a name with a dot for a host; no name before an
    "@", which makes one site look like another; nothing unprintable; at most 2,000 characters
    once encoded. The result is ASCII. Never raises; results are cached.
    """
    url = url.strip()
    if not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        if not host or "@" in parts.netloc or "\\" in parts.netloc or "%" in host:
            return None
        if "." not in host.strip(".") and ":" not in host:
            return None  # no public name: Telegram links none, as tdjson shows
        if ":" in host:
            host = f"[{host}]"
        elif not host.isascii():
            host = host.encode("idna").decode()
        address = parts._replace(netloc=host if port is None else f"{host}:{port}")
        encoded = quote(address.geturl(), safe=_LEGAL)
    except ValueError:  # a malformed host or port; UnicodeError, which is one, included
        return None
    # What is encoded of a host is in no name.
    is_site = parts.scheme in ("http", "https") and "%" not in quote(host, safe=_LEGAL)
    return encoded if is_site and len(encoded) <= _MAX_URL_CHARS else None


def host_of(url: str) -> str:
    """Return the site of a safe URL as a reader calls it: no "www.", no port.

    International names stay as ``safe_url`` writes them, in ASCII ("xn--mnchen-3ya.de").
    ``url`` is a result of ``safe_url``; for others ValueError is possible.
    """
    return (urlsplit(url).hostname or "").removeprefix("www.")


def link_to(url: str, sentences: Sequence[str]) -> str:
    """Return a safe URL that opens at ``sentences``, or ``url`` where it cannot say so.

    ``url`` is a result of ``safe_url``. A fragment that the address has stays in front of ours,
    as its fallback. One with directives of its own, or no room for ours within 2,000 characters,
    is left as it is. Never raises.
    """
    directives = text_directives(sentences)
    if not directives or ":~:" in url:
        return url
    pointed = f"{url}{'' if '#' in url else '#'}:~:{directives}"
    return pointed if len(pointed) <= _MAX_URL_CHARS else url
