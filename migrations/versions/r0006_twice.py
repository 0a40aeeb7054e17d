"""Identity across all feeds: what keys are made of, for whose account a delivery is, how long feeds are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, two indexes and a table. What keys on record are made of, nobody noted."""
    op.add_column("entry_keys", sa.Column("trait", sa.String(8), nullable=False, server_default=""))
    op.create_index("entry_keys_key", "entry_keys", ["key"])
    op.create_index("entry_keys_entry", "entry_keys", ["entry_id"])
    op.add_column("deliveries", sa.Column("account", sa.String(64), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("shown", sa.Integer))
    op.create_table(
        "accounts",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
    )
