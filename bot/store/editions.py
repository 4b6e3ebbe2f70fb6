"""Editions: their parts and contents, the texts they quote, and what their rooms were told."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, literal_column, select, update

from bot.domain.briefing import Briefing
from bot.domain.content import dump_content
from bot.domain.due import Due
from bot.domain.edition import EditionKind
from bot.domain.message import Button, Keyboard, Message
from bot.reasons import Reason, dump_reason, load_reason
from bot.store.database import Database
from bot.store.schedules import advance
from bot.store.tables import (
    content,
    edition,
    optional_instant,
    part,
    quote,
    room,
    told,
)
from bot.store.upsert import Row, insert_missing

__all__ = [
    "EditionRow",
    "EditionRows",
    "FilledEdition",
    "Quote",
    "RoomMemory",
    "dump_keyboard",
    "load_keyboard",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A text that part ``part`` quotes a sentence of, or whose article's title it shows.

    Its article is not purged as long as there is the edition. The sentences are in the content.
    """

    part: int
    story_id: int
    text_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledEdition:
    """The content of an opened edition, stored in one transaction.

    ``told`` maps story ids to the hashes of the sentences shown, ``listed`` those of which no more
    than the title was shown to the number of their outlets. ``content`` is what the messages
    say, None if there are none. ``reason`` is why there are
    no messages, if there are none; ``left_out`` is what they lack. ``advance`` is (id, next
    due) of the schedule that the edition was made for; a next due of None switches it off. Parts
    are numbered from 0, as ``messages`` are.
    """

    messages: Sequence[Message] = ()
    reply: bool = False
    silent: bool = False
    quotes: Sequence[Quote] = ()
    told: Mapping[int, Iterable[int]] = field(default_factory=dict)
    listed: Mapping[int, int] = field(default_factory=dict)
    content: Briefing | None = None
    held_back: int = 0
    reason: Reason | None = None
    left_out: Reason | None = None
    advance: tuple[int, Due | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """A stored edition; ``sent_at`` (UTC) is when its last part ended, sent or not.

    It is None while any of its parts waits, and where there are none. ``waiting`` and ``dead``
    count its parts that are to be sent, and those given up or expired. ``created_at`` and
    ``due_at`` are in UTC.
    """

    id: int
    kind: EditionKind
    created_at: datetime
    due_at: datetime | None
    reason: Reason | None
    left_out: Reason | None
    stories: int
    held_back: int
    sent_at: datetime | None
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMemory:
    """What a room knows, by story id: ``told`` and ``listed``, as ``EditionRows.remembered``."""

    told: Mapping[int, tuple[datetime, frozenset[int]]]
    listed: Mapping[int, int]


class EditionRows:
    """The repository of editions.

    Instants are aware, and returned in UTC. Naive ones, a new edition of no room and a quote of no
    text raise SQLAlchemy's StatementError, unpaired surrogates UnicodeEncodeError, and store
    nothing. A room without editions, or that is not there, has none.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self,
        room_id: int,
        kind: EditionKind,
        key: str,
        *,
        now: datetime,
        due_at: datetime | None = None,
    ) -> int | None:
        """Return the id of the edition to be composed, or None if it was filled before.

        ``key`` names it among the room's editions of its kind. An edition opened before but
        never filled, as after a crash, is returned again, with its first ``now`` and ``due_at``.
        Nobody holds it: two callers may get the same id, and the first to ``fill`` it counts. One
        transaction.
        """
        values = {"room_id": room_id, "kind": kind, "key": key, "created_at": now, "due_at": due_at}
        statement = select(edition.c.id, edition.c.filled_at).where(
            edition.c.room_id == room_id, edition.c.kind == kind, edition.c.key == key
        )
        async with self._database.write() as connection:
            await insert_missing(connection, edition, values)
            row = (await connection.execute(statement)).one()
        return row.id if row.filled_at is None else None

    async def fill(self, edition_id: int, filled_edition: FilledEdition, *, now: datetime) -> bool:
        """Store the content of an edition and queue its messages, to go from ``now`` on.

        Returns False if it was filled before or is not there: then nothing is stored but when
        the schedule is next due. One transaction. No outbox is woken. Ids of stories, and parts
        of quotes, are not checked. Raises TypeError for a reason within a reason, and
        as ``dump_content``.
        """
        async with self._database.write() as connection:
            taken = await connection.execute(
                update(edition)
                .where(edition.c.id == edition_id, edition.c.filled_at.is_(None))
                .values(
                    filled_at=now,
                    reason=dump_reason(filled_edition.reason),
                    left_out=dump_reason(filled_edition.left_out),
                    stories=len(filled_edition.told),
                    held_back=filled_edition.held_back,
                )
            )
            if filled_edition.advance is not None:
                await advance(connection, *filled_edition.advance)
            if not taken.rowcount:
                return False
            its_room = (
                select(room.c.id, room.c.chat_id)
                .join(edition, edition.c.room_id == room.c.id)
                .where(edition.c.id == edition_id)
            )
            room_id, chat_id = (await connection.execute(its_room)).one()
            for table, rows in (
                (content, _content(edition_id, filled_edition)),
                (part, _parts(edition_id, chat_id, filled_edition, now)),
                (quote, _quotes(edition_id, filled_edition)),
                (told, _told(edition_id, room_id, filled_edition, now)),
            ):
                if rows:
                    await connection.execute(table.insert(), rows)
            return True

    async def told(self, room_id: int) -> Mapping[int, tuple[datetime, frozenset[int]]]:
        """Return (last told at, sentence hashes) for each story a room was told.

        Of several editions that told one, the hashes of all. By story id, in no order; one query.
        What was only listed is not among it.
        """
        return (await self.remembered(room_id)).told

    async def remembered(self, room_id: int) -> RoomMemory:
        """Return what a room was told (see ``told``), and what was listed to it.

        The latter is the highest number of outlets with which a story was listed. A story may
        be among both. One query.
        """
        statement = select(told.c.story_id, told.c.at, told.c.hashes, told.c.listed).where(
            told.c.room_id == room_id
        )
        found: dict[int, tuple[datetime, frozenset[int]]] = {}
        listed: dict[int, int] = {}
        async with self._database.read() as connection:
            for story_id, at, hashes, outlets in await connection.execute(statement):
                if outlets:
                    listed[story_id] = max(outlets, listed.get(story_id, 0))
                    continue
                before = found.get(story_id, (at, frozenset()))
                both = before[1] | frozenset(json.loads(hashes))
                found[story_id] = (max(at, before[0]), both)
        return RoomMemory(told=found, listed=listed)

    async def last_at(self, room_id: int) -> datetime | None:
        """Return when a room's last edition was opened of which a part was sent or still waits.

        None if there is none: editions without messages, or that did not arrive, don't count. One
        query.
        """
        living = exists().where(
            part.c.edition_id == edition.c.id, part.c.state.in_(("queued", "sending", "sent"))
        )
        statement = select(func.max(edition.c.created_at)).where(
            edition.c.room_id == room_id,
            edition.c.filled_at.is_not(None),
            living,
        )
        async with self._database.read() as connection:
            return optional_instant((await connection.execute(statement)).scalar_one())

    async def newest_at(self) -> datetime | None:
        """Return when the last edition of all was opened, None if there is none; one query."""
        async with self._database.read() as connection:
            newest = await connection.execute(select(func.max(edition.c.created_at)))
            return optional_instant(newest.scalar_one())

    async def recent(self, room_id: int, limit: int = 5) -> list[EditionRow]:
        """Return a room's last ``limit`` (0 or more) filled editions, the last opened first.

        Those that say nothing are among them. A kind that is unknown here counts as BRIEF. One
        query.
        """
        waiting = func.sum((part.c.state.in_(("queued", "sending"))).cast(part.c.n.type))
        dead = func.sum((part.c.state.in_(("dead", "expired"))).cast(part.c.n.type))
        statement = (
            select(
                edition,
                func.max(part.c.ended_at).label("sent_at"),
                func.coalesce(waiting, 0).label("waiting"),
                func.coalesce(dead, 0).label("dead"),
            )
            .outerjoin(part, part.c.edition_id == edition.c.id)
            .where(edition.c.room_id == room_id, edition.c.filled_at.is_not(None))
            .group_by(edition.c.id)
            .order_by(edition.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [
            EditionRow(
                id=row["id"],
                kind=_KINDS.get(row["kind"], EditionKind.BRIEF),
                created_at=row["created_at"],
                due_at=row["due_at"],
                reason=load_reason(row["reason"]),
                left_out=load_reason(row["left_out"]),
                stories=row["stories"],
                held_back=row["held_back"],
                sent_at=None if row["waiting"] else row["sent_at"],
                waiting=row["waiting"],
                dead=row["dead"],
            )
            for row in rows
        ]

    async def purge(
        self, *, bodies_before: datetime, parts_before: datetime, told_before: datetime
    ) -> None:
        """Delete editions made before ``parts_before``, and what was told before ``told_before``.

        An edition whose stories still count as told stays, without its content; one with a waiting
        part stays as it is. The text of parts goes that ended, sent or not, before
        ``bodies_before``. Editions opened and not filled go, too; with an edition go its quotes.
        One transaction; what is young is not read.
        """
        remembered = exists().where(told.c.edition_id == edition.c.id)
        waiting = exists().where(
            and_(part.c.edition_id == edition.c.id, part.c.state.in_(("queued", "sending")))
        )
        is_old = (edition.c.created_at < parts_before) & ~waiting
        old = select(edition.c.id).where(is_old)
        async with self._database.write() as connection:
            await connection.execute(delete(told).where(told.c.at < told_before))
            await connection.execute(delete(edition).where(is_old, ~remembered))
            await connection.execute(delete(content).where(content.c.edition_id.in_(old)))
            ended = part.c.state.in_(("sent", "dead", "expired"))
            # Spelled out: no planner uses the index of parts with a body where "" is a parameter.
            has_body = part.c.html != literal_column("''")
            no_body = update(part).where(ended, has_body).values(html="", plain="")
            # Without an end, as hands may have written it, a part counts from its beginning.
            endless = part.c.ended_at.is_(None) & (part.c.created_at < bodies_before)
            for old_body in (part.c.ended_at < bodies_before, endless):
                await connection.execute(no_body.where(old_body))


_KINDS = {str(kind): kind for kind in EditionKind}


def dump_keyboard(keyboard: Keyboard) -> str:
    """Return a keyboard as JSON, "" for none."""
    rows = [[{"text": b.text, "data": b.data, "url": b.url} for b in row] for row in keyboard]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def load_keyboard(text: str) -> Keyboard:
    """Return the keyboard that ``dump_keyboard`` wrote.

    No buttons for "". Raises ValueError, TypeError or AttributeError where the text is of another
    form with something in it, or a button could not be made (see ``Button``).
    """
    if not text:
        return ()
    try:
        rows = json.loads(text)
    except RecursionError as error:
        raise ValueError("a keyboard is not nested so deeply") from error
    return tuple(tuple(Button(**button) for button in row) for row in rows)


def _parts(
    edition_id: int, chat_id: int, filled_edition: FilledEdition, now: datetime
) -> list[Row]:
    return [
        {
            "edition_id": edition_id,
            "chat_id": chat_id,
            "n": n,
            "html": message.html,
            "plain": message.plain,
            "keyboard": dump_keyboard(message.keyboard),
            "silent": filled_edition.silent,
            "reply": filled_edition.reply,
            "created_at": now,
            "not_before": now,
        }
        for n, message in enumerate(filled_edition.messages)
    ]


def _content(edition_id: int, filled_edition: FilledEdition) -> list[Row]:
    if filled_edition.content is None:
        return []
    return [{"edition_id": edition_id, "value": dump_content(filled_edition.content)}]


def _quotes(edition_id: int, filled_edition: FilledEdition) -> list[Row]:
    return [
        {
            "edition_id": edition_id,
            "part": quotation.part,
            "story_id": quotation.story_id,
            "article_text_id": quotation.text_id,
            "start": 0,
            "end": 0,
        }
        for quotation in filled_edition.quotes
    ]


def _told(edition_id: int, room_id: int, filled_edition: FilledEdition, now: datetime) -> list[Row]:
    told_or_listed = [(story_id, sorted(h), 0) for story_id, h in filled_edition.told.items()]
    told_or_listed += [
        (story_id, [], max(outlets, 1))
        for story_id, outlets in filled_edition.listed.items()
        if story_id not in filled_edition.told
    ]
    return [
        {
            "room_id": room_id,
            "story_id": story_id,
            "edition_id": edition_id,
            "at": now,
            "hashes": json.dumps(hashes),
            "listed": outlets,
        }
        for story_id, hashes, outlets in told_or_listed
    ]
