"""The tables. They hold all state; schedulers and queues only decide who works next."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.columns import KEY, UtcDateTime, optional_instant
from bot.store.columns import at_column as _at
from bot.store.columns import flag_column as _flag
from bot.store.columns import id_column as _id
from bot.store.columns import int_column as _int
from bot.store.columns import ref_column as _ref
from bot.store.columns import text_column as _text
from bot.store.naming import metadata
from bot.store.naming import partial_index as _partial

__all__ = [
    "UtcDateTime", "acted_update", "article", "article_key", "article_match", "article_text",
    "change", "chat", "content", "edition", "feed", "feed_entry", "feed_use", "furniture",
    "host_pause", "manager", "meta", "metadata", "optional_instant", "outlet", "part", "quote",
    "room", "schedule", "story", "story_article", "subscription", "told",
]  # fmt: skip

# Facts on the database itself: the id of the bot it belongs to.
meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value"))

# Updates whose effect must not happen twice, by Telegram's number; nobody can be told by it.
acted_update = Table(
    "acted_update",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _at("at"),
    Index("ix_acted_update_at", "at"),
)

# ------------------------------------------------------------------ who reads what, when

chat = Table(
    "chat",
    metadata,
    _id(),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    _text("kind"),
    _text("language"),
    _text("zone"),
    _flag("zone_known"),
    Column("state", Text, nullable=False, server_default="active"),
    _text("error"),
    _at("created_at"),
)

room = Table(
    "room",
    metadata,
    _id(),
    _ref("chat_id", "chat"),
    Column("thread", BigInteger, nullable=False, server_default="0"),
    Column("settings", Text, nullable=False, server_default="{}"),
    _at("created_at"),
    _text("error"),  # why its thread takes nothing: closed or deleted
    UniqueConstraint("chat_id", "thread"),
)

# Rooms that an admin manages from the private chat ``chat_id``: a choice, no right.
manager = Table(
    "manager",
    metadata,
    _id(),
    _ref("chat_id", "chat"),
    _ref("room_id", "room"),
    _flag("is_current"),
    UniqueConstraint("chat_id", "room_id"),
    Index("ix_manager_room_id", "room_id"),
)

# What a request changed, as two snapshots of the room (bot.store.snapshots), kept for a day.
change = Table(
    "change",
    metadata,
    _ref("room_id", "room", primary_key=True),
    Column("request", BigInteger, primary_key=True, autoincrement=False),  # update_id
    _at("at"),
    Column("value", Text, nullable=False),
    Index("ix_change_at", "at"),
)

schedule = Table(
    "schedule",
    metadata,
    _id(),
    _ref("room_id", "room"),
    Column("local_time", Text, nullable=False),  # HH:MM:SS, a wall-clock time
    Column("days", Integer, nullable=False),  # bit 0 is Monday
    _at("next_due_at", nullable=True),
    Column("next_local_date", Date, nullable=True),
    # Its place among those due at one instant, drawn anew for each date.
    _int("turn"),
    _at("lease_until", nullable=True),
    # How often the edition that is due now could not be made, and why.
    _int("attempts"),
    _text("error"),
    UniqueConstraint("room_id", "local_time"),
)
_partial(
    "ix_schedule_due",
    schedule.c.next_due_at.is_not(None),
    schedule.c.next_due_at,
    schedule.c.turn,
)
_partial("ix_schedule_leased", schedule.c.lease_until.is_not(None), schedule.c.lease_until)

subscription = Table(
    "subscription",
    metadata,
    _id(),
    _ref("room_id", "room"),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    _text("label"),
    Column("weight", Float, nullable=False, server_default="1"),
    _at("created_at"),
    UniqueConstraint("room_id", "key"),
    Index("ix_subscription_key", "key"),
)

# ------------------------------------------------------------------ what was published

# Outlets by their ids (bot.gather.catalogue.outlets), with the best name known and how good it is.
outlet = Table(
    "outlet",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _int("naming"),
)

feed = Table(
    "feed",
    metadata,
    _id(),
    Column("url", Text, nullable=False, unique=True),
    _text("outlet"),  # "" until it has been read
    _text("source"),  # the outlet's name
    _text("language"),
    _text("country"),
    _flag("state_run"),
    _flag("public"),
    # What polling remembers (bot.gather.polling.policy.FeedState), one JSON object.
    Column("state", Text, nullable=False, server_default="{}"),
    # What it listed last (bot.gather.feeds.listing): long, and needed only where that has changed.
    _text("listed"),
    _text("error"),
    _at("next_poll_at", nullable=True),  # NULL where it lost its last key, or has ended
    _at("lease_until", nullable=True),
    _at("read_at", nullable=True),
    Index("ix_feed_outlet", "outlet"),
)
_partial("ix_feed_due", feed.c.next_poll_at.is_not(None), feed.c.next_poll_at)

# Which subscription keys a feed is polled for; "*" is all of them.
feed_use = Table(
    "feed_use",
    metadata,
    _ref("feed_id", "feed", primary_key=True),
    Column("key", Text, primary_key=True),
    Index("ix_feed_use_key", "key"),
)

article = Table(
    "article",
    metadata,
    _id(),
    Column("page_key", Text, nullable=False, unique=True),  # of its own address
    _text("canonical_url"),
    _text("outlet"),
    _text("source"),  # the outlet's name
    Column("kind", Text, nullable=False, server_default="news"),
    _text("title"),
    _text("language"),
    _at("published_at", nullable=True),
    _at("seen_at"),
    Column("fingerprint", BigInteger, nullable=False, server_default="0"),
    _flag("public"),
    _flag("paywalled"),
    Index("ix_article_seen_at", "seen_at"),
    Index("ix_article_outlet", "outlet", "id"),
)

# Further keys by which an article is known; one that is only ``claimed`` may be another's.
article_key = Table(
    "article_key",
    metadata,
    Column("key", Text, primary_key=True),
    _ref("article_id", "article", index=True),
    _flag("claimed"),
)

# Immutable: a changed page is a new row, so that a quote's offsets hold for ever.
article_text = Table(
    "article_text",
    metadata,
    _id(),
    _ref("article_id", "article"),
    Column("hash", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("article_id", "hash"),
)

# Hosts that asked for no requests until an instant.
host_pause = Table(
    "host_pause",
    metadata,
    Column("host", Text, primary_key=True),
    _at("until"),
)

# Digests of the lines that an outlet repeats from article to article.
furniture = Table(
    "furniture",
    metadata,
    Column("outlet", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    _at("seen_at"),
    Index("ix_furniture_seen_at", "seen_at"),
)

# What a feed listed, and what became of it. ``idle`` entries answer to nothing that anybody
# reads; a new subscription can make them ``new``. ``new`` → ``done``, or ``failed`` with a reason.
# ``text`` is what the feed itself brought; ``complete`` says that this is the whole article.
feed_entry = Table(
    "feed_entry",
    metadata,
    _id(),
    _ref("feed_id", "feed"),
    Column("guid", Text, nullable=False),
    Column("url", Text, nullable=False),
    _text("title"),
    _text("text"),
    _text("language"),
    _flag("complete"),
    _at("published_at", nullable=True),
    _at("seen_at"),
    Column("state", Text, nullable=False, server_default="new"),
    _int("attempts"),
    _at("not_before", nullable=True),
    _text("error"),
    _ref("article_id", "article", nullable=True),
    UniqueConstraint("feed_id", "guid"),
    Index("ix_feed_entry_article_id", "article_id"),
)
_partial("ix_feed_entry_new", feed_entry.c.state == "new", feed_entry.c.not_before)
_partial("ix_feed_entry_old", feed_entry.c.state != "new", feed_entry.c.state, feed_entry.c.seen_at)

# Which subscription keys an article answers to, decided once when it comes in.
article_match = Table(
    "article_match",
    metadata,
    _ref("article_id", "article", primary_key=True),
    Column("key", Text, primary_key=True),
    Column("score", Float, nullable=False),
    Index("ix_article_match_key", "key", "article_id"),
)

story = Table(
    "story",
    metadata,
    _id(),
    _at("first_at"),
    _at("last_at"),
    Column("merged_into", KEY, nullable=True),
    Column("split_from", KEY, nullable=True),
    Index("ix_story_last_at", "last_at"),
    sqlite_autoincrement=True,  # a story's id is never used again
)

story_article = Table(
    "story_article",
    metadata,
    _ref("article_id", "article", primary_key=True),
    _ref("story_id", "story"),
    Index("ix_story_article_story_id", "story_id"),
)

# ------------------------------------------------------------------ what was and will be said

edition = Table(
    "edition",
    metadata,
    _id(),
    _ref("room_id", "room"),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    _at("created_at"),
    _at("due_at", nullable=True),
    _at("filled_at", nullable=True),  # NULL until its parts are in
    _text("reason"),  # why nothing was sent, where nothing was
    _text("left_out"),  # what could not be told, where the rest was sent
    _int("stories"),
    _int("held_back"),
    UniqueConstraint("room_id", "kind", "key"),
    Index("ix_edition_created_at", "created_at"),
)

# What an edition said, as bot.domain.content stores it: without publishers' words. It is kept
# longer than the bodies of parts, and not as long as what was told.
content = Table(
    "content",
    metadata,
    _ref("edition_id", "edition", primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

part = Table(
    "part",
    metadata,
    _id(),
    _ref("edition_id", "edition"),
    # The chat of the edition's room, again: every claim reads it.
    Column("chat_id", KEY, nullable=False),
    Column("n", Integer, nullable=False),
    Column("html", Text, nullable=False),
    Column("plain", Text, nullable=False),
    _text("keyboard"),
    _flag("silent"),
    _flag("reply"),
    Column("state", Text, nullable=False, server_default="queued"),
    _int("attempts"),
    _flag("maybe_sent"),
    _int("silences"),
    _at("created_at"),
    _at("not_before"),
    _at("lease_until", nullable=True),
    Column("message_id", BigInteger, nullable=True),
    _at("ended_at", nullable=True),
    _text("error"),
    UniqueConstraint("edition_id", "n"),
)
# Parts stay for weeks; those on their way are few, and those with a body of days: small indexes,
# one a query.
_partial(
    "ix_part_queued",
    part.c.state == "queued",
    part.c.reply.desc(),
    part.c.not_before,
    part.c.id,
)
_partial("ix_part_sending", part.c.state == "sending", part.c.lease_until)
_partial("ix_part_open", part.c.state.in_(("queued", "sending")), part.c.chat_id, part.c.id)
_partial("ix_part_body", part.c.html != "", part.c.ended_at)

# Which texts an edition quotes: their articles stay as long as it does. Where its sentences stand
# is in its content; "start" and "end" tell it of editions from before there were contents only.
quote = Table(
    "quote",
    metadata,
    _id(),
    _ref("edition_id", "edition", index=True),
    Column("part", Integer, nullable=False),
    Column("story_id", KEY, nullable=False),
    _ref("article_text_id", "article_text", index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

# What a room was told, with the hashes of the sentences. A story of which it saw no more than the
# title is ``listed``: the number of outlets that reported it then; 0 where it was told.
told = Table(
    "told",
    metadata,
    _ref("room_id", "room", primary_key=True),
    Column("story_id", KEY, primary_key=True),
    _ref("edition_id", "edition", primary_key=True),
    _at("at"),
    Column("hashes", Text, nullable=False, server_default="[]"),
    _int("listed"),
    Index("ix_told_at", "at"),
    Index("ix_told_edition_id", "edition_id"),
)
