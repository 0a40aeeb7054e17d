"""Insert what may be there already, in the words of either database."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crosspost.store.database import Tx


def insert(tx: Tx, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an insert that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(tx: Tx, table: sa.Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Insert the row of this key with these values, or give them to the one that is there."""
    new = insert(tx, table).values(**key, **values)
    tx.execute(
        new.on_conflict_do_update(index_elements=list(key), set_=dict(values))
        if values
        else new.on_conflict_do_nothing()
    )
