"""Who reads: chats and their rooms."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from bot.domain.address import ChatAddress
from bot.reasons import Reason

__all__ = ["Chat", "ChatState", "Length", "Room", "RoomSettings", "Silence", "UsualLanguages"]


# What phones call a language that sources and articles have under another code.
_OTHER_CODES = {
    "nb": "no", "nn": "no", "no": "nb", "iw": "he", "in": "id", "ji": "yi", "tl": "fil",
    "fil": "tl", "mo": "ro", "sh": "hr", "cmn": "zh", "yue": "zh", "arz": "ar", "prs": "fa",
}  # fmt: skip


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
    """How a room likes its briefings: what it chose, and our defaults for the rest.

    ``languages`` are ISO 639-1 codes of articles the room reads; empty means any, None those
    of the reader (``UsualLanguages``). ``method`` names a summarizer of
    ``summarizers.METHODS``; empty means the default. ``paused_until`` is set while the room
    takes a break (a far date means until /resume). ``interface`` is the language of our sentences,
    an IETF tag; empty means the chat's. ``zone`` is the IANA zone of a topic of a forum that has
    its own; empty means the chat's. ``chosen`` names the fields that the room
    set itself: only those are stored, so that a better default reaches everybody else.
    """

    length: Length = Length.BRIEF
    stories_per_topic: int = 3
    stories_in_all: int = 7
    sentences: int = 2
    languages: tuple[str, ...] | None = None
    method: str = ""
    silence: Silence = Silence.OFF
    paused_until: datetime | None = None
    interface: str = ""
    zone: str = ""
    chosen: frozenset[str] = field(default=frozenset(), compare=False)

    def choose(self, **choices: Any) -> Self:
        """Return these settings with ``choices`` made; None takes a choice back.

        A choice taken back has our default again; a default that is chosen stays, whatever ours
        becomes. Values are not checked. A name that is no field raises TypeError or, with None,
        AttributeError; so does ``chosen``, which is no choice (TypeError).
        """
        made = {name: value for name, value in choices.items() if value is not None}
        usual = RoomSettings()
        taken_back = {name: getattr(usual, name) for name in choices.keys() - made.keys()}
        chosen = self.chosen - taken_back.keys() | made.keys()
        return replace(self, **made, **taken_back, chosen=chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualLanguages:
    """The languages of articles for rooms that chose none.

    ``configured`` are the operator's; without them a reader gets articles in their own
    language if there are sources ``available`` in it, else in English.
    """

    configured: tuple[str, ...] = ()
    available: frozenset[str] = frozenset()

    def of(self, room: "Room") -> tuple[str, ...]:
        """Return the ISO 639-1 codes that ``room`` reads; empty means any.

        Those it chose, else those configured, in their order, else one code: that of the reader's
        language where it is ``available``, or "en".
        """
        if room.settings.languages is not None:
            return room.settings.languages
        own = room.chat.spoken
        codes = (own, _OTHER_CODES.get(own, ""))
        return self.configured or next(((c,) for c in codes if c in self.available), ("en",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat, with one reader or many.

    ``zone`` is an IANA name, "" at first; ``zone_known`` is whether the reader told us, and
    it is no guess of ours. ``kind`` is private, or the platform's word for a chat of many.
    ``language`` is the reader's, an IETF tag or "". ``may_return`` says of one that is gone that
    nobody removed or blocked us: the platform did not know it, which may pass.
    """

    id: int
    address: ChatAddress
    kind: str
    language: str
    zone: str
    state: ChatState
    zone_known: bool = False
    may_return: bool = False

    @property
    def spoken(self) -> str:
        """The language alone, in small letters: "pt" of "pt-BR", "fil" of "fil-PH"."""
        return self.language.replace("_", "-").partition("-")[0].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A place that is briefed: a chat, or one thread of it (``thread``; 0 is the chat).

    ``retired`` says which stored choices exist no longer, and count as not made. ``is_closed``
    says that nothing can be sent to its thread: a topic of a forum, closed or deleted.
    """

    id: int
    chat: Chat
    thread: int
    settings: RoomSettings = field(default_factory=RoomSettings)
    retired: tuple[Reason, ...] = ()
    is_closed: bool = False

    @property
    def address(self) -> ChatAddress:
        """Where it is: its chat's address with its thread."""
        return replace(self.chat.address, thread=self.thread)

    @property
    def zone(self) -> str:
        """The IANA zone of its times, "" if it has none: its own, or its chat's."""
        return self.settings.zone or self.chat.zone

    @property
    def zone_known(self) -> bool:
        """Whether somebody told us that zone, and it is no guess of ours."""
        return bool(self.settings.zone) or self.chat.zone_known

    @property
    def language(self) -> str:
        """The language of our sentences there, an IETF tag or "": what it chose, or its chat's."""
        return self.settings.interface or self.chat.language
