"""What a room reads: /subscribe, /unsubscribe and /topics."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.commands.brief import PREVIEW_DATA
from bot.commands.feeds import FeedFinder
from bot.commands.means import Means
from bot.commands.request import Request, say
from bot.commands.schedule import Schedules, ask_zone, clock_buttons, say_next
from bot.commands.zones import likely_zones
from bot.domain.message import Button, Keyboard, Message
from bot.domain.subscription import Subscription, SubscriptionKind
from bot.domain.topic import Topic
from bot.errors import DaybriefError, ReaderError
from bot.texts import Texts
from bot.topics import parse_query, query_key, query_text

__all__ = ["UNDO_DATA", "Subscriptions"]

UNDO_DATA = "v1:undo:"
_MAX_DATA_BYTES = 64  # of a button's callback data (Bot API)

_MAX_SUBSCRIPTIONS = 50
_MAX_AT_ONCE = 10
_URL = re.compile(r"https?://\S+|\S+\.[a-z]{2,}/\S*", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """One thing to subscribe to; ``note`` is said with it."""

    kind: SubscriptionKind
    key: str
    label: str
    note: str = ""


class Subscriptions:
    """The use cases around subscriptions."""

    def __init__(self, means: Means, scheduling: Schedules) -> None:
        self._means = means
        self._store = means.store
        self._scheduling = scheduling
        self._finder = FeedFinder(means)

    async def subscribe(self, request: Request, text: str) -> Message:
        """Subscribe the room to the topics, words or addresses of ``text``."""
        texts = request.texts
        if not _has_letters(text):
            raise ReaderError("nothing-named")
        wishes = await self._wishes(text, texts)
        present = await self._store.subscriptions.of_room(request.room.id)
        if len(present) + len(wishes) > _MAX_SUBSCRIPTIONS:
            raise ReaderError("too-many-subscriptions", n=_MAX_SUBSCRIPTIONS)
        added: list[_Wanted] = []
        known: list[_Wanted] = []
        for wish in wishes:
            (added if await self._add(request, wish) else known).append(wish)
        self._means.ring("poll")
        return await self._answer(request, added, known)

    async def unsubscribe(self, request: Request, text: str) -> Message:
        """Unsubscribe the room from what ``text`` names; "all" is everything."""
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        if not present:
            raise ReaderError("no-subscriptions-yet")
        if not text.strip():
            raise ReaderError(
                "unsubscribe-from-what",
                names=tuple(self._names(present, texts)),
                example=_handle(present[0]),
            )
        gone = (
            present if text.strip().lower() in {"all", "everything"} else self._named(present, text)
        )
        if not gone:
            names = tuple(map(_handle, present))
            raise ReaderError("not-read", words=text.strip()[:60], names=names)
        await self._remove(request, [one.key for one in gone])
        return say(
            texts._(
                "No more about {names}. /topics shows what is left.",
                names=texts.join(self._names(gone, texts)),
            )
        )

    async def toggle(self, request: Request, slug: str) -> None:
        """Take up a topic, or drop it if the room reads it already."""
        topic = self._means.topics.get(slug)
        present = {one.key for one in await self._store.subscriptions.of_room(request.room.id)}
        if slug in present:
            await self._remove(request, [slug])
        elif topic is not None and len(present) < _MAX_SUBSCRIPTIONS:
            await self._add(request, _topic_wish(topic, request.texts))
            await self._scheduling.ensure(request)
            self._means.ring("poll")

    async def undo(self, request: Request, ids: str) -> Message:
        """Take back a subscription just made; only the room's own rows can be named."""
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        gone = [one for one in present if str(one.id) in ids.split(",")]
        if not gone:
            raise ReaderError("undone-already")
        await self._remove(request, [one.key for one in gone])
        return say(
            texts._("Undone: no more about {names}.", names=texts.join(self._names(gone, texts)))
        )

    async def topics(self, request: Request) -> Message:
        """Say what the room reads, and what else there is."""
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        lines = []
        if present:
            lines.append(texts._("You read:"))
            lines += [
                f"· {name}  /unsubscribe {_handle(one)}"
                for one, name in zip(present, self._names(present, texts), strict=True)
            ]
            lines.append("")
        mine = {one.key for one in present}
        for group, label in (("subject", texts._("Subjects")), ("country", texts._("Countries"))):
            slugs = [
                topic.slug
                for topic in self._means.topics.all()
                if topic.group == group and topic.slug not in mine
            ]
            lines += [f"{label}: {', '.join(slugs)}", ""]
        lines.append(
            texts._("Subscribe with /subscribe and a name, your own words, or a web address.")
        )
        return say("\n".join(lines))

    async def _wishes(self, text: str, texts: Texts) -> list[_Wanted]:
        if _OTHER_SCHEME.search(text) or _URL.search(text):
            return [await self._feed_wish(word, texts) for word in text.split()[:_MAX_AT_ONCE]]
        whole = self._means.topics.find(text)
        if whole is not None:
            return [_topic_wish(whole, texts)]
        pieces = [piece for piece in re.split(r"[,;\n]+", text) if _has_letters(piece)]
        if len(pieces) == 1 and (topics := self._several_topics(text)):
            return [_topic_wish(topic, texts) for topic in topics]
        if len(pieces) > _MAX_AT_ONCE:
            raise ReaderError("too-many-at-once", n=_MAX_AT_ONCE)
        wishes = [self._word_wish(piece.strip(), texts) for piece in pieces]
        return list({wish.key: wish for wish in wishes}.values())

    def _several_topics(self, text: str) -> list[Topic]:
        """Return the topics if every single word of ``text`` names one ("climate ai space")."""
        found = [self._means.topics.find(word) for word in text.split()]
        topics = [topic for topic in found if topic is not None]
        return list({t.slug: t for t in topics}.values()) if len(topics) == len(found) else []

    def _word_wish(self, text: str, texts: Texts) -> _Wanted:
        topic = self._means.topics.find(text)
        if topic is not None:
            return _topic_wish(topic, texts)
        likely = self._means.topics.suggest(text)
        if likely and re.fullmatch(r"[\w-]+", text):
            slugs = tuple(topic.slug for topic in likely)
            raise ReaderError("no-such-topic", words=text[:60], names=slugs)
        query = parse_query(text)
        words = query_text(query)
        return _Wanted(kind=SubscriptionKind.QUERY, key=query_key(query), label=words)

    async def _feed_wish(self, word: str, texts: Texts) -> _Wanted:
        url = word if "://" in word else f"https://{word}"
        try:
            found = await self._finder.find(url)
        except ReaderError:
            raise
        except DaybriefError as error:
            raise ReaderError("no-feed-there", address=word[:100], reason=error.reason) from error
        note = texts.ngettext("{n} article so far", "{n} articles so far", found.entries)
        return _Wanted(
            kind=SubscriptionKind.FEED, key=f"feed:{found.feed_id}", label=found.title, note=note
        )

    async def _add(self, request: Request, wish: _Wanted) -> bool:
        matching = self._means.flow.intake.matching
        async with matching.holding([wish.key]):
            if wish.kind is SubscriptionKind.FEED:
                await self._finder.use(wish.key)
            await matching.learn(wish.key)
            added = await self._store.subscriptions.add(
                request.room.id, wish.kind, wish.key, wish.label, now=request.now
            )
            if wish.kind is not SubscriptionKind.FEED:
                await self._finder.add_sources(wish.key, request.room)
            await self._store.feeds.wake([wish.key], now=request.now)
        return added

    async def _remove(self, request: Request, keys: Sequence[str]) -> None:
        matching = self._means.flow.intake.matching
        async with matching.holding(keys):
            for key in keys:
                await self._store.subscriptions.remove(request.room.id, key)
            await matching.unlearn(keys)

    async def _answer(
        self, request: Request, added: list[_Wanted], known: list[_Wanted]
    ) -> Message:
        texts = request.texts
        lines = []
        if added:
            names = texts.join([_with_note(wish) for wish in added])
            lines.append(texts._("Subscribed to {names}.", names=names))
        if known:
            lines.append(
                texts._("You read {names} already.", names=texts.join([w.label for w in known]))
            )
        is_first = await self._scheduling.ensure(request)
        room = await self._store.chats.get_room(request.room.id) or request.room
        if is_first:
            at = self._means.settings.default_time
            lines.append(
                texts._("Your briefing comes daily at {time}; change that with /schedule.", time=at)
            )
        lines.append(await say_next(await self._scheduling.next_at(room.id), room, request))
        lines.append(texts._("/brief shows one now."))
        keyboard = await self._second_thoughts(request, added)
        if not room.chat.zone_known:
            lines.append(ask_zone(room, request))
            keyboard += clock_buttons(likely_zones(room.chat.language), request)
        return say("\n".join(line for line in lines if line), keyboard)

    async def _second_thoughts(self, request: Request, added: list[_Wanted]) -> Keyboard:
        """Return the buttons to look at what was subscribed to, and to take it back."""
        keys = {wish.key for wish in added}
        present = await self._store.subscriptions.of_room(request.room.id)
        ids = [str(one.id) for one in present if one.key in keys]
        undo = UNDO_DATA + ",".join(ids)
        if not ids or len(undo) > _MAX_DATA_BYTES:
            return ()
        preview = Button(text=request.texts._("Preview"), data=PREVIEW_DATA + ids[0])
        return ((preview, Button(text=request.texts._("Undo"), data=undo)),)

    def _named(self, present: list[Subscription], text: str) -> list[Subscription]:
        """Return the subscriptions that ``text`` names: a topic, words, a title or an address."""
        topic = self._means.topics.find(text)
        keys = {topic.slug} if topic else {one.slug for one in self._several_topics(text)}
        folded = " ".join(text.casefold().split())
        with suppress(ReaderError):  # no query then; it may still be a title
            keys.add(query_key(parse_query(text)))
        labels = {folded, (urlsplit(text.strip()).hostname or folded)}
        return [one for one in present if one.key in keys or one.label.casefold() in labels]

    def _names(self, some: list[Subscription], texts: Texts) -> list[str]:
        return [self._means.name_of(one, texts) for one in some]


def _topic_wish(topic: Topic, texts: Texts) -> _Wanted:
    return _Wanted(kind=SubscriptionKind.TOPIC, key=topic.slug, label=topic.name(texts.language))


def _handle(one: Subscription) -> str:
    """Return what a reader types to name a subscription."""
    return one.key if one.kind is SubscriptionKind.TOPIC else one.label


def _with_note(wish: _Wanted) -> str:
    own_words = wish.label.replace('"', "")
    label = f"“{own_words}”" if wish.kind is SubscriptionKind.QUERY else wish.label
    return f"{label} ({wish.note})" if wish.note else label


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)
