"""Outlets of a benchmark on loopback: one server, a port for each."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from aiohttp import web

__all__ = ["FEED_PATH", "LoopbackSites"]

FEED_PATH = "/feed.xml"


class LoopbackSites(ABC):
    """The sites of outlets on loopback, a port each; an async context manager.

    ``languages`` has that of each outlet by name, "" where it does not say. Once entered,
    ``feeds`` are (address of the feed, name, language), in that order.
    """

    def __init__(self, languages: Mapping[str, str]) -> None:
        self._languages = languages
        self._exit = AsyncExitStack()
        self._names: dict[str, str] = {}
        self.feeds: list[tuple[str, str, str]] = []

    @property
    def allow(self) -> tuple[str, ...]:
        """The host and port of each outlet, in order; none before they are served."""
        return tuple(self._names)

    async def __aenter__(self) -> Self:
        runner = web.ServerRunner(web.Server(self.answer), shutdown_timeout=0.1)
        await runner.setup()
        self._exit.push_async_callback(runner.cleanup)
        for n, (name, language) in enumerate(self._languages.items()):
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host = f"127.0.0.1:{runner.addresses[n][1]}"
            self._names[host] = name
            self.feeds.append((f"http://{host}{FEED_PATH}", name, language))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exit.aclose()

    def outlet_of(self, request: web.BaseRequest) -> str:
        """Return the name of the outlet that is asked; KeyError for another host."""
        return self._names[request.host]

    @abstractmethod
    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return what an outlet answers."""
