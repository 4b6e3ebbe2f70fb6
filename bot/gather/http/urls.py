"""Addresses of pages: as they are linked to, and as keys by which twins are recognized."""

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

from tld import get_fld

from bot.gather.http.trackers import without_trackers

__all__ = ["canonical_url", "page_key", "registrable_domain"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Hosts that serve one page to different devices; what follows must still be a domain.
_TWIN_HOST = re.compile(r"^(?:(?:www\d?|m|mobile|touch|wap|amp)\.)+(?=[^.]+\.)")
# On some, the mark stands behind the language.
_TWIN_OF_LANGUAGE = re.compile(r"^([a-z]{2,3})\.m\.(?=[^.]+\.)")
# How publishers mark the AMP twin of a page: before its path, behind it, or in a parameter.
_AMP_BEFORE = re.compile(r"/amp(?=/.)", re.IGNORECASE)
_AMP_BEHIND = re.compile(
    r"(?<=[^/])(?:/amp(?:-?page)?(?:\.html?)?/?$|\.amp(?=\.html?$|$))", re.IGNORECASE
)
_AMP_PARAMETER = re.compile(
    r"(?:is_?)?amp(?:=.*)?|amp_.*|usqp=.*|(?:output(?:type)?|view|format|mode|type|variant)=amp",
    re.IGNORECASE,
)
# The file that a server gives for a folder.
_INDEX = re.compile(r"(?:index|default)\.(?:html?|php|aspx?|jsp)", re.IGNORECASE)
# Caches and viewers of search engines, whose path holds the page's address: "s/" is for https.
_AMP_CACHE_HOST = re.compile(
    r"(?:www\.)?(?:google(?:\.[a-z]{2,3}){1,2}|bing\.com)(?=/amp/)"
    r"|(?:[^/]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)(?=/[a-z]{1,2}/)"
)
_AMP_CACHE_PATH = re.compile(r"/[a-z]{1,3}/(s/)?(?=[^/]+\.[^/]+)")
# A session's number in a path, as Java servers write it.
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_HIGH_BYTES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# All that may stand in an address as it is (RFC 3986), and "%".
_ASCII = "".join(map(chr, range(0x21, 0x7F)))

# The shape of most articles' addresses, whose key needs no parsing.
_PLAIN = re.compile(
    r"https?://(?:(?:www|m|mobile)\.(?=[a-z0-9-]+\.))?([a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    r"((?:/(?!\.\.?(?:/|$))[\w.,~+-]+)*)/?",
    re.ASCII,
)
# What may make a plain address one that is not: another twin of a host or a page.
_NOT_PLAIN = re.compile(
    r"amp|^(?:www\d?|m|mobile|touch|wap)\.|^[a-z]{2,3}\.m\.|/(?:index|default)\.[^/]*$",
    re.IGNORECASE,
)


def canonical_url(url: str) -> str:
    """Return the address under which an article is stored; it still opens the page.

    Byte for byte ``url``, but without trackers, credentials, fragment, default port, a dot behind
    the host and white space around; scheme and host in lower case. What is no http(s) URL, or has
    a port that cannot be, comes back unchanged. Never raises; linear.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = parts.hostname.lower().rstrip(".")
    host = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = without_trackers(parts.query)
    address = f"{scheme}://{host}{parts.path or '/'}" + (f"?{query}" if query else "")
    return address.rstrip()  # a tracker may have stood behind a space


def page_key(url: str) -> str:
    """Return a key that the twins of a page share: http and https, www, mobile and AMP.

    So do the spellings of one address: percent signs, Punycode, dots in the path, the order of
    parameters; so does a page in the AMP cache of a search engine. All that ``canonical_url``
    makes one address of has one key. It is no address and must not be opened: which of the twins
    exist is unknown. What is no http(s) URL is its own key, and so is one that cannot be read;
    never raises.
    """
    plain = _PLAIN.fullmatch(url)
    if plain and not _NOT_PLAIN.search(plain[1] + plain[2]):
        return f"{plain[1]}{plain[2]}"
    if url.lstrip()[:4].lower() != "http":  # a guid, mostly: no need to parse it
        return url
    address = _out_of_cache(canonical_url(url))
    try:
        parts = urlsplit(address)
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return url
    host, path = _host_key(parts.netloc), parts.path
    path = _AMP_BEHIND.sub("", _SESSION.sub("", path))
    path = _spelled(_AMP_BEFORE.sub("", path, count=1) if _AMP_BEFORE.match(path) else path)
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    if segments and not parts.query and _INDEX.fullmatch(segments[-1]):
        del segments[-1]
    key = "/".join((host, *segments))
    parameters = sorted(
        _spelled(piece).replace("%20", "+").removesuffix("=")
        for piece in parts.query.split("&")
        if piece and not _AMP_PARAMETER.fullmatch(piece)
    )
    return f"{key}?{'&'.join(parameters)}" if parameters else key


def _out_of_cache(address: str) -> str:
    """Return the address of the page that an AMP cache or viewer shows; others as they are."""
    rest = address.partition("://")[2]
    if (host := _AMP_CACHE_HOST.match(rest)) and (path := _AMP_CACHE_PATH.match(rest, host.end())):
        return canonical_url(f"http{'s' if path[1] else ''}://{rest[path.end() :]}")
    return address


def _host_key(netloc: str) -> str:
    """Return a host, with its port, without the marks of twins, and in Punycode."""
    host = _TWIN_OF_LANGUAGE.sub(r"\1.", _TWIN_HOST.sub("", netloc))
    if host.isascii():
        return host
    name, colon, port = host.partition(":")
    try:
        return name.encode("idna").decode() + colon + port
    except UnicodeError:
        return host


def _spelled(text: str) -> str:
    """Return part of an address in the one spelling of RFC 3986 and RFC 3987.

    What needs no percent signs has none, letters beyond ASCII have them, composed and in UTF-8;
    bytes that are no UTF-8 stay, their digits in capitals.
    """
    if "%" not in text and text.isascii():
        return text

    def letters(found: re.Match[str]) -> str:
        try:
            return unquote(found[0], errors="strict")
        except UnicodeDecodeError:
            return found[0]

    def plain(found: re.Match[str]) -> str:
        byte = int(found[1], 16)
        return chr(byte) if byte in _UNRESERVED else found[0].upper()

    text = unicodedata.normalize("NFC", _HIGH_BYTES.sub(letters, text))
    return _PERCENT.sub(plain, quote(text, safe=_ASCII, errors="surrogatepass"))


def registrable_domain(host: str) -> str:
    """Return the registrable domain of a host name: "bbc.co.uk" of "www.bbc.co.uk".

    By the public suffix list with its private part (that of a.b.github.io is b.github.io), whose
    last rule takes an unknown top-level domain for a suffix. A host without such a domain (an IP
    address, localhost, co.uk, "") is returned in lower case, without a dot at its end; what else
    is no host name is not checked. The first call in a process reads the list, which comes with the
    library and takes 0.1 s; no network is used. Never raises.
    """
    name = host.lower().rstrip(".")
    found = get_fld(name, fix_protocol=True, fail_silently=True)
    if found or ":" in name or name.replace(".", "").isdigit():
        return found or name
    return ".".join(name.split(".")[-2:])
