"""The CPU cost of sending briefings to Telegram, ours and the peers', for ``broadcast``.

The real Bot sends briefings of usual size, as many at a time as the product does, to a server on
loopback that answers as Telegram does; the server runs in a separate process, so that only the
sender's CPU time counts. The peers alternate, and the median round counts.
"""

import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from telegram import LinkPreviewOptions
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.domain.edition import Part
from bot.send import telegram_address
from bot.send.outbox import IN_FLIGHT
from bot.send.telegram import AiohttpRequest, TelegramTransport

__all__ = ["HTML", "compare"]

_TOKEN = "123456789:" + "A" * 35
_AIOGRAM_PEER = Path(__file__).with_name("aiogram_peer.py")
_LINE = (
    "The reservoir reached 91% on Wednesday, the river authority said. "
    '<a href="https://harbour.example/2025/06/04/orun-dam#:~:text=The%20reservoir">'
    "Harbour Post, 4 Jun</a>\n"
)
HTML = "<b>1. Orun dam refilled a year early</b>\n" + 10 * _LINE
_ENTITIES = [
    {"type": "text_link", "offset": 80 * n, "length": 19, "url": "https://harbour.example/"}
    for n in range(10)
]

Send = Callable[[int], Awaitable[object]]


def compare(messages: int, rounds: int, aiogram: str = "") -> dict[str, int]:
    """Return the messages per second of CPU time by peer: ours, httpx, and aiogram if there is one.

    ``httpx`` is python-telegram-bot as it comes; ``aiogram`` is a Python that has aiogram.
    """
    with _server() as url:
        return asyncio.run(_measure_all(url, messages, rounds, aiogram))


async def _measure_all(url: str, messages: int, rounds: int, aiogram: str) -> dict[str, int]:
    """Return the rate of each peer after ``rounds`` of ``messages`` each, in alternation."""
    requests: dict[str, BaseRequest] = {"ours": AiohttpRequest(), "httpx": HTTPXRequest()}
    sends: dict[str, Send] = {}
    for name, request in requests.items():
        await request.initialize()
        sends[name] = (_our_send if name == "ours" else _bot_send)(request, url)
    rates: dict[str, list[float]] = {name: [] for name in sends}
    for send in sends.values():
        await _run(send, messages // 10)  # warm up connections, caches and imports
    for _ in range(rounds):
        for name, send in sends.items():
            rates[name].append(messages / await _timed(send, messages))
        if aiogram:
            rates.setdefault("aiogram", []).append(await _aiogram_rate(aiogram, url, messages))
    for request in requests.values():
        await request.shutdown()
    return {name: round(statistics.median(of_rounds)) for name, of_rounds in rates.items()}


async def _aiogram_rate(python: str, url: str, messages: int) -> float:
    peer = await asyncio.create_subprocess_exec(
        *(python, str(_AIOGRAM_PEER), url, str(messages), str(IN_FLIGHT)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await peer.communicate(HTML.encode())
    return float(out)


async def _timed(send: Send, messages: int) -> float:
    """Return the seconds of CPU time for ``messages``."""
    cpu = time.process_time()
    await _run(send, messages)
    return time.process_time() - cpu


async def _run(send: Send, messages: int) -> None:
    chats = iter(range(1, messages + 1))

    async def work() -> None:
        for chat in chats:
            await send(chat)

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())


def _our_send(request: BaseRequest, url: str) -> Send:
    """Return a function that sends as the product does."""
    bot: ExtBot[None] = ExtBot(
        _TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request
    )
    transport = TelegramTransport(bot)
    return lambda chat: transport.send(_part(chat))


def _bot_send(request: BaseRequest, url: str) -> Send:
    """Return a function that sends as python-telegram-bot's users do."""
    bot: ExtBot[None] = ExtBot(
        _TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request
    )
    preview = LinkPreviewOptions(is_disabled=True)
    return lambda chat: bot.send_message(
        chat, HTML, parse_mode="HTML", disable_notification=False, link_preview_options=preview
    )


def _part(chat: int) -> Part:
    return Part(
        id=chat,
        edition_id=chat,
        n=1,
        address=telegram_address(chat),
        is_group=False,
        html=HTML,
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
