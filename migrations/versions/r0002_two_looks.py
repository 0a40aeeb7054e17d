"""Two looks before a post counts as absent, a look after a gap, and a heartbeat for each host."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns; the heartbeat begins anew."""
    for column in (
        sa.Column("looks", sa.Integer, nullable=False, server_default="0"),
        sa.Column("duplicate", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("look_first", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("deliveries", column)
    op.add_column("feeds", sa.Column("after_gap", sa.Integer, nullable=False, server_default="0"))
    # Whose post is this? Asked with each look; must not read the whole history.
    has_post = sa.text("remote_id != ''")
    op.create_index(
        "deliveries_posts",
        "deliveries",
        ["channel", "remote_id"],
        sqlite_where=has_post,
        postgresql_where=has_post,
    )
    op.drop_table("heartbeat")
    op.create_table(
        "heartbeat",
        sa.Column("host", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("every", sa.Integer, nullable=False),
    )
