"""Rate limiting as Telegram demands it: overall, per chat and per group.

``Pace`` holds the rules, pure, on seconds of any monotonic clock. ``Pacer`` lets tasks wait
for their turn by them.
"""

import asyncio
import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

__all__ = ["BROADCAST_PER_S", "UNPACED", "Limits", "Pace", "Pacer", "Ticket"]

# Telegram's are about 30 messages a second in all, one a second to a chat, and 20 a
# minute to a group (core.telegram.org/bots/faq). 25 leaves room for what we do not pace.
BROADCAST_PER_S = 25.0
# How far the overall pace may catch up on timers that fire late. At 25/s it is half a
# message, at 1000/s (paid broadcast) 20: without it a timer's millisecond halves the rate.
_SLACK_S = 0.02
# Replies go first, but a broadcast that waits gets at least every sixth place.
_REPLIES_IN_A_ROW = 5
# So many chats flooded within so short a time mean that the whole bot is too fast:
# we keep each chat's own limit, so that floods of single chats are rare.
_FLOODED_CHATS = 3
_FLOODED_WITHIN_S = 5.0
# Forgetting chats is worth a sweep once there are this many more than after the last one.
_SWEEP = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast messages may go: to all, to one chat, and to one group.

    ``overall_per_s`` and ``group_messages`` are above 0; without a gap or window, 0, there is no
    such limit. Nothing is checked.
    """

    overall_per_s: float = BROADCAST_PER_S
    chat_gap_s: float = 1.0
    group_messages: int = 20
    group_window_s: float = 60.0


# For a chat that is not Telegram's.
UNPACED = Limits(overall_per_s=10_000, chat_gap_s=0, group_messages=10_000, group_window_s=0)


@dataclass(eq=False, slots=True, kw_only=True)
class Ticket:
    """A place in the queue; ``cancelled`` gives it up."""

    chat: Hashable
    group: bool
    reply: bool
    cancelled: bool = False


class Pace:
    """The queue of messages under ``limits``, without I/O or a clock.

    ``now`` is in seconds of a clock that never runs back; so is every time returned.

    It remembers the tickets that wait, the chats written to within a minute or held by a flood,
    and as many again and 1,000 that it has not forgotten yet.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._overall_at = -math.inf  # when the next message may go at the overall pace
        self._paused_until = -math.inf
        self._sent: dict[Hashable, float] = {}  # the latest time, per chat
        self._sent_to_groups: dict[Hashable, deque[float]] = {}  # the latest times, per group
        self._floods: dict[Hashable, float] = {}  # deadlines, per chat
        self._flooded: deque[tuple[float, Hashable]] = deque(maxlen=16)  # when, and which chat
        self._sweep_at = _SWEEP
        self._ready: dict[bool, list[tuple[int, Ticket]]] = {True: [], False: []}  # by reply
        self._later: list[tuple[float, int, Ticket]] = []
        self._numbers = itertools.count()
        self._replies_in_a_row = 0

    def chat_at(self, chat: Hashable, *, group: bool) -> float:
        """Return when ``chat`` may get its next message by its own limits; may be in the past.

        ``group`` says that the limit of groups holds for it too; only what went to it as to a
        group counts there. -inf if nothing is remembered of it.
        """
        at = self._sent.get(chat, -math.inf) + self.limits.chat_gap_s
        times = self._sent_to_groups.get(chat) if group else None
        if times and len(times) == self.limits.group_messages:
            at = max(at, times[0] + self.limits.group_window_s)
        return max(at, self._floods.get(chat, at))

    def free_at(self, chat: Hashable, *, group: bool) -> float:
        """Return when ``chat`` may get a message if no other is sent before; may be in the past.

        -inf before the first message or flood. The queue is not counted.
        """
        return max(self.chat_at(chat, group=group), self._overall_at, self._paused_until)

    @property
    def paused_until(self) -> float:
        """When Telegram's last pause for the whole bot ends; in the past or -inf if none is on."""
        return self._paused_until

    def enter(self, ticket: Ticket, now: float) -> None:
        """Queue ``ticket`` behind those of its kind (replies, broadcasts); O(log n).

        ``step`` must be called before it can have its turn. A cancelled one is not queued.
        """
        at = self.chat_at(ticket.chat, group=ticket.group)
        self._queue(ticket, next(self._numbers), at, now)

    def step(self, now: float) -> tuple[list[Ticket], float]:
        """Return the tickets whose turn it is, and when to call again (inf: after ``enter``).

        In the order in which they go: replies come first, with a broadcast after every fifth;
        of a kind, as they entered, but for those whose chats must wait. A returned ticket counts
        as sent at ``now``; a cancelled one is dropped. All tickets of a chat are looked at each
        time that one of them could go: a queue of n for one chat costs O(n^2) in all.
        """
        while self._later and self._later[0][0] <= now:
            _, number, ticket = heapq.heappop(self._later)
            # Another ticket of its chat may have gone meanwhile.
            self._queue(ticket, number, self.chat_at(ticket.chat, group=ticket.group), now)
        called: list[Ticket] = []
        while max(self._overall_at, self._paused_until) <= now:
            if (queue := self._choose()) is None:
                break
            number, ticket = heapq.heappop(queue)
            at = self.chat_at(ticket.chat, group=ticket.group)
            if ticket.cancelled or at > now:
                self._queue(ticket, number, at, now)
                continue
            self._record(ticket, now)
            called.append(ticket)
        again_at = self._later[0][0] if self._later else math.inf
        if self._ready[True] or self._ready[False]:
            again_at = min(again_at, self._overall_at)
        # While all is paused nothing can be sent to anybody.
        return called, max(again_at, self._paused_until)

    def flood(self, chat: Hashable, wait_s: float, now: float) -> None:
        """Record that Telegram asked, over a message to ``chat``, to wait ``wait_s``.

        It does not say whether the chat or the bot was too fast. When three chats are asked to
        wait within five seconds, the bot was: all messages are held as long as the last one. A
        hold that ends later than the new one stays.
        """
        until = now + wait_s
        self._floods[chat] = max(until, self._floods.get(chat, until))
        self._floods = {c: at for c, at in self._floods.items() if at > now}
        self._flooded.append((now, chat))
        together = {c for at, c in self._flooded if at > now - _FLOODED_WITHIN_S}
        if len(together) >= _FLOODED_CHATS:
            self._paused_until = max(self._paused_until, until)

    def __len__(self) -> int:
        """Return how many chats are remembered, and tickets kept."""
        waiting = len(self._later) + sum(map(len, self._ready.values()))
        chats = len(self._sent) + len(self._sent_to_groups) + len(self._floods)
        return chats + waiting

    def _queue(self, ticket: Ticket, number: int, at: float, now: float) -> None:
        if ticket.cancelled:
            return
        if at > now:
            heapq.heappush(self._later, (at, number, ticket))
        else:
            heapq.heappush(self._ready[ticket.reply], (number, ticket))

    def _choose(self) -> list[tuple[int, Ticket]] | None:
        replies, broadcasts = self._ready[True], self._ready[False]
        if replies and not (broadcasts and self._replies_in_a_row >= _REPLIES_IN_A_ROW):
            return replies
        return broadcasts or replies or None

    def _record(self, ticket: Ticket, now: float) -> None:
        self._overall_at = max(self._overall_at, now - _SLACK_S) + 1 / self.limits.overall_per_s
        self._replies_in_a_row = self._replies_in_a_row + 1 if ticket.reply else 0
        if len(self._sent) >= self._sweep_at:  # forget chats whose limits are no longer felt
            oldest = now - self.limits.chat_gap_s
            self._sent = {chat: at for chat, at in self._sent.items() if at > oldest}
            oldest = now - self.limits.group_window_s
            self._sent_to_groups = {
                chat: times for chat, times in self._sent_to_groups.items() if times[-1] > oldest
            }
            self._sweep_at = 2 * len(self._sent) + _SWEEP
        self._sent[ticket.chat] = now
        if ticket.group:
            new = deque[float](maxlen=self.limits.group_messages)
            self._sent_to_groups.setdefault(ticket.chat, new).append(now)


class Pacer:
    """Lets tasks wait for their turn. One bot has one, for everything it sends.

    For use within one event loop, which must run. ``time`` replaces its clock, in seconds.
    """

    def __init__(
        self, limits: Limits | None = None, *, time: Callable[[], float] | None = None
    ) -> None:
        self._pace = Pace(limits)
        self._time = time or (lambda: asyncio.get_running_loop().time())
        self._turns: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def per_s(self) -> float:
        """How many messages may go in a second, to all together."""
        return self._pace.limits.overall_per_s

    async def turn(self, chat: Hashable, *, group: bool, reply: bool = False) -> None:
        """Return when a message may go to ``chat``; it counts as sent from then on.

        ``group`` says that the limit of groups holds for ``chat`` too. Replies go before
        broadcasts, with a broadcast after every fifth. Waits without a limit of time; may be
        cancelled: the place in the queue is given up (but a turn that has come counts as sent).
        Never raises.
        """
        ticket = Ticket(chat=chat, group=group, reply=reply)
        future = self._turns[ticket] = asyncio.get_running_loop().create_future()
        self._pace.enter(ticket, self._time())
        self._step()
        try:
            await future
        finally:
            ticket.cancelled = True
            self._turns.pop(ticket, None)

    def delay_s(self, chat: Hashable, *, group: bool) -> float:
        """Return the seconds a message to ``chat`` would wait if it were the only one.

        The queue is not counted; 0 if it could go at once. Nothing is reserved.
        """
        return max(self._pace.free_at(chat, group=group) - self._time(), 0.0)

    @property
    def pause_s(self) -> float:
        """The seconds left of a pause that Telegram asked of the whole bot; 0 if there is none."""
        return max(self._pace.paused_until - self._time(), 0.0)

    def flood(self, chat: Hashable, wait_s: float) -> None:
        """Hold messages to ``chat`` for ``wait_s`` seconds; returns at once.

        Those that wait already are held too; a longer hold stays. If three chats are flooded
        within five seconds, all messages are held as long as the last one.
        """
        self._pace.flood(chat, wait_s, self._time())

    def _step(self) -> None:
        """Wake the tasks whose turn it is, and set a timer for the next."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._time()
        called, again_at = self._pace.step(now)
        for ticket in called:
            future = self._turns.pop(ticket)
            if not future.done():
                future.set_result(None)
        if self._turns and again_at < math.inf:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(again_at - now, 0.0), self._step)
