"""Parts count the silences they met; schedules have a turn among those due at one instant."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_SWITCHED_ON = sa.text("next_due_at IS NOT NULL")


def upgrade() -> None:
    """Count what was maybe sent as one silence; let each schedule draw its turn at its next date.

    Of older parts it is not known whether a silence or a crash ended their attempts.
    """
    op.add_column("part", sa.Column("silences", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE part SET silences = 1 WHERE maybe_sent")
    op.add_column("schedule", sa.Column("turn", sa.Integer(), server_default="0", nullable=False))
    op.drop_index("ix_schedule_due", "schedule")
    op.create_index(
        "ix_schedule_due",
        "schedule",
        ["next_due_at", "turn"],
        sqlite_where=_SWITCHED_ON,
        postgresql_where=_SWITCHED_ON,
    )
