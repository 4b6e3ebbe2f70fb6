"""How much one chat may ask of us."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from enum import Enum

__all__ = ["Admission", "Throttle"]


# Ten requests in ten seconds is a reader in a hurry; more is a script.
MAX_REQUESTS = 10
WINDOW_S = 10.0
# Chats remembered: beyond this the longest silent one is forgotten.
_MAX_CHATS = 10_000


class Admission(Enum):
    """What to do with a request."""

    SERVE = "serve"
    WARN = "warn"  # the first one too many: say so
    IGNORE = "ignore"


class Throttle:
    """Counts requests by chat over a sliding window."""

    def __init__(self, max_requests: int = MAX_REQUESTS, window_s: float = WINDOW_S) -> None:
        self._max_requests = max_requests
        self._window_s = window_s
        self._requests: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._warned: dict[Hashable, float] = {}

    def judge(self, chat: Hashable, now_s: float) -> Admission:
        """Return what to do with a request of ``chat``; only one that is served is counted.

        ``now_s`` is in seconds of a clock that never runs back. WARN comes once a window, then
        IGNORE. Beyond 10,000 chats the longest silent one is forgotten, its warning too.
        """
        times = self._requests.setdefault(chat, deque())
        self._requests.move_to_end(chat)
        while times and times[0] <= now_s - self._window_s:
            times.popleft()
        if len(times) < self._max_requests:
            times.append(now_s)
            while len(self._requests) > _MAX_CHATS:
                gone, _ = self._requests.popitem(last=False)
                self._warned.pop(gone, None)
            return Admission.SERVE
        if self._warned.get(chat, float("-inf")) > now_s - self._window_s:
            return Admission.IGNORE
        self._warned[chat] = now_s
        return Admission.WARN
