"""Parsing of dates in the many forms that feeds write them."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

__all__ = ["read_date"]

# A longer "date" is an attack or a sentence.
_MAX_CHARS = 100
# A date before the web, or in another century, is a mistake in the feed.
_FIRST_YEAR = 1990
_LAST_YEAR = 2100
# Clocks on Earth are at most this far from UTC.
_MAX_OFFSET = timedelta(hours=14)

_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|\+00:00)", re.ASCII)
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_RFC_822 = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d\d?) ({'|'.join(_ENGLISH)}) (\d{{4}}) "
    r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (?:GMT|UTC|Z|[+-]0000)",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(.*)", re.ASCII
)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+[.,]*\s+)?(?:(?:de|den|el|le|the)\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
    r"[\s-]*(?:(?:de|of|ta)\s+)?(?P<month>[^\W\d_]+)[.,]*[\s-]*(?:(?:de|del)\s+)?"
    r"(?P<year>\d{4}|\d\d)(?!\d)(?P<rest>.*)"
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+[.,]*\s+)?(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>\d{4})(?!\d)(?P<rest>.*)"
)
_ASCTIME = re.compile(
    r"[^\W\d]+\s+(?P<month>[^\W\d_]+)\s+(?P<day>\d{1,2})\s+(?P<rest>[\d:]+)\s+"
    r"(?:(?P<zone>\S+)\s+)?(?P<year>\d{4})"
)
_NUMBERS = re.compile(r"(\d{1,4})([./])(\d{1,2})\2(\d{1,4})\.?(?!\d)(.*)", re.ASCII)
_EAST_ASIAN = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]"
    r"(?P<rest>.*)"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?", re.ASCII)
_TIME = re.compile(
    r"[\s,T-]*(?:at|um|à|a las)?\s*(\d{1,2})[:h](\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:(am|pm)\b)?"
    r"\s*(.*)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:(?:GMT|UTC?|Z)\s*)?([+-])(\d{1,2}):?(\d\d)?", re.IGNORECASE)
# Zones that feeds name, in hours from UTC; names with several meanings as news uses them.
_ZONES = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1,
    "mez": 1, "met": 1, "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "sast": 2, "eest": 3,
    "msk": 3, "trt": 3, "gst": 4, "pkt": 5, "ist": 5.5, "npt": 5.75, "ict": 7, "wib": 7,
    "hkt": 8, "sgt": 8, "myt": 8, "awst": 8, "pht": 8, "jst": 9, "kst": 9, "acst": 9.5,
    "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3, "art": -3,
    "ndt": -2.5, "nst": -3.5, "adt": -3, "ast": -4, "edt": -4, "est": -5, "cdt": -5, "cst": -6,
    "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip
# How months begin, folded and without accents, in the languages of the catalogue. The longest
# beginning that fits decides.
_MONTHS = {
    1: "jan ene gen ian sty led янв січ ιαν oca ocak janv tammi",
    2: "feb fev fév fevr lut uno únor фев лют φεβ sub subat helmi",
    3: "mar mär maer mrt març brez мар бер μαρ mars maalis",
    4: "apr avr abr kwi dub апр кві απρ nis huhti",
    5: "may mai mei mag maj kvet май мая тра μαι μαϊ toukо touko",
    6: "jun juin giu cze cerven июн чер ιουν haz kesa",
    7: "jul juil lug lip cervenec июл лип ιουλ tem heina",
    8: "aug aou ago sie srp авг сер αυγ agu elo",
    9: "sep set wrz zari сен вер σεπ eyl syys",
    10: "oct okt out ott paz rij окт жов οκτ eki loka",
    11: "nov lis ноя лис νοε kas marras",
    12: "dec dez dic des gru pros дек гру δεκ ara joulu",
}


def read_date(text: object) -> datetime | None:
    """Return the instant that ``text`` means, in UTC; None for what is no plausible date.

    A date without a zone, or with an unknown one, is taken for UTC, one without a time for its
    midnight; 10 or 13 digits are seconds or milliseconds since 1970. A day that does not exist is
    no date; numbers with slashes or dots are read day first unless that cannot be. Plausible are
    the years 1990 to 2100 and up to 100 characters. Never raises; constant time.
    """
    if not isinstance(text, str) or not (text := text.strip()) or len(text) > _MAX_CHARS:
        return None
    text = " ".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())
    try:
        at = next(filter(None, _readings(text)), None)
    except (ValueError, OverflowError):  # a day that does not exist
        return None
    return at if at and _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def _readings(text: str) -> Iterator[datetime | None]:
    """Yield the instant that ``text`` means in each form that it fits; None for no time of day.

    Raises ValueError or OverflowError for a day that does not exist.
    """
    # The commonest forms first, in UTC: ISO 8601, which ``repair`` writes, and RFC 822.
    if _IN_UTC.fullmatch(text):
        yield datetime.fromisoformat(text)
    if found := _RFC_822.fullmatch(text):
        day, name, year, *clock = found.groups()
        hour, minute, second = map(int, clock)
        month = _ENGLISH.index(name) + 1
        yield datetime(int(year), month, int(day), hour, minute, second, tzinfo=UTC)
    if _EPOCH.fullmatch(text):
        yield datetime.fromtimestamp(int(text[:10]), UTC)
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second = (int(found[n] or 0) for n in range(1, 7))
        yield _instant((year, month, day), (hour, minute, second), found[7])
    for form in (_DAY_FIRST, _MONTH_FIRST, _ASCTIME, _EAST_ASIAN):
        if found := form.fullmatch(text):
            name, year = found["month"], int(found["year"])
            year += 2000 if len(found["year"]) == 2 else 0
            month = int(name) if name.isdecimal() else _month(name)
            if month:
                zone = found.groupdict().get("zone") or ""  # where it stands before the year
                yield _with_time((year, month, int(found["day"])), f"{found['rest']} {zone}")
    if found := _NUMBERS.fullmatch(text):
        first, second, third = int(found[1]), int(found[3]), int(found[4])
        if len(found[1]) == 4:
            yield _with_time((first, second, third), found[5])
        elif second > 12:
            yield _with_time((third, first, second), found[5])
        else:
            yield _with_time((third, second, first), found[5])


def _with_time(day: tuple[int, int, int], rest: str) -> datetime | None:
    """Return the instant on ``day`` (year, month, day) whose time and zone ``rest`` begins with."""
    found = _TIME.fullmatch(rest)
    if found is None:
        return _instant(day, (0, 0, 0), rest)
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _instant(day, (hour, int(found[2]), int(found[3] or 0)), found[5])


def _instant(day: tuple[int, int, int], clock: tuple[int, int, int], zone: str) -> datetime | None:
    """Return the instant; 24:00 is the next day's midnight, and a leap second the next second.

    None for a time that does not exist; raises ValueError for such a day.
    """
    hour, minute, second = clock
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    midnight = datetime(*day, tzinfo=_zone(zone))
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(text: str) -> timezone:
    """Return a zone by offset or name; UTC for unknown ones."""
    text = text.strip().strip("()").strip()
    found = _OFFSET.match(text)
    if found:
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if offset <= _MAX_OFFSET:
            return timezone(offset if found[1] == "+" else -offset)
        return UTC
    words = text.lower().split()
    return timezone(timedelta(hours=_ZONES.get(words[0] if words else "", 0)))


@lru_cache(maxsize=256)
def _month(word: str) -> int:
    """Return the month of a name or its beginning in any of our languages, else 0."""
    name = _folded(word)
    fits = [(len(stem), month) for stem, month in _STEMS if name.startswith(stem)]
    return max(fits)[1] if fits else 0


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_STEMS = [(_folded(stem), month) for month, stems in _MONTHS.items() for stem in stems.split()]
