"""What networks gave us to act for accounts, and what a person was told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; channels go on with what the configuration gives them."""
    op.create_table(
        "credentials",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("account_name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("renewable", sa.Boolean, nullable=False),
        sa.Column("connected", sa.DateTime(timezone=True), nullable=False),
        sa.Column("obtained", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True)),
        sa.Column("renewable_until", sa.DateTime(timezone=True)),
        sa.Column("refresh_owner", sa.String(64), nullable=False, server_default=""),
        sa.Column("refresh_until", sa.DateTime(timezone=True)),
        sa.Column("refresh_after", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lost", sa.Integer, nullable=False, server_default="0"),
        sa.Column("problem", sa.Text, nullable=False, server_default=""),
        sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("look_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "warnings",
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
    )
    op.create_table(
        "apps",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("redirect", sa.Text, nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("topic", sa.String(128), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("notices", sa.Integer, nullable=False),
    )
    op.create_table(
        "duties",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
