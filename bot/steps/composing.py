"""Composing editions: from stories to messages in the outbox."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.article import Article, StoredArticle
from bot.domain.briefing import Briefing
from bot.domain.due import Due, next_due
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Message
from bot.domain.ports import Clock
from bot.domain.room import ChatState, Room, RoomSettings, Silence, UsualLanguages
from bot.domain.subscription import Subscription
from bot.errors import Aborted, GiveUp, ReaderError, StoreUnavailable, reason_of
from bot.logs import event
from bot.pick import SectionCandidates, StoryCandidate, Told, compose, sentence_hash
from bot.reasons import Reason
from bot.render import Rendered, max_seen_for, render_edition
from bot.render.limits import GOAL_UNITS, TELEGRAM_LIMITS
from bot.steps.candidate_loader import CandidateLoader
from bot.steps.soundness import sound_sections, sound_stories
from bot.steps.top_titles import top_titles
from bot.store import Store
from bot.store.editions import FilledEdition, Quote
from bot.store.schedules import DueSchedule
from bot.texts import texts_for
from bot.topics import Topics
from bot.workers import AnyWorkers

__all__ = ["Composing"]

# An edition this long after its time says that it is late.
_LATE_AFTER = timedelta(minutes=10)
_COMPOSE_TIMEOUT_S = 20.0
# The hours of a reader's night.
_NIGHT_BEGINS_AT, _NIGHT_ENDS_AT = 22, 7
_DAY = timedelta(days=1)
# What ``try_out`` summarizes.
_TRIAL = (
    "The ferry opens again on Monday. Its engine was taken out in June, the harbour office said. "
    "Two hundred people a day cross the river there, most of them on the way to the market. "
    "The yard had to send for a part that nobody makes any more."
)
# Why a topic is quiet though it may have news: faults of ours.
_FAULTS = frozenset({"unforeseen", "process-died", "too-slow", "too-much-memory"})
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
        self._store, self._workers, self._clock = store, workers, clock
        self._candidates = CandidateLoader(store, topics)
        self._languages, self._sample, self._method = languages, sample, method

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
        filled_edition = await self._fill(edition, edition_id, now)
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
        try:
            return await self.compose(edition)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a bulkhead: told to the reader, and recorded
            event(_log, "edition-broken", level=logging.ERROR, room=edition.room.id, exc_info=error)
        try:
            return await self.compose(replace(edition, again=True))
        except StoreUnavailable:
            raise
        except Exception as error:
            reason = reason_of(error)
            event(
                _log, "edition-gave-up", level=logging.ERROR, room=edition.room.id, exc_info=error
            )
            await self._record(
                edition.room.id, edition.kind, edition.key, FilledEdition(reason=reason)
            )
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
        briefing = await self._briefing(edition, subscriptions, self._clock.now())
        return _rendered(briefing, edition.room).messages

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

    async def _fill(self, edition: Edition, edition_id: int, now: datetime) -> FilledEdition:
        """Return what an edition says, or the reason why it says nothing."""
        room, settings = edition.room, edition.room.settings
        subscriptions = await self._store.subscriptions.of_room(room.id)
        reason = None if subscriptions else Reason("no-subscriptions")
        if edition.kind is EditionKind.SCHEDULED:
            until = settings.paused_until
            if room.chat.state is ChatState.GONE:
                reason = Reason("chat-gone")
            elif room.chat.state is ChatState.PAUSED or (until is not None and until > now):
                reason = Reason("paused")
        if reason is not None:
            return FilledEdition(reason=reason, advance=edition.advance)
        briefing = await self._briefing(edition, subscriptions, now)
        rendered = _rendered(briefing, room, goal_units=TELEGRAM_LIMITS.units)
        hour = now.astimezone(ZoneInfo(room.chat.zone or "UTC")).hour
        at_night = not _NIGHT_ENDS_AT <= hour < _NIGHT_BEGINS_AT
        is_silent = settings.silence is Silence.ALWAYS or (
            settings.silence is Silence.NIGHT and at_night
        )
        # Nobody is called for a morning without news.
        is_silent |= edition.kind is EditionKind.SCHEDULED and not rendered.briefing.stories
        told = {
            story.story_id: [
                sentence_hash(sentence.text) for sentence in (*story.sentences, *story.more)
            ]
            for story in rendered.briefing.stories
        }
        return FilledEdition(
            messages=rendered.messages,
            reply=edition.kind is not EditionKind.SCHEDULED,
            silent=is_silent,
            quotes=_quotes(rendered),
            told=told,
            held_back=sum(quiet.held_back for quiet in briefing.quiet),
            left_out=_left_out(rendered.briefing, edition_id),
            advance=edition.advance,
        )

    async def _briefing(
        self, edition: Edition, subscriptions: Sequence[Subscription], now: datetime
    ) -> Briefing:
        room = edition.room
        zone = room.chat.zone or "UTC"
        known = await self._store.editions.told(room.id)
        told = {story: Told(story, at, hashes) for story, (at, hashes) in known.items()}
        languages, method = self._languages.of(room), room.settings.method or self._method
        room = replace(room, settings=replace(room.settings, languages=languages, method=method))
        outlets = await self._store.feeds.outlets()

        async def compose_sections(wanted: Sequence[SectionCandidates]) -> Briefing:
            return await self._workers.run(
                compose,
                wanted,
                told,
                settings=room.settings,
                now=now,
                zone=zone,
                outlets=outlets,
                timeout_s=_COMPOSE_TIMEOUT_S,
            )

        wanted = await self._candidates.load(room, subscriptions, told, now)
        try:
            briefing = await compose_sections(wanted)
        except GiveUp as error:
            # Where time ran out or a process died, others may be to blame: first once more.
            if isinstance(error, Aborted) and not edition.again:
                raise
            sections, left_out = await sound_sections(wanted, compose_sections)
            briefing = await compose_sections(sections)
            briefing = replace(briefing, left_out=(*briefing.left_out, *left_out))
        late = edition.due_at is not None and now - edition.due_at > _LATE_AFTER
        since = edition.catch_up_since
        return replace(
            briefing,
            next_at=await self._next_at(edition),
            late_since=edition.due_at if late else None,
            catch_up_since=since.astimezone(ZoneInfo(zone)).date() if since else None,
            sample=self._sample,
            notices=room.retired,
            top_titles=await top_titles(self._store, briefing, told, room.settings, now),
        )

    async def _next_at(self, edition: Edition) -> datetime | None:
        """Return when the room is next due, given that this edition's slot is past."""
        schedules = await self._store.schedules.of_room(edition.room.id)
        dues = {stored.id: stored.next_due_at for stored in schedules}
        if edition.advance is not None:
            schedule_id, after = edition.advance
            dues[schedule_id] = after.at if after else None
        return min((at for at in dues.values() if at is not None), default=None)


def _slots(due: DueSchedule, room: Room | None, now: datetime) -> list[Due]:
    """Return the slots of a schedule from the claimed one to the first that lies ahead."""
    zone = ZoneInfo((room and room.chat.zone) or "UTC")
    slots = [Due(due.due_at, due.local_date)]
    while len(slots) == 1 or slots[-1].at <= now:
        slots.append(next_due(due.schedule, zone, slots[-1].at))
    return slots


def _slot_key(schedule_id: int, slot: Due) -> str:
    return f"{schedule_id}:{slot.local_date.isoformat()}"


def _rendered(briefing: Briefing, room: Room, *, goal_units: int = GOAL_UNITS) -> Rendered:
    """Return ``briefing`` in messages, without the stories that break them."""
    texts = texts_for(room.chat.language)
    max_seen_units = max_seen_for(room.settings.length)
    most = None if max_seen_units is None else goal_units  # a deep briefing shows all it has

    def render(briefing: Briefing) -> Rendered:
        return render_edition(briefing, texts, goal_units=most, max_seen_units=max_seen_units)

    try:
        return render(briefing)
    except Exception:
        count = len(briefing.left_out)
        briefing = sound_stories(briefing, render)
        if len(briefing.left_out) == count:  # no story is to blame
            raise
        return render(briefing)


def _left_out(briefing: Briefing, edition_id: int) -> Reason | None:
    """Return what an edition should have told and could not, None if it is whole."""
    for reason in briefing.left_out:
        event(_log, "left-out", level=logging.ERROR, edition=edition_id, reason=reason)
    topics = tuple(
        quiet.name for quiet in briefing.quiet if quiet.reason and quiet.reason.code in _FAULTS
    )
    if topics:
        return Reason("topics-left-out", {"names": topics})
    count = len(briefing.left_out)
    return Reason("stories-left-out", {"n": count}) if count else None


def _quotes(rendered: Rendered) -> list[Quote]:
    return [
        Quote(
            part=n,
            story_id=story.story_id,
            text_id=sentence.text_id,
            start=sentence.start,
            end=sentence.end,
        )
        for n, story in zip(rendered.message_of, rendered.briefing.stories, strict=True)
        for sentence in (*story.sentences, *story.more)
    ]
