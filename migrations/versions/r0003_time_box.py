"""What was spent, who decided what, who owns what, and until when a channel waits for room."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; what went out before counts as posts, without minutes or money."""
    for column in (
        sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
        sa.Column("promotional", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("deliveries", column)
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False, server_default=""),
        sa.Column("person", sa.String(64), nullable=False, server_default=""),
        sa.Column("posts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attention", sa.Integer, nullable=False, server_default="0"),
        sa.Column("price", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("currency", sa.String(3), nullable=False, server_default=""),
        sa.Column("promotional", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("standing", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("made_by", sa.String(64), nullable=False, server_default=""),
    )
    op.create_index("bookings_at", "bookings", ["at"])
    op.create_index("bookings_posts", "bookings", ["channel", "at"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("verb", sa.String(16), nullable=False),
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), index=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "assignments",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
    )
    op.create_table(
        "waits",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO bookings (id, delivery_id, at, channel, posts, revision)"
        " SELECT d.id, d.id, a.started, d.channel, 1, d.id FROM deliveries d"
        " JOIN attempts a ON a.delivery_id = d.id AND a.number = d.attempts"
        " WHERE d.state IN ('sending', 'uncertain', 'delivered', 'retracted')"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('bookings_id_seq', (SELECT COALESCE(MAX(id), 0) + 1 FROM bookings), false)")
