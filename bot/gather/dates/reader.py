"""Parsing of dates in the many forms that feeds write them."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.gather.dates.parts import instant, is_zone, read_parts, zone_of

__all__ = ["read_date"]

# A longer "date" is an attack or a sentence.
_MAX_CHARS = 100
# A date before the web, or in another century, is a mistake in the feed.
_FIRST_YEAR = 1990
_LAST_YEAR = 2100

_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|\+00:00)", re.ASCII)
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_RFC_822 = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d\d?) ({'|'.join(_ENGLISH)}) ((?:19|20)\d\d) "
    r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (?P<zone>GMT|UTC|Z|[+-]\d{4})",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:(?:T| T?) *(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(.*)",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)
_DIGIT = re.compile(r"\d")
# Marks of direction and spaces of no width, and the signs that other scripts have for ours.
_SIGNS = str.maketrans(
    dict.fromkeys("\u200b\u200e\u200f\u061c\u202a\u202b\u202c\ufeff", "")
    | {"،": ",", "٬": ",", "−": "-", "–": "-", "‐": "-", "‑": "-", "—": "-"}
)


def read_date(text: object, *, language: str = "") -> datetime | None:
    """Return the instant that ``text`` means, in UTC; None for what is no plausible date.

    Of feeds, of a page's meta tags, ``<time>`` and JSON-LD: ISO 8601, RFC 822, seconds or
    milliseconds since 1970, and what people write in any language of CLDR, with the digits of any
    script, a twelve-hour clock, a zone by offset, name or place, and years of Thailand, Japan and
    Taiwan. ``language`` is a tag ("en-US") that tells where a month's name has two meanings, and
    whether the month stands first. A date without a zone, or with an unknown one, is taken for
    UTC, one without a time for its midnight. A day that does not exist is no date; numbers with
    slashes, dots or dashes are read day first unless that cannot be, or their weekday or
    ``language`` says otherwise. Plausible are the years 1990 to 2100 and up to 100 characters.
    Never raises; constant time.
    """
    if not isinstance(text, str) or not (text := text.strip()) or len(text) > _MAX_CHARS:
        return None
    try:
        at = next(filter(None, _readings(text, language)), None)
    except (ValueError, OverflowError):  # a day that does not exist
        return None
    return at if at and _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def _readings(text: str, language: str) -> Iterator[datetime | None]:
    """Yield the instant that ``text`` means in each form that it fits; None for no time of day.

    Raises ValueError or OverflowError for a day that does not exist.
    """
    # The commonest forms first, in UTC: ISO 8601, which ``repair`` writes, and RFC 822.
    if _IN_UTC.fullmatch(text):
        yield datetime.fromisoformat(text)
    if found := _RFC_822.fullmatch(text):
        day, name, year, *clock, zone = found.groups()
        hour, minute, second = map(int, clock)
        month = _ENGLISH.index(name) + 1
        yield instant(
            (int(year), month, int(day)),
            (hour, minute, second),
            zone_of(zone) if zone not in {"GMT", "+0000"} else UTC,
        )
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
        text = _DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    text = " ".join(text.split())
    if _EPOCH.fullmatch(text):
        yield datetime.fromtimestamp(int(text[:10]), UTC)
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second = (int(found[n] or 0) for n in range(1, 7))
        if year < 2400 and is_zone(found[7]):  # later ones are Buddhist
            yield instant((year, month, day), (hour, minute, second), zone_of(found[7]))
            return
    yield read_parts(text, language)
