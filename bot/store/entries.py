"""Entries that feeds listed, and that are to become articles."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, case, delete, func, literal_column, select, update

from bot.domain.feed_entry import FeedEntry, StoredEntry
from bot.domain.subscription import TOP
from bot.reasons import Reason, dump_reason
from bot.store.claims import claim, locked_in_order
from bot.store.database import CHUNK, Database
from bot.store.tables import feed, feed_entry, feed_use

__all__ = ["EntryRows"]


# The entry's own language, or else that of its feed.
_LANGUAGE = case((feed_entry.c.language != "", feed_entry.c.language), else_=feed.c.language).label(
    "known_language"
)
# Spelled out: no planner uses the index of some states where the state is a parameter.
_NEW: ColumnElement[str] = literal_column("'new'")
_IS_NEW, _IS_NOT_NEW = feed_entry.c.state == _NEW, feed_entry.c.state != _NEW


class EntryRows:
    """The repository of listed entries.

    Instants are aware, and returned in UTC; a naive one raises SQLAlchemy's StatementError. An
    id of no entry is passed over. An error that holds a reason within a reason raises TypeError.
    Limits are 0 or more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, *, now: datetime, limit: int, lease: timedelta, keys: Sequence[str] = ()
    ) -> list[StoredEntry]:
        """Return up to ``limit`` entries that are to become articles; claim them for ``lease``.

        Those with their whole text are claimed first, then the newest by when they were
        published, or else seen; they are returned in the order of their ids. With ``keys`` only
        those from feeds that are polled for them or for everything ("*"). At most 10,000 keys,
        and entries. A claim counts as an attempt, and ends by ``retry``, ``fail``, ``release``,
        ``release_first``, ``ArticleRows.save`` or ``end_known``, or with its lease. One
        transaction.
        """
        condition = _IS_NEW
        if keys:
            uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_([*keys, "*"]))
            condition &= feed_entry.c.feed_id.in_(uses)
        async with self._database.write() as connection:
            claimed = await claim(
                connection,
                feed_entry.c.not_before,
                condition,
                feed_entry.c.complete.desc(),
                func.coalesce(feed_entry.c.published_at, feed_entry.c.seen_at).desc(),
                now=now,
                until=now + lease,
                limit=limit,
                returning=[feed_entry.c.id],
                attempts=feed_entry.c.attempts + 1,
            )
            details = (
                select(feed_entry, feed.c.outlet, feed.c.source, feed.c.public, _LANGUAGE)
                .join(feed, feed.c.id == feed_entry.c.feed_id)
                .where(feed_entry.c.id.in_([row["id"] for row in claimed]))
                .order_by(feed_entry.c.id)
            )
            return [_entry(row) for row in (await connection.execute(details)).mappings()]

    async def release(self, ids: Collection[int]) -> None:
        """Undo the claim of entries that were not read; those that have ended stay ended.

        The attempt does not count either: call it once for a claim, and not after ``retry``,
        whose instant it would drop. One statement, with at most 10,000 ``ids``.
        """
        values = {"not_before": None, "attempts": feed_entry.c.attempts - 1}
        claimed = feed_entry.c.id.in_(ids) & (feed_entry.c.state == "new")
        async with self._database.write() as connection:
            await connection.execute(
                update(feed_entry)
                .where(locked_in_order(connection, feed_entry, claimed))
                .values(**values)
            )

    async def release_first(self, now: datetime) -> None:
        """End all claims of entries that never failed, at the start of a database's only process.

        The attempt counts, for it may have been what killed the last process. An entry that
        failed before has its instant of retry where others have their lease: it waits for either.
        One statement.
        """
        is_new = (feed_entry.c.state == "new") & (feed_entry.c.error == "")
        claimed = is_new & (feed_entry.c.not_before > now)
        async with self._database.write() as connection:
            await connection.execute(
                update(feed_entry)
                .where(locked_in_order(connection, feed_entry, claimed))
                .values(not_before=None)
            )

    async def retry(self, entry_id: int, *, not_before: datetime, error: Reason) -> None:
        """Let an entry be read again, not before an instant; ``error`` is why it failed.

        Its claim ends. Whatever its state: one that has ended is to be read again, too. One write.
        """
        await self._end(entry_id, state="new", not_before=not_before, error=error)

    async def fail(self, entry_id: int, *, error: Reason) -> None:
        """Record why an entry can't become an article, for good; one write.

        Its claim ends. Whatever its state; an article that it led to stays.
        """
        await self._end(entry_id, state="failed", not_before=None, error=error)

    async def idle(
        self, *, since: datetime, after: int = 0, limit: int | None = None
    ) -> list[tuple[int, str, str, str]]:
        """Return (id, title, text, language) of the idle entries seen since an instant, by id.

        Idle entries answer to no key that anybody was subscribed to. The language is its feed's
        where the entry has none, "" if unknown. ``limit`` asks for a page of so many; the next
        one starts ``after`` its last id. Without it all are held in memory. One query.
        """
        statement = (
            select(feed_entry.c.id, feed_entry.c.title, feed_entry.c.text, _LANGUAGE)
            .join(feed, feed.c.id == feed_entry.c.feed_id)
            .where(feed_entry.c.state == "idle", feed_entry.c.seen_at >= since)
            .where(feed_entry.c.id > after)
            .order_by(feed_entry.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(statement)
            return [(row.id, row.title, row.text, row.known_language) for row in rows]

    async def want(self, ids: Sequence[int]) -> None:
        """Let idle entries become articles; those in another state stay as they are.

        One transaction, however many there are, with a statement per 10,000.
        """
        ids = sorted(ids)
        async with self._database.write() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = feed_entry.c.id.in_(ids[start : start + CHUNK])
                idle = locked_in_order(
                    connection, feed_entry, chunk & (feed_entry.c.state == "idle")
                )
                await connection.execute(update(feed_entry).where(idle).values(state="new"))

    async def want_front(self, *, since: datetime) -> None:
        """Let idle entries seen since an instant become articles, of feeds of the top stories.

        One statement.
        """
        front = select(feed_use.c.feed_id).where(feed_use.c.key == TOP)
        idle = (feed_entry.c.state == "idle") & (feed_entry.c.seen_at >= since)
        async with self._database.write() as connection:
            rows = locked_in_order(connection, feed_entry, idle & feed_entry.c.feed_id.in_(front))
            await connection.execute(update(feed_entry).where(rows).values(state="new"))

    async def purge(self, before: datetime, *, idle_before: datetime) -> int:
        """Delete ended entries seen before an instant, and idle ones; return how many.

        Idle ones go that were seen before either instant. Those waiting to be read stay, however
        old. What a feed still lists is recognised by the state of its polling. One transaction;
        what is young is not read.
        """
        seen_at, state = feed_entry.c.seen_at, feed_entry.c.state
        old = (
            state.in_(("done", "failed")) & (seen_at < before),
            (state == "idle") & (seen_at < max(before, idle_before)),
        )
        async with self._database.write() as connection:
            gone = [
                await connection.execute(delete(feed_entry).where(_IS_NOT_NEW, condition))
                for condition in old
            ]
            return sum(result.rowcount for result in gone)

    async def pending_count(self) -> int:
        """Return how many entries are to be read, those claimed or put off too; one query."""
        count = select(func.count()).select_from(feed_entry).where(_IS_NEW)
        async with self._database.read() as connection:
            return int((await connection.execute(count)).scalar_one())

    async def _end(
        self, entry_id: int, *, state: str, not_before: datetime | None, error: Reason
    ) -> None:
        values = {"state": state, "not_before": not_before, "error": dump_reason(error)}
        async with self._database.write() as connection:
            await connection.execute(
                update(feed_entry).where(feed_entry.c.id == entry_id).values(**values)
            )


def _entry(row: RowMapping) -> StoredEntry:
    return StoredEntry(
        id=row["id"],
        feed_id=row["feed_id"],
        entry=FeedEntry(
            guid=row["guid"],
            url=row["url"],
            title=row["title"],
            text=row["text"],
            complete=row["complete"],
            language=row["known_language"],
            published_at=row["published_at"],
        ),
        seen_at=row["seen_at"],
        attempts=row["attempts"],
        outlet=row["outlet"],
        source=row["source"],
        public=row["public"],
    )
