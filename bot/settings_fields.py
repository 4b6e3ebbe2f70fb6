"""Field types of the settings, and checks of their values that know no setting by name.

A check raises ValueError with the end of a sentence that begins "NAME is not usable:". It never
repeats the value, since that may be a secret.
"""

import ipaddress
import re
import unicodedata
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

from pydantic_settings import NoDecode
from yarl import URL

__all__ = ["Words", "check_database_url", "is_local_address", "is_web_url", "refuse_control"]

_SQLITE = "sqlite+aiosqlite:///"
# As SQLAlchemy reads it, but for the port, which it hands on unread.
_POSTGRESQL = re.compile(
    r"postgresql\+psycopg://(?:[^:/@]*(?::[^@]*)?@)?"
    r"(?:\[[0-9A-Fa-f:.]+\]|[^/:?@\[\]]*)(?::(?P<port>[0-9]{1,5}))?(?:/[^?]*)?(?:\?.*)?"
)
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.IGNORECASE)
# As long as bot.gather.http.addresses opens.
_MAX_URL_CHARS = 4096

# Split by us, at blanks and commas; pydantic-settings would read JSON.
Words = Annotated[tuple[str, ...], NoDecode]


def check_database_url(value: str) -> None:
    """Raise ValueError unless ``value`` is "" or names an SQLite file or a PostgreSQL server.

    Only ``sqlite+aiosqlite:///`` without options and ``postgresql+psycopg://`` will do. The file
    may be missing, with its folder, but be no folder or device; the server is not asked. Looks
    at the disk.
    """
    if value.startswith(_SQLITE):
        quoted = value.removeprefix(_SQLITE)
        path = unquote(quoted)
        if not path or path.startswith((":memory:", "file:")):
            raise ValueError("it must name a file: memory has to outlive the program")
        if "?" in quoted:  # SQLite's own options are ours to set
            raise ValueError("a file takes no options; a ? in its name is written %3F")
        refuse_control(path)
        try:
            where = Path(path).resolve()
            is_other = path.endswith("/") or (where.exists() and not where.is_file())
        except (OSError, RuntimeError):  # the second of links that lead in a circle
            raise ValueError("that file cannot be looked at") from None
        if is_other:
            raise ValueError("that is a folder or a device, not a file")
    elif value:
        parts = _POSTGRESQL.fullmatch(value)
        if parts is None:
            raise ValueError("it must name a file or a server as .env.example shows")
        if parts["port"] and not _is_port(parts["port"]):
            raise ValueError("there is no such port")


def refuse_control(value: str) -> None:
    """Raise ValueError if ``value`` holds a control character or a line separator."""
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in value):
        raise ValueError("it holds control characters")


def is_web_url(value: str) -> bool:
    """Return whether ``value`` is an http(s) URL with a host, read as it will be when opened.

    Of at most 4,096 characters; a name and password, and a host that is not public, will do.
    """
    try:
        url = URL(value)
        has_port = url.port != 0
    except ValueError:
        return False
    is_web = url.scheme in {"http", "https"} and has_port and len(value) <= _MAX_URL_CHARS
    return is_web and _is_host(url.raw_host or "")


def is_local_address(word: str) -> bool:
    """Return whether ``word`` is a network, or a host and port, as addresses.Allowed reads them.

    Any network of addresses is one, however large and public: "0.0.0.0/0" too.
    """
    if "/" in word:
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError:
            return False
        return True
    host, _, port = word.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
        return ":" in host and "%" not in host and _is_host(host) and _is_port(port)
    return ":" not in host and _is_host(host) and _is_port(port)


def _is_host(host: str) -> bool:
    """Return whether ``host`` is a name, or an address where it looks like one."""
    if ":" not in host and not host.rpartition(".")[2].isdecimal():
        return bool(_HOST.fullmatch(host))
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_port(text: str) -> bool:
    return bool(re.fullmatch("[0-9]{1,5}", text)) and 0 < int(text) < 65536
