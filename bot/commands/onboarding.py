"""The first minutes: /start, and the topics and times a newcomer taps."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from bot.commands.brief import BriefNow, BriefTapped
from bot.commands.lists import OfferTapped
from bot.commands.own_country import own_country
from bot.commands.pages import button_rows
from bot.commands.request import Request, plain_message, subscription_name
from bot.commands.schedule import Schedules, say_next
from bot.commands.subscriptions import Subscriptions
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Keyboard, Message
from bot.domain.room import UsualLanguages
from bot.domain.subscription import TOP
from bot.errors import ReaderError
from bot.steps.underway import Underway
from bot.store import Store
from bot.topics import SUBJECT, Topics

__all__ = ["Onboarding", "PickTapped", "TimeTapped", "TopicTapped"]

# The times a newcomer can tap; /schedule takes any.
_TIMES = ("06:30", "07:30", "08:30", "18:00")
# Topics offered to a newcomer: what has stories within this time.
_LIVELY = timedelta(days=2)
_MAX_OFFERED = 8
# How long a welcome waits for the first news of a bot that has just started.
_PATIENCE_S = 5.0
_DEEP_LINK = "sub_"
# What is asked for most, in that order.
_USUAL = (
    "technology", "climate", "science", "health", "economy", "ai", "north-korea", "space",
    "energy", "ukraine", "china", "sports",
)  # fmt: skip


@dataclass(frozen=True)
class PickTapped(CallbackData):
    """The button of a topic offered at the start, to read it (``wanted`` 1) or no more (0).

    A second tap on the same button changes nothing.
    """

    prefix: ClassVar[str] = "pick"
    wanted: int
    slug: str


@dataclass(frozen=True)
class TopicTapped(CallbackData):
    """The button of a topic in messages of former versions: to read it, or no more."""

    prefix: ClassVar[str] = "topic"
    slug: str


@dataclass(frozen=True)
class TimeTapped(CallbackData):
    """The button of a time offered at the start ("07:30")."""

    prefix: ClassVar[str] = "time"
    at: str


class Onboarding:
    """The use cases of a newcomer. ``gathering`` is waited for where topics may just come in."""

    def __init__(
        self,
        store: Store,
        topics: Topics,
        languages: UsualLanguages,
        *,
        gathering: Underway,
        schedules: Schedules,
        subscriptions: Subscriptions,
        brief_now: BriefNow,
    ) -> None:
        self._store = store
        self._topics = topics
        self._languages = languages
        self._gathering = gathering
        self._schedules = schedules
        self._subscriptions = subscriptions
        self._brief_now = brief_now

    async def start(self, request: Request, text: str = "") -> Message:
        """Welcome a newcomer, who reads nothing, with topics to tap; show others where they are.

        A deep link such as ``?start=sub_north-korea`` subscribes at once, as ``subscribe``
        does, and raises what that raises; other ``text`` is passed over. A newcomer waits up to
        5 s for a run of gathering that is on. Nothing is stored otherwise. Up to two queries.
        Raises StoreUnavailable.
        """
        if text.startswith(_DEEP_LINK):
            return await self._subscriptions.subscribe(request, text.removeprefix(_DEEP_LINK))
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        if present:
            next_at = await self._schedules.next_at(request.room.id)
            lines = [
                texts._("Welcome back."),
                texts.ngettext(
                    "You read {n} topic: /topics shows it.",
                    "You read {n} topics: /topics shows them.",
                    len(present),
                ),
                await say_next(next_at, request.room, request),
                texts._("/brief shows one now."),
            ]
            return plain_message("\n".join(line for line in lines if line))
        async with request.lane():
            await self._gathering.end(_PATIENCE_S)
        hello = texts._(
            "One short news briefing a day, in your chat. "
            "Every line is quoted word for word from its source, and linked to it."
        )
        pick = texts._("What would you like to read about? Tap a topic, or send your own words.")
        return plain_message(f"{hello}\n\n{pick}", await self._topic_rows(request, frozenset()))

    async def tap_topic(self, request: Request, tapped: TopicTapped) -> Message:
        """Subscribe to a tapped topic, or unsubscribe; return the choice so far.

        Does what ``Subscriptions.toggle`` does: a second call takes the first one back. Topics
        to tap are the top stories and the reader's own country, then up to eight that have articles
        of two days, those that are asked for most first (the usual ones if none has), then
        others chosen. Raises ReaderError
        for a topic that is in the catalogue no longer, and StoreUnavailable; it may be half
        done then.
        """
        await self._subscriptions.toggle(request, tapped.slug)
        return await self._chosen(request)

    async def pick_topic(self, request: Request, tapped: PickTapped) -> Message:
        """Read a tapped topic, or no more, unless it is so; return the choice so far.

        Raises as ``tap_topic`` does.
        """
        present = await self._store.subscriptions.of_room(request.room.id)
        if bool(tapped.wanted) == (tapped.slug in {s.key for s in present}):
            return await self._chosen(request)
        return await self.tap_topic(request, TopicTapped(tapped.slug))

    async def tap_time(self, request: Request, tapped: TimeTapped) -> Message:
        """Set the tapped time (of the chat's zone) in place of others; return the choice so far.

        It holds every day; as ``Schedules.schedule`` does it, which may be asked again. Raises
        ReaderError if it is offered no longer, and StoreUnavailable.
        """
        if tapped.at not in _TIMES:
            raise ReaderError("old-time-button")
        await self._schedules.schedule(request, tapped.at)
        return await self._chosen(request)

    async def tap_brief(self, request: Request, _tapped: BriefTapped) -> Message | None:
        """Queue a briefing, and return the question for the zone if it was only assumed.

        None if it was not: then the briefing is the whole answer. If no source can be reached,
        a message says so. Waits and raises as ``BriefNow.queue`` does; the briefing may be queued
        where StoreUnavailable is raised.
        """
        unreachable = await self._brief_now.queue(request)
        question = await self._schedules.ask(request)
        if unreachable is None or question is None:
            return unreachable or question
        return plain_message(f"{unreachable.plain}\n\n{question.plain}", question.keyboard)

    async def _chosen(self, request: Request) -> Message:
        """Return what a newcomer has chosen so far, with times, and the way to the briefing."""
        texts, room_id = request.texts, request.room.id
        present = await self._store.subscriptions.of_room(room_id)
        rows = await self._topic_rows(request, frozenset(s.key for s in present))
        if not present:
            return plain_message(texts._("What would you like to read about? Tap a topic."), rows)
        schedules = await self._store.schedules.of_room(room_id)
        times = {texts.time(stored.schedule.local_time) for stored in schedules}
        names = texts.join([subscription_name(s, self._topics, texts) for s in present])
        text = texts._("You read {names}, daily at {times}.", names=names, times=texts.join(times))
        clock = tuple(
            Button(text=f"✓ {at}" if at in times else at, data=TimeTapped(at).pack())
            for at in _TIMES
        )
        brief = Button(text=texts._("▶ My first briefing"), data=BriefTapped().pack())
        return plain_message(text, (*rows, clock, (brief,)))

    async def _topic_rows(self, request: Request, chosen: frozenset[str]) -> Keyboard:
        """Return buttons for topics: what is near to all, what has stories now, what is chosen."""
        slugs = [topic.slug for topic in self._topics.all()]
        own = own_country(request.room.chat, self._topics)
        first = [str(TOP), *([own.slug] if own else [])]
        live = await self._store.articles.live_keys(
            slugs,
            since=request.now - _LIVELY,
            languages=self._languages.of(request.room),
        )
        asked_for = [slug for slug in _USUAL if slug in live]
        others = sorted(live.keys() - _USUAL, key=lambda slug: (-live[slug], slug))
        ranked = [*asked_for, *others] or list(_USUAL)
        shown = first + [slug for slug in ranked if slug not in first][:_MAX_OFFERED]
        offered = [self._topics.get(slug) for slug in shown]
        offered += [self._topics.get(key) for key in sorted(chosen.difference(shown))]
        buttons = []
        for topic in filter(None, offered):
            name = topic.name(request.texts.language)
            is_chosen = topic.slug in chosen
            label = f"✓ {name}" if is_chosen else name
            data = PickTapped(0 if is_chosen else 1, topic.slug).pack()
            buttons.append(Button(text=label, data=data))
        more = Button(text=request.texts._("More …"), data=OfferTapped(SUBJECT, 0).pack())
        # The first row is the top stories, with the reader's country if that is known.
        rows = (tuple(buttons[: len(first)]), *button_rows(buttons[len(first) :]))
        return (*rows, (more,))
