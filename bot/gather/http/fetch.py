"""HTTP client for untrusted URLs: public addresses only, rate-limited, with time and size limits.

Every hop of every redirect passes the same checks: its URL (``addresses``), the answers of the
resolver, and at last the address that the socket is about to connect to. No time passes between
that check and its use, so a name that resolves differently a moment later (DNS rebinding) gains
nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.ports import Clock
from bot.errors import SourceUnavailable, TooLarge, UnsafeAddress
from bot.gather.http.addresses import Allowed, CheckedUrl, IPAddress, check_url, is_public, join_url
from bot.gather.http.cache_headers import max_age_s, retry_after_s
from bot.gather.http.decompression import OFFERED, DecompressedBody
from bot.gather.http.host_limits import HostLimits

__all__ = ["AddrInfo", "Fetched", "Fetcher", "Resolver"]

Resolver = AbstractResolver
# As of ``socket.getaddrinfo``: family, type, protocol, canonical name, socket address.
AddrInfo = tuple[int, int, int, str, tuple[Any, ...]]

# Browsers follow 20; a news link that needs more than a shortener, a consent page and a new
# domain leads nowhere.
MAX_REDIRECTS = 5
# Name, TCP and TLS together; a working host takes under 3 s from anywhere.
CONNECT_S = 10.0
# The longest wait between two pieces of an answer.
IDLE_S = 15.0
# Requests on their way at once, to all hosts.
MAX_OPEN = 64
# Small enough that decompressing a piece does not block the loop.
_PIECE_BYTES = 65_536
# Some sites send more than aiohttp's 8 KB in one header (content security policies).
_MAX_HEADER_BYTES = 32_768
# 200, changed by a proxy on the way (RFC 9110, 15.3.4).
_TRANSFORMED = 203
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVED_FOR_GOOD = frozenset({301, 308})
# 4xx that are temporary: request timeout, too early, too many requests.
_BUSY = frozenset({408, 425, 429})
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, "
    "application/xml;q=0.9, */*;q=0.8"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A server's answer; ``body`` is decompressed, and empty unless ``status`` is 2xx.

    ``status`` is 200 for 203, too: the same answer, changed by a proxy on its way.
    ``url`` is where the answer came from, after redirects. ``moved_to`` is that address if every
    redirect on the way was permanent and ``status`` is 200 or 304, else "". ``etag`` and
    ``last_modified`` are byte for byte what the server sent, "" if they could not be sent back.
    ``max_age_s`` and ``retry_after_s`` are its hints, None without any.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    max_age_s: float | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: str
    for_good: bool


class Fetcher:
    """HTTP GET for public addresses: one request at a time per host, ``min_gap_s`` apart.

    An async context manager; ``fetch`` works inside of it only, in any number of tasks.
    ``allow`` opens addresses of this machine or network (see ``Allowed``), for local use, and
    raises SetupError for entries that are none. ``on_pause`` is awaited with a host and an
    instant when a server sends ``Retry-After``, so that ``pause`` can restore it after a restart.
    ``resolver`` and ``open_socket`` are seams for tests: their results are checked all the same.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        user_agent: str,
        allow: Sequence[str] = (),
        resolver: Resolver | None = None,
        min_gap_s: float = 1.0,
        on_pause: Callable[[str, datetime], Awaitable[None]] | None = None,
        open_socket: Callable[[AddrInfo], socket.socket] | None = None,
    ) -> None:
        self._clock = clock
        self._on_pause = on_pause
        self._user_agent = user_agent
        self._allowed = Allowed(allow)
        self._limits = HostLimits(clock, gap_s=min_gap_s, max_open=MAX_OPEN)
        self._resolver = resolver
        self._open_socket = open_socket or _open_socket
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        max_bytes: int = 5_000_000,
        total_s: float = 30.0,
    ) -> Fetched:
        """Return what is at ``url``, also if that is 304, 404, 410 or another lasting refusal.

        At most 5 redirects are followed, each in a turn of its host; one that says not whereto
        is returned. ``total_s`` limits the time under way, redirects included, but not the wait
        for turns; connecting may take 10 s of it, a silence 15 s. ``etag`` and ``last_modified``
        are those of the last answer. An error (400 or above) with ``Retry-After`` pauses its
        host, raised or not.

        Raises SourceUnavailable (no answer, or one that is cut short or compressed as we cannot
        read; 5xx, 408, 425, 429, a paused host, too many redirects), UnsafeAddress (also for a
        redirect), TooLarge (over ``max_bytes`` on the wire or decompressed), RuntimeError outside
        of the context. What ``on_pause`` raises passes through, but for OSError and ValueError,
        which become SourceUnavailable.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        first = check_url(url, allowed=self._allowed)
        where, for_good = first, True
        for _ in range(MAX_REDIRECTS + 1):
            answer, took_s = await self._request(where, headers, max_bytes, total_s)
            total_s -= took_s
            if isinstance(answer, Fetched):
                has_moved = for_good and where.url != first.url and answer.status in {200, 304}
                return replace(answer, moved_to=answer.url) if has_moved else answer
            for_good = for_good and answer.for_good
            where = check_url(join_url(where.url, answer.to), allowed=self._allowed)
        raise SourceUnavailable("too-many-redirects", n=MAX_REDIRECTS)

    def pause(self, pauses: Mapping[str, datetime]) -> None:
        """Refuse requests to hosts before the instants given, as if they had asked for it.

        The instants are aware, the hosts those that ``on_pause`` was given; a longer pause stays
        in force. Nothing is stored, nor is ``on_pause`` called.
        """
        for host, until in pauses.items():
            self._limits.pause(host, until)

    async def __aenter__(self) -> Self:
        resolver = _GuardedResolver(
            self._allowed, self._resolver or _ThreadedResolver(), self._open_socket
        )
        connector = aiohttp.TCPConnector(
            resolver=resolver,
            socket_factory=resolver.open_socket,
            use_dns_cache=False,
            limit=0,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": OFFERED},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_S, sock_read=IDLE_S),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _request(
        self, where: CheckedUrl, headers: dict[str, str], max_bytes: int, left_s: float
    ) -> tuple[Fetched | _Redirect, float]:
        """Return the answer of one hop, and the seconds it was under way."""
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        # A public host has one queue, an allowed local one has a queue per port.
        is_local = self._allowed.host(where.host, where.port) or (
            where.address is not None and self._allowed.address(where.address, where.port)
        )
        host = f"{where.host}:{where.port}" if is_local else where.host
        loop = asyncio.get_running_loop()
        async with self._limits.turn(host):
            began = loop.time()
            try:
                address = URL(where.url, encoded=True)
                async with (
                    asyncio.timeout(max(left_s, 0.0)),
                    self._session.get(address, headers=headers, allow_redirects=False) as response,
                ):
                    answer = await self._read(where, host, response, max_bytes)
            # Our errors have neither the URL nor the addresses of aiohttp's.
            except TimeoutError as error:
                raise SourceUnavailable("no-answer-in-time") from error
            except aiohttp.ClientConnectorDNSError as error:
                raise SourceUnavailable("name-not-found") from error
            except aiohttp.ClientConnectorCertificateError as error:
                raise SourceUnavailable("invalid-certificate") from error
            except aiohttp.ClientPayloadError as error:
                raise SourceUnavailable("cut-short") from error
            except aiohttp.ClientResponseError as error:
                raise SourceUnavailable("no-http") from error
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if isinstance(getattr(error, "os_error", None), _NotPublicError):
                    raise UnsafeAddress("leads-to-no-public-address") from error
                raise SourceUnavailable("unreachable") from error
            return answer, loop.time() - began

    async def _read(
        self, where: CheckedUrl, host: str, response: aiohttp.ClientResponse, max_bytes: int
    ) -> Fetched | _Redirect:
        """Return the answer with its body, or where it redirects to; note a pause it asks for."""
        status, headers, now = response.status, response.headers, self._clock.now()
        wait_s = retry_after_s(headers, now=now) if status >= 400 else None
        if wait_s is not None:
            until = now + timedelta(seconds=wait_s)
            self._limits.pause(host, until)
            if self._on_pause is not None:
                await self._on_pause(host, until)
        if status in _MOVED and "Location" in headers:
            return _Redirect(_readable(headers["Location"]), status in _MOVED_FOR_GOOD)
        if status >= 500 or status in _BUSY:
            raise SourceUnavailable("http-status", status=status, retry_after_s=wait_s)
        body = b""
        if 200 <= status < 300:
            received = DecompressedBody(headers.get("Content-Encoding", ""), max_bytes=max_bytes)
            if (response.content_length or 0) > max_bytes:
                raise TooLarge("too-many-bytes", n=max_bytes)
            async for piece in response.content.iter_chunked(_PIECE_BYTES):
                received.add(piece)
            body = received.whole()
        return Fetched(
            url=where.url,
            status=200 if status == _TRANSFORMED else status,
            body=body,
            content_type=_readable(headers.get("Content-Type", "")),
            etag=_validator(headers.get("ETag", "")),
            last_modified=_validator(headers.get("Last-Modified", "")),
            max_age_s=max_age_s(headers, now=now),
            retry_after_s=wait_s,
        )


class _GuardedResolver(AbstractResolver):
    """The session's resolver and socket factory; both let only public addresses through."""

    def __init__(
        self,
        allowed: Allowed,
        resolver: Resolver,
        open_socket: Callable[[AddrInfo], socket.socket],
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._open_socket = open_socket
        # What the names that the operator allowed resolve to; as few as there are such names.
        self._named: set[tuple[IPAddress, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the public addresses of ``host``.

        Raises UnsafeAddress if it has only others, OSError if it has none.
        """
        answers = await self._resolver.resolve(host, port, family)
        if self._allowed.host(host, port):
            self._named.update((_address(answer["host"]), port) for answer in answers)
        public = [answer for answer in answers if self._admits(_address(answer["host"]), port)]
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        if not public:
            raise UnsafeAddress("leads-to-no-public-address")
        return public

    async def close(self) -> None:
        """Close the wrapped resolver."""
        await self._resolver.close()

    def open_socket(self, info: AddrInfo) -> socket.socket:
        """Return an unconnected socket for ``info``, to which it is going to be connected.

        Raises an OSError if that is no public address.
        """
        host, port = info[4][:2]
        address = _address(host)
        if not self._admits(address, port):
            raise _NotPublicError(f"{address} is no public address")
        return self._open_socket(info)

    def _admits(self, address: IPAddress, port: int) -> bool:
        if (address, port) in self._named or self._allowed.address(address, port):
            return True
        return is_public(address)


class _ThreadedResolver(AbstractResolver):
    """The system's resolver, in threads of its own: lookups that hang block nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``, as ordered by the system.

        Raises OSError if there are none. A lookup cannot be interrupted: its thread ends late.
        """
        infos = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            partial(
                socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG
            ),
        )
        return [
            ResolveResult(
                hostname=host, host=str(at[0]), port=port, family=kind, proto=proto, flags=0
            )
            for kind, _, proto, _, at in infos
        ]

    async def close(self) -> None:
        """Release the threads, without waiting for lookups that hang."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _NotPublicError(OSError):
    """A socket was not opened; an OSError, because aiohttp expects those of sockets."""


def _open_socket(info: AddrInfo) -> socket.socket:
    return socket.socket(info[0], info[1], info[2])


@lru_cache(4_096)
def _address(text: str) -> IPAddress:
    return ipaddress.ip_address(text)


def _validator(value: str) -> str:
    """Return ``value`` as it is, or "" where it could not be sent back byte for byte."""
    return value if value.isprintable() else ""


def _readable(value: str) -> str:
    """Return a header whose bytes were not all UTF-8 as text, taking them for Latin-1."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode(errors="surrogateescape").decode("latin-1")
    return value
