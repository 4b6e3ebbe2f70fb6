"""What has outlived its retention is found by index."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_HAS_BODY = sa.text("html != ''")
_ENDED = sa.text("state != 'new'")


def upgrade() -> None:
    """Add the indexes, each made in one reading of its table; no row is changed."""
    op.create_index("ix_edition_created_at", "edition", ["created_at"])
    op.create_index(
        "ix_part_body", "part", ["ended_at"], sqlite_where=_HAS_BODY, postgresql_where=_HAS_BODY
    )
    op.create_index(
        "ix_feed_entry_old",
        "feed_entry",
        ["state", "seen_at"],
        sqlite_where=_ENDED,
        postgresql_where=_ENDED,
    )
    op.create_index("ix_story_last_at", "story", ["last_at"])
    op.create_index("ix_furniture_seen_at", "furniture", ["seen_at"])
