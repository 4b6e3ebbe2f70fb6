"""Page keys as they were made before schema 0004, to recognise what was stored under them.

Not to be changed: rows and digests of that time hold what this returns. It can go once nobody
upgrades from schema 0003 any more (docs/decisions/0089).
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

__all__ = ["earlier_page_key"]

_TRACKERS = re.compile(
    r"utm_.*|at_(medium|campaign|custom\d?|link_.*|bbc_.*|format|ptr_name)|pk_.*|piwik_.*|mc_[ce]id|"
    r"fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|ocid|cmpid|cmp|ns_.*|ito|"
    r"smid|smtyp|partner|ref_src|ref_url|rss|source=rss|_hs(enc|mi)|mkt_tok|spm|xtor|wt_mc|"
    r"ftag|tag=rss|feedtype|traffic_source|feature=emb_.*",
    re.IGNORECASE,
)
_BYTES = "surrogateescape"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP_SEGMENT = re.compile(r"(?<=/)amp/|/amp/?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_HOST = re.compile(r"^amp\.", re.IGNORECASE)
_TWIN_HOST = re.compile(r"^(?:www|m|mobile)\.(?=[^.]+\.)")


def earlier_page_key(url: str) -> str:
    """Return the key that ``page_key`` of schema 0003 and before made of ``url``; never raises."""
    if url.lstrip()[:4].lower() != "http":
        return url
    try:
        parts = urlsplit(_canonical(url))
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return url
    host = _TWIN_HOST.sub("", parts.netloc)
    return urlunsplit(("", "", host + parts.path.rstrip("/"), parts.query, ""))


def _canonical(url: str) -> str:
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
