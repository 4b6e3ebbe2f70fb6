"""Log lines: one per unit of work, as ``name key=value``; nothing secret or private in them.

What readers write, and the addresses of their own feeds, stay out by construction:

- of a library's line only the format and its numbers are shown, and nothing below WARNING;
- of an error only its type and frames are shown, and the text that ``said`` returns.

The values of our own lines are shown, so they must be ids.
"""

import errno
import json
import logging
import os
import re
import sys
import textwrap
import time
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import singledispatch
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

from bot.errors import DaybriefError, SetupError
from bot.reasons import Reason

__all__ = ["SecretFilter", "event", "said", "set_up_logging", "shown_error", "without_quotes"]

HIDDEN = "<secret>"
# The token stands in every Bot API URL, and in each line a library writes about one;
# a colon may be percent-encoded, once or more. The look-behind keeps a long run of digits
# from being tried at each of its places.
_TOKEN = re.compile(r"(?<!\d)\d{5,}(?::|%(?:25)*3A)[\w-]{30,}", re.IGNORECASE)
_OURS = frozenset({"bot", "summarizers"})
# It logs the whole of an answer that is no JSON; the caller logs the error it raises.
_SAID_TWICE = "telegram.request.BaseRequest"
# path:line: Category; the text after it may quote anything.
_WARNING = re.compile(r".*?:\d+: \w+")
# Python's own message ends where the repr of a task, a callback or its arguments begins.
_REPR = re.compile(r"[(<\n]")
_QUOTED = [re.compile(quoted, re.DOTALL) for quoted in ('".*"', "“.*”", r"(?<!\w)'.*'(?!\w)")]
_MAX_CHAIN = 20
# Of a reason's values: a type, a place in the source, what Telegram said without its quotations.
_CLEAN_BLANKS = frozenset({"kind", "at", "said"})
_log = logging.getLogger(__name__)
_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s"
_TIME = "%Y-%m-%dT%H:%M:%S"
_BARE = re.compile(r"[^\s\"'=\\]+")


def set_up_logging(
    level: str = "INFO", *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send the lines of ``level`` and above to ``stream`` (stderr if None), without secrets.

    Those of libraries from WARNING on only. ``secrets`` are hidden wherever they occur, and so is
    whatever looks like a bot token, in messages, their arguments and tracebacks, whoever logs
    them. Other handlers that the root logger has by now get the same filter, later ones do not.
    An error that ends the program is logged too (``sys.excepthook``), and warnings are.
    May be called again: the latest call holds. Raises ValueError for a ``level`` that logging
    does not have (in capitals); nothing has changed then.
    """
    root = logging.getLogger()
    root.setLevel(level)
    for ours in [h for h in root.handlers if isinstance(h, _Handler)]:
        root.removeHandler(ours)
    root.addHandler(_Handler(stream or sys.stderr))
    secret_filter = SecretFilter(secrets)
    for handler in root.handlers:
        handler.filters = [f for f in handler.filters if not isinstance(f, SecretFilter)]
        handler.addFilter(secret_filter)
    logging.getLogger(_SAID_TWICE).setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def event(
    logger: logging.Logger,
    name: str,
    /,
    *,
    level: int = logging.INFO,
    exc_info: BaseException | None = None,
    **fields: Any,
) -> None:
    """Log one line, ``name key=value …``; values with spaces are quoted, None is left out.

    Values are shown as they are: nothing private. Of an error among them is shown what
    ``shown_error`` has, of a Reason what cannot be a reader's words, of a float six digits.
    ``exc_info`` adds the traceback of an error that nobody expected.
    """
    if logger.isEnabledFor(level):
        pairs = (f"{key}={_shown(value)}" for key, value in fields.items() if value is not None)
        # The line goes as an argument: a value may hold a percent sign.
        logger.log(level, "%s", " ".join((name, *pairs)), exc_info=exc_info, stacklevel=2)


@singledispatch
def said(_error: BaseException) -> str:
    """Return what of an error's text may be logged: "", unless registered for its type.

    Registered here are DaybriefError and OSError. An edge registers a function for the errors
    of its library that leaves out what they quote.
    """
    return ""


@said.register
def _said_by_us(error: DaybriefError) -> str:
    return str(error) if isinstance(error, SetupError) else _of_reason(error.reason)


@said.register
def _said_by_system(error: OSError) -> str:
    # Its own strerror may hold an address, and its text a file's name.
    name = errno.errorcode.get(error.errno or 0)
    return f"{name}, {os.strerror(error.errno or 0)}" if name else ""


def shown_error(error: BaseException) -> str:
    """Return an error as it may be logged: its type, and its text as by ``said``."""
    text = said(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def without_quotes(text: str) -> str:
    """Return ``text`` without what it quotes, from the first quotation mark to the last.

    Each of "", “” and '' by itself, with … in its place, one where they overlap; a mark without
    its partner, and an apostrophe within a word, stay.
    """
    kept, end = [], 0
    for start, stop in sorted(found.span() for mark in _QUOTED if (found := mark.search(text))):
        if start >= end:
            kept += [text[end:start], "…"]
        end = max(end, stop)
    return "".join((*kept, text[end:]))


class SecretFilter(logging.Filter):
    """Removes from records what must not be logged, secrets among it.

    It belongs on handlers: a logger's filter sees its own records only.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        known = {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass, clean, unless it is a library's and below WARNING.

        The record itself is changed, for all handlers that follow.
        """
        is_ours = record.name.partition(".")[0] in _OURS
        if not is_ours and record.levelno < logging.WARNING:
            return False
        record.msg, record.args = self.hide(_message(record, is_ours=is_ours)), ()
        error = record.exc_info[1] if record.exc_info else None
        # Another handler may have formatted it already: ours holds for all that follow.
        record.exc_text = self.hide(_trace(error, set())) if error else None
        record.stack_info = record.stack_info and self.hide(record.stack_info)
        return True

    def hide(self, text: str) -> str:
        """Return ``text`` with each secret, and what looks like a bot token, replaced."""
        text = self._known.sub(HIDDEN, text) if self._known else text
        return _TOKEN.sub(HIDDEN, text)


class _Handler(logging.StreamHandler[TextIO]):
    """Our handler, a type of its own: a host or a test runner may have added others."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        formatter = logging.Formatter(_FORMAT, _TIME)
        formatter.converter = time.gmtime
        self.setFormatter(formatter)


def _forms(secret: str) -> set[str]:
    """Return the ways a secret may be written: bare, percent-encoded, in JSON, without its id."""
    secret_half = secret.partition(":")[2]
    whole = {secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1]}
    return whole | ({secret_half} if _TOKEN.fullmatch(secret) else set())


def _message(record: logging.LogRecord, *, is_ours: bool) -> str:
    """Return the record's text; a faulty log call becomes a line about itself."""
    given = record.args
    try:
        if record.name == "py.warnings":
            found = _WARNING.match(record.getMessage())
            return found[0] if found else "warning"
        text = str(_clean(record.msg, is_ours=True))
        if isinstance(given, Mapping):
            text %= {name: _clean(value, is_ours=is_ours) for name, value in given.items()}
        elif given:
            text %= tuple(_clean(value, is_ours=is_ours) for value in given)
    except Exception as error:  # noqa: BLE001 - whatever a __str__ raises must not stop the work
        return f"log-line-broken error={type(error).__name__} format={_shown(record.msg)}"
    return _REPR.split(text)[0].strip() if record.name == "asyncio" else text


def _clean(value: object, *, is_ours: bool) -> object:
    if isinstance(value, BaseException):
        return shown_error(value)
    return value if is_ours or isinstance(value, int | float | None) else "…"


def _trace(error: BaseException, seen: set[int]) -> str:
    """Return the frames and the shown text of ``error``, after those of what led to it."""
    seen.add(id(error))
    led = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = []
    if led is not None and id(led) not in seen and len(seen) < _MAX_CHAIN:
        parts += [_trace(led, seen), "That led to:"]
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    parts += ["Traceback (most recent call last):", *([frames] if frames else [])]
    parts.append(shown_error(error))
    if isinstance(error, BaseExceptionGroup):
        members = [member for member in error.exceptions if id(member) not in seen][:_MAX_CHAIN]
        parts += [textwrap.indent(_trace(member, seen), "  | ") for member in members]
    return "\n".join(parts)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, frames: TracebackType | None
) -> None:
    if issubclass(kind, Exception):
        _log.critical("the program ended by an error that nobody foresaw", exc_info=error)
    else:
        sys.__excepthook__(kind, error, frames)


def _of_reason(reason: Reason) -> str:
    """Return a reason as it may be logged: what else fills its blanks may be a reader's words."""
    shown = {
        name: value
        for name, value in reason.values.items()
        if name in _CLEAN_BLANKS or isinstance(value, int | float)
    }
    return str(replace(reason, values=shown))


def _shown(value: object) -> str:
    value = _of_reason(value) if isinstance(value, Reason) else _clean(value, is_ours=True)
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
