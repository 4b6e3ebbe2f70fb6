"""Time hints in HTTP headers: ``Retry-After``, and how long an answer stays fresh."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["max_age_s", "retry_after_s"]

# A host that asks for more is left alone for a day, and may then ask again.
MAX_RETRY_AFTER_S = 86_400.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,10})", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,10}")


def retry_after_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, in [0, 86 400]; None without a valid one.

    A date counts from the server's own ``Date``, so that a wrong clock there does no harm; from
    ``now`` (aware) without one. ``headers`` should be case-insensitive. Never raises.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), MAX_RETRY_AFTER_S)
    at = _read_date(value)
    if at is None:
        return None
    return min(max((at - _server_now(headers, now)).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def max_age_s(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return how long the answer stays fresh from now on, 0 or more; None without a hint.

    In seconds, without an upper bound: ``Cache-Control: max-age`` less ``Age``, or ``Expires``
    (RFC 9111, 4.2) as seen from the server's own ``Date``, else from ``now`` (aware). ``headers``
    should be case-insensitive. ``no-cache`` and ``no-store`` are no hints. Never raises.
    """
    max_age = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if max_age is not None:
        age = headers.get("Age", "").strip()
        return max(float(max_age[1]) - (float(age) if _SECONDS.fullmatch(age) else 0.0), 0.0)
    if "Expires" not in headers:
        return None
    at = _read_date(headers["Expires"])
    # RFC 9111, 5.3: "0" and other invalid dates mean that the answer is stale already.
    return 0.0 if at is None else max((at - _server_now(headers, now)).total_seconds(), 0.0)


def _server_now(headers: Mapping[str, str], now: datetime) -> datetime:
    return _read_date(headers.get("Date", "")) or now


def _read_date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
