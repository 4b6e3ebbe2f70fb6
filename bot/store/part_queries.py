"""Queries of parts with their addresses."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, select

from bot.domain.edition import Part
from bot.store.addresses import load_address
from bot.store.editions import load_keyboard
from bot.store.tables import chat, edition, part, room

__all__ = ["parts_of", "select_parts"]


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
