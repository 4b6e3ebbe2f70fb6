"""Editions in a store: subscribed rooms, stories to brief them on, and editions already made."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.article import Article, StoredArticle
from bot.domain.due import Due
from bot.domain.edition import EditionKind
from bot.domain.message import Message
from bot.domain.room import Room
from bot.domain.schedule import Schedule
from bot.domain.subscription import SubscriptionKind
from bot.gather.http.urls import page_key
from bot.store import Store
from bot.store.editions import FilledEdition
from bot.store.schedules import DueSchedule
from tests.fakes.clock import START

__all__ = [
    "LEASE",
    "add_report",
    "add_story",
    "ask",
    "claim_due",
    "put_due",
    "send_edition",
    "subscribe",
]

LEASE = timedelta(minutes=5)
_HELLO = Message(html="<b>Hello</b>", plain="Hello")


async def ask(store: Store, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a SQL query; ``values`` are its bind parameters."""
    async with store.database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


async def add_report(
    store: Store,
    name: str,
    *,
    matches: dict[str, float] | None = None,
    seen_at: datetime = START - timedelta(hours=1),
    published_at: datetime | None = None,
    **fields: Any,
) -> StoredArticle:
    """Store an article whose sentences name ``name``, so that they are unique; return it."""
    options = {"fingerprint": fields.pop("fingerprint", 0), "public": fields.pop("public", True)}
    defaults = {
        "url": f"https://harbour.example/{name}",
        "title": f"The {name} is back",
        "text": (
            f"The {name} opened again on Monday after eleven weeks of work. Two hundred people "
            f"came to see the {name}, the harbour office said. Two yards had to send for a part "
            f"of the {name} that nobody makes any more."
        ),
        "language": "en",
        "source": "Harbour Post",
    }
    new = Article(**(defaults | fields), published_at=published_at or seen_at, seen_at=seen_at)
    matches = {"energy": 0.7} if matches is None else matches
    return await store.articles.save(
        new, page_key=page_key(new.url), entry_id=0, matches=matches, **options
    )


async def add_story(store: Store, name: str, **fields: Any) -> int:
    """Store a story of one article; return its id. ``fields`` are those of ``add_report``."""
    report = await add_report(store, name, **fields)
    return (await store.articles.assign({-1: [report]}))[-1]


async def subscribe(store: Store, room: Room, *keys: str) -> None:
    """Subscribe a room to ``keys``: a topic's slug, or ``q:`` a query, or ``feed:`` a feed's id."""
    prefixes = {"q": SubscriptionKind.QUERY, "feed": SubscriptionKind.FEED}
    for key in keys:
        kind = prefixes.get(key.partition(":")[0], SubscriptionKind.TOPIC)
        await store.subscriptions.add(room.id, kind, key, key, now=START)


async def put_due(
    store: Store, room: Room, at: datetime = START, local_time: time = time(7, 30)
) -> None:
    """Schedule a room daily at ``local_time``, next due at ``at``, for the date of that instant."""
    await store.schedules.put(room.id, Schedule(local_time=local_time), Due(at, at.date()))


async def claim_due(store: Store, now: datetime = START) -> list[DueSchedule]:
    """Claim up to 100 schedules that are due at ``now``, and return them."""
    return await store.schedules.claim_due(now=now, limit=100, lease=LEASE)


async def send_edition(
    store: Store, room: Room, key: str = "before", *, now: datetime, **fields: Any
) -> int:
    """Store an edition of one message; return its id. ``fields`` are those of FilledEdition."""
    edition_id = await store.editions.open(room.id, EditionKind.BRIEF, key, now=now)
    assert edition_id is not None
    filled = FilledEdition(**({"messages": [_HELLO]} | fields))
    await store.editions.fill(edition_id, filled, now=now)
    return edition_id
