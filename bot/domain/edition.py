"""Editions and their parts: what was, is and will be sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.address import ChatAddress
from bot.domain.due import Due
from bot.domain.message import Keyboard
from bot.domain.room import Room

__all__ = ["Edition", "EditionKind", "Part", "PartState"]


class EditionKind(StrEnum):
    """Why an edition exists; with its key it is unique in its room."""

    SCHEDULED = "scheduled"  # key: schedule id and local date
    BRIEF = "brief"  # key: the update that asked
    CATCH_UP = "catch-up"  # key: the update that resumed


class PartState(StrEnum):
    """A part's way: queued → sending → sent, or dead (with an error), or expired."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition to compose: for whom, and why; ``kind`` and ``key`` identify it in its room.

    ``due_at`` (UTC) is when a scheduled edition was due. ``advance`` is a schedule's id and
    when it is next due, stored together with the edition. ``again`` says that an attempt
    failed before. ``catch_up_since`` (UTC) begins the gap that a catch-up covers.
    """

    room: Room
    kind: EditionKind
    key: str
    due_at: datetime | None = None
    advance: tuple[int, Due | None] | None = None
    again: bool = False
    catch_up_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of an edition on its way to a chat; ``attempts`` counts claims so far.

    ``is_group`` is whether more than one person reads the chat. ``reply`` parts were asked
    for, and go before broadcasts. ``maybe_sent`` is whether an earlier attempt ended without
    an answer, so that this one may double it; ``silences`` counts the attempts that the platform
    did not answer, leaving aside those that a crash of ours ended. ``created_at`` is when the
    part was queued (None: not known), from which its age counts.
    """

    id: int
    edition_id: int
    n: int
    address: ChatAddress
    is_group: bool
    html: str
    plain: str
    keyboard: Keyboard
    silent: bool
    reply: bool
    attempts: int
    not_before: datetime
    maybe_sent: bool = False
    created_at: datetime | None = None
    silences: int = 0
