"""An ``OutboxStore`` in memory, and a ``Transport`` that records instead of sending."""

import asyncio
import itertools
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.address import ChatAddress
from bot.domain.edition import Part, PartState
from bot.reasons import Reason
from bot.send import telegram_address
from tests.fakes.clock import START

__all__ = ["FakeTransport", "MemoryOutbox", "Row", "part"]

_ids = itertools.count(1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_LIVE = (PartState.QUEUED, PartState.SENDING)


def part(telegram_id: int = 1, n: int = 1, thread: int = 0, **changes: object) -> Part:
    """Return a part of an edition of its own, due at START; ``changes`` are fields of Part."""
    part_id = next(_ids)
    fields: dict[str, object] = {
        "id": part_id,
        "edition_id": part_id,
        "n": n,
        "address": telegram_address(telegram_id, thread),
        "is_group": telegram_id < 0,
        "html": f"<b>part {part_id}</b>",
        "plain": f"part {part_id}",
        "keyboard": (),
        "silent": False,
        "reply": False,
        "attempts": 0,
        "not_before": START,
        "created_at": START,
    }
    return Part(**(fields | changes))  # type: ignore[arg-type]


@dataclass(slots=True)
class Row:
    """A part with its state in the store."""

    part: Part
    state: PartState = PartState.QUEUED
    lease_until: datetime = _NEVER
    message_id: int | None = None
    error: Reason | None = None
    ended_at: datetime | None = None

    @property
    def free_at(self) -> datetime:
        """The earliest instant to claim the part, leaving aside other parts and chats."""
        return self.part.not_before if self.state is PartState.QUEUED else self.lease_until


class MemoryOutbox:
    """``bot.domain.ports.OutboxStore`` over a dict; every call raises ``broken`` if that is set."""

    def __init__(self, *parts: Part) -> None:
        self.rows = {part.id: Row(part) for part in parts}
        self.gone: dict[ChatAddress, Reason] = {}
        self.broken: Exception | None = None

    def add(self, *parts: Part) -> None:
        """Queue more parts."""
        self.rows |= {part.id: Row(part) for part in parts}

    def states(self) -> list[str]:
        """Return the states of all parts, ordered by part id."""
        return [self.rows[part_id].state.value for part_id in sorted(self.rows)]

    async def claim_parts(
        self, *, now: datetime, limit: int, lease: timedelta, busy: frozenset[ChatAddress]
    ) -> list[Part]:
        """See ``OutboxStore.claim_parts``."""
        self._raise_if_broken()
        claimed: list[Part] = []
        taken = busy | {
            row.part.address.chat
            for row in self.rows.values()
            if row.state is PartState.SENDING and row.lease_until > now
        }
        for row in sorted(self.rows.values(), key=_urgency):
            chat = row.part.address.chat
            if len(claimed) < limit and chat not in taken and self._claimable(row, now):
                taken |= {chat}
                claimed.append(self._lease(row, now + lease))
        await asyncio.sleep(0)
        return claimed

    async def unclaim(self, lease_until: datetime) -> None:
        """See ``OutboxStore.unclaim``."""
        self._raise_if_broken()
        for row in self.rows.values():
            if row.state is PartState.SENDING and row.lease_until == lease_until:
                row.part = replace(row.part, attempts=row.part.attempts - 1)
                row.state, row.lease_until = PartState.QUEUED, _NEVER

    async def mark_sent(self, part_id: int, *, message_id: int, now: datetime) -> None:
        """See ``OutboxStore.mark_sent``."""
        await self._end(part_id, PartState.SENT, now)
        self.rows[part_id].message_id = message_id

    async def retry_part(
        self, part_id: int, *, not_before: datetime, error: Reason | None, maybe_sent: bool = False
    ) -> None:
        """See ``OutboxStore.retry_part``."""
        self._raise_if_broken()
        row = self.rows[part_id]
        silences = row.part.silences + maybe_sent
        maybe_sent = maybe_sent or row.part.maybe_sent
        row.part = replace(
            row.part, not_before=not_before, maybe_sent=maybe_sent, silences=silences
        )
        row.state, row.error, row.lease_until = PartState.QUEUED, error, _NEVER
        await asyncio.sleep(0)

    async def mark_dead(self, part_id: int, *, error: Reason, now: datetime) -> None:
        """See ``OutboxStore.mark_dead``."""
        await self._end(part_id, PartState.DEAD, now, error)

    async def mark_expired(self, part_id: int, *, now: datetime) -> None:
        """See ``OutboxStore.mark_expired``."""
        await self._end(part_id, PartState.EXPIRED, now)

    async def mark_chat_gone(self, address: ChatAddress, *, error: Reason, now: datetime) -> None:
        """See ``OutboxStore.mark_chat_gone``."""
        self.gone[address] = error
        for row in self.rows.values():
            if row.part.address.chat == address and row.state is PartState.QUEUED:
                await self._end(row.part.id, PartState.DEAD, now, error)

    async def migrate_chat(self, old: ChatAddress, new: ChatAddress, *, now: datetime) -> None:
        """See ``OutboxStore.migrate_chat``."""
        self._raise_if_broken()
        for row in self.rows.values():
            if row.part.address.chat == old:
                row.part = replace(row.part, address=new)

    async def next_part_at(self) -> datetime | None:
        """See ``OutboxStore.next_part_at``."""
        self._raise_if_broken()
        waiting = (row for row in self.rows.values() if row.state in _LIVE and self._is_first(row))
        return min((row.free_at for row in waiting), default=None)

    def _claimable(self, row: Row, now: datetime) -> bool:
        return row.state in _LIVE and row.free_at <= now and self._is_first(row)

    def _is_first(self, row: Row) -> bool:
        """Return whether every earlier part of the edition has ended."""
        return all(
            other.state not in _LIVE
            for other in self.rows.values()
            if other.part.edition_id == row.part.edition_id and other.part.n < row.part.n
        )

    def _lease(self, row: Row, until: datetime) -> Part:
        maybe_sent = row.part.maybe_sent or row.state is PartState.SENDING
        row.part = replace(row.part, attempts=row.part.attempts + 1, maybe_sent=maybe_sent)
        row.state, row.lease_until = PartState.SENDING, until
        return row.part

    async def _end(
        self, part_id: int, state: PartState, now: datetime, error: Reason | None = None
    ) -> None:
        self._raise_if_broken()
        row = self.rows[part_id]
        row.state, row.ended_at, row.error = state, now, error
        await asyncio.sleep(0)

    def _raise_if_broken(self) -> None:
        if self.broken is not None:
            raise self.broken


def _urgency(row: Row) -> tuple[bool, datetime, int]:
    return not row.part.reply, row.part.not_before, row.part.id


class FakeTransport:
    """A ``bot.domain.ports.Transport`` that records every send, and fails as scripted.

    ``sent`` are the (part, plain) of every send, failures included. Sends wait until ``gate``
    is set, which it is at first. ``most_in_flight`` is the largest number of concurrent sends;
    ``overlaps`` are the chats that had two at a time. ``always`` is raised by every send for
    which nothing else is scripted.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[Part, bool]] = []
        self.scripts: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self.always: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight: list[int] = []
        self.most_in_flight = 0
        self.overlaps: list[int] = []

    def script(self, telegram_id: int, *errors: Exception) -> None:
        """Make the next sends to a chat raise ``errors``, one each, in order."""
        self.scripts[telegram_id].extend(errors)

    def told(self, telegram_id: int) -> list[int]:
        """Return the ids of the parts sent to a chat, failures included, in order."""
        return [part.id for part, _ in self.sent if _chat_id(part) == telegram_id]

    async def send(self, part: Part, *, plain: bool = False) -> int:
        """Record the part and return the message id 1000 + its id, or raise what was scripted."""
        if _chat_id(part) in self.in_flight:
            self.overlaps.append(_chat_id(part))
        self.in_flight.append(_chat_id(part))
        self.most_in_flight = max(self.most_in_flight, len(self.in_flight))
        try:
            await asyncio.sleep(0)
            await self.gate.wait()
        finally:
            self.in_flight.remove(_chat_id(part))
        self.sent.append((part, plain))
        if self.scripts[_chat_id(part)]:
            raise self.scripts[_chat_id(part)].popleft()
        if self.always is not None:
            raise self.always
        return 1000 + part.id


def _chat_id(part: Part) -> int:
    return int(part.address.id)
