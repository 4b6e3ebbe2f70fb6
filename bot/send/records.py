"""What became of parts, kept until the store takes it.

A message that was sent is sent, whether or not the database answers just then: an outcome that
could not be written is written later, and its part is not sent again meanwhile.
"""

import logging
from collections.abc import Awaitable, Callable

from bot.domain.address import ChatAddress
from bot.domain.edition import Part
from bot.errors import StoreUnavailable
from bot.logs import event

__all__ = ["Records"]

Write = Callable[[], Awaitable[None]]
_log = logging.getLogger(__name__)


class Records:
    """Writes to a store that may be away; what it did not take waits here, in order.

    Each write may be repeated: the store's answer to the first may have been lost. What waits is
    lost with the process. It is no more than the writes that were begun before ``flush`` is
    called, which is to be before each new claim.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[ChatAddress | None, Write]] = []

    def __len__(self) -> int:
        """Return how many writes wait."""
        return len(self._kept)

    @property
    def chats(self) -> frozenset[ChatAddress]:
        """The chats of parts whose outcomes wait: nothing of theirs may be claimed."""
        return frozenset(chat for chat, _ in self._kept if chat is not None)

    async def write(self, part: Part, write: Write) -> None:
        """Call ``write``, which records what became of ``part``; keep it if the store is away.

        Raises what ``write`` raises, StoreUnavailable too: then it is kept.
        """
        try:
            await write()
        except StoreUnavailable:
            self._kept.append((part.address.chat, write))
            event(_log, "outcome-kept", level=logging.WARNING, part=part.id, kept=len(self._kept))
            raise

    def keep(self, write: Write) -> None:
        """Have ``write`` called by the next ``flush``; it concerns no one chat."""
        self._kept.append((None, write))

    async def flush(self) -> None:
        """Call the writes that wait, in order; raises StoreUnavailable at the first that fails.

        That and those behind it wait on. A write that fails for a reason of its own is logged, and
        does not wait any longer. Must not run twice at once.
        """
        written = 0
        while self._kept:
            _, write = self._kept[0]
            try:
                await write()
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - a bulkhead: the others are written
                event(_log, "outcome-lost", level=logging.ERROR, exc_info=error)
            del self._kept[0]
            written += 1
        if written:
            event(_log, "outcomes-written", writes=written)
