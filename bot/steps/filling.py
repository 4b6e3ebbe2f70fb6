"""Filling an edition: what it says, in which messages, and what its room will have been told."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.briefing import Briefing, ListedStory
from bot.domain.content import text_ids
from bot.domain.due import next_due
from bot.domain.edition import Edition, EditionKind
from bot.domain.message import Message
from bot.domain.room import ChatState, Room, Silence, UsualLanguages
from bot.domain.subscription import Subscription
from bot.errors import Aborted, GiveUp
from bot.logs import event
from bot.pick import SectionCandidates, Told, compose, sentence_hash
from bot.reasons import Reason
from bot.render import Rendered, max_seen_for, render_edition
from bot.render.limits import GOAL_UNITS, TELEGRAM_LIMITS
from bot.steps.candidate_loader import CandidateLoader
from bot.steps.listing import without_listed
from bot.steps.soundness import sound_sections, sound_stories
from bot.steps.top_titles import top_titles
from bot.store import Store
from bot.store.editions import FilledEdition, Quote
from bot.texts import texts_for
from bot.topics import Topics
from bot.workers import AnyWorkers

__all__ = ["Filling", "render_for"]

# An edition this long after its time says that it is late.
_LATE_AFTER = timedelta(minutes=10)
# After how many editions in a row that did not reach a chat another is tried, and the most asked.
_TRY_AFTER = frozenset({1, 2, 4, 8, 16})
_MOST_UNSENT = 17
_COMPOSE_TIMEOUT_S = 20.0
# The hours of a reader's night.
_NIGHT_BEGINS_AT = 22
_NIGHT_ENDS_AT = 7
# Why a topic is quiet though it may have news: faults of ours.
_FAULTS = frozenset({"unforeseen", "process-died", "too-slow", "too-much-memory"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unrendered:
    """A briefing before it is rendered.

    ``listed`` is what the room saw listed before: breadth by story id; ``articles`` are those of
    the stories that could be told: the ids of their texts, by (story id, address).
    """

    briefing: Briefing
    listed: Mapping[int, int]
    articles: Mapping[tuple[int, str], int]


class Filling:
    """Makes what an edition says of what a room may be told; see ``Composing`` for the options."""

    def __init__(
        self,
        store: Store,
        workers: AnyWorkers,
        topics: Topics,
        *,
        languages: UsualLanguages,
        sample: bool,
        method: str = "",
    ) -> None:
        self._store = store
        self._workers = workers
        self._candidates = CandidateLoader(store, topics)
        self._languages = languages
        self._sample = sample
        self._method = method

    async def fill(self, edition: Edition, edition_id: int, now: datetime) -> FilledEdition:
        """Return what an edition says, or the reason why it says nothing; store nothing.

        Its content is what its messages show, with the sentences that found room. Waits for
        workers, up to 20 s of processor time a call. Raises StoreUnavailable, or what broke.
        """
        room, settings = edition.room, edition.room.settings
        subscriptions = await self._store.subscriptions.of_room(room.id)
        reason = None if subscriptions else Reason("no-subscriptions")
        if edition.kind is EditionKind.SCHEDULED:
            until = settings.paused_until
            if room.chat.state is ChatState.GONE and not await self._try_again(room):
                reason = Reason("chat-gone")
            elif room.is_closed:
                reason = Reason("thread-closed")
            elif room.chat.state is ChatState.PAUSED or (until is not None and until > now):
                reason = Reason("paused")
        if reason is not None:
            return FilledEdition(reason=reason, advance=edition.advance)
        draft = await self._draft(edition, subscriptions, now)
        briefing = draft.briefing
        lost_at = await self._store.outbox.unanswered_at(room.id, before=edition_id)
        if lost_at is not None:
            when = texts_for(room.language).date_time(lost_at, room.zone or "UTC")
            lost = Reason("briefing-unanswered", {"when": when})
            briefing = replace(briefing, notices=(*briefing.notices, lost))
        rendered = without_listed(
            briefing, draft.listed, lambda briefing: render_for(briefing, room)
        )
        shown = _with_texts(rendered.briefing, draft.articles)
        hour = now.astimezone(ZoneInfo(room.zone or "UTC")).hour
        at_night = not _NIGHT_ENDS_AT <= hour < _NIGHT_BEGINS_AT
        is_silent = settings.silence is Silence.ALWAYS or (
            settings.silence is Silence.NIGHT and at_night
        )
        # Nobody is called for a morning without news.
        is_silent |= edition.kind is EditionKind.SCHEDULED and not shown.stories
        told = {
            story.story_id: [
                sentence_hash(sentence.text) for sentence in (*story.sentences, *story.more)
            ]
            for story in shown.stories
        }
        return FilledEdition(
            messages=rendered.messages,
            reply=edition.kind is not EditionKind.SCHEDULED,
            silent=is_silent,
            quotes=_quotes(shown, rendered.message_of),
            told=told,
            listed={listed.story_id: listed.outlets for listed in shown.also},
            content=shown,
            held_back=sum(quiet.held_back for quiet in shown.quiet),
            left_out=_left_out(shown, edition_id),
            advance=edition.advance,
        )

    async def _try_again(self, room: Room) -> bool:
        """Return whether a room that is gone is worth an attempt, and make it active for that.

        It is on the first, second, fourth, eighth and sixteenth morning after a refusal that may
        have been a fault of the platform's.
        """
        if not room.chat.may_return:
            return False
        unsent = 0
        for row in await self._store.editions.recent(room.id, limit=_MOST_UNSENT):
            if not row.dead and (row.reason is None or row.reason.code != "chat-gone"):
                break
            unsent += 1
        if unsent not in _TRY_AFTER:
            return False
        await self._store.chats.revive(room.chat.address)
        return True

    async def messages(
        self, edition: Edition, subscriptions: Sequence[Subscription], now: datetime
    ) -> tuple[Message, ...]:
        """Return the messages of an edition on ``subscriptions``, cut to near 2,000 units.

        An edition that exists, or a pause, makes no difference. Waits and raises as ``fill``.
        """
        draft = await self._draft(edition, subscriptions, now)
        rendered = without_listed(
            draft.briefing,
            draft.listed,
            lambda briefing: render_for(briefing, edition.room, goal_units=GOAL_UNITS),
        )
        return rendered.messages

    async def _draft(
        self, edition: Edition, subscriptions: Sequence[Subscription], now: datetime
    ) -> _Unrendered:
        room = edition.room
        zone = room.zone or "UTC"
        known = await self._store.editions.remembered(room.id)
        told = {story: Told(story, at, hashes) for story, (at, hashes) in known.told.items()}
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
        briefing = replace(
            briefing,
            next_at=await self._next_at(edition, now),
            late_since=edition.due_at if late else None,
            catch_up_since=since.astimezone(ZoneInfo(zone)).date() if since else None,
            sample=self._sample,
            notices=room.retired,
            top_titles=await top_titles(self._store, briefing, told, room.settings, now),
        )
        candidates = (candidate for section in wanted for candidate in section.candidates)
        return _Unrendered(
            briefing=briefing,
            listed=known.listed,
            articles={
                (candidate.story_id, stored.article.url): stored.text_id
                for candidate in candidates
                for stored in candidate.articles
            },
        )

    async def _next_at(self, edition: Edition, now: datetime) -> datetime | None:
        """Return when the room is next due, given that this edition's slot is past.

        After the break, where the room is on one; None if that has no end.
        """
        schedules = await self._store.schedules.of_room(edition.room.id)
        room, until = edition.room, edition.room.settings.paused_until
        if until is not None and until > now:  # asked for during a break
            if until.year == MAXYEAR:
                return None
            zone, before = room.zone or "UTC", until - timedelta(seconds=1)
            found = [next_due(stored.schedule, zone, before).at for stored in schedules]
            return min(found, default=None)
        dues = {stored.id: stored.next_due_at for stored in schedules}
        if edition.advance is not None:
            schedule_id, after = edition.advance
            dues[schedule_id] = after.at if after else None
        return min((at for at in dues.values() if at is not None), default=None)


def render_for(
    briefing: Briefing, room: Room, *, goal_units: int = TELEGRAM_LIMITS.units
) -> Rendered:
    """Return ``briefing`` in messages as ``room`` likes them, without the stories that break them.

    What is seen before a tap is kept short; quotes may fill the message, as those of editions do,
    unless ``goal_units`` (UTF-16) are less. Of a content, as ``ContentReader`` reads it, these are
    the messages of its edition. CPU work; raises as ``render_edition`` if no story is to blame.
    """
    texts = texts_for(room.language)
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


def _with_texts(briefing: Briefing, articles: Mapping[tuple[int, str], int]) -> Briefing:
    """Return ``briefing`` with the ids of the texts behind what it only lists."""

    def found(listed: ListedStory) -> ListedStory:
        return replace(listed, text_id=articles.get((listed.story_id, listed.url), 0))

    return replace(briefing, also=tuple(map(found, briefing.also)))


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


def _quotes(briefing: Briefing, message_of: Sequence[int]) -> list[Quote]:
    """Return the texts that ``briefing`` shows something of, each once a story."""
    told = zip(message_of, briefing.stories, strict=True)
    cited = [
        (part, story.story_id, text_id)
        for part, story in told
        for text_id in sorted(text_ids(story))
    ]
    last = max(message_of, default=0)
    cited += [(last, listed.story_id, listed.text_id) for listed in briefing.also]
    return [
        Quote(part=part, story_id=story_id, text_id=text_id)
        for part, story_id, text_id in dict.fromkeys(cited)
        if text_id
    ]
