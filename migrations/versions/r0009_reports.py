"""How far people were told of what went out, and how each week was."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two tables. Nobody was told of any of this yet, and of what is past nobody will be."""
    op.create_table(
        "reports",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("since", _MOMENT, nullable=False),
    )
    op.create_table(
        "told_posts",
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
    )
