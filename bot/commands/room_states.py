"""What a room has set, before and after a command, so that the command can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.commands.request import Request
from bot.commands.subscriptions import Subscriptions
from bot.domain.due import next_due
from bot.domain.ports import Clock
from bot.domain.room import Room, RoomSettings
from bot.domain.schedule import Schedule
from bot.domain.subscription import Subscription
from bot.store import Store

__all__ = ["RoomState", "RoomStates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """What a room reads, when, and how; ``zone`` and ``zone_known`` are its chat's."""

    subscriptions: tuple[Subscription, ...]
    schedules: tuple[Schedule, ...]
    settings: RoomSettings
    zone: str
    zone_known: bool


class RoomStates:
    """The use case of a command that another takes the place of. ``ring`` wakes a named job."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        subscriptions: Subscriptions,
        ring: Callable[[str], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._subscriptions = subscriptions
        self._ring = ring

    async def of(self, room: Room) -> RoomState:
        """Return what the room has set now; three queries. Raises StoreUnavailable."""
        found = await self._store.chats.get_room(room.id) or room
        schedules = await self._store.schedules.of_room(room.id)
        return RoomState(
            subscriptions=tuple(await self._store.subscriptions.of_room(room.id)),
            schedules=tuple(stored.schedule for stored in schedules),
            settings=found.settings,
            zone=found.chat.zone,
            zone_known=found.chat.zone_known,
        )

    async def take_back(self, request: Request, before: RoomState, after: RoomState) -> bool:
        """Undo what led from ``before`` to ``after``; return whether anything was.

        What changed again since stays as it is now. What is read anew is a subscription of its
        own, matched to the entries of three days (a private feed that nobody else reads is not read
        anew: it was deleted); a zone that was unknown before stays as an
        assumption. Raises StoreUnavailable; asking again does the rest.
        """
        now = await self.of(request.room)
        undone = await self._take_back_subscriptions(request, before, after, now)
        is_other_clock = False
        if before.settings != after.settings == now.settings:
            is_other_clock = before.settings.zone != now.settings.zone
            await self._store.chats.save_settings(request.room.id, before.settings)
            undone = True
        had, has = (before.zone, before.zone_known), (after.zone, after.zone_known)
        zone = now.zone
        if before.zone and had != has == (now.zone, now.zone_known):
            zone = before.zone
            await self._store.chats.set_zone(request.room.chat.id, zone, known=before.zone_known)
            undone = True
        elif after.zone_known and not before.zone_known and after.zone == now.zone:
            await self._store.chats.set_zone(request.room.chat.id, zone, known=False)
            undone = True
        is_other_time = before.schedules != after.schedules == now.schedules
        if is_other_time or is_other_clock or zone != now.zone:
            await self._set_times(request, before.schedules if is_other_time else now.schedules)
            undone = True
        return undone

    async def _take_back_subscriptions(
        self, request: Request, before: RoomState, after: RoomState, now: RoomState
    ) -> bool:
        present = {item.key for item in now.subscriptions}
        had = {item.key for item in before.subscriptions}
        has = {item.key for item in after.subscriptions}
        added = [item.key for item in after.subscriptions if item.key in present - had]
        gone = [item for item in before.subscriptions if item.key not in has | present]
        await self._subscriptions.drop(request, added)
        for item in gone:
            await self._subscriptions.restore(request, item)
        return bool(added or gone)

    async def _set_times(self, request: Request, wanted: tuple[Schedule, ...]) -> None:
        room = await self._store.chats.get_room(request.room.id) or request.room
        zone, now = ZoneInfo(room.zone or "UTC"), self._clock.now()
        kept = {schedule.local_time for schedule in wanted}
        for stored in await self._store.schedules.of_room(room.id):
            if stored.schedule.local_time not in kept:
                await self._store.schedules.remove(stored.id)
        for schedule in wanted:
            await self._store.schedules.put(room.id, schedule, next_due(schedule, zone, now))
        self._ring("prepare")
