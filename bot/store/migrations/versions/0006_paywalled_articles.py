"""Articles know whether their publishers mark them as not free."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each article a flag; of those from before it is not known, and they count as free."""
    op.add_column(
        "article",
        sa.Column("paywalled", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
    )
