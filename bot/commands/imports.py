"""Lists of feeds from other readers (OPML): what of them is subscribed to, and a report."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.commands.feeds import FeedFinder, FoundFeed
from bot.commands.request import Request, plain_message
from bot.commands.subscriptions import MAX_SUBSCRIPTIONS, Subscriptions
from bot.domain.message import Message
from bot.domain.subscription import SubscriptionKind
from bot.errors import DaybriefError, ReaderError, StoreUnavailable
from bot.gather.tasks import read_feed_list
from bot.gather.values import ListedFeed
from bot.reasons import Reason
from bot.store import Store
from bot.texts import Texts, explain
from bot.workers import AnyWorkers

__all__ = ["MAX_LIST_BYTES", "Imports"]

# Room for some 10,000 feeds; a room reads 50.
MAX_LIST_BYTES = 1_000_000
# Hosts asked at once, and how long in all: nobody waits longer for an answer in a chat.
_AT_ONCE = 8
_PATIENCE_S = 60.0
_TELL_EVERY_S = 3.0
_MAX_NAME_CHARS = 60


@dataclass(slots=True)
class _Report:
    """What became of a list, by the names of its feeds."""

    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[tuple[str, Reason]] = field(default_factory=list)
    left_out: int = 0


class Imports:
    """The use case of a reading list that is sent as a file."""

    def __init__(
        self,
        store: Store,
        workers: AnyWorkers,
        *,
        feeds: FeedFinder,
        subscriptions: Subscriptions,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._store = store
        self._workers = workers
        self._feeds = feeds
        self._subscriptions = subscriptions
        self._patience_s = patience_s

    async def add_list(self, request: Request, body: bytes) -> Message:
        """Subscribe the room to the feeds of an OPML list; return what was added, known, refused.

        In the list's order, as many as the room may read (50 in all); each costs what
        ``FeedFinder.find`` costs, eight at a time. What does not answer within a minute in all is
        refused. The reader is told meanwhile how far it is. Raises ReaderError for a file over
        1 MB or without a feed, and StoreUnavailable; sending it again does the rest.
        """
        if len(body) > MAX_LIST_BYTES:
            raise ReaderError("file-too-large", n=MAX_LIST_BYTES // 1_000_000)
        try:
            listed = await self._workers.run(read_feed_list, body)
        except DaybriefError as error:
            raise ReaderError("no-feed-list", reason=error.reason) from error
        if not listed.feeds:
            raise ReaderError("no-feed-list", reason=Reason("no-feed-linked"))
        report = _Report()
        present = await self._store.subscriptions.of_room(request.room.id)
        read = await self._addresses(request)
        fresh = []
        for feed in listed.feeds:
            address = _address(feed.url)
            if address in read:
                report.known.append(_name(feed))
            else:
                fresh.append((address, feed))
        room_left = max(MAX_SUBSCRIPTIONS - len(present), 0)
        report.left_out = listed.omitted + len(fresh[room_left:])
        fresh = fresh[:room_left]
        outcomes = await self._find_all(request, [address for address, _ in fresh])
        found = []
        for (_, feed), outcome in zip(fresh, outcomes, strict=True):
            if isinstance(outcome, Reason):
                report.refused.append((_name(feed), outcome))
            else:
                found.append(outcome)
        added = await self._subscriptions.add_feeds(request, found)
        report.added = [_cut(feed.title) for feed in added]
        report.known += [_cut(feed.title) for feed in found if feed not in added]
        return plain_message(_told(report, request.texts))

    async def _find_all(
        self, request: Request, addresses: Sequence[str]
    ) -> list[FoundFeed | Reason]:
        """Return what is at each of ``addresses``, or why there is nothing; in their order."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def find(address: str) -> FoundFeed | Reason:
            async with gate:
                try:
                    return await self._feeds.find(address)
                except StoreUnavailable:
                    raise
                except DaybriefError as error:
                    return error.reason

        tasks = [asyncio.create_task(find(address)) for address in addresses]
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._patience_s
        try:
            waiting = set(tasks)
            while waiting and (left_s := until_s - loop.time()) > 0:
                _, waiting = await asyncio.wait(waiting, timeout=min(left_s, _TELL_EVERY_S))
                if waiting:
                    line = request.texts._(
                        "Reading your list: {n} of {all}",
                        n=len(tasks) - len(waiting),
                        all=len(tasks),
                    )
                    await request.notice.say(line)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await request.notice.clear()
        outcomes: list[FoundFeed | Reason] = []
        for outcome in ended:
            if isinstance(outcome, asyncio.CancelledError):
                outcomes.append(Reason("no-answer-in-time"))
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                outcomes.append(outcome)
        return outcomes

    async def _addresses(self, request: Request) -> set[str]:
        """Return the addresses of the feeds that the room reads."""
        addresses = set()
        for subscription in await self._store.subscriptions.of_room(request.room.id):
            if subscription.kind is SubscriptionKind.FEED:
                feed = await self._store.feeds.get(subscription.key.feed_id)
                if feed is not None:
                    addresses.add(feed.url)
        return addresses


def _told(report: _Report, texts: Texts) -> str:
    count = texts._(
        "Of your list: {added} added, {known} read already, {refused} refused.",
        added=len(report.added),
        known=len(report.known),
        refused=len(report.refused),
    )
    lines = [count]
    if report.left_out:
        lines.append(
            texts.ngettext(
                "{n} more is left out: {most} are the most you can read.",
                "{n} more are left out: {most} are the most you can read.",
                report.left_out,
                most=MAX_SUBSCRIPTIONS,
            )
        )
    if report.added:
        lines += ["", texts._("Added: {names}", names=texts.join(report.added, "plain"))]
    if report.known:
        lines += ["", texts._("Read already: {names}", names=texts.join(report.known, "plain"))]
    if report.refused:
        lines += ["", texts._("Refused:")]
        lines += [f"· {name} – {explain(reason, texts)}" for name, reason in report.refused]
    return "\n".join([*lines, "", texts._("/topics shows what you read.")])


def _address(url: str) -> str:
    """Return the address that a list means: some write "feed:" before it, or for http."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() != "feed":
        return url
    return f"http:{rest}" if rest.startswith("//") else rest


def _name(feed: ListedFeed) -> str:
    return _cut(feed.title or feed.url)


def _cut(name: str) -> str:
    return name if len(name) <= _MAX_NAME_CHARS else f"{name[: _MAX_NAME_CHARS - 1]}…"
