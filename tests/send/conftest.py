"""An HTTP server on loopback that fails in a chosen way."""

import asyncio
import json

import pytest


class Server:
    """An HTTP server written on raw streams, so that an answer can stop at any byte.

    ``behaviour`` is ``answer``, or a way to fail: ``silent`` (reads, never answers), ``hangup``
    (reads, closes), ``half`` (closes in the middle of an answer), ``drip`` (sends a byte every
    ``drip_s`` seconds) or ``garbage`` (sends what is not HTTP, closes). ``requests`` are (request
    line, headers by lower-case name, body); ``asked`` is set by the first.
    """

    def __init__(self):
        self.behaviour = "answer"
        self.status = 200
        self.drip_s = 0.005
        self.answer = {"ok": True, "result": {}}
        self.requests = []
        self.asked = asyncio.Event()
        self.connections = 0
        self.port = 0
        self._writers = set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    async def _serve(self, reader, writer):
        self.connections += 1
        self._writers.add(writer)
        try:
            while await self._answer_request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer_request(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *lines = head.split("\r\n")
        headers = dict(field.lower().split(": ", 1) for field in lines if field)
        length = int(headers.get("content-length", 0))
        body = await reader.readexactly(length)
        self.requests.append((line, headers, body))
        self.asked.set()
        payload = json.dumps(self.answer).encode()
        head = (
            f"HTTP/1.1 {self.status} X\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(payload)}\r\nLocation: /elsewhere\r\n\r\n"
        ).encode()
        match self.behaviour:
            case "silent":
                await reader.read()
                return False
            case "hangup":
                return False
            case "half":
                writer.write(head + payload[:5])
                await writer.drain()
                return False
            case "drip":
                for byte in head + payload:
                    writer.write(bytes([byte]))
                    await asyncio.sleep(self.drip_s)
            case "garbage":
                writer.write(b"HTTP/9 what\r\n\r\n")
                return False
            case _:
                writer.write(head + payload)
        await writer.drain()
        return True


@pytest.fixture
async def server():
    async with Server() as running:
        yield running
