"""All repositories of one open database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.errors import SetupError
from bot.store.acted import ActedUpdates
from bot.store.articles import ArticleRows
from bot.store.changes import ChangeRows
from bot.store.chats import ChatRows
from bot.store.contents import ContentRows
from bot.store.database import Database
from bot.store.editions import EditionRows
from bot.store.entries import EntryRows
from bot.store.erasure import forget_chat, sweep
from bot.store.feeds import FeedRows
from bot.store.furniture import FurnitureRows
from bot.store.headlines import HeadlineRows
from bot.store.managers import ManagerRows
from bot.store.outbox import OutboxRows
from bot.store.outlets import OutletRows
from bot.store.pauses import PauseRows
from bot.store.refresh_progress import RefreshProgress, read_progress
from bot.store.schedules import ScheduleRows
from bot.store.snapshots import Snapshots
from bot.store.subscriptions import SubscriptionRows
from bot.store.tables import meta
from bot.store.topic_feeds import TopicFeedRows
from bot.store.upsert import insert_missing, insert_or_update
from bot.store.waits import WaitRows

__all__ = ["Store"]


class Store:
    """All repositories, one per noun, over one open ``database``.

    Methods of theirs that read or write raise StoreUnavailable, as ``Database.read`` does.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.chats = ChatRows(database)
        self.managers = ManagerRows(database)
        self.subscriptions = SubscriptionRows(database)
        self.schedules = ScheduleRows(database)
        self.feeds = FeedRows(database)
        self.topic_feeds = TopicFeedRows(database)
        self.entries = EntryRows(database)
        self.articles = ArticleRows(database)
        self.headlines = HeadlineRows(database)
        self.furniture = FurnitureRows(database)
        self.outlets = OutletRows(database)
        self.pauses = PauseRows(database)
        self.editions = EditionRows(database)
        self.contents = ContentRows(database)
        self.outbox = OutboxRows(database)
        self.waits = WaitRows(database)
        self.acted = ActedUpdates(database)
        self.snapshots = Snapshots(database)
        self.changes = ChangeRows(database)

    async def claim_for_bot(self, bot_id: int) -> None:
        """Record that the database is ``bot_id``'s; raise SetupError if it is another bot's.

        The first call claims it for good; later ones by the same bot change nothing. A chat
        that talked to one bot cannot be written to by another. One transaction.
        """
        async with self.database.write() as connection:
            await insert_missing(connection, meta, {"key": "bot_id", "value": str(bot_id)})
            owner = select(meta.c.value).where(meta.c.key == "bot_id")
            known = (await connection.execute(owner)).scalar_one()
        if known != str(bot_id):
            raise SetupError(
                f"The database {self.database.shown_url} belongs to the bot {known}, not to "
                f"{bot_id}: set DAYBRIEF_DATABASE_URL to another one."
            )

    async def known_zone_data(self) -> str:
        """Return the version of the data on time zones of the last start, "" before the first.

        One query.
        """
        return await self._known("zone_data")

    async def record_zone_data(self, version: str) -> None:
        """Record the version of the data on time zones that due instants follow; one write."""
        await self._record("zone_data", version)

    async def known_menus(self) -> str:
        """Return the digest of the menus of commands that were set last, "" for none; one query."""
        return await self._known("menus")

    async def record_menus(self, digest: str) -> None:
        """Record which menus of commands were set; one write."""
        await self._record("menus", digest)

    async def _known(self, key: str) -> str:
        async with self.database.read() as connection:
            known = select(meta.c.value).where(meta.c.key == key)
            return (await connection.execute(known)).scalar() or ""

    async def _record(self, key: str, value: str) -> None:
        async with self.database.write() as connection:
            await insert_or_update(connection, meta, {"key": key, "value": value})

    async def forget(self, chat_id: int) -> frozenset[str]:
        """Delete a chat with its rooms, editions and subscriptions, and what only it read.

        ``chat_id`` is ``Chat.id``. What only it read are matches of own words, private feeds, and
        private articles that came by no other; public feeds polled for nothing else fall asleep.
        Returns the keys it was subscribed to, none for a chat that is not known. Nothing of it
        stays in a SQLite file, unless a reader holds the write-ahead log for over 10 s. If
        StoreUnavailable is raised the rows may be gone all the same: a second call returns no
        keys then.
        """
        return await forget_chat(self.database, chat_id)

    async def sweep(self) -> None:
        """Delete what belongs to keys that nobody is subscribed to.

        Matches of own words, private feeds, and private articles that came by no other; feeds are
        not polled for such keys any more, and fall asleep without another. One transaction that
        reads all matches and feeds. May be repeated; a subscription that is being made at that
        very time may lose what it has stored so far.
        """
        await sweep(self.database)

    async def refresh_progress(self, keys: Sequence[str], *, now: datetime) -> RefreshProgress:
        """Return how far the feeds polled for ``keys`` have been read; three queries.

        Feeds that serve everything ("*") count for any keys, but their articles only as far as
        they answer to ``keys``, which are at most 10,000. Without ``keys`` the figures are of all
        feeds that are polled for any, and of all articles that answer to some key. A naive ``now``
        raises SQLAlchemy's StatementError.
        """
        return await read_progress(self.database, keys, now)

    async def release_leases(self, now: datetime) -> None:
        """End a former process's leases: schedules, feeds, entries and parts are free from ``now``.

        Only for a database that no other process uses. Schedules that failed may be tried again
        at once, too; entries that failed before stay claimed until their leases end. Four
        transactions. May be called again. A naive ``now`` raises SQLAlchemy's StatementError.
        """
        await self.schedules.release(now)
        await self.feeds.release(now)
        await self.entries.release_first(now)
        await self.outbox.release(now)
