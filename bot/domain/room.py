"""Who reads: chats and their rooms."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["Chat", "ChatState", "Length", "Room", "RoomSettings", "Silence"]


class ChatState(StrEnum):
    """Whether a chat gets briefings: ``gone`` blocked or removed us, and keeps its data."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class Length(StrEnum):
    """How much of each story a room wants."""

    HEADLINES = "headlines"
    BRIEF = "brief"
    DEEP = "deep"


class Silence(StrEnum):
    """When briefings arrive without a sound; the night is the reader's, 22:00 to 07:00."""

    OFF = "off"
    NIGHT = "night"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """What a room chose; the defaults are what a newcomer gets.

    ``languages`` are ISO 639-1 codes of articles the room reads; empty means any.
    ``method`` names a summarizer of ``summarizers.METHODS``; empty means the default.
    ``paused_until`` is set while the room takes a break (a far date means until /resume).
    """

    length: Length = Length.BRIEF
    stories_per_topic: int = 3
    stories_in_all: int = 7
    sentences: int = 2
    languages: tuple[str, ...] = ()
    method: str = ""
    silence: Silence = Silence.OFF
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A Telegram chat.

    ``zone`` is an IANA name, "" at first; ``zone_known`` says that the reader told us, and
    that it is no guess of ours.

    ``kind`` is Telegram's: private, group, supergroup or channel.
    """

    id: int
    telegram_id: int
    kind: str
    language: str
    zone: str
    state: ChatState
    zone_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A place that is briefed: a chat, or one forum topic of it (``thread``; 0 is the chat)."""

    id: int
    chat: Chat
    thread: int
    settings: RoomSettings = field(default_factory=RoomSettings)
