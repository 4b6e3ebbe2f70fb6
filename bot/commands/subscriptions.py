"""What a room reads: /subscribe and /unsubscribe."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlsplit

from bot.commands.addition_finder import SCHEME, URL, AdditionFinder
from bot.commands.additions import Addition, outlet_addition, topic_addition
from bot.commands.brief import PreviewTapped
from bot.commands.feeds import FeedFinder, FoundFeed
from bot.commands.intents import read_meaning, topic_named
from bot.commands.newest import NewestHeadline
from bot.commands.questions import choices, question
from bot.commands.request import Request, plain_message, subscription_name
from bot.commands.schedule import Schedules, ask_zone, clock_buttons, say_next
from bot.commands.wanted import (
    Unclear,
    place_test,
    several_topics,
)
from bot.commands.zones import likely_zones
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Keyboard, Message
from bot.domain.subscription import Subscription, SubscriptionKey, SubscriptionKind
from bot.errors import ReaderError
from bot.steps.matching import Matching
from bot.store import Store
from bot.store.feeds import NewFeed
from bot.texts import Texts
from bot.topics import Topics, parse_query, query_key

__all__ = ["MAX_SUBSCRIPTIONS", "Subscriptions", "UndoTapped"]


# The most that one room may read.
MAX_SUBSCRIPTIONS = 50


@dataclass(frozen=True)
class UndoTapped(CallbackData):
    """The button that takes back subscriptions just made."""

    prefix: ClassVar[str] = "undo"
    subscription_ids: tuple[int, ...]


class Subscriptions:
    """The use cases around subscriptions. ``ring`` wakes a named job of the clock."""

    def __init__(
        self,
        store: Store,
        topics: Topics,
        matching: Matching,
        *,
        feeds: FeedFinder,
        schedules: Schedules,
        newest: NewestHeadline,
        ring: Callable[[str], None],
    ) -> None:
        self._store = store
        self._topics = topics
        self._finder = AdditionFinder(topics, feeds)
        self._matching = matching
        self._feeds = feeds
        self._schedules = schedules
        self._newest = newest
        self._ring = ring

    async def subscribe(self, request: Request, text: str, *, may_ask: bool = True) -> Message:
        """Subscribe the room to the topics, words or addresses of ``text``.

        If one word is an address, each is taken for one, and costs what ``FeedFinder.find``
        costs, for 20 s at most, a wait in line included; those that did not answer by then are
        named in the answer. What nobody read before is matched to the entries of three
        days. A room without a schedule gets the default one; feeds are polled soon. Raises
        ReaderError where ``text`` names nothing, more than ten things or than the room may read
        (50, with those named that it reads already), no query, or an address without a feed;
        nothing is subscribed to then. What is not clear (``Unclear``) is asked about with buttons,
        and the rest subscribed to; without ``may_ask`` it raises ReaderError.
        Raises StoreUnavailable; asking again does the rest.
        """
        wanted = await self._finder.find(text, request)
        additions, unclear = wanted.additions, wanted.unclear
        if not additions and not unclear:
            raise ReaderError("nothing-named")
        if unclear and not may_ask:
            names = tuple(topic.slug for topic in unclear[0].topics)
            raise ReaderError("no-such-topic", words=unclear[0].words[:60], names=names)
        asked = self._ask(request, unclear[0]) if unclear else None
        if not additions:
            if asked is None:
                raise ReaderError("nothing-named")
            return asked
        present = await self._store.subscriptions.of_room(request.room.id)
        if len(present) + len(additions) > MAX_SUBSCRIPTIONS:
            raise ReaderError("too-many-subscriptions", n=MAX_SUBSCRIPTIONS)
        added: list[Addition] = []
        known: list[Addition] = []
        for addition in additions:
            (added if await self._add(request, addition) else known).append(addition)
        self._ring("poll")
        answer = await self._answer(request, added, known, wanted.late)
        wishes = [("subscribe", topic.slug) for topic in wanted.offers]
        answer = replace(
            answer, keyboard=(*answer.keyboard, *choices(request, self._topics, wishes))
        )
        if asked is None:
            return answer
        return plain_message(f"{answer.plain}\n\n{asked.plain}", answer.keyboard + asked.keyboard)

    def _ask(self, request: Request, unclear: Unclear) -> Message | None:
        """Return the question which topic is meant, or the words alone."""
        wishes = [("subscribe", topic.slug) for topic in unclear.topics]
        words = unclear.words.replace('"', "").strip()
        return question(request, self._topics, words, [*wishes, ("subscribe", f'"{words}"')])

    async def unsubscribe(self, request: Request, text: str) -> Message:
        """Unsubscribe the room from what ``text`` names; "all" is everything.

        A topic or several, the words, or a feed's title name it (of one without a title its
        address, of one called by its host any address there). What nobody else reads of it is
        deleted: own words' matches, private feeds with their articles. Schedules stay. Raises
        ReaderError where ``text`` is blank or names nothing that the room reads, and
        StoreUnavailable; some may be gone then.
        """
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        if not present:
            raise ReaderError("no-subscriptions-yet")
        if not text.strip():
            raise ReaderError(
                "unsubscribe-from-what",
                names=tuple(self._names(present, texts)),
                example=_typed_name(present[0]),
            )
        is_all = text.strip().lower() in {"all", "everything"}
        gone = present if is_all else self._named(present, text)
        if not gone:  # what is said around it: "from climate", "the news about climate, please"
            gone = self._asked(present, request, text)
        if not gone:
            names = tuple(map(_typed_name, present))
            raise ReaderError("not-read", words=text.strip()[:60], names=names)
        await self._remove(request, [subscription.key for subscription in gone])
        told = texts.join(self._names(gone, texts))
        return plain_message(
            texts._("No more about {names}. /topics shows what is left.", names=told)
        )

    async def toggle(self, request: Request, slug: str) -> None:
        """Subscribe to a topic, or unsubscribe if the room reads it already.

        A topic that nobody read before is matched to the entries of three days, a room without a
        schedule gets the default one, and feeds are polled soon. Of a topic left that nobody else
        reads, feeds that serve nothing else are polled no more. A room that reads the most it may
        (50) stays as it is, unsaid. Raises ReaderError for a topic that is in the catalogue no
        longer, and StoreUnavailable: it may be half done then, and called again take back what was
        stored.
        """
        topic = self._topics.get(slug)
        if topic is None:
            raise ReaderError("topic-gone")
        present = {s.key for s in await self._store.subscriptions.of_room(request.room.id)}
        if slug in present:
            await self._remove(request, [SubscriptionKey.of_topic(slug)], request.update_id)
        elif len(present) < MAX_SUBSCRIPTIONS:
            await self._schedules.ensure(request)  # first: an update is acted on with what it adds
            await self._add(request, topic_addition(topic, request.texts), request.update_id)
            self._ring("poll")

    async def add_feeds(self, request: Request, found: Sequence[FoundFeed]) -> list[FoundFeed]:
        """Subscribe the room to feeds; return those that it did not read, in their order.

        A room without a schedule gets the default one, and feeds are polled soon, if any is
        added. How many a room may read is the caller's to check. Raises StoreUnavailable; asking
        again does the rest.
        """
        added = [feed for feed in found if await self._add(request, outlet_addition(feed))]
        if added:
            await self._schedules.ensure(request)
            self._ring("poll")
        return added

    async def drop(self, request: Request, keys: Sequence[SubscriptionKey]) -> None:
        """Unsubscribe the room from ``keys``, as ``unsubscribe`` does; others are passed over.

        Raises StoreUnavailable; some may be gone then.
        """
        await self._remove(request, keys)

    async def restore(self, request: Request, gone: Subscription, *, address: str = "") -> None:
        """Subscribe the room anew to what it read before, as ``subscribe`` does; feeds are polled.

        A feed that was deleted with it is stored anew under its ``address``; without one nothing
        is done. Raises StoreUnavailable.
        """
        key = gone.key
        if gone.kind is SubscriptionKind.FEED and not await self._store.feeds.get(key.feed_id):
            if not address:
                return
            (feed_id,) = await self._store.feeds.add([NewFeed(url=address)], [], now=request.now)
            key = SubscriptionKey.of_feed(feed_id)
        addition = Addition(kind=gone.kind, key=key, label=gone.label, shown=gone.label)
        await self._add(request, addition)
        self._ring("poll")

    async def undo(self, request: Request, tapped: UndoTapped) -> Message:
        """Take back subscriptions just made; only the room's own can be named.

        What nobody else reads of them is deleted; schedules stay. Raises ReaderError if none of
        them is left, and StoreUnavailable; some may be gone then.
        """
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        gone = [s for s in present if s.id in tapped.subscription_ids]
        if not gone:
            raise ReaderError("undone-already")
        await self._remove(request, [subscription.key for subscription in gone])
        return plain_message(
            texts._("Undone: no more about {names}.", names=texts.join(self._names(gone, texts)))
        )

    async def _add(self, request: Request, addition: Addition, update_id: int = 0) -> bool:
        key = addition.key
        async with self._matching.holding([key]):
            if addition.kind is SubscriptionKind.FEED:
                feed = await self._store.feeds.get(key.feed_id)
                if feed is not None:
                    await self._store.feeds.add([NewFeed(url=feed.url)], [key], now=request.now)
            await self._matching.learn(key)
            try:
                added = await self._store.subscriptions.add(
                    request.room.id,
                    addition.kind,
                    key,
                    addition.label,
                    now=request.now,
                    most=MAX_SUBSCRIPTIONS,
                    update_id=update_id,
                )
            except ReaderError:  # others of the chat were faster
                await self._matching.unlearn([key])
                raise
            if addition.kind is not SubscriptionKind.FEED:
                await self._feeds.add_sources(key, request.room)
            await self._store.feeds.wake([key], now=request.now)
        return added

    async def _remove(
        self, request: Request, keys: Sequence[SubscriptionKey], update_id: int = 0
    ) -> None:
        async with self._matching.holding(keys):
            for key in keys:
                await self._store.subscriptions.remove(
                    request.room.id, key, update_id=update_id, now=request.now
                )
            await self._matching.unlearn(keys)

    async def _answer(
        self,
        request: Request,
        added: list[Addition],
        known: list[Addition],
        late: Sequence[str],
    ) -> Message:
        texts = request.texts
        lines = []
        if added:
            names = texts.join([addition.shown for addition in added])
            lines.append(texts._("Subscribed to {names}.", names=names))
            lines.append(await self._newest.say(request, [addition.key for addition in added]))
        if known:
            names = texts.join([addition.label for addition in known])
            lines.append(texts._("You read {names} already.", names=names))
        if late:
            names = texts.join([word[:100] for word in late])
            lines.append(
                texts._("No answer in time from {names}: try again in a while.", names=names)
            )
        is_first = await self._schedules.ensure(request)
        room = await self._store.chats.get_room(request.room.id) or request.room
        if is_first:
            lines.append(
                texts._(
                    "Your briefing comes daily at {time}; change that with /schedule.",
                    time=f"{self._schedules.default_time:%H:%M}",
                )
            )
        lines.append(await say_next(await self._schedules.next_at(room.id), room, request))
        lines.append(texts._("/brief shows one now."))
        added_keys = {addition.key for addition in added}
        present = await self._store.subscriptions.of_room(room.id)
        ids = tuple(subscription.id for subscription in present if subscription.key in added_keys)
        keyboard: Keyboard = ()
        with suppress(ValueError):  # more subscriptions than a button holds
            if ids:
                undo = Button(text=texts._("Undo"), data=UndoTapped(ids).pack())
                preview = Button(text=texts._("Preview"), data=PreviewTapped(ids[0]).pack())
                keyboard = ((preview, undo),)
        if not room.zone_known:
            lines.append(ask_zone(room, request))
            keyboard += clock_buttons(likely_zones(room.chat.language), request)
        return plain_message("\n".join(line for line in lines if line), keyboard)

    def _asked(
        self, present: list[Subscription], request: Request, text: str
    ) -> list[Subscription]:
        meaning = read_meaning(
            f"unsubscribe {text}",
            self._topics,
            request.room.chat.spoken,
            place_test(request.now),
        )
        named = [
            thing
            for act in meaning.acts
            if act.act == "unsubscribe"
            for thing in act.text.split(", ")
        ]
        found = [subscription for thing in named for subscription in self._named(present, thing)]
        return list({subscription.id: subscription for subscription in found}.values())

    def _named(self, present: list[Subscription], text: str) -> list[Subscription]:
        """Return the subscriptions that ``text`` names: a topic, words, a title or an address."""
        topic = topic_named(text.strip(), self._topics)
        slugs = {topic.slug} if topic else {t.slug for t in several_topics(text, self._topics)}
        keys: set[str] = set(slugs)
        folded = " ".join(text.casefold().split())
        with suppress(ReaderError):  # no query then; it may still be a title
            keys.add(query_key(parse_query(text)))
        labels = {folded}
        with suppress(ValueError):  # no address then
            bare = text.strip()  # an address may be typed without its scheme, as to /subscribe
            address = bare if SCHEME.match(bare) or not URL.match(bare) else f"//{bare}"
            labels.add(urlsplit(address).hostname or folded)
        return [s for s in present if s.key in keys or s.label.casefold() in labels]

    def _names(self, subscriptions: list[Subscription], texts: Texts) -> list[str]:
        return [subscription_name(s, self._topics, texts) for s in subscriptions]


def _typed_name(subscription: Subscription) -> str:
    """Return what a reader types to name a subscription."""
    is_topic = subscription.kind is SubscriptionKind.TOPIC
    return subscription.key if is_topic else subscription.label
