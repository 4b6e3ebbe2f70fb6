"""Editions and their parts: what was, is and will be sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.address import ChatAddress
from bot.domain.message import Keyboard

__all__ = ["EditionKind", "Part", "PartState"]


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
class Part:
    """One message of an edition on its way to a chat; ``attempts`` counts claims so far.

    ``is_group`` is whether more than one person reads the chat. ``reply`` parts were asked
    for, and go before broadcasts. ``maybe_sent`` is whether an earlier attempt ended without
    an answer, so that this one may double it. ``created_at`` is when the part was queued
    (None: not known), from which its age counts.
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
