"""When a break ends: a span, a date, a weekday or a feast, in all our languages."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.commands.reading_times.break_words import normalize_break, roles_of_breaks
from bot.commands.reading_times.tokens import TimeToken, scan

__all__ = ["BreakEnd", "read_break_end"]

_MAX_CHARS = 200
# 2026-12-24, 2026年12月24日.
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-./年년]\s?(?P<month>\d{1,2})\s?[-./月월]\s?(?P<day>\d{1,2})[日일号]?(?!\d)"
)
# 24/12/2026, 24.12., 12/24.
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})"
    r"(?:(?P=mark)(?P<year>\d{4}|\d{2}))?(?![\d/-])"
)
_MONTH_DAY = re.compile(
    r"(?<!\d)(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号號]?(?!\d)"
)
# The 20th, le 1er, 20号; 日 and 일 count days unless the text says "until".
_DAY_OF_MONTH = re.compile(r"(?<!\d)(?P<day>\d{1,2})\s?(?:st|nd|rd|th|er|号|號|\.)(?![^\W_])")
_UNTIL_DAY = re.compile(r"(?<!\d)(?P<day>\d{1,2})\s?(?:日まで|日迄|일까지)")
_FIGURES = re.compile(r"\d+")
_LONGEST_COUNT = 999
_UNIT_DAYS = {"day": 1, "week": 7}
# A date without its year is looked for up to the next 29 February, which may be 8 years off.
_YEARS_AHEAD = 9
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class BreakEnd:
    """How a break ends: ``until`` (aware, in the zone asked for), never, or now.

    ``is_open`` and ``is_resumed`` say that ``until`` is None because it lasts until /resume, or
    because the break itself shall end.
    """

    until: datetime | None = None
    is_open: bool = False
    is_resumed: bool = False


def read_break_end(text: str, now: datetime, *, month_first: bool = False) -> BreakEnd | None:
    """Return the end of a break that ``text`` names; None if it names none that is ahead.

    ``now`` is aware and in the reader's zone. Days, weeks and hours are counted from now, months
    by the calendar; a bare number counts days. A date or weekday is its first minute, a date
    without its year the next such, "next friday" the next Friday, "next week" its Monday.
    Numeric dates have the day first, unless ``month_first`` or the month would be over 12. In any
    of our languages; linear; never raises. Loads its words at the first call.
    """
    normal = normalize_break(text[:_MAX_CHARS])
    with suppress(OverflowError, ValueError):
        return _read(normal, now, month_first=month_first)
    return None


def _read(normal: str, now: datetime, *, month_first: bool) -> BreakEnd | None:
    today = now.date()
    for day, rest in _dates_in_figures(normal, today, month_first=month_first):
        if all("day" in token.roles for token in _tokens(rest)):
            return _until_day(day, now)
        return None
    tokens = _tokens(normal)
    if len(tokens) == 1 and tokens[0].roles.keys() & {"forever", "resume"}:
        is_open = "forever" in tokens[0].roles
        return BreakEnd(is_open=is_open, is_resumed=not is_open)
    # A word may be a filler in one language and a day in another: "do środy", "Do".
    without_fillers = [token for token in tokens if "filler" not in token.roles]
    for read in (tokens, without_fillers):
        end = _span(read, now) if read else None
        if end is not None:
            return BreakEnd(until=end) if end > now else None
        day_named = _day_named(read, today)
        if day_named is not None:
            return _until_day(day_named, now)
    return None


def _until_day(day: date | None, now: datetime) -> BreakEnd | None:
    if day is None:
        return None
    until = datetime.combine(day, time(), tzinfo=now.tzinfo)
    return BreakEnd(until=until) if until > now else None


def _tokens(normal: str) -> list[TimeToken]:
    return scan(normal, roles_of_breaks(), _figures)


def _figures(text: str, at: int) -> TimeToken:
    match = _FIGURES.match(text, at)
    end = match.end() if match else at + 1
    number = int(text[at:end]) if end - at <= 4 else _LONGEST_COUNT + 1
    return TimeToken(at, end, {"number": number}, is_bare=True)


def _dates_in_figures(
    normal: str, today: date, *, month_first: bool
) -> Iterator[tuple[date | None, str]]:
    """Yield the first date written in figures, None if it is no date, and the text around it."""
    if match := _YEAR_FIRST.search(normal):
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        yield day, _around(normal, match)
    elif match := _NUMERIC.search(normal):
        first, second = int(match["first"]), int(match["second"])
        is_month_first = second > 12 or (month_first and first <= 12)
        month, day_of_month = (first, second) if is_month_first else (second, first)
        year = int(match["year"] or 0)
        found = _dated(month, day_of_month, year + 2000 if 0 < year < 100 else year, today)
        yield found, _around(normal, match)
    elif match := _MONTH_DAY.search(normal):
        yield _dated(int(match["month"]), int(match["day"]), 0, today), _around(normal, match)
    elif (match := _UNTIL_DAY.search(normal)) or (match := _DAY_OF_MONTH.search(normal)):
        rest = _around(normal, match)
        if not any(token.roles.keys() & {"month", "unit", "number"} for token in _tokens(rest)):
            yield _next_day_of_month(int(match["day"]), today), rest


def _around(normal: str, match: re.Match[str]) -> str:
    return f"{normal[: match.start()]} {normal[match.end() :]}"


def _dated(month: int, day: int, year: int, today: date) -> date | None:
    """Return a date; without a year (0) the next after today. None if there is none."""
    if year:
        return date(year, month, day)
    for ahead in range(_YEARS_AHEAD):
        with suppress(ValueError):
            found = date(today.year + ahead, month, day)
            if found > today:
                return found
    return None


def _next_day_of_month(day: int, today: date) -> date | None:
    first = today.replace(day=1)
    for _ in range(12):
        with suppress(ValueError):
            if (found := first.replace(day=day)) > today:
                return found
        first = _months_later(first, 1)
    return None


def _span(tokens: Sequence[TimeToken], now: datetime) -> datetime | None:
    """Return now and the spans that the tokens name, if they name nothing else."""
    end, at = now, 0
    while at < len(tokens):
        roles = tokens[at].roles
        if "span" in roles or "hours_span" in roles:
            end += timedelta(days=roles.get("span", 0), hours=roles.get("hours_span", 0))
            at += 1
            continue
        number = roles.get("number")
        if number is not None and len(tokens) == 1 and "unit" not in roles:
            unit = "day" if tokens[0].is_bare else ""
        else:
            at += number is not None
            unit = tokens[at].roles.get("unit", "") if at < len(tokens) else ""
        if not unit or (number is not None and number > _LONGEST_COUNT):
            return None
        end = _later(end, unit, 1 if number is None else number)
        at += 1
    return end


def _later(at: datetime, unit: str, count: int) -> datetime:
    if unit == "hour":
        return (at.astimezone(UTC) + timedelta(hours=count)).astimezone(at.tzinfo)
    if unit in _UNIT_DAYS:
        return at + timedelta(days=count * _UNIT_DAYS[unit])
    day = _months_later(at.date(), count * (12 if unit == "year" else 1))
    return datetime.combine(day, at.timetz())


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _day_named(tokens: Sequence[TimeToken], today: date) -> date | None:
    """Return the day of "24 December", "next friday", "tomorrow", "new year's eve"."""
    months = [token.roles["month"] for token in tokens if "month" in token.roles]
    numbers = [t.roles["number"] for t in tokens if "number" in t.roles and "month" not in t.roles]
    is_dated = all(t.roles.keys() & {"month", "number", "day", "next"} for t in tokens)
    if len(months) == 1 and is_dated and len(numbers) <= 2:
        day = min(numbers, default=1)
        year = max(numbers) if len(numbers) == 2 else 0
        return _dated(months[0], day, year, today) if not year or year > 999 else None
    feasts = [token.roles["feast"] for token in tokens if "feast" in token.roles]
    if len(feasts) == 1 and len(tokens) - len(numbers) == 1 and len(numbers) <= 1:
        month, day = feasts[0]
        return _dated(month, day, numbers[0] if numbers else 0, today)
    return _relative_day(tokens, today)


def _relative_day(tokens: Sequence[TimeToken], today: date) -> date | None:
    """Return the day of "tomorrow", "next week", "friday", "next month", "the weekend"."""
    named = [token for token in tokens if "next" not in token.roles]
    units = [token.roles["unit"] for token in named if "unit" in token.roles]
    days = [token.roles["day"] for token in named if "day" in token.roles]
    if units and len(named) == len(units) + len(days) and len(named) < len(tokens):
        return _next_unit(units, days, today)
    if len(named) != 1:
        return None
    roles = named[0].roles
    if "days_ahead" in roles:
        return today + timedelta(days=roles["days_ahead"])
    if not days and "weekend" not in roles:
        return None
    weekday = min(days[0]) if days else _SATURDAY
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _next_unit(units: list[str], days: list[frozenset[int]], today: date) -> date | None:
    """Return the first day of the next week, month or year, or a weekday of the next week."""
    if units == ["week"] and len(days) < 2:
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=min(days[0]) if days else 0)
    if units == ["month"] and not days:
        return _months_later(today.replace(day=1), 1)
    return date(today.year + 1, 1, 1) if units == ["year"] and not days else None
