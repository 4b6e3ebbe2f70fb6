"""Which public feeds are polled for topics and words, set anew when the catalogue changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, select, update

from bot.domain.subscription import EVERYTHING, SubscriptionKey
from bot.store.claims import locked_in_order
from bot.store.database import CHUNK, Database
from bot.store.feeds import NewFeed
from bot.store.tables import chat, feed, feed_use, meta, room, subscription
from bot.store.upsert import insert_missing, insert_or_update

__all__ = ["TopicFeedRows"]

_CATALOGUE = "catalogue"


class TopicFeedRows:
    """The repository of what a catalogue has polled: feeds of topics and of readers' words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def catalogue(self) -> str:
        """Return the version of the catalogue that ``replace`` was last called with, or "".

        One query.
        """
        statement = select(meta.c.value).where(meta.c.key == _CATALOGUE)
        async with self._database.read() as connection:
            return (await connection.execute(statement)).scalar() or ""

    async def readers(self) -> list[tuple[SubscriptionKey, int]]:
        """Return the topics and words that are read, each with rooms that read it, by their ids.

        Of rooms with the same language and the same choices one stands for all. One query.
        """
        own_feeds = subscription.c.key.like(f"{SubscriptionKey.FEED_PREFIX}%")
        statement = (
            select(subscription.c.key, func.min(room.c.id).label("room_id"))
            .join(room, room.c.id == subscription.c.room_id)
            .join(chat, chat.c.id == room.c.chat_id)
            .where(~own_feeds)
            .group_by(subscription.c.key, chat.c.language, room.c.settings)
            .order_by(subscription.c.key)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(statement)
            return [(SubscriptionKey(row.key), row.room_id) for row in rows]

    async def replace(
        self, chosen: Mapping[SubscriptionKey, Sequence[NewFeed]], *, version: str, now: datetime
    ) -> None:
        """Have ``chosen`` polled for their keys, and no other public feed of topics and words.

        Feeds that lose their last key sleep; what is new, or slept, is due ``now``. Feeds of a
        room's own, and those that serve everything, stay as they are, and so do subscriptions and
        articles. Country and owner of a feed become those given. ``version`` is the catalogue's.
        One transaction. A naive ``now`` raises SQLAlchemy's StatementError.
        """
        feeds = {new.url: new for news in chosen.values() for new in news}
        rows = [{**asdict(new), "next_poll_at": now} for new in feeds.values()]
        urls = sorted(feeds)
        public = select(feed.c.id).where(feed.c.public)
        own = feed_use.c.key.like(f"{SubscriptionKey.FEED_PREFIX}%")
        async with self._database.write() as connection:
            await insert_missing(connection, feed, rows)
            ids: dict[str, int] = {}
            for start in range(0, len(urls), CHUNK):
                known = select(feed.c.url, feed.c.id)
                chunk = known.where(feed.c.url.in_(urls[start : start + CHUNK]))
                ids |= {row.url: row.id for row in await connection.execute(chunk)}
            await connection.execute(
                delete(feed_use).where(
                    feed_use.c.key != EVERYTHING, ~own, feed_use.c.feed_id.in_(public)
                )
            )
            uses = [
                {"feed_id": ids[new.url], "key": key}
                for key, news in chosen.items()
                for new in news
            ]
            await insert_missing(connection, feed_use, uses)
            if ids:
                facts = [
                    {
                        "b_id": feed_id,
                        "b_country": feeds[url].country,
                        "b_state_run": feeds[url].state_run,
                        "b_now": now,
                    }
                    for url, feed_id in sorted(ids.items(), key=lambda item: item[1])
                ]
                await connection.execute(_LEARN, facts)
            used = exists().where(feed_use.c.feed_id == feed.c.id)
            idle = feed.c.public & feed.c.next_poll_at.is_not(None) & ~used
            await connection.execute(
                update(feed)
                .where(locked_in_order(connection, feed, idle))
                .values(next_poll_at=None)
            )
            value = {"key": _CATALOGUE, "value": version}
            await insert_or_update(connection, meta, value)


# What the catalogue says of a feed that is stored already; a sleeping one wakes up.
_LEARN = (
    update(feed)
    .where(feed.c.id == bindparam("b_id"))
    .values(
        public=True,
        country=bindparam("b_country"),
        state_run=bindparam("b_state_run"),
        next_poll_at=func.coalesce(
            feed.c.next_poll_at, bindparam("b_now", type_=feed.c.next_poll_at.type)
        ),
    )
)
