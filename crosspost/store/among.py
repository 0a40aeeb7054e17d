"""Ask for many values at once, in the words of either database."""

import json
from collections.abc import Iterable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from crosspost.store.database import Tx

T = TypeVar("T", str, int)


def among(tx: Tx, column: sa.ColumnElement[T], values: Iterable[T]) -> sa.ColumnElement[bool]:
    """Tell whether a column is one of these values: one parameter, since SQLite bounds their number."""
    wanted = list(values)
    if tx.dialect.name == "postgresql":
        return column == sa.any_(sa.cast(wanted, ARRAY(column.type)))
    given = sa.func.json_each(json.dumps(wanted)).table_valued("value")
    return column.in_(sa.select(given.c.value))
