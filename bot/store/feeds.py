"""Feeds, when they are polled, and what they listed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter

from sqlalchemy import (
    Boolean,
    ColumnElement,
    RowMapping,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.domain.feed_entry import FeedEntry
from bot.domain.subscription import EVERYTHING, TOP
from bot.reasons import Reason, dump_reason, load_reason
from bot.store.claims import claim, locked_in_order
from bot.store.database import CHUNK, Database
from bot.store.index_minimum import earliest
from bot.store.tables import feed, feed_entry, feed_use
from bot.store.upsert import insert_missing

__all__ = ["FeedRow", "FeedRows", "NewFeed", "PolledFeed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed to be stored: ``public`` ones serve all readers, others only their rooms."""

    url: str
    source: str = ""
    language: str = ""
    country: str = ""
    state_run: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A stored feed; ``state`` is what polling remembers, as JSON, ``listed`` what it listed.

    ``outlet`` is its outlet's id, "" until it was read once; ``source`` is the outlet's name, that
    of who added it, or its host. One that ``is_front`` is polled for the top stories: all that it
    lists is wanted; only ``claim_due`` says so.
    """

    id: int
    url: str
    outlet: str
    source: str
    language: str
    public: bool
    state: str
    listed: str
    error: Reason | None
    is_front: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledFeed:
    """The outcome of a poll of a feed, to be stored.

    ``entries`` are those not listed before. ``wanted`` are the guids of those that answer to
    a key that anybody is subscribed to; ``broken`` says by guid why an entry can't become an
    article. ``outlet`` is its outlet's id, if the feed has none yet, and ``source`` the outlet's
    name, the better the higher ``naming`` is; without ``outlet``, ``source`` names the feed if it
    has no name yet. ``listed`` is None where the
    feed has not changed. With ``next_poll_at`` None it is not polled until it is woken.
    """

    feed_id: int
    state: str
    error: Reason | None
    next_poll_at: datetime | None
    entries: Sequence[FeedEntry] = ()
    wanted: Collection[str] = ()
    broken: Mapping[str, Reason] = field(default_factory=dict)
    listed: str | None = None
    source: str
    outlet: str = ""
    naming: int = 0

    def state_of(self, entry: FeedEntry) -> str:
        """Return the state in which an entry is stored: failed, new (to be read) or idle.

        By its guid; of one both wanted and broken, failed.
        """
        if entry.guid in self.broken:
            return "failed"
        return "new" if entry.guid in self.wanted else "idle"


# An outcome of a poll, for many feeds at once.
_SAVE = (
    update(feed)
    .where(feed.c.id == bindparam("b_id"))
    .values(
        state=bindparam("state"),
        listed=func.coalesce(bindparam("b_listed", type_=feed.c.listed.type), feed.c.listed),
        error=bindparam("error"),
        # Nobody reads a feed that fell asleep while it was polled.
        next_poll_at=case(
            (feed.c.next_poll_at.is_(None), None),
            else_=bindparam("b_next_poll_at", type_=feed.c.next_poll_at.type),
        ),
        lease_until=None,
        read_at=func.coalesce(bindparam("b_read_at", type_=feed.c.read_at.type), feed.c.read_at),
        source=case(
            ((feed.c.source == "") | bindparam("b_is_named", type_=Boolean), bindparam("b_source")),
            else_=feed.c.source,
        ),
        outlet=case((feed.c.outlet == "", bindparam("b_outlet")), else_=feed.c.outlet),
    )
)
# For feeds that are added again: a private one may become public, a sleeping one wakes up.
_WAKE = (
    update(feed)
    .where(feed.c.id == bindparam("b_id"))
    .values(
        next_poll_at=func.coalesce(
            feed.c.next_poll_at, bindparam("b_now", type_=feed.c.next_poll_at.type)
        ),
        public=or_(feed.c.public, bindparam("b_public", type_=feed.c.public.type)),
    )
)
_IS_FRONT = exists().where(feed_use.c.feed_id == feed.c.id, feed_use.c.key == TOP).label("is_front")
_FEED_COLUMNS = [*(feed.c[name] for name in FeedRow.__slots__ if name in feed.c), _IS_FRONT]


class FeedRows:
    """The repository of feeds, and of what their polls bring.

    Instants are aware, and returned in UTC; a naive one raises SQLAlchemy's StatementError. An
    id of no feed, and a key of none, is passed over, where nothing else is said. Lists of keys
    and ids have at most 10,000 members, and may be empty; limits are 0 or more. A feed that
    lost its last key, or that has ended, sleeps: it has no next poll.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, feeds: Iterable[NewFeed], keys: Iterable[str], *, now: datetime
    ) -> list[int]:
        """Store ``feeds``, to be polled for ``keys``; return their ids in the same order.

        Feeds are told apart by ``url``, as it is spelled: of two with one the first counts, and
        both get its id. A feed already stored keeps its values and its other keys; a private one
        that is also added as public becomes public. Sleeping feeds are polled again from ``now``
        on; others keep their time. Feeds and keys may be many. One transaction.
        """
        feeds, keys = list(feeds), tuple(keys)
        ids: dict[str, int] = {}
        rows = [{**asdict(new), "next_poll_at": now} for new in feeds]
        urls = sorted({new.url for new in feeds})
        async with self._database.write() as connection:
            await insert_missing(connection, feed, rows)
            for start in range(0, len(urls), CHUNK):
                known = select(feed.c.url, feed.c.id)
                chunk = known.where(feed.c.url.in_(urls[start : start + CHUNK]))
                ids |= {row.url: row.id for row in await connection.execute(chunk)}
            changes = [
                {"b_id": ids[new.url], "b_public": new.public, "b_now": now} for new in feeds
            ]
            if changes:
                await connection.execute(_WAKE, sorted(changes, key=itemgetter("b_id")))
            uses = [{"feed_id": feed_id, "key": key} for feed_id in ids.values() for key in keys]
            await insert_missing(connection, feed_use, uses)
        return [ids[new.url] for new in feeds]

    async def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, keys: Sequence[str] = ()
    ) -> list[FeedRow]:
        """Return up to ``limit`` feeds that are due and unclaimed; claim them for ``lease``.

        With ``keys`` only the feeds that are polled for them, or for everything ("*"). Those
        due first are claimed; they are returned in no order. A claim ends by ``save_polls``,
        ``give_back``, ``release`` or with its lease. One statement.
        """
        condition = feed.c.next_poll_at <= now
        if keys:
            wanted = feed_use.c.key.in_([*keys, "*"])
            condition &= exists().where(feed_use.c.feed_id == feed.c.id, wanted)
        async with self._database.write() as connection:
            rows = await claim(
                connection,
                feed.c.lease_until,
                condition,
                feed.c.next_poll_at,
                now=now,
                until=now + lease,
                limit=limit,
                returning=_FEED_COLUMNS,
            )
        return [_feed(row) for row in rows]

    async def save_polls(self, polls: Sequence[PolledFeed], *, now: datetime) -> int:
        """Record what polls found and end their leases; return how many entries are new.

        All of them in one transaction: thousands of feeds answer that nothing has changed. An
        entry whose guid its feed has listed before stays as it was; of several with one guid the
        first counts. A poll without an error counts as read ``now``. A feed that fell asleep
        meanwhile sleeps on. Raises SQLAlchemy's IntegrityError for entries of a feed that was
        deleted, TypeError for a reason within a reason: then no poll is stored.
        """
        if not polls:
            return 0
        rows = [
            {
                "b_id": poll.feed_id,
                "state": poll.state,
                "b_listed": poll.listed,
                "error": dump_reason(poll.error),
                "b_next_poll_at": poll.next_poll_at,
                "b_read_at": None if poll.error else now,
                "b_source": poll.source,
                "b_outlet": poll.outlet,
                "b_is_named": poll.outlet != "",
            }
            for poll in sorted(polls, key=attrgetter("feed_id"))
        ]
        entries = [
            {
                **{name: getattr(entry, name) for name in FeedEntry.__slots__},
                "feed_id": poll.feed_id,
                "seen_at": now,
                "state": poll.state_of(entry),
                "error": dump_reason(poll.broken.get(entry.guid)),
            }
            for poll in polls
            for entry in poll.entries
        ]
        async with self._database.write() as connection:
            await connection.execute(_SAVE, rows)
            return await insert_missing(connection, feed_entry, entries)

    async def wake(self, keys: Sequence[str], *, now: datetime) -> None:
        """Let the sleeping feeds of ``keys`` be due at ``now``, those that ended too.

        Feeds that are awake keep their time. One statement.
        """
        uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_(keys))
        asleep = feed.c.id.in_(uses) & feed.c.next_poll_at.is_(None)
        async with self._database.write() as connection:
            await connection.execute(
                update(feed)
                .where(locked_in_order(connection, feed, asleep))
                .values(next_poll_at=now)
            )

    async def poll_now(self, keys: Sequence[str], *, now: datetime) -> None:
        """Let the feeds of ``keys`` be due at ``now``; without keys, all that are polled for any.

        Sleeping ones are woken. With ``keys`` feeds that serve everything keep their time unless
        "*" is among them. A feed that is claimed stays so until its poll is saved, which sets
        its time again. One statement.
        """
        uses = select(feed_use.c.feed_id)
        which = feed.c.id.in_(uses.where(feed_use.c.key.in_(keys)) if keys else uses)
        async with self._database.write() as connection:
            await connection.execute(
                update(feed)
                .where(locked_in_order(connection, feed, which))
                .values(next_poll_at=now)
            )

    async def next_poll_at(self) -> datetime | None:
        """Return the earliest instant at which a feed may be polled, or None if all sleep.

        It may be past. A claimed feed counts from the end of its lease, also of one that ended.
        Two queries.
        """
        due, lease = feed.c.next_poll_at, feed.c.lease_until
        awake = due.is_not(None)
        async with self._database.read() as connection:
            return await earliest(connection, (due, lease.is_(None)), (lease, awake))

    async def failing(self, keys: Sequence[str]) -> list[FeedRow]:
        """Return the feeds of ``keys`` whose last poll failed, by the name of their outlet.

        Feeds that serve everything ("*") are among them, for no ``keys`` too, and those asleep.
        Names are in the database's order. One query.
        """
        uses = select(feed_use.c.feed_id).where(feed_use.c.key.in_([*keys, "*"]))
        statement = (
            select(feed).where(feed.c.error != "", feed.c.id.in_(uses)).order_by(feed.c.source)
        )
        async with self._database.read() as connection:
            return [_feed(row) for row in (await connection.execute(statement)).mappings()]

    async def failing_names(self, keys: Sequence[str]) -> dict[str, list[str]]:
        """Return for each of ``keys`` the names of the outlets of its ``failing`` feeds.

        Each name once, in the database's order; a key without one is left out. One query, which
        reads nothing of a feed but its name.
        """
        statement = (
            select(feed_use.c.key, feed.c.source)
            .join(feed, feed.c.id == feed_use.c.feed_id)
            .where(feed.c.error != "", feed_use.c.key.in_([*keys, EVERYTHING]))
            .order_by(feed.c.source)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        found: dict[str, dict[str, None]] = {key: {} for key in keys}
        for of, name in rows:
            for key in keys if of == EVERYTHING else (of,):
                found[key][name] = None
        return {key: list(names) for key, names in found.items() if names}

    async def get(self, feed_id: int) -> FeedRow | None:
        """Return the feed with this id, or None; one query."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(feed).where(feed.c.id == feed_id))
            row = rows.mappings().one_or_none()
            return None if row is None else _feed(row)

    async def outlets(self) -> dict[str, tuple[str, bool]]:
        """Return (country, state-run) for each outlet whose country or owner is known.

        Outlets are by their ids, in no order; of one whose feeds differ, some feed's values. One
        that was never read goes by its name. A country is as it was added, "" if unknown. One
        query.
        """
        known = (feed.c.country != "") | feed.c.state_run
        key = case((feed.c.outlet == "", feed.c.source), else_=feed.c.outlet).label("key")
        statement = select(key, feed.c.country, feed.c.state_run).where(known)
        async with self._database.read() as connection:
            return {
                row.key: (row.country, row.state_run) for row in await connection.execute(statement)
            }

    async def give_back(self, ids: Collection[int]) -> None:
        """End the leases of claimed feeds that were not polled; what is due stays due.

        Whoever holds them: only for feeds of one's own claim that has not ended. One statement.
        """
        await self._end_leases(feed.c.id.in_(ids))

    async def release(self, now: datetime) -> None:
        """End all leases, at the start of the only process of a database; one statement.

        Those that ended by ``now`` need no end.
        """
        await self._end_leases(feed.c.lease_until > now)

    async def _end_leases(self, condition: ColumnElement[bool]) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(feed)
                .where(locked_in_order(connection, feed, condition))
                .values(lease_until=None)
            )


def _feed(row: RowMapping) -> FeedRow:
    return FeedRow(
        id=row["id"],
        url=row["url"],
        outlet=row["outlet"],
        source=row["source"],
        language=row["language"],
        public=row["public"],
        state=row["state"],
        listed=row["listed"],
        error=load_reason(row["error"]),
        is_front=bool(row.get("is_front")),
    )
