"""How fast a bot may send before Telegram asks it to wait."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Flood", "RateLimit"]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``count`` messages within ``seconds``; ``count`` is at least 1."""

    count: int
    seconds: float


# The limits that the Bot API's FAQ gives; those of a group hold for ids below 0.
OVERALL = RateLimit(30, 1.0)
PER_CHAT = RateLimit(1, 1.0)
PER_GROUP = RateLimit(20, 60.0)


class Flood:
    """Flood control over sliding windows: overall, and per chat or group.

    ``now`` returns seconds of a monotonic clock.
    """

    def __init__(
        self,
        now: Callable[[], float],
        *,
        overall: RateLimit = OVERALL,
        per_chat: RateLimit = PER_CHAT,
        per_group: RateLimit = PER_GROUP,
    ) -> None:
        self._now = now
        self._overall = overall
        self._per_chat = per_chat
        self._per_group = per_group
        self._sent: defaultdict[int, deque[float]] = defaultdict(deque)

    def wait_s(self, chat_id: int) -> int:
        """Return how long to wait before a message to this chat, in whole seconds.

        0 means that it may go now; it then counts as sent. Otherwise nothing is counted: ask
        again. ``chat_id`` is not 0.
        """
        limit = self._per_group if chat_id < 0 else self._per_chat
        wait_s = max(self._left_s(0, self._overall), self._left_s(chat_id, limit))
        if wait_s <= 0:
            self._sent[0].append(self._now())
            self._sent[chat_id].append(self._now())
        return math.ceil(wait_s)

    def _left_s(self, key: int, limit: RateLimit) -> float:
        """Return the seconds until ``limit`` allows a message; ``key`` 0 counts all chats."""
        sent = self._sent[key]
        while sent and sent[0] <= self._now() - limit.seconds:
            sent.popleft()
        return sent[-limit.count] + limit.seconds - self._now() if len(sent) >= limit.count else 0.0
