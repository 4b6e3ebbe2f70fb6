"""${message}."""

import sqlalchemy as sa
from alembic import op
% if imports:

${imports}
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """${message}."""
% if upgrades:
    ${upgrades}
% endif
