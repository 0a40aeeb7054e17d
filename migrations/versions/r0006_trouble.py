"""What a channel refused, and how often it was closed, since it last took something."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns to a table whose triggers stay as they are: of what was closed before, nobody counted."""
    op.add_column("channels", sa.Column("suspect", sa.Integer))
    op.add_column("channels", sa.Column("closures", sa.Integer, nullable=False, server_default="0"))
