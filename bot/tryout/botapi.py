"""The Bot API over HTTP, with parameters as a query, a form or JSON, as Telegram takes them."""

import re
import secrets

from aiohttp import web

from bot.tryout.methods import Methods
from bot.tryout.parameters import ApiError, Json, bad_request

__all__ = ["add_bot_api"]

# The form of a token; for anything else Telegram answers "Not Found".
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}")
# How a parameter refers to a file that is uploaded under another name.
_ATTACHED = "attach://"


def add_bot_api(app: web.Application, methods: Methods, token: str) -> None:
    """Add the Bot API of the bot with ``token`` to ``app``, at ``/bot<token>/<method>``.

    ``token`` has the form of one (digits, a colon, 20 to 100 letters, digits, _ or -): a bot with
    any other finds nothing (404). Files are read into memory: ``app`` limits the size of bodies.
    What ``Methods.call`` raises beside ApiError is an error of the server (500). Raises
    RuntimeError once ``app`` runs.
    """

    async def call(request: web.Request) -> web.Response:
        given_token = request.match_info["token"]
        try:
            if not _TOKEN.fullmatch(given_token):
                raise ApiError(404, "Not Found")
            if not secrets.compare_digest(given_token, token):
                raise ApiError(401, "Unauthorized")
            result = await methods.call(request.match_info["method"], await _parameters(request))
        except ApiError as error:
            refusal: Json = {
                "ok": False,
                "error_code": error.code,
                "description": error.description,
            }
            if error.parameters:
                refusal["parameters"] = error.parameters
            return web.json_response(refusal, status=error.code)
        return web.json_response({"ok": True, "result": result})

    app.router.add_route("*", "/bot{token:[^/]+}/{method}", call)


async def _parameters(request: web.Request) -> Json:
    """Return the parameters of a call from query and body; an uploaded file as (name, bytes)."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        return given | body
    if request.method == "POST":
        for name, value in (await request.post()).items():
            given[name] = value
            if isinstance(value, web.FileField):
                given[name] = (value.filename, value.file.read())
    attached = {
        name: given.get(value.removeprefix(_ATTACHED))
        for name, value in given.items()
        if isinstance(value, str) and value.startswith(_ATTACHED)
    }
    return given | attached
