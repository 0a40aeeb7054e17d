"""The acts of attempts, the parts of deliveries, what servers say of themselves; until when nothing is due."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# A change of any row of these may be something to do, or end a wait. `store.idle` says why the others' cannot.
_WATCHED = (
    "entries",
    "deliveries",
    "channels",
    "bookings",
    "assignments",
    "waits",
    "credentials",
    "notices",
    "duties",
    "parts",
)
# The run that finds nothing notes on each feed when it was asked and with which validators, and that a failure
# is over: that makes no work. Everything else may: a first sight to be taken in, an address that changed, a
# gap, a feed that fails once more or is gone, of which people may have to hear.
_NEWS_OF_A_FEED = ("name", "address", "baseline_at", "gone", "moved_to", "moved_times", "largest", "after_gap")


def upgrade() -> None:
    """Add columns and tables. Every attempt up to now published; which revision it carried, nobody noted."""
    op.add_column("attempts", sa.Column("act", sa.String(16), nullable=False, server_default="publish"))
    op.add_column("deliveries", sa.Column("revision", sa.String(64), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("repeat_until", _MOMENT))
    op.create_table(
        "parts",
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("recipient", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("remote_id", sa.Text, nullable=False, server_default=""),
        sa.Column("url", sa.Text, nullable=False, server_default=""),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
        sa.Column("updated", _MOMENT, nullable=False),
    )
    op.create_table(
        "learnt",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_table(
        "idle",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("until", _MOMENT),
        sa.Column("made", _MOMENT, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _watch()


def _watch() -> None:
    """Let every change that may bring work end idleness. Only SQLite has the run that reads it.

    A later revision that builds one of these tables anew, as a batch does, must make its triggers anew.
    """
    for table in _WATCHED:
        for event in ("insert", "update", "delete"):
            _end_idleness(table, event)
    for event in ("insert", "delete"):
        _end_idleness("feeds", event)
    news = " OR ".join(f"new.{column} IS NOT old.{column}" for column in _NEWS_OF_A_FEED)
    _end_idleness("feeds", "update", f"WHEN {news} OR new.failures > old.failures")


def _end_idleness(table: str, event: str, when: str = "") -> None:
    name = f"{table}_{event}_ends_idle"
    op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN DELETE FROM idle; END")  # noqa: S608
