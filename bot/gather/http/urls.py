"""Canonical forms of URLs, by which two links to the same page are recognized."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tld import get_fld

__all__ = ["canonical_url", "page_key", "registrable_domain"]

# Parameters that newsletters, networks and shops add to see where a reader came from.
_TRACKERS = re.compile(
    r"utm_.*|at_(medium|campaign|custom\d?|link_.*|bbc_.*|format|ptr_name)|pk_.*|piwik_.*|mc_[ce]id|"
    r"fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|ocid|cmpid|cmp|ns_.*|ito|"
    r"smid|smtyp|partner|ref_src|ref_url|rss|source=rss|_hs(enc|mi)|mkt_tok|spm|xtor|wt_mc|"
    r"ftag|tag=rss|feedtype|traffic_source|feature=emb_.*",
    re.IGNORECASE,
)
# Parameters of old pages (%E9) are not UTF-8: their bytes stay as they are.
_BYTES = "surrogateescape"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP_SEGMENT = re.compile(r"(?<=/)amp/|/amp/?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_HOST = re.compile(r"^amp\.", re.IGNORECASE)
# Hosts that serve one page to different devices; what follows must still be a domain.
_TWIN_HOST = re.compile(r"^(?:www|m|mobile)\.(?=[^.]+\.)")

# The shape of most articles' addresses, whose key needs no parsing.
_PLAIN = re.compile(
    r"https?://(?:(?:www|m|mobile)\.(?=[a-z0-9-]+\.))?([a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    r"((?:/[^/?#\s]+)*)/?"
)


def canonical_url(url: str) -> str:
    """Return the address under which an article is stored; it still opens the page.

    Without trackers, credentials, fragment, default port and the marks of an AMP twin; scheme
    and host in lower case, other parameters sorted and encoded anew ("a" becomes "a="). What is
    no http(s) URL, or has a port that cannot be, comes back unchanged. Raises ValueError for a
    query that is no valid Unicode (lone surrogates, but those that stand for bytes).
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = _AMP_HOST.sub("www.", parts.hostname.lower().rstrip("."))
    host = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    path = _AMP_SEGMENT.sub("", parts.path) or "/"
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors=_BYTES)
        if not _TRACKERS.fullmatch(name)
        and name.lower() != "amp"
        and (name.lower(), value.lower()) != ("outputtype", "amp")
    ]
    return urlunsplit((scheme, host, path, urlencode(sorted(kept), errors=_BYTES), ""))


def page_key(url: str) -> str:
    """Return a key that the twins of a page share: http and https, www, mobile and AMP.

    So do all that ``canonical_url`` makes one address of, but for marks of AMP in capitals. It is
    no address and must not be opened: which of the twins exist is unknown. What is no http(s) URL
    is its own key, and so is one that cannot be read; never raises.
    """
    plain = _PLAIN.fullmatch(url)
    if plain and "amp" not in plain[2] and not plain[1].startswith("amp."):
        return f"{plain[1]}{plain[2]}"
    if url.lstrip()[:4].lower() != "http":  # a guid, mostly: no need to parse it
        return url
    try:
        parts = urlsplit(canonical_url(url))
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return url
    host = _TWIN_HOST.sub("", parts.netloc)
    return urlunsplit(("", "", host + parts.path.rstrip("/"), parts.query, ""))


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
