"""Which credential of the configuration was refused: with another in its place, nobody waits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to the closures. Of those on record nobody noted it, so they are looked at once more."""
    op.add_column("channels", sa.Column("credential", sa.String(8), nullable=False, server_default=""))
