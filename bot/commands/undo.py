"""Undo for what a message changed: the room's rows as they were before it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData, prefix_of
from bot.domain.due import Due, next_due
from bot.domain.message import Button, Message
from bot.domain.room import Room
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.steps.matching import Matching
from bot.store import Store
from bot.store.changes import CHANGE_KEPT
from bot.store.snapshots import RoomSnapshot

__all__ = ["RestoreTapped", "Undo"]

# Buttons that take back subscriptions alone: one Undo is enough.
_OTHER_UNDOS = frozenset({"undo", "restore"})


@dataclass(frozen=True)
class RestoreTapped(CallbackData):
    """The button that takes back what the request of that number (``update_id``) changed."""

    prefix: ClassVar[str] = "restore"
    request: int


class Undo:
    """Stores what requests changed, for a day, and takes it back. ``ring`` wakes a named job."""

    def __init__(self, store: Store, matching: Matching, ring: Callable[[str], None]) -> None:
        self._store = store
        self._matching = matching
        self._ring = ring

    async def state_of(self, room: Room) -> RoomSnapshot | None:
        """Return what a room has set now, None where it is gone. Raises StoreUnavailable."""
        return await self._store.snapshots.take(room.id)

    async def run(
        self, request: Request, action: Callable[[], Awaitable[Message | None]]
    ) -> Message | None:
        """Return the answer of ``action``, with an Undo button if that changed what is set.

        Two snapshots of the room are taken, of some queries each. Raises as ``action`` does.
        """
        room = request.room
        before = await self._store.snapshots.take(room.id)
        answer = await action()
        after = await self._store.snapshots.take(room.id)
        if answer is None or before is None or after is None or before.same_choices(after):
            return answer
        number = max(request.update_id, 0)
        await self._store.changes.add(room.id, number, (before, after), now=request.now)
        undo = Button(text=request.texts._("Undo"), data=RestoreTapped(number).pack())
        kept = (
            tuple(button for button in row if prefix_of(button.data) not in _OTHER_UNDOS)
            for row in answer.keyboard
        )
        rows = [row for row in kept if row]
        is_short = bool(rows) and len(rows[0]) == 1 and rows[0][0].data.startswith("v1:preview:")
        first = (*rows[0], undo) if is_short else (undo,)
        keyboard = (first, *rows[1:]) if is_short else (first, *rows)
        return replace(answer, keyboard=keyboard)

    async def restore(self, request: Request, tapped: RestoreTapped) -> Message:
        """Take back what a request changed; a second tap, and one after a day, is told so.

        What was changed since by other requests stays. Raises ReaderError where it is too late,
        and StoreUnavailable; asking again does the rest.
        """
        room = request.room
        since = request.now - CHANGE_KEPT
        both = await self._store.changes.get(room.id, tapped.request, since=since)
        if both is None:
            raise ReaderError("undo-too-late")
        await self.take_back(request, *both)
        await self._store.changes.remove(room.id, tapped.request)
        return plain_message(request.texts._("Undone: all is as it was before."))

    async def take_back(self, request: Request, before: RoomSnapshot, after: RoomSnapshot) -> None:
        """Undo what led from ``before`` to ``after``; what was changed since by others stays.

        Raises StoreUnavailable; asking again does the rest.
        """
        room = request.room
        gone = [row for number, row in before.subscriptions.items()
                if number not in after.subscriptions]  # fmt: skip
        new = [row for number, row in after.subscriptions.items()
               if number not in before.subscriptions]  # fmt: skip
        keys = [SubscriptionKey(row["key"]) for row in (*gone, *new)]
        async with self._matching.holding(keys):
            for row in gone:
                if row["kind"] != SubscriptionKind.FEED:
                    await self._matching.learn(SubscriptionKey(row["key"]))
            for row in new:
                await self._store.subscriptions.remove(room.id, SubscriptionKey(row["key"]))
            await self._store.snapshots.restore(room.id, room.chat.id, before, after)
            await self._matching.unlearn(keys)
        await self._store.feeds.wake([SubscriptionKey(row["key"]) for row in gone],
                                     now=request.now)  # fmt: skip
        await self._set_dues(request, everywhere=before.clock != after.clock)
        self._ring("prepare")

    async def _set_dues(self, request: Request, *, everywhere: bool) -> None:
        """Work out anew what is due in the past, or with ``everywhere`` whatever is due."""
        dues: list[tuple[int, Due | None]] = []
        for room in await self._store.chats.rooms_of(request.room.chat.id):
            zone = ZoneInfo(room.zone or "UTC")
            for stored in await self._store.schedules.of_room(room.id):
                at = stored.next_due_at
                if everywhere or (at is not None and at <= request.now):
                    dues.append((stored.id, next_due(stored.schedule, zone, request.now)))
        await self._store.schedules.set_all(dues)
