"""Times of the day among the tokens of a text: "half past seven", "7 Uhr 30"."""

from collections.abc import Sequence

from bot.commands.reading_times.tokens import TimeToken

__all__ = ["TimeRead", "shifted", "time_at"]

_DAY = 24 * 60

# Seconds of the day, whether morning or evening is settled, and the tokens used.
TimeRead = tuple[int, bool, int]


def time_at(tokens: Sequence[TimeToken], at: int, *, weak: bool = False) -> TimeRead | None:
    """Return the time that begins at token ``at``; None if none does.

    ``weak`` takes for numbers also the words that are a preposition or an article elsewhere
    ("on" is ten in Turkish, "um" is one in Portuguese).
    """
    roles = tokens[at].roles
    if "whole" in roles:
        hour, minute = roles["whole"]
        return (hour * 60 + minute) * 60, False, 1
    return (
        _shift_first(tokens, at)
        or _minutes_first(tokens, at)
        or _hour_minutes_turn(tokens, at)
        or _hour_first(tokens, at, weak=weak)
    )


def shifted(seconds: int, period: str) -> int:
    """Return a time of a twelve-hour clock in a part of the day: 7:00 in the evening is 19:00."""
    hour = seconds // 3600
    if hour > 12:
        return seconds
    half_day = _DAY // 2 * 60
    is_twelve = hour == 12
    if period == "morning":
        return seconds - half_day if is_twelve else seconds
    if period == "evening":
        return seconds if is_twelve else seconds + half_day
    if period == "night":
        if is_twelve:
            return seconds - half_day
        return seconds + half_day if hour >= 5 else seconds
    return seconds + half_day if 1 <= hour <= 4 else seconds  # midday


def _shift_first(tokens: Sequence[TimeToken], at: int) -> TimeRead | None:
    """Read "half past seven", "halb acht", "साढ़े सात"."""
    if "before" not in tokens[at].roles:
        return None
    hour_at = _skip(tokens, at + 1, "hour")
    hour = _hour(tokens, hour_at)
    if hour is None:
        return None
    end = _skip(tokens, hour_at + 1, "hour")
    return _moved(hour, tokens[at].roles["before"], end - at)


def _minutes_first(tokens: Sequence[TimeToken], at: int) -> TimeRead | None:
    """Read "quarter to 8", "zehn nach sieben", and with the sign first "без десяти восемь"."""
    sign = tokens[at].roles.get("head")
    first = at if sign is None else at + 1
    minutes = _number(tokens, first)
    if minutes is None or not 1 <= minutes <= 59:
        return None
    next_at = _skip(tokens, first + 1, "minute")
    if sign is None:
        if next_at >= len(tokens) or "link" not in tokens[next_at].roles:
            return None
        sign = tokens[next_at].roles["link"]
        next_at += 1
    hour_at = _skip(tokens, next_at, "hour")
    hour = _hour(tokens, hour_at)
    if hour is None:
        return None
    end = _skip(tokens, hour_at + 1, "hour")
    return _moved(hour, sign * minutes, end - at)


def _hour_minutes_turn(tokens: Sequence[TimeToken], at: int) -> TimeRead | None:
    """Read "yediyi on geçe"."""
    hour, minutes = _hour(tokens, at), _number(tokens, at + 1)
    if hour is None or minutes is None or at + 2 >= len(tokens):
        return None
    sign = tokens[at + 2].roles.get("turn")
    return None if sign is None else _moved(hour, sign * minutes, 3)


def _hour_first(tokens: Sequence[TimeToken], at: int, *, weak: bool) -> TimeRead | None:
    """Read "7:30", "7 Uhr 30", "seven thirty", "siete y media", "huit heures moins dix"."""
    token = tokens[at]
    if token.clock is not None and not token.is_bare:
        hour, minute, second = token.clock
        end = _skip(tokens, at + 1, "hour")
        return hour * 3600 + minute * 60 + second, token.is_fixed, end - at
    hour_read = _hour(tokens, at)
    if hour_read is None:
        return None
    end = _skip(tokens, at + 1, "hour")
    if end < len(tokens) and "after" in tokens[end].roles:
        return _moved(hour_read, tokens[end].roles["after"], end + 1 - at)
    if "filler" in token.roles and end == at + 1:
        # "on sunday" says on which day, "saat on hafta içi" an hour.
        behind = tokens[at + 1].roles if at + 1 < len(tokens) else {}
        is_hour = at > 0 and "hour" in tokens[at - 1].roles
        if not weak or (not is_hour and {"day", "set"} & set(behind)):
            return None
    minutes, end = _tail(tokens, at, end) or _minutes_after(tokens, at, end) or (0, end)
    return _moved(hour_read, minutes, end - at)


def _tail(tokens: Sequence[TimeToken], at: int, end: int) -> tuple[int, int] | None:
    """Return the minutes of "moins dix" behind an hour, and where they end."""
    minutes = _number(tokens, end + 1)
    if minutes is None or "tail" not in tokens[end].roles or _unit(tokens, end + 2):
        return None
    is_sure = end > at + 1 or tokens[end + 1].clock is None
    if not is_sure or not minutes or minutes % 5:
        return None
    return tokens[end].roles["tail"] * minutes, _skip(tokens, end + 2, "minute")


def _minutes_after(tokens: Sequence[TimeToken], at: int, end: int) -> tuple[int, int] | None:
    """Return the minutes that stand behind an hour and where they end; None for another hour."""
    minutes = _number(tokens, end)
    if minutes is None or minutes > 59 or (minutes <= 23 and _unit(tokens, end + 1)):
        return None
    after = _skip(tokens, _skip(tokens, end + 1, "minute"), "hour")
    has_unit = end + 1 < len(tokens) and "minute" in tokens[end + 1].roles
    if tokens[end].clock is None:  # in words
        is_meant = minutes >= 10 and tokens[at].clock is None
    else:
        has_two_digits = tokens[end].end - tokens[end].start == 2
        is_meant = has_two_digits and (end > at + 1 or minutes > 23)
    return (minutes, after) if is_meant or has_unit else None


def _unit(tokens: Sequence[TimeToken], at: int) -> bool:
    return at < len(tokens) and "hour" in tokens[at].roles


def _hour(tokens: Sequence[TimeToken], at: int) -> tuple[int, bool] | None:
    """Return the hour that token ``at`` is in figures or words, and whether it is settled."""
    number = _number(tokens, at)
    if number is None or number > 23:
        return None
    return number, tokens[at].is_fixed or number > 12


def _number(tokens: Sequence[TimeToken], at: int) -> int | None:
    if at >= len(tokens):
        return None
    number: int | None = tokens[at].roles.get("number")
    return number


def _skip(tokens: Sequence[TimeToken], at: int, role: str) -> int:
    while at < len(tokens) and role in tokens[at].roles and "number" not in tokens[at].roles:
        at += 1
    return at


def _moved(hour: tuple[int, bool], minutes: int, used: int) -> TimeRead:
    moved = (hour[0] * 60 + minutes) % _DAY
    if minutes < 0 and hour[0] == 1:  # "halb eins" is said at lunch
        moved = (moved + _DAY // 2) % _DAY
    return moved * 60, hour[1], used
