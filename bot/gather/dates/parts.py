"""Dates in words or numbers, in any language: found part by part, whatever their order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import regex

from bot.gather.dates.words import date_words, folded

__all__ = ["instant", "is_zone", "read_parts", "zone_of"]

Day = tuple[int, int, int]

_MAX_OFFSET = timedelta(hours=14)  # clocks on Earth are at most this far from UTC
# "6:30", "20:0:0", "13h30", "14時30分"; of hours alone those with a word for them.
_CLOCK = regex.compile(
    r"(?<![\d.:+])(?P<hour>\d{1,2})\s*(?:[:h]|[時时點点시]\s?)\s*(?P<minute>\d{1,2})(?![\d])"
    r"(?:\s*[:m分분]\s*(?:(?P<second>\d{1,2})(?:[.,]\d+)?)?)?\s*[秒초]?"
    r"|(?<![\d.:+])(?P<hour>\d{1,2})\s*(?:[時时點点시]|h\b|uhr\b|(?=[ap]\.?\s?m\b))",
    regex.IGNORECASE,
)
# Finnish, Danish and Indonesian clocks have dots, which dates have, too: these come last.
_DOTTED_CLOCK = regex.compile(r"(?<![\d.])(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?P<second>)(?![\d.])")
_WORDS_AFTER = regex.compile(r"\s*((?:[\p{L}\p{M}]+\.?\s?){1,3})")
_LETTERS_BEFORE = regex.compile(r"((?:[\p{L}\p{M}]+\.?\s?){1,3})\s*$")
_OFFSET = regex.compile(
    r"\(?(?:(?:GMT|UTC?|Z)\s*)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?![\d/.-])\)?",
    regex.IGNORECASE,
)
_FAR_OFFSET = regex.compile(
    r"(?:GMT|UTC?)\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?![\d/.-])",
    regex.IGNORECASE,
)
_LATE_OFFSET = regex.compile(r"(?<=\s)(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)(?![\d/.-])")
_PLACE = regex.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}")
_CAPITALS = regex.compile(r"\b[A-Z]{2,5}\b")
# Zones that feeds name, in hours from UTC; names with several meanings as news uses them.
_ZONES = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1,
    "mez": 1, "met": 1, "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "sast": 2, "eest": 3, "idt": 3,
    "msk": 3, "trt": 3, "eat": 3, "cat": 2, "wat": 1, "irst": 3.5, "gst": 4, "pkt": 5, "ist": 5.5,
    "npt": 5.75, "ict": 7, "wib": 7, "wita": 8, "wit": 9, "hkt": 8, "sgt": 8, "myt": 8, "awst": 8,
    "pht": 8, "jst": 9, "kst": 9, "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12,
    "nzdt": 13, "brt": -3, "brst": -2, "art": -3, "clt": -4, "clst": -3, "cot": -5, "pet": -5,
    "ndt": -2.5, "nst": -3.5, "adt": -3, "ast": -4, "edt": -4, "est": -5, "et": -5, "cdt": -5,
    "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip
_YEAR_FIRST = regex.compile(r"(?<![\d-])(\d{4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_NUMBERS = regex.compile(r"(?<![\d-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d)")
_EAST_ASIAN = regex.compile(
    r"(令和|平成|昭和|民[國国]|佛[曆历]|)\s*(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일號号]?"
)
# What the years of an era begin from: Japan's, the Republic of China's, the Buddha's.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民": 1911, "佛": -543}
_TOKEN = regex.compile(r"\d+|[\p{L}\p{M}]+(?:['’.][\p{L}\p{M}]+)*")
_BUDDHIST = range(2400, 2700)
_BUDDHIST_ERA = 543


@dataclass(frozen=True, slots=True)
class _Parts:
    """A day that the text may mean; ``languages`` are those in which it does, {} for numbers."""

    day: Day
    languages: frozenset[str] = frozenset()
    cost: float = 0.0


def read_parts(text: str, language: str = "") -> datetime | None:
    """Return the instant in UTC that ``text`` means, None if no day is found in it.

    ``text`` has ASCII digits and single spaces, ``language`` is a tag, "" if unknown. A weekday
    tells between readings: day or month first, or two languages' months of one name. Raises
    ValueError or OverflowError for a day that does not exist. Blocks: 0.1 s the first time, since
    the words of all languages are read; then some 0.4 ms.
    """
    clock = _CLOCK.search(text)
    rest = text if clock is None else f"{text[: clock.start()]} | {text[clock.end() :]}"
    readings = list(_readings(rest, language.lower()))
    if not readings:
        return None
    weekdays = _weekdays(rest)
    best = _best(readings, weekdays, language.lower()[:2])
    if clock is None:
        without = _NUMBERS.sub("|", _YEAR_FIRST.sub("|", text))
        clock = _DOTTED_CLOCK.search(without)
        text = without if clock else text
    if clock is None:
        return instant(best.day, (0, 0, 0), _zone_in(text, 0))
    languages = best.languages | frozenset().union(*weekdays.values())
    hour, end = _hour(text, clock, languages)
    time = (hour, int(clock["minute"] or 0), int(clock["second"] or 0))
    return instant(best.day, time, _zone_in(text, end))


def instant(day: Day, clock: tuple[int, int, int], zone: tzinfo) -> datetime | None:
    """Return the instant of a day (year, month, day) and time in ``zone``, in UTC.

    24:00 is the next day's midnight, and a leap second the next second. None for a time that
    does not exist; raises ValueError or OverflowError for such a day.
    """
    hour, minute, second = clock
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    midnight = datetime(*day, tzinfo=zone)
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)


@lru_cache(maxsize=256)
def zone_of(text: str) -> tzinfo:
    """Return the zone that ``text`` begins with: an offset, a name or a place; UTC if unknown."""
    text = text.strip().strip("()").strip()
    if found := _OFFSET.match(text):
        return _offset(found)
    word = text.split()[0] if text else ""
    if "/" in word and (place := _place(word)):
        return place
    return timezone(timedelta(hours=_ZONES.get(word.strip("()[],.").lower(), 0)))


def is_zone(text: str) -> bool:
    """Return whether ``text`` is a zone as ``zone_of`` knows it, or nothing; never raises."""
    text = text.strip().strip("()").strip()
    word = text.split(maxsplit=1)[0] if text else ""
    return _OFFSET.match(text) is not None or word.lower() in _ZONES or "/" in word


def _readings(text: str, language: str) -> Iterator[_Parts]:
    """Yield the days that the numbers and words of ``text`` may mean, the likeliest first."""
    for found in _YEAR_FIRST.finditer(text):
        yield _Parts((_year(int(found[1])), int(found[3]), int(found[4])))
        return
    for found in _EAST_ASIAN.finditer(text):
        year = 1 if found[2] == "元" else int(found[2])
        year += _ERAS.get(found[1], _ERAS.get(found[1][:1], 0)) if found[1] else 0
        yield _Parts((_year(year), int(found[3]), int(found[4])))
        return
    for found in _NUMBERS.finditer(text):
        first, second, year = int(found[1]), int(found[3]), _year(int(found[4]))
        # Of the writers of slashes those of the United States put the month first.
        month_first = language.endswith("-us") and found[2] == "/"
        ways = [(year, second, first), (year, first, second)]
        yield from map(_Parts, filter(_exists, reversed(ways) if month_first else ways))
        return
    yield from _in_words(text)


def _in_words(text: str) -> Iterator[_Parts]:
    """Yield the days of ``text`` with a month by name, each with its languages and distance."""
    words = date_words()
    tokens = [token if token.isdigit() else folded(token) for token in _TOKEN.findall(text)]
    for n in range(len(tokens) - 2, -1, -1):  # months of two words
        if words.months.of(pair := f"{tokens[n]} {tokens[n + 1]}"):
            tokens[n : n + 2] = [pair]
    for n, token in enumerate(tokens):
        if token.isdigit():
            continue
        after = n + 1
        if token in words.before and _number(tokens, after, 2):  # "tháng 3"
            months = {int(tokens[after]): frozenset({"vi"})}
            after += 1
        else:
            months = dict(words.months.like(token))
            if not months and (plain := regex.sub("(?<=[aou])e", "", token)) != token:  # "Maerz"
                months = dict(words.months.like(plain))
        is_stem = 0 if words.months.of(token) or token in words.before else 1
        for day, year, distance in _around(tokens, n, after):
            for month, languages in months.items():
                cost = distance + is_stem
                yield _Parts((_year(year, languages), month, day), languages, cost)


def _around(tokens: list[str], at: int, after: int) -> Iterator[tuple[int, int, float]]:
    """Yield days and years in front of a month at ``at`` and from ``after`` on, with distances."""
    before = next((n for n in (at - 1, at - 2, at - 3) if n >= 0 and tokens[n].isdigit()), None)
    follow = [n for n in range(after, min(after + 5, len(tokens))) if tokens[n].isdigit()][:2]
    if before is not None and follow and follow[0] - after < 2:
        first, second = tokens[before], tokens[follow[0]]
        distance = at - before + follow[0] - after
        if len(first) <= 2 and len(second) in {2, 4}:
            yield int(first), int(second), distance
        elif len(first) == 4 and len(second) <= 2:
            yield int(second), int(first), distance + 0.2
    if len(follow) == 2 and follow[0] - after < 2 and follow[1] - follow[0] < 3:
        first, second = (tokens[n] for n in follow)
        if len(first) <= 2 and len(second) == 4:
            yield int(first), int(second), follow[1] - at + 0.5


def _best(readings: list[_Parts], weekdays: dict[int, frozenset[str]], language: str) -> _Parts:
    """Return the nearest reading; of several that which fits its weekday, then its language."""
    among = frozenset().union(*weekdays.values())

    def rank(reading: _Parts) -> tuple[float, bool, bool, bool, int]:
        says = weekdays.get(date(*reading.day).weekday()) if _exists(reading.day) else None
        # A name that means this month in a language without that weekday proves nothing.
        fits = says is not None and not (reading.languages and says.isdisjoint(reading.languages))
        return (
            reading.cost,
            not fits,
            language not in reading.languages,
            among.isdisjoint(reading.languages),
            -len(reading.languages),
        )

    return min(readings, key=rank)


def _weekdays(text: str) -> dict[int, frozenset[str]]:
    """Return the weekdays that the words of ``text`` may name, with their languages."""
    found: dict[int, frozenset[str]] = {}
    words = [folded(token) for token in _TOKEN.findall(text) if not token.isdigit()]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    for word in (*words, *pairs):  # "thứ tư"
        for day, languages in date_words().days.like(word).items():
            found[day] = found.get(day, frozenset()) | languages
    return found


def _hour(text: str, clock: regex.Match[str], languages: frozenset[str]) -> tuple[int, int]:
    """Return the hour of 0 to 24, and where the text goes on behind its half of the day."""
    hour, end = int(clock["hour"]), clock.end()
    halves = date_words().halves

    def half_of(name: str) -> int | None:
        for half, spoken in halves.of(name).items():
            if "en" in spoken or not languages or not languages.isdisjoint(spoken):
                return half
        return None

    half = None
    if after := _WORDS_AFTER.match(text, end):
        pieces = after[1].split()
        for count in range(len(pieces), 0, -1):
            half = half_of(folded("".join(pieces[:count])))
            if half is not None:
                end = after.start(1) + len(after[1]) if count == len(pieces) else end
                if count < len(pieces):
                    end = text.index(pieces[count], end)
                break
    if half is None and (before := _LETTERS_BEFORE.search(text[: clock.start()])):
        # In East Asia no space parts the half of the day from the day.
        letters = folded(before[1]).replace(" ", "")
        whole = [folded("".join(before[1].split()[-count:])) for count in (3, 2, 1)]
        ends = [letters[-count:] for count in (4, 3, 2)] if not letters.isascii() else []
        names = [*whole, *(name for name in ends if regex.match(r"[\p{Han}\p{Hangul}]", name))]
        half = next((half for name in names if (half := half_of(name)) is not None), None)
    if half is not None and hour <= 12:
        hour = hour % 12 + 12 * half
    return hour, end


def _zone_in(text: str, start: int) -> tzinfo:
    """Return the zone that ``text`` names: behind its time at ``start``, or anywhere."""
    rest = text[start:].lstrip(" ,")
    if (found := _OFFSET.match(rest)) and start:
        return _offset(found)
    if found := _FAR_OFFSET.search(text) or (_LATE_OFFSET.search(text, start) if start else None):
        return _offset(found)
    for name in _PLACE.findall(text):
        if place := _place(name):
            return place
    first = regex.match(r"\(?([A-Za-z]{1,5})\b", rest) if start else None
    if first and first[1].lower() in _ZONES:
        return zone_of(first[1])
    names = [name for name in _CAPITALS.findall(text) if name.lower() in _ZONES]
    return zone_of(names[-1]) if names else UTC


def _offset(found: regex.Match[str]) -> tzinfo:
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if offset > _MAX_OFFSET:
        return UTC
    return timezone(offset if found["sign"] == "+" else -offset)


def _place(name: str) -> tzinfo | None:
    """Return an IANA zone by name, None if there is none."""
    try:
        return ZoneInfo(name.strip("()[],."))
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return None
    except KeyError:
        return None


def _year(year: int, languages: frozenset[str] = frozenset()) -> int:
    """Return the common year of a Buddhist one, or of its last two digits."""
    if year < 100:
        year += 2500 if languages == {"th"} else 2000
    return year - _BUDDHIST_ERA if year in _BUDDHIST else year


def _number(tokens: list[str], at: int, max_digits: int) -> bool:
    return at < len(tokens) and tokens[at].isdigit() and len(tokens[at]) <= max_digits


def _exists(day: Day) -> bool:
    try:
        date(*day)
    except ValueError:
        return False
    return True
