"""Admins manage groups and channels from their private chats; topics of a forum can be closed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table of managers, empty, and why a room cannot be written to, which all can."""
    op.add_column("room", sa.Column("error", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "manager",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("chat_id", _KEY, nullable=False),
        sa.Column("room_id", _KEY, nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_manager_chat_id_chat"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_manager_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager")),
        sa.UniqueConstraint("chat_id", "room_id", name=op.f("uq_manager_chat_id_room_id")),
    )
    op.create_index("ix_manager_room_id", "manager", ["room_id"])
