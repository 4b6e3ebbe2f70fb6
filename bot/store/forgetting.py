"""What goes with a reader: rows that nobody else needs, and their traces on the disk."""

from typing import Any

from sqlalchemy import Text, cast, delete, exists, literal, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.tables import (
    article,
    article_match,
    chat,
    feed,
    feed_entry,
    feed_use,
    subscription,
)

__all__ = ["drop_unread", "forget_chat"]


async def forget_chat(database: Database, chat_id: int) -> None:
    """Delete a chat with all that hangs on it, and what only it had brought in.

    SQLite overwrites what it deletes (secure_delete); the write-ahead log still holds the
    old pages until it is emptied.
    """
    async with database.write() as connection:
        await connection.execute(delete(chat).where(chat.c.id == chat_id))
        await drop_unread(connection)
    if database.is_sqlite:
        async with database.read() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


async def drop_unread(connection: AsyncConnection) -> None:
    """Delete readers' own words and private feeds that nobody is subscribed to any more.

    Public feeds that nobody reads fall asleep.
    """
    own = article_match.c.key.like("q:%") | article_match.c.key.like("feed:%")
    await connection.execute(delete(article_match).where(own, ~_is_read(article_match.c.key)))
    # SQLite has concat() from 3.44 on only; || it always had.
    its_key = literal("feed:") + cast(feed.c.id, Text)
    await connection.execute(
        delete(feed_use).where(feed_use.c.key != "*", ~_is_read(feed_use.c.key))
    )
    await connection.execute(delete(feed).where(~feed.c.public, ~_is_read(its_key)))
    listed = exists().where(feed_entry.c.article_id == article.c.id)
    await connection.execute(delete(article).where(~article.c.public, ~listed))
    used = exists().where(feed_use.c.feed_id == feed.c.id)
    await connection.execute(feed.update().where(~used).values(next_poll_at=None))


def _is_read(key: Any) -> Any:
    """Return the condition that somebody is subscribed to ``key``."""
    reader = subscription.alias("reader")
    return exists(select(true()).select_from(reader).where(reader.c.key == key))
