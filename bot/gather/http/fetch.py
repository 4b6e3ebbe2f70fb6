"""The one door to the web: polite, patient for so long, and open to public addresses only.

Every hop of every redirect passes the same checks: its URL (``addresses``), the answers of the
resolver, and at last the address that the socket is about to connect to. No check and use are
apart, so a name that changes its mind in between gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
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
# What a resolver's answer becomes: family, type, protocol, canonical name, socket address.
AddrInfo = tuple[int, int, int, str, tuple[Any, ...]]

# Browsers follow 20; a news link that needs more than a shortener, a consent page and a new
# domain leads nowhere.
MAX_REDIRECTS = 5
# Name, TCP and TLS together; a working host takes under 3 s from anywhere.
CONNECT_S = 10.0
# Between two pieces of an answer.
IDLE_S = 15.0
# Requests on their way at once, to all hosts.
MAX_OPEN = 64
# A body is read in pieces of this size: what one decompresses to stalls nothing.
_PIECE_BYTES = 65_536
# Some sites send more than aiohttp's 8 KB in one header (content security policies).
_MAX_HEADER_BYTES = 32_768
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVED_FOR_GOOD = frozenset({301, 308})
# Answers of the client-error class that pass: request timeout, too early, too many requests.
_BUSY = frozenset({408, 425, 429})
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, "
    "application/xml;q=0.9, */*;q=0.8"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered; ``body`` is decompressed, and empty unless ``status`` is 2xx.

    ``url`` is where the answer came from, after redirects. ``moved_to`` is that address if every
    redirect on the way was meant for good, else "". ``etag`` and ``last_modified`` are byte for
    byte what the server sent. ``max_age_s`` and ``retry_after_s`` are its hints, if any.
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
    """Fetches what is public, one request at a time per host, ``min_gap_s`` apart.

    ``allow`` opens addresses of this machine or network (see ``Allowed``), for local use.
    ``on_pause`` is told when a host asks to be left alone, and until when, so that the next
    Fetcher can be told of it by ``pause``. ``resolver`` and ``open_socket`` are seams: what
    they answer is judged all the same.
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
        self._turns = HostLimits(clock, gap_s=min_gap_s, max_open=MAX_OPEN)
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

        ``total_s`` limits the time under way, redirects included, but not the wait in line.
        Raises SourceUnavailable (no or no whole answer, 5xx, 408, 425, 429, a paused host),
        UnsafeAddress, TooLarge (over ``max_bytes`` on the wire or decompressed).
        """
        headers = _conditions(etag, last_modified)
        first = check_url(url, allowed=self._allowed)
        where, for_good = first, True
        for _ in range(MAX_REDIRECTS + 1):
            answer, took_s = await self._visit(where, headers, max_bytes, total_s)
            total_s -= took_s
            if isinstance(answer, Fetched):
                return _with_move(answer, moved=for_good and where.url != first.url)
            for_good = for_good and answer.for_good
            where = check_url(join_url(where.url, answer.to), allowed=self._allowed)
        raise SourceUnavailable("too-many-redirects", n=MAX_REDIRECTS)

    def pause(self, pauses: Mapping[str, datetime]) -> None:
        """Leave hosts alone until the instants given."""
        for host, until in pauses.items():
            self._turns.pause(host, until)

    async def __aenter__(self) -> Self:
        door = _Door(self._allowed, self._resolver or _ThreadedResolver(), self._open_socket)
        connector = aiohttp.TCPConnector(
            resolver=door, socket_factory=door.open_socket, use_dns_cache=False, limit=0
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

    async def _visit(
        self, where: CheckedUrl, headers: dict[str, str], max_bytes: int, left_s: float
    ) -> tuple[Fetched | _Redirect, float]:
        """Return the answer of one hop, and the seconds it was under way."""
        host = self._line_of(where)
        loop = asyncio.get_running_loop()
        async with self._turns.turn(host):
            began = loop.time()
            try:
                async with asyncio.timeout(max(left_s, 0.0)):
                    answer = await self._ask(where, headers, host, max_bytes)
            except TimeoutError as error:
                raise SourceUnavailable("no-answer-in-time") from error
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _in_our_words(error) from error
            return answer, loop.time() - began

    async def _ask(
        self, where: CheckedUrl, headers: dict[str, str], host: str, max_bytes: int
    ) -> Fetched | _Redirect:
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        address = URL(where.url, encoded=True)
        async with self._session.get(address, headers=headers, allow_redirects=False) as response:
            if response.status >= 400:
                await self._note_pause(host, response)
            return await self._read(where, response, max_bytes)

    async def _read(
        self, where: CheckedUrl, response: aiohttp.ClientResponse, max_bytes: int
    ) -> Fetched | _Redirect:
        status, headers, now = response.status, response.headers, self._clock.now()
        if status in _MOVED and "Location" in headers:
            return _Redirect(_readable(headers["Location"]), status in _MOVED_FOR_GOOD)
        wait_s = retry_after_s(headers, now=now) if status >= 400 else None
        if status >= 500 or status in _BUSY:
            raise SourceUnavailable("http-status", status=status, retry_after_s=wait_s)
        return Fetched(
            url=where.url,
            status=status,
            body=await _read_body(response, max_bytes) if 200 <= status < 300 else b"",
            content_type=_readable(headers.get("Content-Type", "")),
            etag=_validator(headers.get("ETag", "")),
            last_modified=_validator(headers.get("Last-Modified", "")),
            max_age_s=max_age_s(headers, now=now),
            retry_after_s=wait_s,
        )

    async def _note_pause(self, host: str, response: aiohttp.ClientResponse) -> None:
        now = self._clock.now()
        wait_s = retry_after_s(response.headers, now=now)
        if wait_s is None:
            return
        until = now + timedelta(seconds=wait_s)
        self._turns.pause(host, until)
        if self._on_pause is not None:
            await self._on_pause(host, until)

    def _line_of(self, where: CheckedUrl) -> str:
        """Return who shares a line: a public host; an allowed local one with its port only."""
        here = where.address
        is_local = self._allowed.host(where.host, where.port) or (
            here is not None and self._allowed.address(here, where.port)
        )
        return f"{where.host}:{where.port}" if is_local else where.host


class _Door(AbstractResolver):
    """The resolver and the socket factory of our session: both let public addresses through."""

    def __init__(
        self,
        allowed: Allowed,
        resolver: Resolver,
        open_socket: Callable[[AddrInfo], socket.socket],
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._open_socket = open_socket
        # Where names lead that the operator allowed; as few as there are such names.
        self._named: set[tuple[IPAddress, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the public addresses of ``host``; raises UnsafeAddress if it has only others."""
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
        """Close the resolver behind."""
        await self._resolver.close()

    def open_socket(self, info: AddrInfo) -> socket.socket:
        """Return a socket for ``info``, which is where it is going to be connected."""
        host, port = info[4][:2]
        address = _address(host)
        if not self._admits(address, port):
            raise _ClosedError(f"{address} is no public address")
        return self._open_socket(info)

    def _admits(self, address: IPAddress, port: int) -> bool:
        if (address, port) in self._named or self._allowed.address(address, port):
            return True
        return is_public(address)


class _ThreadedResolver(AbstractResolver):
    """The system's resolver, in threads of its own: names that hang hold up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``; raises OSError if there are none."""
        infos = await asyncio.get_running_loop().run_in_executor(
            self._threads, _look_up, host, port, family
        )
        return [
            ResolveResult(
                hostname=host, host=str(at[0]), port=port, family=kind, proto=proto, flags=0
            )
            for kind, _, proto, _, at in infos
        ]

    async def close(self) -> None:
        """Let go of the threads, without waiting for names that hang."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _ClosedError(OSError):
    """A socket we did not open; an OSError, since that is what aiohttp expects of sockets."""


def _look_up(host: str, port: int, family: int) -> list[AddrInfo]:
    infos: list[Any] = socket.getaddrinfo(
        host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    return infos


def _open_socket(info: AddrInfo) -> socket.socket:
    return socket.socket(info[0], info[1], info[2])


@lru_cache(4_096)
def _address(text: str) -> IPAddress:
    return ipaddress.ip_address(text)


async def _read_body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    body = DecompressedBody(response.headers.get("Content-Encoding", ""), max_bytes=max_bytes)
    if (response.content_length or 0) > max_bytes:
        raise TooLarge("too-many-bytes", n=max_bytes)
    async for piece in response.content.iter_chunked(_PIECE_BYTES):
        body.add(piece)
    return body.whole()


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value}


def _with_move(answer: Fetched, *, moved: bool) -> Fetched:
    """Return ``answer`` with its new address, if it moved and is well there."""
    if not moved or answer.status not in {200, 304}:
        return answer
    return replace(answer, moved_to=answer.url)


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


def _in_our_words(error: Exception) -> SourceUnavailable | UnsafeAddress:
    """Return what to raise for an error of aiohttp, without its URL and addresses."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, _ClosedError):
        return UnsafeAddress("leads-to-no-public-address")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return SourceUnavailable("name-not-found")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return SourceUnavailable("invalid-certificate")
    if isinstance(error, aiohttp.ClientPayloadError):
        return SourceUnavailable("cut-short")
    if isinstance(error, aiohttp.ClientResponseError):
        return SourceUnavailable("no-http")
    return SourceUnavailable("unreachable")
