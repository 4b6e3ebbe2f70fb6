"""Who is asking, and how we answer."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from bot.domain.message import Keyboard, Message
from bot.domain.ports import Notice
from bot.domain.room import Room
from bot.texts import Texts

__all__ = ["NO_NOTICE", "Request", "say"]


class _NoNotice:
    """For a reader who does not watch."""

    async def say(self, text: str) -> None:
        """Show nothing."""

    async def clear(self) -> None:
        """Nothing to take away."""


NO_NOTICE = _NoNotice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: the room it came from, what we speak there, and when it came.

    ``update_id`` is Telegram's number of the request, the same if it is delivered twice.
    ``is_new`` says that we never heard from this room before. ``notice`` is where to say
    how long work goes.
    """

    room: Room
    texts: Texts
    now: datetime
    update_id: int
    is_new: bool = False
    notice: Notice = NO_NOTICE


def say(text: str, keyboard: Keyboard = ()) -> Message:
    """Return an answer without markup: whatever is in ``text`` is shown as it is."""
    return Message(html=escape(text, quote=False), plain=text, keyboard=keyboard)
