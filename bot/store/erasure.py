"""Deletion of a reader's data: rows that nobody else needs, and their traces on the disk."""

from collections.abc import Collection, Iterable

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    text,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.subscription import EVERYTHING, SubscriptionKey
from bot.store.claims import locked_in_order
from bot.store.database import CHUNK, Database
from bot.store.tables import (
    article,
    article_match,
    chat,
    feed,
    feed_use,
    outlet,
    room,
    subscription,
)

__all__ = ["drop_unread", "forget_chat", "sweep"]

_OWN_WORDS = SubscriptionKey.QUERY_PREFIX
_OWN_FEED = SubscriptionKey.FEED_PREFIX


async def forget_chat(database: Database, chat_id: int) -> frozenset[str]:
    """Delete a chat with its rooms, editions and subscriptions, and what only it read.

    Returns the keys it was subscribed to, none for a chat that is not known. SQLite overwrites
    what it deletes (secure_delete); the write-ahead log, which still holds the old pages, is
    emptied if no reader holds it, for which it waits up to 10 s. That comes after the commit: if
    it raises StoreUnavailable, the rows are gone, and a second call returns no keys. The rest is
    one transaction.
    """
    its_keys = (
        select(subscription.c.key)
        .join(room, room.c.id == subscription.c.room_id)
        .where(room.c.chat_id == chat_id)
        .distinct()
    )
    async with database.write() as connection:
        keys = frozenset((await connection.execute(its_keys)).scalars())
        await connection.execute(delete(chat).where(chat.c.id == chat_id))
        await drop_unread(connection, keys)
    if database.is_sqlite:
        async with database.read() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return keys


async def sweep(database: Database) -> None:
    """Delete what an interrupted change left behind: see ``drop_unread``.

    One transaction, which reads all feeds, and each key that anything is kept for once. May be
    repeated. A subscription that is being made at that very time may lose what it has stored so
    far.
    """
    matched, used = _distinct(article_match.c.key, "matched"), _distinct(feed_use.c.key, "used")
    private = _key_of_feed()
    own = matched.like(f"{_OWN_WORDS}%") | matched.like(f"{_OWN_FEED}%")
    left = union(
        select(matched).where(own, ~_is_read(matched)),
        select(used).where(used != EVERYTHING, ~_is_read(used)),
        select(private).where(~feed.c.public, ~_is_read(private)),
    )
    async with database.write() as connection:
        await drop_unread(connection, (await connection.execute(left)).scalars().all())


async def drop_unread(connection: AsyncConnection, keys: Iterable[str]) -> None:
    """Delete what belongs to those of ``keys`` that nobody is subscribed to any more.

    Readers' own words go with their matches, and private feeds with the articles that came by
    no other; public feeds without a reader are no longer polled. Keys with a reader, unknown
    ones and "*" are passed over. Part of the caller's transaction, which must be a ``write``,
    with a few statements per 10,000 keys.
    """
    asked = list(dict.fromkeys(keys))
    for start in range(0, len(asked), CHUNK):
        chunk = asked[start : start + CHUNK]
        readers = select(subscription.c.key).where(subscription.c.key.in_(chunk)).distinct()
        read = set((await connection.execute(readers)).scalars())
        if unread := [key for key in chunk if key not in read and key != EVERYTHING]:
            await _drop(connection, unread)


async def _drop(connection: AsyncConnection, keys: Collection[str]) -> None:
    own_feeds = [key for key in keys if key.startswith(_OWN_FEED)]
    own = [key for key in keys if key.startswith(_OWN_WORDS)] + own_feeds
    if own_feeds:
        # Private articles go that came by these feeds and by no other.
        other = article_match.alias("other")
        elsewhere = exists().where(
            other.c.article_id == article.c.id,
            other.c.key.like(f"{_OWN_FEED}%"),
            other.c.key.not_in(own_feeds),
        )
        came_by = select(article_match.c.article_id).where(article_match.c.key.in_(own_feeds))
        await connection.execute(
            delete(article).where(article.c.id.in_(came_by), ~article.c.public, ~elsewhere)
        )
    await connection.execute(delete(article_match).where(article_match.c.key.in_(own)))
    its_feeds = select(feed_use.c.feed_id).where(feed_use.c.key.in_(keys)).distinct()
    feeds = (await connection.execute(its_feeds)).scalars().all()
    await connection.execute(delete(feed_use).where(feed_use.c.key.in_(keys)))
    if own_feeds:
        private = _key_of_feed().in_(own_feeds)
        theirs = select(feed.c.outlet).where(private, ~feed.c.public)
        outlets = (await connection.execute(theirs)).scalars().all()
        await connection.execute(delete(feed).where(private, ~feed.c.public))
        known = [exists().where(table.c.outlet == outlet.c.id) for table in (feed, article)]
        unknown = outlet.c.id.in_(outlets) & ~known[0] & ~known[1]
        await connection.execute(delete(outlet).where(unknown))
    used = exists().where(feed_use.c.feed_id == feed.c.id)
    unused = locked_in_order(connection, feed, feed.c.id.in_(feeds) & ~used)
    await connection.execute(feed.update().where(unused).values(next_poll_at=None))


def _distinct(column: Column[str], name: str) -> ColumnElement[str]:
    """Return a column of the values of an indexed ``column``, each once, and NULL.

    The database looks each value up behind the one before it: DISTINCT would read every row.
    """
    values = select(func.min(column).label("key")).cte(name, recursive=True)
    behind = select(func.min(column)).where(column > values.c.key).scalar_subquery()
    return values.union_all(select(behind).where(values.c.key.is_not(None))).c.key


def _is_read(key: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(subscription.c.key == key)


def _key_of_feed() -> ColumnElement[str]:
    """Return the key of a row of ``feed``, as SubscriptionKey.of_feed makes it."""
    # SQLite has concat() from 3.44 on only; || it always had.
    return literal(_OWN_FEED) + cast(feed.c.id, Text)
