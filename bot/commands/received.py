"""What a reader sends that is no text of their own: voice, pictures, places, forwarded messages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit

from bot.commands.request import Request, plain_message
from bot.commands.schedule import Schedules, ZoneTapped, clock_buttons
from bot.commands.subscriptions import Subscriptions
from bot.commands.zones import zone_at
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Message
from bot.errors import ReaderError
from bot.texts import sentence

__all__ = ["SENTENCES", "ContentKind", "HeardTapped", "Received"]

# A forwarded line that may be a search of one's own; what is longer is an article.
_MAX_WORDS_CHARS = 80
_MAX_HOST_CHARS = 40
# An address ends where white space or a mark does that stands around addresses, not in them.
_LINK = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)]}'’…"
_LINE = re.compile(r"[^\n]*\S[^\n]*")


class ContentKind(StrEnum):
    """What a message holds, as far as the answer to it differs."""

    SOUND = "sound"
    PICTURE = "picture"
    GAME = "game"
    POLL = "poll"
    CONTACT = "contact"
    FILE = "file"
    OTHER = "other"


# What to send instead, by what was sent.
SENTENCES = {
    ContentKind.SOUND: sentence(
        "I can only read, not listen or watch. Please write it, for example: /subscribe climate"
    ),
    ContentKind.PICTURE: sentence(
        "I can only read, not see pictures. Please write it, for example: /subscribe climate"
    ),
    ContentKind.GAME: sentence(
        "I know only the news. Tell me what you would like to read: /subscribe climate"
    ),
    ContentKind.POLL: sentence(
        "I do not vote or tick. Tell me what you would like to read: /subscribe climate"
    ),
    ContentKind.CONTACT: sentence(
        "I need nobody's number, and have not kept it. "
        "Tell me what you would like to read: /subscribe climate"
    ),
    ContentKind.FILE: sentence(
        "Of files I read only lists of feeds (.opml). For anything else write to me: /help"
    ),
    ContentKind.OTHER: sentence(
        "I read only text. Please write it, for example: /subscribe climate"
    ),
}


@dataclass(frozen=True)
class HeardTapped(CallbackData):
    """The button that takes what a forwarded message holds: a "link" or "words".

    Which ones, stands in the last lines of the tapped message: a link may be over 64 bytes.
    """

    prefix: ClassVar[str] = "heard"
    what: str


class Received:
    """The use cases of messages that are no text of the reader's own."""

    def __init__(self, *, schedules: Schedules, subscriptions: Subscriptions) -> None:
        self._schedules = schedules
        self._subscriptions = subscriptions

    def content(self, request: Request, kind: ContentKind) -> Message:
        """Return the sentence that says what to send instead; no I/O."""
        instead = SENTENCES[kind]
        return plain_message(request.texts._(instead))

    async def place(self, request: Request, latitude: float, longitude: float) -> Message:
        """Set the chat's zone to that of a position in degrees, or ask which of several it is.

        Does what ``Schedules.set_zone`` does; the position itself is not stored. Raises
        ReaderError where no zone is known, and StoreUnavailable.
        """
        zones = zone_at(latitude, longitude)
        if not zones:
            raise ReaderError("no-zone-there")
        if len(zones) == 1:
            return await self._schedules.set_zone(request, ZoneTapped(zones[0]))
        return plain_message(
            request.texts._("Which one is yours?"), clock_buttons(tuple(zones), request)
        )

    def forwarded(self, request: Request, text: str, links: Sequence[str] = ()) -> Message:
        """Return what of a forwarded message can be read about, as buttons; no I/O.

        The first link is offered, else a single short line as own words. ``links`` are those
        under its words. Nothing is done until a tap: it is not the reader's word, whatever command
        it holds.
        """
        texts = request.texts
        found = [*(match.rstrip(_AFTER_LINK) for match in _LINK.findall(text)), *links]
        lines = _LINE.findall(text)
        buttons, thing = [], ""
        for link in found:
            if host := _host(link):
                thing = link
                label = texts._("Read {site}", site=host)
                buttons.append(Button(text=label, data=HeardTapped("link").pack()))
                break
        else:
            line = lines[0].strip() if len(lines) == 1 else ""
            if line and len(line) <= _MAX_WORDS_CHARS and not line.startswith(("/", "／")):
                thing = line
                label = texts._("Read about these words")
                buttons.append(Button(text=label, data=HeardTapped("words").pack()))
        if not buttons:
            return plain_message(
                texts._(
                    "That was written by somebody else, so I do nothing by it. "
                    "Write to me yourself, or forward a message with a link."
                )
            )
        question = texts._(
            "That was written by somebody else, so I do nothing by it. "
            "Shall I look for this from now on?"
        )
        return plain_message(f"{question}\n\n{thing}", (tuple(buttons),))

    async def heard(self, request: Request, tapped: HeardTapped) -> Message:
        """Subscribe to what a tapped message offers, as ``Subscriptions.subscribe`` does.

        Raises ReaderError where it offers nothing, and what that raises.
        """
        thing = request.shown.rpartition("\n\n")[2].strip()
        is_link = bool(_LINK.fullmatch(thing))
        if not thing or is_link != (tapped.what == "link"):
            raise ReaderError("old-button")
        return await self._subscriptions.subscribe(request, thing)


def _host(link: str) -> str:
    """Return the host of a link as it is shown, "" if the link has none."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or "." not in host:
        return ""
    return host.removeprefix("www.")[:_MAX_HOST_CHARS]
