"""What is said of a break that is on."""

from dataclasses import replace
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.commands.request import Request
from bot.domain.message import Message
from bot.domain.room import Room

__all__ = ["OPEN_END", "is_on_a_break", "say_break", "with_break"]

_MAX_CHARS = 3_500  # of an answer that a line still fits to
# The end of a break without one, as it is stored: from this year on it lasts until /resume.
OPEN_END = 9999


def is_on_a_break(room: Room, now: datetime) -> bool:
    """Return whether nothing scheduled comes to the room at ``now`` (aware)."""
    until = room.settings.paused_until
    return until is not None and until > now


def say_break(room: Room, request: Request) -> str:
    """Return that the room is on a break and until which day, in its zone; "" if it is on none.

    Without a zone the day is that of UTC. The year is said if it is over half a year away.
    """
    texts, until = request.texts, room.settings.paused_until
    if until is None or until <= request.now:
        return ""
    if until.year >= OPEN_END:
        return texts._("You are on a break. /resume ends it.")
    zone = ZoneInfo(room.zone or "UTC")
    today = request.now.astimezone(zone).date()
    day = texts.day(until.astimezone(zone).date(), today=today)
    return texts._("Paused until {day}. /resume ends the break earlier.", day=day)


def with_break(answer: Message, room: Room, request: Request) -> Message:
    """Return an answer with a last line on the break that the room is on, if it is on one.

    What names /resume says it already; to an answer that is nearly full nothing is added.
    """
    told = say_break(room, request)
    if not told or "/resume" in answer.plain or len(answer.html) > _MAX_CHARS:
        return answer
    html = f"{answer.html}\n\n{escape(told, quote=False)}"
    return replace(answer, html=html, plain=f"{answer.plain}\n\n{told}")
