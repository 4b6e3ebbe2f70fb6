"""When briefings come: /schedule and /timezone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.commands.break_notice import say_break
from bot.commands.request import Request, plain_message
from bot.commands.schedule_changes import changed_schedules, replaced_schedules
from bot.commands.times import parse_plan
from bot.commands.zones import find_zones, is_zone, likely_zones, nearby
from bot.domain.callback import CallbackData
from bot.domain.due import Due, next_due
from bot.domain.message import Button, Keyboard, Message
from bot.domain.ports import Clock
from bot.domain.room import Room
from bot.domain.schedule import EVERY_DAY, WEEKDAYS, WEEKEND, Schedule
from bot.errors import ReaderError
from bot.store import Store
from bot.store.schedules import StoredSchedule
from bot.texts import Texts

__all__ = ["Schedules", "ZoneTapped", "clock_buttons", "say_next", "say_schedule"]

_MINUTE = timedelta(minutes=1)
# A rush that is over so soon is not worth a line.
_AT_ONCE = timedelta(minutes=2)


@dataclass(frozen=True)
class ZoneTapped(CallbackData):
    """The button that names a reader's zone (an IANA name, up to 32 bytes)."""

    prefix: ClassVar[str] = "zone"
    zone: str


class Schedules:
    """The use cases around time. ``ring`` wakes a named job of the clock.

    ``messages_per_s`` is the pace at which those go out who are due at one instant.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        default_time: time,
        messages_per_s: float,
        ring: Callable[[str], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self.default_time = default_time
        self._messages_per_s = messages_per_s
        self._ring = ring

    async def schedule(self, request: Request, text: str) -> Message:
        """Change the room's times by ``text``, or return the present ones if it is blank.

        ``text`` is as ``parse_plan`` takes it, and changes them as ``changed_schedules`` does: what
        it names no days for stays. "off", and "never" in any language, removes all, "sunday off" a
        day. What was replaced is said. Times are of the chat's zone; the likeliest is assumed, and
        stored, if it has none. A briefing that is due and not made yet is passed over. Raises
        ReaderError as ``parse_plan`` does, with nothing changed, and StoreUnavailable; times may be
        missing then, and asking again sets them. A write for each time set or removed. Times that
        are set wake the job that prepares briefings.
        """
        texts = request.texts
        before = await self._store.schedules.of_room(request.room.id)
        old = [stored.schedule for stored in before]
        if not text.strip():
            if not before:
                return plain_message(
                    texts._(
                        "No scheduled briefings yet. Send a time, such as /schedule 07:30 "
                        "or /schedule 8:00 weekdays."
                    )
                )
            answer = texts._(
                "Your briefing comes {times}. "
                "Change it with /schedule 07:30 18:00 or /schedule off.",
                times=_say_all(old, texts),
            )
            return await self._with_next(request, answer)
        plan = parse_plan(text)
        usual = [Schedule(local_time=self.default_time)]
        # Who wants none on some days wants them on the others, asked or not.
        standing = old or usual if plan.dropped else old
        wanted = changed_schedules(standing, plan, self.default_time)
        if not wanted:
            for stored in before:
                await self._store.schedules.remove(stored.id)
            return plain_message(
                texts._(
                    "No more scheduled briefings. /brief works any time; "
                    "/schedule 07:30 starts again."
                )
            )
        await self._replace(request, before, wanted)
        answer = texts._("Your briefing comes {times}.", times=_say_all(wanted, texts))
        if replaced := replaced_schedules(old, wanted):
            answer += "\n" + texts._("Before: {times}.", times=_say_all(replaced, texts))
        return await self._with_next(request, answer)

    async def timezone(self, request: Request, text: str) -> Message:
        """Set the chat's zone to what ``text`` means, or ask which zone is meant.

        ``text`` is as ``find_zones`` takes it. If it is blank, returns the zone and asks; if
        several zones or only similar names fit, up to six to tap. Nothing the reader told us is
        changed then; where they told nothing, the likeliest of several is assumed. Raises
        ReaderError where no place is called so, and StoreUnavailable.
        """
        texts = request.texts
        if not text.strip():
            zone = request.room.zone
            question = texts._(
                "Where are you? Send /timezone and a city, or the time on your clock, "
                "such as /timezone Berlin or /timezone 14:05."
            )
            if zone:
                known = texts._(
                    "Your time zone is {zone}; it is {time} there.",
                    zone=zone,
                    time=texts.time(request.now, zone),
                )
                question = f"{known}\n{question}"
            return plain_message(
                question, clock_buttons(likely_zones(request.room.chat.language), request)
            )
        found = find_zones(text, request.now)
        if len(found) == 1:
            return await self.set_zone(request, ZoneTapped(found[0]))
        if found:
            return await self._ask_which(request, found[:6])
        likely = nearby(text)
        if likely:
            return plain_message(
                texts._("No place “{place}”. Did you mean one of these?", place=text.strip()[:40]),
                clock_buttons(likely, request),
            )
        raise ReaderError("no-such-place", place=text.strip()[:40])

    async def _ask_which(self, request: Request, zones: tuple[str, ...]) -> Message:
        """Ask which of the zones is the reader's; till they say, assume the likeliest of them.

        What they told us before stays: then nothing is assumed.
        """
        texts = request.texts
        question = texts._("Which one is yours?")
        room = await self._store.chats.get_room(request.room.id) or request.room
        if not room.zone_known:
            await self.adopt_zone(room, zones[0], known=False)
            question = texts._(
                "I assumed {city} time. What time is it for you?", city=texts.city(zones[0])
            )
        return plain_message(question, clock_buttons(zones, request))

    async def set_zone(self, request: Request, tapped: ZoneTapped) -> Message:
        """Record the zone a reader lives in; the schedules of all the chat's rooms follow.

        Does what ``adopt_zone`` does, with two queries more; asking again does the rest. Raises
        ReaderError for a name that ``is_zone`` does not accept, and StoreUnavailable.
        """
        texts, zone = request.texts, tapped.zone
        if not is_zone(zone):
            raise ReaderError("old-zone-button")
        await self.adopt_zone(request.room, zone, known=True)
        answer = texts._(
            "It is {time} for you, {city} time.",
            time=texts.time(request.now, zone),
            city=texts.city(zone),
        )
        return await self._with_next(request, answer)

    async def adopt_zone(self, room: Room, zone: str, *, known: bool) -> None:
        """Set a chat's zone (an IANA name) and when its rooms without one of their own are due.

        ``known`` says that the reader told us, and that it is no guess: in a topic of a forum it
        is that topic's alone then. The name must be
        one that ``is_zone`` accepts: another is stored all the same, and may raise KeyError,
        ValueError or OSError in a chat with schedules. A briefing that is due and not made yet is
        passed over. One query, one more a room, and two writes; what a crash or StoreUnavailable
        leaves undone between them is done when the zone is set again. Wakes the job that prepares
        briefings.
        """
        chats, is_topics = self._store.chats, bool(room.thread) and known
        own = zone if is_topics else None
        if own != (room.settings.zone or None):
            await chats.save_settings(room.id, room.settings.choose(zone=own))
        if not is_topics:
            await chats.set_zone(room.chat.id, zone, known=known)
        await self.renew(await chats.rooms_of(room.chat.id), only=room.id if is_topics else 0)

    async def renew(self, rooms: Iterable[Room], *, only: int = 0) -> None:
        """Work out anew when the schedules of ``rooms`` are next due, each in its zone.

        ``only`` is the id of the room it is done for, 0 for all. A query for each, and a write.
        Raises as ``adopt_zone`` does. Wakes the job that prepares briefings.
        """
        now = self._clock.now()
        dues: list[tuple[int, Due | None]] = []
        for each in rooms:
            if only in {0, each.id}:
                schedules = await self._store.schedules.of_room(each.id)
                dues += [(s.id, next_due(s.schedule, each.zone or "UTC", now)) for s in schedules]
        await self._store.schedules.set_all(dues)
        self._ring("prepare")

    async def ensure(self, request: Request) -> bool:
        """Give a room without schedules the default one; return whether it had none.

        Without a zone the likeliest one for the reader's language is stored, as assumed. Up to
        two queries and two writes; with a new schedule the job that prepares briefings is woken.
        Raises StoreUnavailable; asking again does the rest.
        """
        if not request.room.zone:
            zone = likely_zones(request.room.chat.language)[0]
            await self._store.chats.set_zone(request.room.chat.id, zone, known=False)
        if await self._store.schedules.of_room(request.room.id):
            return False
        usual = Schedule(local_time=self.default_time)
        await self._put(request, [usual])
        return True

    async def ask(self, request: Request) -> Message | None:
        """Return the question for the reader's zone; None if it is known, or was never assumed.

        One query. Raises StoreUnavailable.
        """
        room = await self._store.chats.get_room(request.room.id)
        if room is None or room.zone_known or not room.zone:
            return None
        return plain_message(
            ask_zone(room, request), clock_buttons(likely_zones(room.chat.language), request)
        )

    async def next_at(self, room_id: int) -> datetime | None:
        """Return when a room is next due (UTC): the first instant ahead, else one that is late.

        None if nothing is scheduled; a break makes no difference. One query. Raises
        StoreUnavailable.
        """
        stored = await self._store.schedules.of_room(room_id)
        dues = [each.next_due_at for each in stored if each.next_due_at is not None]
        now = self._clock.now()
        return min((at for at in dues if at > now), default=min(dues, default=None))

    async def _replace(
        self, request: Request, before: list[StoredSchedule], wanted: list[Schedule]
    ) -> None:
        if not request.room.zone:
            zone = likely_zones(request.room.chat.language)[0]
            await self._store.chats.set_zone(request.room.chat.id, zone, known=False)
        kept = {schedule.local_time for schedule in wanted}
        for stored in before:
            if stored.schedule.local_time not in kept:
                await self._store.schedules.remove(stored.id)
        await self._put(request, wanted)

    async def _put(self, request: Request, wanted: list[Schedule]) -> None:
        room = await self._store.chats.get_room(request.room.id)
        zone = ZoneInfo(room.zone if room else "UTC")
        for schedule in wanted:
            due = next_due(schedule, zone, self._clock.now())
            await self._store.schedules.put(request.room.id, schedule, due)
        self._ring("prepare")

    async def _with_next(self, request: Request, answer: str) -> Message:
        """Add when the next briefing comes, and ask for the zone if we only assumed it."""
        room = await self._store.chats.get_room(request.room.id) or request.room
        next_at = await self.next_at(room.id)
        lines = [answer, await say_next(next_at, room, request)]
        if next_at is not None:
            lines.append(await self._window(next_at, room, request))
        keyboard: Keyboard = ()
        if not room.zone_known:
            lines.append(ask_zone(room, request))
            keyboard = clock_buttons(likely_zones(room.chat.language), request)
        return plain_message("\n".join(line for line in lines if line), keyboard)

    async def _window(self, at: datetime, room: Room, request: Request) -> str:
        """Return until when the briefings that are due ``at`` go out, "" if that is at once."""
        readers = await self._store.schedules.count_due(at)
        last_at = at + timedelta(seconds=readers / self._messages_per_s)
        if last_at - at < _AT_ONCE:
            return ""
        return request.texts._(
            "Many are due then: it comes by {time}, each day in another order.",
            time=request.texts.time(last_at + _MINUTE, room.zone or "UTC"),
        )


async def say_next(at: datetime | None, room: Room, request: Request) -> str:
    """Return "Next: tomorrow 07:30." in the chat's zone, or "" where ``at`` is None.

    On a break that is said instead, and when it ends: nothing comes before. Reads a zone's file,
    once for each zone. Without a zone it is in UTC; what is past is told as well. ``room`` gives
    the zone and the break, ``request`` the language and now. Raises ValueError if ``at`` is naive,
    KeyError for a zone that is unknown.
    """
    if on_a_break := say_break(room, request):
        return on_a_break
    if at is None:
        return ""
    when = request.texts.relative_time(at, request.now, room.zone or "UTC")
    return request.texts._("Next: {when}.", when=when)


def ask_zone(room: Room, request: Request) -> str:
    """Return the sentence that says which zone we assumed, and asks for the real one.

    For a chat whose zone is set: no city is named otherwise.
    """
    return request.texts._(
        "I assumed {city} time. What time is it for you?", city=request.texts.city(room.zone)
    )


def clock_buttons(zones: tuple[str, ...], request: Request) -> Keyboard:
    """Return one button a zone, each in a row, with the time it is there now: "14:05 Berlin".

    ``zones`` are IANA names, in the order of the rows. Raises KeyError, ValueError or OSError for
    what is no zone, and ValueError for one that fits in no button (over 56 bytes).
    """
    texts = request.texts
    return tuple(
        (
            Button(
                text=f"{texts.time(request.now, zone)} {texts.city(zone)}",
                data=ZoneTapped(zone).pack(),
            ),
        )
        for zone in zones
    )


def say_schedule(schedule: Schedule, texts: Texts) -> str:
    """Return "daily at 07:30", "on weekdays at 08:00" or "Mon, Wed at 18:00", days from Monday.

    Seconds are not told.
    """
    at = texts.time(schedule.local_time)
    if schedule.days == EVERY_DAY:
        return texts._("daily at {time}", time=at)
    if schedule.days == WEEKDAYS:
        return texts._("on weekdays at {time}", time=at)
    if schedule.days == WEEKEND:
        return texts._("on weekends at {time}", time=at)
    # 2024-01-01 was a Monday: any week does to name weekdays.
    names = [texts.weekday(date(2024, 1, 1 + day)) for day in sorted(schedule.days)]
    return texts._("{days} at {time}", days=texts.join(names, "plain"), time=at)


def _say_all(schedules: list[Schedule], texts: Texts) -> str:
    return texts.join([say_schedule(schedule, texts) for schedule in schedules])
