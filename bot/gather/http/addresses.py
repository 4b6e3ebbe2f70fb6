"""SSRF protection: only public addresses, by http(s), on web ports, without credentials.

Links come from readers, feeds and redirects, so any of them may point into the machine's own
network. A URL is read the way browsers read it (WHATWG URL standard), because an address has
many spellings, and checked here before each request; the fetcher checks the address of each
socket again, because a name may lead elsewhere a second later.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin

from yarl import URL

from bot.errors import SetupError, UnsafeAddress

__all__ = ["Allowed", "CheckedUrl", "IPAddress", "check_url", "is_public", "join_url"]

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Browsers and servers stop at 2–8 KB; the longest feed or article link of our samples has 600.
MAX_URL_CHARS = 4096
# The ports news is served on; others belong to mail, databases and consoles.
WEB_PORTS = frozenset({80, 443, 8080, 8443})
_DEFAULT_PORTS = {"http": 80, "https": 443}

# IANA's IPv4 special-purpose registry, and the address Azure keeps for its own host.
# 192.0.0.0/24 is refused whole: clouds answer in it, and the two public addresses serve no news.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(net)
    for net in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
)
# All of IPv6 that is given out, less what leads elsewhere: protocols and Teredo (2001::/23),
# 6to4 (2002::/16), documentation. Mapped, translated (NAT64, SIIT), local and multicast
# addresses all lie outside of 2000::/3.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(net)
    for net in [
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3ffe::/16",
        "3fff::/20",
    ]
)
# Names that mean a place on this machine or network, whatever a resolver says (RFC 6761, 8375).
_LOCAL_SUFFIXES = (".home.arpa", ".internal", ".local", ".localdomain", ".localhost", ".onion")

_STRIPPED = "".join(map(chr, range(0x21)))
_DROPPED = str.maketrans("", "", "\t\n\r")
_FEED_SCHEME = re.compile(r"\Afeed:(?:(?://)?(https?://)|//)", re.IGNORECASE)
_PARTS = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?=.{1,253}\.?$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
# What stays as it is in a path or query; everything else is percent-encoded once.
_KEPT = "!$%&'()*+,-./:;=?@[]_|~"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedUrl:
    """A URL we may open, spelled one way: lower-case ASCII host, no default port or fragment.

    ``address`` is the host where it is an IP address. Where it is None, the host is a name, and
    each address that it resolves to must still be checked.
    """

    url: str
    scheme: str
    host: str
    port: int
    address: IPAddress | None


class Allowed:
    """Addresses of this machine or network that the operator opened, for local use.

    ``entries`` are ``host:port``, ``ip:port``, ``[ipv6]:port`` or a network such as
    ``192.168.1.0/24``; a name is in ASCII, in letters of either case. Raises SetupError on any
    other entry; a port or name that cannot be opens nothing, and is not found out.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._hosts: set[tuple[str, int]] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for entry in (raw.strip().lower() for raw in entries):
            try:
                if "/" in entry:
                    self._networks.append(ipaddress.ip_network(entry, strict=False))
                    continue
                host, _, port = entry.rpartition(":")
                if not host:
                    raise ValueError("a port is missing")
                with suppress(ValueError):  # an address is spelled as in a checked URL
                    host = str(ipaddress.ip_address(host.strip("[]")))
                self._hosts.add((host, int(port)))
            except ValueError as error:
                raise SetupError(
                    f"“{entry}” is no host:port or network that could be allowed"
                ) from error

    def host(self, host: str, port: int) -> bool:
        """Return whether the operator opened this very host and port.

        ``host`` is spelled as in a CheckedUrl; what it resolves to does not matter.
        """
        return (host, port) in self._hosts

    def address(self, address: IPAddress, port: int) -> bool:
        """Return whether the operator opened this address at this port, or its network.

        A network is open at every port.
        """
        return self.host(str(address), port) or any(address in net for net in self._networks)


def check_url(url: str, *, allowed: Allowed | None = None) -> CheckedUrl:
    """Return ``url`` in its one spelling. Resolves no names.

    Raises UnsafeAddress, with the reason, for a URL that we do not open: another scheme, not
    public, not a web port (80, 443, 8080, 8443), credentials, over 4,096 characters, or not
    readable as a URL. Hosts and addresses in ``allowed`` need not be public and may be at any
    port. A "feed:" in front, or in the scheme's place, is dropped. The spelling is in ASCII, so
    it may be longer than 4,096 characters, and then not pass again.
    """
    text = url.strip(_STRIPPED).translate(_DROPPED)
    # Old feed readers put "feed:" before a URL, or in the place of its scheme.
    text = _FEED_SCHEME.sub(lambda found: found[1] or "http://", text, count=1)
    if len(text) > MAX_URL_CHARS:
        raise UnsafeAddress("link-too-long")
    parts = _PARTS.match(text)
    if parts is None:
        raise UnsafeAddress("other-scheme")
    scheme, authority, rest = parts[1].lower(), parts[2], parts[3]
    host, port = _read_authority(authority, _DEFAULT_PORTS[scheme])
    address = _read_address(host)
    host = host if address is None else str(address)
    allowed = allowed or Allowed()
    is_allowed = allowed.host(host, port) if address is None else allowed.address(address, port)
    if not is_allowed:
        if port not in WEB_PORTS:
            raise UnsafeAddress("no-web-port", port=str(port))
        if address is not None and not is_public(address):
            raise UnsafeAddress("no-public-address")
        if address is None and ("." not in host or host.endswith(_LOCAL_SUFFIXES)):
            raise UnsafeAddress("no-public-name")
    # Path and query stay as they were, but in ASCII throughout.
    port_part = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    path, mark, query = rest.partition("?")
    path = "/" + path.replace("\\", "/").removeprefix("/")
    tail = quote(path + mark + query, safe=_KEPT, errors="replace")
    spelled = f"{scheme}://{f'[{host}]' if ':' in host else host}{port_part}{tail}"
    return CheckedUrl(url=spelled, scheme=scheme, host=host, port=port, address=address)


def is_public(address: IPAddress) -> bool:
    """Return whether ``address`` belongs to the open internet.

    Stricter than ``address.is_global``, which in Python 3.11 is behind IANA's registries and
    passes addresses that are translated into private ones (NAT64, SIIT, 6to4). No I/O.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in net for net in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in net for net in _CLOSED_V6)


def join_url(base: str, link: str) -> str:
    """Return ``link`` as seen from the page ``base``; the result still has to be checked.

    It may be of any scheme, or none if ``base`` has none. Raises UnsafeAddress where the two
    cannot be read as URLs.
    """
    try:
        return urljoin(base, link.strip(_STRIPPED).translate(_DROPPED))
    except ValueError as error:
        raise UnsafeAddress("no-url") from error


def _read_authority(authority: str, default_port: int) -> tuple[str, int]:
    """Return the host as ASCII in lower case, IPv6 in brackets, and the port."""
    if "@" in authority:
        raise UnsafeAddress("link-with-password")
    if "\\" in authority:  # browsers end the host here, other readers do not
        raise UnsafeAddress("backslash-in-host")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise UnsafeAddress("unreadable-host")
    host, port = parts[1], int(parts[2] or default_port)
    if not 0 < port < 65536:
        raise UnsafeAddress("no-such-port")
    if host.startswith("["):
        return host, port
    if not host.isascii() or "%" in host:
        try:
            host = unicodedata.normalize("NFKC", unquote(host, errors="strict"))
            # Browsers take these three for dots; NFKC alone leaves the first.
            host = re.sub("[。．｡]", ".", host)
            host = host if host.isascii() else str(URL.build(scheme="http", host=host).raw_host)
        except ValueError as error:  # UnicodeError is one
            raise UnsafeAddress("unreadable-host") from error
    host = host.lower()
    if not _NAME.fullmatch(host):
        raise UnsafeAddress("unreadable-host")
    return host.removesuffix("."), port


def _read_address(host: str) -> IPAddress | None:
    """Return the address that ``host`` spells, None where it is a name.

    IPv4 has one to four numbers, the last of which fills what is left. Each may be decimal,
    octal (0…) or hexadecimal (0x…).
    """
    try:
        if host.startswith("["):
            if "%" in host:
                raise UnsafeAddress("link-local-address")
            return ipaddress.IPv6Address(host[1:-1])
        labels = host.split(".")
        if not _NUMBER.fullmatch(labels[-1]):
            return None
        numbers = []
        for label in labels:
            if label.startswith("0x"):
                numbers.append(int(label[2:] or "0", 16))
            elif label.isdecimal():
                numbers.append(int(label, 8 if label.startswith("0") else 10))
            else:
                raise ValueError("no number")
        *first, last = numbers
        if len(numbers) > 4 or any(n > 255 for n in first) or last >= 256 ** (4 - len(first)):
            raise ValueError("no IPv4 address")
        high = sum(n << (24 - 8 * i) for i, n in enumerate(first))
        return ipaddress.IPv4Address(high + last)
    except ValueError as error:
        raise UnsafeAddress("unreadable-host") from error
