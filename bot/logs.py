"""Log lines: one per unit of work, as ``name key=value``, and never a secret in them."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import quote

__all__ = ["SecretFilter", "event", "set_up_logging"]

HIDDEN = "<secret>"
# The token stands in every Bot API URL, and in each line a library writes about one;
# a colon may be percent-encoded, once or more. The look-behind keeps a long run of digits
# from being tried at each of its places.
_TOKEN = re.compile(r"(?<!\d)\d{5,}(?::|%(?:25)*3A)[\w-]{30,}", re.IGNORECASE)
# These write a line per request or job at INFO, with addresses in it.
_NOISY = ("alembic", "aiohttp", "aiosqlite", "apscheduler", "httpcore", "httpx")
_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s"
_TIME = "%Y-%m-%dT%H:%M:%S"
_BARE = re.compile(r"[^\s\"'=\\]+")


def set_up_logging(
    level: str = "INFO", *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send the lines of ``level`` and above to ``stream`` (stderr if None), without secrets.

    ``secrets`` are hidden wherever they occur, and so is whatever looks like a bot token,
    in messages, their arguments and tracebacks, whoever logs them. May be called again:
    the latest call holds.
    """
    root = logging.getLogger()
    for ours in [h for h in root.handlers if isinstance(h, _Handler)]:
        root.removeHandler(ours)
    root.addHandler(_Handler(stream or sys.stderr))
    secret_filter = SecretFilter(secrets)
    for handler in root.handlers:
        handler.filters = [f for f in handler.filters if not isinstance(f, SecretFilter)]
        handler.addFilter(secret_filter)
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # At DEBUG it writes out every message of every reader.
    logging.getLogger("telegram").setLevel(max(logging.INFO, root.level))
    logging.captureWarnings(capture=True)


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

    ``exc_info`` adds the traceback of an error that nobody expected.
    """
    if logger.isEnabledFor(level):
        pairs = (f"{key}={_shown(value)}" for key, value in fields.items() if value is not None)
        # The line goes as an argument: a value may hold a percent sign.
        logger.log(level, "%s", " ".join((name, *pairs)), exc_info=exc_info, stacklevel=2)


class SecretFilter(logging.Filter):
    """Takes secrets out of records. It belongs on handlers: a logger's filter sees its own only."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        known = {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without its secrets."""
        record.msg, record.args = self.hide(_message(record)), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = record.exc_text and self.hide(record.exc_text)
        record.stack_info = record.stack_info and self.hide(record.stack_info)
        return True

    def hide(self, text: str) -> str:
        """Return ``text`` with each secret replaced."""
        text = self._known.sub(HIDDEN, text) if self._known else text
        return _TOKEN.sub(HIDDEN, text)


class _Handler(logging.StreamHandler[TextIO]):
    """Our handler, told apart from those of a host or a test runner."""

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


def _message(record: logging.LogRecord) -> str:
    """Return the record's text; a faulty log call becomes a line about itself."""
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - whatever a __str__ raises must not stop the work
        return f"log-line-broken error={type(error).__name__} format={_shown(record.msg)}"


def _shown(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
