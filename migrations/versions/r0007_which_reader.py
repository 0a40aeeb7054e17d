"""Which of our readers last read each feed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column. What is on record was read by an older reader than any that has a number."""
    op.add_column("feeds", sa.Column("reader", sa.Integer, nullable=False, server_default="0"))
