"""What a room reads: /subscribe and /unsubscribe."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from bot.commands.brief import PreviewTapped
from bot.commands.feeds import FeedFinder, FoundFeed
from bot.commands.in_time import ended_in_time
from bot.commands.newest import NewestHeadline
from bot.commands.request import Request, plain_message, subscription_name
from bot.commands.schedule import Schedules, ask_zone, clock_buttons, say_next
from bot.commands.wanted import are_addresses, few, several_topics, wanted_things
from bot.commands.zones import likely_zones
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Keyboard, Message
from bot.domain.subscription import Subscription, SubscriptionKey, SubscriptionKind
from bot.domain.topic import Topic
from bot.errors import DaybriefError, ReaderError, StoreUnavailable
from bot.reasons import Reason
from bot.steps.matching import Matching
from bot.store import Store
from bot.store.feeds import NewFeed
from bot.texts import Texts
from bot.topics import Topics, parse_query, query_key

__all__ = ["MAX_SUBSCRIPTIONS", "Subscriptions", "UndoTapped"]


# The most that one room may read.
MAX_SUBSCRIPTIONS = 50
# Of a reader's patience, what storing and answering may take.
_ANSWER_S = 2.0
# Tried once a word, not at each of its letters: a long message must not hold up others.
_URL = re.compile(r"(?<!\S)\S+\.[a-z]{2,}/", re.IGNORECASE)
_SCHEME = re.compile(r"(?<![a-z0-9+.-])[0-9+.-]*[a-z][a-z0-9+.-]*://", re.IGNORECASE)

_JOINERS = "\u200c\u200d"
_STRAIGHT_QUOTES = str.maketrans("“”„«»", '"' * 5)


@dataclass(frozen=True)
class UndoTapped(CallbackData):
    """The button that takes back subscriptions just made."""

    prefix: ClassVar[str] = "undo"
    subscription_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addition:
    """Something to subscribe to; ``shown`` is how the answer names it once it is stored."""

    kind: SubscriptionKind
    key: SubscriptionKey
    label: str
    shown: str


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
        self._matching = matching
        self._feeds = feeds
        self._schedules = schedules
        self._newest = newest
        self._ring = ring

    async def subscribe(self, request: Request, text: str) -> Message:
        """Subscribe the room to the topics, words or addresses of ``text``.

        If one word is an address, each is taken for one, and costs what ``FeedFinder.find``
        costs, for 20 s at most, a wait in line included; those that did not answer by then are
        named in the answer. What nobody read before is matched to the entries of three
        days. A room without a schedule gets the default one; feeds are polled soon. Raises
        ReaderError where ``text`` names nothing, more than ten things or than the room may read
        (50, with those named that it reads already), no query, a topic misspelt, or an address
        without a feed; nothing is subscribed to then. Raises StoreUnavailable; asking again does
        the rest.
        """
        additions, late = await self._additions(text, request)
        if not additions:
            raise ReaderError("nothing-named")
        present = await self._store.subscriptions.of_room(request.room.id)
        if len(present) + len(additions) > MAX_SUBSCRIPTIONS:
            raise ReaderError("too-many-subscriptions", n=MAX_SUBSCRIPTIONS)
        added: list[_Addition] = []
        known: list[_Addition] = []
        for addition in additions:
            (added if await self._add(request, addition) else known).append(addition)
        self._ring("poll")
        return await self._answer(request, added, known, late)

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
            await self._remove(request, [SubscriptionKey.of_topic(slug)])
        elif len(present) < MAX_SUBSCRIPTIONS:
            await self._add(request, _topic_addition(topic, request.texts))
            await self._schedules.ensure(request)
            self._ring("poll")

    async def add_feeds(self, request: Request, found: Sequence[FoundFeed]) -> list[FoundFeed]:
        """Subscribe the room to feeds; return those that it did not read, in their order.

        A room without a schedule gets the default one, and feeds are polled soon, if any is
        added. How many a room may read is the caller's to check. Raises StoreUnavailable; asking
        again does the rest.
        """
        added = [feed for feed in found if await self._add(request, _outlet_addition(feed))]
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
        addition = _Addition(kind=gone.kind, key=key, label=gone.label, shown=gone.label)
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

    async def _additions(self, text: str, request: Request) -> tuple[list[_Addition], list[str]]:
        """Return what ``text`` asks for, each once: addresses, topics, or own words.

        And the addresses that did not answer in time.
        """
        texts = request.texts
        if _SCHEME.search(text) or _URL.search(text) or are_addresses(text):
            return await self._feed_additions(few(text.split()), request)
        additions: dict[SubscriptionKey, _Addition] = {}
        for thing in wanted_things(text, self._topics):
            if isinstance(thing, Topic):
                addition = _topic_addition(thing, texts)
            elif outlet := await self._feeds.named(thing, request.room):
                addition = _outlet_addition(outlet)
            else:
                label = _own_words(thing)
                unquoted = label.replace('"', "")
                addition = _Addition(
                    kind=SubscriptionKind.QUERY,
                    key=query_key(parse_query(thing)),
                    label=label,
                    shown=f"“{unquoted}”",
                )
            additions[addition.key] = addition
        return list(additions.values()), []

    async def _feed_additions(
        self, words: list[str], request: Request
    ) -> tuple[list[_Addition], list[str]]:
        """Return the feeds at addresses, and the addresses that did not answer in time.

        Raises ReaderError for the first that answered and has no feed, or if none answered.
        """
        async with request.lane() as left_s:
            calls = {word: self._feed_addition(word, request) for word in words}
            found = await ended_in_time(calls, left_s - _ANSWER_S)
        if not found:
            raise ReaderError(
                "no-feed-there", address=words[0][:100], reason=Reason("no-answer-in-time")
            )
        return list(found.values()), [word for word in words if word not in found]

    async def _feed_addition(self, word: str, request: Request) -> _Addition:
        texts = request.texts
        url = word if "://" in word else f"https://{word}"
        try:
            found = await self._feeds.find(url)
        except (ReaderError, StoreUnavailable):  # the database's fault is not the address's
            raise
        except DaybriefError as error:
            raise ReaderError("no-feed-there", address=word[:100], reason=error.reason) from error
        count = texts.ngettext("{n} article so far", "{n} articles so far", found.entries)
        if found.latest_at is not None:
            ago = texts.ago(found.latest_at, request.now)
            count = texts._("{count}, latest: {ago}", count=count, ago=ago)
        return _Addition(
            kind=SubscriptionKind.FEED,
            key=SubscriptionKey.of_feed(found.feed_id),
            label=found.title,
            shown=f"{found.title} ({count})",
        )

    async def _add(self, request: Request, addition: _Addition) -> bool:
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
                )
            except ReaderError:  # others of the chat were faster
                await self._matching.unlearn([key])
                raise
            if addition.kind is not SubscriptionKind.FEED:
                await self._feeds.add_sources(key, request.room)
            await self._store.feeds.wake([key], now=request.now)
        return added

    async def _remove(self, request: Request, keys: Sequence[SubscriptionKey]) -> None:
        async with self._matching.holding(keys):
            for key in keys:
                await self._store.subscriptions.remove(request.room.id, key)
            await self._matching.unlearn(keys)

    async def _answer(
        self,
        request: Request,
        added: list[_Addition],
        known: list[_Addition],
        late: list[str],
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
        if not room.chat.zone_known:
            lines.append(ask_zone(room, request))
            keyboard += clock_buttons(likely_zones(room.chat.language), request)
        return plain_message("\n".join(line for line in lines if line), keyboard)

    def _named(self, present: list[Subscription], text: str) -> list[Subscription]:
        """Return the subscriptions that ``text`` names: a topic, words, a title or an address."""
        topic = self._topics.find(text)
        slugs = {topic.slug} if topic else {t.slug for t in several_topics(text, self._topics)}
        keys: set[str] = set(slugs)
        folded = " ".join(text.casefold().split())
        with suppress(ReaderError):  # no query then; it may still be a title
            keys.add(query_key(parse_query(text)))
        labels = {folded}
        with suppress(ValueError):  # no address then
            bare = text.strip()  # an address may be typed without its scheme, as to /subscribe
            address = bare if _SCHEME.match(bare) or not _URL.match(bare) else f"//{bare}"
            labels.add(urlsplit(address).hostname or folded)
        return [s for s in present if s.key in keys or s.label.casefold() in labels]

    def _names(self, subscriptions: list[Subscription], texts: Texts) -> list[str]:
        return [subscription_name(s, self._topics, texts) for s in subscriptions]


def _own_words(piece: str) -> str:
    """Return what a reader typed, spelled as they did, with straight quotation marks.

    What is not shown is left out, but for joiners, which belong to words of Persian and of Indian
    languages.
    """
    shown = "".join(char for char in piece if char.isprintable() or char in _JOINERS)
    return " ".join(shown.translate(_STRAIGHT_QUOTES).split())


def _topic_addition(topic: Topic, texts: Texts) -> _Addition:
    name = topic.name(texts.language)
    key = SubscriptionKey.of_topic(topic.slug)
    return _Addition(kind=SubscriptionKind.TOPIC, key=key, label=name, shown=name)


def _outlet_addition(found: FoundFeed) -> _Addition:
    key = SubscriptionKey.of_feed(found.feed_id)
    return _Addition(kind=SubscriptionKind.FEED, key=key, label=found.title, shown=found.title)


def _typed_name(subscription: Subscription) -> str:
    """Return what a reader types to name a subscription."""
    is_topic = subscription.kind is SubscriptionKind.TOPIC
    return subscription.key if is_topic else subscription.label
