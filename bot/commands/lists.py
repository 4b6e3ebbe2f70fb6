"""Lists as buttons: what a room reads, to drop with a tap, and the topics there are, by group."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.commands.pages import button_label, button_rows, page_buttons, page_of
from bot.commands.request import Request, plain_message, subscription_name
from bot.commands.schedule import Schedules
from bot.commands.subscriptions import MAX_SUBSCRIPTIONS, Subscriptions
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Keyboard, Message
from bot.domain.subscription import Subscription, SubscriptionKind
from bot.domain.topic import Topic
from bot.errors import ReaderError
from bot.store import Store
from bot.texts import Texts, sentence
from bot.topics import COUNTRY, ORGANIZATION, PLACE, SUBJECT, Topics

__all__ = ["AddTapped", "BackTapped", "DropTapped", "Lists", "OfferTapped", "ReadTapped"]

# What one thumb scrolls through, in rows of two.
_READ_PER_PAGE = 10
_OFFERED_PER_PAGE = 20
_MAX_NAME_CHARS = 200
_MAX_FOUND = 12
# Where a tap leads back to, beside the groups: to what the room reads.
_READ = "read"
_GROUPS = {
    SUBJECT: sentence("Subjects"),
    COUNTRY: sentence("Countries"),
    PLACE: sentence("Cities & regions"),
    ORGANIZATION: sentence("Clubs & companies"),
}
# How long a dropped subscription can be taken back, and how many are remembered, in memory only.
_TAKE_BACK = timedelta(minutes=10)
_MAX_DROPPED = 1_000


@dataclass(frozen=True)
class ReadTapped(CallbackData):
    """The button of a page of what the room reads, from 0."""

    prefix: ClassVar[str] = "reads"
    page: int


@dataclass(frozen=True)
class OfferTapped(CallbackData):
    """The button of a page of a group's topics, from 0."""

    prefix: ClassVar[str] = "offer"
    group: str
    page: int


@dataclass(frozen=True)
class AddTapped(CallbackData):
    """The button that reads a topic (``wanted`` 1) or no more (0), so that a second tap is none.

    ``group`` and ``page`` are where it stands; the group "read" leads to what the room reads.
    """

    prefix: ClassVar[str] = "add"
    wanted: int
    group: str
    page: int
    slug: str


@dataclass(frozen=True)
class DropTapped(CallbackData):
    """The ✕ of a subscription, on a page of what the room reads."""

    prefix: ClassVar[str] = "drop"
    page: int
    subscription_id: int


@dataclass(frozen=True)
class BackTapped(CallbackData):
    """The button that takes a ✕ back, for some minutes."""

    prefix: ClassVar[str] = "back"
    page: int
    subscription_id: int


@dataclass(frozen=True, slots=True)
class _Dropped:
    subscription: Subscription
    address: str  # of a feed, which may be deleted with it
    at: datetime


class Lists:
    """The use cases of lists with buttons; each page is one message, whatever the room reads."""

    def __init__(
        self, store: Store, topics: Topics, *, schedules: Schedules, subscriptions: Subscriptions
    ) -> None:
        self._store = store
        self._topics = topics
        self._schedules = schedules
        self._subscriptions = subscriptions
        self._dropped: OrderedDict[tuple[int, int], _Dropped] = OrderedDict()

    async def topics(self, request: Request, text: str = "") -> Message:
        """Return what the room reads, or what there is if it reads nothing; two queries.

        With ``text`` the topics that are called so, or nearly. Raises StoreUnavailable.
        """
        if text.strip():
            return await self._found(request, text.strip())
        if await self._store.subscriptions.of_room(request.room.id):
            return await self.read(request, ReadTapped(0))
        return await self.offer(request, OfferTapped(SUBJECT, 0))

    async def unsubscribe(self, request: Request, text: str) -> Message:
        """Unsubscribe as ``Subscriptions.unsubscribe``; what is not named there is asked for.

        With a ✕ for each subscription then. Raises as that does, but for what is not read.
        """
        try:
            return await self._subscriptions.unsubscribe(request, text)
        except ReaderError as error:
            texts, words = request.texts, error.reason.values.get("words", "")
            match error.reason.code:
                case "unsubscribe-from-what":
                    head = texts._("What do you want to read no more? Tap it.")
                case "not-read":
                    head = texts._(
                        "You don't read “{words}”. Tap what you want to read no more.", words=words
                    )
                case _:
                    raise
        return await self._read(request, 0, head=head)

    async def read(self, request: Request, tapped: ReadTapped) -> Message:
        """Return a page of what the room reads, oldest first, with a ✕ each; up to two queries.

        A page that is not there is the last. Raises StoreUnavailable.
        """
        return await self._read(request, tapped.page)

    async def offer(self, request: Request, tapped: OfferTapped) -> Message:
        """Return a page of a group's topics by name; those read are ticked. One query.

        A page that is not there is the last. Raises ReaderError for a group that is not there, and
        StoreUnavailable.
        """
        if tapped.group not in _GROUPS:
            raise ReaderError("old-button")
        texts = request.texts
        language = texts.language
        group = [topic for topic in self._topics.all() if topic.group == tapped.group]
        group.sort(key=lambda topic: topic.name(language).casefold())
        page, shown = page_of(group, tapped.page, _OFFERED_PER_PAGE)
        buttons = await self._topic_buttons(request, shown, tapped.group, page)

        def to(number: int) -> str:
            return OfferTapped(tapped.group, number).pack()

        around = page_buttons(page, len(group), _OFFERED_PER_PAGE, to)
        others = [_group_button(name, texts) for name in _GROUPS if name != tapped.group]
        elsewhere = button_rows([_list_button(texts), *others])
        heading = _GROUPS[tapped.group]
        lines = [
            texts._("{group}: tap one to read about it.", group=texts._(heading)),
            texts._("To find one, send /topics and its name."),
            texts._("Subscribe with /subscribe and a name, your own words, or a web address."),
        ]
        return plain_message("\n".join(lines), (*button_rows(buttons), *around, *elsewhere))

    async def add(self, request: Request, tapped: AddTapped) -> Message:
        """Read a topic from now on, or no more, and return the list it stands in.

        Does what ``Subscriptions.toggle`` does, unless it is so already. Raises ReaderError for a
        topic that is not there, and where the room reads the most it may; StoreUnavailable.
        """
        present = await self._store.subscriptions.of_room(request.room.id)
        is_read = tapped.slug in {item.key for item in present}
        if tapped.wanted and not is_read and len(present) >= MAX_SUBSCRIPTIONS:
            raise ReaderError("too-many-subscriptions", n=MAX_SUBSCRIPTIONS)
        if bool(tapped.wanted) != is_read:
            await self._subscriptions.toggle(request, tapped.slug)
        if tapped.group in _GROUPS:
            page = await self.offer(request, OfferTapped(tapped.group, tapped.page))
        else:
            page = await self._read(request, len(present) // _READ_PER_PAGE)
        question = await self._schedules.ask(request) if not present else None
        if question is None:
            return page
        keyboard = (*question.keyboard, *page.keyboard)
        return plain_message(f"{page.plain}\n\n{question.plain}", keyboard)

    async def drop(self, request: Request, tapped: DropTapped) -> Message:
        """Unsubscribe from what a ✕ stands for, and return the page with a button to take it back.

        Raises ReaderError if the room reads it no more, and StoreUnavailable.
        """
        present = await self._store.subscriptions.of_room(request.room.id)
        gone = next((item for item in present if item.id == tapped.subscription_id), None)
        if gone is None:
            raise ReaderError("not-read-any-more")
        address = ""
        if gone.kind is SubscriptionKind.FEED:
            feed = await self._store.feeds.get(gone.key.feed_id)
            address = feed.url if feed else ""
        await self._subscriptions.drop(request, [gone.key])
        self._remember(request, _Dropped(gone, address, request.now))
        texts = request.texts
        name = self._name(gone, texts)
        undo = Button(
            text=button_label(texts._("Undo: {name}", name=name)),
            data=BackTapped(tapped.page, gone.id).pack(),
        )
        head = texts._("No more about {name}.", name=name)
        return await self._read(request, tapped.page, head=head, first=((undo,),))

    async def back(self, request: Request, tapped: BackTapped) -> Message:
        """Read again what a ✕ ended; what came in meanwhile is matched to it.

        Raises ReaderError after ten minutes, a new start, or where it is read again; and
        StoreUnavailable.
        """
        key = (request.room.id, tapped.subscription_id)
        dropped = self._dropped.get(key)
        if dropped is None or dropped.at < request.now - _TAKE_BACK:
            raise ReaderError("undone-too-late")
        present = await self._store.subscriptions.of_room(request.room.id)
        if len(present) >= MAX_SUBSCRIPTIONS:
            raise ReaderError("too-many-subscriptions", n=MAX_SUBSCRIPTIONS)
        gone = dropped.subscription
        await self._subscriptions.restore(request, gone, address=dropped.address)
        del self._dropped[key]
        head = request.texts._("You read {name} again.", name=self._name(gone, request.texts))
        return await self._read(request, len(present) // _READ_PER_PAGE, head=head)

    async def _read(
        self, request: Request, number: int, *, head: str = "", first: Keyboard = ()
    ) -> Message:
        texts = request.texts
        present = await self._store.subscriptions.of_room(request.room.id)
        page, shown = page_of(present, number, _READ_PER_PAGE)
        lines = [head, ""] if head else []
        if present:
            lines.append(texts._("You read:"))
        else:
            lines.append(texts._("You read nothing now. Tap a list of topics below."))
        buttons = []
        for place, subscription in enumerate(shown, page * _READ_PER_PAGE + 1):
            name = self._name(subscription, texts)
            lines.append(f"{place}. {name[:_MAX_NAME_CHARS]}")
            data = DropTapped(page, subscription.id).pack()
            buttons.append(Button(text=button_label(f"✕ {place}. {name}"), data=data))
        lines += [
            "",
            texts._("Subscribe with /subscribe and a name, your own words, or a web address."),
        ]

        def to(wanted: int) -> str:
            return ReadTapped(wanted).pack()

        around = page_buttons(page, len(present), _READ_PER_PAGE, to)
        groups = button_rows([_group_button(group, texts) for group in _GROUPS])
        return plain_message("\n".join(lines), (*first, *button_rows(buttons), *around, *groups))

    async def _found(self, request: Request, words: str) -> Message:
        """Return the topics called ``words``, nearly so, or with these words in their name."""
        texts = request.texts
        likely = {topic.slug: topic for topic in self._topics.suggest(words, _MAX_FOUND)}
        folded = " ".join(words.casefold().split())
        for topic in self._topics.all():
            names = {topic.name(texts.language).casefold(), topic.name().casefold()}
            if any(folded in name for name in names):
                likely.setdefault(topic.slug, topic)
        found = list(likely.values())[:_MAX_FOUND]
        groups = [_group_button(group, texts) for group in _GROUPS]
        if not found:
            none = texts._(
                "No topic is called “{words}”. As your own words: /subscribe {words}",
                words=words[:60],
            )
            return plain_message(none, button_rows([_list_button(texts), *groups]))
        buttons = await self._topic_buttons(request, found, _READ, 0)
        heading = texts._("Topics like “{words}”: tap one to read about it.", words=words[:60])
        around = button_rows([_list_button(texts), *groups])
        return plain_message(heading, (*button_rows(buttons), *around))

    async def _topic_buttons(
        self, request: Request, topics: Sequence[Topic], group: str, page: int
    ) -> list[Button]:
        present = await self._store.subscriptions.of_room(request.room.id)
        read = {item.key for item in present}
        buttons = []
        for topic in topics:
            name = f"{topic.sign} {topic.name(request.texts.language)}".strip()
            is_read = topic.slug in read
            data = AddTapped(0 if is_read else 1, group, page, topic.slug).pack()
            buttons.append(Button(text=button_label(f"✓ {name}" if is_read else name), data=data))
        return buttons

    def _remember(self, request: Request, dropped: _Dropped) -> None:
        self._dropped[request.room.id, dropped.subscription.id] = dropped
        while self._dropped:
            oldest = next(iter(self._dropped.values()))
            is_old = oldest.at < request.now - _TAKE_BACK
            if not is_old and len(self._dropped) <= _MAX_DROPPED:
                return
            self._dropped.popitem(last=False)

    def _name(self, subscription: Subscription, texts: Texts) -> str:
        return subscription_name(subscription, self._topics, texts)


def _list_button(texts: Texts) -> Button:
    return Button(text=texts._("What you read"), data=ReadTapped(0).pack())


def _group_button(group: str, texts: Texts) -> Button:
    heading = _GROUPS[group]
    return Button(text=f"＋ {texts._(heading)}", data=OfferTapped(group, 0).pack())
