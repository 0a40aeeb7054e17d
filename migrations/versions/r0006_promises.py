"""Once per account, whatever is renamed; what a channel refused; which credential was."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, two indexes and a table. Of what is on record, nobody noted what they are to hold."""
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
    op.add_column("channels", sa.Column("credential", sa.String(8), nullable=False, server_default=""))
    op.add_column("channels", sa.Column("suspect", sa.Integer))
    op.add_column("channels", sa.Column("closures", sa.Integer, nullable=False, server_default="0"))
