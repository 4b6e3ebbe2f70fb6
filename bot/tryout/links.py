"""Addresses as Telegram reads them: which become links, how they are written, why not.

The rules are those of TDLib (HttpUrl.cpp and LinkManager.cpp), which the tests hold it against.
"""

import re
from ipaddress import AddressValueError, IPv6Address

__all__ = ["LinkError", "ascii_lower", "checked_link", "linked_user"]

# What C's isspace says of ASCII, without the form feed, and with the NUL.
SPACE = " \t\r\n\0\v"
_OWN_SCHEMES = ("tg", "ton", "tonsite")
_MAX_PORT = 65_535
# User ids have 40 bits.
_MAX_USER = 2**40 - 1
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_AUTHORITY = re.compile(r"[^/?#]*")
_PORT = re.compile(r"(?P<rest>.+):(?P<port>[^:\]@]*)", re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9.\-_!$,~*'();&+=]|%[0-9a-f]{2}|[^\x00-\x7f])+")
_USERINFO = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=:]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*")
_BLANK = re.compile(r"[\x00-\x20]")
_USER = re.compile(r"tg:(?://)?user/?\?(?P<arguments>[^#]*)")
_WHOLE = re.compile(r"-?[1-9][0-9]{0,18}")


class LinkError(Exception):
    """An address that becomes no link; the text is Telegram's own."""


def ascii_lower(text: str) -> str:
    """Return ``text`` with A-Z in lower case, and nothing else changed."""
    return text.translate(_LOWER)


def linked_user(url: str) -> int:
    """Return whom a ``tg://user?id=…`` address names, 0 if it is none."""
    found = _USER.match(ascii_lower(url))
    if found is None:
        return 0
    for argument in found["arguments"].split("&"):
        name, _, value = argument.partition("=")
        if name == "id":
            return int(value) if _WHOLE.fullmatch(value) and 0 < int(value) <= _MAX_USER else 0
    return 0


def checked_link(url: str) -> str:
    """Return ``url`` as Telegram writes it; raise LinkError if it makes no link of it."""
    scheme = next((one for one in _OWN_SCHEMES if ascii_lower(url).startswith(f"{one}:")), "")
    if scheme:
        return _own_link(scheme, url[len(scheme) + 1 :].removeprefix("//"))
    protocol, userinfo, host, port, query = _parsed(url)
    if "." not in host and not host.startswith("["):
        raise LinkError("Wrong HTTP URL")
    at = f"{userinfo}@" if userinfo else ""
    return f"{protocol}://{at}{host}{f':{port}' if port else ''}{query}"


def _own_link(scheme: str, rest: str) -> str:
    """Return a link into the app, such as ``tg://resolve?domain=…``."""
    protocol, userinfo, host, port, query = _parsed(rest)
    is_plain = protocol == "http" and not ascii_lower(rest).startswith("http://")
    if not is_plain or userinfo or port or host.startswith("["):
        raise LinkError("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    if not re.fullmatch(r"[a-z0-9_.-]+" if scheme == "tonsite" else r"[a-z0-9_-]+", host):
        raise LinkError("Unallowed characters in URL host")
    return f"{scheme}://{host}{query.removeprefix('/') if query.startswith('/?') else query}"


def _parsed(url: str) -> tuple[str, str, str, int, str]:
    """Return protocol, user info, host, port (0 if unsaid) and all that follows."""
    head, colon, rest = url.partition("://")
    protocol = "http"
    if colon and not re.search(r"[:/?#@\[\]]", head):
        protocol = ascii_lower(head)
        if protocol not in {"http", "https"}:
            raise LinkError("Unsupported URL protocol")
        url = rest
    authority = _AUTHORITY.match(url)
    assert authority is not None
    place, port = _port(authority[0])
    userinfo, _, host = place.rpartition("@")
    host = _host(ascii_lower(host))
    _check(userinfo, _USERINFO, "userinfo")
    return protocol, userinfo, host, port, _query(url[authority.end() :])


def _port(place: str) -> tuple[str, int]:
    found = _PORT.fullmatch(place)
    if found is None:
        return place, 0
    digits = found["port"].lstrip("0")
    if not re.fullmatch(r"[0-9]{1,5}", digits) or int(digits) > _MAX_PORT:
        raise LinkError("Wrong port number specified in the URL")
    return found["rest"], int(digits)


def _host(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            IPv6Address(host[1:-1])
        except AddressValueError:
            raise LinkError("Wrong IPv6 address specified in the URL") from None
        return host
    if not host:
        raise LinkError("URL host is empty")
    if host == ".":
        raise LinkError("Host is invalid")
    _check(host, _HOST, "host")
    return host


def _check(part: str, allowed: re.Pattern[str], name: str) -> None:
    """Raise LinkError for the first character that ``allowed`` does not take."""
    found = allowed.match(part)
    rest = part[found.end() :] if found else part
    if rest.startswith("%"):
        raise LinkError(f"Wrong percent-encoded symbol in URL {name}")
    if rest:
        raise LinkError(f"Disallowed character in URL {name}")


def _query(rest: str) -> str:
    """Return path, query and fragment, with a slash in front and no blanks."""
    rest = rest.rstrip(SPACE)
    rest = rest if rest.startswith("/") else f"/{rest}"
    return _BLANK.sub(lambda blank: f"%{ord(blank[0]):02X}", rest)
