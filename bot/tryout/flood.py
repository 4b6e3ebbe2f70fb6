"""How fast a bot may send before Telegram asks it to wait."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Flood", "RateLimit"]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``count`` messages within ``seconds``."""

    count: int
    seconds: float


# What the Bot API's FAQ asks bots to keep to.
OVERALL = RateLimit(30, 1.0)
PER_CHAT = RateLimit(1, 1.0)
PER_GROUP = RateLimit(20, 60.0)


class Flood:
    """Counts messages; ``now`` gives seconds that only grow."""

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
        """Return how long to wait before this message, in seconds; 0 lets it go and counts it."""
        pace = self._per_group if chat_id < 0 else self._per_chat
        wait_s = max(self._left_s(0, self._overall), self._left_s(chat_id, pace))
        if wait_s <= 0:
            self._sent[0].append(self._now())
            self._sent[chat_id].append(self._now())
        return math.ceil(wait_s)

    def _left_s(self, key: int, pace: RateLimit) -> float:
        sent = self._sent[key]
        while sent and sent[0] <= self._now() - pace.seconds:
            sent.popleft()
        return sent[-pace.count] + pace.seconds - self._now() if len(sent) >= pace.count else 0.0
