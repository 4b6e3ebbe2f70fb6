"""The outbox worker: sends parts that are due, and records how each ended.

A part is claimed under a lease before it is sent and recorded after, never the other way
round: marking first would lose what a crash interrupts. What cannot be recorded, as the database
is away, is kept and recorded before anything else is claimed.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

from bot.domain.address import ChatAddress
from bot.domain.edition import Part
from bot.domain.ports import Clock, OutboxStore, Transport
from bot.errors import (
    BadMarkup,
    ChatGone,
    ChatMigrated,
    DaybriefError,
    FloodWait,
    GiveUp,
    NotSent,
    StoreUnavailable,
    ThreadClosed,
    reason_of,
)
from bot.logs import event
from bot.reasons import Reason
from bot.send.pacing import Pacer
from bot.send.records import Records

__all__ = ["EXPIRE_AFTER", "IN_FLIGHT", "LEASE", "Outbox", "SendOutcome", "SendReport"]

logger = logging.getLogger(__name__)

# Messages under way at once: at 25/s and Telegram's usual 50-100 ms, two would do; eight
# ride out slow answers, and bound what a crash can repeat.
IN_FLIGHT = 8
# The longest a claimed part waits for its turn; its lease goes on meanwhile.
HOLD_S = 5.0
# How long the parts that wait may last before more are claimed: as long as that a reply, which
# overtakes all that wait, may not be seen.
_CLAIM_EVERY_S = 0.2
# Outlasts a wait and two calls (as marked up, then as plain text), with room to spare.
LEASE = timedelta(seconds=90)
# A morning briefing older than this would meet the next one.
EXPIRE_AFTER = timedelta(hours=20)
# Pauses after failures of the way to Telegram, doubling: for a part, and for the whole outbox.
_PART_AGAIN_S = (5.0, 300.0)
_PROBE_AGAIN_S = (2.0, 60.0)
# The pauses after silences of Telegram over one part, counted from its claim: longer than an answer
# may take, then than a connection or a server of theirs takes to come back. With three tries, where
# one message in forty is lost in silence, one in 64,000 is given up; each try may repeat one.
_SILENT_AGAIN = (timedelta(seconds=30), timedelta(minutes=2))
# How long the end of the process may take to record outcomes: SIGTERM ends it within 10 s.
_FLUSH_S = 2.0


class SendOutcome(StrEnum):
    """How an attempt at a part ended."""

    SENT = "sent"
    AGAIN = "again"  # queued again, with a reason
    PUT_OFF = "put-off"  # not tried: its turn would have come too late for the lease
    DEAD = "dead"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """How many attempts of a drain ended how."""

    sent: int = 0
    again: int = 0
    put_off: int = 0
    dead: int = 0
    expired: int = 0


class Outbox:
    """Sends the parts that wait in ``store``. One per bot; ``drain`` must not run twice at once.

    ``reachable`` asks Telegram for any answer: after a failure nothing is claimed until it returns
    True, so that an outage uses up no attempts. Without it, failures only delay the parts that met
    them. ``on_thread_closed`` is told the address, thread included, where a topic of a group takes
    nothing, after that is recorded. ``expire_after`` is the age at which a part is no longer sent;
    ``hold_s`` is the longest a claimed part waits for its turn.
    """

    def __init__(
        self,
        store: OutboxStore,
        transport: Transport,
        pacer: Pacer,
        *,
        clock: Clock,
        reachable: Callable[[], Awaitable[bool]] | None = None,
        expire_after: timedelta = EXPIRE_AFTER,
        hold_s: float = HOLD_S,
        on_thread_closed: Callable[[ChatAddress, Reason], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._transport = transport
        self._pacer = pacer
        self._clock = clock
        self._reachable = reachable
        self._expire_after = expire_after
        self._hold_s = hold_s
        self._on_thread_closed = on_thread_closed
        self._busy: set[ChatAddress] = set()
        self._claiming = asyncio.Lock()
        self._free = 0  # workers without a part
        self._claimed: deque[Part] = deque()  # for those, and with them at once
        self._waiting = 0  # parts that wait for their turn
        self._few = max(1, IN_FLIGHT - 1 - int(pacer.per_s * _CLAIM_EVERY_S))
        self._went = asyncio.Event()
        # Nothing was there to claim when so many attempts had ended: none can be until one more
        # has, which lets the next part of its chat go. None where nobody looked.
        self._ended = 0
        self._empty_at: int | None = None
        self._closing = False
        self._records = Records()
        self._suspect = False  # the way to Telegram failed since it last answered
        self._probes_failed = 0
        self._held_until = datetime.min.replace(tzinfo=UTC)

    async def drain(self) -> SendReport:
        """Send until nothing can be claimed, and return how the attempts ended.

        Up to IN_FLIGHT parts are sent at once, one to a chat; each waits up to ``hold_s`` for
        its turn. While Telegram cannot be reached or asks all to wait, nothing is claimed. What
        fails is queued again or ends, with its reason, whatever the transport raised; refused
        markup is sent once more as plain text. A chat that is gone is marked so, one that
        migrated gets its new address, a flood holds its chat in the pacer. Raises what the store
        or ``reachable`` raises first, when the parts in flight have ended; the counts are lost
        then. An end that could not be recorded, as the store was away, is recorded by the next
        call before anything is claimed. A part that was in flight when this was cancelled is left
        to its lease: it may be sent again.
        """
        await self._records.flush()
        self._empty_at = None
        tally: Counter[SendOutcome] = Counter()
        errors: list[Exception] = []
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(IN_FLIGHT):
                    group.create_task(self._work(tally, errors))
        finally:  # nothing is left, unless this was cancelled
            self._busy.difference_update(part.address.chat for part in self._claimed)
            self._claimed.clear()
        if errors:
            raise errors[0]
        return SendReport(**{outcome.name.lower(): count for outcome, count in tally.items()})

    async def next_at(self) -> datetime | None:
        """Return when ``drain`` has something to do next (UTC), None if nothing waits.

        It may be in the past; while sending is held, it is not before the hold ends, as far as
        ``drain`` has met it. Three queries; raises what the store raises.
        """
        at = await self._store.next_part_at()
        return None if at is None else max(at, self._held_until)

    async def flush(self) -> None:
        """Record what could not be recorded so far, if the store takes it within 2 s.

        For the end of the process, when no ``drain`` runs: what stays may be sent again after the
        next start. Never raises StoreUnavailable.
        """
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(_FLUSH_S):
                await self._records.flush()

    def follow_clock(self, by: timedelta) -> None:
        """Let a hold last as long as it would have, after the clock was set by ``by``."""
        if self._held_until > datetime.min.replace(tzinfo=UTC):
            self._held_until += by

    def close(self) -> None:
        """Claim nothing more: a running ``drain`` returns when the parts in flight have ended.

        Returns at once, and cannot be taken back.
        """
        self._closing = True
        self._went.set()

    async def _work(self, tally: Counter[SendOutcome], errors: list[Exception]) -> None:
        """Deliver one part after the other, until there is none."""
        try:
            while not errors and (part := await self._next()) is not None:
                try:
                    tally[await self._deliver(part)] += 1
                finally:
                    self._busy.discard(part.address.chat)
                    self._ended += 1
        except Exception as error:  # noqa: BLE001 - raised by drain: here it would cancel the others' sends
            errors.append(error)

    async def _next(self) -> Part | None:
        """Return a part to send now, or None if there is none.

        The first of the workers that are free claims for them all, once few parts wait for their
        turn: a claim for five costs hardly more than a claim for one.
        """
        self._free += 1
        try:
            async with self._claiming:
                if not self._claimed:
                    while self._waiting > self._few and not self._closing:
                        self._went.clear()
                        await self._went.wait()
                    self._claimed.extend(await self._claim(self._free))
                return self._claimed.popleft() if self._claimed else None
        finally:
            self._free -= 1

    async def _claim(self, limit: int) -> list[Part]:
        """Return up to ``limit`` parts claimed for a LEASE; none where there is none to send now.

        While sending is held, ``next_at`` gives when to try again.
        """
        if self._closing or self._empty_at == self._ended:
            return []
        now = self._clock.now()
        if pause_s := self._pacer.pause_s:
            self._held_until = now + timedelta(seconds=pause_s)
        elif self._suspect and self._reachable is not None and now >= self._held_until:
            self._suspect = not await self._reachable()
            if self._suspect:
                wait_s = _doubled(self._probes_failed, *_PROBE_AGAIN_S)
                self._held_until = now + timedelta(seconds=wait_s)
                self._probes_failed += 1
                event(logger, "unreachable", level=logging.WARNING, again_s=wait_s)
            else:
                self._probes_failed = 0
        if self._closing or now < self._held_until:
            return []
        now, busy = self._clock.now(), self._busy | self._records.chats
        ended = self._ended
        try:
            parts = await self._store.claim_parts(
                now=now, limit=limit, lease=LEASE, busy=frozenset(busy)
            )
        except StoreUnavailable:
            # It may have been taken all the same, with the answer lost.
            self._records.keep(partial(self._store.unclaim, now + LEASE))
            raise
        self._busy.update(part.address.chat for part in parts)
        if not parts:
            self._empty_at = ended
        return parts

    async def _deliver(self, part: Part) -> SendOutcome:
        """Send ``part`` and record how it ended, or that it is queued again."""
        claimed_at = self._clock.now()
        if claimed_at - (part.created_at or part.not_before) > self._expire_after:
            await self._records.write(
                part, partial(self._store.mark_expired, part.id, now=claimed_at)
            )
            return self._said(part, SendOutcome.EXPIRED)
        if not await self._turn(part):
            delay = timedelta(seconds=self._pacer.delay_s(part.address.id, group=part.is_group))
            not_before = self._clock.now() + delay
            put_off = partial(self._store.retry_part, part.id, not_before=not_before, error=None)
            await self._records.write(part, put_off)
            return SendOutcome.PUT_OFF
        try:
            try:
                message_id = await self._transport.send(part)
            except BadMarkup as error:
                # An alarm: every message is checked before it is queued.
                event(logger, "bad-markup", level=logging.ERROR, part=part.id, error=error)
                message_id = await self._transport.send(part, plain=True)
        except DaybriefError as error:
            return await self._settle(part, error, claimed_at)
        except Exception as error:  # noqa: BLE001 - a worker loop: it is unknown how far it got
            event(logger, "send-broken", level=logging.ERROR, part=part.id, exc_info=error)
            return await self._unanswered(part, reason_of(error), claimed_at)
        self._suspect = False
        sent = partial(self._store.mark_sent, part.id, message_id=message_id, now=self._clock.now())
        await self._records.write(part, sent)
        return self._said(part, SendOutcome.SENT)

    async def _turn(self, part: Part) -> bool:
        """Wait for the part's turn; False if it does not come in good time."""
        if self._pacer.delay_s(part.address.id, group=part.is_group) > self._hold_s:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self._hold_s):
                await self._pacer.turn(part.address.id, group=part.is_group, reply=part.reply)
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
            self._went.set()
        return True

    async def _settle(self, part: Part, error: DaybriefError, claimed_at: datetime) -> SendOutcome:
        """Record what ``error`` means for ``part``."""
        now, reason = self._clock.now(), error.reason
        match error:
            case FloodWait():
                self._pacer.flood(part.address.id, error.wait_s)
                return await self._again(part, reason, timedelta(seconds=error.wait_s))
            case NotSent():
                self._suspect = True
                wait_s = _doubled(part.attempts - 1, *_PART_AGAIN_S)
                return await self._again(part, reason, timedelta(seconds=wait_s))
            case ChatMigrated():
                chat = part.address.chat

                async def moved() -> None:
                    new = replace(chat, id=error.new_id)
                    await self._store.migrate_chat(chat, new, now=now)
                    await self._store.retry_part(part.id, not_before=now, error=reason)

                await self._records.write(part, moved)
                return self._said(part, SendOutcome.AGAIN, error=reason, again_s=0.0)
            case ChatGone():

                async def gone() -> None:
                    await self._store.mark_dead(part.id, error=reason, now=now)
                    await self._store.mark_chat_gone(part.address.chat, error=reason, now=now)

                await self._records.write(part, gone)
                return self._said(part, SendOutcome.DEAD, error=reason)
            case GiveUp():
                outcome = await self._dead(part, reason)
                if isinstance(error, ThreadClosed) and self._on_thread_closed is not None:
                    await self._on_thread_closed(part.address, reason)
                return outcome
        return await self._unanswered(part, reason, claimed_at)

    async def _unanswered(self, part: Part, reason: Reason, claimed_at: datetime) -> SendOutcome:
        """Try again after a pause, the second time after a longer one; a third silence is the end.

        Only silences count: an attempt that a crash of ours ended may not even have begun.
        """
        self._suspect = True
        if part.silences >= len(_SILENT_AGAIN):
            return await self._dead(part, Reason("never-answered", {"said": str(reason)}))
        remaining = max(claimed_at + _SILENT_AGAIN[part.silences] - self._clock.now(), timedelta(0))
        return await self._again(part, reason, remaining, maybe_sent=True)

    async def _again(
        self, part: Part, reason: Reason, after: timedelta, *, maybe_sent: bool = False
    ) -> SendOutcome:
        again = partial(
            self._store.retry_part,
            part.id,
            not_before=self._clock.now() + after,
            error=reason,
            maybe_sent=maybe_sent,
        )
        await self._records.write(part, again)
        return self._said(part, SendOutcome.AGAIN, error=reason, again_s=after.total_seconds())

    async def _dead(self, part: Part, reason: Reason) -> SendOutcome:
        dead = partial(self._store.mark_dead, part.id, error=reason, now=self._clock.now())
        await self._records.write(part, dead)
        return self._said(part, SendOutcome.DEAD, error=reason)

    def _said(
        self,
        part: Part,
        outcome: SendOutcome,
        *,
        error: Reason | None = None,
        again_s: float | None = None,
    ) -> SendOutcome:
        """Log the one line of an attempt, and return its outcome."""
        event(
            logger,
            "part",
            level=logging.INFO if error is None else logging.WARNING,
            outcome=outcome,
            part=part.id,
            edition=part.edition_id,
            n=part.n,
            attempts=part.attempts,
            error=error,
            again_s=again_s,
        )
        return outcome


def _doubled(times: int, first_s: float, most_s: float) -> float:
    return min(first_s * 2.0 ** min(max(times, 0), 16), most_s)
