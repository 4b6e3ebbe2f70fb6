"""The time and the days of a message, from its chunks."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.intents.chunks import Chunk

__all__ = ["Timing", "schedule_in"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY = frozenset({"every", "every_am", "every_pm"})
_WHEN = _EVERY | {"weekdays", "weekend", "day"}
_BESIDE = _WHEN | {"at", "hour", "am", "pm"}
_SCHEDULE = _BESIDE | {"clock", "to"}


@dataclass(frozen=True, slots=True)
class Timing:
    """The schedule of a message as /schedule takes it ("" if none), and the other chunks.

    ``is_clear`` is False where a day or a part of one is named, and no time; ``is_plan`` says that
    the time is one at which something comes ("at", "every").
    """

    schedule: str
    rest: tuple[Chunk, ...]
    is_clear: bool = True
    is_plan: bool = False


def schedule_in(chunks: Sequence[Chunk]) -> Timing:
    """Return what ``chunks`` say of times and days; never raises.

    A bare number is a time only beside a word for hours, a part of the day, or days.
    """
    rest: list[Chunk] = []
    used: list[Chunk] = []
    for at, chunk in enumerate(chunks):
        around = (*chunks[max(at - 1, 0) : at], *chunks[at + 1 : at + 2])
        is_time = chunk.label in _SCHEDULE or (
            chunk.label == "number"
            and int(chunk.text) <= 24
            and any(beside.label in _BESIDE for beside in around)
        )
        (used if is_time else rest).append(chunk)
    labels = {chunk.label for chunk in used}
    said = _as_typed(used)
    if not any(":" in word for word in said):
        kept = [chunk for chunk in chunks if chunk.label not in {"at", "hour"} | _EVERY | {"to"}]
        is_clear = not labels & {"am", "pm", "weekdays", "weekend", "day", "every_pm"}
        return Timing("", tuple(kept), is_clear=is_clear)
    return Timing(" ".join(said), tuple(rest), is_plan=bool(labels & (_WHEN | {"at"})))


def _as_typed(used: Sequence[Chunk]) -> list[str]:
    """Return times and days as /schedule takes them, in the order in which they stand.

    A time is in the half of the day that stands behind it, else in that which all of it says.
    """
    labels = {chunk.label for chunk in used}
    is_am, is_pm = "am" in labels, bool(labels & {"pm", "every_pm"})
    half = "" if is_am == is_pm else "am" if is_am else "pm"
    said: list[str] = []
    pending = -1
    for at, chunk in enumerate(used):
        if chunk.label in {"weekdays", "weekend"}:
            said.append(chunk.label)
        elif chunk.label == "day":
            is_end = pending >= 0 and at and used[at - 1].label == "to"
            if is_end:
                said[-1] = f"{_DAYS[pending]}-{_DAYS[chunk.number]}"
            else:
                said.append(_DAYS[chunk.number])
            pending = chunk.number
        else:
            behind = used[at + 1].label if at + 1 < len(used) else ""
            if time := _time(chunk, behind if behind in {"am", "pm"} else half):
                said.append(time)
    return said


def _time(chunk: Chunk, half: str) -> str:
    if chunk.label not in {"clock", "number"}:
        return ""
    digits = chunk.text.lower().replace("h", ":").replace(".", ":").split(":")
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""
