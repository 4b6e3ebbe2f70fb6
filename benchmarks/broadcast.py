"""The CPU cost of sending briefings to Telegram: our request class compared with httpx.

    python -m benchmarks.broadcast [--json] [--messages 1000] [--rounds 5]

The real Bot sends briefings of usual size, eight at a time, to a server on loopback that
answers as Telegram does; the server runs in a separate process, so that only the sender's
CPU time counts. ``bare`` measures the request class without the Bot. The peers alternate, and
the median round is reported. ``--data`` is accepted and not used.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest, RequestData

# The Bot builds RequestData from these; there is no public way to do so.
from telegram.request._requestparameter import RequestParameter

from bot.domain.edition import Part
from bot.send import telegram_address
from bot.send.telegram import AiohttpRequest, TelegramTransport

__all__ = ["main"]

_TOKEN = "123456789:" + "A" * 35
_IN_FLIGHT = 8
_LINE = (
    "The reservoir reached 91% on Wednesday, the river authority said. "
    '<a href="https://harbour.example/2025/06/04/orun-dam#:~:text=The%20reservoir">'
    "Harbour Post, 4 Jun</a>\n"
)
_HTML = "<b>1. Orun dam refilled a year early</b>\n" + 10 * _LINE
_ENTITIES = [
    {"type": "text_link", "offset": 80 * n, "length": 19, "url": "https://harbour.example/"}
    for n in range(10)
]

Send = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The rates of one peer in the median round: per second of CPU time and of wall time."""

    messages_per_cpu_s: int
    messages_per_s: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table and a line of JSON; return 0."""
    options = _parser().parse_args(arguments)
    with _server() as url:
        results = asyncio.run(_measure_all(url, options.messages, options.rounds))
    ratio = _ratio(results, "aiohttp", "httpx")
    if not options.json:
        _print_table(results)
        print(f"\nours ÷ httpx, per CPU-second: {ratio:.1f}")
    plain = {name: asdict(result) for name, result in results.items()}
    print(json.dumps({"benchmark": "broadcast", "peers": plain, "ratio": round(ratio, 2)}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.broadcast", description=__doc__)
    parser.add_argument("--data", type=Path, help="not used")
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--messages", type=int, default=1000, help="per peer and round")
    parser.add_argument("--rounds", type=int, default=5)
    return parser


async def _measure_all(url: str, messages: int, rounds: int) -> dict[str, Result]:
    """Return the result of each peer after ``rounds`` of ``messages`` each, in alternation."""
    requests: dict[str, BaseRequest] = {"aiohttp": AiohttpRequest(), "httpx": HTTPXRequest()}
    sends: dict[str, Send] = {}
    for name, request in requests.items():
        await request.initialize()
        sends[name] = _bot_send(request, url)
        sends[f"{name} bare"] = _bare_send(request, url)
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in sends}
    for send in sends.values():
        await _run(send, messages // 10)  # warm up connections, caches and imports
    for _ in range(rounds):
        for name, send in sends.items():
            figures[name].append(await _timed(send, messages))
    for request in requests.values():
        await request.shutdown()
    return {name: _result(rounds_, messages) for name, rounds_ in figures.items()}


async def _timed(send: Send, messages: int) -> tuple[float, float]:
    """Return the seconds of CPU time and of wall time for ``messages``."""
    cpu, clock = time.process_time(), time.perf_counter()
    await _run(send, messages)
    return time.process_time() - cpu, time.perf_counter() - clock


async def _run(send: Send, messages: int) -> None:
    chats = iter(range(1, messages + 1))

    async def work() -> None:
        for chat in chats:
            await send(chat)

    async with asyncio.TaskGroup() as group:
        for _ in range(_IN_FLIGHT):
            group.create_task(work())


def _result(rounds: Sequence[tuple[float, float]], messages: int) -> Result:
    return Result(
        messages_per_cpu_s=round(messages / statistics.median(cpu for cpu, _ in rounds)),
        messages_per_s=round(messages / statistics.median(clock for _, clock in rounds)),
    )


def _bot_send(request: BaseRequest, url: str) -> Send:
    """Return a function that sends as the product does: by the transport and the real Bot."""
    bot: ExtBot[None] = ExtBot(
        _TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request
    )
    transport = TelegramTransport(bot)
    return lambda chat: transport.send(_part(chat))


def _bare_send(request: BaseRequest, url: str) -> Send:
    """Return a function that sends by the request class alone."""

    async def send(chat: int) -> tuple[int, bytes]:
        fields: dict[str, Any] = {"chat_id": chat, "text": _HTML, "parse_mode": "HTML"}
        parameters = [RequestParameter.from_input(name, value) for name, value in fields.items()]
        return await request.do_request(
            f"{url}/bot{_TOKEN}/sendMessage", "POST", RequestData(parameters)
        )

    return send


def _part(chat: int) -> Part:
    return Part(
        id=chat,
        edition_id=chat,
        n=1,
        address=telegram_address(chat),
        is_group=False,
        html=_HTML,
        plain="",
        keyboard=(),
        silent=False,
        reply=False,
        attempts=1,
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
    )


@contextmanager
def _server() -> Iterator[str]:
    """Run the server in a separate process; yield its URL."""
    context = multiprocessing.get_context("spawn")
    parent_end, child_end = context.Pipe()
    process = context.Process(target=_serve, args=(child_end,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{parent_end.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(connection: Connection) -> None:
    asyncio.run(_serve_forever(connection))


async def _serve_forever(connection: Connection) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Telegram, "127.0.0.1", 0)
    connection.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class _Telegram(asyncio.Protocol):
    """The smallest server that answers sendMessage, as the sender waits for whatever it does."""

    def __init__(self) -> None:
        message = {
            "message_id": 1,
            "date": 1749101400,
            "chat": {"id": 1, "type": "private", "first_name": "Reader"},
            "from": {"id": 123456789, "is_bot": True, "first_name": "Daybrief"},
            "text": 10 * "The reservoir reached 91% on Wednesday, the river authority said. ",
            "entities": _ENTITIES,
        }
        body = json.dumps({"ok": True, "result": message}).encode()
        self._answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (length := _request_length(self._received)) is not None:
            self._received = self._received[length:]
            if self._transport is not None:
                self._transport.write(self._answer)


def _request_length(received: bytes) -> int | None:
    """Return the size in bytes of the first request in ``received``, None if it is incomplete."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return len(head) + 4 + length if len(body) >= length else None


def _ratio(results: dict[str, Result], name: str, peer: str) -> float:
    return results[name].messages_per_cpu_s / results[peer].messages_per_cpu_s


def _print_table(results: dict[str, Result]) -> None:
    libraries = ("python-telegram-bot", "aiohttp", "httpx")
    print(", ".join(f"{name} {version(name)}" for name in libraries))
    print(f"{'request class':<14} {'messages/CPU-s':>15} {'messages/s':>11}")
    for name, result in sorted(results.items()):
        print(f"{name:<14} {result.messages_per_cpu_s:>15} {result.messages_per_s:>11}")


if __name__ == "__main__":
    sys.exit(main())
