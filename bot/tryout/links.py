"""Which addresses Telegram makes links of, in which spelling, and why it refuses the others.

The rules are those of TDLib (HttpUrl.cpp and LinkManager.cpp); the tests compare the results with
TDLib's.
"""

import re
from ipaddress import AddressValueError, IPv6Address

__all__ = ["LinkError", "ascii_lower", "checked_link", "linked_user"]

# The ASCII characters of C's isspace, without the form feed, and with the NUL.
SPACE = " \t\r\n\0\v"
_OWN_SCHEMES = ("tg", "ton", "tonsite")
_MAX_PORT = 65_535
# User ids have 40 bits.
_MAX_USER = 2**40 - 1
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_PORT = re.compile(r"(?P<rest>.+):(?P<port>[^:\]@]*)", re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9.\-_!$,~*'();&+=]|%[0-9a-f]{2}|[^\x00-\x7f])+")
_USERINFO = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=:]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*")
_BLANK = re.compile(r"[\x00-\x20]")
_USER = re.compile(r"tg:(?://)?user/?\?(?P<arguments>[^#]*)")
_WHOLE = re.compile(r"-?[1-9][0-9]{0,18}")


class LinkError(Exception):
    """An address that becomes no link; the message is Telegram's own."""


def ascii_lower(text: str) -> str:
    """Return ``text`` with A-Z in lower case, and nothing else changed."""
    return text.translate(_LOWER)


def linked_user(url: str) -> int:
    """Return the user id in a ``tg://user?id=…`` address, 0 for any other or an invalid id.

    The first ``id`` counts. Never raises.
    """
    found = _USER.match(ascii_lower(url))
    if found is None:
        return 0
    for argument in found["arguments"].split("&"):
        name, _, value = argument.partition("=")
        if name == "id":
            return int(value) if _WHOLE.fullmatch(value) and 0 < int(value) <= _MAX_USER else 0
    return 0


def checked_link(url: str) -> str:
    """Return ``url`` in Telegram's spelling: with protocol and path, the host in lower case.

    Addresses may be of the web, or into the app, such as ``tg://resolve?domain=…``, where a query
    needs no path; without a protocol http is meant. Nothing is resolved or asked. Raises LinkError
    if Telegram makes no link of it.
    """
    lower = ascii_lower(url)
    scheme = next((scheme for scheme in _OWN_SCHEMES if lower.startswith(f"{scheme}:")), "")
    if not scheme:
        protocol, userinfo, host, port, query = _parsed(url)
        if "." not in host and not host.startswith("["):
            raise LinkError("Wrong HTTP URL")
        at = f"{userinfo}@" if userinfo else ""
        return f"{protocol}://{at}{host}{f':{port}' if port else ''}{query}"

    rest = url[len(scheme) + 1 :].removeprefix("//")
    protocol, userinfo, host, port, query = _parsed(rest)
    is_plain = protocol == "http" and not ascii_lower(rest).startswith("http://")
    if not is_plain or userinfo or port or host.startswith("["):
        raise LinkError("Wrong tg URL" if scheme == "tg" else "Wrong ton URL")
    if not re.fullmatch(r"[a-z0-9_.-]+" if scheme == "tonsite" else r"[a-z0-9_-]+", host):
        raise LinkError("Unallowed characters in URL host")
    return f"{scheme}://{host}{query.removeprefix('/') if query.startswith('/?') else query}"


def _parsed(url: str) -> tuple[str, str, str, int, str]:
    """Return protocol, user info, host, port (0 for none), and path with query and fragment."""
    head, colon, rest = url.partition("://")
    protocol = "http"
    if colon and not re.search(r"[:/?#@\[\]]", head):
        protocol = ascii_lower(head)
        if protocol not in {"http", "https"}:
            raise LinkError("Unsupported URL protocol")
        url = rest
    authority = re.split(r"[/?#]", url, maxsplit=1)[0]
    place, port = authority, 0
    if found := _PORT.fullmatch(authority):
        place, digits = found["rest"], found["port"].lstrip("0")
        if not re.fullmatch(r"[0-9]{1,5}", digits) or int(digits) > _MAX_PORT:
            raise LinkError("Wrong port number specified in the URL")
        port = int(digits)
    userinfo, _, host = place.rpartition("@")
    host = ascii_lower(host)
    _check_host(host)
    _check(userinfo, _USERINFO, "userinfo")

    path = url[len(authority) :].rstrip(SPACE)
    path = path if path.startswith("/") else f"/{path}"
    return protocol, userinfo, host, port, _BLANK.sub(lambda blank: f"%{ord(blank[0]):02X}", path)


def _check_host(host: str) -> None:
    """Raise LinkError for a host that is empty, or neither a name nor an address."""
    if host.startswith("[") and host.endswith("]"):
        try:
            IPv6Address(host[1:-1])
        except AddressValueError:
            raise LinkError("Wrong IPv6 address specified in the URL") from None
        return
    if not host:
        raise LinkError("URL host is empty")
    if host == ".":
        raise LinkError("Host is invalid")
    _check(host, _HOST, "host")


def _check(part: str, allowed: re.Pattern[str], name: str) -> None:
    """Raise LinkError for the first character that ``allowed`` does not match."""
    found = allowed.match(part)
    rest = part[found.end() :] if found else part
    if rest.startswith("%"):
        raise LinkError(f"Wrong percent-encoded symbol in URL {name}")
    if rest:
        raise LinkError(f"Disallowed character in URL {name}")
