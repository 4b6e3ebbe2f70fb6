"""Feeds, when they are polled, and what they listed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, bindparam, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reasons import Reason, dump_reason, load_reason
from bot.store.database import Database
from bot.store.index_minimum import earliest
from bot.store.tables import feed, feed_entry, feed_use
from bot.store.upsert import insert_missing

__all__ = ["FeedRow", "FeedRows", "ListedEntry", "NewFeed", "PolledFeed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed to be known: ``public`` ones serve all readers, others only their rooms."""

    url: str
    source: str = ""
    language: str = ""
    country: str = ""
    state_run: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A known feed; ``state`` is what polling remembers, as JSON, ``listed`` what it listed."""

    id: int
    url: str
    source: str
    language: str
    public: bool
    state: str
    listed: str
    error: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """What a feed lists, on its way into the store.

    ``text`` is what the feed brought, clean; ``complete`` says that it is the whole
    article. ``wanted`` says that somebody reads what it answers to; ``error`` that nobody
    will be able to.
    """

    guid: str
    url: str
    title: str
    text: str
    language: str
    complete: bool
    published_at: datetime | None
    wanted: bool
    error: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledFeed:
    """What a poll of a feed came to, on its way into the store.

    ``source`` names the outlet if nobody had named it before. ``listed`` is None where the
    feed has not changed.
    """

    feed_id: int
    state: str
    error: Reason | None
    next_poll_at: datetime | None
    entries: Sequence[ListedEntry] = ()
    listed: str | None = None
    source: str


# An outcome of a poll, for many feeds at once.
_SAVE = (
    update(feed)
    .where(feed.c.id == bindparam("b_id"))
    .values(
        state=bindparam("state"),
        listed=func.coalesce(bindparam("b_listed", type_=feed.c.listed.type), feed.c.listed),
        error=bindparam("error"),
        next_poll_at=bindparam("next_poll_at"),
        lease_until=None,
        read_at=func.coalesce(bindparam("b_read_at", type_=feed.c.read_at.type), feed.c.read_at),
        source=case((feed.c.source == "", bindparam("b_source")), else_=feed.c.source),
    )
)
_FEED_COLUMNS = [feed.c[name] for name in FeedRow.__slots__]


class FeedRows:
    """The repository of feeds, and of what a poll of one brings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, feeds: Iterable[NewFeed], keys: Iterable[str], *, now: datetime
    ) -> list[int]:
        """Make ``feeds`` known and polled for ``keys``; return their ids in the same order.

        A feed already known keeps what is known of it; a private one that is now added as
        public becomes public. Sleeping feeds wake up.
        """
        keys = tuple(keys)
        async with self._database.write() as connection:
            return [await _add(connection, new, keys, now) for new in feeds]

    async def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, keys: Sequence[str] = ()
    ) -> list[FeedRow]:
        """Return feeds due for a poll, held until ``now + lease``; with ``keys`` only theirs."""
        due = (
            select(feed.c.id)
            .where(
                feed.c.next_poll_at <= now,
                or_(feed.c.lease_until.is_(None), feed.c.lease_until <= now),
            )
            .order_by(feed.c.next_poll_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if keys:
            wanted = feed_use.c.key.in_([*keys, "*"])
            due = due.where(exists().where(feed_use.c.feed_id == feed.c.id, wanted))
        claim = (
            update(feed)
            .where(feed.c.id.in_(due.scalar_subquery()))
            .values(lease_until=now + lease)
            .returning(*_FEED_COLUMNS)
        )
        async with self._database.write() as connection:
            return [_feed(row) for row in (await connection.execute(claim)).mappings()]

    async def save_polls(self, polls: Sequence[PolledFeed], *, now: datetime) -> int:
        """Record what polls found and free their leases; return how many entries are new.

        All of them in one transaction: thousands of feeds answer that nothing has changed.
        """
        rows = [
            {
                "b_id": one.feed_id,
                "state": one.state,
                "b_listed": one.listed,
                "error": dump_reason(one.error),
                "next_poll_at": one.next_poll_at,
                "b_read_at": None if one.error else now,
                "b_source": one.source,
            }
            for one in polls
        ]
        entries = [_entry_row(one.feed_id, entry, now) for one in polls for entry in one.entries]
        async with self._database.write() as connection:
            await connection.execute(_SAVE, rows)
            return await insert_missing(connection, feed_entry, entries)

    async def wake(self, keys: Sequence[str], *, now: datetime) -> None:
        """Let the feeds of ``keys`` be polled at once, such as for a reader who just asked."""
        uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_(keys))
        async with self._database.write() as connection:
            await connection.execute(
                update(feed)
                .where(feed.c.id.in_(uses), feed.c.next_poll_at.is_(None))
                .values(next_poll_at=now)
            )

    async def poll_now(self, keys: Sequence[str], *, now: datetime) -> None:
        """Let the feeds of ``keys`` be due, whatever their rhythm says; all awake without keys."""
        uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_(keys))
        which = feed.c.id.in_(uses) if keys else feed.c.next_poll_at.is_not(None)
        async with self._database.write() as connection:
            await connection.execute(update(feed).where(which).values(next_poll_at=now))

    async def next_poll_at(self) -> datetime | None:
        """Return the earliest instant at which a feed may be polled, or None."""
        due, lease = feed.c.next_poll_at, feed.c.lease_until
        awake = due.is_not(None)
        async with self._database.read() as connection:
            return await earliest(connection, (due, lease.is_(None)), (lease, awake))

    async def failing(self, keys: Sequence[str]) -> list[FeedRow]:
        """Return the feeds of ``keys`` whose last poll failed."""
        uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_([*keys, "*"]))
        statement = (
            select(feed).where(feed.c.error != "", feed.c.id.in_(uses)).order_by(feed.c.source)
        )
        async with self._database.read() as connection:
            return [_feed(row) for row in (await connection.execute(statement)).mappings()]

    async def get(self, feed_id: int) -> FeedRow | None:
        """Return the feed with this id, or None."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(feed).where(feed.c.id == feed_id))
            row = rows.mappings().one_or_none()
            return None if row is None else _feed(row)

    async def outlets(self) -> dict[str, tuple[str, bool]]:
        """Return (country, state-run) for each outlet whose country or owner is known."""
        known = (feed.c.country != "") | feed.c.state_run
        statement = select(feed.c.source, feed.c.country, feed.c.state_run).where(known)
        async with self._database.read() as connection:
            return {
                row.source: (row.country, row.state_run)
                for row in await connection.execute(statement)
            }

    async def give_back(self, ids: Collection[int]) -> None:
        """End the leases of claimed feeds that nobody got to ask."""
        async with self._database.write() as connection:
            await connection.execute(
                update(feed).where(feed.c.id.in_(ids)).values(lease_until=None)
            )

    async def release(self, now: datetime) -> None:
        """End all leases, at the start of the only process of a database."""
        async with self._database.write() as connection:
            await connection.execute(
                update(feed).where(feed.c.lease_until > now).values(lease_until=None)
            )


async def _add(
    connection: AsyncConnection, new: NewFeed, keys: tuple[str, ...], now: datetime
) -> int:
    values = {
        "url": new.url,
        "source": new.source,
        "language": new.language,
        "country": new.country,
        "state_run": new.state_run,
        "public": new.public,
        "next_poll_at": now,
    }
    await insert_missing(connection, feed, values)
    row = (
        await connection.execute(
            select(feed.c.id, feed.c.public, feed.c.next_poll_at).where(feed.c.url == new.url)
        )
    ).one()
    changes = {"next_poll_at": row.next_poll_at or now, "public": row.public or new.public}
    await connection.execute(update(feed).where(feed.c.id == row.id).values(**changes))
    uses = [{"feed_id": row.id, "key": key} for key in keys]
    await insert_missing(connection, feed_use, uses)
    return int(row.id)


def _entry_row(feed_id: int, entry: ListedEntry, now: datetime) -> dict[str, object]:
    return {
        "feed_id": feed_id,
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "text": entry.text,
        "language": entry.language,
        "complete": entry.complete,
        "published_at": entry.published_at,
        "seen_at": now,
        "state": "failed" if entry.error else "new" if entry.wanted else "idle",
        "error": dump_reason(entry.error),
    }


def _feed(row: RowMapping) -> FeedRow:
    return FeedRow(
        id=row["id"],
        url=row["url"],
        source=row["source"],
        language=row["language"],
        public=row["public"],
        state=row["state"],
        listed=row["listed"],
        error=load_reason(row["error"]),
    )
