"""Composing editions: from stories to messages in the outbox."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.article import Article, StoredArticle
from bot.domain.due import Due, next_due
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Message
from bot.domain.ports import Clock
from bot.domain.room import Room, RoomSettings, UsualLanguages
from bot.domain.subscription import Subscription
from bot.errors import ReaderError, StoreUnavailable, reason_of
from bot.logs import event
from bot.pick import SectionCandidates, StoryCandidate, compose
from bot.reasons import Reason
from bot.steps.filling import Filling
from bot.store import Store
from bot.store.editions import FilledEdition
from bot.store.schedules import DueSchedule
from bot.topics import Topics
from bot.workers import AnyWorkers

__all__ = ["Composing"]

_DAY = timedelta(days=1)
# What ``try_out`` summarizes.
_TRIAL = (
    "The ferry opens again on Monday. Its engine was taken out in June, the harbour office said. "
    "Two hundred people a day cross the river there, most of them on the way to the market. "
    "The yard had to send for a part that nobody makes any more."
)
_log = logging.getLogger(__name__)


class Composing:
    """The step that composes editions and queues their messages.

    ``languages`` are those of articles for rooms that chose none, ``method`` is what summarizes
    for such; ``sample`` marks every briefing as made from the sample newsroom.
    """

    def __init__(
        self,
        store: Store,
        workers: AnyWorkers,
        topics: Topics,
        clock: Clock,
        *,
        languages: UsualLanguages,
        sample: bool,
        method: str = "",
    ) -> None:
        self._store = store
        self._workers = workers
        self._clock = clock
        self._filling = Filling(
            store, workers, topics, languages=languages, sample=sample, method=method
        )

    async def compose_due(self, due: DueSchedule) -> None:
        """Compose the edition of a claimed schedule, and set when the schedule is next due.

        After an outage of days only the newest slot is told, over the whole gap; each date
        passed over is recorded with its reason. A room that is gone is passed over. Raises as
        ``compose`` does: then the schedule keeps its due instant, but the dates stay recorded.
        """
        room = await self._store.chats.get_room(due.room_id)
        if room is None:  # forgotten since it was claimed: its schedule is gone as well
            return
        *missed, slot, after = _slots(due, room, self._clock.now())
        await self._miss(due, missed)
        edition = Edition(
            room=room,
            kind=EditionKind.SCHEDULED,
            key=_slot_key(due.id, slot),
            due_at=slot.at,
            advance=(due.id, after),
            again=due.attempts > 0,
        )
        await self.compose(edition)

    async def give_up(self, due: DueSchedule, reason: Reason) -> None:
        """End a schedule's edition with ``reason``, and set when the schedule is next due.

        If the room or its times cannot be read, that is a day later; slots that were missed
        end too. An edition that was filled before stays as it is. Raises StoreUnavailable.
        """
        try:
            room = await self._store.chats.get_room(due.room_id)
            *missed, slot, after = _slots(due, room, self._clock.now())
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: the schedule goes on all the same
            event(_log, "schedule-broken", level=logging.ERROR, schedule=due.id, exc_info=error)
            missed, slot = [], Due(due.due_at, due.local_date)
            after = Due(slot.at + _DAY, slot.local_date + _DAY)
        filled_edition = FilledEdition(reason=reason, advance=(due.id, after))
        key = _slot_key(due.id, slot)
        try:
            await self._miss(due, missed)
            await self._record(due.room_id, EditionKind.SCHEDULED, key, filled_edition, slot.at)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: not even the reason can be stored
            event(_log, "edition-lost", level=logging.ERROR, schedule=due.id, exc_info=error)
            await self._store.schedules.set_all([(due.id, after)])

    async def compose(self, edition: Edition) -> int:
        """Compose an edition unless it exists; return how many messages it has.

        0 if it exists (``advance`` is stored), or says nothing (its reason is stored). It is
        opened first; its messages, what they tell and ``advance`` are stored in one transaction;
        until then it may be cancelled, and composed again. After it, choices of the room that it
        told to be retired are deleted; if that fails, the next edition tells of them again. Waits
        for workers, up to 20 s of processor time a call. Raises StoreUnavailable, or what broke
        (GiveUp, any error of rendering or SQLAlchemy's).
        """
        now = self._clock.now()
        edition_id = await self._store.editions.open(
            edition.room.id, edition.kind, edition.key, now=now, due_at=edition.due_at
        )
        if edition_id is None:
            if edition.advance is not None:
                await self._store.schedules.set_all([edition.advance])
            return 0
        filled_edition = await self._filling.fill(edition, edition_id, now)
        if not await self._store.editions.fill(edition_id, filled_edition, now=now):
            return 0  # another was faster
        if edition.room.retired and filled_edition.messages:
            with suppress(StoreUnavailable):  # the edition is made: the next one tells it again
                await self._store.chats.settle(edition.room.id)
        event(
            _log,
            "edition",
            edition=edition_id,
            kind=edition.kind,
            parts=len(filled_edition.messages),
            stories=len(filled_edition.told),
            reason=filled_edition.reason,
            left_out=filled_edition.left_out,
        )
        return len(filled_edition.messages)

    async def compose_asked(self, edition: Edition) -> int:
        """Compose an edition that a reader waits for; return how many messages it has.

        0 as for ``compose``. If that fails it is tried once more, part by part. Raises ReaderError
        if that fails too: the edition has ended, with its reason. Raises StoreUnavailable, and
        what SQLAlchemy raises where not even that can be stored: the room is gone.
        """
        room_id = edition.room.id
        try:
            return await self.compose(edition)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: told to the reader, and recorded
            event(_log, "edition-broken", level=logging.ERROR, room=room_id, exc_info=error)
        try:
            return await self.compose(replace(edition, again=True))
        except StoreUnavailable:
            raise
        except Exception as error:
            reason = reason_of(error)
            event(_log, "edition-gave-up", level=logging.ERROR, room=room_id, exc_info=error)
            ended = FilledEdition(reason=reason)
            await self._record(room_id, edition.kind, edition.key, ended)
            raise ReaderError("brief-failed") from error

    async def try_out(self) -> None:
        """Compose a small story of our own in a worker; raise GiveUp as a reader's would.

        Nothing is stored. Takes up to 3 s of processor time, after the wait for a worker.
        """
        now = self._clock.now()
        at = now - timedelta(hours=1)
        article = Article(
            url="https://daybrief.invalid/",
            title=_TRIAL.split(".", maxsplit=1)[0],
            text=_TRIAL,
            language="en",
            source="daybrief",
            published_at=at,
            seen_at=at,
        )
        stored = StoredArticle(id=1, text_id=1, article=article)
        story = StoryCandidate(story_id=1, articles=(stored,), match=1.0, first_at=at, last_at=at)
        await self._workers.run(
            compose,
            [SectionCandidates(key="trial", name="Trial", candidates=(story,))],
            {},
            settings=RoomSettings(languages=()),
            now=now,
            zone="UTC",
            outlets={},
        )

    async def messages(
        self, edition: Edition, only: Subscription | None = None
    ) -> tuple[Message, ...]:
        """Return the messages of an edition composed now, storing nothing.

        With ``only``, of this subscription alone. An edition that exists, or a pause, makes no
        difference; what was told before does. Cut to near 2,000 units (``fit_briefing``), which
        those of ``compose`` are not. Waits for workers and raises as ``compose``.
        """
        subscriptions = [only] if only else await self._store.subscriptions.of_room(edition.room.id)
        return await self._filling.messages(edition, subscriptions, self._clock.now())

    async def _miss(self, due: DueSchedule, slots: Sequence[Due]) -> None:
        """Record that ``slots`` were passed over."""
        filled_edition = FilledEdition(reason=Reason("missed-in-outage"))
        for slot in slots:
            key = _slot_key(due.id, slot)
            await self._record(due.room_id, EditionKind.SCHEDULED, key, filled_edition, slot.at)

    async def _record(
        self,
        room_id: int,
        kind: EditionKind,
        key: str,
        filled_edition: FilledEdition,
        due_at: datetime | None = None,
    ) -> None:
        """Store an edition that says nothing; one that was filled before stays as it is."""
        now = self._clock.now()
        edition_id = await self._store.editions.open(room_id, kind, key, now=now, due_at=due_at)
        if edition_id is not None:
            await self._store.editions.fill(edition_id, filled_edition, now=now)
        elif filled_edition.advance is not None:
            await self._store.schedules.set_all([filled_edition.advance])


def _slots(due: DueSchedule, room: Room | None, now: datetime) -> list[Due]:
    """Return the slots of a schedule from the claimed one to the first that lies ahead."""
    zone = ZoneInfo((room and room.zone) or "UTC")
    slots = [Due(due.due_at, due.local_date)]
    while len(slots) == 1 or slots[-1].at <= now:
        slots.append(next_due(due.schedule, zone, slots[-1].at))
    return slots


def _slot_key(schedule_id: int, slot: Due) -> str:
    return f"{schedule_id}:{slot.local_date.isoformat()}"
