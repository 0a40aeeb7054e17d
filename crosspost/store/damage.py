"""Find what crosspost cannot have written, once something has failed that should not.

Nothing is checked beforehand: SQLite has no checksums, and to read all is slow. But what a damaged row makes of
the code that reads it, such as a `KeyError`, is explained by this.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from crosspost.model import Act, State
from crosspost.policy import Gap
from crosspost.store.drafts import from_json
from crosspost.store.tables import attempts, deliveries, feeds, metadata

_MEANT: Mapping[sa.Column[Any], Callable[[Any], object]] = {
    deliveries.c.state: State,
    deliveries.c.draft: from_json,
    attempts.c.outcome: State,
    attempts.c.act: Act,
    feeds.c.after_gap: Gap,
}
"""What reads a column's values, beyond their type."""


def find(tx: sa.Connection) -> str:
    """Say what is wrong first in the database; "" if nothing is."""
    if tx.dialect.name == "sqlite":
        # Not `quick_check`, which leaves out whether the indexes say what the tables say.
        verdict = tx.execute(sa.text("PRAGMA integrity_check(1)")).scalar_one()
        if verdict != "ok":
            return str(verdict)
    for table in metadata.sorted_tables:
        try:
            for row in tx.execute(sa.select(table)).mappings():
                for column in table.columns:
                    _check(column, row[column.name])
        except (SQLAlchemyError, ValueError, TypeError, LookupError, AttributeError) as error:
            # Not what it says: that may be a stranger's text, and is long.
            return f"its table {table.name} holds what crosspost never wrote ({type(error).__name__})"
    if tx.dialect.name == "sqlite":
        lost = tx.execute(sa.text("PRAGMA foreign_key_check")).first()
        if lost is not None:
            return f"its table {lost[0]} names a row of {lost[2]} that is not there"
    return ""


def _check(column: sa.Column[Any], value: object) -> None:
    """Raise what a value makes of whoever reads it."""
    if value is None:
        if not column.nullable:
            raise ValueError(column.name)
        return
    if not isinstance(column.type, sa.JSON) and not isinstance(value, column.type.python_type):
        raise TypeError(column.name)
    if column in _MEANT:
        _MEANT[column](value)
