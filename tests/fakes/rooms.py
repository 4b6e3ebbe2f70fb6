"""Rooms, feeds and articles in a store, with defaults for what a test does not give."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.domain.article import Article, StoredArticle
from bot.domain.due import Due
from bot.domain.feed_entry import FeedEntry
from bot.domain.room import Room, RoomSettings
from bot.domain.schedule import Schedule
from bot.domain.subscription import SubscriptionKind
from bot.gather.http.urls import page_key
from bot.reasons import Reason
from bot.send import telegram_address
from bot.store import Store
from bot.store.feeds import NewFeed, PolledFeed
from tests.fakes.clock import START

__all__ = [
    "add_article",
    "add_entries",
    "add_feed",
    "add_readers_due",
    "feed_entry",
    "open_room",
]

_FAR = datetime.max.replace(tzinfo=START.tzinfo)


async def open_room(store: Store, telegram_id: int = 1, *, thread: int = 0) -> Room:
    """Create or find the room of a chat; a negative id means a group."""
    kind = "private" if telegram_id > 0 else "group"
    settings = RoomSettings()
    return await store.chats.open_room(
        telegram_address(telegram_id, thread),
        kind=kind,
        language="en",
        settings=settings,
        now=START,
    )


async def add_feed(
    store: Store, url: str = "https://harbour.example/feed", *keys: str, public: bool = True
) -> int:
    """Store a feed that is polled for the subscription ``keys`` (["*"] if none); return its id."""
    new = NewFeed(url=url, source="Harbour Post", public=public)
    (feed_id,) = await store.feeds.add([new], keys or ["*"], now=START)
    return feed_id


def feed_entry(guid: str, text: str = "", *, complete: bool = True) -> FeedEntry:
    """Return an entry of a feed, not stored."""
    return FeedEntry(
        guid=guid,
        url=f"https://harbour.example/{guid}",
        title=f"About {guid}",
        text=text or f"All about {guid}.",
        language="en",
        complete=complete,
        published_at=START,
    )


async def add_entries(
    store: Store,
    feed_id: int,
    *entries: FeedEntry,
    idle: Collection[str] = (),
    broken: Mapping[str, Reason] = MappingProxyType({}),
    now: datetime = START,
    error: Reason | None = None,
    listing: str | None = None,
    next_poll_at: datetime | None = _FAR,
) -> int:
    """Record a poll of a feed; return how many of its entries are new.

    Nobody wants the entries whose guids are ``idle``; ``broken`` ones failed for a reason.
    """
    poll = PolledFeed(
        feed_id=feed_id,
        state="{}",
        error=error,
        next_poll_at=next_poll_at,
        entries=entries,
        wanted={entry.guid for entry in entries} - set(idle),
        broken=broken,
        listed=listing,
        source="Harbour",
    )
    return await store.feeds.save_polls([poll], now=now)


async def add_article(
    store: Store,
    name: str = "dam",
    *,
    url: str = "",
    matches: dict[str, float] | None = None,
    public: bool = True,
    seen_at: datetime = START,
    text: str = "",
    entry_id: int = 0,
    **fields: Any,
) -> StoredArticle:
    """Store an article, with further ``fields`` of its own, and return it."""
    new = Article(
        url=url or f"https://harbour.example/{name}",
        title=f"About {name}",
        text=text or f"All about {name}.",
        language="en",
        source="Harbour Post",
        published_at=seen_at,
        seen_at=seen_at,
        **fields,
    )
    return await store.articles.save(
        new,
        page_key=page_key(new.url),
        entry_id=entry_id,
        public=public,
        fingerprint=1,
        matches=matches or {"energy": 0.7},
    )


async def add_readers_due(store: Store, count: int) -> None:
    """Open the rooms of chats 1 to ``count``, which read one topic and have been due a minute."""
    now = datetime.now(UTC)
    due = Due(now - timedelta(minutes=1), now.date())
    schedule = Schedule(local_time=due.at.time().replace(microsecond=0))
    for telegram_id in range(1, count + 1):
        room = await store.chats.open_room(
            telegram_address(telegram_id),
            kind="private",
            language="en",
            settings=RoomSettings(),
            now=now,
        )
        await store.chats.set_zone(room.chat.id, "UTC", known=True)
        await store.subscriptions.add(
            room.id, SubscriptionKind.TOPIC, "north-korea", "North Korea", now=now
        )
        await store.schedules.put(room.id, schedule, due)
