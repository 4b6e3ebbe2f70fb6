"""Updates whose effect must not happen twice are remembered with it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; of updates from before nothing is known, and none of them comes again."""
    op.create_table(
        "acted_update",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_acted_update")),
    )
    op.create_index("ix_acted_update_at", "acted_update", ["at"])
