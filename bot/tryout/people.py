"""The chat page, and the API by which it acts as a person; both for this machine only."""

import asyncio
import mimetypes
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from bot.domain.address import ChatAddress
from bot.domain.ports import Clock
from bot.errors import DaybriefError
from bot.reasons import Reason
from bot.send import telegram_address
from bot.texts import explain, texts_for
from bot.tryout.chats import BOT, Chats, SimulatedChat
from bot.tryout.formatting import MAX_UNITS, FormattingError, formatted
from bot.tryout.methods import Methods
from bot.tryout.parameters import Json
from bot.tryout.words import head_words, page_words

__all__ = ["Hooks", "add_people_api", "only_from_here"]

# Shorter than the half minute after which proxies and browsers time out.
_POLL_S = 25.0
_MAX_ZONE_CHARS = 64
# The longest language tag that RFC 5646 asks programs to hold.
_MAX_LANGUAGE_CHARS = 35
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


async def _nothing(*_: object) -> None:
    return None


async def _nobody(_: ChatAddress) -> tuple[str, str]:
    return "", ""


@dataclass(slots=True)
class Hooks:
    """What the app does for the tryout beyond messages; until the app sets it, nothing.

    ``on_hello`` gets a chat's address, zone and language tag, and may raise DaybriefError for
    a zone that the bot does not have; ``next_due`` returns the (aware) instant of a chat's next
    briefing, None for none; ``locale_of`` the language that the bot speaks in a chat (an IETF tag)
    and its zone (an IANA name), "" for what is not known; ``after_jump`` returns once the app has
    caught up with the clock. They may be replaced at any time.
    """

    on_hello: Callable[[ChatAddress, str, str], Awaitable[None]] = _nothing
    next_due: Callable[[ChatAddress], Awaitable[datetime | None]] = _nothing
    locale_of: Callable[[ChatAddress], Awaitable[tuple[str, str]]] = _nobody
    after_jump: Callable[[], Awaitable[None]] = _nothing


def add_people_api(
    app: web.Application,
    methods: Methods,
    chats: Chats,
    clock: Clock,
    hooks: Hooks,
    *,
    jump: Callable[[int], Awaitable[None]],
    next_morning: Callable[[int], Awaitable[datetime]],
    sample: bool,
) -> None:
    """Add the chat page to ``app``, and the API by which it acts as a person.

    ``jump`` moves on to the next morning of a chat, which ``next_morning`` tells; ``sample`` is
    whether the news is the sample newsroom's, which the page then displays. The page may read and
    write in any chat: ``app`` needs ``only_from_here`` among its middlewares. What ``jump``,
    ``next_morning`` and ``hooks`` raise is an error of the server (500), but for the DaybriefError
    of ``on_hello``. Raises RuntimeError once ``app`` runs.
    """
    people = _People(
        methods, chats, clock, hooks, jump=jump, next_morning=next_morning, sample=sample
    )
    app.router.add_post("/tryout/hello", people.hello)
    app.router.add_post("/tryout/say", people.say)
    app.router.add_post("/tryout/press", people.press)
    app.router.add_post("/tryout/jump", people.jump)
    app.router.add_get("/tryout/events", people.events)
    app.router.add_get("/tryout/commands", people.commands)
    app.router.add_get("/tryout/state", people.state)
    app.router.add_get("/tryout/words", _words)
    app.router.add_get("/tryout/file", people.file)
    app.router.add_get("/{name:[A-Za-z0-9._-]*}", _page)


@web.middleware
async def only_from_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse requests of other sites' pages, and set the security headers of our own.

    The Host header reveals a rebound name, the Origin header a foreign form or script. The Bot
    API needs no such check: its callers have the token. Raises HTTPForbidden for those requests,
    and HTTPUnsupportedMediaType for a POST that is not JSON; what ``handler`` raises passes
    through, without the headers.
    """
    if request.path.startswith("/bot"):
        return await handler(request)
    assert request.transport is not None
    port = request.transport.get_extra_info("sockname")[1]
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
    """The handlers of the page's API. A chat that does not exist is not found (404)."""

    def __init__(
        self,
        methods: Methods,
        chats: Chats,
        clock: Clock,
        hooks: Hooks,
        *,
        jump: Callable[[int], Awaitable[None]],
        next_morning: Callable[[int], Awaitable[datetime]],
        sample: bool,
    ) -> None:
        self._methods = methods
        self._chats = chats
        self._clock = clock
        self._hooks = hooks
        self._jump = jump
        self._next_morning = next_morning
        self._sample = sample

    async def hello(self, request: web.Request) -> web.Response:
        """Open a chat, and tell the bot its person's zone and language."""
        body = await _body(request)
        language = str(body.get("language") or "en")[:_MAX_LANGUAGE_CHARS]
        chat = self._chats.new_person(language)
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            chat.zone = ZoneInfo(str(body.get("zone") or "")[:_MAX_ZONE_CHARS]).key
        try:
            await self._hooks.on_hello(telegram_address(chat.id), chat.zone, language)
        except DaybriefError:  # not a zone that the bot has: it will ask the person
            chat.zone = ""
        return web.json_response({"chat": chat.id})

    async def say(self, request: web.Request) -> web.Response:
        """Send a text to the bot; what Telegram would not send is refused (400)."""
        body = await _body(request)
        chat = self._chat(body.get("chat"))
        try:
            text, _ = formatted(str(body.get("text") or ""))
        except FormattingError:
            texts = texts_for(await self._language(chat))
            said = texts._("A message has 1 to {n} characters.", n=texts.number(MAX_UNITS))
            raise web.HTTPBadRequest(text=said) from None
        message = self._chats.say(chat, text)
        return web.json_response({"message_id": message["message_id"]})

    async def press(self, request: web.Request) -> web.Response:
        """Tap a button of a message; refuse if the message does not have it."""
        body = await _body(request)
        chat = self._chat(body.get("chat"))
        message = chat.messages.get(_number(body.get("message_id")))
        rows = ((message or {}).get("reply_markup") or {}).get("inline_keyboard") or []
        data = body.get("data")
        offered = [button.get("callback_data") for row in rows for button in row]
        if not isinstance(data, str) or data not in offered:
            texts = texts_for(await self._language(chat))
            raise web.HTTPBadRequest(text=explain(Reason("old-button"), texts))
        query = self._chats.press(chat, message or {}, data)
        return web.json_response({"query": query})

    async def jump(self, request: web.Request) -> web.Response:
        """Move on to the next morning; return the new time."""
        chat = self._chat((await _body(request)).get("chat"))
        await self._jump(chat.id)
        return web.json_response({"now": self._clock.now().timestamp()})

    async def events(self, request: web.Request) -> web.Response:
        """Return the events after the given one; wait up to ``wait`` seconds for the first."""
        chat = self._chat(request.query.get("chat"))
        after = _number(request.query.get("after", "0"))
        wait_s = min(_number(request.query.get("wait", str(int(_POLL_S)))), _POLL_S)
        events = await self._chats.events(chat, after, wait_s)
        return web.json_response({"events": [_event(chat, event) for event in events]})

    async def commands(self, request: web.Request) -> web.Response:
        """Return the bot's menu in the language that it speaks to the person."""
        chat = self._chat(request.query.get("chat"))
        language = await self._language(chat)
        return web.json_response({"commands": self._methods.menu(chat.id, language)})

    async def state(self, request: web.Request) -> web.Response:
        """Return what the head of the page shows, and the language of the page.

        Times are those of the zone that the bot knows, else of the person's.
        """
        chat = self._chat(request.query.get("chat"))
        address = telegram_address(chat.id)
        _, known_zone = await self._hooks.locale_of(address)
        zone = known_zone or chat.zone
        clocks = ZoneInfo(zone) if zone else UTC
        next_at = await self._hooks.next_due(address)
        morning = await self._next_morning(chat.id)
        texts = texts_for(await self._language(chat))
        head = head_words(
            texts,
            now=self._clock.now().astimezone(clocks),
            next_at=morning.astimezone(clocks),
            sample=self._sample,
        )
        return web.json_response(
            {
                "now": self._clock.now().timestamp(),
                "sample": self._sample,
                "bot_name": BOT["first_name"],
                "next_at": next_at and next_at.timestamp(),
                "zone": zone,
                "language": texts.language,
                **head,
            }
        )

    async def _language(self, chat: SimulatedChat) -> str:
        """Return the language that the bot speaks in a chat: the one chosen, or its person's."""
        chosen, _ = await self._hooks.locale_of(telegram_address(chat.id))
        return chosen or chat.language

    async def file(self, request: web.Request) -> web.Response:
        """Return a document that the bot sent, as a download."""
        chat = self._chat(request.query.get("chat"))
        name, content = chat.files.get(request.query.get("id", ""), ("", b""))
        if not name:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": 'attachment; filename="download"'}
        return web.Response(body=content, content_type="application/octet-stream", headers=headers)

    def _chat(self, given: object) -> SimulatedChat:
        chat = self._chats.get(_number(given))
        if chat is None:
            raise web.HTTPNotFound(text="This chat is over. Reload the page.")
        return chat


def _event(chat: SimulatedChat, event: Json) -> Json:
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
        "text": message.get("text") or message.get("caption", ""),
        "entities": message.get("entities") or message.get("caption_entities", []),
        "keyboard": [
            [
                {
                    "text": button["text"],
                    "data": button.get("callback_data"),
                    "url": button.get("url"),
                }
                for button in row
            ]
            for row in keyboard
        ],
    }
    document = message.get("document")
    if document:
        url = f"/tryout/file?chat={chat.id}&id={document['file_id']}"
        shown["document"] = {"file_name": document["file_name"], "url": url}
    return shown


async def _words(request: web.Request) -> web.Response:
    """Return the page's words in a language, an IETF tag; in English where we have none."""
    texts = texts_for(request.query.get("language", "")[:_MAX_LANGUAGE_CHARS])
    direction = "rtl" if texts.is_right_to_left else "ltr"
    return web.json_response(
        {"language": texts.language, "direction": direction, "words": page_words(texts)}
    )


async def _body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object in a request's body; raise HTTPBadRequest for anything else."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="That is no JSON.") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return body


def _number(given: object) -> int:
    """Return a whole number, 0 for anything else."""
    text = str(given)
    return int(text) if _NUMBER.fullmatch(text) else 0


async def _page(request: web.Request) -> web.Response:
    """Return a file of the page, from the package's data."""
    name = request.match_info["name"] or "index.html"
    file = resources.files("bot.tryout").joinpath("page", name)
    if name.startswith(".") or not file.is_file():
        raise web.HTTPNotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "text/javascript" if name.endswith(".js") else kind
    content = await asyncio.to_thread(file.read_bytes)
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=content, content_type=kind, charset=charset)
