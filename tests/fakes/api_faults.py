"""What can go wrong between a bot and its Bot API, as answers of a server on loopback."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

__all__ = ["FAULTS", "Fault"]

_HTML = "<html><body><h1>{status}</h1><p>The server could not answer.</p></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An answer in place of the right one; ``delivers`` is whether the message arrives.

    One of ``status`` with a page of HTML or, as Telegram says it, a ``description`` with
    ``parameters``; else the connection ends: after ``half`` of the right answer, or before
    any. ``garbage`` is no JSON, ``slow_s`` how long the right answer takes. A fault is ambiguous
    where the bot cannot know whether the message arrived.
    """

    status: int = 0
    description: str = ""
    parameters: tuple[tuple[str, int], ...] = ()
    delivers: bool = False
    half: bool = False
    garbage: bool = False
    slow_s: float = 0.0

    @property
    def is_ambiguous(self) -> bool:
        """Whether the bot is left without an answer that says what became of the message."""
        return not self.slow_s and (not self.status or self.status == 504)

    async def answer(self, request: web.BaseRequest, right: bytes) -> web.StreamResponse:
        """Answer ``request`` wrongly; ``right`` is the body that would have been right."""
        if self.status:
            if not self.description:
                page = _HTML.format(status=self.status)
                return web.Response(status=self.status, text=page, content_type="text/html")
            body: dict[str, Any] = {
                "ok": False,
                "error_code": self.status,
                "description": self.description,
            }
            if self.parameters:
                body["parameters"] = dict(self.parameters)
            return web.json_response(body, status=self.status)
        if self.garbage:
            return web.Response(body=b"{]}{", content_type="application/json")
        assert request.transport is not None
        if self.half:
            headers = {"Content-Length": str(len(right)), "Content-Type": "application/json"}
            response = web.StreamResponse(headers=headers)
            await response.prepare(request)
            await response.write(right[: len(right) // 2])
            request.transport.abort()
            return response
        request.transport.abort()
        return web.Response()


_UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
FAULTS = {
    "flood": Fault(
        status=429,
        description="Too Many Requests: retry after 1",
        parameters=(("retry_after", 1),),
    ),
    "error-500": Fault(status=500, description="Internal Server Error"),
    "page-502": Fault(status=502),
    "page-504": Fault(status=504),
    "reset-before": Fault(),
    "reset-after": Fault(delivers=True),
    "half": Fault(delivers=True, half=True),
    "garbage": Fault(delivers=True, garbage=True),
    "slow": Fault(delivers=True, slow_s=3.0),
    "blocked": Fault(status=403, description="Forbidden: bot was blocked by the user"),
    "migrated": Fault(
        status=400,
        description=_UPGRADED,
        parameters=(("migrate_to_chat_id", -1_000_000_000_001),),
    ),
    "conflict": Fault(
        status=409,
        description="Conflict: terminated by other getUpdates request; make sure that only one "
        "bot instance is running",
    ),
}
