"""A web server on loopback whose pages a test sets and whose requests it can inspect."""

import asyncio
import itertools
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

__all__ = ["Answer", "FakeNames", "Request", "Web", "diverted"]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; with an ``ETag`` or ``Last-Modified``, 304 is sent where it applies."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0

    def is_known_to(self, headers: Mapping[str, str]) -> bool:
        """Return whether the conditional request ``headers`` match this version."""
        for sent, asked in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
            if asked in headers:
                return headers[asked] == self.headers.get(sent)
        return False


@dataclass(frozen=True)
class Request:
    """A request; ``path`` includes the query, ``at_s`` is in seconds of the monotonic clock."""

    path: str
    headers: Mapping[str, str]
    at_s: float


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Web:
    """A server at ``host`` on a free port, as an async context manager; one ``Web`` is one host.

    Pages are set by ``add`` (one answer), ``script`` (several answers), ``redirect`` or
    ``serve`` (a handler); any other path is answered with 404. ``requests`` are all requests
    in order, ``open_now`` and ``most_open`` the present and largest number of concurrent ones.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._pages: dict[str, Iterator[Answer]] = {}
        self._handlers: dict[str, Handler] = {}
        self._runner: web.ServerRunner | None = None
        self.port = 0
        self.requests: list[Request] = []
        self.open_now = 0
        self.most_open = 0

    @property
    def at(self) -> str:
        """The ``host:port`` of the server, for the ``allow`` list of a fetcher."""
        return f"[{self._host}]:{self.port}" if ":" in self._host else f"{self._host}:{self.port}"

    def url(self, path: str) -> str:
        """Return the URL of a page."""
        return f"http://{self.at}{path}"

    def paths(self) -> list[str]:
        """Return the paths of all requests, in order."""
        return [request.path for request in self.requests]

    def add(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        content_type: str = "text/html; charset=utf-8",
        delay_s: float = 0.0,
    ) -> str:
        """Set the answer for ``path``, given after ``delay_s`` seconds; return its URL."""
        content = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": content_type} | dict(headers or {})
        return self.script(path, [Answer(content, status, sent, delay_s)])

    def script(self, path: str, answers: Sequence[Answer]) -> str:
        """Set the successive answers for ``path``, the last of which repeats; return its URL."""
        self._pages[path] = itertools.chain(answers[:-1], itertools.repeat(answers[-1]))
        return self.url(path)

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        """Make ``path`` redirect to ``to``, and return its URL."""
        return self.add(path, status=status, headers={"Location": to})

    def serve(self, path: str, handler: Handler) -> str:
        """Make ``handler`` answer requests for ``path``, and return its URL."""
        self._handlers[path] = handler
        return self.url(path)

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(Request(request.path_qs, dict(request.headers), time.monotonic()))
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            return await self._answer_page(request)
        finally:
            self.open_now -= 1

    async def _answer_page(self, request: Any) -> web.StreamResponse:
        if request.path in self._handlers:
            return await self._handlers[request.path](request)
        answer = (
            next(self._pages[request.path]) if request.path in self._pages else Answer(status=404)
        )
        await asyncio.sleep(answer.delay_s)
        if answer.status == 200 and answer.is_known_to(request.headers):
            return web.Response(status=304, headers=_without_content(answer.headers))
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)


class FakeNames(AbstractResolver):
    """A resolver for ``names`` only: by host name, the address lists of successive look-ups.

    The last list repeats. Any other name raises ``socket.gaierror``.
    """

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {
            name: itertools.chain(answers[:-1], itertools.repeat(answers[-1]))
            for name, answers in names.items()
        }

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the next addresses of ``host``."""
        if host not in self._answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown name")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=0,
            )
            for address in next(self._answers[host])
        ]

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""


def diverted(
    to: Mapping[int, tuple[Any, ...]], reached: list[str]
) -> Callable[[Any], socket.socket]:
    """Return a socket factory whose sockets connect to an address of ``to`` instead.

    ``to`` maps an address family to a socket address. The host that each connection was meant
    for is appended to ``reached``.
    """

    class Diverted(socket.socket):
        def connect(self, address: Any) -> None:
            reached.append(address[0])
            super().connect(to[self.family])

    return lambda info: Diverted(info[0], info[1], info[2])


def _without_content(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith("Content-")}
