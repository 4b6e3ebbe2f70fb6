"""What the edges fulfil: the few protocols between the inside and the world."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.address import ChatAddress
from bot.domain.edition import Part
from bot.reasons import Reason

__all__ = ["Authority", "ChatRole", "Clock", "Notice", "OutboxStore", "Transport"]


class Clock(Protocol):
    """The only source of time. Real, shifted (tryout) or set by hand (tests)."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC. It may lie before one returned earlier."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` of this clock's time have passed.

        For 0 or less it returns at once.
        """
        ...


class Notice(Protocol):
    """One line to a reader who waits, on how the work goes.

    It never raises, whether or not the line arrives: a comfort only.
    """

    async def say(self, text: str) -> None:
        """Show ``text`` (without markup) in the place of what was shown before."""
        ...

    async def clear(self) -> None:
        """Take the line away, if there is one."""
        ...


class ChatRole(StrEnum):
    """What a person is in a chat. In a private chat its person is its admin."""

    ADMIN = "admin"
    MEMBER = "member"
    STRANGER = "stranger"


class Authority(Protocol):
    """What the platform says of the person who makes a request, asked live."""

    async def role_in(self, chat: ChatAddress) -> ChatRole:
        """Return what the person is in a chat; its thread does not count.

        Raises ReaderError where the platform does not say.
        """
        ...

    async def title(self, chat: ChatAddress) -> str:
        """Return what a chat is called, "" if that cannot be known; never raises."""
        ...

    def link(self, payload: str) -> str:
        """Return the address that opens the private chat with the bot and sends ``payload``.

        ``payload`` has up to 64 letters, figures, "_" and "-".
        """
        ...


class Transport(Protocol):
    """The way to a chat."""

    async def send(self, part: Part, *, plain: bool = False) -> int:
        """Send ``part`` and return its message id; ``plain`` sends its text unmarked.

        One attempt; nothing is recorded. Raises FloodWait, NotSent, MaybeSent, ChatGone,
        ThreadClosed, ChatMigrated, BadMarkup, Refused. Cancelled, it may have sent the part.
        """
        ...


class OutboxStore(Protocol):
    """What the outbox remembers: parts on their way, and what became of them.

    A part under a lease belongs to one worker. A lease that ends gives the part back, so
    that a crash loses nothing. Every method raises StoreUnavailable where the store does not
    answer. Instants are aware. Unknown parts and chats are passed over.
    """

    async def claim_parts(
        self, *, now: datetime, limit: int, lease: timedelta, busy: frozenset[ChatAddress]
    ) -> list[Part]:
        """Return up to ``limit`` parts, now ours until ``now + lease``, one per chat at most.

        Claimable is what is queued with ``not_before`` reached, or sending under a lease
        that ended; never of a chat in ``busy`` (addresses without threads) or with a part
        under a live lease, and never before the earlier parts of its chat have ended (sent,
        dead or expired); a reply waits for earlier replies and for what is being sent only.
        Replies come first, then by ``not_before`` and id. Each claim adds
        one to ``attempts``; one of an ended lease sets ``maybe_sent``, since nobody knows how
        that attempt went.
        """
        ...

    async def unclaim(self, lease_until: datetime) -> None:
        """Give back, as if it was never made, a claim of which the answer may have been lost.

        It is the one whose lease ends at ``lease_until``; nothing happens if there is none.
        """
        ...

    async def mark_sent(self, part_id: int, *, message_id: int, now: datetime) -> None:
        """Record that the platform took the part as ``message_id``; the next of its chat may go."""
        ...

    async def retry_part(
        self, part_id: int, *, not_before: datetime, error: Reason | None, maybe_sent: bool = False
    ) -> None:
        """Queue the part again, not before an instant; ``error`` is why it was not sent.

        ``maybe_sent`` is remembered once it was true, and counts as one of ``Part.silences``.
        """
        ...

    async def mark_dead(self, part_id: int, *, error: Reason, now: datetime) -> None:
        """Record why the part will never be sent; the next of its chat may go.

        If no part of its edition was sent or waits, its stories count as not told.
        """
        ...

    async def mark_expired(self, part_id: int, *, now: datetime) -> None:
        """Record that the part became too old to be news, and is not sent; as ``mark_dead``."""
        ...

    async def mark_chat_gone(self, address: ChatAddress, *, error: Reason, now: datetime) -> None:
        """Set the chat's state to gone and end its waiting parts as dead with ``error``.

        Those of all its threads. Stories of editions of which nothing was sent count as not told;
        the chat's other data stay.
        """
        ...

    async def migrate_chat(self, old: ChatAddress, new: ChatAddress, *, now: datetime) -> None:
        """Re-key the group at ``old`` as that at ``new``, merging if that chat is known.

        Its waiting parts go to ``new``. Nothing moves if ``old`` is not known, or is ``new``.
        """
        ...

    async def next_part_at(self) -> datetime | None:
        """Return when the next part can be claimed, None if none waits.

        That is the earliest ``not_before`` of a queued part whose chat's earlier parts have
        ended, or the end of the earliest lease. It may be past.
        """
        ...
