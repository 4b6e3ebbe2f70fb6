"""Requests to Telegram: our request class for python-telegram-bot, and the transport over a bot.

What decides about a failed message is whether Telegram can have read it. aiohttp knows;
python-telegram-bot wraps that knowledge away, so it is taken here, underneath.
"""

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from telegram.error import (
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

# The Bot builds RequestData from these; there is no public way to do so.
from telegram.request._requestparameter import RequestParameter
from yarl import URL

from bot.domain.edition import Part
from bot.errors import (
    MaybeSent,
)
from bot.send.keyboards import inline_keyboard
from bot.send.missing_fields import completed_answer
from bot.send.telegram_errors import NotSentError, TooLargeAnswerError, translated

__all__ = [
    "SEND_TIMEOUT_S",
    "AiohttpRequest",
    "TelegramTransport",
]

# Telegram answers sendMessage in well under a second; a busy mobile uplink takes a few.
CONNECT_TIMEOUT_S = 5.0
WRITE_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 15.0
# The longest a call may take in all, waiting for a free connection included: what a lease
# has to outlast.
SEND_TIMEOUT_S = 2 * CONNECT_TIMEOUT_S + WRITE_TIMEOUT_S + READ_TIMEOUT_S
# Telegram's front closes idle connections after a minute or so. One it closes just as we
# write leaves us without an answer, so we let go of ours much earlier.
KEEPALIVE_S = 15.0
_POOL_SIZE = 64
# A hundred updates, each with the message it replies to, take some 10 MB at the very most; files
# that bots may load have up to 20 MB (Bot API, getFile).
_MAX_ANSWER_BYTES = 24_000_000

# Raised before the first byte of a request is written: the name did not resolve, nobody
# listened, TLS or the proxy refused, or no connection was free.
_NOT_WRITTEN = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
_NOWHERE = URL("//nowhere")
_NO_PREVIEW = {"is_disabled": True}


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's requests over aiohttp, at an eighth of httpx's cost.

    ``proxy`` is an HTTP proxy or "" for none: the environment's are never read.
    ``read_timeout_s`` is for ordinary calls; a long poll brings its own, which is longer.
    ``on_date`` is called with the Date header of each answer that has one; it must not raise.
    Errors never carry the address of a call, since that holds the token.
    """

    def __init__(
        self,
        *,
        proxy: str = "",
        pool_size: int = _POOL_SIZE,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
        on_date: Callable[[str], None] | None = None,
    ) -> None:
        self._on_date = on_date
        self._proxy = proxy or None
        self._pool_size = pool_size
        self._connect_timeout_s = connect_timeout_s
        self._read_timeout_s = read_timeout_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How long an ordinary call may wait for its answer, in seconds."""
        return self._read_timeout_s

    async def initialize(self) -> None:
        """Open the session, without a connection yet; does nothing if it is open."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._pool_size, keepalive_timeout=KEEPALIVE_S)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=False,
            )

    async def shutdown(self) -> None:
        """Close the session and its connections; ``initialize`` opens another.

        A call that waits for its answer fails; one in the middle of it ends with its own limit,
        and one that waits for a free connection is cancelled. So end the calls first.
        """
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return an answer, with what python-telegram-bot needs to read it.

        Raises TelegramError for what is no JSON.
        """
        answer: dict[str, Any] = completed_answer(BaseRequest.parse_json_payload(payload))
        return answer

    async def do_request(  # noqa: PLR0917 - python-telegram-bot's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and body of the answer. Timeouts are in seconds, None for no limit.

        The answer is read whole, up to 24 MB, whatever its status; redirects are not followed.
        What is not given for reading or connecting is as the request was made with, for writing
        5 s. Writing has no limit of its own: the whole call may take the sum of all four, and for
        ever in writing where one of them is None.
        Raises NotSentError if the request cannot have been read, TimedOut or NetworkError if
        it may have been (TooLargeAnswerError among them), and RuntimeError before ``initialize``
        or after ``shutdown``. May be cancelled.
        """
        if self._session is None:
            raise RuntimeError("this AiohttpRequest is not initialized")
        read = _seconds(read_timeout, self._read_timeout_s)
        write = _seconds(write_timeout, WRITE_TIMEOUT_S)
        connect = _seconds(connect_timeout, self._connect_timeout_s)
        pool = _seconds(pool_timeout, self._connect_timeout_s)
        # aiohttp has no limit for writing, and starts that for reading anew with each byte: the
        # limit of the whole call, if each step has one, covers both.
        steps = (read, write, connect, pool)
        total = sum(step for step in steps if step is not None) if None not in steps else None
        start = None if pool is None or connect is None else pool + connect
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(
                    total=total, connect=start, sock_connect=connect, sock_read=read
                ),
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                if self._on_date is not None and (date := response.headers.get("Date")):
                    self._on_date(date)
                return response.status, await _whole(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            fault = _fault(error)
        # Outside of the handler, so that aiohttp's error, with its URL, is not the context.
        raise fault


class TelegramTransport:
    """The ``bot.domain.ports.Transport`` over a real bot.

    ``paid`` pays Telegram in stars for a pace above 30 messages a second.
    """

    def __init__(self, bot: ExtBot[Any], *, paid: bool = False) -> None:
        self._bot = bot
        self._paid = paid

    async def send(self, part: Part, *, plain: bool = False) -> int:
        """Send ``part`` and return its message id; ``plain`` sends its text unmarked.

        Raises FloodWait, NotSent, MaybeSent, ChatGone, ThreadClosed, ChatMigrated, BadMarkup,
        Refused, and ValueError for an address whose id is no number. One request, which waits as
        long as the bot's request class lets it. The caller keeps the pace; nothing is repeated
        here. Cancelled, the message may have been sent.
        """
        fields: dict[str, object] = {
            "chat_id": int(part.address.id),
            "text": part.plain if plain else part.html,
            "disable_notification": part.silent,
            "link_preview_options": _NO_PREVIEW,
        }
        if not plain:
            fields["parse_mode"] = "HTML"
        if part.address.thread:
            fields["message_thread_id"] = part.address.thread
        if part.keyboard:
            fields["reply_markup"] = inline_keyboard(part.keyboard)
        if self._paid:
            fields["allow_paid_broadcast"] = True
        parameters = [RequestParameter(name, value, None) for name, value in fields.items()]
        try:
            # Beneath ``Bot.send_message``, which makes objects of all that Telegram repeats of the
            # message, two thirds of what it cost; and beneath its rate limiter.
            answer: Any = await self._bot.request.post(
                f"{self._bot.base_url}/sendMessage", RequestData(parameters)
            )
        except TelegramError as error:
            raise translated(error) from error
        try:
            return int(answer["message_id"])
        except (TypeError, LookupError, ValueError):
            raise MaybeSent("telegram-says", said="An answer without a message") from None

    async def reachable(self) -> bool:
        """Return whether Telegram answers at all, if only to ask for a pause; one request.

        Waits for the answer up to the request's limits. Also False if the token is refused.
        Never raises TelegramError.
        """
        try:
            await self._bot.get_me()
        except RetryAfter:
            return True
        except TelegramError:
            return False
        return True


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """Return the body of an answer; raise TooLargeAnswerError beyond what is read of one."""
    pieces, size = [], 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > _MAX_ANSWER_BYTES:
            response.close()
            raise TooLargeAnswerError(f"An answer of over {_MAX_ANSWER_BYTES} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _fault(error: Exception) -> TelegramError:
    """Return python-telegram-bot's error for ``error``, without an address."""
    name = type(error).__name__
    if isinstance(error, _NOT_WRITTEN):
        said = getattr(error, "strerror", None)
        return NotSentError(f"{name}: {said}" if said else name)
    if isinstance(error, TimeoutError):
        return TimedOut(f"No answer in time: {name}")
    return NetworkError(name)


def _body(
    request_data: RequestData | None,
) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str]]:
    """Return what to write for ``request_data``, with its headers."""
    if request_data is None:
        return None, {}
    if request_data.contains_files:
        multipart = aiohttp.FormData()
        for name, value in request_data.json_parameters.items():
            multipart.add_field(name, value)
        for name, (filename, content, mime_type) in request_data.multipart_data.items():
            multipart.add_field(name, content, filename=filename, content_type=mime_type)
        return multipart, {}
    # yarl quotes in C: of a message's way through us, urllib's quoting was a quarter.
    form = _NOWHERE.with_query(request_data.json_parameters).raw_query_string
    return form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def _seconds(given: object, default_s: float) -> float | None:
    """Return a timeout: ``given``, or the default if python-telegram-bot gave none."""
    if given is None:
        return None
    return float(given) if isinstance(given, int | float) else default_s
