"""What a run has printed of what needs a person, and what fails that is no feed and no channel."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add a column and a table. What was on record as told was sent by services; nothing was printed yet."""
    op.add_column("notices", sa.Column("printed_at", _MOMENT))
    op.create_table(
        "troubles",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":  # only there a run goes by what an earlier one has found
        for event in ("insert", "update", "delete"):
            name = f"troubles_{event}_ends_idle"
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON troubles BEGIN DELETE FROM idle; END")  # noqa: S608
