"""What listens on loopback: the Bot API, the page with its own API, the outlets' sites."""

import asyncio
import json
import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from importlib import resources
from typing import Any

from aiohttp import web

from bot.domain.ports import Clock
from bot.errors import DaybriefError
from bot.tryout.chats import BOT, Chat, Chats, Json
from bot.tryout.methods import ApiError, Methods
from bot.tryout.newsroom import FEED_PATH, Newsroom, Outlet

__all__ = [
    "MAX_BODY_BYTES",
    "Hooks",
    "add_bot_api",
    "add_people_api",
    "only_from_here",
    "outlet_site",
]

_POLL_S = 25.0
MAX_BODY_BYTES = 20_000_000
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(slots=True)
class Hooks:
    """What the page asks of the bot beyond messages. ``jump`` moves on to the next morning."""

    hello: Callable[[int, str, str], Awaitable[None]]
    next_due: Callable[[int], Awaitable[datetime | None]]
    jump: Callable[[int], Awaitable[None]]


# ---------------------------------------------------------------------- the Bot API


def add_bot_api(app: web.Application, methods: Methods, token: str) -> None:
    """Let ``app`` answer as the Bot API of one bot, at ``/bot<token>/<method>``."""

    async def call(request: web.Request) -> web.Response:
        if request.match_info["token"] != token:
            return _refused(ApiError(401, "Unauthorized"))
        try:
            result = await methods.call(request.match_info["method"], await _given(request))
        except ApiError as error:
            return _refused(error)
        return web.json_response({"ok": True, "result": result})

    app.router.add_route("*", "/bot{token:[^/]+}/{method}", call)


def _refused(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.code)


async def _given(request: web.Request) -> Json:
    """Return the parameters of a call, however they came; a file as (name, bytes)."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            given |= await request.json() or {}
        except ValueError:
            raise ApiError(400, "Bad Request: can't parse JSON object") from None
    elif request.method == "POST":
        form = await request.post()
        for name, value in form.items():
            if isinstance(value, web.FileField):
                given[name] = (value.filename, value.file.read())
            else:
                given[name] = value
        given |= {
            name: given[value.removeprefix("attach://")]
            for name, value in given.items()
            if isinstance(value, str) and value.removeprefix("attach://") in given
        }
    return given


# ---------------------------------------------------------------------- the page


def add_people_api(
    app: web.Application, chats: Chats, hooks: Hooks, clock: Clock, *, sample: bool
) -> None:
    """Let ``app`` serve the page, and the API by which it acts as a person."""
    people = _People(chats, hooks, clock, sample=sample)
    app.router.add_post("/tryout/hello", people.hello)
    app.router.add_post("/tryout/say", people.say)
    app.router.add_post("/tryout/press", people.press)
    app.router.add_post("/tryout/jump", people.jump)
    app.router.add_get("/tryout/events", people.events)
    app.router.add_get("/tryout/commands", people.commands)
    app.router.add_get("/tryout/state", people.state)
    app.router.add_get("/tryout/file", people.file)
    app.router.add_get("/{name:[A-Za-z0-9._-]*}", _page)


@web.middleware
async def only_from_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse other sites' pages: a rebound name (Host), a foreign form or script (Origin).

    The Bot API needs no such guard: who calls it has the token.
    """
    if request.path.startswith("/bot"):
        return await handler(request)
    port = request.url.port
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin not in {f"http://{host}" for host in hosts}
    if request.host not in hosts or foreign:
        raise web.HTTPForbidden(text="This chat is for this machine only.")
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON.")
    response = await handler(request)
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


class _People:
    """The handlers of the page's API."""

    def __init__(self, chats: Chats, hooks: Hooks, clock: Clock, *, sample: bool) -> None:
        self._chats = chats
        self._hooks = hooks
        self._clock = clock
        self._sample = sample

    async def hello(self, request: web.Request) -> web.Response:
        """Open a chat, and let the bot know where its person lives."""
        body = await _body(request)
        language = str(body.get("language") or "en")[:35]
        chat = self._chats.new_person(language)
        chat.zone = str(body.get("zone") or "")[:64]
        try:
            await self._hooks.hello(chat.id, chat.zone, language)
        except DaybriefError:  # a zone we don't know: the bot asks for it
            chat.zone = ""
        return web.json_response({"chat": chat.id})

    async def say(self, request: web.Request) -> web.Response:
        """Write something to the bot."""
        body = await _body(request)
        text = str(body.get("text") or "").strip()[:4096]
        if not text:
            raise web.HTTPBadRequest(text="Say something.")
        message = self._chats.say(self._chat(body.get("chat")), text)
        return web.json_response({"message_id": message["message_id"]})

    async def press(self, request: web.Request) -> web.Response:
        """Tap a button that is there."""
        body = await _body(request)
        chat = self._chat(body.get("chat"))
        message = chat.messages.get(body.get("message_id", 0))
        rows = ((message or {}).get("reply_markup") or {}).get("inline_keyboard") or []
        data = body.get("data")
        if not any(button.get("callback_data") == data for row in rows for button in row):
            raise web.HTTPBadRequest(text="There is no such button.")
        query = self._chats.press(chat, message or {}, str(data))
        return web.json_response({"query": query})

    async def jump(self, request: web.Request) -> web.Response:
        """Go on to the next morning."""
        chat = self._chat((await _body(request)).get("chat"))
        await self._hooks.jump(chat.id)
        return web.json_response({"now": self._clock.now().timestamp()})

    async def events(self, request: web.Request) -> web.Response:
        """Return what happened since an event; wait for something to happen."""
        chat = self._chat(request.query.get("chat"))
        after = _number(request.query.get("after", "0"))
        wait_s = min(_number(request.query.get("wait", str(int(_POLL_S)))), _POLL_S)
        events = await self._chats.events(chat, after, wait_s)
        return web.json_response({"events": [_event(chat, event) for event in events]})

    async def commands(self, request: web.Request) -> web.Response:
        """Return the bot's menu in the person's language."""
        chat = self._chat(request.query.get("chat"))
        known = self._chats.commands
        menu = known.get(chat.language[:2]) or known.get("", [])
        return web.json_response({"commands": menu})

    async def state(self, request: web.Request) -> web.Response:
        """Return what the page's head shows."""
        chat = self._chat(request.query.get("chat"))
        next_at = await self._hooks.next_due(chat.id)
        return web.json_response(
            {
                "now": self._clock.now().timestamp(),
                "sample": self._sample,
                "bot_name": BOT["first_name"],
                "next_at": next_at and next_at.timestamp(),
                "zone": chat.zone,
            }
        )

    async def file(self, request: web.Request) -> web.Response:
        """Return a document the bot sent."""
        chat = self._chat(request.query.get("chat"))
        name, content = chat.files.get(request.query.get("id", ""), ("", b""))
        if not name:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": 'attachment; filename="download"'}
        return web.Response(body=content, content_type="application/octet-stream", headers=headers)

    def _chat(self, given: object) -> Chat:
        chat = self._chats.get(_number(given))
        if chat is None:
            raise web.HTTPNotFound(text="This chat is over. Reload the page.")
        return chat


def _event(chat: Chat, event: Json) -> Json:
    """Return an event as the page reads it."""
    message = event.get("message")
    if message is None:
        return event
    keyboard = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    shown: Json = {
        "seq": event["seq"],
        "kind": event["kind"],
        "message_id": message["message_id"],
        "date": message["date"],
        "outgoing": not message["from"]["is_bot"],
        "text": message.get("text", ""),
        "entities": message.get("entities", []),
        "keyboard": [
            [{"text": b["text"], "data": b.get("callback_data"), "url": b.get("url")} for b in row]
            for row in keyboard
        ],
    }
    document = message.get("document")
    if document:
        url = f"/tryout/file?chat={chat.id}&id={document['file_id']}"
        shown["document"] = {"file_name": document["file_name"], "url": url}
    return shown


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest(text="That is no JSON.") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return body


def _number(given: object) -> int:
    text = str(given)
    return int(text) if text.removeprefix("-").isdigit() and len(text) < 19 else 0


async def _page(request: web.Request) -> web.Response:
    """Return one of the page's files; they come with the program."""
    name = request.match_info["name"] or "index.html"
    file = resources.files("bot.tryout").joinpath("page", name)
    if name.startswith(".") or not file.is_file():
        raise web.HTTPNotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "text/javascript" if name.endswith(".js") else kind
    content = await asyncio.to_thread(file.read_bytes)
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=content, content_type=kind, charset=charset)


# ---------------------------------------------------------------------- the outlets


def outlet_site(newsroom: Newsroom, outlet: Outlet, mornings: list[datetime]) -> web.Application:
    """Return the site of an outlet of the sample newsroom: its feed, front page and articles."""

    async def feed(request: web.Request) -> web.Response:
        body = newsroom.feed(outlet.slug, base_url=_origin(request), mornings=mornings)
        return _validated(request, body, outlet.feed.content_type, mornings[-1])

    async def page(request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        show = newsroom.page if slug else None
        body = (
            show(outlet.slug, slug, base_url=_origin(request), mornings=mornings)
            if show
            else newsroom.front(outlet.slug, base_url=_origin(request), mornings=mornings)
        )
        if body is None:
            raise web.HTTPNotFound
        return _validated(request, body, "text/html; charset=utf-8", mornings[-1])

    app = web.Application()
    app.router.add_get(FEED_PATH, feed)
    app.router.add_get("/{slug:[a-z0-9-]*}", page)
    return app


def _origin(request: web.Request) -> str:
    return f"http://{request.host}"


def _validated(
    request: web.Request, body: bytes, content_type: str, changed_at: datetime
) -> web.Response:
    """Return an answer with validators, 304 where the asker has it already."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed_at, usegmt=True)}
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": content_type})
