"""What an edition said is a value; of a story that was only listed, its breadth is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of contents, and give what was told a column for what was only listed.

    Editions from before have no content: their parts stay as they are. All that was told was told
    in full.
    """
    op.create_table(
        "content",
        sa.Column(
            "edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_content_edition_id_edition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_content")),
    )
    listed = sa.Column("listed", sa.Integer(), server_default="0", nullable=False)
    op.add_column("told", listed)
