"""Which deliveries fill a channel that shows the newest entries, and what each was last filled from."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns. No channel was ever filled, and so each one is at the next run."""
    op.add_column("deliveries", sa.Column("fills", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("channels", sa.Column("filled", sa.String(64), nullable=False, server_default=""))
