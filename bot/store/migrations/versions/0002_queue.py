"""Parts know their chat, entries their language; what a feed listed has its own column.

Small indexes for the parts on their way.
"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHAT_OF_PART = """
    UPDATE part SET chat_id = (
        SELECT room.chat_id FROM edition JOIN room ON room.id = edition.room_id
        WHERE edition.id = part.edition_id
    )
"""


def upgrade() -> None:
    """Give each part the chat of its edition's room, and each feed what it listed last."""
    _add_listed()
    language = sa.Column("language", sa.Text(), server_default="", nullable=False)
    op.add_column("feed_entry", language)
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.drop_index("ix_part_waiting", "part")
    op.add_column("part", sa.Column("chat_id", key, nullable=True))
    op.execute(_CHAT_OF_PART)
    with op.batch_alter_table("part") as batch:
        batch.alter_column("chat_id", nullable=False)
    best_first = (sa.text("reply DESC"), "not_before", "id")
    _partial_index("ix_part_queued", best_first, "state = 'queued'")
    _partial_index("ix_part_sending", ["lease_until"], "state = 'sending'")
    _partial_index("ix_part_open", ["chat_id", "id"], "state IN ('queued', 'sending')")
    op.create_index("ix_told_edition_id", "told", ["edition_id"])


def _add_listed() -> None:
    database = op.get_bind()
    if any(column["name"] == "listed" for column in sa.inspect(database).get_columns("feed")):
        return  # for some days, 0001 made it
    op.add_column("feed", sa.Column("listed", sa.Text(), server_default="", nullable=False))
    states = database.execute(sa.text("SELECT id, state FROM feed")).all()
    rows = [{"id": feed_id, "listed": " ".join(_seen(state))} for feed_id, state in states]
    if rows:
        database.execute(sa.text("UPDATE feed SET listed = :listed WHERE id = :id"), rows)


def _seen(state: str) -> list[str]:
    return list(json.loads(state).get("seen", ()))


def _partial_index(name: str, columns: Sequence[str | sa.TextClause], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "part", columns, sqlite_where=condition, postgresql_where=condition)
