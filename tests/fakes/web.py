"""A small web on loopback: pages set by the test, requests kept for it to look at."""

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
    """What a page answers; one with an ``ETag`` or ``Last-Modified`` may answer 304 instead."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0

    def is_known_to(self, headers: Mapping[str, str]) -> bool:
        """Return whether the client already has this version."""
        for sent, asked in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
            if asked in headers:
                return headers[asked] == self.headers.get(sent)
        return False


@dataclass(frozen=True)
class Request:
    """One request as it came; ``at_s`` is in seconds of a steady clock."""

    path: str
    headers: Mapping[str, str]
    at_s: float


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Web:
    """A server at 127.0.0.1 (or ``host``) and a port of its own; start several for several hosts.

    A page is set by ``add`` (one answer, or a script of answers of which the last stays),
    ``redirect`` or ``serve`` (a handler). Anything else is 404.
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
        """The ``host:port`` to allow a fetcher."""
        return f"[{self._host}]:{self.port}" if ":" in self._host else f"{self._host}:{self.port}"

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://{self.at}{path}"

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
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
        """Set a page and return its URL."""
        content = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": content_type} | dict(headers or {})
        return self.script(path, [Answer(content, status, sent, delay_s)])

    def script(self, path: str, answers: Sequence[Answer]) -> str:
        """Set what a page answers first, second and so on, and return its URL."""
        self._pages[path] = itertools.chain(answers[:-1], itertools.repeat(answers[-1]))
        return self.url(path)

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        """Let ``path`` lead to ``to``, and return its URL."""
        return self.add(path, status=status, headers={"Location": to})

    def serve(self, path: str, handler: Handler) -> str:
        """Let ``handler`` answer for ``path``, and return its URL."""
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
    """A resolver for ``names`` only; a name with several answers gets them in turn."""

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {
            name: itertools.chain(answers[:-1], itertools.repeat(answers[-1]))
            for name, answers in names.items()
        }

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the next answer for ``host``."""
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
    """Return a socket factory whose sockets note where they go, and go to loopback instead.

    ``to`` says where, by address family.
    """

    class Diverted(socket.socket):
        def connect(self, address: Any) -> None:
            reached.append(address[0])
            super().connect(to[self.family])

    return lambda info: Diverted(info[0], info[1], info[2])


def _without_content(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith("Content-")}
