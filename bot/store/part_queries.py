"""Queries of parts with their addresses, and of those whose turn it is."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from bot.domain.edition import Part, PartState
from bot.store.addresses import load_address
from bot.store.editions import load_keyboard
from bot.store.tables import chat, edition, part, room

__all__ = [
    "BEHIND_ANOTHER",
    "LEFT_NOW",
    "OPEN",
    "QUEUED_NOW",
    "SENT",
    "TAKE",
    "TAKEN",
    "is_in",
    "parts_of",
    "select_parts",
]

OPEN = (PartState.QUEUED, PartState.SENDING)


def select_parts() -> Any:
    """Return a SELECT of parts with the address and the kind of their chats."""
    return (
        select(part, chat.c.telegram_id, chat.c.kind, room.c.thread)
        .join(edition, edition.c.id == part.c.edition_id)
        .join(room, room.c.id == edition.c.room_id)
        .join(chat, chat.c.id == room.c.chat_id)
    )


def parts_of(rows: Iterable[RowMapping]) -> tuple[dict[int, Part], list[int]]:
    """Return the parts in rows of ``select_parts`` by id, and the ids of rows that hold none."""
    parts, unreadable = {}, []
    for row in rows:
        try:
            parts[row["id"]] = Part(
                id=row["id"],
                edition_id=row["edition_id"],
                n=row["n"],
                address=load_address(row, row["thread"]),
                is_group=row["kind"] != "private",
                html=row["html"],
                plain=row["plain"],
                keyboard=load_keyboard(row["keyboard"]),
                silent=row["silent"],
                reply=row["reply"],
                attempts=row["attempts"],
                not_before=row["not_before"],
                maybe_sent=row["maybe_sent"],
                created_at=row["created_at"],
                silences=row["silences"],
            )
        except (ValueError, TypeError, AttributeError):
            unreadable.append(row["id"])
    return parts, unreadable


def is_in(parts: FromClause, *states: PartState) -> ColumnElement[bool]:
    """Return the condition that a part is in one of ``states``.

    Spelled out: no planner uses the index of some states where the state is a parameter.
    """
    spelled: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return parts.c.state.in_(spelled) if len(spelled) > 1 else parts.c.state == spelled[0]


_other = part.alias("other_part")
# A part of the same chat goes first: one being sent, or an earlier one on its way. What a reader
# asked for overtakes the briefings that wait, and no two parts can wait for each other.
BEHIND_ANOTHER = exists().where(
    is_in(_other, *OPEN),
    _other.c.chat_id == part.c.chat_id,
    case(
        (
            _other.c.id < part.c.id,
            or_(_other.c.reply, ~part.c.reply, is_in(_other, PartState.SENDING)),
        ),
        else_=is_in(_other, PartState.SENDING)
        & is_in(part, PartState.QUEUED)
        & (_other.c.id > part.c.id),
    ),
)
# The parts whose turn it is in their chats, best first.
_FIRST = (
    select(part.c.id, part.c.chat_id, part.c.reply, part.c.not_before)
    .where(~BEHIND_ANOTHER)
    .order_by(part.c.reply.desc(), part.c.not_before, part.c.id)
    .with_for_update(skip_locked=True, of=part)
)
# Made once: to make a statement costs as much as to execute it.
_NOW = bindparam("now", type_=part.c.not_before.type)
_OF_OTHERS = part.c.chat_id.not_in(
    select(chat.c.id).where(chat.c.telegram_id.in_(bindparam("busy", expanding=True)))
)
QUEUED_NOW = _FIRST.where(
    is_in(part, PartState.QUEUED), part.c.not_before <= _NOW, _OF_OTHERS
).limit(bindparam("most"))
LEFT_NOW = _FIRST.where(
    is_in(part, PartState.SENDING), part.c.lease_until <= _NOW, _OF_OTHERS
).limit(bindparam("most"))
_CLAIMED = part.c.id.in_(bindparam("ids", expanding=True))
TAKE = (
    update(part)
    .where(_CLAIMED)
    .values(
        # A part found in "sending" was claimed before and never answered for.
        maybe_sent=or_(part.c.maybe_sent, part.c.state == PartState.SENDING),
        state=PartState.SENDING,
        attempts=part.c.attempts + 1,
        lease_until=bindparam("until", type_=part.c.lease_until.type),
    )
)
TAKEN = select_parts().where(_CLAIMED)
SENT = (
    update(part)
    .where(part.c.id == bindparam("which"))
    .values(
        state=PartState.SENT,
        message_id=bindparam("message"),
        ended_at=_NOW,
        error="",
        lease_until=None,
    )
)
