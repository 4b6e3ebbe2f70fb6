"""What a text asks of a schedule: times, the days of each, and days to drop."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import time

from bot.commands.reading_times.clock_times import shifted, time_at
from bot.commands.reading_times.tokens import TimeToken, tokens_of
from bot.commands.reading_times.words import roles_of_misspelt
from bot.domain.schedule import EVERY_DAY, Schedule

__all__ = ["Plan", "read_plan", "read_time"]

_MAX_UNKNOWN_CHARS = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """What a text says of times and days.

    ``times`` are as typed, doubles among them, each with its days (empty where none is said for
    it); ``dropped`` the days that shall have none; ``is_off`` that nothing shall come at all;
    ``is_only`` that what is not named shall go. ``unknown`` is the first word that says nothing
    of time, up to 40 characters.
    """

    times: tuple[tuple[time, frozenset[int]], ...] = ()
    dropped: frozenset[int] = frozenset()
    is_off: bool = False
    is_only: bool = False
    unknown: str = ""

    @property
    def names_days(self) -> bool:
        """Whether every time has days of its own."""
        return bool(self.times) and all(days for _, days in self.times)

    @property
    def schedules(self) -> list[Schedule]:
        """The schedules in the order of the times, each time once; no day is every day."""
        days: dict[time, frozenset[int]] = {}
        for at, on in self.times:
            days[at] = days.get(at, frozenset()) | (on or EVERY_DAY)
        return [Schedule(local_time=at, days=on) for at, on in days.items()]


def read_time(text: str) -> time | None:
    """Return the one time that ``text`` is, whatever the language; None if it is anything else."""
    plan = read_plan(text)
    if plan.unknown or len(plan.times) != 1 or plan.is_off or plan.dropped:
        return None
    at, days = plan.times[0]
    return None if days else at


def read_plan(text: str, *, lenient: bool = False) -> Plan:
    """Return what ``text`` says of times and days, in any of our languages and digits.

    Days stand before or behind the times they hold for: "weekdays 7:30 weekends 9:00", "7:30 18:00
    mon-fri"; those of a line with one group of days or of times hold for all of it. Linear; never
    raises; a text without a time or a day has neither. Loads the words at the first call.
    """
    normal, tokens = tokens_of(text)
    for n, token in enumerate(tokens if lenient else ()):
        if not token.roles and token.clock is None:  # a word unknown, or misspelt
            roles = roles_of_misspelt(normal[token.start : token.end])
            tokens[n] = replace(token, roles=roles)
    reading = _read(tokens, weak=False)
    if not reading.has("T"):
        reading = _read(tokens, weak=True)
    unknown = "" if reading.unknown is None else _written(normal, reading.unknown)
    items = _settle_exceptions(reading.items)
    if reading.is_off and not reading.has("T"):
        named = _union(items)
        return Plan(dropped=named, is_off=not named, unknown=unknown)
    excepted_only = bool(items) and not reading.has("T") and reading.is_negative
    if excepted_only:
        return Plan(dropped=EVERY_DAY - _union(items), unknown=unknown)
    return Plan(times=_paired(items), is_only=reading.is_only, unknown=unknown)


@dataclass(slots=True)
class _Item:
    """A time ("T"), days ("D"), excepted days ("X") or "the other days" ("R")."""

    kind: str
    seconds: int = 0
    is_fixed: bool = False
    days: frozenset[int] = frozenset()
    is_named: bool = False  # single weekdays, and no "weekend"


@dataclass(slots=True)
class _PlanDraft:
    items: list[_Item] = field(default_factory=list)
    unknown: TimeToken | None = None
    is_off: bool = False
    is_only: bool = False
    is_negative: bool = False
    period: str = ""

    def has(self, kind: str) -> bool:
        return any(item.kind == kind for item in self.items)


def _read(tokens: Sequence[TimeToken], *, weak: bool) -> _PlanDraft:
    reading = _PlanDraft()
    at = 0
    while at < len(tokens):
        roles = tokens[at].roles
        found = time_at(tokens, at, weak=weak)
        if found is not None:
            seconds, is_fixed, used = found
            _add_time(reading, seconds, is_fixed)
            at += used
            continue
        if "moment" in roles and at + 1 < len(tokens) and "after" in tokens[at + 1].roles:
            _add_time(reading, (roles["moment"] + tokens[at + 1].roles["after"]) * 60, True)
            at += 2
        elif "day" in roles or "set" in roles:
            at = _add_days(reading, tokens, at)
        elif "but" in roles and _is_days(tokens, at + 1):
            before = len(reading.items)
            at = _add_days(reading, tokens, at + 1)
            for item in reading.items[before:]:
                item.kind = "X"
            if reading.items[-1].days == EVERY_DAY:  # "not every day" says which days by no word
                reading.items.pop()
            reading.is_negative = True
        elif "but_after" in roles and reading.items and reading.items[-1].kind == "D":
            _except_last(reading)
            reading.is_negative = True
            at += 1
        else:
            _add_other(reading, tokens[at])
            at += 1
    return reading


def _add_other(reading: _PlanDraft, token: TimeToken) -> None:
    roles = token.roles
    if "moment" in roles:
        last = reading.items[-1] if reading.items else None
        if (
            last is not None
            and last.kind == "T"
            and last.seconds % 43200 == 0
            and not last.is_fixed
        ):
            last.seconds, last.is_fixed = roles["moment"] * 60, True  # "12 noon"
        else:
            reading.items.append(_Item("T", roles["moment"] * 60, is_fixed=True))
    elif "period" in roles:
        last = reading.items[-1] if reading.items else None
        if last is not None and last.kind == "T" and not last.is_fixed:
            last.seconds, last.is_fixed = shifted(last.seconds, roles["period"]), True
        else:
            reading.period = roles["period"]
    elif "rest" in roles:
        reading.items.append(_Item("R"))
    elif "only" in roles:
        reading.is_only = True
    elif "off" in roles:
        reading.is_off = True
    elif not roles or (not {"filler", "hour", "minute", "to", "but"} & set(roles)):
        reading.unknown = reading.unknown or token


def _add_time(reading: _PlanDraft, seconds: int, is_fixed: bool) -> None:
    if reading.period and not is_fixed:
        seconds, is_fixed = shifted(seconds, reading.period), True
    reading.period = ""
    reading.items.append(_Item("T", seconds, is_fixed))


def _is_days(tokens: Sequence[TimeToken], at: int) -> bool:
    return at < len(tokens) and bool({"day", "set"} & set(tokens[at].roles))


def _add_days(reading: _PlanDraft, tokens: Sequence[TimeToken], at: int) -> int:
    """Add the day, set or range of days that begins at token ``at``; return where it ends."""
    roles = tokens[at].roles
    if "day" not in roles:
        reading.items.append(_Item("D", days=roles["set"]))
        return at + 1
    (first,) = roles["day"]
    is_range = (
        at + 2 < len(tokens) and "to" in tokens[at + 1].roles and "day" in tokens[at + 2].roles
    )
    (last,) = tokens[at + 2].roles["day"] if is_range else (first,)
    days = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
    reading.items.append(_Item("D", days=days, is_named=True))
    return at + (3 if is_range else 1)


def _except_last(reading: _PlanDraft) -> None:
    """Turn the weekdays named last into exceptions: "pazar hariç"."""
    for item in reversed(reading.items):
        if item.kind != "D" or not item.is_named:
            break
        item.kind = "X"
    if reading.items[-1].kind == "D":
        reading.items[-1].kind = "X"


def _settle_exceptions(items: list[_Item]) -> list[_Item]:
    """Return items without exceptions: those are taken from the days they belong to."""
    settled: list[_Item] = []
    if [item.kind for item in items[:2]] == ["X", "D"]:
        items = [items[1], items[0], *items[2:]]
    for index, item in enumerate(items):
        if item.kind == "X":
            base = next((found for found in reversed(settled) if found.kind == "D"), None)
            if base is None:
                base = _Item("D", days=EVERY_DAY)
                settled.append(base)
            base.days = base.days - item.days
            kinds = [other.kind for other in items[index + 1 : index + 3]]
            # A time follows that has no other days: "except sunday at 9".
            if kinds[:1] == ["T"] and kinds[1:] != ["D"] and settled[-1].kind == "T":
                settled.append(_Item("D", days=item.days))
        elif item.kind == "D" and settled and settled[-1].kind == "D":
            settled[-1] = _Item("D", days=settled[-1].days | item.days)
        elif item.kind == "R":
            named = _union(settled) | _union(items[index:])
            settled.append(_Item("R", days=EVERY_DAY - named))
        else:
            settled.append(item)
    return settled


def _union(items: Sequence[_Item]) -> frozenset[int]:
    return frozenset().union(*(item.days for item in items if item.kind == "D"))


def _paired(items: Sequence[_Item]) -> tuple[tuple[time, frozenset[int]], ...]:
    """Return each time with its days."""
    for index, item in enumerate(items):
        if item.kind == "R" and any(found.kind == "T" for found in items[index + 1 :]):
            rest = [_Item("D", days=item.days), *items[index + 1 :]]
            return _paired(items[:index]) + _paired(
                [found for found in rest if found.days or found.kind == "T"]
            )
    items = [item for item in items if item.kind != "R"]
    runs: list[list[_Item]] = []
    for item in items:
        if runs and runs[-1][0].kind == item.kind:
            runs[-1].append(item)
        else:
            runs.append([item])
    times = [run for run in runs if run[0].kind == "T"]
    days = [_union(run) for run in runs if run[0].kind == "D"]
    if len(times) < 2 or len(days) < 2:
        pooled = frozenset().union(*days)
        return tuple((_clock(item), pooled) for run in times for item in run)
    # Both stand in turns; what is left over at the end joins the last.
    on = [days[min(index, len(days) - 1)] for index in range(len(times))]
    if len(days) > len(times):
        on[-1] = on[-1].union(*days[len(times) :])
    return tuple((_clock(item), on[i]) for i, run in enumerate(times) for item in run)


def _clock(item: _Item) -> time:
    minutes, second = divmod(item.seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second)


def _written(normal: str, token: TimeToken) -> str:
    """Return the word, between spaces or commas, in which an unknown token stands."""
    start, end = token.start, token.end
    while start > 0 and normal[start - 1] not in " \t\n,;":
        start -= 1
    while end < len(normal) and normal[end] not in " \t\n,;":
        end += 1
    return normal[start:end][:_MAX_UNKNOWN_CHARS]
