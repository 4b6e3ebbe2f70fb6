"""From stories to an edition in the outbox."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing
from bot.domain.due import Due, next_due
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.domain.ports import Clock
from bot.domain.room import ChatState, Room, Silence
from bot.domain.subscription import Subscription
from bot.logs import event
from bot.pick import Told, compose, sentence_hash
from bot.render import Rendered, render_edition
from bot.render.limits import MAX_MESSAGE
from bot.steps.sections import Sections
from bot.store import Store
from bot.store.editions import FilledEdition, Quote
from bot.store.schedules import DueSchedule
from bot.texts import texts_for
from bot.topics import Topics
from bot.workers import AnyWorkers

__all__ = ["Composing", "Order"]

# An edition this long after its time says that it is late.
_LATE_AFTER = timedelta(minutes=10)
_COMPOSE_TIMEOUT_S = 20.0
# The hours of a reader's night.
_NIGHT_BEGINS_AT = 22
_NIGHT_ENDS_AT = 7
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An edition to be made: for whom, why, and for which local date if it was scheduled.

    ``after`` is the schedule's next turn, recorded together with the edition.
    """

    room: Room
    kind: EditionKind
    key: str
    due_at: datetime | None = None
    advance: tuple[int, Due | None] | None = None
    catch_up_since: datetime | None = None


class Composing:
    """The step that makes editions."""

    def __init__(
        self, store: Store, workers: AnyWorkers, topics: Topics, clock: Clock, *, sample: bool
    ) -> None:
        self._store = store
        self._workers = workers
        self._sections = Sections(store, topics)
        self._clock = clock
        self._sample = sample

    async def compose_due(self, due: DueSchedule) -> None:
        """Make the edition that a claimed schedule asks for, and set the schedule's next turn.

        After an outage of days only the newest slot is told, over the whole gap; each date
        passed over is recorded with its reason.
        """
        room = await self._store.chats.get_room(due.room_id)
        if room is None:  # forgotten since it was claimed: its schedule is gone as well
            return
        now, zone = self._clock.now(), ZoneInfo(room.chat.zone or "UTC")
        slot = Due(due.due_at, due.local_date)
        while (after := next_due(due.schedule, zone, slot.at)).at <= now:
            await self._skip(room, due.id, slot)
            slot = after
        order = Order(
            room=room,
            kind=EditionKind.SCHEDULED,
            key=_slot_key(due.id, slot),
            due_at=slot.at,
            advance=(due.id, after),
        )
        await self.compose(order)

    async def compose(self, order: Order) -> int:
        """Make an edition unless it exists; return how many messages it has."""
        now = self._clock.now()
        edition_id = await self._store.editions.open(
            order.room.id, order.kind, order.key, now=now, due_at=order.due_at
        )
        if edition_id is None:
            if order.advance is not None:
                await self._store.schedules.set_all([order.advance])
            return 0
        filled = await self._fill(order, edition_id, now)
        await self._store.editions.fill(edition_id, filled, now=now)
        event(
            _log,
            "edition",
            edition=edition_id,
            kind=order.kind,
            parts=len(filled.messages),
            stories=len(filled.told),
            reason=filled.reason,
        )
        return len(filled.messages)

    async def messages(self, order: Order, only: Subscription | None = None) -> tuple[Message, ...]:
        """Return what an edition would say now, storing nothing; of ``only``, if given."""
        subscriptions = [only] if only else await self._store.subscriptions.of_room(order.room.id)
        briefing = await self._brief(order, subscriptions, self._clock.now())
        return render_edition(briefing, texts_for(order.room.chat.language)).messages

    async def _skip(self, room: Room, schedule_id: int, slot: Due) -> None:
        edition_id = await self._store.editions.open(
            room.id,
            EditionKind.SCHEDULED,
            _slot_key(schedule_id, slot),
            now=self._clock.now(),
            due_at=slot.at,
        )
        if edition_id is not None:
            missed = FilledEdition(reason="missed in an outage; the next edition covers it")
            await self._store.editions.fill(edition_id, missed, now=self._clock.now())

    async def _fill(self, order: Order, edition_id: int, now: datetime) -> FilledEdition:
        room = order.room
        reason = _why_not(room, now) if order.kind is EditionKind.SCHEDULED else ""
        subscriptions = await self._store.subscriptions.of_room(room.id)
        if not subscriptions:
            reason = reason or "no subscriptions"
        if reason:
            return FilledEdition(reason=reason, advance=order.advance)
        briefing = await self._brief(order, subscriptions, now)
        briefing = replace(briefing, edition_id=edition_id)
        rendered = render_edition(
            briefing,
            texts_for(room.chat.language),
            # What is seen before a tap is kept short where stories are picked; quotes may
            # fill the message.
            goal_units=MAX_MESSAGE.units,
        )
        return FilledEdition(
            messages=rendered.messages,
            reply=order.kind is not EditionKind.SCHEDULED,
            silent=_is_silent(room, now),
            quotes=_quotes(rendered),
            told=_told(rendered.shown),
            held_back=sum(quiet.held_back for quiet in briefing.quiet),
            advance=order.advance,
        )

    async def _brief(
        self, order: Order, subscriptions: Sequence[Subscription], now: datetime
    ) -> Briefing:
        room = order.room
        zone = room.chat.zone or "UTC"
        known = await self._store.editions.told(room.id)
        told = {story: Told(story, at, hashes) for story, (at, hashes) in known.items()}
        briefing: Briefing = await self._workers.run(
            compose,
            await self._sections.of(room, subscriptions, told, now),
            told,
            settings=room.settings,
            now=now,
            zone=zone,
            outlets=await self._store.feeds.outlets(),
            timeout_s=_COMPOSE_TIMEOUT_S,
        )
        late = order.due_at is not None and now - order.due_at > _LATE_AFTER
        since = order.catch_up_since
        return replace(
            briefing,
            next_at=await self._next_at(order),
            late_since=order.due_at if late else None,
            catch_up_since=since.astimezone(ZoneInfo(zone)).date() if since else None,
            sample=self._sample,
        )

    async def _next_at(self, order: Order) -> datetime | None:
        """Return when the room is next due, given that this edition's slot is past."""
        schedules = await self._store.schedules.of_room(order.room.id)
        dues = {one.id: one.next_due_at for one in schedules}
        if order.advance is not None:
            schedule_id, after = order.advance
            dues[schedule_id] = after.at if after else None
        return min((at for at in dues.values() if at is not None), default=None)


def _slot_key(schedule_id: int, slot: Due) -> str:
    return f"{schedule_id}:{slot.local_date.isoformat()}"


def _is_silent(room: Room, now: datetime) -> bool:
    """Say whether what is sent now should arrive without a sound."""
    hour = now.astimezone(ZoneInfo(room.chat.zone or "UTC")).hour
    at_night = not _NIGHT_ENDS_AT <= hour < _NIGHT_BEGINS_AT
    silence = room.settings.silence
    return silence is Silence.ALWAYS or (silence is Silence.NIGHT and at_night)


def _why_not(room: Room, now: datetime) -> str:
    """Return why a scheduled edition is not made, "" if it is."""
    if room.chat.state is ChatState.GONE:
        return "the chat is gone"
    until = room.settings.paused_until
    if room.chat.state is ChatState.PAUSED or (until is not None and until > now):
        return "paused"
    return ""


def _quotes(rendered: Rendered) -> list[Quote]:
    return [
        Quote(part=n, story_id=story.story_id, text_id=one.text_id, start=one.start, end=one.end)
        for n, story in zip(rendered.message_of, rendered.shown.stories, strict=True)
        for one in (*story.sentences, *story.more)
    ]


def _told(briefing: Briefing) -> Mapping[int, list[int]]:
    return {
        story.story_id: [sentence_hash(one.text) for one in (*story.sentences, *story.more)]
        for story in briefing.stories
    }
